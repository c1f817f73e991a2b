package store

import (
	"context"
	"time"

	"cartwheel/engine"
)

// RunFacts returns what lists tell of runs beside their rows.
func (s *Store) RunFacts(ctx context.Context, runs []engine.Run) ([]engine.RunFacts, error) {
	var facts []engine.RunFacts
	err := s.read(ctx, "RunFacts", func(t tx) error {
		facts = make([]engine.RunFacts, len(runs))
		for i, r := range runs {
			steps, err := s.runSteps(ctx, t, r.ID)
			if err != nil {
				return err
			}
			facts[i].StepID, facts[i].Attempts = standsAt(r, steps)
			var found bool
			err = t.query(ctx, one(&found, &facts[i].Email), `SELECT email FROM event_email WHERE event_id = $1 AND email LIKE '%@%' ORDER BY email LIMIT 1`, r.EventID)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return facts, err
}

// standsAt finds the step that a run is at, or has failed at, and counts the attempts. Of several failed steps it is the
// last: the run went on after the others.
func standsAt(r engine.Run, steps []engine.StepState) (stepID string, attempts int) {
	var latest time.Time
	for _, s := range steps {
		attempts += len(s.Attempts)
		switch s.Status {
		case engine.StepRunning, engine.StepWaiting, engine.StepHeld, engine.StepPending:
			if r.FinishedAt == nil || r.Status == engine.RunCancelled {
				stepID = s.StepID
			}
		case engine.StepFailed:
			if at := endOf(s); r.Status == engine.RunFailed && !at.Before(latest) {
				stepID, latest = s.StepID, at
			}
		}
	}
	return stepID, attempts
}

// endOf is when a step ended, as far as that is known: older versions noted its attempts alone.
func endOf(s engine.StepState) time.Time {
	if s.EndedAt != nil {
		return *s.EndedAt
	}
	if n := len(s.Attempts); n > 0 && s.Attempts[n-1].FinishedAt != nil {
		return *s.Attempts[n-1].FinishedAt
	}
	return time.Time{}
}

// CancelRuns ends waiting runs of a workflow, with one entry in the audit log for all of them.
func (s *Store) CancelRuns(ctx context.Context, workflowID string, version int, reason string, limit int) ([]engine.Run, error) {
	var all []engine.Run
	err := s.write(ctx, "CancelRuns", func(t tx) error {
		all = nil
		q := &filter{}
		q.add("r.workflow_id = %s", workflowID)
		q.add("r.status = 'waiting'")
		q.add("r.status IN ('failed', 'waiting', 'cancelled')") // names the partial index run_trouble
		if version != 0 {
			q.add("r.version = %s", version)
		}
		err := t.query(ctx, runsInto(&all), `SELECT `+runColumns+` FROM run r`+q.tail("r.id", engine.Page{Limit: limit}), q.args...)
		if err != nil {
			return err
		}
		all = all[:min(len(all), limit)]
		now := s.now()
		for i := range all {
			if err := cancelRun(ctx, t, now, &all[i], reason); err != nil {
				return err
			}
		}
		return noteCancelled(ctx, t, now, workflowID, version, len(all))
	})
	return all, err
}

func cancelRun(ctx context.Context, t tx, now time.Time, r *engine.Run, reason string) error {
	_, err := t.exec(ctx, `UPDATE run SET status = 'cancelled', reason = $2, next_attempt_at = NULL, finished_at = $3, revision = revision + 1 WHERE id = $1`,
		r.ID, reason, millis(now))
	if err != nil {
		return err
	}
	r.Status, r.Reason, r.NextAttemptAt, r.FinishedAt = engine.RunCancelled, reason, nil, &now
	return settle(ctx, t, now, engine.RunJob, r.ID, engine.Job{}, nil)
}

// noteCancelled notes that somebody has ended many runs at once.
func noteCancelled(ctx context.Context, t tx, now time.Time, workflowID string, version, n int) error {
	if n == 0 {
		return nil
	}
	after, err := membersOf(struct {
		Runs    int `json:"cancelled_runs"`
		Version int `json:"version,omitempty"`
	}{n, version})
	if err != nil {
		return err
	}
	return note(ctx, t, now, deed{action: "workflow.cancel_runs", id: workflowID, after: after})
}
