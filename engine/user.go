package engine

import (
	"context"
	"net/mail"
	"strings"
	"time"

	"github.com/google/uuid"

	"cartwheel/engine/secret"
)

// Role is what somebody may do. Each role may do all that the ones before it may.
type Role string

// The roles, weakest first.
const (
	Viewer             Role = "viewer"              // reads; personal data masked
	Editor             Role = "editor"              // workflows, runs, previews
	IntegrationManager Role = "integration_manager" // authentications
	Admin              Role = "admin"               // everything
)

// Roles lists the roles, weakest first.
func Roles() []Role { return []Role{Viewer, Editor, IntegrationManager, Admin} }

// Allows reports whether somebody with role r may do what needs the role need.
func (r Role) Allows(need Role) bool { return r.rank() > 0 && r.rank() >= need.rank() }

func (r Role) rank() int {
	for i, known := range Roles() {
		if r == known {
			return i + 1
		}
	}
	return 0
}

// User is a person who may sign in.
type User struct {
	ID           string
	Email        string // lower case
	Role         Role
	PasswordHash string
	CreatedAt    time.Time
}

// Token is an API token; only its hash is stored.
type Token struct {
	ID         string
	Name       string
	Role       Role
	Hash       []byte // sha256
	CreatedAt  time.Time
	ExpiresAt  *time.Time
	RevokedAt  *time.Time
	LastUsedAt *time.Time
}

// Actor is who does something: the name stands in published_by.
type Actor struct {
	Name string
	Role Role
}

// touchEvery is how exactly the last use of a token is known.
const touchEvery = time.Minute

// Authenticate returns who bears a token. Denied: unknown, expired or revoked.
func (e *Engine) Authenticate(ctx context.Context, bearer string) (Actor, error) {
	denied := Errorf(Denied, "The token is not valid: it is unknown, expired or revoked. Make one with: cartwheel token create.")
	if len(bearer) < 20 || len(bearer) > 200 {
		return Actor{}, denied
	}
	t, err := e.Store.TokenByHash(ctx, secret.HashToken(bearer))
	if CodeOf(err) == NotFound {
		return Actor{}, denied
	}
	if err != nil {
		return Actor{}, err
	}
	now := e.now()
	if t.RevokedAt != nil || t.ExpiresAt != nil && !now.Before(*t.ExpiresAt) {
		return Actor{}, denied
	}
	if t.LastUsedAt == nil || now.Sub(*t.LastUsedAt) >= touchEvery {
		if err := e.Store.TouchToken(ctx, t.ID, now); err != nil {
			e.Logger.Warn("the last use of a token was not noted", "token", t.ID, "error", logged(err))
		}
	}
	return Actor{Name: t.Name, Role: t.Role}, nil
}

// NeedsSetup reports whether nobody can administer this installation yet.
func (e *Engine) NeedsSetup(ctx context.Context) (bool, error) {
	has, err := e.Store.HasAdmin(ctx)
	return !has, err
}

// CreateToken makes an API token and returns it: it is shown once, only its
// hash is kept. expires 0 means never. Errors: Invalid.
func CreateToken(ctx context.Context, s UserStore, now time.Time, name string, role Role, expires time.Duration) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > 200 {
		return "", Errorf(Invalid, "A token needs a name of at most 200 characters: --name says what it is for.")
	}
	if role.rank() == 0 {
		return "", unknownRole(role)
	}
	token := "cw_" + secret.NewToken()
	t := Token{ID: newID(), Name: name, Role: role, Hash: secret.HashToken(token), CreatedAt: now}
	if expires > 0 {
		at := now.Add(expires)
		t.ExpiresAt = &at
	}
	return token, s.AddToken(ctx, t)
}

// CreateUser makes a person who may sign in. Errors: Invalid, Conflict.
func CreateUser(ctx context.Context, s UserStore, now time.Time, email string, role Role, password string) error {
	address, err := mail.ParseAddress(email)
	if err != nil || address.Address != email || len(email) > 254 {
		return Errorf(Invalid, "%q is no e-mail address.", email)
	}
	if role.rank() == 0 {
		return unknownRole(role)
	}
	if len(password) < 12 || len(password) > secret.MaxPassword {
		return Errorf(Invalid, "A password has 12 to %d characters.", secret.MaxPassword)
	}
	hash, err := secret.HashPassword(password)
	if err != nil {
		return err
	}
	return s.AddUser(ctx, User{ID: newID(), Email: strings.ToLower(email), Role: role, PasswordHash: hash, CreatedAt: now})
}

func unknownRole(r Role) error {
	return Errorf(Invalid, "There is no role %q: take admin, integration_manager, editor or viewer.", string(r))
}

// newID returns a time-ordered id.
func newID() string { return uuid.Must(uuid.NewV7()).String() }
