package store

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"cartwheel/engine"
	"cartwheel/merge"
)

const userColumns = `u.id, u.email, u.role, u.password_hash, u.created_at, u.last_login_at`

// userDest is where the columns of a user go; read makes the user of them.
type userDest struct {
	user    engine.User
	created int64
	login   sql.NullInt64
}

func (d *userDest) dest() []any {
	return []any{&d.user.ID, &d.user.Email, &d.user.Role, &d.user.PasswordHash, &d.created, &d.login}
}

func (d *userDest) read() engine.User {
	d.user.CreatedAt, d.user.LastLoginAt = moment(d.created), optionalMoment(d.login)
	return d.user
}

func user(ctx context.Context, t tx, where string, arg any) (engine.User, error) {
	var d userDest
	var found bool
	err := t.query(ctx, one(&found, d.dest()...), `SELECT `+userColumns+` FROM account u WHERE `+where, arg)
	if err == nil && !found {
		err = engine.Errorf(engine.NotFound, "There is no such user.")
	}
	if err != nil {
		return engine.User{}, err
	}
	return d.read(), nil
}

func (s *Store) userBy(ctx context.Context, op, where, arg string) (u engine.User, err error) {
	err = s.read(ctx, op, func(t tx) (err error) {
		u, err = user(ctx, t, where, arg)
		return err
	})
	return u, err
}

// User returns one.
func (s *Store) User(ctx context.Context, id string) (engine.User, error) {
	return s.userBy(ctx, "User", `u.id = $1`, id)
}

// UserByEmail returns the user with an address, however it is capitalized.
func (s *Store) UserByEmail(ctx context.Context, email string) (engine.User, error) {
	return s.userBy(ctx, "UserByEmail", `u.email = $1`, strings.ToLower(email))
}

// AddUser stores a person who may sign in.
func (s *Store) AddUser(ctx context.Context, u engine.User) error {
	return s.write(ctx, "AddUser", func(t tx) error { return addUser(ctx, t, s.now(), u) })
}

// AddOwner stores the first administrator.
func (s *Store) AddOwner(ctx context.Context, u engine.User) error {
	return s.write(ctx, "AddOwner", func(t tx) error {
		if n, err := admins(ctx, t, ""); err != nil || n > 0 {
			return orConflict(err, "There is an administrator already.")
		}
		err := addUser(ctx, t, s.now(), u)
		if engine.CodeOf(err) == engine.Conflict { // the caller takes Conflict for an owner
			message := engine.MessageOf(err)
			err = &engine.Error{Code: engine.Invalid, Message: message, Problems: []merge.Problem{{Location: "body.email", Message: message}}}
		}
		return err
	})
}

func addUser(ctx context.Context, t tx, now time.Time, u engine.User) error {
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
}

// admins counts the people who are administrators, but for one.
func admins(ctx context.Context, t tx, but string) (n int, err error) {
	var found bool
	err = t.query(ctx, one(&found, &n), `SELECT count(*) FROM account WHERE role = $1 AND id <> $2`, string(engine.Admin), but)
	return n, err
}

func orConflict(err error, message string) error {
	if err == nil {
		err = engine.Errorf(engine.Conflict, "%s", message)
	}
	return err
}

// HasOwner reports whether a person is an administrator.
func (s *Store) HasOwner(ctx context.Context) (bool, error) {
	found, err := s.texts(ctx, "HasOwner", `SELECT id FROM account WHERE role = $1 LIMIT 1`, string(engine.Admin))
	return len(found) > 0, err
}

// HasAdmin reports whether somebody can do everything: an admin, or a valid admin token.
func (s *Store) HasAdmin(ctx context.Context) (bool, error) {
	found, err := s.texts(ctx, "HasAdmin", `SELECT id FROM account WHERE role = $1
		UNION ALL SELECT id FROM api_token WHERE role = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2) LIMIT 1`,
		string(engine.Admin), millis(s.now()))
	return len(found) > 0, err
}

// Users lists people, newest first.
func (s *Store) Users(ctx context.Context, p engine.Page) ([]engine.User, string, error) {
	q := &filter{}
	if err := q.afterCreated(p, "u"); err != nil {
		return nil, "", s.explain("Users", err)
	}
	var items []engine.User
	err := s.read(ctx, "Users", func(t tx) error {
		items = nil
		return t.query(ctx, func(scan scan) error {
			var d userDest
			err := scan(d.dest()...)
			items = append(items, d.read())
			return err
		}, `SELECT `+userColumns+` FROM account u`+q.tail("u.created_at DESC, u.id DESC", p), q.args...)
	})
	if err != nil {
		return nil, "", err
	}
	items, next := cut(items, p, func(u engine.User) []string { return createdKey(u.CreatedAt, u.ID) })
	return items, next, nil
}

// lastAdmin is the answer to taking the last administrator away.
const lastAdmin = "This is the last administrator. Give somebody else the role admin first."

// ChangeUser gives a person another role or password, and ends their sessions.
func (s *Store) ChangeUser(ctx context.Context, id string, c engine.UserChange) (engine.User, error) {
	var u engine.User
	err := s.write(ctx, "ChangeUser", func(t tx) error {
		was, err := user(ctx, t, `u.id = $1`, id)
		if err != nil {
			return err
		}
		u = was
		if c.Role != "" {
			u.Role = c.Role
		}
		if c.PasswordHash != "" {
			u.PasswordHash = c.PasswordHash
		}
		if u.Role == was.Role && u.PasswordHash == was.PasswordHash {
			return nil
		}
		if was.Role == engine.Admin && u.Role != engine.Admin {
			if n, err := admins(ctx, t, id); err != nil || n == 0 {
				return orConflict(err, lastAdmin)
			}
		}
		if _, err := t.exec(ctx, `UPDATE account SET role = $2, password_hash = $3 WHERE id = $1`, id, string(u.Role), u.PasswordHash); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `DELETE FROM session WHERE account_id = $1 AND id <> $2`, id, c.KeepSession); err != nil {
			return err
		}
		return noteUser(ctx, t, s.now(), was, u)
	})
	if err != nil {
		return engine.User{}, err
	}
	return u, nil
}

// noteUser notes what has become of a user.
func noteUser(ctx context.Context, t tx, now time.Time, was, is engine.User) error {
	before, err := userMembers(was)
	if err != nil {
		return err
	}
	after, err := userMembers(is)
	if err != nil {
		return err
	}
	if was.PasswordHash != is.PasswordHash {
		changed, err := membersOf(map[string]any{"password": secretState{Set: true, Changed: true}})
		if err != nil {
			return err
		}
		after["password"] = changed["password"]
	}
	return note(ctx, t, now, deed{action: "user.edit", id: is.ID, before: before, after: after})
}

// DeleteUser removes a person and ends their sessions.
func (s *Store) DeleteUser(ctx context.Context, id string) error {
	return s.write(ctx, "DeleteUser", func(t tx) error {
		u, err := user(ctx, t, `u.id = $1`, id)
		if err != nil {
			return err
		}
		if u.Role == engine.Admin {
			if n, err := admins(ctx, t, id); err != nil || n == 0 {
				return orConflict(err, lastAdmin)
			}
		}
		if _, err := t.exec(ctx, `DELETE FROM session WHERE account_id = $1`, id); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `DELETE FROM account WHERE id = $1`, id); err != nil {
			return err
		}
		before, err := userMembers(u)
		if err != nil {
			return err
		}
		return note(ctx, t, s.now(), deed{action: "user.delete", id: id, before: before})
	})
}
