package engine

import (
	"encoding/json"
	"log/slog"
	"time"
)

// Authentication is a named, shared credential as it is stored: secrets sealed.
type Authentication struct {
	ID        string // slug
	Name      string
	Type      string
	Config    json.RawMessage
	Sealed    map[string][]byte // secret name -> sealed bytes; names starting with "_" are the engine's own
	Last4     map[string]string // secret name -> its last four characters, "" when it is too short to tell
	Intake    []byte            // sha256 of the key in its /hooks/<word>/{key}; nil: it takes no webhooks
	Revision  int64             // for ETag; counts changes to name, config and secrets
	Hooks     Subscription
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Subscription says how far the hooks of an authentication have been registered.
type Subscription struct {
	State     string    `json:"state"` // "" (nothing needed), pending, active, failed
	Reason    string    `json:"reason,omitempty"`
	Hooks     []Hook    `json:"hooks,omitempty"`
	CheckedAt time.Time `json:"checked_at,omitzero"`
}

// The states of a Subscription.
const (
	SubscriptionPending = "pending"
	SubscriptionActive  = "active"
	SubscriptionFailed  = "failed"
)

// Names of the engine's own secrets of an authentication that takes webhooks.
const (
	secretHookKey    = "_hook_key"    // the {key} in its URL
	secretHookSecret = "_hook_secret" // what the source sends back in a header
)

// Auth is an opened authentication. It prints as ***, in every format.
type Auth struct {
	ID       string
	Name     string
	Type     string
	Config   json.RawMessage
	Revision int64
	secrets  map[string]string
}

// NewAuth makes an Auth; the engine does so just before it is needed.
func NewAuth(id, name, typ string, config json.RawMessage, revision int64, secrets map[string]string) Auth {
	return Auth{ID: id, Name: name, Type: typ, Config: config, Revision: revision, secrets: secrets}
}

// Secret returns the secret called name, "" when it is not set.
func (a Auth) Secret(name string) string { return a.secrets[name] }

// HookSecret is what a source must send back with each webhook.
func (a Auth) HookSecret() string { return a.secrets[secretHookSecret] }

// HookKey is the unguessable part of the webhook URL.
func (a Auth) HookKey() string { return a.secrets[secretHookKey] }

// IsZero reports whether there is no authentication at all.
func (a Auth) IsZero() bool { return a.ID == "" && a.Type == "" }

// String hides the authentication.
func (a Auth) String() string { return "***" }

// GoString hides the authentication.
func (a Auth) GoString() string { return "***" }

// LogValue hides the authentication.
func (a Auth) LogValue() slog.Value { return slog.StringValue("***") }

// MarshalJSON hides the authentication.
func (a Auth) MarshalJSON() ([]byte, error) { return []byte(`"***"`), nil }
