package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cartwheel/engine"
)

// SaveDecisions makes an event done and creates the runs that its decisions ask
// for, with their jobs: after it the runs can be neither lost nor doubled.
func (s *Store) SaveDecisions(ctx context.Context, d engine.Decided) ([]engine.Decision, error) {
	w, err := s.newVerdict(d)
	if err != nil {
		return nil, s.explain("SaveDecisions", err)
	}
	err = s.write(ctx, "SaveDecisions", func(t tx) error { return w.save(ctx, t, s) })
	if err != nil {
		return nil, err
	}
	return w.saved, nil
}

// verdict is what SaveDecisions writes. All that costs time is done before its turn comes.
type verdict struct {
	engine.Decided
	detail detail
	starts [][]stepRow       // of the matches
	saved  []engine.Decision // Decisions, or a copy where a match turned out to have its run already
}

func (s *Store) newVerdict(d engine.Decided) (*verdict, error) {
	w := &verdict{Decided: d, starts: make([][]stepRow, len(d.Matches))}
	var err error
	for i := range d.Matches {
		start := d.Matches[i].Start
		if start == nil {
			continue
		}
		if w.starts[i], err = s.stepRows(start.Steps); err != nil {
			return nil, err
		}
	}
	w.detail, err = s.newDetail(d.EventID, d.Decisions, d.Calls, &d.Values)
	return w, err
}

func (w *verdict) save(ctx context.Context, t tx, s *Store) error {
	now, e := s.now(), engine.Event{ID: w.EventID, AuthenticationID: w.AuthenticationID, Entity: w.Entity}
	if e.AuthenticationID == "" {
		var err error
		if e, err = eventHead(ctx, t, e.ID); err != nil {
			return err
		}
	}
	n, err := t.exec(ctx, `UPDATE event SET status = 'done', reason = $2, read_at = $3, decided_at = $4, next_attempt_at = NULL
		WHERE id = $1 AND status = 'accepted'`, e.ID, w.Note, optionalMillis(w.ReadAt), millis(now))
	if err == nil && n == 0 {
		err = notAccepted(ctx, t, e.ID)
	}
	if err != nil {
		return err
	}
	s.waiting.done(t, &e)
	detail, err := w.saveMatches(ctx, t, now, e)
	if err != nil {
		return err
	}
	if detail.decisions == nil {
		detail.decisions = s.packDecisions(w.saved)
	}
	if err := detail.save(ctx, t); err != nil {
		return err
	}
	if err := saveEmails(ctx, t, e.ID, slices.Concat(w.Emails, w.Customers)); err != nil {
		return err
	}
	if err := s.wakeNext(ctx, t, now, &e); err != nil {
		return err
	}
	return settle(ctx, t, now, engine.EventJob, e.ID, w.Job, nil)
}

// saveMatches makes the runs. The detail that it returns lacks the decisions when they are not the expected ones.
func (w *verdict) saveMatches(ctx context.Context, t tx, now time.Time, e engine.Event) (detail, error) {
	detail := w.detail
	w.saved = w.Decisions
	for i := range w.Matches {
		m := &w.Matches[i]
		expected := w.Decisions[m.Decision]
		decision, err := saveMatch(ctx, t, now, e, expected, m, w.starts[i])
		if err != nil {
			return detail, err
		}
		if decision == expected {
			continue
		}
		if detail.decisions != nil {
			detail.decisions, w.saved = nil, slices.Clone(w.Decisions) // it may have to be saved a second time
		}
		w.saved[m.Decision] = decision
	}
	return detail, nil
}

// saveMatch makes the run of a match, unless there is one already, and returns d, the match's decision, as it is then.
func saveMatch(ctx context.Context, t tx, now time.Time, e engine.Event, d engine.Decision, m *engine.Match, steps []stepRow) (engine.Decision, error) {
	if m.OnceKey != "" {
		earlier, err := claimOnce(ctx, t, now, d, m.OnceKey)
		if err != nil {
			return d, err
		}
		if earlier != "" {
			return unmatched(d, fmt.Sprintf("Already ran for %s (once per %s): run %s.", onceThing(m), m.OncePer, earlier)), nil
		}
	}
	start := engine.RunChange{Status: engine.RunRunning, Hold: true}
	if m.Start != nil {
		start = *m.Start
	}
	n, err := t.exec(ctx, `INSERT INTO run (id, workflow_id, version, event_id, authentication_id, entity, status, reason, revision, next_attempt_at, created_at, finished_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $11) ON CONFLICT (event_id, workflow_id) DO NOTHING`,
		d.RunID, d.WorkflowID, d.Version, e.ID, e.AuthenticationID, e.Entity, string(start.Status), start.Reason,
		optionalMillis(start.NextAttemptAt), millis(now), optionalMillis(start.FinishedAt))
	if err != nil {
		return d, err
	}
	if n == 0 {
		return unmatched(d, "This workflow has a run for this event already."), nil
	}
	for _, step := range steps {
		if err := step.save(ctx, t, d.RunID); err != nil {
			return d, err
		}
	}
	if err := countMails(ctx, t, d.RunID, &start); err != nil {
		return d, err
	}
	job := engine.Job{Kind: engine.RunJob, Ref: d.RunID}
	switch {
	case start.Hold:
		job.Carry = m.Carry
	case start.Next != nil:
		job.Due = *start.Next
	default:
		return d, nil // it has ended, or a person decides
	}
	return d, enqueueNew(ctx, t, now, job)
}

func unmatched(d engine.Decision, reason string) engine.Decision {
	d.Matched, d.RunID, d.Reason = false, "", reason
	return d
}

// claimOnce notes that d's run is the one for the key, or returns the run that was.
func claimOnce(ctx context.Context, t tx, now time.Time, d engine.Decision, key string) (earlier string, err error) {
	n, err := t.exec(ctx, `INSERT INTO once (workflow_id, once_key, run_id, at) VALUES ($1, $2, $3, $4) ON CONFLICT (workflow_id, once_key) DO NOTHING`,
		d.WorkflowID, key, d.RunID, millis(now))
	if err != nil || n > 0 {
		return "", err
	}
	var found bool
	err = t.query(ctx, one(&found, &earlier), `SELECT run_id FROM once WHERE workflow_id = $1 AND once_key = $2`, d.WorkflowID, key)
	return earlier, err
}

// onceThing names what a once key ("order/251", "order/id/251") is about. A key
// that holds an e-mail address is not shown: everybody may read a reason.
func onceThing(m *engine.Match) string {
	kind, rest, _ := strings.Cut(m.OnceKey, "/")
	_, value, named := strings.Cut(rest, "/")
	if !named {
		value = rest
	}
	if value == "" || strings.Contains(value, "@") {
		return "this " + m.OncePer
	}
	return kind + "/" + value
}

// saveEmails notes whose event this is: addresses, and customers like customer/7.
func saveEmails(ctx context.Context, t tx, eventID string, emails []string) error {
	for _, email := range emails {
		_, err := t.exec(ctx, `INSERT INTO event_email (email, event_id) VALUES ($1, $2) ON CONFLICT (email, event_id) DO NOTHING`,
			strings.ToLower(strings.TrimSpace(email)), eventID)
		if err != nil {
			return err
		}
	}
	return nil
}
