package store

import (
	"context"
	"fmt"
	"hash/maphash"
	"time"

	"cartwheel/engine"
)

// DefaultMaxWaiting is how many events may wait to be decided when nothing else is said: about a gigabyte.
const DefaultMaxWaiting = 1_000_000

const (
	waitingPlaces = 1 << 16
	// waitingListed is how many waiting events are read to learn whose they are: a start must not take longer. With more
	// of them every look-up is made until few are left.
	waitingListed = 20_000
)

// waiting counts the accepted events: all of them, and those of each thing, as far as a hash tells things apart. Nearly
// every event is the only one of its thing; then nobody needs to look for others. Only writes use it, so that it needs no lock.
type waiting struct {
	most   int
	n      int
	known  bool // n
	listed bool // places
	seed   maphash.Seed
	places []int32 // how many there are in each place
}

func newWaiting(most int) waiting {
	return waiting{most: most, seed: maphash.MakeSeed(), places: make([]int32, waitingPlaces)}
}

// add makes room for one more, or says that there is none: what cannot be worked off in hours is better kept by its sender,
// who comes again, than by a disk that is full in the end.
func (w *waiting) add(ctx context.Context, t tx, e *engine.Event) error {
	if err := w.learn(ctx, t); err != nil {
		return err
	}
	if w.n >= w.most {
		return &engine.Error{Code: engine.Temporary, Wait: time.Minute,
			Message: fmt.Sprintf("%d events wait to be decided, which is the limit (--max-waiting). Try again in a minute.", w.n)}
	}
	w.change(t, e, 1)
	return nil
}

// done counts one that waits no more.
func (w *waiting) done(t tx, e *engine.Event) { w.change(t, e, -1) }

// mayHold tells whether an event of e's thing may be waiting; no is certain.
func (w *waiting) mayHold(e *engine.Event) bool { return !w.listed || *w.place(e) > 0 }

func (w *waiting) place(e *engine.Event) *int32 {
	h := maphash.String(w.seed, e.AuthenticationID)*31 + maphash.String(w.seed, e.Entity)
	return &w.places[h%waitingPlaces]
}

func (w *waiting) change(t tx, e *engine.Event, by int32) {
	place := w.place(e)
	if !w.listed {
		place = nil
	}
	w.count(place, by)
	t.whenDone(func(committed bool) {
		if !committed {
			w.count(place, -by)
		}
	})
}

func (w *waiting) count(place *int32, by int32) {
	w.n += int(by)
	if place != nil {
		*place += by
	}
}

// learn reads what it has to know, once, and whose events they are as soon as they are few.
func (w *waiting) learn(ctx context.Context, t tx) error {
	if w.known && (w.listed || w.n > waitingListed) {
		return nil
	}
	if !w.known {
		var found bool
		if err := t.query(ctx, one(&found, &w.n), `SELECT count(*) FROM event INDEXED BY event_undecided WHERE status = 'accepted'`); err != nil {
			return err
		}
		w.known = true
	}
	if w.n <= waitingListed {
		if err := w.list(ctx, t); err != nil {
			return err
		}
	}
	t.whenDone(func(committed bool) { // it has seen what is undone with it
		w.known, w.listed = w.known && committed, w.listed && committed
	})
	return nil
}

func (w *waiting) list(ctx context.Context, t tx) error {
	w.places = make([]int32, waitingPlaces) // not cleared: what is never touched takes no memory
	err := t.query(ctx, func(scan scan) error {
		var e engine.Event
		err := scan(&e.AuthenticationID, &e.Entity)
		*w.place(&e)++
		return err
	}, `SELECT authentication_id, entity FROM event INDEXED BY event_undecided WHERE status = 'accepted'`)
	w.listed = err == nil
	return err
}
