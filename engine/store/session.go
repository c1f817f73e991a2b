package store

import (
	"context"
	"time"

	"cartwheel/engine"
)

// maxSessions is how many a person has at most: somebody who signs in by a program leaves one behind each time.
const maxSessions = 50

// AddSession stores a session and notes that its user has signed in. Those that hold no more go, and of a user's the
// ones that were used longest ago.
func (s *Store) AddSession(ctx context.Context, n engine.Session, passwordHash string) error {
	return s.write(ctx, "AddSession", func(t tx) error {
		now := s.now()
		if _, err := t.exec(ctx, `DELETE FROM session WHERE used_at < $1 OR created_at < $2`,
			millis(now.Add(-engine.SessionIdle)), millis(now.Add(-engine.SessionLife))); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `DELETE FROM session WHERE id IN
			(SELECT id FROM session WHERE account_id = $1 ORDER BY used_at DESC, id DESC LIMIT 1000 OFFSET $2)`, n.UserID, maxSessions-1); err != nil {
			return err
		}
		// Only for a user who is there with that password: whoever was removed, or shut out, at this moment does not come in.
		added, err := t.exec(ctx, `INSERT INTO session (hash, id, account_id, created_at, used_at) SELECT $1, $2, id, $4, $5 FROM account WHERE id = $3 AND password_hash = $6`,
			n.Hash, n.ID, n.UserID, millis(n.CreatedAt), millis(n.UsedAt), passwordHash)
		if err == nil && added == 0 {
			err = engine.Errorf(engine.NotFound, "There is no such user with this password.")
		}
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE account SET last_login_at = $2 WHERE id = $1`, n.UserID, millis(n.CreatedAt)); err != nil {
			return err
		}
		return noteSession(ctx, t, now, "user.login", n.UserID)
	})
}

// noteSession notes something about a user that changes nothing of them.
func noteSession(ctx context.Context, t tx, now time.Time, action, userID string) error {
	return note(ctx, t, now, deed{action: action, id: userID})
}

// SessionByHash returns a session with its user.
func (s *Store) SessionByHash(ctx context.Context, hash []byte) (engine.Session, engine.User, error) {
	n := engine.Session{Hash: hash}
	var u engine.User
	err := s.read(ctx, "SessionByHash", func(t tx) error {
		var d userDest
		var found bool
		var created, used int64
		err := t.query(ctx, one(&found, append(d.dest(), &n.ID, &n.UserID, &created, &used)...),
			`SELECT `+userColumns+`, s.id, s.account_id, s.created_at, s.used_at FROM session s JOIN account u ON u.id = s.account_id WHERE s.hash = $1`, hash)
		if err == nil && !found {
			err = engine.Errorf(engine.NotFound, "There is no such session.")
		}
		n.CreatedAt, n.UsedAt, u = moment(created), moment(used), d.read()
		return err
	})
	if err != nil {
		return engine.Session{}, engine.User{}, err
	}
	return n, u, nil
}

// TouchSession notes when a session was used last.
func (s *Store) TouchSession(ctx context.Context, hash []byte, at time.Time) error {
	return s.write(ctx, "TouchSession", func(t tx) error {
		_, err := t.exec(ctx, `UPDATE session SET used_at = $2 WHERE hash = $1 AND used_at < $2`, hash, millis(at))
		return err
	})
}

// EndSession removes a session.
func (s *Store) EndSession(ctx context.Context, id string) error {
	return s.write(ctx, "EndSession", func(t tx) error {
		users, err := texts(ctx, t, `SELECT account_id FROM session WHERE id = $1`, id)
		if err != nil || len(users) == 0 {
			return err
		}
		if _, err := t.exec(ctx, `DELETE FROM session WHERE id = $1`, id); err != nil {
			return err
		}
		return noteSession(ctx, t, s.now(), "user.logout", users[0])
	})
}

// EndSessions removes all sessions of a user.
func (s *Store) EndSessions(ctx context.Context, userID string) error {
	return s.write(ctx, "EndSessions", func(t tx) error {
		n, err := t.exec(ctx, `DELETE FROM session WHERE account_id = $1`, userID)
		if err != nil || n == 0 {
			return err
		}
		return noteSession(ctx, t, s.now(), "user.logout_everywhere", userID)
	})
}

// NoteLoginFailure notes that somebody could not sign in. What they have typed is not noted: it may be a password.
func (s *Store) NoteLoginFailure(ctx context.Context, userID string) error {
	return s.write(ctx, "NoteLoginFailure", func(t tx) error {
		return noteSession(ctx, t, s.now(), "user.login_failed", userID)
	})
}
