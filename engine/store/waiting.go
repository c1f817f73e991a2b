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
	return waiting{most: most, seed: maphash.MakeSeed()}
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
func (w *waiting) mayHold(e *engine.Event) bool { return !w.listed || w.places[w.place(e)] > 0 }

// place is that of e's thing, of which the table holds the texts cleaned.
func (w *waiting) place(e *engine.Event) uint64 {
	h := maphash.String(w.seed, cleanText(e.AuthenticationID))*31 + maphash.String(w.seed, cleanText(e.Entity))
	return h % waitingPlaces
}

func (w *waiting) change(t tx, e *engine.Event, by int32) {
	place := w.place(e)
	w.count(place, by)
	t.whenDone(func(committed bool) {
		if !committed {
			w.count(place, -by)
		}
	})
}

func (w *waiting) count(place uint64, by int32) {
	w.n += int(by)
	if !w.listed {
		return
	}
	if w.places[place] += by; w.places[place] < 0 {
		w.listed = false // never: but rather ask the table than lose the order
	}
}

// learn reads what it has to know, once, and whose events they are as soon as they are few. What it has seen of changes
// that are undone afterwards is right again then: each takes itself back.
func (w *waiting) learn(ctx context.Context, t tx) error {
	if !w.known {
		var found bool
		if err := t.query(ctx, one(&found, &w.n), `SELECT count(*) FROM event INDEXED BY event_undecided WHERE status = 'accepted'`); err != nil {
			return err
		}
		w.known = true
	}
	if w.listed || w.n > waitingListed {
		return nil
	}
	places := make([]int32, waitingPlaces) // not cleared: what is never touched takes no memory
	err := t.query(ctx, func(scan scan) error {
		var e engine.Event
		err := scan(&e.AuthenticationID, &e.Entity)
		places[w.place(&e)]++
		return err
	}, `SELECT authentication_id, entity FROM event INDEXED BY event_undecided WHERE status = 'accepted'`)
	if err == nil {
		w.places, w.listed = places, true
	}
	return err
}
