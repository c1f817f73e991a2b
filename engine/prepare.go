package engine

import (
	"context"
	"errors"
	"fmt"
)

// A run's first commit is the one that decides about it: the decision, the run
// and the start of its first attempt are stored together, so that an action is
// two syncs away from its webhook. What the run was about to do goes to its
// worker in memory; after a crash it stands in the database like any other run.

// errPrepared ends the work on a run that is not stored yet, at its first commit.
var errPrepared = errors.New("prepared up to the first commit")

// prepare takes the run that d would make up to its first commit. nil: something
// is wrong with it, and the run meets it when it is worked on.
func (e *Engine) prepare(ctx context.Context, ev *Event, p *program, d Decision) (w *worker) {
	defer func() {
		if r := recover(); r != nil {
			e.Logger.Error("a run could not be prepared", "workflow", d.WorkflowID, "event", ev.ID, "error", fmt.Errorf("panic: %v", r))
			if w != nil {
				w.mail.dropped(e.sending.mails)
			}
			w = nil
		}
	}()
	w = e.newRun(ev, p, &d)
	if err := w.goOn(ctx); !errors.Is(err, errPrepared) {
		return nil
	}
	return w
}

// newRun makes the run of a decision, before its first commit.
func (e *Engine) newRun(ev *Event, p *program, d *Decision) *worker {
	run := Run{ID: d.RunID, WorkflowID: d.WorkflowID, Version: d.Version, EventID: ev.ID, Entity: ev.Entity,
		Status: RunRunning, Revision: 1, CreatedAt: e.now()}
	w := e.newWorker(run, ev, p, Job{})
	w.start = &RunChange{}
	return w
}

// stored tells a prepared worker that its run is stored as it was prepared.
func (w *worker) stored() {
	start := w.start
	w.start = nil
	clear(w.changed)
	w.mail.saved(w.sending.mails)
	if start.FinishedAt != nil {
		w.ended(start.Status, start.Reason, *start.FinishedAt)
	}
}

// goOnFromStart makes the attempt that the first commit has begun, and goes on.
func (w *worker) goOnFromStart(ctx context.Context) error {
	w.stored()
	b := w.begun
	w.begun = nil
	if w.draining.Load() {
		w.takeBack(b.node)
		return w.requeue(ctx)
	}
	if waits, err := w.perform(ctx, b); waits || err != nil {
		return err
	}
	return w.goOn(ctx)
}
