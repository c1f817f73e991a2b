package store

import (
	"context"
	"database/sql"
	"time"

	"cartwheel/engine"
)

const tokenColumns = `k.id, k.name, k.role, k.hash, k.created_at, k.expires_at, k.revoked_at, k.last_used_at` //nolint:gosec // names of columns

func scanToken(s scan) (engine.Token, error) {
	var k engine.Token
	var created int64
	var expires, revoked, used sql.NullInt64
	err := s(&k.ID, &k.Name, &k.Role, &k.Hash, &created, &expires, &revoked, &used)
	k.CreatedAt, k.ExpiresAt, k.RevokedAt, k.LastUsedAt = moment(created), optionalMoment(expires), optionalMoment(revoked), optionalMoment(used)
	return k, err
}

func token(ctx context.Context, t tx, where string, arg any) (k engine.Token, err error) {
	found := false
	err = t.query(ctx, func(s scan) (err error) {
		found = true
		k, err = scanToken(s)
		return err
	}, `SELECT `+tokenColumns+` FROM api_token k WHERE `+where, arg)
	if err == nil && !found {
		err = engine.Errorf(engine.NotFound, "There is no such token.")
	}
	return k, err
}

// AddToken stores an API token: its hash, never the token.
func (s *Store) AddToken(ctx context.Context, k engine.Token) error {
	return s.write(ctx, "AddToken", func(t tx) error {
		now := s.now()
		created := k.CreatedAt
		if created.IsZero() {
			created = now
		}
		n, err := t.exec(ctx, `INSERT INTO api_token (id, name, role, hash, created_at, expires_at, revoked_at, last_used_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
			k.ID, k.Name, string(k.Role), k.Hash, millis(created), optionalMillis(k.ExpiresAt), optionalMillis(k.RevokedAt), optionalMillis(k.LastUsedAt))
		if err == nil && n == 0 {
			err = engine.Errorf(engine.Conflict, "There is such a token already.")
		}
		if err != nil {
			return err
		}
		return noteToken(ctx, t, now, "token.create", k.ID, nil)
	})
}

// noteToken notes what has become of a token since before.
func noteToken(ctx context.Context, t tx, now time.Time, action, id string, before members) error {
	k, err := token(ctx, t, `k.id = $1`, id)
	if err != nil {
		return err
	}
	after, err := tokenMembers(k)
	if err != nil {
		return err
	}
	return note(ctx, t, now, deed{action: action, id: id, before: before, after: after})
}

// TokenByHash returns a token, an expired or revoked one too.
func (s *Store) TokenByHash(ctx context.Context, hash []byte) (engine.Token, error) {
	var k engine.Token
	err := s.read(ctx, "TokenByHash", func(t tx) (err error) {
		k, err = token(ctx, t, `k.hash = $1`, hash)
		return err
	})
	if err != nil {
		return engine.Token{}, err
	}
	return k, nil
}

// Tokens lists tokens, newest first, those that are not valid any more included.
func (s *Store) Tokens(ctx context.Context, p engine.Page) ([]engine.Token, string, error) {
	q := &filter{}
	if err := q.afterCreated(p, "k"); err != nil {
		return nil, "", s.explain("Tokens", err)
	}
	var items []engine.Token
	err := s.read(ctx, "Tokens", func(t tx) error {
		items = nil
		return t.query(ctx, func(scan scan) error {
			k, err := scanToken(scan)
			items = append(items, k)
			return err
		}, `SELECT `+tokenColumns+` FROM api_token k`+q.tail("k.created_at DESC, k.id DESC", p), q.args...)
	})
	if err != nil {
		return nil, "", err
	}
	items, next := cut(items, p, func(k engine.Token) []string { return createdKey(k.CreatedAt, k.ID) })
	return items, next, nil
}

// RevokeToken makes a token invalid, from the next request on.
func (s *Store) RevokeToken(ctx context.Context, id string) error {
	return s.write(ctx, "RevokeToken", func(t tx) error {
		now := s.now()
		k, err := token(ctx, t, `k.id = $1`, id)
		if err != nil {
			return err
		}
		if k.RevokedAt != nil {
			return engine.Errorf(engine.Conflict, "The token %s was revoked already.", k.Name)
		}
		before, err := tokenMembers(k)
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE api_token SET revoked_at = $2 WHERE id = $1`, id, millis(now)); err != nil {
			return err
		}
		return noteToken(ctx, t, now, "token.revoke", id, before)
	})
}

// TouchToken notes when a token was used last.
func (s *Store) TouchToken(ctx context.Context, id string, at time.Time) error {
	return s.write(ctx, "TouchToken", func(t tx) error {
		_, err := t.exec(ctx, `UPDATE api_token SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)`, id, millis(at))
		return err
	})
}
