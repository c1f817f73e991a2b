package engine

import (
	"context"
	"fmt"
	"math"
	"net/netip"
	"strings"
	"time"

	"cartwheel/engine/secret"
)

const (
	// hashing is how many passwords are compared at once: each takes 64 MiB for some 150 ms.
	hashing = 2
	// hashWait is how long somebody waits for one of them.
	hashWait = 10 * time.Second
)

// logins keeps guessing slow and cheap for us.
type logins struct {
	throttle *throttle
	slots    chan struct{}
}

func newLogins() *logins {
	return &logins{throttle: newThrottle(), slots: make(chan struct{}, hashing)}
}

// compare checks a password against a hash when it is its turn.
func (l *logins) compare(ctx context.Context, password, hash string) (bool, error) {
	late := time.NewTimer(hashWait)
	defer late.Stop()
	select {
	case l.slots <- struct{}{}:
		defer func() { <-l.slots }()
		return secret.CheckPassword(password, hash), nil
	case <-late.C:
		return false, Errorf(Temporary, "Too many people sign in at this moment. Try again in a moment.")
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// SignIn returns the token of a new session for who knows the password. The actor in ctx tells the address from which it
// is tried. Unknown addresses take the same work and get the same answer as wrong passwords. Errors: Denied, Throttled.
func (e *Engine) SignIn(ctx context.Context, email, password string) (string, Actor, error) {
	wrong := Errorf(Denied, "The e-mail address or the password is wrong.")
	email = strings.ToLower(strings.TrimSpace(email))
	if len(email) > maxEmail { // nobody's, and too long to remember
		return "", Actor{}, wrong
	}
	u, err := e.Store.UserByEmail(ctx, email)
	known := err == nil
	if err != nil && CodeOf(err) != NotFound {
		return "", Actor{}, err
	}
	if !known {
		u = User{PasswordHash: secret.NobodysHash}
	}
	right, err := e.tryPassword(ctx, email, u, password)
	if err != nil {
		return "", Actor{}, err
	}
	if !known || !right {
		return "", Actor{}, wrong
	}
	token, a, err := e.begin(ctx, u)
	if CodeOf(err) == NotFound { // removed, or given another password meanwhile
		err = wrong
	}
	return token, a, err
}

// tryPassword is one guess: it counts as wrong from its begin on, so that many at once are not let through.
func (e *Engine) tryPassword(ctx context.Context, email string, u User, password string) (bool, error) {
	from, name := "from "+network(ActorOf(ctx).IP), "as "+email
	guess, wait := e.logins.throttle.enter(e.now(), from, name)
	if wait > 0 {
		return false, throttled(wait)
	}
	right, err := e.logins.compare(ctx, password, u.PasswordHash)
	if err != nil {
		guess.giveBack(from, name)
		return false, err
	}
	if right && u.ID != "" {
		guess.giveBack(from)
		guess.forget(name)
		return true, nil
	}
	if guess.tell(e.now()) {
		if err := e.Store.NoteLoginFailure(ctx, u.ID); err != nil {
			e.Logger.Warn("a failed sign-in was not noted", "error", logged(err))
		}
	}
	return false, nil
}

func throttled(wait time.Duration) error {
	err := Errorf(Throttled, "Too many wrong passwords. Try again in %s.", inWords(wait))
	err.Wait = wait
	return err
}

// inWords rounds up, so that who waits as told is let in.
func inWords(d time.Duration) string {
	if d <= 2*time.Minute {
		return fmt.Sprintf("%d seconds", int(math.Ceil(d.Seconds())))
	}
	return fmt.Sprintf("%d minutes", int(math.Ceil(d.Minutes())))
}

// network is where somebody comes from: a household or a machine has a whole /64 of IPv6 addresses.
func network(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	if addr = addr.Unmap().WithZone(""); addr.Is6() {
		if p, err := addr.Prefix(64); err == nil {
			return p.String()
		}
	}
	return addr.String()
}

// ChangePassword gives the person who asks another password and ends all their other sessions.
// Errors: Invalid, at body.current and body.new; Throttled; Conflict for a token.
func (e *Engine) ChangePassword(ctx context.Context, current, next string) error {
	a := ActorOf(ctx)
	if a.Session == "" {
		return noPerson()
	}
	u, err := e.Store.User(ctx, a.ID)
	if err != nil {
		return err
	}
	if current == next {
		return invalidAt("body.new", "This is the password that you have. Choose another one.")
	}
	right, err := e.tryPassword(ctx, u.Email, u, current)
	if err != nil {
		return err
	}
	if !right {
		return invalidAt("body.current", "This is not your password.")
	}
	hash, err := passwordHash("body.new", next)
	if err != nil {
		return err
	}
	_, err = e.Store.ChangeUser(ctx, u.ID, UserChange{PasswordHash: hash, KeepSession: a.Session})
	return err
}
