package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cartwheel/engine"
	"cartwheel/merge"
)

func problemsOf(err error) []merge.Problem {
	if e, ok := errors.AsType[*engine.Error](err); ok {
		return e.Problems
	}
	return nil
}

var eventSpecs = []spec{
	{"an event comes back as it was stored", func(f fixture) {
		f.publish("w")
		e := f.event(1, 251)
		e.WebhookID, e.Note, e.ReplayOf = "wh-1", "mended", "event-000000"
		f.add(e)
		got, err := f.Event(f.ctx, e.ID)
		f.ok(err)
		e.Key, e.Status, e.Decisions, e.Calls = nil, engine.EventAccepted, []engine.Decision{}, nil
		if diff := cmp.Diff(e, got, cmp.Comparer(func(a, b merge.Object) bool { return a.Equal(b) })); diff != "" {
			f.t.Fatalf("stored and loaded differ (-want +got):\n%s", diff)
		}
		f.jobs(1, 1)
	}},
	{"an unknown event is not found", func(f fixture) {
		_, err := f.Event(f.ctx, "none")
		f.code(engine.NotFound, err)
	}},
	{"an event that no live workflow wants is done at once and has no job", func(f fixture) {
		f.publish("w")
		_, err := f.SetStatus(f.ctx, "w", engine.WorkflowPaused)
		f.ok(err)
		f.add(f.event(1, 1))
		got, err := f.Event(f.ctx, "event-000001")
		f.ok(err)
		if got.Status != engine.EventDone || got.DecidedAt == nil || got.Reason == "" {
			f.t.Fatalf("got status %q, decided %v, reason %q; want done, a time and a reason", got.Status, got.DecidedAt, got.Reason)
		}
		f.jobs(0, 0)
	}},
	{"an event with a known key is counted and not stored", func(f fixture) {
		f.publish("w")
		first, again := f.event(1, 1), f.event(2, 1)
		again.Key = first.Key
		f.add(first)
		added, err := f.AddEvents(f.ctx, again)
		f.ok(err)
		if want := (engine.Added{ID: first.ID, Duplicate: true}); added[0] != want {
			f.t.Fatalf("got %+v, want %+v", added[0], want)
		}
		got, err := f.Event(f.ctx, first.ID)
		f.ok(err)
		if got.Duplicates != 1 {
			f.t.Fatalf("got %d duplicates, want 1", got.Duplicates)
		}
		_, err = f.Event(f.ctx, again.ID)
		f.code(engine.NotFound, err)
		f.jobs(1, 1)
	}},
	{"a webhook id is known within its authentication, and leads later keys to the first event", func(f fixture) {
		a, b, c, d := f.event(1, 1), f.event(2, 1), f.event(3, 1), f.event(4, 1)
		a.WebhookID, b.WebhookID, c.WebhookID = "id", "id", "id"
		c.AuthenticationID = "other"
		d.Key = b.Key
		added, err := f.AddEvents(f.ctx, a, b, c, d)
		f.ok(err)
		want := []engine.Added{{ID: a.ID}, {ID: a.ID, Duplicate: true}, {ID: c.ID}, {ID: a.ID, Duplicate: true}}
		if diff := cmp.Diff(want, added); diff != "" {
			f.t.Fatal(diff)
		}
	}},
	{"events without keys are never duplicates", func(f fixture) {
		a, b := f.event(1, 1), f.event(2, 1)
		a.Key, b.Key = nil, nil
		f.add(a, b)
	}},
	{"bad text is mended on the way in", func(f fixture) {
		e := f.event(1, 1)
		e.Note = "a\x00b\xffc"
		f.add(e)
		got, err := f.Event(f.ctx, e.ID)
		f.ok(err)
		if want := "a\uFFFDb\uFFFDc"; got.Note != want {
			f.t.Fatalf("got %q, want %q", got.Note, want)
		}
	}},
	{"the earlier event is the oldest accepted one of the same entity and authentication", func(f fixture) {
		f.publish("w")
		other := f.event(1, 7)
		other.AuthenticationID = "other"
		f.add(other, f.event(2, 8), f.event(3, 7), f.event(4, 7), f.event(5, 7))
		for n, want := range map[int]string{3: "", 4: "event-000003", 5: "event-000003"} {
			got, err := f.EarlierEvent(f.ctx, f.event(n, 7))
			if want == "" {
				f.code(engine.NotFound, err)
				continue
			}
			f.ok(err)
			if got.ID != want {
				f.t.Fatalf("event %d: got earlier event %s, want %s", n, got.ID, want)
			}
		}
		_, err := f.EarlierEvent(f.ctx, engine.Event{ID: "z", AuthenticationID: shop})
		f.code(engine.NotFound, err)
	}},
	{"a waiting event keeps its reason and its job moves to the time", func(f fixture) {
		f.publish("w")
		e := f.event(1, 1)
		f.add(e)
		e.Reason, e.Attempts, e.Misses, e.NextAttemptAt = "The store does not answer.", 2, 1, ref(f.clock.now().Add(8*time.Second))
		f.ok(f.SaveWait(f.ctx, e, eventJob(e, 1)))
		f.jobs(1, 0)
		got, err := f.Event(f.ctx, e.ID)
		f.ok(err)
		if got.Reason != e.Reason || got.Attempts != 2 || got.Misses != 1 || !got.NextAttemptAt.Equal(*e.NextAttemptAt) {
			f.t.Fatalf("got %+v", got)
		}
		f.clock.add(8 * time.Second)
		f.jobs(1, 1)
	}},
	{"every event that waits for an authentication is due after WakeEvents, with a time or without", func(f fixture) {
		f.publish("w")
		a, b := f.event(1, 1), f.event(2, 2)
		f.add(a, b)
		a.Reason, b.Reason = "The store refuses the token.", "The store does not answer."
		b.NextAttemptAt = ref(f.clock.now().Add(time.Hour))
		f.ok(f.SaveWait(f.ctx, a, eventJob(a, 1)))
		f.ok(f.SaveWait(f.ctx, b, eventJob(b, 1)))
		f.jobs(1, 0)
		f.ok(f.WakeEvents(f.ctx, "other"))
		f.jobs(1, 0)
		f.ok(f.WakeEvents(f.ctx, shop))
		f.jobs(2, 2)
	}},
	{"an event that was woken while it was put aside is due again", func(f fixture) {
		f.publish("w")
		e := f.event(1, 1)
		f.add(e)
		f.ok(f.WakeEvents(f.ctx, shop)) // the worker still holds gen 1
		f.ok(f.SaveWait(f.ctx, e, eventJob(e, 1)))
		f.jobs(1, 1)
	}},
	{"a failed event wakes the next one of its entity", func(f fixture) {
		f.publish("w")
		a, b := f.event(1, 1), f.event(2, 1)
		f.add(a, b)
		b.NextAttemptAt = ref(f.clock.now().Add(15 * time.Minute))
		f.ok(f.SaveWait(f.ctx, b, eventJob(b, 1)))
		f.jobs(2, 1)
		a.Reason, a.Calls = "Gave up after 48 hours.", []engine.Call{{Method: "GET", Path: "/v2/orders/1", Status: 500}}
		f.ok(f.FailEvent(f.ctx, a, eventJob(a, 1)))
		f.jobs(1, 1)
		got, err := f.Event(f.ctx, a.ID)
		f.ok(err)
		if got.Status != engine.EventFailed || got.Reason != a.Reason || len(got.Calls) != 1 || got.DecidedAt == nil {
			f.t.Fatalf("got %+v", got)
		}
		f.code(engine.Conflict, f.FailEvent(f.ctx, a, eventJob(a, 1)))
		f.code(engine.Conflict, f.SaveWait(f.ctx, a, eventJob(a, 1)))
		f.code(engine.NotFound, f.SaveWait(f.ctx, engine.Event{ID: "none"}, engine.Job{}))
	}},
	{"events are listed newest first, by filters and pages", listEvents},
}

