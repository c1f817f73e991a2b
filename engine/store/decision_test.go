package store_test

import (
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"cartwheel/engine"
	"cartwheel/merge"
)

var decisionSpecs = []spec{
	{"decisions make the event done and each match a run with its job", func(f fixture) {
		f.publish("w")
		e := f.event(1, 251)
		f.add(e)
		values, err := merge.DecodeObject([]byte(`{"BigCommerce":{"Order":{"id":251,"total":"45.0","note":null}}}`))
		f.ok(err)
		want := []engine.Decision{{WorkflowID: "x", Version: 3, Reason: "45.0 is not above 50."}, fired("w", "run-1")}
		read := f.clock.now()
		saved, err := f.SaveDecisions(f.ctx, engine.Decided{EventID: e.ID, Decisions: want, Matches: []engine.Match{{Decision: 1}},
			Values: values, Calls: []engine.Call{{Method: "GET", Path: "/v2/orders/251", Status: 200, Millis: 12}}, ReadAt: &read, Job: eventJob(e, 1)})
		f.ok(err)
		got, err := f.Event(f.ctx, e.ID)
		f.ok(err)
		if diff := cmp.Diff([][]engine.Decision{want, want}, [][]engine.Decision{saved, got.Decisions}); diff != "" {
			f.t.Fatal(diff)
		}
		if got.Status != engine.EventDone || !got.Values.Equal(values) || len(got.Calls) != 1 || !got.ReadAt.Equal(read) {
			f.t.Fatalf("got %+v", got)
		}
		run, err := f.Run(f.ctx, "run-1")
		f.ok(err)
		wantRun := engine.Run{ID: "run-1", WorkflowID: "w", Version: 1, EventID: e.ID, Entity: e.Entity, Status: engine.RunRunning, Revision: 1, CreatedAt: f.clock.now()}
		if diff := cmp.Diff(wantRun, run); diff != "" {
			f.t.Fatal(diff)
		}
		f.jobs(1, 1) // the run's; the event's is gone
	}},
	{"an event is decided once", func(f fixture) {
		f.publish("w")
		e := f.event(1, 1)
		f.run(e, "w", "run-1")
		_, err := f.SaveDecisions(f.ctx, engine.Decided{EventID: e.ID, Decisions: []engine.Decision{fired("w", "run-2")}, Matches: []engine.Match{{}}})
		f.code(engine.Conflict, err)
		_, err = f.Run(f.ctx, "run-2")
		f.code(engine.NotFound, err)
		_, err = f.SaveDecisions(f.ctx, engine.Decided{EventID: "none"})
		f.code(engine.NotFound, err)
	}},
	{"a second run for the same thing is not made, and the decision says so", func(f fixture) {
		f.publish("w")
		run := "run-1"
		for n, want := range []string{"", "Already ran for order/251 (once per order): run run-1."} {
			e := f.event(n, 251)
			f.add(e)
			given := []engine.Decision{{WorkflowID: "x", Version: 1, Reason: "No."}, fired("w", run)}
			saved, err := f.SaveDecisions(f.ctx, engine.Decided{EventID: e.ID, Decisions: given, Job: eventJob(e, 1),
				Matches: []engine.Match{{Decision: 1, OncePer: "order", OnceKey: "order/id/251"}}})
			f.ok(err)
			if matched := want == ""; saved[1].Matched != matched || !matched && (saved[1].Reason != want || saved[1].RunID != "") {
				f.t.Fatalf("event %d: got %+v, want reason %q", n, saved[1], want)
			}
			if given[1] != fired("w", run) {
				f.t.Fatalf("event %d: what was given became %+v", n, given[1])
			}
			run = "run-2"
		}
		f.jobs(1, 1)
	}},
	{"a reason does not show the address that a workflow runs once for", func(f fixture) {
		f.publish("w")
		matches := []engine.Match{{OncePer: "customer", OnceKey: "customer/email/anna@example.com"}}
		f.add(f.event(1, 1), f.event(2, 2))
		_, err := f.SaveDecisions(f.ctx, engine.Decided{EventID: "event-000001", Decisions: []engine.Decision{fired("w", "run-1")}, Matches: matches})
		f.ok(err)
		saved, err := f.SaveDecisions(f.ctx, engine.Decided{EventID: "event-000002", Decisions: []engine.Decision{fired("w", "run-2")}, Matches: matches})
		f.ok(err)
		if strings.Contains(saved[0].Reason, "anna") || !strings.Contains(saved[0].Reason, "this customer") {
			f.t.Fatalf("got reason %q", saved[0].Reason)
		}
	}},
	{"other workflows and other things have their own runs", func(f fixture) {
		f.publish("w")
		e := f.event(1, 1)
		f.add(e)
		saved, err := f.SaveDecisions(f.ctx, engine.Decided{EventID: e.ID,
			Decisions: []engine.Decision{fired("w", "run-1"), fired("x", "run-2"), fired("w", "run-3")},
			Matches:   []engine.Match{{OnceKey: "order/id/1"}, {Decision: 1, OnceKey: "order/id/1"}, {Decision: 2, OnceKey: "order/id/2"}}})
		f.ok(err)
		if !saved[0].Matched || !saved[1].Matched || saved[2].Matched { // one run per workflow and event
			f.t.Fatalf("got %+v", saved)
		}
	}},
	{"deciding wakes the next event of the entity", func(f fixture) {
		f.publish("w")
		a, b := f.event(1, 1), f.event(2, 1)
		f.add(a, b)
		b.NextAttemptAt = ref(f.clock.now().Add(15 * time.Minute))
		f.ok(f.SaveWait(f.ctx, b, eventJob(b, 1)))
		_, err := f.SaveDecisions(f.ctx, engine.Decided{EventID: a.ID, Note: "The cart is gone.", Job: eventJob(a, 1)})
		f.ok(err)
		f.jobs(1, 1)
		got, err := f.Event(f.ctx, a.ID)
		f.ok(err)
		if got.Reason != "The cart is gone." {
			f.t.Fatalf("got reason %q", got.Reason)
		}
	}},
}
