package engine

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

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
	LastLoginAt  *time.Time
}

// UserChange is what becomes different about a user; zero members stay.
type UserChange struct {
	Role         Role
	PasswordHash string
	KeepSession  string // the id of the one session of this user that does not end
}

// AccountStore keeps the people who may sign in.
type AccountStore interface {
	// AddOwner stores the first administrator. Conflict: there is one.
	AddOwner(ctx context.Context, u User) error
	// HasOwner reports whether a person is an administrator.
	HasOwner(ctx context.Context) (bool, error)
	User(ctx context.Context, id string) (User, error)
	// Users lists the people, newest first.
	Users(ctx context.Context, p Page) (items []User, next string, err error)
	// ChangeUser changes a person and ends their sessions. Conflict: nobody would be an administrator any more.
	ChangeUser(ctx context.Context, id string, c UserChange) (User, error)
	// DeleteUser removes a person and ends their sessions. Conflict: the last administrator.
	DeleteUser(ctx context.Context, id string) error
}

// NeedsSetup reports whether nobody can administer this installation yet.
func (e *Engine) NeedsSetup(ctx context.Context) (bool, error) {
	has, err := e.Store.HasAdmin(ctx)
	return !has, err
}

// CreateUser makes a person who may sign in. Errors: Invalid, Conflict.
func CreateUser(ctx context.Context, s UserStore, now time.Time, email string, role Role, password string) error {
	u, err := newUser(now, email, role, password)
	if err != nil {
		return err
	}
	return s.AddUser(ctx, u)
}

// newUser checks everything about a user and hashes the password.
func newUser(now time.Time, email string, role Role, password string) (User, error) {
	email = strings.TrimSpace(email)
	if !IsAddress(email) {
		return User{}, invalidAt("body.email", "This is no e-mail address: write it like name@example.com.")
	}
	if role.rank() == 0 {
		return User{}, unknownRole(role)
	}
	hash, err := passwordHash("body.password", password)
	if err != nil {
		return User{}, err
	}
	return User{ID: newID(), Email: strings.ToLower(email), Role: role, PasswordHash: hash, CreatedAt: now}, nil
}

// minPassword is what NIST SP 800-63B asks for where a password stands alone, rounded down to what people accept.
const minPassword = 12

func passwordHash(location, password string) (string, error) {
	if utf8.RuneCountInString(password) < minPassword || len(password) > secret.MaxPassword {
		return "", invalidAt(location, fmt.Sprintf("A password has at least %d characters and at most %d bytes.", minPassword, secret.MaxPassword))
	}
	return secret.HashPassword(password)
}

// CreateUser makes a person who may sign in. Errors: Invalid, Conflict.
func (e *Engine) CreateUser(ctx context.Context, email string, role Role, password string) (User, error) {
	u, err := newUser(e.now(), email, role, password)
	if err != nil {
		return User{}, err
	}
	return u, e.Store.AddUser(ctx, u)
}

// Users lists the people who may sign in, newest first.
func (e *Engine) Users(ctx context.Context, p Page) ([]User, string, error) {
	return e.Store.Users(ctx, p)
}

// ChangeUser gives a person another role or password; "" leaves it. What changes ends the person's sessions, but for
// the one that asks for it. Errors: Invalid, NotFound, Conflict.
func (e *Engine) ChangeUser(ctx context.Context, id string, role Role, password string) (User, error) {
	c := UserChange{Role: role, KeepSession: ActorOf(ctx).Session}
	if role != "" && role.rank() == 0 {
		return User{}, unknownRole(role)
	}
	if password != "" {
		var err error
		if c.PasswordHash, err = passwordHash("body.password", password); err != nil {
			return User{}, err
		}
	}
	return e.Store.ChangeUser(ctx, id, c)
}

// DeleteUser removes a person; from the next request on they are nobody. Errors: NotFound, Conflict.
func (e *Engine) DeleteUser(ctx context.Context, id string) error {
	return e.Store.DeleteUser(ctx, id)
}

func unknownRole(r Role) error {
	return invalidAt("body.role", fmt.Sprintf("There is no role %q: take admin, integration_manager, editor or viewer.", string(r)))
}

// newID returns a time-ordered id.
func newID() string { return uuid.Must(uuid.NewV7()).String() }
