package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"cartwheel/engine"
)

const (
	probeName     = "_ready" // the row that Ready writes
	probeDeadline = time.Second
)

// Setting returns a value kept under name.
func (s *Store) Setting(ctx context.Context, name string) (string, error) {
	found, err := s.texts(ctx, "Setting", `SELECT value FROM setting WHERE name = $1`, name)
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", s.explain("Setting", engine.Errorf(engine.NotFound, "There is no setting called %s.", name))
	}
	return found[0], nil
}

// SetSetting keeps a value under name. What Cartwheel sets by itself is bookkeeping
// and not noted in the audit log; what somebody else sets is.
func (s *Store) SetSetting(ctx context.Context, name, value string) error {
	return s.write(ctx, "SetSetting", func(t tx) error {
		if engine.ActorOf(ctx).Kind == engine.SystemActor {
			return set(ctx, t, name, value)
		}
		before, err := settingMembers(ctx, t, name)
		if err != nil {
			return err
		}
		if err := set(ctx, t, name, value); err != nil {
			return err
		}
		after, err := settingMembers(ctx, t, name)
		if err != nil {
			return err
		}
		return note(ctx, t, s.now(), deed{action: "setting.edit", id: name, before: before, after: after})
	})
}

// settingMembers are a setting's value, nil when it has none. What concerns keys is told as set only.
func settingMembers(ctx context.Context, t tx, name string) (members, error) {
	found, err := texts(ctx, t, `SELECT value FROM setting WHERE name = $1`, name)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	if strings.Contains(name, "key") {
		return membersOf(secretState{Set: true})
	}
	return membersOf(map[string]string{"value": found[0]})
}

func set(ctx context.Context, t tx, name, value string) error {
	_, err := t.exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}

// Ready writes a row, which shows a locked database and a full disk too; it answers within a second or so.
func (s *Store) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, probeDeadline)
	defer cancel()
	return s.write(ctx, "Ready", func(t tx) error {
		return set(ctx, t, probeName, strconv.FormatInt(millis(s.now()), 10))
	})
}

// Checkpoint moves the log into the database.
func (s *Store) Checkpoint(ctx context.Context) error {
	return s.explain("Checkpoint", s.db.checkpoint(ctx))
}

// Optimize lets the database renew its statistics.
func (s *Store) Optimize(ctx context.Context) error {
	return s.explain("Optimize", s.db.optimize(ctx))
}

// Stats counts the queue, also the jobs that have no row.
func (s *Store) Stats(ctx context.Context) (engine.Stats, error) {
	var stats engine.Stats
	err := s.read(ctx, "Stats", func(t tx) error {
		now := millis(s.now())
		var found bool
		if err := t.query(ctx, one(&found, &stats.QueueDepth), `SELECT count(*) FROM job`); err != nil {
			return err
		}
		if err := t.query(ctx, one(&found, &stats.QueueDue), `SELECT count(*) FROM job WHERE due_at <= $1`, now); err != nil {
			return err
		}
		stats.OldestDue = time.Time{}
		var due int64
		err := t.query(ctx, one(&found, &due), `SELECT due_at FROM job WHERE due_at <= $1 ORDER BY due_at LIMIT 1`, now)
		if found {
			stats.OldestDue = moment(due)
		}
		if err != nil {
			return err
		}
		return s.countUnwritten(ctx, t, &stats)
	})
	if err != nil {
		return engine.Stats{}, err
	}
	return stats, nil
}

// countUnwritten counts the jobs that have no row.
func (s *Store) countUnwritten(ctx context.Context, t tx, stats *engine.Stats) error {
	n, oldest, known := s.db.unwritten()
	if !known {
		for _, orphans := range []string{orphanRuns, orphanEvents} {
			var found bool
			var some int
			if err := t.query(ctx, one(&found, &some), `SELECT count(*) FROM (`+orphans+`)`); err != nil {
				return err
			}
			n += some
		}
	}
	stats.QueueDepth += n
	stats.QueueDue += n
	if !oldest.IsZero() && (stats.OldestDue.IsZero() || oldest.Before(stats.OldestDue)) {
		stats.OldestDue = oldest
	}
	return nil
}
