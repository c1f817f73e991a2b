package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"cartwheel/engine/secret"
	"cartwheel/merge"
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
	redactor func() redactor // made when it is first needed
	settings *settings
}

// settings is what an authentication's config has been read into.
type settings struct {
	once  sync.Once
	value any
}

// Settings returns what read makes of the config. It is read once for each opened authentication, so one package
// alone may call it, always with the same read.
func (a Auth) Settings(read func(config json.RawMessage) any) any {
	if a.settings == nil {
		return read(a.Config)
	}
	a.settings.once.Do(func() { a.settings.value = read(a.Config) })
	return a.settings.value
}

// NewAuth makes an Auth; the engine does so just before it is needed.
func NewAuth(id, name, typ string, config json.RawMessage, revision int64, secrets map[string]string) Auth {
	a := Auth{ID: id, Name: name, Type: typ, Config: config, Revision: revision, secrets: secrets, settings: &settings{}}
	a.redactor = sync.OnceValue(a.newReplacer)
	return a
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

// maxSecret caps a secret, in bytes.
const maxSecret = 16 << 10

// CreateAuthentication checks and stores a credential, its secrets sealed. Errors: Invalid, Conflict.
func (e *Engine) CreateAuthentication(ctx context.Context, in AuthenticationInput) (AuthenticationView, error) {
	t, ok := e.Config.AuthTypes.Get(in.Type)
	if !ok {
		return AuthenticationView{}, invalidAt("body.type", fmt.Sprintf("There is no authentication type %q. The types are %s.", in.Type, joinAnd(e.Config.AuthTypes.Types())))
	}
	config, problems := checkAuthentication(t, in.Name, in.Config, in.Secrets)
	given := in.ID != ""
	if given && !validSlug(in.ID) {
		return AuthenticationView{}, invalidID(in.ID)
	}
	if len(problems) > 0 {
		return AuthenticationView{}, &Error{Code: Invalid, Message: "The authentication cannot be accepted.", Problems: problems}
	}
	base := in.ID
	if !given {
		base = slugOf(in.Name, in.Type)
	}
	for n := 1; ; n++ {
		a := e.sealed(t, numbered(base, n), in, config)
		err := e.Store.AddAuthentication(ctx, a)
		if CodeOf(err) == Conflict && !given && n < 100 {
			continue
		}
		if err != nil {
			return AuthenticationView{}, err
		}
		return e.Authentication(ctx, a.ID)
	}
}

func invalidAt(location, message string) error {
	return &Error{Code: Invalid, Message: message, Problems: []merge.Problem{{Location: location, Message: message}}}
}

// sealed makes the stored form of a new authentication.
func (e *Engine) sealed(t AuthType, id string, in AuthenticationInput, config json.RawMessage) Authentication {
	now := e.now()
	a := Authentication{ID: id, Name: in.Name, Type: in.Type, Config: config, Revision: 1,
		Sealed: map[string][]byte{}, Last4: map[string]string{}, CreatedAt: now, UpdatedAt: now}
	for name, plain := range in.Secrets {
		a.Sealed[name], a.Last4[name] = e.auths.seal(id, name, plain), last4(plain)
	}
	if _, ok := t.(Subscriber); ok {
		key := secret.NewToken()
		a.Intake = secret.HashToken(key)
		a.Sealed[secretHookKey] = e.auths.seal(id, secretHookKey, key)
		a.Sealed[secretHookSecret] = e.auths.seal(id, secretHookSecret, secret.NewToken())
	}
	return a
}

// checkAuthentication checks what a person gave; locations are those of the API.
func checkAuthentication(t AuthType, name string, config json.RawMessage, secrets map[string]string) (json.RawMessage, []merge.Problem) {
	var problems []merge.Problem
	if strings.TrimSpace(name) == "" || len(name) > 200 {
		problems = append(problems, merge.Problem{Location: "body.name", Message: "The authentication needs a name of at most 200 characters."})
	}
	_, wrong := compileConfig(config, t.Spec().Fields, &merge.Scope{})
	normal := config
	if len(wrong) == 0 {
		normal, wrong = t.Normalize(config)
	}
	problems = append(problems, merge.At("body.config", wrong)...)
	return normal, append(problems, checkSecrets(t.Spec().Fields, secrets)...)
}

func checkSecrets(fields []Field, secrets map[string]string) []merge.Problem {
	var problems []merge.Problem
	known := map[string]bool{}
	for _, f := range fields {
		known[f.Name] = f.Secret
		if f.Secret && f.Required && secrets[f.Name] == "" {
			problems = append(problems, merge.Problem{Location: "body.secrets." + f.Name, Message: f.Label + " is missing."})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		switch {
		case !known[name]:
			problems = append(problems, merge.Problem{Location: "body.secrets." + name, Message: fmt.Sprintf("There is no secret %q here.", name)})
		case len(secrets[name]) > maxSecret:
			problems = append(problems, merge.Problem{Location: "body.secrets." + name, Message: "The secret is longer than 16 KiB."})
		}
	}
	return problems
}

// UpdateAuthentication changes what the patch names. What waits for the
// authentication goes on. revision 0 changes any. Errors: NotFound, Stale, Invalid.
func (e *Engine) UpdateAuthentication(ctx context.Context, id string, revision int64, p AuthenticationPatch) (AuthenticationView, error) {
	a, err := e.Store.Authentication(ctx, id)
	if err != nil {
		return AuthenticationView{}, err
	}
	if revision != 0 && revision != a.Revision {
		return AuthenticationView{}, Errorf(Stale, "The authentication was changed meanwhile. Read it again.")
	}
	t, ok := e.Config.AuthTypes.Get(a.Type)
	if !ok {
		return AuthenticationView{}, Errorf(Conflict, "This release does not know the authentication type %q.", a.Type)
	}
	opened, err := e.auths.get(a)
	if err != nil {
		return AuthenticationView{}, err
	}
	secrets := patchedSecrets(opened, p.Secrets)
	if p.Name != nil {
		a.Name = *p.Name
	}
	if p.Config != nil {
		if a.Config, err = patchedConfig(a.Config, p.Config); err != nil {
			return AuthenticationView{}, err
		}
	}
	config, problems := checkAuthentication(t, a.Name, a.Config, secrets)
	if len(problems) > 0 {
		return AuthenticationView{}, &Error{Code: Invalid, Message: "The authentication cannot be accepted.", Problems: problems}
	}
	a.Config, a.UpdatedAt = config, e.now()
	e.reseal(&a, p.Secrets)
	if _, err := e.Store.SaveAuthentication(ctx, a, e.subscribeJobsOf(t, id)...); err != nil {
		return AuthenticationView{}, err
	}
	return e.Authentication(ctx, id)
}

// patchedConfig is config with the members of patch; a member that is null is removed, one left out stays.
func patchedConfig(config, patch json.RawMessage) (json.RawMessage, error) {
	changed, err := merge.DecodeObject(patch)
	if err != nil {
		return nil, invalidAt("body.config", "The config must be a JSON object.")
	}
	old, err := merge.DecodeObject(config)
	if err != nil {
		return nil, fmt.Errorf("read the stored config: %w", err)
	}
	var merged merge.Object
	for _, part := range []merge.Object{old, changed} {
		for name, value := range part.All() {
			if over, given := changed.Get(name); !given || over != nil {
				merged.Set(name, value)
			}
		}
	}
	return json.RawMessage(merge.JSON(merged)), nil
}

// patchedSecrets are the secrets as they will be, without the engine's own.
func patchedSecrets(old Auth, patch map[string]*string) map[string]string {
	secrets := map[string]string{}
	for name, plain := range old.secrets {
		if !strings.HasPrefix(name, "_") {
			secrets[name] = plain
		}
	}
	for name, plain := range patch {
		if plain == nil {
			delete(secrets, name)
		} else {
			secrets[name] = *plain
		}
	}
	return secrets
}

func (e *Engine) reseal(a *Authentication, patch map[string]*string) {
	a.Sealed, a.Last4 = maps.Clone(a.Sealed), maps.Clone(a.Last4)
	if a.Last4 == nil {
		a.Last4 = map[string]string{}
	}
	for name, plain := range patch {
		if plain == nil {
			delete(a.Sealed, name)
			delete(a.Last4, name)
			continue
		}
		a.Sealed[name], a.Last4[name] = e.auths.seal(a.ID, name, *plain), last4(*plain)
	}
}

// Authentication returns one with what uses it. Errors: NotFound.
func (e *Engine) Authentication(ctx context.Context, id string) (AuthenticationView, error) {
	a, err := e.Store.Authentication(ctx, id)
	if err != nil {
		return AuthenticationView{}, err
	}
	health, err := e.health(ctx)
	if err != nil {
		return AuthenticationView{}, err
	}
	return e.viewAuthentication(ctx, a, health)
}

// Authentications lists authentications, newest first.
func (e *Engine) Authentications(ctx context.Context, p Page) ([]AuthenticationView, string, error) {
	items, next, err := e.Store.Authentications(ctx, p)
	if err != nil {
		return nil, "", err
	}
	health, err := e.health(ctx)
	if err != nil {
		return nil, "", err
	}
	views := make([]AuthenticationView, len(items))
	for i, a := range items {
		if views[i], err = e.viewAuthentication(ctx, a, health); err != nil {
			return nil, "", err
		}
	}
	return views, next, nil
}

func (e *Engine) viewAuthentication(ctx context.Context, a Authentication, health map[string]Health) (AuthenticationView, error) {
	used, err := e.Store.UsedBy(ctx, a.ID)
	if err != nil {
		return AuthenticationView{}, err
	}
	view := AuthenticationView{Authentication: a, UsedBy: used, Health: health[a.ID], HealthState: health[a.ID].State(a.UpdatedAt)}
	if s, ok := e.subscriber(a.Type); ok {
		opened, err := e.auths.get(a)
		if err != nil {
			return AuthenticationView{}, err
		}
		view.WebhookURL = e.webhookURL(s, opened)
		if view.Hooks.State == "" && len(used) > 0 {
			triggers, err := e.Store.LiveTriggers(ctx, a.ID)
			if err != nil {
				return AuthenticationView{}, err
			}
			if len(triggers) > 0 { // the job that registers them has not been at work yet
				view.Hooks.State = SubscriptionPending
			}
		}
	}
	return view, nil
}

// DeleteAuthentication removes one that nothing uses. Errors: NotFound, Stale, Conflict.
func (e *Engine) DeleteAuthentication(ctx context.Context, id string, revision int64) error {
	chosen, err := e.Settings(ctx)
	if err != nil {
		return err
	}
	if chosen.Alerts.Enabled && chosen.Alerts.AuthenticationID == id {
		return Errorf(Conflict, "The alerts go out through this mail server. Choose another one in the settings, or switch the alerts off, first.")
	}
	if err := e.Store.DeleteAuthentication(ctx, id, revision); err != nil {
		return err
	}
	e.auths.forget(id)
	e.healths.forget(id)
	e.standing.forget()
	return nil
}

// TestAuthentication says what works. A success lets go on what waits for the authentication. Errors: NotFound.
func (e *Engine) TestAuthentication(ctx context.Context, id string) ([]Check, error) {
	a, err := e.auth(ctx, id)
	if err != nil {
		return nil, err
	}
	t, ok := e.Config.AuthTypes.Get(a.Type)
	if !ok {
		return nil, Errorf(Conflict, "This release does not know the authentication type %q.", a.Type)
	}
	checks, err := t.Test(ctx, a)
	if err != nil {
		return nil, err
	}
	redact := a.replacer()
	ok = true
	for i := range checks {
		checks[i].Detail = redact.text(checks[i].Detail)
		ok = ok && checks[i].OK
	}
	e.testedWith(id, checks)
	if ok {
		return checks, e.Store.WakeEvents(ctx, id)
	}
	return checks, nil
}
