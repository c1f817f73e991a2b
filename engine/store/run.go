package store

import (
	"context"
	"time"

	"cartwheel/engine"
)

// SaveRun applies everything that one step of work, or a person, changes at a run.
func (s *Store) SaveRun(ctx context.Context, c engine.RunChange) (int64, error) {
	steps, err := s.stepRows(c.Steps)
	if err != nil {
		return 0, s.explain("SaveRun", err)
	}
	if err := s.write(ctx, "SaveRun", func(t tx) error { return saveRun(ctx, t, s.now(), c, steps) }); err != nil {
		return 0, err
	}
	return c.Revision + 1, nil
}

func saveRun(ctx context.Context, t tx, now time.Time, c engine.RunChange, steps []stepRow) error {
	if byPerson := c.Job.Ref == ""; byPerson {
		if err := noteRun(ctx, t, now, c); err != nil {
			return err
		}
	}
	n, err := t.exec(ctx, `UPDATE run SET status = $3, reason = $4, next_attempt_at = $5, finished_at = $6, revision = revision + 1
		WHERE id = $1 AND revision = $2`,
		c.RunID, c.Revision, string(c.Status), c.Reason, optionalMillis(c.NextAttemptAt), optionalMillis(c.FinishedAt))
	if err == nil && n == 0 {
		err = runChanged(ctx, t, c.RunID)
	}
	if err != nil {
		return err
	}
	for _, step := range steps {
		if err := step.save(ctx, t, c.RunID); err != nil {
			return err
		}
	}
	if err := countMails(ctx, t, c.RunID, &c); err != nil {
		return err
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
