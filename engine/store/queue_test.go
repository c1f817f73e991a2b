package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/store"
)

// pool is a running Work whose calls a test sees and answers.
type pool struct {
	fixture
	calls chan call
	stop  func()
}

type call struct {
	engine.Job
	answer chan error
}

func newPool(t *testing.T, workers int) pool {
	t.Helper()
	return poolOn(setup(t, store.Options{Exclusive: true}), workers)
}

func poolOn(f fixture, workers int) pool {
	f.t.Helper()
	p := pool{fixture: f, calls: make(chan call)}
	ctx, cancel := context.WithCancel(f.ctx)
	done := make(chan error, 1)
	go func() {
		done <- f.Work(ctx, workers, func(ctx context.Context, j engine.Job) error {
			c := call{j, make(chan error)}
			select {
			case p.calls <- c:
				return <-c.answer
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	p.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			f.t.Errorf("Work: %v", err)
		}
	})
	f.t.Cleanup(p.stop)
	return p
}

// next waits for a call.
func (p pool) next() call {
	p.t.Helper()
	select {
	case c := <-p.calls:
		return c
	case <-time.After(10 * time.Second):
		p.t.Fatal("no job was handed out")
		return call{}
	}
}

// quiet checks that nothing is handed out. The look at the queue that would do it
// is asked for; a short while is left to it.
func (p pool) quiet() {
	p.t.Helper()
	p.Wake()
	select {
	case c := <-p.calls:
		c.answer <- nil // so that its worker can end
		p.t.Fatalf("job %+v was handed out", c.Job)
	case <-time.After(50 * time.Millisecond):
	}
}

func (p pool) enqueue(ref string, in time.Duration) {
	p.t.Helper()
	p.ok(p.Enqueue(p.ctx, engine.Job{Kind: engine.RunJob, Ref: ref, Due: p.clock.now().Add(in)}))
}

// finish ends a job as its handler would.
func (p pool) finish(c call) {
	p.t.Helper()
	p.ok(p.FinishJob(p.ctx, c.Job))
	c.answer <- nil
}

func (p pool) move(d time.Duration) {
	p.clock.add(d)
	p.Wake()
}

func TestAJobIsHandedOutWhenItIsDueAndNeverBefore(t *testing.T) {
	p := newPool(t, 4)
	p.enqueue("later", time.Hour)
	p.enqueue("now", 0)
	c := p.next()
	p.same("now", c.Ref)
	p.finish(c)
	p.move(time.Hour - time.Microsecond)
	p.quiet()
	p.move(time.Microsecond)
	c = p.next()
	p.same("later", c.Ref)
	p.same(int64(1), c.Gen)
	p.finish(c)
	p.quiet()
	p.jobs(0, 0)
}

func TestAJobIsNeverHandedOutTwiceAtOnce(t *testing.T) {
	p := newPool(t, 4)
	p.enqueue("a", 0)
	first := p.next()
	p.enqueue("a", 0)
	p.quiet()
	p.finish(first) // it was asked for again meanwhile: still there, and due
	second := p.next()
	p.same(int64(2), second.Gen)
	p.finish(second)
	p.quiet()
}

func TestNoMoreJobsAreOutThanThereAreWorkers(t *testing.T) {
	p := newPool(t, 2)
	for i := range 5 {
		p.enqueue(fmt.Sprint(i), 0)
	}
	out := []call{p.next(), p.next()}
	p.quiet()
	for range 3 {
		p.finish(out[0])
		out = append(out[1:], p.next())
	}
	p.finish(out[0])
	p.finish(out[1])
	p.quiet()
	p.jobs(0, 0)
}

func TestAJobThatIsLeftAsItWasRests(t *testing.T) {
	p := newPool(t, 1)
	p.enqueue("a", 0)
	for i, pause := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 32 * time.Second, time.Minute, time.Minute} {
		c := p.next()
		c.answer <- []error{nil, errors.New("failed")}[i%2]
		p.quiet()
		p.move(pause - time.Millisecond)
		p.quiet()
		p.move(time.Millisecond)
	}
	p.finish(p.next())
	p.enqueue("a", 0) // its rests are forgotten
	p.finish(p.next())
	p.quiet()
}

func TestARestEndsWhenTheJobIsAskedFor(t *testing.T) {
	p := newPool(t, 1)
	p.enqueue("a", 0)
	p.next().answer <- nil
	p.quiet()
	p.enqueue("a", 0)
	p.finish(p.next())
}

func TestOneRestingJobHoldsUpNoOther(t *testing.T) {
	p := newPool(t, 1)
	p.enqueue("a", 0)
	p.next().answer <- errors.New("failed")
	p.enqueue("b", 0)
	c := p.next()
	p.same("b", c.Ref)
	p.finish(c)
}

