package store_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/store"
)

// timedID is an id of a moment, as the program makes them.
func timedID(at time.Time, n int) string {
	ms := at.UnixMilli()
	return fmt.Sprintf("%08x-%04x-7000-8000-%012x", ms>>16, ms&0xffff, n)
}

// happen makes an event about an order now, and its run of w, in the status. skew is how far the ids' clock is off.
func (f fixture) happen(n int, w string, status engine.RunStatus, skew time.Duration, more ...func(*engine.Decided)) (event, run string) {
	f.t.Helper()
	e := f.event(n, n)
	e.ID = timedID(f.clock.now().Add(skew), n)
	f.add(e)
	run = timedID(f.clock.now().Add(skew+time.Millisecond), n)
	d := engine.Decided{EventID: e.ID, Decisions: []engine.Decision{fired(w, run)}, Matches: []engine.Match{{}}, Job: eventJob(e, 1)}
	for _, change := range more {
		change(&d)
	}
	_, err := f.SaveDecisions(f.ctx, d)
	f.ok(err)
	if status == engine.RunRunning {
		return e.ID, run
	}
	c := engine.RunChange{RunID: run, Revision: 1, Status: status, Reason: "Step tell: why", Job: runJob(run, 1)}
	switch status {
	case engine.RunWaiting:
		c.NextAttemptAt = ref(f.clock.now().Add(24 * time.Hour))
		c.Next = c.NextAttemptAt
	default:
		c.FinishedAt = ref(f.clock.now().Add(2 * time.Second))
	}
	_, err = f.SaveRun(f.ctx, c)
	f.ok(err)
	return e.ID, run
}

func runIDs(runs []engine.Run) []string {
	ids := []string{}
	for _, r := range runs {
		ids = append(ids, r.ID)
	}
	return ids
}

