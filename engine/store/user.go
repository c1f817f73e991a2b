package store

import (
	"context"
	"strings"

	"cartwheel/engine"
)

// AddUser stores a person who may sign in.
func (s *Store) AddUser(ctx context.Context, u engine.User) error {
	return s.write(ctx, "AddUser", func(t tx) error {
		now := s.now()
		created := u.CreatedAt
		if created.IsZero() {
			created = now
		}
		n, err := t.exec(ctx, `INSERT INTO account (id, email, role, password_hash, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
			u.ID, strings.ToLower(u.Email), string(u.Role), u.PasswordHash, millis(created))
		if err == nil && n == 0 {
			err = engine.Errorf(engine.Conflict, "There is a user with the address %s already.", u.Email)
		}
		if err != nil {
			return err
		}
		after, err := userMembers(u)
		if err != nil {
			return err
		}
		return note(ctx, t, now, deed{action: "user.create", id: u.ID, after: after})
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

// HasAdmin reports whether somebody can do everything: an admin, or a valid admin token.
func (s *Store) HasAdmin(ctx context.Context) (bool, error) {
	found, err := s.texts(ctx, "HasAdmin", `SELECT id FROM account WHERE role = $1
		UNION ALL SELECT id FROM api_token WHERE role = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2) LIMIT 1`,
		string(engine.Admin), millis(s.now()))
	return len(found) > 0, err
}
