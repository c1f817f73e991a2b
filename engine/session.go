package engine

import (
	"context"
	"time"

	"cartwheel/engine/secret"
)

// How long a person stays signed in: SessionIdle after the last request, SessionLife at most.
const (
	SessionIdle = 12 * time.Hour
	SessionLife = 7 * 24 * time.Hour
)

// Session is a person's being signed in with one browser. Its token is the browser's alone; only its hash is stored.
type Session struct {
	ID        string
	Hash      []byte // sha256
	UserID    string
	CreatedAt time.Time
	UsedAt    time.Time // to the minute
}

// Valid reports whether s still holds.
func (s Session) Valid(now time.Time) bool {
	return now.Sub(s.UsedAt) < SessionIdle && now.Sub(s.CreatedAt) < SessionLife
}

// SessionStore keeps who is signed in.
type SessionStore interface {
	// AddSession stores a session and notes that its user has signed in, who had that password hash when it was checked.
	// Sessions that hold no more go. NotFound: there is no such user, or the password is another one by now.
	AddSession(ctx context.Context, s Session, passwordHash string) error
	// SessionByHash returns a session, whether it is valid or not, with its user as they are now.
	SessionByHash(ctx context.Context, hash []byte) (Session, User, error)
	TouchSession(ctx context.Context, hash []byte, at time.Time) error
	// EndSession ends one; one that is not there has ended.
	EndSession(ctx context.Context, id string) error
	// EndSessions ends all of a user.
	EndSessions(ctx context.Context, userID string) error
	// NoteLoginFailure notes in the audit log that somebody could not sign in: as whom, "" if there is nobody of that name.
	NoteLoginFailure(ctx context.Context, userID string) error
}

// AuthenticateSession returns whose session a token is, and notes that it was used. It is looked up each time, so that one
// that was ended is worth nothing at once. Denied: unknown, ended or too old.
func (e *Engine) AuthenticateSession(ctx context.Context, token string) (Actor, error) {
	s, a, err := e.session(ctx, token)
	if err != nil {
		return Actor{}, err
	}
	if now := e.now(); now.Sub(s.UsedAt) >= touchEvery {
		if err := e.Store.TouchSession(ctx, s.Hash, now); err != nil {
			e.Logger.Warn("the last use of a session was not noted", "session", s.ID, "error", logged(err))
		}
	}
	return a, nil
}

// RecheckSession is AuthenticateSession for a browser that only listens, which is no use: a window that was left open
// keeps nobody signed in.
func (e *Engine) RecheckSession(ctx context.Context, token string) (Actor, error) {
	_, a, err := e.session(ctx, token)
	return a, err
}

// session returns a session that holds, and whose it is.
func (e *Engine) session(ctx context.Context, token string) (Session, Actor, error) {
	denied := Errorf(Denied, "You are signed in no more. Sign in again.")
	if len(token) < 20 || len(token) > 200 {
		return Session{}, Actor{}, denied
	}
	s, u, err := e.Store.SessionByHash(ctx, secret.HashToken(token))
	if CodeOf(err) == NotFound || err == nil && !s.Valid(e.now()) {
		return Session{}, Actor{}, denied
	}
	if err != nil {
		return Session{}, Actor{}, err
	}
	return s, actorOf(u, s.ID), nil
}

func actorOf(u User, session string) Actor {
	return Actor{Kind: UserActor, ID: u.ID, Name: u.Email, Role: u.Role, Session: session}
}

// begin signs u in: always with a fresh token, so that nobody knows it before.
func (e *Engine) begin(ctx context.Context, u User) (string, Actor, error) {
	token, now := secret.NewToken(), e.now()
	s := Session{ID: newID(), Hash: secret.HashToken(token), UserID: u.ID, CreatedAt: now, UsedAt: now}
	a := actorOf(u, s.ID)
	a.IP = ActorOf(ctx).IP
	if err := e.Store.AddSession(WithActor(ctx, a), s, u.PasswordHash); err != nil {
		return "", Actor{}, err
	}
	return token, a, nil
}

// SignOut ends the session of who asks.
func (e *Engine) SignOut(ctx context.Context) error {
	id := ActorOf(ctx).Session
	if id == "" {
		return noPerson()
	}
	return e.Store.EndSession(ctx, id)
}

// SignOutEverywhere ends all sessions of who asks.
func (e *Engine) SignOutEverywhere(ctx context.Context) error {
	a := ActorOf(ctx)
	if a.Session == "" {
		return noPerson()
	}
	return e.Store.EndSessions(ctx, a.ID)
}

// noPerson is the answer to a token that asks for what only people have.
func noPerson() error {
	return Errorf(Conflict, "A token has no session and no password. Sign in as a person.")
}