func listEvents(f fixture) {
	f.publish("w")
	for n := range 7 {
		f.add(f.event(n, n%2))
	}
	odd := f.event(7, 9)
	odd.Trigger, odd.AuthenticationID = "webhook", "in"
	f.add(odd)
	_, err := f.SaveDecisions(f.ctx, engine.Decided{EventID: "event-000003", Emails: []string{"Anna@Example.com", "anna@example.com"}})
	f.ok(err)
	list := func(filter engine.EventFilter) []string {
		return pages(f, 2, func(p engine.Page) ([]engine.Event, string, error) { return f.Events(f.ctx, filter, p) },
			func(e engine.Event) string { return e.ID[len(e.ID)-1:] })
	}
	for _, c := range []struct {
		filter engine.EventFilter
		want   string
	}{
		{engine.EventFilter{}, "[7 6 5 4 3 2 1 0]"},
		{engine.EventFilter{Trigger: "webhook"}, "[7]"},
		{engine.EventFilter{Entity: "order/1"}, "[5 3 1]"},
		{engine.EventFilter{AuthenticationID: shop, Entity: "order/0"}, "[6 4 2 0]"},
		{engine.EventFilter{Email: " ANNA@example.com"}, "[3]"},
		{engine.EventFilter{Status: engine.EventDone}, "[7 3]"},
		{engine.EventFilter{Status: engine.EventAccepted, Entity: "order/1"}, "[5 1]"},
		{engine.EventFilter{Email: "anna@example.com", Trigger: shipped, Entity: "order/1", AuthenticationID: shop, Status: engine.EventDone}, "[3]"},
		{engine.EventFilter{Status: engine.EventFailed}, "[]"},
	} {
		if got := fmt.Sprint(list(c.filter)); got != c.want {
			f.t.Errorf("filter %+v: got %s, want %s", c.filter, got, c.want)
		}
	}
	badCursors(f, func(p engine.Page) error {
		_, _, err := f.Events(f.ctx, engine.EventFilter{}, p)
		return err
	})
}

func BenchmarkAddEventsParallel(b *testing.B) {
	s := openBenchmark(b)
	b.RunParallel(func(pb *testing.PB) {
		worker := newWorker()
		for n := 0; pb.Next(); n++ {
			id := fmt.Sprintf("event-%d-%09d", worker, n)
			if _, err := s.AddEvents(b.Context(), engine.Event{ID: id, AuthenticationID: shop, Trigger: shipped, Entity: id, Key: []byte(id), Body: make([]byte, 300)}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
