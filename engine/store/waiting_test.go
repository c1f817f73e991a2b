package store_test

import (
	"testing"

	"cartwheel/engine"
	"cartwheel/engine/store"
)

// Over the limit new events are refused, nothing of them is kept, and there is room again when one has been decided.
func TestEventsAreRefusedWhenTooManyWait(t *testing.T) {
	dir := t.TempDir()
	f := setup(t, store.Options{Dir: dir, Exclusive: true, MaxWaiting: 3})
	f.publish("w")
	f.add(f.event(1, 1), f.event(2, 2))
	_, err := f.AddEvents(f.ctx, f.event(3, 3), f.event(4, 4))
	f.code(engine.Temporary, err)
	f.add(f.event(3, 3)) // which was undone with the other
	_, err = f.AddEvents(f.ctx, f.event(4, 4))
	f.code(engine.Temporary, err)
	unused := f.event(5, 5)
	unused.Trigger = "nobody.listens"
	f.add(unused) // it waits for nothing

	f.ok(f.Close())
	f = setup(t, store.Options{Dir: dir, Exclusive: true, MaxWaiting: 3})
	_, err = f.AddEvents(f.ctx, f.event(4, 4))
	f.code(engine.Temporary, err)
	f.same(true, f.Learned()) // or each one that is refused reads everything again
	_, err = f.SaveDecisions(f.ctx, engine.Decided{EventID: f.event(1, 1).ID, Job: eventJob(f.event(1, 1), 1)})
	f.ok(err)
	f.add(f.event(4, 4))
	f.ok(f.FailEvent(f.ctx, engine.Event{ID: f.event(2, 2).ID, Reason: "x"}, eventJob(f.event(2, 2), 1)))
	f.add(f.event(6, 6))
	_, err = f.AddEvents(f.ctx, f.event(7, 7))
	f.code(engine.Temporary, err)
}

// What the last life has left is in front of what comes now.
func TestAnEventWaitsBehindOneOfTheLastLife(t *testing.T) {
	dir := t.TempDir()
	f := setup(t, store.Options{Dir: dir, Exclusive: true})
	f.publish("w")
	f.add(f.event(1, 1))
	f.ok(f.Close())
	p := poolOn(setup(t, store.Options{Dir: dir, Exclusive: true}), 4)
	first := p.next()
	p.same(f.event(1, 1).ID, first.Ref)
	for _, c := range []struct {
		event  engine.Event
		behind bool
	}{{f.event(2, 1), true}, {f.event(3, 3), false}} {
		p.add(c.event)
		job := p.next()
		p.same(c.event.ID, job.Ref)
		p.same(c.behind, job.Carry == nil) // what is carried is decided without looking
		p.ok(p.SaveWait(p.ctx, engine.Event{ID: job.Ref, Reason: "x"}, job.Job))
		job.answer <- nil
	}
	p.ok(p.FailEvent(p.ctx, engine.Event{ID: first.Ref, Reason: "x"}, first.Job))
	first.answer <- nil
	next := p.next() // which waited for it
	p.same(f.event(2, 1).ID, next.Ref)
	p.finish(next)
	p.quiet()
}
