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
	detail   detail
	starts   [][]stepRow // of the matches, in their order
	expected []engine.Decision
	saved    []engine.Decision // expected, or a copy where a match turned out to have its run already
}

func (s *Store) newVerdict(d engine.Decided) (*verdict, error) {
	w := &verdict{Decided: d, expected: make([]engine.Decision, len(d.Candidates))}
	var err error
	for i := range d.Candidates {
		c := &d.Candidates[i]
		w.expected[i] = c.Decision
		if !c.Matched {
			w.expected[i].RunID = ""
			continue
		}
		var rows []stepRow
		if c.Start != nil {
			if rows, err = s.stepRows(c.Start.Steps); err != nil {
				return nil, err
			}
		}
		w.starts = append(w.starts, rows)
	}
	w.detail, err = s.newDetail(d.EventID, w.expected, d.Calls, &d.Values)
	return w, err
}

func (w *verdict) save(ctx context.Context, t tx, s *Store) error {
	now, e, accepted := s.now(), engine.Event{ID: w.EventID}, false
	err := t.query(ctx, one(&accepted, &e.AuthenticationID, &e.Entity), `UPDATE event SET status = 'done', reason = $2, read_at = $3, decided_at = $4, next_attempt_at = NULL
		WHERE id = $1 AND status = 'accepted' RETURNING authentication_id, entity`, e.ID, w.Note, optionalMillis(w.ReadAt), millis(now))
	if err == nil && !accepted {
		err = notAccepted(ctx, t, e.ID)
	}
	if err != nil {
		return err
	}
	detail, err := w.saveCandidates(ctx, t, now, e)
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
	if err := wakeNext(ctx, t, now, e.ID, e.AuthenticationID, e.Entity); err != nil {
		return err
	}
	return settle(ctx, t, now, engine.EventJob, e.ID, w.Job, nil)
}

// saveCandidates makes the runs. The detail that it returns lacks the decisions when they are not the expected ones.
func (w *verdict) saveCandidates(ctx context.Context, t tx, now time.Time, e engine.Event) (detail, error) {
	detail, starts := w.detail, w.starts
	w.saved = w.expected
	for i := range w.Candidates {
		if !w.expected[i].Matched {
			continue
		}
		decision, err := saveCandidate(ctx, t, now, e, w.Candidates[i], starts[0])
		if err != nil {
			return detail, err
		}
		starts = starts[1:]
		if decision == w.expected[i] {
			continue
		}
		if detail.decisions != nil {
			detail.decisions, w.saved = nil, slices.Clone(w.expected) // it may have to be saved a second time
		}
		w.saved[i] = decision
	}
	return detail, nil
}

// saveCandidate makes the run of a match, unless there is one already.
func saveCandidate(ctx context.Context, t tx, now time.Time, e engine.Event, c engine.Candidate, steps []stepRow) (engine.Decision, error) {
	if c.OnceKey != "" {
		earlier, err := claimOnce(ctx, t, now, c)
		if err != nil {
			return c.Decision, err
		}
		if earlier != "" {
			return unmatched(c, fmt.Sprintf("Already ran for %s (once per %s): run %s.", onceThing(c), c.OncePer, earlier)), nil
		}
	}
	start := engine.RunChange{Status: engine.RunRunning, Hold: true}
	if c.Start != nil {
		start = *c.Start
	}
	n, err := t.exec(ctx, `INSERT INTO run (id, workflow_id, version, event_id, authentication_id, entity, status, reason, revision, next_attempt_at, created_at, finished_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $11) ON CONFLICT (event_id, workflow_id) DO NOTHING`,
		c.RunID, c.WorkflowID, c.Version, e.ID, e.AuthenticationID, e.Entity, string(start.Status), start.Reason,
		optionalMillis(start.NextAttemptAt), millis(now), optionalMillis(start.FinishedAt))
	if err != nil {
		return c.Decision, err
	}
	if n == 0 {
		return unmatched(c, "This workflow has a run for this event already."), nil
	}
	for _, step := range steps {
		if err := step.save(ctx, t, c.RunID); err != nil {
			return c.Decision, err
		}
	}
	job := engine.Job{Kind: engine.RunJob, Ref: c.RunID}
	switch {
	case start.Hold:
		job.Carry = c.Carry
	case start.Next != nil:
		job.Due = *start.Next
	default:
		return c.Decision, nil // it has ended, or a person decides
	}
	return c.Decision, enqueueNew(ctx, t, now, job)
}

func unmatched(c engine.Candidate, reason string) engine.Decision {
	c.Matched, c.RunID, c.Reason = false, "", reason
	return c.Decision
}

// claimOnce notes that c's run is the one for its key, or returns the run that was.
func claimOnce(ctx context.Context, t tx, now time.Time, c engine.Candidate) (earlier string, err error) {
	n, err := t.exec(ctx, `INSERT INTO once (workflow_id, once_key, run_id, at) VALUES ($1, $2, $3, $4) ON CONFLICT (workflow_id, once_key) DO NOTHING`,
		c.WorkflowID, c.OnceKey, c.RunID, millis(now))
	if err != nil || n > 0 {
		return "", err
	}
	var found bool
	err = t.query(ctx, one(&found, &earlier), `SELECT run_id FROM once WHERE workflow_id = $1 AND once_key = $2`, c.WorkflowID, c.OnceKey)
	return earlier, err
}

// onceThing names what a once key ("order/251", "order/id/251") is about. A key
// that holds an e-mail address is not shown: everybody may read a reason.
func onceThing(c engine.Candidate) string {
	kind, rest, _ := strings.Cut(c.OnceKey, "/")
	_, value, named := strings.Cut(rest, "/")
	if !named {
		value = rest
	}
	if value == "" || strings.Contains(value, "@") {
		return "this " + c.OncePer
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
