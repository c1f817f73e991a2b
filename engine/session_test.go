package engine_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
)

const (
	adaEmail    = "ada@example.com"
	adaPassword = "garden gate 1887"
)

// from is a request of nobody yet.
func from(ip string) context.Context {
	return engine.WithActor(context.Background(), engine.Actor{Kind: engine.SystemActor, Name: "cartwheel", IP: ip})
}

// people is an engine with Ada, who may sign in.
func people(t *testing.T) (*enginetest.Harness, engine.User) {
	t.Helper()
	h := enginetest.New(t)
	u, err := h.CreateUser(context.Background(), adaEmail, engine.Admin, adaPassword)
	if err != nil {
		t.Fatal(err)
	}
	return h, u
}

// signIn must succeed.
func signIn(t *testing.T, h *enginetest.Harness, password string) (string, context.Context) {
	t.Helper()
	token, who, err := h.SignIn(from("192.0.2.1"), " Ada@Example.com", password)
	if err != nil {
		t.Fatal(err)
	}
	return token, engine.WithActor(context.Background(), who)
}

func signedIn(t *testing.T, h *enginetest.Harness, token string, want engine.Code) engine.Actor {
	t.Helper()
	a, err := h.AuthenticateSession(context.Background(), token)
	if engine.CodeOf(err) != want {
		t.Fatalf("got %v, want %q", err, want)
	}
	return a
}

func TestASessionEndsWhenItIsNotUsedAndAtItsEnd(t *testing.T) {
	h, u := people(t)
	token, _ := signIn(t, h, adaPassword)
	a := signedIn(t, h, token, "")
	if a.Kind != engine.UserActor || a.ID != u.ID || a.Name != adaEmail || a.Role != engine.Admin || a.Session == "" {
		t.Errorf("it is %+v", a)
	}
	signedIn(t, h, token[:len(token)-1], engine.Denied)
	signedIn(t, h, "", engine.Denied)
	h.Clock.Advance(engine.SessionIdle - time.Millisecond)
	signedIn(t, h, token, "") // and so it is used again
	h.Clock.Advance(engine.SessionIdle - time.Millisecond)
	signedIn(t, h, token, "")
	h.Clock.Advance(engine.SessionIdle)
	signedIn(t, h, token, engine.Denied)

	token, _ = signIn(t, h, adaPassword)
	const step = 10 * time.Hour
	for age := step; age < engine.SessionLife; age += step {
		h.Clock.Advance(step)
		signedIn(t, h, token, "")
	}
	h.Clock.Advance(step)
	signedIn(t, h, token, engine.Denied) // however often it was used
}

// A window that is left open goes on listening; that must not keep somebody signed in.
func TestListeningIsNoUseOfASession(t *testing.T) {
	h, _ := people(t)
	token, _ := signIn(t, h, adaPassword)
	for passed := time.Hour; passed < engine.SessionIdle; passed += time.Hour {
		h.Clock.Advance(time.Hour)
		if a, err := h.RecheckSession(context.Background(), token); err != nil || a.Name != adaEmail {
			t.Fatalf("after %s: %+v, %v", passed, a, err)
		}
	}
	h.Clock.Advance(time.Hour)
	if _, err := h.RecheckSession(context.Background(), token); engine.CodeOf(err) != engine.Denied {
		t.Errorf("after %s without a use: %v, want denied", engine.SessionIdle, err)
	}
	signedIn(t, h, token, engine.Denied)
}

// No account has an address of this length: nothing is remembered of it.
func TestALongAddressIsNotRemembered(t *testing.T) {
	h, _ := people(t)
	for range 7 {
		if _, _, err := h.SignIn(from("192.0.2.1"), strings.Repeat("a", 250)+"@example.com", "wrong"); engine.CodeOf(err) != engine.Denied {
			t.Fatalf("got %v, want denied", err)
		}
	}
}

