package store_test

import (
	"fmt"
	"time"

	"cartwheel/engine"
)

const day = 24 * time.Hour

var upkeepSpecs = []spec{
	{"a setting is kept and replaced", func(f fixture) {
		_, err := f.Setting(f.ctx, "key")
		f.code(engine.NotFound, err)
		for _, want := range []string{"one", "two", ""} {
			f.ok(f.SetSetting(f.ctx, "key", want))
			got, err := f.Setting(f.ctx, "key")
			f.ok(err)
			f.same(want, got)
		}
	}},
	{"an earlier time wins, and asking again counts", func(f fixture) {
		now := f.clock.now()
		j := engine.Job{Kind: engine.SubscribeJob, Ref: shop}
		for _, due := range []time.Duration{time.Hour, time.Minute, 2 * time.Hour} {
			j.Due = now.Add(due)
			f.ok(f.Enqueue(f.ctx, j))
		}
		f.clock.add(time.Minute - time.Millisecond)
		f.jobs(1, 0)
		f.clock.add(time.Millisecond)
		f.jobs(1, 1)
		stats, err := f.Stats(f.ctx)
		f.ok(err)
		f.same(now.Add(time.Minute), stats.OldestDue)
		j.Gen = 2
		f.ok(f.FinishJob(f.ctx, j)) // it was asked for three times
		f.jobs(1, 1)
		j.Gen = 3
		f.ok(f.FinishJob(f.ctx, j))
		f.jobs(0, 0)
		f.ok(f.FinishJob(f.ctx, j)) // and once more does no harm
	}},
	{"a job is never due a part of a millisecond early", func(f fixture) {
		f.ok(f.Enqueue(f.ctx, engine.Job{Kind: engine.RunJob, Ref: "r", Due: f.clock.now().Add(time.Microsecond)}))
		f.jobs(1, 0)
		f.clock.add(999 * time.Microsecond)
		f.jobs(1, 0)
		f.clock.add(time.Microsecond)
		f.jobs(1, 1)
	}},
	{"history goes when it is old, in parts, and unfinished things stay", deleteHistory},
	{"the keys of events outlive their bodies, and go when they are old", func(f fixture) {
		e := f.event(1, 1)
		f.add(e)
		f.clock.add(10 * day)
		n, err := f.deleteOld(time.Time{}, f.clock.now(), f.clock.now().Add(-35*day), 100)
		f.ok(err)
		f.same(1, n)
		got, err := f.Event(f.ctx, e.ID)
		f.ok(err)
		f.same(0, len(got.Body))
		again := f.event(2, 1)
		again.Key = e.Key
		added, err := f.AddEvents(f.ctx, again)
		f.ok(err)
		f.same(true, added[0].Duplicate)
		f.clock.add(30 * day)
		_, err = f.deleteOld(time.Time{}, time.Time{}, f.clock.now().Add(-35*day), 100)
		f.ok(err)
		f.add(again)
	}},
	{"once_per remembers for more than a year, then forgets", func(f fixture) {
		f.publish("w")
		for n, want := range []bool{true, false, true} {
			e := f.event(n, n)
			f.add(e)
			saved, err := f.SaveDecisions(f.ctx, engine.Decided{EventID: e.ID, Decisions: []engine.Decision{fired("w", fmt.Sprint("run-", n))},
				Matches: []engine.Match{{OncePer: "order", OnceKey: "order/id/1"}}})
			f.ok(err)
			f.same(want, saved[0].Matched)
			f.clock.add(201 * day)
			_, err = f.deleteOld(time.Time{}, time.Time{}, time.Time{}, 10)
			f.ok(err)
		}
	}},
	{"the store is ready and can be tended", func(f fixture) {
		f.ok(f.Ready(f.ctx))
		f.ok(f.Checkpoint(f.ctx))
		f.ok(f.Optimize(f.ctx))
	}},
	{"a closed store says so", func(f fixture) {
		f.ok(f.Close())
		f.ok(f.Close())
		_, err := f.Event(f.ctx, "x")
		f.code(engine.Temporary, err)
		f.code(engine.Temporary, f.SetSetting(f.ctx, "a", "b"))
		f.code(engine.Temporary, f.Ready(f.ctx))
		f.code(engine.Temporary, f.Checkpoint(f.ctx))
	}},
}

func deleteHistory(f fixture) {
	f.publish("w")
	for n := range 6 {
		r := f.run(f.event(n, n), "w", fmt.Sprint("run-", n))
		if n < 5 {
			_, err := f.SaveRun(f.ctx, engine.RunChange{RunID: r.ID, Revision: 1, Status: engine.RunSucceeded, FinishedAt: ref(f.clock.now()), Job: runJob(r.ID, 1),
				Steps: []engine.StepState{{StepID: "s", Status: engine.StepSucceeded, Attempts: []engine.Attempt{{Number: 1}}}}})
			f.ok(err)
		}
	}
	f.add(f.event(8, 8)) // accepted
	f.clock.add(day)
	f.add(f.event(9, 9))
	left := func(want string) {
		f.t.Helper()
		runs, _, err := f.Runs(f.ctx, engine.RunFilter{}, engine.Page{})
		f.ok(err)
		events, _, err := f.Events(f.ctx, engine.EventFilter{}, engine.Page{})
		f.ok(err)
		f.same(want, fmt.Sprintf("%d runs, %d events", len(runs), len(events)))
	}
	left("6 runs, 8 events")
	cutoff := f.clock.now().Add(-time.Hour)
	for _, step := range []struct {
		gone int
		left string
	}{{4, "2 runs, 8 events"}, {4, "1 runs, 5 events"}, {2, "1 runs, 3 events"}, {0, "1 runs, 3 events"}} {
		n, err := f.deleteOld(cutoff, time.Time{}, time.Time{}, 4)
		f.ok(err)
		f.same(step.gone, n)
		left(step.left)
	}
}

// deleteOld begins a walk and removes its first part.
func (f fixture) deleteOld(runs, bodies, keys time.Time, limit int) (int, error) {
	n, _, err := f.OldHistory(runs, bodies, keys).Delete(f.ctx, limit)
	return n, err
}
