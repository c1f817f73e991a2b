package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/store"
)

// ready waits until p's queue knows all that is to be done, so that new jobs need no rows.
func (p pool) ready() {
	p.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !p.Adopted(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			p.t.Fatal("the queue does not know what the last life has left")
		}
	}
	p.publish("w")
	p.add(p.event(0, 0))
	c := p.next()
	p.ok(p.FailEvent(p.ctx, engine.Event{ID: c.Ref, Reason: "x"}, c.Job))
	c.answer <- nil
	p.quiet()
	p.jobs(0, 0)
}

func (p pool) rows() int {
	p.t.Helper()
	n, err := p.Count(p.ctx, "job")
	p.ok(err)
	return n
}

func TestANewEventNeedsNoRowInTheQueue(t *testing.T) {
	p := newPool(t, 4)
	p.ready()
	p.add(p.event(1, 1))
	c := p.next()
	p.same(p.event(1, 1).ID, c.Ref)
	p.same(0, p.rows())
	p.jobs(1, 1)
	stats, err := p.Stats(p.ctx)
	p.ok(err)
	p.same(p.clock.now(), stats.OldestDue)
	p.ok(p.FailEvent(p.ctx, engine.Event{ID: c.Ref, Reason: "x"}, c.Job))
	p.jobs(0, 0) // although its worker has not come back
	c.answer <- nil
	p.quiet()
	p.jobs(0, 0)
}

// Whoever worked on it has died: the next ones find it by its event, and its run by its run.
func TestWhatHadNoRowIsFoundByTheNextLife(t *testing.T) {
	dir := t.TempDir()
	f := setup(t, store.Options{Dir: dir, Exclusive: true})
	p := poolOn(f, 4)
	p.ready()
	p.add(p.event(1, 1), p.event(2, 2), p.event(3, 3))
	var calls []call
	for range 3 {
		calls = append(calls, p.next())
	}
	decided := calls[0]
	_, err := p.SaveDecisions(p.ctx, engine.Decided{EventID: decided.Ref, Decisions: []engine.Decision{fired("w", "run-1")}, Job: decided.Job,
		Matches: []engine.Match{{Carry: "what is known", Start: &engine.RunChange{Status: engine.RunRunning, Hold: true}}}})
	p.ok(err)
	decided.answer <- nil
	begun := p.next()
	p.same("run-1", begun.Ref)
	p.same(any("what is known"), begun.Carry)
	p.ok(p.SaveWait(p.ctx, engine.Event{ID: calls[2].Ref, Reason: "The store refuses."}, calls[2].Job)) // nobody is to look at it
	p.same(0, p.rows())
	for _, c := range append(calls[1:], begun) {
		c.answer <- errors.New("killed")
	}
	p.stop()
	p.ok(p.Close())

	p = poolOn(setup(t, store.Options{Dir: dir, Exclusive: true}), 4)
	p.jobs(2, 2)
	found := map[string]bool{}
	for range 2 {
		c := p.next()
		found[c.Ref] = true
		p.same(int64(1), c.Gen)
		p.finish(c)
	}
	if !found["run-1"] || !found[calls[1].Ref] {
		t.Errorf("got %v, want the run and the event that had begun", found)
	}
	p.quiet()
}

func TestAJobWithoutARowComesBackAfterARest(t *testing.T) {
	p := newPool(t, 4)
	p.ready()
	p.add(p.event(1, 1))
	p.next().answer <- errors.New("the disk is full")
	p.quiet()
	p.jobs(1, 1)
	p.move(time.Second)
	c := p.next()
	p.same(p.event(1, 1).ID, c.Ref)
	p.same(nil, c.Carry)
	c.answer <- nil // it has done nothing: the rest is longer
	p.quiet()
	p.move(time.Second)
	p.quiet()
	p.move(time.Second)
	p.finish(p.next())
	p.quiet()
	p.jobs(0, 0)
}

func TestAJobWithoutARowThatIsAskedForMeanwhileComesAgain(t *testing.T) {
	p := newPool(t, 4)
	p.ready()
	p.add(p.event(1, 1))
	c := p.next()
	p.ok(p.WakeEvents(p.ctx, shop)) // its authentication was changed
	p.quiet()
	p.finish(c)
	again := p.next()
	p.same(c.Ref, again.Ref)
	p.same(int64(1), again.Gen)
	p.finish(again)
	p.quiet()
}

// A promise that was made in a transaction which is undone does not use room up for ever.
func TestAPromiseThatIsUndoneIsTakenBack(t *testing.T) {
	p := newPool(t, 1)
	p.ready()
	twin := p.event(2, 2)
	twin.ID = p.event(0, 0).ID // which the database refuses
	for range store.MaxReady {
		if _, err := p.AddEvents(p.ctx, p.event(1, 1), twin); err == nil {
			t.Fatal("two events with one id were stored")
		}
	}
	p.add(p.event(1, 1))
	p.same(0, p.rows())
	c := p.next()
	p.ok(p.FailEvent(p.ctx, engine.Event{ID: c.Ref, Reason: "x"}, c.Job))
	c.answer <- nil
}

// More than memory should hold goes to the table.
func TestWhatMemoryShouldNotHoldHasRows(t *testing.T) {
	p := newPool(t, 1)
	p.ready()
	const more = 100
	for n := range store.MaxReady + more {
		p.add(p.event(1+n, 1+n))
	}
	p.jobs(store.MaxReady+more, store.MaxReady+more)
	if n := p.rows(); n < more-10 || n > more {
		t.Errorf("%d rows, want those that found no room", n)
	}
	for range store.MaxReady + more {
		c := p.next()
		p.ok(p.FailEvent(context.WithoutCancel(p.ctx), engine.Event{ID: c.Ref, Reason: "x"}, c.Job))
		c.answer <- nil
	}
	p.quiet()
	p.jobs(0, 0)
}
