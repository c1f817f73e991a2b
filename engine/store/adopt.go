package store

import (
	"context"
	"time"

	"cartwheel/engine"
)

// What is to be done without having a job: the events and runs whose jobs had no row when the last life ended (enqueueNew). An
// accepted event that waits for something says so, and has a job if it waits for a time.
const (
	orphanRuns = `SELECT r.id FROM run r WHERE r.status = 'running' AND r.status <> 'succeeded'
		AND NOT EXISTS (SELECT 1 FROM job j WHERE j.kind = 'run' AND j.ref = r.id) ORDER BY r.id`
	orphanEvents = `SELECT e.id FROM event e INDEXED BY event_undecided WHERE e.status = 'accepted' AND e.next_attempt_at IS NULL AND e.reason = ''
		AND NOT EXISTS (SELECT 1 FROM job j WHERE j.kind = 'event' AND j.ref = e.id) ORDER BY e.id`
)

// adopt gives them jobs with rows: what has been begun first. One that a worker has by now is asked for once more, which
// does no harm.
func adopt(ctx context.Context, db database, now func() time.Time) error {
	for _, orphans := range []struct {
		kind  engine.JobKind
		query string
	}{{engine.RunJob, orphanRuns}, {engine.EventJob, orphanEvents}} {
		var jobs []engine.Job
		err := db.read(ctx, func(t tx) error {
			jobs = nil
			return t.query(ctx, func(s scan) error {
				j := engine.Job{Kind: orphans.kind}
				err := s(&j.Ref)
				jobs = append(jobs, j)
				return err
			}, orphans.query)
		})
		for len(jobs) > 0 && err == nil {
			n := min(len(jobs), wakeChunk)
			err = db.write(ctx, func(t tx) error { return enqueue(ctx, t, now(), jobs[:n]...) })
			jobs = jobs[n:]
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// adoptAll tries until everything that is to be done has a job.
func (d *dispatcher) adoptAll(ctx context.Context) {
	for {
		err := d.adopt(ctx)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			d.mu.Lock()
			d.adopted = true
			d.mu.Unlock()
			return
		}
		d.log.Error("what the last life has left undone cannot be looked for; it is tried again", "error", err)
		select {
		case <-time.After(firstRest):
		case <-d.closed:
			return
		case <-ctx.Done():
			return
		}
	}
}
