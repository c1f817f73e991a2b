package engine

import (
	"context"
	"encoding/binary"
	"fmt"
	"strconv"

	"cartwheel/engine/secret"
	"cartwheel/merge"
)

// Received is told to Watch when events have been stored.
type Received struct {
	Events []Event
	Added  []Added
}

// Receive takes one webhook for /hooks/<word>/<key>: it is verified, read and
// stored with its job in one commit. After a nil error the sender may forget it.
// Errors: NotFound (unknown key), Denied, Invalid, Temporary.
func (e *Engine) Receive(ctx context.Context, word, key string, d Delivery) error {
	receiver, known := e.Receivers[word]
	if !known {
		return Errorf(NotFound, "There is no webhook address like this.")
	}
	stored, err := e.kept.authenticationByIntake(ctx, secret.HashToken(key))
	if err != nil {
		if CodeOf(err) == NotFound {
			return Errorf(NotFound, "There is no webhook address like this.")
		}
		return err
	}
	auth, err := e.auths.get(stored)
	if err != nil {
		return err
	}
	if s, ok := e.subscriber(auth.Type); !ok || s.Intake() != word {
		return Errorf(NotFound, "There is no webhook address like this.")
	}
	if d.At.IsZero() {
		d.At = e.now()
	}
	events, err := receiver.Parse(d, auth)
	if err != nil || len(events) == 0 {
		return err
	}
	return e.ingest(ctx, auth, d, events)
}

// DepthHeader tells a receiver how many workflows called one another before.
const DepthHeader = "X-Cartwheel-Depth"

// maxDepth is how many workflows may call one another before the chain is cut: it is a loop.
const maxDepth = 5

// depthOf reads the header; what is no number counts as none.
func depthOf(d Delivery) int {
	n, err := strconv.Atoi(d.Header.Get(DepthHeader))
	if err != nil || n < 0 {
		return 0
	}
	return min(n, maxDepth+1)
}

// ingest stores events that have been verified.
func (e *Engine) ingest(ctx context.Context, auth Auth, d Delivery, events []Event) error {
	depth := depthOf(d)
	for i := range events {
		events[i].Depth = depth
		events[i].ID = newID()
		events[i].AuthenticationID = auth.ID
		events[i].ReceivedAt = d.At
		events[i].Key = timedKey(events[i])
		if events[i].OccurredAt.IsZero() {
			events[i].OccurredAt = d.At
		}
		events[i].Status = EventAccepted
		if depth > maxDepth {
			events[i].Status = EventFailed
			events[i].Reason = fmt.Sprintf("Cut off: more than %d workflows are calling each other in a row, so this is a loop. Look for a step that calls a webhook of Cartwheel.", maxDepth)
		}
	}
	added, err := e.Store.AddEvents(ctx, events...)
	if err != nil {
		return err
	}
	for i, a := range added {
		result := "stored"
		switch {
		case a.Duplicate:
			result = "duplicate"
		case events[i].Status == EventFailed:
			result = "loop"
		}
		e.metrics.received.WithLabelValues(e.triggerLabel(events[i].Trigger), result).Inc()
		if !a.Duplicate {
			e.feed.event(a.ID, events[i].Trigger, events[i].Status)
		}
	}
	e.tell(Received{Events: events, Added: added})
	return nil
}

// timedKey is the event's key behind the seconds of its time (0: the sender gave none).
func timedKey(ev Event) []byte {
	if len(ev.Key) == 0 {
		return nil
	}
	var seconds uint32
	if !ev.OccurredAt.IsZero() {
		seconds = uint32(ev.OccurredAt.Unix()) //nolint:gosec // of a time long ago or far ahead the last bits do as well
	}
	return append(binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(ev.Key)), seconds), ev.Key...)
}

// triggerLabel keeps the number of metric labels small: what no trigger handles is "other".
func (e *Engine) triggerLabel(trigger string) string {
	if _, ok := e.Config.Triggers.Get(trigger); ok {
		return trigger
	}
	return "other"
}

// ReplayEvent runs an event again, as a new one. Errors: NotFound.
func (e *Engine) ReplayEvent(ctx context.Context, id string) (Event, error) {
	old, err := e.Store.Event(ctx, id)
	if err != nil {
		return Event{}, err
	}
	now := e.now()
	replay := Event{ID: newID(), AuthenticationID: old.AuthenticationID, Trigger: old.Trigger, Scope: old.Scope,
		Entity: old.Entity, Data: old.Data, OccurredAt: old.OccurredAt, ReceivedAt: now, ReplayOf: old.ID, Status: EventAccepted}
	if _, err := e.Store.AddEvents(ctx, replay); err != nil {
		return Event{}, err
	}
	e.metrics.received.WithLabelValues(e.triggerLabel(replay.Trigger), "replay").Inc()
	e.feed.event(replay.ID, replay.Trigger, replay.Status)
	return e.Store.Event(ctx, replay.ID)
}

// Event returns one event. Errors: NotFound.
func (e *Engine) Event(ctx context.Context, id string) (Event, error) { return e.Store.Event(ctx, id) }

// Events lists events, newest first.
func (e *Engine) Events(ctx context.Context, f EventFilter, p Page) ([]Event, string, error) {
	return e.Store.Events(ctx, f, p)
}

// EventCodes are the merge codes of everything that was fetched for ev, with their wire values, nulls included.
func (e *Engine) EventCodes(ev Event) []CodeUse {
	catalog := withEvent(merge.NewCatalog(""))
	if t, ok := e.Config.Triggers.Get(ev.Trigger); ok {
		if c, err := t.Catalog(nil); err == nil {
			catalog = withEvent(c)
		}
	}
	fields := merge.Flatten(rootOf(&ev, ev.Values))
	uses := make([]CodeUse, len(fields))
	for i, f := range fields {
		entry, known := catalog.Lookup(f.Code)
		uses[i] = CodeUse{Code: f.Code, Value: f.Value, Status: CodeOK, Personal: entry.Personal || !known}
		if merge.IsEmpty(f.Value) {
			uses[i].Status = CodeMissing
		}
	}
	return uses
}
