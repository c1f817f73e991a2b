package store

import (
	"context"
	"time"

	"cartwheel/engine"
)

const wakeChunk = 500 // jobs in one transaction: the writer is never held long

// WakeWaiting asks for every job that is due later than now.
func (s *Store) WakeWaiting(ctx context.Context) error {
	for last := (engine.Job{}); ; {
		var jobs []engine.Job
		err := s.write(ctx, "WakeWaiting", func(t tx) error {
			jobs = jobs[:0]
			now := s.now()
			err := t.query(ctx, func(s scan) error {
				j := engine.Job{Due: now.Truncate(time.Millisecond)}
				err := s(&j.Kind, &j.Ref)
				jobs = append(jobs, j)
				return err
			}, `SELECT kind, ref FROM job WHERE (kind, ref) > ($1, $2) AND due_at > $3 ORDER BY kind, ref LIMIT $4`,
				string(last.Kind), last.Ref, millis(now), wakeChunk)
			if err != nil {
				return err
			}
			return enqueue(ctx, t, now, jobs...)
		})
		if err != nil || len(jobs) < wakeChunk {
			return err
		}
		last = jobs[len(jobs)-1]
	}
}
