package store

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"cartwheel/engine"
)

// AddUser stores a person who may sign in.
func (s *Store) AddUser(ctx context.Context, u engine.User) error {
	return s.write(ctx, "AddUser", func(t tx) error {
		created := u.CreatedAt
		if created.IsZero() {
			created = s.now()
		}
		n, err := t.exec(ctx, `INSERT INTO account (id, email, role, password_hash, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
			u.ID, strings.ToLower(u.Email), string(u.Role), u.PasswordHash, millis(created))
		if err == nil && n == 0 {
			err = engine.Errorf(engine.Conflict, "There is a user with the address %s already.", u.Email)
		}
		return err
	})
}

// UserByEmail returns the user with an address, however it is capitalized.
func (s *Store) UserByEmail(ctx context.Context, email string) (engine.User, error) {
	var u engine.User
	var created int64
	err := s.read(ctx, "UserByEmail", func(t tx) error {
		var found bool
		err := t.query(ctx, one(&found, &u.ID, &u.Email, &u.Role, &u.PasswordHash, &created),
			`SELECT id, email, role, password_hash, created_at FROM account WHERE email = $1`, strings.ToLower(email))
		if err == nil && !found {
			err = engine.Errorf(engine.NotFound, "There is no user with this address.")
		}
		return err
	})
	if err != nil {
		return engine.User{}, err
	}
	u.CreatedAt = moment(created)
	return u, nil
}

// AddToken stores an API token: its hash, never the token.
func (s *Store) AddToken(ctx context.Context, k engine.Token) error {
	return s.write(ctx, "AddToken", func(t tx) error {
		created := k.CreatedAt
		if created.IsZero() {
			created = s.now()
		}
		n, err := t.exec(ctx, `INSERT INTO api_token (id, name, role, hash, created_at, expires_at, revoked_at, last_used_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
			k.ID, k.Name, string(k.Role), k.Hash, millis(created), optionalMillis(k.ExpiresAt), optionalMillis(k.RevokedAt), optionalMillis(k.LastUsedAt))
		if err == nil && n == 0 {
			err = engine.Errorf(engine.Conflict, "There is such a token already.")
		}
		return err
	})
}

// TokenByHash returns a token, an expired or revoked one too.
func (s *Store) TokenByHash(ctx context.Context, hash []byte) (engine.Token, error) {
	var k engine.Token
	var created int64
	var expires, revoked, used sql.NullInt64
	err := s.read(ctx, "TokenByHash", func(t tx) error {
		var found bool
		err := t.query(ctx, one(&found, &k.ID, &k.Name, &k.Role, &k.Hash, &created, &expires, &revoked, &used),
			`SELECT id, name, role, hash, created_at, expires_at, revoked_at, last_used_at FROM api_token WHERE hash = $1`, hash)
		if err == nil && !found {
			err = engine.Errorf(engine.NotFound, "There is no such token.")
		}
		return err
	})
	if err != nil {
		return engine.Token{}, err
	}
	k.CreatedAt, k.ExpiresAt, k.RevokedAt, k.LastUsedAt = moment(created), optionalMoment(expires), optionalMoment(revoked), optionalMoment(used)
	return k, nil
}

// TouchToken notes when a token was used last.
func (s *Store) TouchToken(ctx context.Context, id string, at time.Time) error {
	return s.write(ctx, "TouchToken", func(t tx) error {
		_, err := t.exec(ctx, `UPDATE api_token SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)`, id, millis(at))
		return err
	})
}

// HasAdmin reports whether somebody can do everything: an admin, or a valid admin token.
func (s *Store) HasAdmin(ctx context.Context) (bool, error) {
	found, err := s.texts(ctx, "HasAdmin", `SELECT id FROM account WHERE role = $1
		UNION ALL SELECT id FROM api_token WHERE role = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2) LIMIT 1`,
		string(engine.Admin), millis(s.now()))
	return len(found) > 0, err
}
