package store

import (
	"context"
	"time"
)

// onceKept is how long once_per remembers a thing, whether its run is still there or not.
const onceKept = 400 * 24 * time.Hour

// oldThings is one class of history: what is old is looked up beside the writer, which then only deletes by key,
// and only what is still old by then.
type oldThings struct {
	before time.Time
	old    string   // keys of the oldest, with the time as $1 and how many as $2
	delete []string // for one key, $1; the others only where the first has found something
}

// history lists the classes in the order in which they go: an event after its runs.
func history(runs, bodies, keys, once time.Time) []oldThings {
	return []oldThings{
		{runs, `SELECT id FROM run WHERE finished_at IS NOT NULL AND finished_at < $1 ORDER BY finished_at LIMIT $2`, []string{
			`DELETE FROM run WHERE id = $1 AND finished_at IS NOT NULL`, // a person may have had it tried again
			`DELETE FROM run_step WHERE run_id = $1`}},
		{runs, `SELECT id FROM event WHERE decided_at IS NOT NULL AND decided_at < $1 AND status <> 'accepted'
			AND NOT EXISTS (SELECT 1 FROM run WHERE run.event_id = event.id) ORDER BY decided_at LIMIT $2`, []string{
			`DELETE FROM event WHERE id = $1 AND status <> 'accepted'`,
			`DELETE FROM event_detail WHERE event_id = $1`,
			`DELETE FROM event_email WHERE event_id = $1`}},
		{bodies, `SELECT id FROM event WHERE body IS NOT NULL AND received_at < $1 AND status <> 'accepted' ORDER BY received_at LIMIT $2`, []string{
			`UPDATE event SET body = NULL WHERE id = $1 AND status <> 'accepted'`}},
		{keys, `SELECT seen FROM event_key WHERE at < $1 ORDER BY at LIMIT $2`, []string{`DELETE FROM event_key WHERE seen = $1`}},
		{once, `SELECT workflow_id || char(31) || once_key FROM once WHERE at < $1 ORDER BY at LIMIT $2`, []string{
			`DELETE FROM once WHERE workflow_id = substr($1, 1, instr($1, char(31)) - 1) AND once_key = substr($1, instr($1, char(31)) + 1)`}},
	}
}

// DeleteHistory removes at most limit old things, each class in one short transaction: whoever
// cleans up calls it again until nothing goes. An accepted event and a run that is not
// finished stay, however old, and an event stays while it has runs.
func (s *Store) DeleteHistory(ctx context.Context, runs, bodies, keys time.Time, limit int) (int, error) {
	gone := 0
	for _, class := range history(runs, bodies, keys, s.now().Add(-onceKept)) {
		if gone >= limit {
			break
		}
		n, err := s.deleteOld(ctx, class, limit-gone)
		if err != nil {
			return gone, err
		}
		gone += n
	}
	return gone, nil
}

func (s *Store) deleteOld(ctx context.Context, class oldThings, limit int) (gone int, err error) {
	var keys []any
	err = s.read(ctx, "DeleteHistory", func(t tx) error {
		keys = nil
		return t.query(ctx, func(scan scan) error {
			var key any
			err := scan(&key)
			keys = append(keys, key)
			return err
		}, class.old, millis(class.before), limit)
	})
	if err != nil || len(keys) == 0 {
		return 0, err
	}
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
	if err != nil {
		return 0, err
	}
	return gone, nil
}
