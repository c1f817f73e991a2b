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
	clockEvery      = 30 * time.Second // a clock that was put back is noticed this soon
	attentionEvery  = time.Minute
	retentionEvery  = time.Hour
	optimizeEvery   = 24 * time.Hour
)

// housekeeping is what happens by the clock.
type housekeeping struct{ scheduler gocron.Scheduler }

func (e *Engine) startHousekeeping(ctx context.Context) (*housekeeping, error) {
	scheduler, err := gocron.NewScheduler(gocron.WithClock(e.Clock), gocron.WithLocation(time.UTC), gocron.WithStopTimeout(10*time.Second))
	if err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	for _, first := range []func(context.Context) error{e.checkSubscriptions, e.checkClock} {
		if err := first(ctx); err != nil {
			return nil, errors.Join(err, scheduler.Shutdown())
		}
	}
	tasks := []struct {
		name  string
		every time.Duration
		do    func(context.Context) error
	}{
		{"checkpoint", checkpointEvery, e.Store.Checkpoint},
		{"check hooks", hooksEvery, e.checkSubscriptions},
		{"check the clock", clockEvery, e.checkClock},
		{"note which authentications work", healthEvery, e.saveHealth},
		{"look at what needs attention", attentionEvery, e.watchAttention},
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

// deleteHistory removes what is older than it is to be kept, and then gives its space back.
func (e *Engine) deleteHistory(ctx context.Context) error {
	e.sending.mails.forget(e.now())
	deleted, err := e.Retention.DeleteHistory(ctx, e.Store, e.now(), e.pause)
	if deleted > 0 {
		e.Logger.Info("old history was deleted", "rows", deleted)
	}
	if err != nil || e.draining.Load() {
		return err
	}
	for more := true; more; {
		if more, err = e.Store.Reclaim(ctx); err != nil || more && !e.pause(batchPause) {
			return err
		}
	}
	return nil
}

// pause waits in real time, whatever the engine's clock says; false: the engine stops.
func (e *Engine) pause(d time.Duration) bool {
	time.Sleep(d)
	return !e.draining.Load()
}
