package engine

import (
	"context"
	"fmt"
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

// NeedsSetup reports whether nobody can administer this installation yet.
func (e *Engine) NeedsSetup(ctx context.Context) (bool, error) {
	has, err := e.Store.HasAdmin(ctx)
	return !has, err
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
	return invalidAt("body.role", fmt.Sprintf("There is no role %q: take admin, integration_manager, editor or viewer.", string(r)))
}

// newID returns a time-ordered id.
func newID() string { return uuid.Must(uuid.NewV7()).String() }
