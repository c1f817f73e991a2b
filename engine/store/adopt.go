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

// orphans names them: what has been begun first.
func orphans(ctx context.Context, db database) ([]engine.Job, error) {
	var jobs []engine.Job
	err := db.read(ctx, func(t tx) error {
		jobs = nil
		for _, of := range []struct {
			kind  engine.JobKind
			query string
		}{{engine.RunJob, orphanRuns}, {engine.EventJob, orphanEvents}} {
			err := t.query(ctx, func(s scan) error {
				j := engine.Job{Kind: of.kind}
				err := s(&j.Ref)
				jobs = append(jobs, j)
				return err
			}, of.query)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return jobs, err
}

// adoptAll gives jobs with rows to all that the last life has left, and tries until it has. Only when they are known may
// new jobs do without a row: otherwise they would be taken for some of them.
func (d *dispatcher) adoptAll(ctx context.Context) {
	jobs, err := d.orphans(ctx)
	for ; err != nil; jobs, err = d.orphans(ctx) {
		if !d.tryAgain(ctx, err) {
			return
		}
	}
	d.mu.Lock()
	d.passing = true
	d.mu.Unlock()
	for len(jobs) > 0 {
		n := min(len(jobs), wakeChunk)
		if err := d.enqueue(ctx, jobs[:n]); err == nil {
			jobs = jobs[n:]
		} else if !d.tryAgain(ctx, err) {
			return
		}
	}
	d.mu.Lock()
	d.adopted = true
	d.mu.Unlock()
}

// tryAgain waits a moment; false: the work has ended.
func (d *dispatcher) tryAgain(ctx context.Context, err error) bool {
	if ctx.Err() != nil {
		return false
	}
	d.log.Error("what the last life has left undone cannot be taken up yet", "error", err)
	select {
	case <-time.After(firstRest):
		return true
	case <-d.closed:
	case <-ctx.Done():
	}
	return false
}
