package store

import (
	"context"
	"time"

	"cartwheel/engine"
)

// onceKept is how long once_per remembers a thing, whether its run is still there or not.
const onceKept = 400 * 24 * time.Hour

// oldThings is one class of history: what is old is looked up beside the writer, which then only deletes by key,
// and only what is still old by then.
type oldThings struct {
	before time.Time
	old    string   // key and time of the oldest from the time $1 on and before $2, at most $3
	delete []string // for one key, $1; the others only where the first has found something

	from int64 // how far it was looked through: what had to stay is not looked at again
	done bool
}

// history lists the classes in the order in which they go: an event after its runs.
func history(runs, bodies, keys, samples, once time.Time) []*oldThings {
	return []*oldThings{
		{before: runs, old: `SELECT id, finished_at FROM run WHERE finished_at IS NOT NULL AND finished_at >= $1 AND finished_at < $2
			ORDER BY finished_at LIMIT $3`, delete: []string{
			`DELETE FROM run WHERE id = $1 AND finished_at IS NOT NULL`, // a person may have had it tried again
			`DELETE FROM run_step WHERE run_id = $1`}},
		{before: runs, old: `SELECT id, decided_at FROM event WHERE decided_at IS NOT NULL AND decided_at >= $1 AND decided_at < $2 AND status <> 'accepted'
			AND NOT EXISTS (SELECT 1 FROM run WHERE run.event_id = event.id) ORDER BY decided_at LIMIT $3`, delete: []string{
			`DELETE FROM event WHERE id = $1 AND status <> 'accepted'`,
			`DELETE FROM event_detail WHERE event_id = $1`,
			`DELETE FROM event_email WHERE event_id = $1`}},
		{before: bodies, old: `SELECT id, received_at FROM event WHERE body IS NOT NULL AND received_at >= $1 AND received_at < $2 AND status <> 'accepted'
			ORDER BY received_at LIMIT $3`, delete: []string{
			`UPDATE event SET body = NULL WHERE id = $1 AND status <> 'accepted'`}},
		{before: keys, old: `SELECT seen, at FROM event_key WHERE at >= $1 AND at < $2 ORDER BY at LIMIT $3`, delete: []string{
			`DELETE FROM event_key WHERE seen = $1`}},
		{before: samples, old: `SELECT id, created_at FROM sample WHERE created_at >= $1 AND created_at < $2 ORDER BY created_at LIMIT $3`, delete: []string{
			`DELETE FROM sample WHERE id = $1`}},
		{before: once, old: `SELECT workflow_id || char(31) || once_key, at FROM once WHERE at >= $1 AND at < $2 ORDER BY at LIMIT $3`, delete: []string{
			`DELETE FROM once WHERE workflow_id = substr($1, 1, instr($1, char(31)) - 1) AND once_key = substr($1, instr($1, char(31)) + 1)`}},
	}
}

// oldHistory is one walk through everything that is old.
type oldHistory struct {
	store   *Store
	classes []*oldThings
}

// OldHistory begins a walk through what is older than it is kept; Delete of it removes a part. An accepted event
// and a run that is not finished stay, however old, and an event stays while it has runs.
func (s *Store) OldHistory(runs, bodies, keys time.Time) engine.OldHistory {
	return &oldHistory{s, history(runs, bodies, keys, s.now().Add(-engine.SampleLives), s.now().Add(-onceKept))}
}

// Delete removes at most limit old things, each class in one short transaction.
func (h *oldHistory) Delete(ctx context.Context, limit int) (gone int, held time.Duration, err error) {
	for _, class := range h.classes {
		for !class.done && gone < limit {
			n, took, err := h.store.deleteOld(ctx, class, limit-gone)
			gone, held = gone+n, max(held, took)
			if err != nil {
				return gone, held, err
			}
			if n == 0 && !class.done { // all that was found has been taken up again meanwhile
				break
			}
		}
	}
	return gone, held, nil
}

// deleteOld removes the next of a class and tells how long the writer was held.
func (s *Store) deleteOld(ctx context.Context, class *oldThings, limit int) (gone int, held time.Duration, err error) {
	var keys []any
	var last int64
	err = s.read(ctx, "DeleteHistory", func(t tx) error {
		keys, last = nil, class.from
		return t.query(ctx, func(scan scan) error {
			var key any
			err := scan(&key, &last)
			keys = append(keys, key)
			return err
		}, class.old, class.from, millis(class.before), limit)
	})
	if err != nil {
		return 0, 0, err
	}
	if len(keys) > 0 {
		if gone, held, err = s.deleteKeys(ctx, class, keys); err != nil {
			return 0, held, err
		}
	}
	class.from, class.done = last, len(keys) < limit
	return gone, held, nil
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
