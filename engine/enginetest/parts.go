package enginetest

import (
	"context"
	"maps"
	"time"

	"cartwheel/engine"
)

// Parts are what an engine under test has besides the harness's own. The zero value adds nothing.
type Parts struct {
	Triggers  []engine.Trigger
	Actions   []engine.Action
	AuthTypes []engine.AuthType
	Receivers map[string]engine.Receiver
	Mailer    engine.Mailer
	Workers   int              // at least the 4 of the harness
	Stopwatch func() time.Time // of the work limits; nil: time.Now
	// Unsynced keeps commits from waiting for the disk: for tests of many events in which no machine dies.
	Unsynced bool
}

func (p Parts) receivers(own engine.Receiver) map[string]engine.Receiver {
	all := map[string]engine.Receiver{"test": own}
	maps.Copy(all, p.Receivers)
	return all
}

func (p Parts) durability() string {
	if p.Unsynced {
		return "normal"
	}
	return "full"
}

// Sender returns what delivers webhooks, from any number of goroutines: an event about entity with a key of its
// own. The same key is the same event.
func (h *Harness) Sender() func(entity, key string) error {
	h.T.Helper()
	view, err := h.Authentication(context.Background(), h.AuthID)
	h.must(err)
	hook, e := lastSegment(view.WebhookURL), h.Engine
	return func(entity, key string) error {
		return e.Receive(context.Background(), "test", hook, engine.Delivery{Body: []byte(entity + " " + key)})
	}
}

// Settle waits until no more than flying jobs are due: those that the test holds fast in the middle.
func (h *Harness) Settle(flying int) {
	h.T.Helper()
	h.Await("the jobs are done", func() bool {
		stats, err := h.Store.Stats(context.Background())
		h.must(err)
		return stats.QueueDue <= flying
	})
}

// Await looks again and again at what signals nothing.
func (h *Harness) Await(what string, ok func() bool) {
	h.T.Helper()
	for deadline := time.Now().Add(patience); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			h.T.Fatalf("%s: not within %s\n%s", what, patience, h.Logged())
		}
	}
}

// AllEvents lists every event, newest first.
func (h *Harness) AllEvents() []engine.Event {
	h.T.Helper()
	return all(h, func(p engine.Page) ([]engine.Event, string, error) {
		return h.Engine.Events(context.Background(), engine.EventFilter{}, p)
	})
}

// AllRuns lists every run, newest first.
func (h *Harness) AllRuns() []engine.Run {
	h.T.Helper()
	return all(h, func(p engine.Page) ([]engine.Run, string, error) {
		return h.Store.Runs(context.Background(), engine.RunFilter{}, p)
	})
}

func all[T any](h *Harness, list func(engine.Page) ([]T, string, error)) (items []T) {
	h.T.Helper()
	for p := (engine.Page{Limit: 200}); ; {
		some, next, err := list(p)
		h.must(err)
		items = append(items, some...)
		if next == "" {
			return items
		}
		p.Cursor = next
	}
}
