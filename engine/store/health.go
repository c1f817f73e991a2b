package store

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"

	"cartwheel/engine"
)

// Healths returns what is known of every authentication that was ever tested or used.
func (s *Store) Healths(ctx context.Context) (map[string]engine.Health, error) {
	var all map[string]engine.Health
	err := s.read(ctx, "Healths", func(t tx) error {
		all = map[string]engine.Health{}
		return t.query(ctx, func(s scan) error {
			var id string
			var h engine.Health
			var tested, testedOK, ok, failed sql.NullInt64
			err := s(&id, &tested, &testedOK, &ok, &failed, &h.Error)
			h.TestedAt, h.TestedOK, h.OKAt, h.FailedAt = optionalMoment(tested), testedOK.Int64 == 1, optionalMoment(ok), optionalMoment(failed)
			all[id] = h
			return err
		}, `SELECT authentication_id, tested_at, tested_ok, ok_at, failed_at, error FROM authentication_health ORDER BY authentication_id`)
	})
	return all, err
}

// SaveHealths adds what is known newly.
func (s *Store) SaveHealths(ctx context.Context, news map[string]engine.Health) error {
	return s.write(ctx, "SaveHealths", func(t tx) error {
		for _, id := range slices.Sorted(maps.Keys(news)) {
			h := news[id]
			var testedOK any
			if h.TestedAt != nil {
				testedOK = 0
				if h.TestedOK {
					testedOK = 1
				}
			}
			_, err := t.exec(ctx, `INSERT INTO authentication_health (authentication_id, tested_at, tested_ok, ok_at, failed_at, error)
				SELECT a.id, $2, $3, $4, $5, $6 FROM authentication a WHERE a.id = $1
				ON CONFLICT (authentication_id) DO UPDATE SET
					tested_at = COALESCE(excluded.tested_at, authentication_health.tested_at),
					tested_ok = COALESCE(excluded.tested_ok, authentication_health.tested_ok),
					ok_at = COALESCE(excluded.ok_at, authentication_health.ok_at),
					error = CASE WHEN excluded.failed_at IS NULL THEN authentication_health.error ELSE excluded.error END,
					failed_at = COALESCE(excluded.failed_at, authentication_health.failed_at)`,
				id, optionalMillis(h.TestedAt), testedOK, optionalMillis(h.OKAt), optionalMillis(h.FailedAt), h.Error)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// ClaimAlert notes that the owner is told of a cause, unless that was done after since.
func (s *Store) ClaimAlert(ctx context.Context, cause string, since time.Time) (bool, error) {
	var claimed bool
	err := s.write(ctx, "ClaimAlert", func(t tx) error {
		now := s.now()
		if _, err := t.exec(ctx, `DELETE FROM alert_sent WHERE at <= $1`, millis(since)); err != nil { // what nobody needs any more, too
			return err
		}
		n, err := t.exec(ctx, `INSERT INTO alert_sent (cause, at) VALUES ($1, $2) ON CONFLICT (cause) DO NOTHING`, cause, millis(now))
		claimed = n > 0
		return err
	})
	return claimed, err
}

// DropAlert forgets that the owner was told of a cause.
func (s *Store) DropAlert(ctx context.Context, cause string) error {
	return s.write(ctx, "DropAlert", func(t tx) error {
		_, err := t.exec(ctx, `DELETE FROM alert_sent WHERE cause = $1`, cause)
		return err
	})
}
