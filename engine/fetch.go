package engine

import (
	"context"
	"errors"
	"time"
)

// fetchWaits is when a failed read is tried again; the last wait goes on for fetchLimit.
func fetchWaits() []time.Duration {
	return []time.Duration{2 * time.Second, 8 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute}
}

// fetchLimit is how long a store may be down before its events fail.
const fetchLimit = 48 * time.Hour

// missWaits is when an object that is not there is asked for again: an event
// can come before its object can be read. After the last it is gone.
func missWaits() []time.Duration {
	return []time.Duration{time.Second, 3 * time.Second, 16 * time.Second, time.Minute}
}

// fetchFailed decides what becomes of an event whose data could not be read.
func (e *Engine) fetchFailed(ctx context.Context, ev *Event, live []liveWorkflow, j Job, err error) error {
	failure, ok := errors.AsType[*Error](err)
	if !ok {
		e.Logger.Error("reading an event's data failed", "event", ev.ID, "error", err)
		failure = &Error{Code: Temporary, Message: MessageOf(err), Err: err}
	}
	switch failure.Code {
	case NotFound, Gone:
		waits := missWaits()
		ev.Misses++
		if ev.Misses <= len(waits) {
			return e.waitEvent(ctx, ev, failure.Message, waits[ev.Misses-1], j)
		}
		if failure.Code == Gone {
			return e.decideGone(ctx, ev, live, failure.Message, j)
		}
		return e.failEvent(ctx, ev, failure.Message, j)
	case Denied:
		ev.Reason, ev.NextAttemptAt = failure.Message+" The event waits until the authentication is changed or tested with success.", nil
		return e.Store.SaveWait(ctx, *ev, j)
	case Invalid, Rejected, Conflict, Stale:
		return e.failEvent(ctx, ev, failure.Message, j)
	default:
		return e.waitTemporary(ctx, ev, failure, j)
	}
}

func (e *Engine) waitTemporary(ctx context.Context, ev *Event, failure *Error, j Job) error {
	wait := failure.Wait
	if !failure.Free {
		waits := fetchWaits()
		ev.Attempts++
		wait = max(wait, spread(waits[min(ev.Attempts, len(waits))-1]))
	}
	wait = max(wait, time.Second/4)
	// A limit of the store is no failure, and one failure of an old event is no outage.
	if !failure.Free && ev.Attempts > len(fetchWaits()) && e.now().Sub(ev.ReceivedAt) >= fetchLimit {
		return e.failEvent(ctx, ev, "Given up after 48 hours. "+failure.Message, j)
	}
	return e.waitEvent(ctx, ev, failure.Message, wait, j)
}

func (e *Engine) waitEvent(ctx context.Context, ev *Event, reason string, wait time.Duration, j Job) error {
	at := e.now().Add(wait)
	ev.Reason, ev.NextAttemptAt = reason, &at
	return e.Store.SaveWait(ctx, *ev, j)
}

func (e *Engine) failEvent(ctx context.Context, ev *Event, reason string, j Job) error {
	ev.Reason, ev.NextAttemptAt = reason, nil
	if err := e.Store.FailEvent(ctx, *ev, j); err != nil {
		return err
	}
	e.metrics.finished.WithLabelValues(e.triggerLabel(ev.Trigger), string(EventFailed)).Inc()
	ev.Status = EventFailed
	e.feed.event(ev.ID, ev.Trigger, ev.Status)
	e.tell(Expanded{Event: *ev, Values: ev.Values, Calls: ev.Calls})
	return nil
}

// decideGone: the object is gone, and that is an answer. No workflow fires, and each decision says why.
func (e *Engine) decideGone(ctx context.Context, ev *Event, live []liveWorkflow, reason string, j Job) error {
	decisions := make([]Decision, len(live))
	for i, w := range live {
		decisions[i] = Decision{WorkflowID: w.ref.WorkflowID, Version: w.ref.Number, Reason: reason}
	}
	return e.saveDecisions(ctx, ev, &Decided{Decisions: decisions, Note: reason, Job: j}, e.now())
}