func TestALongQueueIsWorkedOff(t *testing.T) {
	p := newPool(t, 8)
	const jobs = 1000
	batch := make([]engine.Job, jobs)
	for i := range batch {
		batch[i] = engine.Job{Kind: engine.EventJob, Ref: fmt.Sprint(i)}
	}
	p.ok(p.Enqueue(p.ctx, batch...))
	seen := map[string]bool{}
	for range jobs {
		c := p.next()
		if seen[c.Ref] {
			t.Fatalf("job %s was handed out twice", c.Ref)
		}
		seen[c.Ref] = true
		go p.finish(c)
	}
	p.quiet()
	p.jobs(0, 0)
}

func TestADelayRunsOnTheRealClockWithoutBeingWoken(t *testing.T) {
	f := setup(t, store.Options{Exclusive: true, Now: time.Now})
	ctx, cancel := context.WithCancel(f.ctx)
	defer cancel()
	due := time.Now().Add(150 * time.Millisecond)
	f.ok(f.Enqueue(ctx, engine.Job{Kind: engine.RunJob, Ref: "a", Due: due}))
	var began time.Time
	f.ok(f.Work(ctx, 1, func(ctx context.Context, j engine.Job) error {
		began = time.Now()
		cancel()
		return nil
	}))
	if late := began.Sub(due); late < 0 || late > 2*time.Second {
		t.Fatalf("the job ran %v after its time", late)
	}
}

func TestEverythingUnfinishedIsHandedOutAfterARestart(t *testing.T) {
	dir := t.TempDir()
	f := setup(t, store.Options{Dir: dir, Exclusive: true})
	f.ok(f.Enqueue(f.ctx, engine.Job{Kind: engine.RunJob, Ref: "a"}))
	for range 2 { // each start finds it, as none finishes it
		ctx, cancel := context.WithCancel(f.ctx)
		f.ok(f.Work(ctx, 1, func(context.Context, engine.Job) error { cancel(); return nil }))
		f.ok(f.Close())
		f = setup(t, store.Options{Dir: dir, Exclusive: true})
	}
	f.jobs(1, 1)
}

func TestWorkIsDoneOnce(t *testing.T) {
	p := newPool(t, 1)
	p.enqueue("a", 0)
	c := p.next()
	p.code(engine.Conflict, p.Work(p.ctx, 1, nil))
	p.finish(c)
	p.stop()
	ctx, cancel := context.WithCancel(p.ctx)
	cancel()
	p.ok(p.Work(ctx, 1, nil))
}

// New jobs go past the table while others make the loop read it: none may come both ways.
func TestANewJobIsHandedOutOnceWhileTheTableIsRead(t *testing.T) {
	f := setup(t, store.Options{Exclusive: true})
	f.publish("w")
	const senders, each = 8, 250
	var mu sync.Mutex
	handed := map[string]int{}
	all := make(chan struct{})
	ctx, cancel := context.WithCancel(f.ctx)
	done := make(chan error, 1)
	go func() {
		done <- f.Work(ctx, 16, func(ctx context.Context, j engine.Job) error {
			mu.Lock()
			handed[j.Ref]++
			if len(handed) == senders*each && handed[j.Ref] == 1 {
				defer close(all)
			}
			mu.Unlock()
			return f.FailEvent(context.WithoutCancel(ctx), engine.Event{ID: j.Ref, Reason: "x"}, j)
		})
	}()
	var sending sync.WaitGroup
	for s := range senders {
		sending.Go(func() {
			for n := range each {
				if _, err := f.AddEvents(f.ctx, f.event(s*each+n, s*each+n)); err != nil {
					t.Error(err)
				}
				f.Wake()
			}
		})
	}
	sending.Wait()
	select {
	case <-all:
	case <-time.After(30 * time.Second):
		t.Errorf("only %d of %d jobs were handed out", len(handed), senders*each)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	for ref, n := range handed {
		if n != 1 {
			t.Errorf("%s was handed out %d times", ref, n)
		}
	}
}

func TestOnlyTheEngineOfTheFolderWorks(t *testing.T) {
	f := setup(t, store.Options{})
	f.code(engine.Conflict, f.Work(f.ctx, 1, nil))
}

func TestWorkEndsWithTheStore(t *testing.T) {
	f := setup(t, store.Options{Exclusive: true})
	done := make(chan error, 1)
	go func() { done <- f.Work(context.WithoutCancel(f.ctx), 1, nil) }()
	f.ok(f.Close())
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}
