package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"cartwheel/engine"
	"cartwheel/engine/store"
)

func TestMain(m *testing.M) {
	if childMain() {
		return
	}
	goleak.VerifyTestMain(m)
}

// clock is a clock that only tests move.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
	return c.t
}

// fixture is a fresh store with a clock.
type fixture struct {
	*store.Store
	t     *testing.T
	ctx   context.Context
	clock *clock
}

func setup(t *testing.T, o store.Options) fixture {
	t.Helper()
	c := newClock()
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	if o.Now == nil {
		o.Now = c.now
	}
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatalf("Open(%+v): %v", o, err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return fixture{Store: s, t: t, ctx: t.Context(), clock: c}
}

// ok fails the test for an error.
func (f fixture) ok(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatalf("got error %v", err)
	}
}

// code fails the test unless err has the code want.
func (f fixture) code(want engine.Code, err error) {
	f.t.Helper()
	if got := engine.CodeOf(err); got != want {
		f.t.Fatalf("got code %q (%v), want %q", got, err, want)
	}
}

// jobs checks how many jobs there are, and how many of them are due.
func (f fixture) jobs(depth, due int) {
	f.t.Helper()
	got, err := f.Stats(f.ctx)
	f.ok(err)
	if got.QueueDepth != depth || got.QueueDue != due {
		f.t.Fatalf("got %d jobs, %d of them due; want %d, %d", got.QueueDepth, got.QueueDue, depth, due)
	}
}

const (
	shipped = "bigcommerce.shipment_created"
	shop    = "shop"
)

// event is the n-th event, about an order of the shop. Its id sorts by n.
func (f fixture) event(n int, order int) engine.Event {
	return engine.Event{
		ID: fmt.Sprintf("event-%06d", n), AuthenticationID: shop, Trigger: shipped, Scope: "store/shipment/created",
		Entity: fmt.Sprintf("order/%d", order), Key: fmt.Appendf(nil, "key-%d", n), Data: json.RawMessage(`{"type":"shipment","id":12,"orderId":251}`),
		Body: []byte(`{"scope":"store/shipment/created"}`), OccurredAt: f.clock.now().Add(-time.Second), ReceivedAt: f.clock.now(),
	}
}

func (f fixture) add(events ...engine.Event) {
	f.t.Helper()
	added, err := f.AddEvents(f.ctx, events...)
	f.ok(err)
	for i, a := range added {
		if a.Duplicate {
			f.t.Fatalf("event %s is a duplicate of %s", events[i].ID, a.ID)
		}
	}
}

func definition(name, trigger, authentication string, steps ...engine.Step) engine.Definition {
	return engine.Definition{Name: name, Trigger: engine.TriggerRef{Type: trigger, AuthenticationID: authentication}, Steps: steps}
}

// publish makes a live workflow on shipments of the shop.
func (f fixture) publish(id string, steps ...engine.Step) engine.Workflow {
	f.t.Helper()
	w, err := f.AddWorkflow(f.ctx, engine.Workflow{ID: id, Draft: definition("Workflow "+id, shipped, shop, steps...)})
	f.ok(err)
	w, _, err = f.Publish(f.ctx, w, engine.Version{PublishedBy: "Test"})
	f.ok(err)
	return w
}

func eventJob(e engine.Event, gen int64) engine.Job {
	return engine.Job{Kind: engine.EventJob, Ref: e.ID, Gen: gen}
}

func fired(workflow, run string) engine.Decision {
	return engine.Decision{WorkflowID: workflow, Version: 1, Matched: true, Reason: "No condition: always.", RunID: run}
}

// run makes a run of workflow w by an event, and returns it.
func (f fixture) run(e engine.Event, w, id string) engine.Run {
	f.t.Helper()
	f.add(e)
	_, err := f.SaveDecisions(f.ctx, engine.Decided{EventID: e.ID, Decisions: []engine.Decision{fired(w, id)}, Matches: []engine.Match{{}}, Job: eventJob(e, 1)})
	f.ok(err)
	r, err := f.Run(f.ctx, id)
	f.ok(err)
	return r
}

func ref[T any](v T) *T { return &v }

// pages collects the ids of a whole list, and checks that each page keeps its limit.
func pages[T any](f fixture, limit int, list func(engine.Page) ([]T, string, error), id func(T) string) []string {
	f.t.Helper()
	var ids []string
	p := engine.Page{Limit: limit}
	for range 100 {
		items, next, err := list(p)
		f.ok(err)
		if len(items) > limit {
			f.t.Fatalf("got a page of %d items, want at most %d", len(items), limit)
		}
		for _, item := range items {
			ids = append(ids, id(item))
		}
		if p.Cursor = next; next == "" {
			return ids
		}
	}
	f.t.Fatal("the list does not end")
	return nil
}