func TestTheTokenOfASessionIsNotStored(t *testing.T) {
	h, _ := people(t)
	token, ctx := signIn(t, h, adaPassword)
	items, _, err := h.Audit(ctx, engine.AuditFilter{}, engine.Page{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range items {
		if text := string(e.Before) + string(e.After) + e.ObjectID; strings.Contains(text, token) || strings.Contains(text, adaPassword) {
			t.Errorf("the audit log holds a secret: %+v", e)
		}
	}
	if strings.Contains(h.Logged(), token) || strings.Contains(h.Logged(), adaPassword) {
		t.Error("the log holds a secret")
	}
	if again, _ := signIn(t, h, adaPassword); again == token {
		t.Error("two sessions have one token")
	}
}

func TestSigningOutEndsOneSessionOrAll(t *testing.T) {
	h, _ := people(t)
	first, ctx := signIn(t, h, adaPassword)
	second, _ := signIn(t, h, adaPassword)
	if err := h.SignOut(ctx); err != nil {
		t.Fatal(err)
	}
	signedIn(t, h, first, engine.Denied)
	signedIn(t, h, second, "")
	third, ctx := signIn(t, h, adaPassword)
	if err := h.SignOutEverywhere(ctx); err != nil {
		t.Fatal(err)
	}
	signedIn(t, h, second, engine.Denied)
	signedIn(t, h, third, engine.Denied)
	token := engine.WithActor(context.Background(), engine.Actor{Kind: engine.TokenActor, ID: "tok", Role: engine.Admin})
	for what, do := range map[string]func(context.Context) error{"sign out": h.SignOut, "sign out everywhere": h.SignOutEverywhere,
		"change the password": func(ctx context.Context) error { return h.ChangePassword(ctx, "x", "another password") }} {
		if err := do(token); engine.CodeOf(err) != engine.Conflict {
			t.Errorf("%s with a token: %v, want a conflict", what, err)
		}
	}
}

func TestAChangeOfAPersonEndsTheirSessions(t *testing.T) {
	ctx := context.Background()
	h, ada := people(t)
	bo, err := h.CreateUser(ctx, "bo@example.com", engine.Viewer, "another password")
	if err != nil {
		t.Fatal(err)
	}
	asBo := func(password string) string {
		t.Helper()
		token, _, err := h.SignIn(from("192.0.2.9"), "bo@example.com", password)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	for _, c := range []struct {
		name, password string
		role           engine.Role
	}{{"another role", "", engine.Editor}, {"another password", "a third password", ""}} {
		token := asBo("another password")
		u, err := h.ChangeUser(ctx, bo.ID, c.role, c.password)
		if err != nil || c.role != "" && u.Role != c.role {
			t.Fatalf("%s: %+v, %v", c.name, u, err)
		}
		signedIn(t, h, token, engine.Denied)
	}
	token := asBo("a third password")
	if err := h.DeleteUser(ctx, bo.ID); err != nil {
		t.Fatal(err)
	}
	signedIn(t, h, token, engine.Denied)
	for what, err := range map[string]error{"deleted": h.DeleteUser(ctx, ada.ID),
		"made a viewer": func() error { _, err := h.ChangeUser(ctx, ada.ID, engine.Viewer, ""); return err }()} {
		if engine.CodeOf(err) != engine.Conflict {
			t.Errorf("the last administrator was %s: %v", what, err)
		}
	}
}

func TestANewPasswordEndsAllOtherSessions(t *testing.T) {
	h, _ := people(t)
	other, _ := signIn(t, h, adaPassword)
	mine, ctx := signIn(t, h, adaPassword)
	for _, c := range []struct{ name, current, next, location string }{
		{"a wrong one", "not the password", "a good new one", "body.current"},
		{"a short one", adaPassword, "short", "body.new"},
		{"the same one", adaPassword, adaPassword, "body.new"},
	} {
		e, ok := errors.AsType[*engine.Error](h.ChangePassword(ctx, c.current, c.next))
		if !ok || e.Code != engine.Invalid || len(e.Problems) != 1 || e.Problems[0].Location != c.location {
			t.Errorf("%s: got %+v, want it at %s", c.name, e, c.location)
		}
	}
	signedIn(t, h, other, "")
	if err := h.ChangePassword(ctx, adaPassword, "a good new one"); err != nil {
		t.Fatal(err)
	}
	signedIn(t, h, other, engine.Denied)
	signedIn(t, h, mine, "")
	if _, _, err := h.SignIn(from("192.0.2.1"), adaEmail, adaPassword); engine.CodeOf(err) != engine.Denied {
		t.Errorf("the old password: %v, want denied", err)
	}
	signIn(t, h, "a good new one")
}

func TestGuessingPasswordsIsSlow(t *testing.T) {
	h, _ := people(t)
	guess := func(ip, email, password string, want engine.Code) time.Duration {
		t.Helper()
		_, _, err := h.SignIn(from(ip), email, password)
		if engine.CodeOf(err) != want {
			t.Fatalf("got %v, want %q", err, want)
		}
		if e, ok := errors.AsType[*engine.Error](err); ok {
			return e.Wait
		}
		return 0
	}
	for range 5 {
		guess("192.0.2.1", adaEmail, "wrong", engine.Denied)
	}
	wait := 30 * time.Second
	for range 7 {
		if got := guess("192.0.2.1", adaEmail, adaPassword, engine.Throttled); got != wait {
			t.Errorf("wait %s, want %s", got, wait)
		}
		guess("198.51.100.7", strings.ToUpper(adaEmail), adaPassword, engine.Throttled) // from anywhere
		guess("192.0.2.1", "nobody@example.com", "wrong", engine.Throttled)             // as anybody
		h.Clock.Advance(wait - time.Millisecond)
		guess("192.0.2.1", adaEmail, adaPassword, engine.Throttled)
		h.Clock.Advance(time.Millisecond)
		guess("192.0.2.1", adaEmail, "wrong", engine.Denied)
		wait = min(2*wait, 15*time.Minute)
	}
	guess("198.51.100.7", "nobody@example.com", "wrong", engine.Denied) // another address, another name
	h.Clock.Advance(15 * time.Minute)
	guess("192.0.2.1", adaEmail, adaPassword, "")
	guess("203.0.113.5", adaEmail, "wrong", engine.Denied) // who has signed in begins anew
	guess("203.0.113.5", adaEmail, adaPassword, "")
}

func TestManyGuessesAtOnceAreNotLetThrough(t *testing.T) {
	h, _ := people(t)
	var group sync.WaitGroup
	var mu sync.Mutex
	codes := map[engine.Code]int{}
	for range 20 {
		group.Go(func() {
			_, _, err := h.SignIn(from("2001:db8::1"), "nobody@example.com", "wrong")
			mu.Lock()
			defer mu.Unlock()
			codes[engine.CodeOf(err)]++
		})
	}
	group.Wait()
	if codes[engine.Denied] != 5 || codes[engine.Throttled] != 15 {
		t.Errorf("got %v, want 5 denied and 15 throttled", codes)
	}
	if _, _, err := h.SignIn(from("2001:db8::ffff:2"), adaEmail, adaPassword); engine.CodeOf(err) != engine.Throttled {
		t.Errorf("another address of the same household: %v, want throttled", err)
	}
	if _, _, err := h.SignIn(from("2001:db8:0:1::2"), adaEmail, adaPassword); err != nil {
		t.Errorf("another household: %v", err)
	}
}

func TestComingInIsNotedInTheAuditLog(t *testing.T) {
	h, u := people(t)
	for range 3 {
		_, _, _ = h.SignIn(from("192.0.2.1"), adaEmail, "wrong")
	}
	_, _, _ = h.SignIn(from("192.0.2.1"), "a password typed here", "wrong")
	_, ctx := signIn(t, h, adaPassword)
	if err := h.SignOut(ctx); err != nil {
		t.Fatal(err)
	}
	items, _, err := h.Audit(ctx, engine.AuditFilter{}, engine.Page{})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range items {
		if e.ObjectKind == "user" {
			all = append([]string{e.Action + " " + e.ObjectID + " by " + e.Actor.Name + " " + e.Actor.IP}, all...)
		}
		if strings.Contains(string(e.After)+e.Actor.Name+e.ObjectID, "typed here") {
			t.Errorf("what was typed is noted: %+v", e)
		}
	}
	want := []string{"user.create " + u.ID + " by cartwheel ", "user.login_failed " + u.ID + " by cartwheel 192.0.2.1", "user.login_failed  by cartwheel 192.0.2.1",
		"user.login " + u.ID + " by " + adaEmail + " 192.0.2.1", "user.logout " + u.ID + " by " + adaEmail + " 192.0.2.1"}
	if strings.Join(all, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(all, "\n"), strings.Join(want, "\n"))
	}
}
