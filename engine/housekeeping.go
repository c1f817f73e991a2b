package engine

import (
	"context"
	"errors"
	"time"

	"github.com/go-co-op/gocron/v2"
)

// When housekeeping happens.
const (
	checkpointEvery = 5 * time.Second
	hooksEvery      = 15 * time.Minute // a hook that was switched off is noticed this soon
	retentionEvery  = time.Hour
	optimizeEvery   = 24 * time.Hour
	retentionChunk  = 500 // rows in one transaction: the writer is never held long
)

func (r Retention) withDefaults() Retention {
	day := 24 * time.Hour
	if r.Runs == 0 {
		r.Runs = 90 * day
	}
	if r.Bodies == 0 {
		r.Bodies = 30 * day
	}
	if r.Keys == 0 {
		r.Keys = 35 * day
	}
	return r
}

// housekeeping is what happens by the clock.
type housekeeping struct{ scheduler gocron.Scheduler }

func (e *Engine) startHousekeeping(ctx context.Context) (*housekeeping, error) {
	scheduler, err := gocron.NewScheduler(gocron.WithClock(e.Clock), gocron.WithLocation(time.UTC), gocron.WithStopTimeout(10*time.Second))
	if err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	if err := e.checkSubscriptions(ctx); err != nil {
		return nil, errors.Join(err, scheduler.Shutdown())
	}
	tasks := []struct {
		name  string
		every time.Duration
		do    func(context.Context) error
	}{
		{"checkpoint", checkpointEvery, e.Store.Checkpoint},
		{"check hooks", hooksEvery, e.checkSubscriptions},
		{"retention", retentionEvery, e.deleteHistory},
		{"optimize", optimizeEvery, e.Store.Optimize},
	}
	for _, task := range tasks {
		do := func() {
			if err := task.do(ctx); err != nil && !e.draining.Load() {
				e.Logger.Error("housekeeping failed and is tried again", "task", task.name, "error", logged(err))
			}
		}
		if _, err := scheduler.NewJob(gocron.DurationJob(task.every), gocron.NewTask(do), gocron.WithName(task.name),
			gocron.WithSingletonMode(gocron.LimitModeReschedule)); err != nil {
			return nil, errors.Join(err, scheduler.Shutdown())
		}
	}
	scheduler.Start()
	return &housekeeping{scheduler}, nil
}

func (h *housekeeping) stop() error { return h.scheduler.Shutdown() }

// deleteHistory removes what is older than it is to be kept, a little at a time.
func (e *Engine) deleteHistory(ctx context.Context) error {
	now := e.now()
	for {
		n, err := e.Store.DeleteHistory(ctx, now.Add(-e.Retention.Runs), now.Add(-e.Retention.Bodies), now.Add(-e.Retention.Keys), retentionChunk)
		if err != nil || n < retentionChunk || e.draining.Load() {
			return err
		}
	}
}
