package store

import (
	"context"
	"time"
)

// onceKept is how long once_per remembers a thing, whether its run is still there or not.
const onceKept = 400 * 24 * time.Hour

// DeleteHistory removes at most limit old things, in one short transaction: whoever
// cleans up calls it again until nothing goes. An accepted event and a run that is not
// finished stay, however old, and an event stays while it has runs.
func (s *Store) DeleteHistory(ctx context.Context, runs, bodies, keys time.Time, limit int) (int, error) {
	gone := 0
	err := s.write(ctx, "DeleteHistory", func(t tx) error {
		gone = 0
		for _, step := range []struct {
			delete func(context.Context, tx, time.Time, int) (int, error)
			before time.Time
		}{
			{deleteRuns, runs}, {deleteEvents, runs}, {deleteBodies, bodies}, {deleteKeys, keys}, {deleteOnce, s.now().Add(-onceKept)},
		} {
			if gone >= limit {
				return nil
			}
			n, err := step.delete(ctx, t, step.before, limit-gone)
			if err != nil {
				return err
			}
			gone += n
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return gone, nil
}

func deleteRuns(ctx context.Context, t tx, before time.Time, limit int) (int, error) {
	ids, err := texts(ctx, t, `SELECT id FROM run WHERE finished_at IS NOT NULL AND finished_at < $1 ORDER BY finished_at LIMIT $2`, millis(before), limit)
	if err != nil {
		return 0, err
	}
	return len(ids), eachID(ctx, t, ids,
		`DELETE FROM run_step WHERE run_id = $1`, `DELETE FROM run WHERE id = $1`)
}

func deleteEvents(ctx context.Context, t tx, before time.Time, limit int) (int, error) {
	ids, err := texts(ctx, t, `SELECT id FROM event WHERE decided_at IS NOT NULL AND decided_at < $1 AND status <> 'accepted'
		AND NOT EXISTS (SELECT 1 FROM run WHERE run.event_id = event.id) ORDER BY decided_at LIMIT $2`, millis(before), limit)
	if err != nil {
		return 0, err
	}
	return len(ids), eachID(ctx, t, ids, `DELETE FROM event_email WHERE event_id = $1`, `DELETE FROM event_detail WHERE event_id = $1`, `DELETE FROM event WHERE id = $1`)
}

// eachID runs statements for each of ids.
func eachID(ctx context.Context, t tx, ids []string, statements ...string) error {
	for _, id := range ids {
		for _, q := range statements {
			if _, err := t.exec(ctx, q, id); err != nil {
				return err
			}
		}
	}
	return nil
}

func deleteBodies(ctx context.Context, t tx, before time.Time, limit int) (int, error) {
	n, err := t.exec(ctx, `UPDATE event SET body = NULL WHERE id IN (SELECT id FROM event WHERE body IS NOT NULL AND received_at < $1
		AND status <> 'accepted' ORDER BY received_at LIMIT $2)`, millis(before), limit)
	return int(n), err
}

func deleteKeys(ctx context.Context, t tx, before time.Time, limit int) (int, error) {
	n, err := t.exec(ctx, `DELETE FROM event_key WHERE seen IN (SELECT seen FROM event_key WHERE at < $1 ORDER BY at LIMIT $2)`, millis(before), limit)
	return int(n), err
}

func deleteOnce(ctx context.Context, t tx, before time.Time, limit int) (int, error) {
	n, err := t.exec(ctx, `DELETE FROM once WHERE (workflow_id, once_key) IN
		(SELECT workflow_id, once_key FROM once WHERE at < $1 ORDER BY at LIMIT $2)`, millis(before), limit)
	return int(n), err
}
