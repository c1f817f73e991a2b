package store

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"cartwheel/engine"
)

// oldHistory is one walk through everything that is old.
type oldHistory struct {
	store   *Store
	classes []*oldThings
}

// OldHistory begins a walk through what is older than it is kept; Delete of it removes a part. An accepted event
// and a run that is not finished stay, however old, and an event stays while it has runs.
func (s *Store) OldHistory(runs, bodies, keys time.Time) engine.OldHistory {
	s.seen.before.Store(millis(keys))
	return &oldHistory{s, history(runs, bodies, keys, s.now().Add(-engine.SampleLives), s.now().Add(-engine.MailCountsKept), s.now().Add(-onceKept))}
}

// Delete removes at most limit old things, each class in one short transaction.
func (h *oldHistory) Delete(ctx context.Context, limit int) (gone int, held time.Duration, err error) {
	for _, class := range h.classes {
		if err := h.store.begin(ctx, class); err != nil {
			return gone, held, err
		}
		for !class.done && gone < limit {
			n, took, err := h.store.deleteOld(ctx, class, limit-gone)
			gone, held = gone+n, max(held, took)
			if err != nil {
				return gone, held, err
			}
		}
	}
	return gone, held, nil
}

// begin finds where a class is to be gone on with, and whether it is time for it.
func (s *Store) begin(ctx context.Context, class *oldThings) error {
	if class.begun {
		return nil
	}
	err := s.read(ctx, "DeleteHistory", func(t tx) error {
		if class.by != nil {
			var err error
			if class.end, err = class.by.from(ctx, t, class.before); err != nil {
				return err
			}
		}
		noted := ""
		if class.notedAs != "" {
			var found bool
			if err := t.query(ctx, one(&found, &noted), `SELECT value FROM setting WHERE name = $1`, class.notedAs); err != nil {
				return err
			}
		}
		if class.sweep {
			last, _ := strconv.ParseInt(noted, 10, 64) // none: never
			passed := s.now().Sub(moment(last))
			class.done = passed >= 0 && passed < sweepEvery // else the clock was put back
		} else if noted != "" {
			class.from, class.passed = noted, noted
		}
		return nil
	})
	class.begun = err == nil
	return err
}

// look reads the next rows of a class, and keeps those that may go.
func (c *oldThings) look(ctx context.Context, t tx) error {
	var keys []any
	rows, last, passed, stays := 0, c.from, c.passed, c.stays
	args := []any{c.from, millis(c.before), looked}
	if c.by != nil {
		args = append(args, c.end)
	}
	err := t.query(ctx, func(scan scan) error {
		var key any
		var goes sql.NullBool
		rows++
		if err := scan(&key, &last, &goes); err != nil {
			return err
		}
		if goes.Bool {
			keys = append(keys, key)
		}
		stays = stays || goes.Valid && !goes.Bool
		if !stays {
			passed = last
		}
		return nil
	}, c.old, args...)
	if err == nil {
		c.found, c.from, c.passed, c.stays, c.seenAll = keys, last, passed, stays, rows < looked
	}
	return err
}

// deleteOld removes the next of a class and tells how long the writer was held.
func (s *Store) deleteOld(ctx context.Context, class *oldThings, limit int) (gone int, held time.Duration, err error) {
	if len(class.found) == 0 {
		if class.seenAll {
			class.done = true
			return 0, 0, s.noteWalk(ctx, class)
		}
		if err := s.read(ctx, "DeleteHistory", func(t tx) error { return class.look(ctx, t) }); err != nil {
			return 0, 0, err
		}
	}
	now := min(limit, len(class.found))
	if now == 0 {
		return 0, 0, nil
	}
	if gone, held, err = s.deleteKeys(ctx, class, class.found[:now]); err != nil {
		return 0, held, err
	}
	class.found = class.found[now:]
	if class.then != nil && gone > 0 {
		class.then(s)
	}
	return gone, held, nil
}

// noteWalk notes that a class has been gone through.
func (s *Store) noteWalk(ctx context.Context, class *oldThings) error {
	value := strconv.FormatInt(millis(s.now()), 10)
	if !class.sweep {
		value, _ = class.passed.(string) // an id
	}
	if class.notedAs == "" || value == "" {
		return nil
	}
	return s.write(ctx, "DeleteHistory", func(t tx) error { return set(ctx, t, class.notedAs, value) })
}

// deleteKeys removes in one transaction what has one of the keys.
func (s *Store) deleteKeys(ctx context.Context, class *oldThings, keys []any) (gone int, held time.Duration, err error) {
	began := time.Now() // not the store's clock: this is about the writer
	err = s.write(ctx, "DeleteHistory", func(t tx) error {
		gone = 0
		for _, key := range keys {
			for i, q := range class.delete {
				n, err := t.exec(ctx, q, key)
				if err != nil {
					return err
				}
				if i == 0 && n == 0 {
					break
				}
				if i == 0 {
					gone++
				}
			}
		}
		return nil
	})
	return gone, time.Since(began), err
}
