package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"cartwheel/engine"
)

const authenticationColumns = `a.id, a.name, a.type, a.config, a.sealed, a.last4, a.intake, a.revision, a.hooks, a.created_at, a.updated_at`

func scanAuthentication(s scan) (engine.Authentication, error) {
	var a engine.Authentication
	var config, sealed, last4, hooks string
	var created, updated int64
	if err := s(&a.ID, &a.Name, &a.Type, &config, &sealed, &last4, &a.Intake, &a.Revision, &hooks, &created, &updated); err != nil {
		return a, err
	}
	a.Config, a.CreatedAt, a.UpdatedAt = rawJSON(config), moment(created), moment(updated)
	return a, errors.Join(fromJSON(sealed, &a.Sealed), fromJSON(last4, &a.Last4), fromJSON(hooks, &a.Hooks))
}

// authenticationJSON holds the JSON columns of an authentication.
type authenticationJSON struct{ sealed, last4, hooks string }

func newAuthenticationJSON(a engine.Authentication) (j authenticationJSON, err error) {
	if j.sealed, err = toJSON(a.Sealed); err != nil {
		return j, err
	}
	if j.last4, err = toJSON(a.Last4); err != nil {
		return j, err
	}
	j.hooks, err = toJSON(a.Hooks)
	return j, err
}

func noAuthentication(id string) error {
	return engine.Errorf(engine.NotFound, "There is no authentication called %s.", id)
}

func authentication(ctx context.Context, t tx, where string, arg any) (a engine.Authentication, found bool, err error) {
	err = t.query(ctx, func(s scan) (err error) {
		found = true
		a, err = scanAuthentication(s)
		return err
	}, `SELECT `+authenticationColumns+` FROM authentication a WHERE `+where, arg)
	return a, found, err
}

func authenticationByID(ctx context.Context, t tx, id string) (engine.Authentication, error) {
	a, found, err := authentication(ctx, t, `a.id = $1`, id)
	if err == nil && !found {
		err = noAuthentication(id)
	}
	return a, err
}

// AddAuthentication stores a new one; its Revision is 1 whatever it says.
func (s *Store) AddAuthentication(ctx context.Context, a engine.Authentication) error {
	j, err := newAuthenticationJSON(a)
	if err != nil {
		return s.explain("AddAuthentication", err)
	}
	return s.write(ctx, "AddAuthentication", func(t tx) error {
		now := s.now()
		n, err := t.exec(ctx, `INSERT INTO authentication (id, name, type, config, sealed, last4, intake, revision, hooks, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $9) ON CONFLICT DO NOTHING`,
			a.ID, a.Name, a.Type, string(a.Config), j.sealed, j.last4, a.Intake, j.hooks, millis(now))
		if err == nil && n == 0 {
			err = engine.Errorf(engine.Conflict, "There is an authentication called %s already.", a.ID)
		}
		if err != nil {
			return err
		}
		return noteAuthentication(ctx, t, now, "authentication.create", a.ID, nil, &a)
	})
}

// SaveAuthentication replaces name, config and secrets, and wakes the events that wait for it.
func (s *Store) SaveAuthentication(ctx context.Context, a engine.Authentication, jobs ...engine.Job) (engine.Authentication, error) {
	j, err := newAuthenticationJSON(a)
	if err != nil {
		return engine.Authentication{}, s.explain("SaveAuthentication", err)
	}
	var saved engine.Authentication
	err = s.write(ctx, "SaveAuthentication", func(t tx) error {
		now := s.now()
		before, err := authenticationByID(ctx, t, a.ID)
		if err != nil {
			return err
		}
		n, err := t.exec(ctx, `UPDATE authentication SET name = $3, config = $4, sealed = $5, last4 = $6, updated_at = $7, revision = revision + 1
			WHERE id = $1 AND (revision = $2 OR $2 = 0)`, a.ID, a.Revision, a.Name, string(a.Config), j.sealed, j.last4, millis(now))
		if err == nil && n == 0 {
			err = staleAuthentication(ctx, t, a.ID)
		}
		if err != nil {
			return err
		}
		if err := wakeEvents(ctx, t, now, a.ID); err != nil {
			return err
		}
		if err := enqueue(ctx, t, now, jobs...); err != nil {
			return err
		}
		if saved, err = authenticationByID(ctx, t, a.ID); err != nil {
			return err
		}
		return noteAuthentication(ctx, t, now, "authentication.edit", a.ID, &before, &saved)
	})
	if err != nil {
		return engine.Authentication{}, err
	}
	return saved, nil
}