var lookbackSpecs = []spec{
	{"a time finds what is of it, whatever the clock of the ids", func(f fixture) {
		f.publish("w")
		for i, skew := range []time.Duration{-5 * time.Hour, 0, 90 * 24 * time.Hour} {
			var events, runs []string
			first := f.clock.add(1000 * time.Hour)
			for n := range 6 {
				e, r := f.happen(100*i+n, "w", engine.RunSucceeded, skew)
				events, runs = append(events, e), append(runs, r)
				f.clock.add(time.Hour)
			}
			from, to := first.Add(time.Hour), first.Add(4*time.Hour) // the second to the fourth
			want := func(all []string) []string {
				some := slices.Clone(all[1:4])
				slices.Reverse(some)
				return some
			}
			got, _, err := f.Runs(f.ctx, engine.RunFilter{From: from, To: to}, engine.Page{})
			f.ok(err)
			f.same(want(runs), runIDs(got))
			found, _, err := f.Events(f.ctx, engine.EventFilter{From: from, To: to, Trigger: shipped}, engine.Page{})
			f.ok(err)
			ids := []string{}
			for _, e := range found {
				ids = append(ids, e.ID)
			}
			f.same(want(events), ids)
			n, err := f.ReceivedEvents(f.ctx, from, to)
			f.ok(err)
			started, err := f.StartedRuns(f.ctx, from, to)
			f.ok(err)
			if n != 3 || started["w"] != 3 {
				f.t.Fatalf("with a clock off by %s: %d events, %v runs, want 3 each", skew, n, started)
			}
			if _, _, err := f.Runs(f.ctx, engine.RunFilter{From: to.Add(1000 * time.Hour)}, engine.Page{}); err != nil {
				f.t.Fatal(err)
			}
		}
	}},
	{"a customer's events and runs are found, and those of a thing", func(f fixture) {
		f.publish("w")
		customer := func(d *engine.Decided) { d.Customers, d.Emails = []string{"customer/7"}, []string{"zoe@example.com"} }
		e1, r1 := f.happen(1, "w", engine.RunSucceeded, 0, customer)
		f.clock.add(time.Second)
		f.happen(2, "w", engine.RunSucceeded, 0)
		f.clock.add(time.Second)
		_, r3 := f.happen(3, "w", engine.RunFailed, 0, customer)
		for entity, want := range map[string][]string{"customer/7": {r3, r1}, "order/1": {r1}, "customer/8": {}} {
			got, _, err := f.Runs(f.ctx, engine.RunFilter{Entity: entity}, engine.Page{})
			f.ok(err)
			f.same(want, runIDs(got))
			events, _, err := f.Events(f.ctx, engine.EventFilter{Entity: entity}, engine.Page{})
			f.ok(err)
			if len(events) != len(want) {
				f.t.Fatalf("%s: %d events, want %d", entity, len(events), len(want))
			}
		}
		got, _, err := f.Runs(f.ctx, engine.RunFilter{Entity: "customer/7", Email: " ZOE@example.com", Status: engine.RunFailed, Version: 1}, engine.Page{})
		f.ok(err)
		f.same([]string{r3}, runIDs(got))
		none, _, err := f.Runs(f.ctx, engine.RunFilter{Entity: "customer/7", Version: 2}, engine.Page{})
		f.ok(err)
		f.same([]string{}, runIDs(none))
		facts, err := f.RunFacts(f.ctx, []engine.Run{{ID: r1, EventID: e1}})
		f.ok(err)
		f.same([]engine.RunFacts{{Email: "zoe@example.com"}}, facts)
	}},
	{"what workflows have been doing is counted", func(f fixture) {
		f.publish("old")
		f.publish("new")
		long := f.clock.now()
		f.happen(1, "old", engine.RunFailed, 0)
		f.clock.add(48 * time.Hour)
		since := f.clock.now()
		f.happen(2, "old", engine.RunFailed, 0)
		f.happen(3, "old", engine.RunWaiting, 0)
		f.happen(4, "old", engine.RunWaiting, 0)
		f.clock.add(time.Second)
		_, last := f.happen(5, "old", engine.RunRunning, 0)
		got, err := f.Activities(f.ctx, since)
		f.ok(err)
		f.same(map[string]engine.Activity{"old": {LastRun: &engine.LastRun{ID: last, Status: engine.RunRunning, CreatedAt: f.clock.now()}, Failures24h: 1, Waiting: 2,
			Open: []engine.OpenRuns{{Version: 1, Running: 1, Waiting: 2}}}}, got)
		statuses, err := f.RunStatuses(f.ctx, "old", 50)
		f.ok(err)
		f.same([]engine.RunStatus{engine.RunFailed, engine.RunFailed}, statuses)
		failed, err := f.FailedRuns(f.ctx, long, 50)
		f.ok(err)
		recent, err := f.FailedRuns(f.ctx, since, 50)
		f.ok(err)
		if len(failed) != 2 || len(recent) != 1 || recent[0].Reason != "Step tell: why" {
			f.t.Fatalf("got %+v and %+v", failed, recent)
		}
		names, err := f.WorkflowNames(f.ctx, "old", "none")
		f.ok(err)
		f.same(map[string]string{"old": "Workflow old"}, names)
		live, err := f.LiveWorkflows(f.ctx)
		f.ok(err)
		if len(live) != 2 || live[1].ID != "old" || live[1].LiveVersion != 1 || live[1].Draft.Name != "Workflow old" {
			f.t.Fatalf("got %+v", live)
		}
		if n, err := f.Size(f.ctx); err != nil || n < 100_000 {
			f.t.Fatalf("the size is %d, %v", n, err)
		}
	}},
	{"finished runs are counted with samples of how long they took", func(f fixture) {
		f.publish("w")
		from := f.clock.now()
		for n := range 40 {
			status := engine.RunSucceeded
			if n%4 == 3 {
				status = engine.RunFailed
			}
			f.happen(n, "w", status, 0)
			f.clock.add(3 * time.Minute)
		}
		got, err := f.FinishedRuns(f.ctx, from, from.Add(time.Hour))
		f.ok(err)
		if got.Succeeded != 15 || got.Failed != 5 || len(got.Samples) != 15 {
			f.t.Fatalf("got %d succeeded, %d failed, %d samples; want 15, 5, 15", got.Succeeded, got.Failed, len(got.Samples))
		}
		for _, s := range got.Samples {
			if took := s.FinishedAt.Sub(s.ReceivedAt); took != 2*time.Second || s.Version != (engine.VersionRef{WorkflowID: "w", Number: 1}) {
				f.t.Fatalf("got %+v", s)
			}
		}
	}},
	{"waiting runs are ended many at a time, each with its job, and noted once", func(f fixture) {
		f.publish("w")
		f.publish("other")
		for n := range 5 {
			f.happen(n, "w", engine.RunWaiting, 0)
		}
		f.happen(9, "other", engine.RunWaiting, 0)
		f.happen(10, "w", engine.RunSucceeded, 0)
		ctx := engine.WithActor(f.ctx, engine.Actor{Kind: engine.UserActor, Name: "ada@example.com"})
		first, err := f.CancelRuns(ctx, "w", 0, "Enough.", 3)
		f.ok(err)
		wrong, err := f.CancelRuns(ctx, "w", 2, "Enough.", 3)
		f.ok(err)
		second, err := f.CancelRuns(ctx, "w", 1, "Enough.", 3)
		f.ok(err)
		if len(first) != 3 || len(wrong) != 0 || len(second) != 2 {
			f.t.Fatalf("got %d, %d, %d", len(first), len(wrong), len(second))
		}
		r, err := f.Run(f.ctx, first[0].ID)
		f.ok(err)
		if r.Status != engine.RunCancelled || r.Reason != "Enough." || r.FinishedAt == nil || r.NextAttemptAt != nil {
			f.t.Fatalf("got %+v", r)
		}
		f.jobs(1, 0) // the other workflow's
		log, _, err := f.Audit(f.ctx, engine.AuditFilter{Action: "workflow.cancel_runs"}, engine.Page{})
		f.ok(err)
		if len(log) != 2 || log[0].ObjectID != "w" || log[0].Actor.Name != "ada@example.com" || !strings.Contains(string(log[1].After), `"cancelled_runs":3`) {
			f.t.Fatalf("got %+v", log)
		}
	}},
	{"a run that waits for a person is counted as held", func(f fixture) {
		f.publish("w")
		f.happen(1, "w", engine.RunWaiting, 0)
		n, oldest, err := f.HeldRuns(f.ctx)
		f.ok(err)
		if n != 0 || oldest != nil {
			f.t.Fatalf("got %d, %+v", n, oldest)
		}
		_, id := f.happen(2, "w", engine.RunRunning, 0)
		_, err = f.SaveRun(f.ctx, engine.RunChange{RunID: id, Revision: 1, Status: engine.RunWaiting, Reason: "Step x is held.", Job: runJob(id, 1),
			Steps: []engine.StepState{{StepID: "x", Status: engine.StepHeld, Attempts: make([]engine.Attempt, 2)}, {StepID: "a", Status: engine.StepSucceeded, Attempts: make([]engine.Attempt, 1)}}})
		f.ok(err)
		n, oldest, err = f.HeldRuns(f.ctx)
		f.ok(err)
		if n != 1 || oldest.ID != id {
			f.t.Fatalf("got %d, %+v", n, oldest)
		}
		facts, err := f.RunFacts(f.ctx, []engine.Run{*oldest})
		f.ok(err)
		f.same([]engine.RunFacts{{StepID: "x", Attempts: 3}}, facts)
	}},
	{"a run that has failed stands at the step that ended it", func(f fixture) {
		f.publish("w")
		_, id := f.happen(1, "w", engine.RunRunning, 0)
		failed := func(step string, after time.Duration) engine.StepState {
			return engine.StepState{StepID: step, Status: engine.StepFailed, EndedAt: ref(f.clock.now().Add(after))}
		}
		r := engine.Run{ID: id, Status: engine.RunFailed, FinishedAt: ref(f.clock.now())}
		_, err := f.SaveRun(f.ctx, engine.RunChange{RunID: id, Revision: 1, Status: engine.RunFailed, FinishedAt: r.FinishedAt, Job: runJob(id, 1),
			Steps: []engine.StepState{failed("a", time.Second), failed("b", time.Minute), failed("z", 2*time.Second)}}) // the run went on after a and z
		f.ok(err)
		facts, err := f.RunFacts(f.ctx, []engine.Run{r})
		f.ok(err)
		f.same([]engine.RunFacts{{StepID: "b"}}, facts)
	}},
	{"what is known of an authentication adds up and goes with it", func(f fixture) {
		f.ok(f.AddAuthentication(f.ctx, engine.Authentication{ID: "mail", Name: "Mail", Type: "smtp"}))
		at := f.clock.now()
		f.ok(f.SaveHealths(f.ctx, map[string]engine.Health{"mail": {FailedAt: &at, Error: "No.", TestedAt: &at}, "none": {OKAt: &at}}))
		f.ok(f.SaveHealths(f.ctx, map[string]engine.Health{"mail": {OKAt: &at}}))
		got, err := f.Healths(f.ctx)
		f.ok(err)
		f.same(map[string]engine.Health{"mail": {OKAt: &at, FailedAt: &at, Error: "No.", TestedAt: &at}}, got)
		f.ok(f.DeleteAuthentication(f.ctx, "mail", 0))
		got, err = f.Healths(f.ctx)
		f.ok(err)
		f.same(map[string]engine.Health{}, got)
	}},
	{"an alert is claimed once in its time", func(f fixture) {
		claim := func(want bool) {
			f.t.Helper()
			got, err := f.ClaimAlert(f.ctx, "hook/shop", f.clock.now().Add(-24*time.Hour))
			f.ok(err)
			if got != want {
				f.t.Fatalf("got %t, want %t", got, want)
			}
		}
		claim(true)
		claim(false)
		f.ok(f.DropAlert(f.ctx, "hook/shop"))
		claim(true)
		f.clock.add(23 * time.Hour)
		claim(false)
		f.clock.add(time.Hour)
		claim(true)
	}},
}

var placeholders = regexp.MustCompile(`\$\d+`)

// Looking back at much must not read rows: every count walks an index that holds all it needs.
func TestCountsWalkAnIndexAlone(t *testing.T) {
	dir := t.TempDir()
	setup(t, store.Options{Dir: dir, Exclusive: true})
	db := raw(t, dir)
	for name, q := range store.CountQueries() {
		walked := false
		for _, step := range plan(t, db, placeholders.ReplaceAllString(q, "'x'")) {
			scans, searches := strings.HasPrefix(step, "SCAN r "), strings.HasPrefix(step, "SEARCH r ")
			if scans || searches {
				walked = true
				if !strings.Contains(step, "COVERING INDEX") || scans {
					t.Errorf("%s: %s", name, step)
				}
			}
		}
		if !walked {
			t.Errorf("%s does not look at runs", name)
		}
	}
}
