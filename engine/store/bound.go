package store

import (
	"context"
	"fmt"
	"time"
)

// Ids are time-ordered, but only nearly: the clock that they come from need not be the one whose times stand in the rows.
// So the id at which a time begins is looked for in the table itself, in a few steps.

// idTop is behind every id.
const idTop = "~"

const (
	idBits     = 48 // of the milliseconds that an id begins with
	likelyNear = int64(time.Hour / time.Millisecond)
)

// timeline is a table whose rows have an id and a time that grows with it.
type timeline struct{ table, column string }

// Events by their receipt, runs by their beginning.
func eventTimes() timeline { return timeline{"event", "received_at"} }
func runTimes() timeline   { return timeline{"run", "created_at"} }

// from returns the id with which the rows of a moment and later ones begin.
func (l timeline) from(ctx context.Context, t tx, at time.Time) (string, error) {
	ms := millis(at)
	first, last := int64(0), int64(1)<<idBits
	// Nearly always the clocks agree.
	near, err := l.reached(ctx, t, ms-likelyNear, ms)
	if err != nil {
		return "", err
	}
	far, err := l.reached(ctx, t, ms+likelyNear, ms)
	if err != nil {
		return "", err
	}
	if !near && far {
		first, last = max(0, ms-likelyNear), ms+likelyNear
	}
	for first < last {
		middle := first + (last-first)/2
		reached, err := l.reached(ctx, t, middle, ms)
		if err != nil {
			return "", err
		}
		if reached {
			last = middle
		} else {
			first = middle + 1
		}
	}
	return idOf(first), nil
}

// reached tells whether the first row whose id is not before that time is of the time ms or later. Where there is no row it is.
func (l timeline) reached(ctx context.Context, t tx, id, ms int64) (bool, error) {
	var found bool
	var at int64
	err := t.query(ctx, one(&found, &at), `SELECT `+l.column+` FROM `+l.table+` WHERE id >= $1 ORDER BY id LIMIT 1`, idOf(id))
	return !found || at >= ms, err
}

// idOf is the beginning of the ids of a millisecond.
func idOf(ms int64) string {
	if ms <= 0 {
		return ""
	}
	if ms >= 1<<idBits {
		return idTop
	}
	return fmt.Sprintf("%08x-%04x", ms>>16, ms&0xffff)
}

// boundSlack is how far a row may be from where its time says: ids are made a little before the rows are stored.
const boundSlack = 5 * time.Second

// narrow adds the conditions that rows of a list are of a time; zero ends are open.
func (l timeline) narrow(ctx context.Context, t tx, q *filter, alias string, from, to time.Time) error {
	if !from.IsZero() {
		id, err := l.from(ctx, t, from.Add(-boundSlack))
		if err != nil {
			return err
		}
		q.add(alias+".id >= %s", id)
		q.add(alias+"."+l.column+" >= %s", dueMillis(from))
	}
	if !to.IsZero() {
		id, err := l.from(ctx, t, to.Add(boundSlack))
		if err != nil {
			return err
		}
		q.add(alias+".id < %s", id)
		q.add(alias+"."+l.column+" < %s", dueMillis(to))
	}
	return nil
}
