package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cartwheel/engine"
)

// SaveDecisions makes an event done and creates the runs that its decisions ask
// for, with their jobs: after it the runs can be neither lost nor doubled.
func (s *Store) SaveDecisions(ctx context.Context, d engine.Decided) ([]engine.Decision, error) {
	codes, err := toJSON(d.Values)
	if err != nil {
		return nil, s.explain("SaveDecisions", err)
	}
	calls, err := toJSON(d.Calls)
	if err != nil {
		return nil, s.explain("SaveDecisions", err)
	}
	var saved []engine.Decision
	err = s.write(ctx, "SaveDecisions", func(t tx) (err error) {
		saved, err = saveDecisions(ctx, t, s.now(), d, codes, calls)
		return err
	})
	if err != nil {
		return nil, err
	}
	return saved, nil
}

func saveDecisions(ctx context.Context, t tx, now time.Time, d engine.Decided, codes, calls string) ([]engine.Decision, error) {
	e, err := eventHead(ctx, t, d.EventID)
	if err != nil {
		return nil, err
	}
	saved := make([]engine.Decision, len(d.Candidates))
	for i, c := range d.Candidates {
		if saved[i], err = saveCandidate(ctx, t, now, e, c); err != nil {
			return nil, err
		}
	}
	decisions, err := toJSON(saved)
	if err != nil {
		return nil, err
	}
	n, err := t.exec(ctx, `UPDATE event SET status = 'done', reason = $2, decisions = $3, codes = $4, calls = $5, read_at = $6, decided_at = $7, next_attempt_at = NULL
		WHERE id = $1 AND status = 'accepted'`, e.ID, d.Note, decisions, codes, calls, optionalMillis(d.ReadAt), millis(now))
	if err == nil && n == 0 {
		err = notAccepted(ctx, t, e.ID)
	}
	if err != nil {
		return nil, err
	}
	if err := saveEmails(ctx, t, e.ID, d.Emails); err != nil {
		return nil, err
	}
	if err := wakeNext(ctx, t, now, e.ID, e.AuthenticationID, e.Entity); err != nil {
		return nil, err
	}
	return saved, settle(ctx, t, now, engine.EventJob, e.ID, d.Job, nil)
}

// saveCandidate makes the run of a match, unless there is one already.
func saveCandidate(ctx context.Context, t tx, now time.Time, e engine.Event, c engine.Candidate) (engine.Decision, error) {
	if !c.Matched {
		c.RunID = ""
		return c.Decision, nil
	}
	if c.OnceKey != "" {
		earlier, err := claimOnce(ctx, t, now, c)
		if err != nil {
			return c.Decision, err
		}
		if earlier != "" {
			return unmatched(c, fmt.Sprintf("Already ran for %s (once per %s): run %s.", onceThing(c), c.OncePer, earlier)), nil
		}
	}
	n, err := t.exec(ctx, `INSERT INTO run (id, workflow_id, version, event_id, authentication_id, entity, status, reason, revision, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, 'running', '', 1, $7) ON CONFLICT (event_id, workflow_id) DO NOTHING`,
		c.RunID, c.WorkflowID, c.Version, e.ID, e.AuthenticationID, e.Entity, millis(now))
	if err != nil {
		return c.Decision, err
	}
	if n == 0 {
		return unmatched(c, "This workflow has a run for this event already."), nil
	}
	return c.Decision, enqueue(ctx, t, now, engine.Job{Kind: engine.RunJob, Ref: c.RunID})
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
