package store_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/store"
)

// delivered is the n-th event with the id of a delivery.
func (f fixture) delivered(n int) engine.Event {
	e := f.event(n, n)
	e.WebhookID = fmt.Sprintf("msg-%d", n)
	return e
}

// What came long ago is known by its key and by its delivery, in this life and in the next ones, though the events were
// not stored in the order of their ids.
func TestWhatHasBeenSeenIsKnownAgain(t *testing.T) {
	const events, batch = 24_000, 200
	dir := t.TempDir()
	f := setup(t, store.Options{Dir: dir, Exclusive: true, Durability: "normal"})
	order := make([]int, events)
	for i := range order {
		order[i] = i
	}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range order {
		j := min(i+random.IntN(50), events-1)
		order[i], order[j] = order[j], order[i]
	}
	for first := 0; first < events; first += batch {
		some := make([]engine.Event, batch)
		for i := range some {
			some[i] = f.delivered(order[first+i])
		}
		f.add(some...)
	}
	known := func(life string) {
		t.Helper()
		for n := 0; n < events; n += 61 {
			byKey, byID := f.event(events+n, n), f.delivered(events+n)
			byKey.Key, byID.Key, byID.WebhookID = f.event(n, n).Key, nil, f.delivered(n).WebhookID
			added, err := f.AddEvents(f.ctx, byKey, byID)
			f.ok(err)
			for i, a := range added {
				if want := (engine.Added{ID: f.event(n, n).ID, Duplicate: true}); a != want {
					t.Fatalf("%s, event %d, mark %d: got %+v, want %+v", life, n, i, a, want)
				}
			}
		}
	}
	known("first life")
	for life := range 2 {
		f.ok(f.Close())
		f = setup(t, store.Options{Dir: dir, Exclusive: true, Durability: "normal"})
		known(fmt.Sprint("life after it ", life))
		f.add(f.delivered(2*events + life))
	}
	runs, err := f.Count(f.ctx, "seen_run")
	f.ok(err)
	if runs < 3 {
		t.Errorf("%d runs were filed, want some: memory would grow without end", runs)
	}
}

// An event whose transaction is undone has not been seen: the sender is told to come again, and must be heard then.
func TestWhatIsUndoneHasNotBeenSeen(t *testing.T) {
	tests := []struct {
		name   string
		before func(f fixture)
	}{
		{"in a store that has seen others", func(f fixture) { f.add(f.delivered(2)) }},
		{"as the first of a life", func(fixture) {}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			f := setup(t, store.Options{Dir: dir, Exclusive: true})
			f.add(f.delivered(1))
			f.ok(f.Close())
			f = setup(t, store.Options{Dir: dir, Exclusive: true})
			test.before(f)
			twin := f.delivered(3)
			twin.ID = f.delivered(1).ID // which the database refuses
			if _, err := f.AddEvents(f.ctx, f.delivered(4), twin); err == nil {
				t.Fatal("two events with one id were stored")
			}
			f.add(f.delivered(4), f.delivered(3))
		})
	}
}

// Without a time of its own, an event that reads like one of last week is another one.
func TestAnEventWithoutATimeIsForgottenSooner(t *testing.T) {
	f := setup(t, store.Options{})
	for n, wait := range []time.Duration{0, 71 * time.Hour, 2 * time.Hour, time.Hour} {
		f.clock.add(wait)
		e := f.event(n, 1)
		e.Key, e.KeyLives = []byte("one"), 72*time.Hour
		added, err := f.AddEvents(f.ctx, e)
		f.ok(err)
		if got, want := added[0].Duplicate, n == 1 || n == 3; got != want {
			t.Errorf("event %d is a duplicate: %t, want %t", n, got, want)
		}
	}
}
