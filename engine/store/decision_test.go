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
		no := engine.Candidate{Decision: engine.Decision{WorkflowID: "x", Version: 3, Reason: "45.0 is not above 50."}}
		read := f.clock.now()
		saved, err := f.SaveDecisions(f.ctx, engine.Decided{EventID: e.ID, Candidates: []engine.Candidate{candidate("w", "run-1"), no},
			Values: values, Calls: []engine.Call{{Method: "GET", Path: "/v2/orders/251", Status: 200, Millis: 12}}, ReadAt: &read, Job: eventJob(e, 1)})
		f.ok(err)
		want := []engine.Decision{candidate("w", "run-1").Decision, no.Decision}
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
		_, err := f.SaveDecisions(f.ctx, engine.Decided{EventID: e.ID, Candidates: []engine.Candidate{candidate("w", "run-2")}})
		f.code(engine.Conflict, err)
		_, err = f.Run(f.ctx, "run-2")
		f.code(engine.NotFound, err)
		_, err = f.SaveDecisions(f.ctx, engine.Decided{EventID: "none"})
		f.code(engine.NotFound, err)
	}},
	{"a second run for the same thing is not made, and the decision says so", func(f fixture) {
		f.publish("w")
		c := candidate("w", "run-1")
		c.OncePer, c.OnceKey = "order", "order/id/251"
		for n, want := range []string{"", "Already ran for order/251 (once per order): run run-1."} {
			e := f.event(n, 251)
			f.add(e)
			saved, err := f.SaveDecisions(f.ctx, engine.Decided{EventID: e.ID, Candidates: []engine.Candidate{c}, Job: eventJob(e, 1)})
			f.ok(err)
			if matched := want == ""; saved[0].Matched != matched || !matched && (saved[0].Reason != want || saved[0].RunID != "") {
				f.t.Fatalf("event %d: got %+v, want reason %q", n, saved[0], want)
			}
			c.RunID = "run-2"
		}
		f.jobs(1, 1)
	}},
	{"a reason does not show the address that a workflow runs once for", func(f fixture) {
		f.publish("w")
		c := candidate("w", "run-1")
		c.OncePer, c.OnceKey = "customer", "customer/email/anna@example.com"
		f.add(f.event(1, 1), f.event(2, 2))
		_, err := f.SaveDecisions(f.ctx, engine.Decided{EventID: "event-000001", Candidates: []engine.Candidate{c}})
		f.ok(err)
		c.RunID = "run-2"
		saved, err := f.SaveDecisions(f.ctx, engine.Decided{EventID: "event-000002", Candidates: []engine.Candidate{c}})
		f.ok(err)
		if strings.Contains(saved[0].Reason, "anna") || !strings.Contains(saved[0].Reason, "this customer") {
			f.t.Fatalf("got reason %q", saved[0].Reason)
		}
	}},
	{"other workflows and other things have their own runs", func(f fixture) {
		f.publish("w")
		e := f.event(1, 1)
		f.add(e)
		a, b, c := candidate("w", "run-1"), candidate("x", "run-2"), candidate("w", "run-3")
		a.OnceKey, b.OnceKey, c.OnceKey = "order/id/1", "order/id/1", "order/id/2"
		saved, err := f.SaveDecisions(f.ctx, engine.Decided{EventID: e.ID, Candidates: []engine.Candidate{a, b, c}})
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
