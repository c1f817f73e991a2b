package store

import (
	"context"
	"time"

	"cartwheel/engine"
)

// SaveRun applies everything that one step of work, or a person, changes at a run.
func (s *Store) SaveRun(ctx context.Context, c engine.RunChange) (int64, error) {
	var revision int64
	err := s.write(ctx, "SaveRun", func(t tx) error {
		revision = c.Revision + 1
		return saveRun(ctx, t, s.now(), c)
	})
	if err != nil {
		return 0, err
	}
	return revision, nil
}

func saveRun(ctx context.Context, t tx, now time.Time, c engine.RunChange) error {
	n, err := t.exec(ctx, `UPDATE run SET status = $3, reason = $4, next_attempt_at = $5, finished_at = $6, revision = revision + 1
		WHERE id = $1 AND revision = $2`,
		c.RunID, c.Revision, string(c.Status), c.Reason, optionalMillis(c.NextAttemptAt), optionalMillis(c.FinishedAt))
	if err == nil && n == 0 {
		err = runChanged(ctx, t, c.RunID)
	}
	if err != nil {
		return err
	}
	for _, step := range c.Steps {
		if err := saveStep(ctx, t, c.RunID, step); err != nil {
			return err
		}
	}
	for _, a := range c.Attempts {
		if err := saveAttempt(ctx, t, c.RunID, a.StepID, a.Attempt); err != nil {
			return err
		}
	}
	if c.Hold {
		return nil
	}
	return settle(ctx, t, now, engine.RunJob, c.RunID, c.Job, c.Next)
}

func noRun(id string) error { return engine.Errorf(engine.NotFound, "There is no run called %s.", id) }

func runChanged(ctx context.Context, t tx, id string) error {
	var found bool
	var revision int64
	err := t.query(ctx, one(&found, &revision), `SELECT revision FROM run WHERE id = $1`, id)
	switch {
	case err != nil:
		return err
	case !found:
		return noRun(id)
	}
	return engine.Errorf(engine.Conflict, "Run %s was changed meanwhile. Load it again.", id)
}

func saveStep(ctx context.Context, t tx, runID string, s engine.StepState) error {
	_, err := t.exec(ctx, `INSERT INTO run_step (run_id, step_id, status, reason, next_attempt_at, since, request, output)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (run_id, step_id) DO UPDATE SET status = excluded.status, reason = excluded.reason,
			next_attempt_at = excluded.next_attempt_at, since = excluded.since, request = excluded.request, output = excluded.output`,
		runID, s.StepID, string(s.Status), s.Reason, optionalMillis(s.NextAttemptAt), s.Since, string(s.Request), string(s.Output))
	return err
}

func saveAttempt(ctx context.Context, t tx, runID, stepID string, a engine.Attempt) error {
	began := 0
	if a.Began {
		began = 1
	}
	_, err := t.exec(ctx, `INSERT INTO attempt (run_id, step_id, number, began, started_at, finished_at, error, request, response)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (run_id, step_id, number) DO UPDATE SET began = excluded.began, started_at = excluded.started_at,
			finished_at = excluded.finished_at, error = excluded.error, request = excluded.request, response = excluded.response`,
		runID, stepID, a.Number, began, millis(a.StartedAt), optionalMillis(a.FinishedAt), a.Error, a.Request, a.Response)
	return err
}
