package web_test

import (
	"context"
	"strings"
	"time"

	"cartwheel/engine"
)

// What the fake engine takes for right.
const (
	rightPassword = "a right password"
	firstKey      = "the-key-of-the-first-run"
	newSession    = "a-fresh-session"
)

// sessionToken is the session of a person with a role at the fake engine.
func sessionToken(role engine.Role) string { return string(role) + "-session" }

func person(role engine.Role) engine.Actor {
	return engine.Actor{Kind: engine.UserActor, ID: "u-" + string(role), Name: string(role) + "@example.com", Role: role, Session: "s-" + string(role)}
}

func (f *fakeEngine) AuthenticateSession(_ context.Context, token string) (engine.Actor, error) {
	for _, role := range engine.Roles() {
		if token == sessionToken(role) {
			return person(role), nil
		}
	}
	return engine.Actor{}, engine.Errorf(engine.Denied, "No.")
}

// RecheckSession counts how often it was asked.
func (f *fakeEngine) RecheckSession(ctx context.Context, token string) (engine.Actor, error) {
	f.rechecks.Add(1)
	if f.revoked.Load() {
		return engine.Actor{}, engine.Errorf(engine.Denied, "No.")
	}
	return f.AuthenticateSession(ctx, token)
}

func (f *fakeEngine) SignIn(ctx context.Context, _, password string) (string, engine.Actor, error) {
	f.actor = engine.ActorOf(ctx)
	if err := f.note1("SignIn"); err != nil {
		return "", engine.Actor{}, err
	}
	if password != rightPassword {
		return "", engine.Actor{}, engine.Errorf(engine.Denied, "The e-mail address or the password is wrong.")
	}
	return newSession, person(engine.Editor), nil
}

func (f *fakeEngine) SignOut(ctx context.Context) error {
	f.actor = engine.ActorOf(ctx)
	return f.note1("SignOut")
}

func (f *fakeEngine) SignOutEverywhere(ctx context.Context) error {
	f.actor = engine.ActorOf(ctx)
	return f.note1("SignOutEverywhere")
}

func (f *fakeEngine) ChangePassword(ctx context.Context, _, _ string) error {
	f.actor = engine.ActorOf(ctx)
	return f.note1("ChangePassword")
}

func (f *fakeEngine) StoreZone(context.Context) (string, error) { return "America/Chicago", f.err }
func (f *fakeEngine) NeedsStart(context.Context) (bool, error)  { return true, f.err }
func (f *fakeEngine) NeedsOwner(context.Context) (bool, error)  { return f.needsSetup, nil }

func (f *fakeEngine) FirstRun(_ context.Context, key string) (bool, error) {
	switch {
	case !strings.HasPrefix(key, firstKey):
		return false, engine.Errorf(engine.Denied, "This link is not the one.")
	case f.linkUsed:
		return false, engine.Errorf(engine.Gone, "This link was used already.")
	}
	return key == firstKey+"-demo", nil
}

func (f *fakeEngine) BecomeOwner(ctx context.Context, key, email, _ string) (string, engine.Actor, error) {
	f.actor, f.note = engine.ActorOf(ctx), key+" "+email
	if err := f.note1("BecomeOwner"); err != nil {
		return "", engine.Actor{}, err
	}
	f.linkUsed = true
	return newSession, person(engine.Admin), nil
}

func (f *fakeEngine) Enter(_ context.Context, key string) (string, engine.Actor, error) {
	f.note = key
	return newSession, person(engine.Admin), f.note1("Enter")
}

func sampleUser() engine.User {
	seen := moment.Add(time.Hour)
	return engine.User{ID: "u1", Email: "ada@example.com", Role: engine.Editor, PasswordHash: "$argon2id$HASH", CreatedAt: moment, LastLoginAt: &seen}
}

func (f *fakeEngine) Users(_ context.Context, p engine.Page) ([]engine.User, string, error) {
	f.page = p
	return []engine.User{sampleUser()}, f.next, f.note1("Users")
}

func (f *fakeEngine) CreateUser(_ context.Context, email string, role engine.Role, password string) (engine.User, error) {
	f.note = email + " " + string(role) + " " + password
	return sampleUser(), f.note1("CreateUser")
}

func (f *fakeEngine) ChangeUser(_ context.Context, id string, role engine.Role, password string) (engine.User, error) {
	f.id, f.note = id, string(role)+" "+password
	return sampleUser(), f.note1("ChangeUser")
}

func (f *fakeEngine) DeleteUser(_ context.Context, id string) error {
	f.id = id
	return f.note1("DeleteUser")
}
