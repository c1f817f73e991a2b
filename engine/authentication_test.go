package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
)

func TestAuthenticationsAreCheckedWhenCreated(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	cases := []struct {
		name     string
		in       engine.AuthenticationInput
		location string
	}{
		{"unknown type", engine.AuthenticationInput{Name: "x", Type: "nope"}, "body.type"},
		{"no name", engine.AuthenticationInput{Type: "test_source", Secrets: map[string]string{"token": "abc"}}, "body.name"},
		{"no secret", engine.AuthenticationInput{Name: "x", Type: "test_source"}, "body.secrets.token"},
		{"unknown secret", engine.AuthenticationInput{Name: "x", Type: "test_source", Secrets: map[string]string{"token": "abc", "tokne": "y"}}, "body.secrets.tokne"},
		{"unknown config", engine.AuthenticationInput{Name: "x", Type: "test_source", Config: json.RawMessage(`{"host":1}`), Secrets: map[string]string{"token": "abc"}}, "body.config.host"},
		{"a secret in the config", engine.AuthenticationInput{Name: "x", Type: "test_source", Config: json.RawMessage(`{"token":"abc"}`), Secrets: map[string]string{"token": "abc"}}, "body.config.token"},
		{"a secret of the engine's own", engine.AuthenticationInput{Name: "x", Type: "test_source", Secrets: map[string]string{"token": "abc", "_hook_key": "mine"}}, "body.secrets._hook_key"},
		{"a bad id", engine.AuthenticationInput{ID: "No Slug", Name: "x", Type: "test_source", Secrets: map[string]string{"token": "abc"}}, "body.id"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := h.CreateAuthentication(context.Background(), c.in)
			e, ok := err.(*engine.Error) //nolint:errorlint // its problems are looked at
			if !ok || e.Code != engine.Invalid || len(e.Problems) != 1 || e.Problems[0].Location != c.location {
				t.Errorf("%+v, want one problem at %s", err, c.location)
			}
		})
	}
}

func TestIdsAreMadeFromNamesAndAreUnique(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	for _, want := range []string{"my-store-no-1", "my-store-no-1-2", "my-store-no-1-3"} {
		view, err := h.CreateAuthentication(context.Background(), engine.AuthenticationInput{Name: "My Störe No. 1", Type: "test_source", Secrets: map[string]string{"token": "abc"}})
		if err != nil || view.ID != want {
			t.Fatalf("%q, %v, want %q", view.ID, err, want)
		}
	}
	_, err := h.CreateAuthentication(context.Background(), engine.AuthenticationInput{ID: h.AuthID, Name: "x", Type: "test_source", Secrets: map[string]string{"token": "abc"}})
	if engine.CodeOf(err) != engine.Conflict {
		t.Errorf("a taken id: %v, want conflict", err)
	}
}

func TestAPatchKeepsWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	ctx := context.Background()
	name := "renamed"
	view, err := h.UpdateAuthentication(ctx, h.AuthID, 1, engine.AuthenticationPatch{Name: &name})
	if err != nil || view.Name != name || view.Last4["token"] != enginetest.SourceToken[len(enginetest.SourceToken)-4:] {
		t.Fatalf("%+v, %v", view, err)
	}
	if _, err := h.UpdateAuthentication(ctx, h.AuthID, 1, engine.AuthenticationPatch{Name: &name}); engine.CodeOf(err) != engine.Stale {
		t.Errorf("an old revision: %v, want stale", err)
	}
	if _, err := h.UpdateAuthentication(ctx, h.AuthID, 0, engine.AuthenticationPatch{Secrets: map[string]*string{"token": nil}}); engine.CodeOf(err) != engine.Invalid {
		t.Errorf("removing a required secret: %v, want invalid", err)
	}
}

func TestAPatchOfTheConfigKeepsWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	for _, c := range []struct{ patch, want string }{
		{`{"region":"eu","zone":"a"}`, `{"region":"eu","zone":"a"}`},
		{`{"zone":"b"}`, `{"region":"eu","zone":"b"}`},
		{`{"region":null}`, `{"zone":"b"}`},
		{`{}`, `{"zone":"b"}`},
	} {
		view, err := h.UpdateAuthentication(context.Background(), h.AuthID, 0, engine.AuthenticationPatch{Config: json.RawMessage(c.patch)})
		if err != nil || string(view.Config) != c.want {
			t.Errorf("%s: got %s, %v, want %s", c.patch, view.Config, err, c.want)
		}
	}
	_, err := h.UpdateAuthentication(context.Background(), h.AuthID, 0, engine.AuthenticationPatch{Config: json.RawMessage(`{"colour":"red"}`)})
	if engine.CodeOf(err) != engine.Invalid {
		t.Errorf("an unknown member: %v, want invalid", err)
	}
}

