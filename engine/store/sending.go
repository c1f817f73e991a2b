package store

import (
	"context"
	"time"

	"cartwheel/engine"
)

// CountedMails returns the mails counted since.
func (s *Store) CountedMails(ctx context.Context, since time.Time) ([]engine.CountedMail, error) {
	var all []engine.CountedMail
	err := s.read(ctx, "CountedMails", func(t tx) error {
		all = nil
		return t.query(ctx, func(scan scan) error {
			var m engine.CountedMail
			var recipient []byte
			var at int64
			if err := scan(&m.WorkflowID, &recipient, &at); err != nil {
				return err
			}
			copy(m.Recipient[:], recipient)
			m.At = moment(at)
			all = append(all, m)
			return nil
		}, `SELECT workflow_id, recipient, at FROM counted_mail WHERE at >= $1 ORDER BY at`, millis(since))
	})
	return all, err
}

// countMails writes down what c says about the mail that a run is at.
func countMails(ctx context.Context, t tx, runID string, c *engine.RunChange) error {
	if m := c.Counted; m != nil {
		if _, err := t.exec(ctx, `INSERT INTO counted_mail (at, run_id, step_id, workflow_id, recipient) VALUES ($1, $2, $3, $4, $5)`,
			millis(m.At), runID, m.StepID, m.WorkflowID, m.Recipient[:]); err != nil {
			return err
		}
	}
	if m := c.Uncounted; m != nil {
		_, err := t.exec(ctx, `DELETE FROM counted_mail WHERE at = $1 AND run_id = $2 AND step_id = $3`, millis(m.At), runID, m.StepID)
		return err
	}
	return nil
}
