package store_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/store"
)

// benchHistory is how many events and runs the lists are made of.
const benchHistory = 5000

// BenchmarkList reads pages of 50 of lists with each filter.
func BenchmarkList(b *testing.B) {
	s := filledStore(b)
	runs := func(f engine.RunFilter) func(engine.Page) (int, string, error) {
		return func(p engine.Page) (int, string, error) {
			items, next, err := s.Runs(b.Context(), f, p)
			return len(items), next, err
		}
	}
	events := func(f engine.EventFilter) func(engine.Page) (int, string, error) {
		return func(p engine.Page) (int, string, error) {
			items, next, err := s.Events(b.Context(), f, p)
			return len(items), next, err
		}
	}
	for _, c := range []struct {
		name string
		list func(engine.Page) (int, string, error)
	}{
		{"runs", runs(engine.RunFilter{})},
		{"runs of a workflow", runs(engine.RunFilter{WorkflowID: "w"})},
		{"runs of a status", runs(engine.RunFilter{Status: engine.RunFailed})},
		{"runs of a shopper", runs(engine.RunFilter{Email: "shopper7@example.com"})},
		{"events", events(engine.EventFilter{})},
		{"events of a status", events(engine.EventFilter{Status: engine.EventDone})},
		{"events of an entity", events(engine.EventFilter{Entity: "order/7"})},
		{"events of a shopper", events(engine.EventFilter{Email: "shopper7@example.com"})},
	} {
		b.Run(c.name, func(b *testing.B) {
			cursor := ""
			b.ReportAllocs()
			for b.Loop() {
				n, next, err := c.list(engine.Page{Limit: 50, Cursor: cursor})
				if err != nil || n == 0 {
					b.Fatalf("%d items, %v", n, err)
				}
				cursor = next
			}
		})
	}
}

func benchStore(b *testing.B) *store.Store {
	b.Helper()
	s, err := store.Open(b.Context(), store.Options{Dir: b.TempDir(), Durability: "full", Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	return s
}

func benchEvent(n int) engine.Event {
	return engine.Event{ID: fmt.Sprintf("event-%09d", n), AuthenticationID: shop, Trigger: shipped, Scope: "store/shipment/created",
		Entity: fmt.Sprintf("order/%d", n%1000), Key: fmt.Appendf(nil, "%032d", n), Data: json.RawMessage(`{"type":"shipment","id":12,"orderId":251}`),
		Body: []byte(`{"scope":"store/shipment/created","data":{"type":"shipment","id":12,"orderId":251}}`), OccurredAt: time.Now(), ReceivedAt: time.Now()}
}

// filledStore has a live workflow, and an event and a finished run each, some of them failed.
func filledStore(b *testing.B) *store.Store {
	b.Helper()
	s, ctx := benchStore(b), b.Context()
	ok := func(err error) {
		if err != nil {
			b.Helper()
			b.Fatal(err)
		}
	}
	w, err := s.AddWorkflow(ctx, engine.Workflow{ID: "w", Draft: definition("Workflow", shipped, shop)})
	ok(err)
	_, _, err = s.Publish(ctx, w, engine.Version{PublishedBy: "Bench"})
	ok(err)
	for first := 0; first < benchHistory; first += 100 {
		var events []engine.Event
		for n := range 100 {
			events = append(events, benchEvent(first+n))
		}
		_, err := s.AddEvents(ctx, events...)
		ok(err)
		for i, e := range events {
			finishEvent(b, s, e, first+i)
		}
	}
	return s
}

func finishEvent(b *testing.B, s *store.Store, e engine.Event, n int) {
	b.Helper()
	id := fmt.Sprintf("run-%09d", n)
	_, err := s.SaveDecisions(b.Context(), engine.Decided{EventID: e.ID, Decisions: []engine.Decision{fired("w", id)}, Matches: []engine.Match{{}},
		Emails: []string{fmt.Sprintf("shopper%d@example.com", n%500)}, Job: eventJob(e, 1)})
	if err != nil {
		b.Fatal(err)
	}
	r, err := s.Run(b.Context(), id)
	if err != nil {
		b.Fatal(err)
	}
	status := engine.RunSucceeded
	if n%20 == 0 {
		status = engine.RunFailed
	}
	_, err = s.SaveRun(b.Context(), engine.RunChange{RunID: id, Revision: r.Revision, Status: status, FinishedAt: ref(time.Now()),
		Job: engine.Job{Kind: engine.RunJob, Ref: id, Gen: 1}})
	if err != nil {
		b.Fatal(err)
	}
}