func TestAnAuthenticationInUseCannotBeDeleted(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	ctx := context.Background()
	h.Publish("w", nil, enginetest.Act("do", "x"))
	if err := h.DeleteAuthentication(ctx, h.AuthID, 0); engine.CodeOf(err) != engine.Conflict {
		t.Errorf("%v, want conflict", err)
	}
	if view, err := h.Authentication(ctx, h.AuthID); err != nil || len(view.UsedBy) != 1 || view.UsedBy[0] != "w" {
		t.Errorf("used by %v, %v", view.UsedBy, err)
	}
	if err := h.DeleteWorkflow(ctx, "w", 0); err != nil {
		t.Fatal(err)
	}
	if err := h.DeleteAuthentication(ctx, h.AuthID, 0); err != nil {
		t.Errorf("after the workflow is deleted: %v", err)
	}
}

func TestHooksFollowTheLiveWorkflows(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	ctx := context.Background()
	h.Publish("w", nil, enginetest.Act("do", "x"))
	h.Drain()
	if view, _ := h.Authentication(ctx, h.AuthID); view.Hooks.State != engine.SubscriptionActive || len(view.Hooks.Hooks) != 1 {
		t.Errorf("after publish: %+v", view.Hooks)
	}
	if _, err := h.PauseWorkflow(ctx, "w"); err != nil {
		t.Fatal(err)
	}
	h.Drain()
	subs := h.Source.Subscriptions()
	if last := subs[len(subs)-1]; len(last) != 0 {
		t.Errorf("after pause the source still sends %v", last)
	}
	h.Source.SubErr = engine.Errorf(engine.Denied, "The store refused: %s", enginetest.SourceToken)
	if _, err := h.ResumeWorkflow(ctx, "w"); err != nil {
		t.Fatal(err)
	}
	h.Drain()
	view, _ := h.Authentication(ctx, h.AuthID)
	if view.Hooks.State != engine.SubscriptionFailed || strings.Contains(view.Hooks.Reason, enginetest.SourceToken) {
		t.Errorf("a refusal reads %+v", view.Hooks)
	}
}

// The secret stands nowhere: not in the database, the logs, a run, an output or a test's details.
func TestASecretLeavesNoTrace(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	token := enginetest.SourceToken
	h.Action.Script(func(r engine.Request) (engine.Result, error) {
		echo := r.Auth.Secret("token")
		return engine.Result{Output: map[string]any{"echo": []any{echo, map[string]any{echo: "Bearer " + echo}}}, Request: "token=" + echo, Response: echo},
			&engine.Error{Code: engine.Rejected, Message: "answered 400: bad token " + echo, Err: fmt.Errorf("cause %s", echo)}
	})
	step := enginetest.Act("do", "x")
	step.Config = json.RawMessage(`{"text":"x","authentication_id":"` + h.AuthID + `"}`)
	h.Publish("w", nil, step)
	id := h.Receive("thing/1")
	h.Drain()
	run := h.RunOf(id, "w")
	checks, err := h.TestAuthentication(context.Background(), h.AuthID)
	if err != nil {
		t.Fatal(err)
	}
	view, _ := h.Authentication(context.Background(), h.AuthID)
	shown := fmt.Sprintf("%+v %+v %+v %s", run, checks, view.Config, h.Logged())
	raw, _ := json.Marshal(run)
	if strings.Contains(shown+string(raw), token) {
		t.Errorf("the secret is shown: %s", shown)
	}
	if out := string(h.Step(run, "do").Output); !strings.Contains(out, "***") {
		t.Errorf("output %s, want *** where the secret was", out)
	}
	for _, file := range filesBelow(t, h.Dir()) {
		if content, err := os.ReadFile(file); err == nil && strings.Contains(string(content), token) {
			t.Errorf("the secret stands in %s", filepath.Base(file))
		}
	}
}

func filesBelow(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("no files below the data folder: %v", err)
	}
	return files
}

func TestTokens(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	ctx := context.Background()
	if need, err := h.NeedsSetup(ctx); err != nil || !need {
		t.Errorf("a fresh installation needs set-up: %v %v", need, err)
	}
	token, err := engine.CreateToken(ctx, h.Store, h.Clock.Now(), "ci", engine.Admin, 3600e9)
	if err != nil {
		t.Fatal(err)
	}
	if actor, err := h.Authenticate(ctx, token); err != nil || actor.Name != "ci" || actor.Role != engine.Admin {
		t.Errorf("%+v, %v", actor, err)
	}
	if need, _ := h.NeedsSetup(ctx); need {
		t.Error("an admin token is set-up enough")
	}
	for _, bad := range []string{"", "x", token + "x", strings.ToUpper(token)} {
		if _, err := h.Authenticate(ctx, bad); engine.CodeOf(err) != engine.Denied {
			t.Errorf("token %q: %v, want denied", bad, err)
		}
	}
	h.Clock.Advance(3600e9)
	if _, err := h.Authenticate(ctx, token); engine.CodeOf(err) != engine.Denied {
		t.Errorf("an expired token: %v, want denied", err)
	}
	for _, c := range []struct {
		name string
		role engine.Role
	}{{"", engine.Admin}, {"x", "owner"}} {
		if _, err := engine.CreateToken(ctx, h.Store, h.Clock.Now(), c.name, c.role, 0); engine.CodeOf(err) != engine.Invalid {
			t.Errorf("name %q role %q: %v, want invalid", c.name, c.role, err)
		}
	}
}
