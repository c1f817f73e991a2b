package engine_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
)

func TestATokenIsValidUntilItExpiresOrIsRevoked(t *testing.T) {
	h := enginetest.New(t)
	ctx := context.Background()
	const life = 90 * 24 * time.Hour
	made := func(before time.Duration, expires time.Duration) (engine.Token, string) {
		t.Helper()
		kept, token, err := engine.IssueToken(ctx, h.Store, h.Clock.Now().Add(-before), " ci ", engine.Editor, expires)
		if err != nil || kept.Name != "ci" || strings.Contains(string(kept.Hash), token) {
			t.Fatalf("got %+v, %v", kept, err)
		}
		return kept, token
	}
	who := func(token string, kept engine.Token, want engine.Code) {
		t.Helper()
		a, err := h.Authenticate(ctx, token)
		if engine.CodeOf(err) != want {
			t.Fatalf("got %v, want %q", err, want)
		}
		if want == "" && a != (engine.Actor{Kind: engine.TokenActor, ID: kept.ID, Name: "ci", Role: engine.Editor}) {
			t.Errorf("it is %+v", a)
		}
	}
	fresh, token := made(0, life)
	who(token, fresh, "")
	old, token := made(life-time.Millisecond, life)
	who(token, old, "")
	h.Clock.Advance(time.Millisecond)
	who(token, old, engine.Denied)
	forever, token := made(100*life, 0)
	who(token, forever, "")
	if err := h.RevokeToken(ctx, forever.ID); err != nil {
		t.Fatal(err)
	}
	who(token, forever, engine.Denied)
}

func TestWhatIsWrongWithATokenIsSaidWhereItStands(t *testing.T) {
	h := enginetest.New(t)
	for _, c := range []struct {
		name, expires, location string
		role                    engine.Role
	}{
		{" ", "", "body.name", engine.Viewer},
		{strings.Repeat("x", 201), "", "body.name", engine.Viewer},
		{"x", "soon", "body.expires", engine.Viewer},
		{"x", "0d", "body.expires", engine.Viewer},
		{"x", "9999d", "body.expires", engine.Viewer},
		{"x", "", "body.role", "owner"},
	} {
		_, _, err := h.IssueToken(context.Background(), c.name, c.role, c.expires)
		e, ok := errors.AsType[*engine.Error](err)
		if !ok || e.Code != engine.Invalid || len(e.Problems) != 1 || e.Problems[0].Location != c.location {
			t.Errorf("%.10q %q %q: got %v, want it at %s", c.name, c.role, c.expires, err, c.location)
		}
	}
	if items, _, err := h.Tokens(context.Background(), engine.Page{}); err != nil || len(items) != 0 {
		t.Errorf("got %d tokens, %v; want none", len(items), err)
	}
}
