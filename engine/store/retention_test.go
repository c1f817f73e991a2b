package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/store"
)

// Retention takes what is old, in batches, while events come in: no write waits long, what is not finished stays,
// and the file becomes smaller.
func TestRetentionHoldsNobodyUpAndGivesSpaceBack(t *testing.T) {
	runs, dir := size(1_500, 300_000), t.TempDir()
	f := setup(t, store.Options{Dir: dir, Exclusive: true, Durability: "normal"})
	f.fillHistory(runs, 15_000, 60*day)
	f.ok(f.Checkpoint(f.ctx))
	before := fileSize(t, dir)
	now := f.clock.add(95 * day)

	ctx, stop := context.WithCancel(t.Context())
	l := startLoad(ctx, f, 10*time.Millisecond)
	gone, batches, longest := 0, 0, time.Duration(0)
	for n := 100; n == 100; batches++ {
		began := time.Now()
		var err error
		n, err = f.deleteOld(now.Add(-90*day), now.Add(-30*day), now.Add(-35*day), 100)
		f.ok(err)
		gone, longest = gone+n, max(longest, time.Since(began))
		if n > 100 {
			t.Fatalf("a batch of %d rows, want at most 100", n)
		}
	}
	steps := 0
	for more := true; more; steps++ {
		began := time.Now()
		var err error
		more, err = f.Reclaim(f.ctx)
		f.ok(err)
		longest = max(longest, time.Since(began))
	}
	stop()
	stall := l.wait()
	f.ok(f.Checkpoint(f.ctx))
	after := fileSize(t, dir)
	if stall > guard*100*time.Millisecond || longest > guard*100*time.Millisecond {
		t.Errorf("a write took %s, a batch %s", stall, longest)
	}
	if after > before/2 {
		t.Errorf("the file has %d bytes, it had %d", after, before)
	}
	left, _, err := f.Runs(f.ctx, engine.RunFilter{Status: engine.RunSucceeded}, engine.Page{})
	f.ok(err)
	waiting := pages(f, 200, func(p engine.Page) ([]engine.Run, string, error) {
		return f.Runs(f.ctx, engine.RunFilter{Status: engine.RunWaiting, WorkflowID: "w05"}, p)
	}, func(r engine.Run) string { return r.ID })
	if len(left) > 0 || len(waiting) == 0 {
		t.Errorf("%d runs that ended are left, and %d that wait; want none and some", len(left), len(waiting))
	}
	checkIntegrity(t, dir)
	t.Logf("%d rows in %d batches and %d steps, the longest %s; %d events came in meanwhile, the longest write %s; %.1f MB became %.1f",
		gone, batches, steps, longest, len(l.ids()), stall, float64(before)/1e6, float64(after)/1e6)
}

// A run that a person has tried again while it was old and about to go stays, with its steps.
func TestRetentionSparesWhatIsTakenUpAgain(t *testing.T) {
	f := setup(t, store.Options{Exclusive: true})
	f.publish("w")
	for n := range 40 {
		r := f.run(f.event(n, n), "w", fmt.Sprintf("run-%02d", n))
		_, err := f.SaveRun(f.ctx, engine.RunChange{RunID: r.ID, Revision: 1, Status: engine.RunFailed, FinishedAt: ref(f.clock.now()), Job: runJob(r.ID, 1),
			Steps: []engine.StepState{{StepID: "s", Status: engine.StepFailed}}})
		f.ok(err)
	}
	now := f.clock.add(100 * day)
	var both sync.WaitGroup
	both.Go(func() {
		for range 8 {
			if _, err := f.deleteOld(now.Add(-90*day), now, now, 10); err != nil {
				t.Error(err)
			}
		}
	})
	again := map[string]bool{}
	for n := 39; n >= 0; n-- {
		id := fmt.Sprintf("run-%02d", n)
		_, err := f.SaveRun(f.ctx, engine.RunChange{RunID: id, Revision: 2, Status: engine.RunRunning, Next: ref(now),
			Steps: []engine.StepState{{StepID: "s", Status: engine.StepRunning}}})
		again[id] = err == nil
	}
	both.Wait()
	for id, taken := range again {
		r, err := f.Run(f.ctx, id)
		switch {
		case taken && err != nil:
			t.Errorf("%s was taken up again and is gone: %v", id, err)
		case taken && len(r.Steps) != 1:
			t.Errorf("%s was taken up again and has lost its steps", id)
		case taken:
			if _, err := f.Event(f.ctx, r.EventID); err != nil {
				t.Errorf("%s was taken up again and its event is gone: %v", id, err)
			}
		}
	}
}
