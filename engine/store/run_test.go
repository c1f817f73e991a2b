package store_test

import (
	"encoding/json"
	"fmt"
	"time"

	"cartwheel/engine"
)

func runJob(id string, gen int64) engine.Job {
	return engine.Job{Kind: engine.RunJob, Ref: id, Gen: gen}
}

var runSpecs = []spec{
	{"a run comes back with its steps and attempts", func(f fixture) {
		f.publish("w")
		r := f.run(f.event(1, 1), "w", "run-1")
		now := f.clock.now()
		first := engine.Attempt{Number: 1, StartedAt: now}
		tell := engine.StepState{StepID: "tell", Status: engine.StepRunning, Request: json.RawMessage(`{"url":"https://example.com"}`), Attempts: []engine.Attempt{first}}
		revision, err := f.SaveRun(f.ctx, engine.RunChange{RunID: r.ID, Revision: r.Revision, Status: engine.RunRunning, Steps: []engine.StepState{tell},
			Job: runJob(r.ID, 1), Hold: true})
		f.ok(err)
		f.jobs(1, 1)
		first.Began, first.FinishedAt, first.Error, first.Request, first.Response = true, &now, "503", "POST /", "busy"
		tell.Status, tell.Reason, tell.NextAttemptAt, tell.Since = engine.StepWaiting, "The host is busy.", ref(now.Add(time.Minute)), 1
		tell.Output = json.RawMessage(`{"status":503}`)
		tell.Attempts = []engine.Attempt{first, {Number: 2, StartedAt: now}}
		_, err = f.SaveRun(f.ctx, engine.RunChange{RunID: r.ID, Revision: revision, Status: engine.RunWaiting, Reason: "Waits.", NextAttemptAt: tell.NextAttemptAt,
			Steps: []engine.StepState{tell}, Job: runJob(r.ID, 1), Next: tell.NextAttemptAt})
		f.ok(err)
		got, err := f.Run(f.ctx, r.ID)
		f.ok(err)
		r.Status, r.Reason, r.Revision, r.NextAttemptAt, r.Steps = engine.RunWaiting, "Waits.", 3, tell.NextAttemptAt, []engine.StepState{tell}
		f.same(r, got)
	}},
	{"a run that was changed meanwhile is not saved", func(f fixture) {
		f.publish("w")
		r := f.run(f.event(1, 1), "w", "run-1")
		_, err := f.SaveRun(f.ctx, engine.RunChange{RunID: r.ID, Revision: 7, Status: engine.RunFailed, Steps: []engine.StepState{{StepID: "x"}}})
		f.code(engine.Conflict, err)
		got, err := f.Run(f.ctx, r.ID)
		f.ok(err)
		f.same(r, got)
		_, err = f.SaveRun(f.ctx, engine.RunChange{RunID: "none", Revision: 1})
		f.code(engine.NotFound, err)
		_, err = f.Run(f.ctx, "none")
		f.code(engine.NotFound, err)
	}},
	{"the run's job follows the change", func(f fixture) {
		f.publish("w")
		later := f.clock.now().Add(time.Hour)
		for i, c := range []struct {
			name       string
			asked      int // how often the job was asked for meanwhile
			change     engine.RunChange
			depth, due int
		}{
			{"done with", 0, engine.RunChange{Job: runJob("", 1)}, 0, 0},
			{"goes on later", 0, engine.RunChange{Job: runJob("", 1), Next: &later}, 1, 0},
			{"left alone", 0, engine.RunChange{Job: runJob("", 1), Hold: true}, 1, 1},
			{"done with, but asked for", 1, engine.RunChange{Job: runJob("", 1)}, 1, 1},
			{"later, but asked for", 1, engine.RunChange{Job: runJob("", 1), Next: &later}, 1, 1},
			{"a person ends it", 1, engine.RunChange{}, 0, 0},
			{"a person goes on", 0, engine.RunChange{Next: &later}, 1, 1}, // what is due stays due
			{"a person changes a note", 0, engine.RunChange{Hold: true}, 1, 1},
		} {
			r := f.run(f.event(i, i), "w", fmt.Sprint("run-", i))
			for range c.asked {
				f.ok(f.Enqueue(f.ctx, engine.Job{Kind: engine.RunJob, Ref: r.ID, Due: later.Add(time.Hour)}))
			}
			c.change.RunID, c.change.Revision, c.change.Status = r.ID, r.Revision, engine.RunWaiting
			if c.change.Job.Kind != "" {
				c.change.Job.Ref = r.ID
			}
			_, err := f.SaveRun(f.ctx, c.change)
			f.ok(err)
			f.t.Log(c.name)
			f.jobs(c.depth, c.due)
			for gen := range int64(3) {
				f.ok(f.FinishJob(f.ctx, runJob(r.ID, 1+gen)))
			}
			f.jobs(0, 0)
		}
	}},
	{"a person's retry asks for the job again", func(f fixture) {
		f.publish("w")
		r := f.run(f.event(1, 1), "w", "run-1")
		now := f.clock.now()
		_, err := f.SaveRun(f.ctx, engine.RunChange{RunID: r.ID, Revision: 1, Status: engine.RunFailed, FinishedAt: &now, Job: runJob(r.ID, 1)})
		f.ok(err)
		f.jobs(0, 0)
		_, err = f.SaveRun(f.ctx, engine.RunChange{RunID: r.ID, Revision: 2, Status: engine.RunRunning, Next: &now})
		f.ok(err)
		f.jobs(1, 1)
		got, err := f.Run(f.ctx, r.ID)
		f.ok(err)
		if got.FinishedAt != nil {
			f.t.Fatalf("got finished at %v, want a run that goes on", got.FinishedAt)
		}
	}},
	{"runs are listed newest first, by filters and pages", func(f fixture) {
		f.publish("w")
		for n := range 6 {
			e := f.event(n, n)
			f.add(e)
			_, err := f.SaveDecisions(f.ctx, engine.Decided{EventID: e.ID, Emails: []string{fmt.Sprintf("shopper%d@example.com", n%2)},
				Decisions: []engine.Decision{fired([]string{"w", "x", "x"}[n%3], fmt.Sprint("run-", n))}, Matches: []engine.Match{{}}})
			f.ok(err)
		}
		_, err := f.SaveRun(f.ctx, engine.RunChange{RunID: "run-4", Revision: 1, Status: engine.RunSucceeded, FinishedAt: ref(f.clock.now())})
		f.ok(err)
		for filter, want := range map[engine.RunFilter]string{
			{}:                                   "[run-5 run-4 run-3 run-2 run-1 run-0]",
			{WorkflowID: "w"}:                    "[run-3 run-0]",
			{EventID: "event-000002"}:            "[run-2]",
			{Email: "Shopper1@example.com"}:      "[run-5 run-3 run-1]",
			{AuthenticationID: shop}:             "[run-5 run-4 run-3 run-2 run-1 run-0]",
			{AuthenticationID: "other"}:          "[]",
			{Status: engine.RunSucceeded}:        "[run-4]",
			{Status: engine.RunRunning}:          "[run-5 run-3 run-2 run-1 run-0]",
			{Status: "running", WorkflowID: "x"}: "[run-5 run-2 run-1]",
			{Status: "running", WorkflowID: "x", AuthenticationID: shop, Email: "shopper1@example.com", EventID: "event-000005"}: "[run-5]",
		} {
			got := pages(f, 2, func(p engine.Page) ([]engine.Run, string, error) { return f.Runs(f.ctx, filter, p) }, func(r engine.Run) string { return r.ID })
			if fmt.Sprint(got) != want {
				f.t.Errorf("filter %+v: got %v, want %s", filter, got, want)
			}
		}
		badCursors(f, func(p engine.Page) error { _, _, err := f.Runs(f.ctx, engine.RunFilter{}, p); return err })
	}},
}
