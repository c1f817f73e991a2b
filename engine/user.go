package engine

import "time"

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