func staleAuthentication(ctx context.Context, t tx, id string) error {
	if _, err := authenticationByID(ctx, t, id); err != nil {
		return err
	}
	return engine.Errorf(engine.Stale, "Authentication %s was changed meanwhile. Load it again and repeat the change.", id)
}

// SaveSubscription notes how far the hooks are registered, and moves the job to next or removes it.
func (s *Store) SaveSubscription(ctx context.Context, id string, sub engine.Subscription, j engine.Job, next *time.Time) error {
	hooks, err := toJSON(sub)
	if err != nil {
		return s.explain("SaveSubscription", err)
	}
	return s.write(ctx, "SaveSubscription", func(t tx) error {
		n, err := t.exec(ctx, `UPDATE authentication SET hooks = $2 WHERE id = $1`, id, hooks)
		if err == nil && n == 0 {
			err = noAuthentication(id)
		}
		if err != nil {
			return err
		}
		return settle(ctx, t, s.now(), engine.SubscribeJob, id, j, next)
	})
}

// Authentication returns one.
func (s *Store) Authentication(ctx context.Context, id string) (engine.Authentication, error) {
	var a engine.Authentication
	err := s.read(ctx, "Authentication", func(t tx) (err error) {
		a, err = authenticationByID(ctx, t, id)
		return err
	})
	if err != nil {
		return engine.Authentication{}, err
	}
	return a, nil
}

// AuthenticationByIntake finds the one that takes webhooks under the key with this sha256.
func (s *Store) AuthenticationByIntake(ctx context.Context, hash []byte) (engine.Authentication, error) {
	var a engine.Authentication
	err := s.read(ctx, "AuthenticationByIntake", func(t tx) error {
		var found bool
		var err error
		a, found, err = authentication(ctx, t, `a.intake = $1`, hash)
		if err == nil && !found {
			err = engine.Errorf(engine.NotFound, "No authentication takes webhooks at this address.")
		}
		return err
	})
	if err != nil {
		return engine.Authentication{}, err
	}
	return a, nil
}

// Authentications lists them, newest first.
func (s *Store) Authentications(ctx context.Context, p engine.Page) ([]engine.Authentication, string, error) {
	q := &filter{}
	if err := q.afterCreated(p, "a"); err != nil {
		return nil, "", s.explain("Authentications", err)
	}
	var items []engine.Authentication
	err := s.read(ctx, "Authentications", func(t tx) error {
		items = nil
		return t.query(ctx, func(scan scan) error {
			a, err := scanAuthentication(scan)
			items = append(items, a)
			return err
		}, `SELECT `+authenticationColumns+` FROM authentication a`+q.tail("a.created_at DESC, a.id DESC", p), q.args...)
	})
	if err != nil {
		return nil, "", err
	}
	items, next := cut(items, p, func(a engine.Authentication) []string { return createdKey(a.CreatedAt, a.ID) })
	return items, next, nil
}

const usersOf = `SELECT workflow_id FROM workflow_authentication WHERE authentication_id = $1 ORDER BY workflow_id`

// DeleteAuthentication removes one that no workflow uses.
func (s *Store) DeleteAuthentication(ctx context.Context, id string, revision int64) error {
	return s.write(ctx, "DeleteAuthentication", func(t tx) error {
		now := s.now()
		before, err := authenticationByID(ctx, t, id)
		if err != nil {
			return err
		}
		n, err := t.exec(ctx, `DELETE FROM authentication WHERE id = $1 AND (revision = $2 OR $2 = 0)`, id, revision)
		if err == nil && n == 0 {
			err = staleAuthentication(ctx, t, id)
		}
		if err != nil {
			return err
		}
		users, err := texts(ctx, t, usersOf, id)
		if err != nil {
			return err
		}
		if len(users) > 0 {
			return engine.Errorf(engine.Conflict, "Authentication %s is used by: %s. Take it out of there first.", id, strings.Join(users, ", "))
		}
		if err := wakeEvents(ctx, t, now, id); err != nil {
			return err // what waited for it comes to its end
		}
		if _, err := t.exec(ctx, `DELETE FROM authentication_health WHERE authentication_id = $1`, id); err != nil {
			return err
		}
		if err := noteAuthentication(ctx, t, now, "authentication.delete", id, &before, nil); err != nil {
			return err
		}
		return settle(ctx, t, now, engine.SubscribeJob, id, engine.Job{}, nil)
	})
}

// UsedBy lists the ids of the workflows that use an authentication, sorted.
func (s *Store) UsedBy(ctx context.Context, id string) ([]string, error) {
	return s.texts(ctx, "UsedBy", usersOf, id)
}
