package store

import (
	"context"
	"testing"

	"cartwheel/engine"
)

// undoable is a transaction that ends as the test says.
type undoable struct {
	tx
	ends []func(bool)
}

func (u *undoable) whenDone(f func(bool)) { u.ends = append(u.ends, f) }

func (u *undoable) end(committed bool) {
	for _, f := range u.ends {
		f(committed)
	}
	u.ends = nil
}

func TestWhatWaitsIsKnownByItsThing(t *testing.T) {
	known := func() waiting {
		w := newWaiting(100)
		w.known, w.listed, w.places = true, true, make([]int32, waitingPlaces)
		return w
	}
	one := &engine.Event{AuthenticationID: "shop", Entity: "order/1"}
	same := &engine.Event{ID: "later", AuthenticationID: "shop", Entity: "order/1"}
	for name, c := range map[string]struct {
		do   func(w *waiting, u *undoable) error
		want bool
	}{
		"nothing waits":         {func(*waiting, *undoable) error { return nil }, false},
		"one is stored":         {func(w *waiting, u *undoable) error { return w.add(context.Background(), u, one) }, true},
		"its storing is undone": {func(w *waiting, u *undoable) error { defer u.end(false); return w.add(context.Background(), u, one) }, false},
		"it is decided": {func(w *waiting, u *undoable) error {
			err := w.add(context.Background(), u, one)
			u.end(true)
			w.done(u, one)
			u.end(true)
			return err
		}, false},
		"its decision is undone": {func(w *waiting, u *undoable) error {
			err := w.add(context.Background(), u, one)
			u.end(true)
			w.done(u, one)
			u.end(false)
			return err
		}, true},
		"nobody knows":                           {func(w *waiting, _ *undoable) error { w.listed = false; return nil }, true},
		"more are decided than have been stored": {func(w *waiting, u *undoable) error { w.done(u, one); return nil }, true}, // never: the table is asked
	} {
		w, u := known(), &undoable{}
		if err := c.do(&w, u); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := w.mayHold(same); got != c.want {
			t.Errorf("%s: an event of the thing may be waiting: %v, want %v", name, got, c.want)
		}
	}
}
