package store

import (
	"context"
	"fmt"
	"time"

	"cartwheel/engine"
)

// DefaultMaxWaiting is how many events may wait to be decided when nothing else is said: about a gigabyte.
const DefaultMaxWaiting = 1_000_000

// waiting counts the accepted events. Only writes use it, so that it needs no lock.
type waiting struct {
	most  int
	n     int
	known bool
}

// add makes room for one more, or says that there is none: what cannot be worked off in hours is better kept by its sender,
// who comes again, than by a disk that is full in the end.
func (w *waiting) add(ctx context.Context, t tx) error {
	if !w.known {
		var found bool
		if err := t.query(ctx, one(&found, &w.n), `SELECT count(*) FROM event INDEXED BY event_undecided WHERE status = 'accepted'`); err != nil {
			return err
		}
		w.known = true
		t.whenDone(func(committed bool) { w.known = w.known && committed }) // it has seen what is undone with it
	}
	if w.n >= w.most {
		return &engine.Error{Code: engine.Temporary, Wait: time.Minute,
			Message: fmt.Sprintf("%d events wait to be decided, which is the limit (--max-waiting). Try again in a minute.", w.n)}
	}
	w.change(t, 1)
	return nil
}

// done counts one that waits no more.
func (w *waiting) done(t tx) { w.change(t, -1) }

func (w *waiting) change(t tx, by int) {
	w.n += by
	t.whenDone(func(committed bool) {
		if !committed {
			w.n -= by
		}
	})
}
