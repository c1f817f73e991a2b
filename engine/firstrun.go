package engine

import (
	"context"
	"crypto/subtle"
	"sync"
	"time"

	"cartwheel/engine/secret"
)

// firstRunLife is how long the link of a start is good for: it stands in a terminal or a log.
const firstRunLife = 24 * time.Hour

// firstRun is the one-time link of this start. It lives in memory only: the next start has another one.
type firstRun struct {
	mu    sync.Mutex
	hash  []byte // of the key; nil: there is no link
	until time.Time
	user  string // the id of who is signed in with it; "": it makes the owner
	used  bool
}

// OfferFirstRun makes key good for making the owner, once, for a day.
func (e *Engine) OfferFirstRun(key string) { e.offer(key, "") }

// OfferEntry makes key good for signing a user in, once, for a day.
func (e *Engine) OfferEntry(key, userID string) { e.offer(key, userID) }

func (e *Engine) offer(key, userID string) {
	f := &e.first
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hash, f.until, f.user, f.used = secret.HashToken(key), e.now().Add(firstRunLife), userID, false
}

// NeedsOwner reports whether no person is an administrator yet.
func (e *Engine) NeedsOwner(ctx context.Context) (bool, error) {
	has, err := e.Store.HasOwner(ctx)
	return !has, err
}

// FirstRun says what a key is good for: entry true, to sign in; false, to make the owner. It does not use it up.
// Denied: it is not the key of this start. Gone: it was used or is too old, or there is an owner.
func (e *Engine) FirstRun(ctx context.Context, key string) (entry bool, err error) {
	user, err := e.opened(key, false)
	if err != nil || user != "" {
		return user != "", e.firstRunError(ctx, err)
	}
	needed, err := e.NeedsOwner(ctx)
	if err == nil && !needed {
		err = ownerExists()
	}
	return false, err
}

// firstRunError says rather that there is an owner than that a key is wrong: most who come with one have an old link.
func (e *Engine) firstRunError(ctx context.Context, err error) error {
	if CodeOf(err) != Denied {
		return err
	}
	needed, failure := e.NeedsOwner(ctx)
	if failure != nil {
		return failure
	}
	if !needed {
		return ownerExists()
	}
	return err
}

func ownerExists() error {
	return Errorf(Gone, "There is an owner already, and this link has done its work. Sign in with the e-mail address and the password.")
}

// opened compares a key, and uses it up when take is true.
func (e *Engine) opened(key string, take bool) (user string, err error) {
	f := &e.first
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.hash == nil || subtle.ConstantTimeCompare(f.hash, secret.HashToken(key)) != 1:
		return "", Errorf(Denied, "This link is not the one that Cartwheel has printed at its last start. Look at the terminal or the log of cartwheel serve.")
	case f.used:
		return "", Errorf(Gone, "This link was used already; it works once. Sign in with the e-mail address and the password.")
	case !e.now().Before(f.until):
		return "", Errorf(Gone, "This link is older than a day. Start Cartwheel again: it prints another one.")
	}
	f.used = take
	return f.user, nil
}

// BecomeOwner makes the owner with the key of this start and signs them in. Errors: as FirstRun; Invalid, at body.email
// and body.password: then the key is still good.
func (e *Engine) BecomeOwner(ctx context.Context, key, email, password string) (string, Actor, error) {
	if entry, err := e.FirstRun(ctx, key); err != nil || entry {
		return "", Actor{}, notFor(err)
	}
	u, err := newUser(e.now(), email, Admin, password)
	if err != nil {
		return "", Actor{}, err
	}
	a := actorOf(u, "")
	a.IP = ActorOf(ctx).IP
	err = e.Store.AddOwner(WithActor(ctx, a), u) // it, not the key, decides between two at once
	if CodeOf(err) == Conflict {
		return "", Actor{}, ownerExists()
	}
	if err != nil {
		return "", Actor{}, err
	}
	if _, err := e.opened(key, true); err != nil {
		e.Logger.Warn("the key of the first run was used twice at once", "error", err)
	}
	return e.begin(ctx, u)
}

// Enter signs in with the key of this start. Errors: as FirstRun.
func (e *Engine) Enter(ctx context.Context, key string) (string, Actor, error) {
	if entry, err := e.FirstRun(ctx, key); err != nil || !entry {
		return "", Actor{}, notFor(err)
	}
	user, err := e.opened(key, true)
	if err != nil {
		return "", Actor{}, err
	}
	u, err := e.Store.User(ctx, user)
	if err != nil {
		return "", Actor{}, err
	}
	return e.begin(ctx, u)
}

// notFor is the error of a key that is good, but for something else.
func notFor(err error) error {
	if err == nil {
		err = Errorf(Denied, "This link is for something else. Open it again.")
	}
	return err
}
