package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
	"cartwheel/merge"
)

// mailServer is an authentication of type smtp, for alerts.
type mailServer struct{}

func (mailServer) Spec() engine.Spec { return engine.Spec{Type: "smtp", Title: "Mail"} }

func (mailServer) Normalize(raw json.RawMessage) (json.RawMessage, []merge.Problem) { return raw, nil }

func (mailServer) Test(context.Context, engine.Auth) ([]engine.Check, error) { return nil, nil }

// postbox takes the mails.
type postbox struct {
	mu    sync.Mutex
	mails []engine.OwnMail
	err   error
}

func (p *postbox) Mail(_ context.Context, a engine.Auth, m engine.OwnMail) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return p.err
	}
	if a.Type != "smtp" {
		return errors.New("not through a mail server")
	}
	p.mails = append(p.mails, m)
	return nil
}

func (p *postbox) subjects() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []string
	for _, m := range p.mails {
		all = append(all, m.Subject)
	}
	return strings.Join(all, "; ")
}

func (p *postbox) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.err = err
}

func withPost(t *testing.T) (*enginetest.Harness, *postbox) {
	t.Helper()
	post := &postbox{}
	h := enginetest.NewWith(t, time.Date(2026, 3, 4, 9, 15, 0, 0, time.UTC), func(*clockwork.FakeClock) enginetest.Parts {
		return enginetest.Parts{AuthTypes: []engine.AuthType{mailServer{}}, Mailer: post}
	})
	if _, err := h.CreateAuthentication(t.Context(), engine.AuthenticationInput{ID: "mail", Name: "Mail", Type: "smtp", Config: []byte(`{}`)}); err != nil {
		t.Fatal(err)
	}
	return h, post
}

func alertTo(t *testing.T, h *enginetest.Harness) {
	t.Helper()
	err := h.SaveSettings(t.Context(), engine.Settings{Alerts: engine.AlertSettings{Enabled: true, AuthenticationID: "mail", To: "owner@example.com"}})
	if err != nil {
		t.Fatal(err)
	}
}

// causes are what needs attention now.
func causes(t *testing.T, h *enginetest.Harness) string {
	t.Helper()
	h.Clock.Advance(11 * time.Second) // an overview is a moment old
	o, err := h.Overview(t.Context(), 24)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, a := range o.Attention {
		all = append(all, a.Cause())
		if a.Title == "" || a.Detail == "" || !strings.HasPrefix(a.Link, "/") {
			t.Errorf("it does not say what is wrong and where: %+v", a)
		}
	}
	return strings.Join(all, " ")
}

func TestWhatNeedsAttention(t *testing.T) {
	h, _ := withPost(t)
	h.Publish("w", nil, enginetest.Act("tell", "{{ Test | name }}"))
	if got := causes(t, h); got != "" {
		t.Fatalf("at the start: %s", got)
	}
	h.Action.Script(func(engine.Request) (engine.Result, error) {
		return engine.Result{}, engine.Errorf(engine.Rejected, "hooks.example.com answered 422.")
	})
	for range 2 {
		h.Receive("thing/1")
		h.Drain()
	}
	if got := causes(t, h); got != "" {
		t.Fatalf("after two failures: %s", got)
	}
	h.Receive("thing/1")
	h.Drain()
	if got := causes(t, h); got != "failing/w" {
		t.Fatalf("after three failures in a row: %q", got)
	}
	activity, broken, err := h.Standing(t.Context(), "w")
	if err != nil {
		t.Fatal(err)
	}
	if len(broken) != 1 || broken[0].Code != engine.BrokenFailing || activity.Failures24h != 3 || activity.Runs24h != 3 || activity.LastRun.Status != engine.RunFailed {
		t.Fatalf("broken %+v, activity %+v", broken, activity)
	}
	h.Action.ScriptContext(nil)
	h.Receive("thing/1")
	h.Drain()
	if got := causes(t, h); got != "" {
		t.Fatalf("after a success: %q", got)
	}
	h.Action.Script(func(engine.Request) (engine.Result, error) {
		return engine.Result{}, engine.Errorf(engine.UnknownOutcome, "The line broke.")
	})
	h.Receive("thing/1")
	h.Drain()
	if got := causes(t, h); got != "held/" {
		t.Fatalf("after an unknown outcome: %q", got)
	}
	h.Trigger.Fail(engine.Errorf(engine.Denied, "The store answered 401."))
	h.Receive("thing/1")
	h.Drain()
	if got := causes(t, h); got != "authentication/"+h.AuthID+" held/" {
		t.Fatalf("after a refusal: %q", got)
	}
	if _, err := h.TestAuthentication(t.Context(), h.AuthID); err != nil {
		t.Fatal(err)
	}
	h.Drain()
	if got := causes(t, h); got != "held/" {
		t.Fatalf("after a test with success: %q", got)
	}
	overview, err := h.Overview(t.Context(), 168)
	if err != nil {
		t.Fatal(err)
	}
	last := overview.Series[167]
	if len(overview.Series) != 168 || last.Events != 6 || last.Failed != 3 || last.Succeeded < 1 || last.P50 == nil || overview.Events24h != 6 || overview.Failed24h != 3 {
		t.Fatalf("got %+v", overview)
	}
	if e := overview.TopErrors; len(e) != 1 || e[0].Count != 3 || e[0].WorkflowID != "w" || !strings.Contains(e[0].Message, "answered 422") {
		t.Fatalf("got %+v", e)
	}
}

// What a step lacks that no run comes to is nobody's trouble, and a wait that is switched off makes no run slow.
func TestSwitchedOffStepsNeedNoAttention(t *testing.T) {
	h, _ := withPost(t)
	lacking := engine.Step{ID: "one", Type: enginetest.ActionType, Config: []byte(`{"text": "x", "authentication_id": "gone"}`)}
	h.Publish("w", nil, off(lacking), off(delay("pause", "3d")), enginetest.Act("tell", "x"))
	h.Receive("thing/1")
	h.Drain()
	if got := causes(t, h); got != "" {
		t.Errorf("got %q, want nothing", got)
	}
	o, err := h.Overview(t.Context(), 24)
	if err != nil {
		t.Fatal(err)
	}
	if last := o.Series[23]; last.Succeeded != 1 || last.P95 == nil {
		t.Errorf("how long runs take: got %+v, want it known", last)
	}
}

func TestHealthIsKeptFromUse(t *testing.T) {
	h := enginetest.New(t)
	state := func() string {
		t.Helper()
		view, err := h.Authentication(t.Context(), h.AuthID)
		if err != nil {
			t.Fatal(err)
		}
		return view.HealthState
	}
	if got := state(); got != engine.HealthUntested {
		t.Fatalf("a new one is %s", got)
	}
	h.Publish("w", nil, enginetest.Act("tell", "{{ Test | name }}"))
	h.Clock.Advance(time.Second)
	h.Receive("thing/1")
	h.Drain()
	if got := state(); got != engine.HealthOK {
		t.Fatalf("one that works is %s", got)
	}
	h.Clock.Advance(time.Second)
	h.Trigger.Fail(engine.Errorf(engine.Denied, "401 for "+enginetest.SourceToken))
	h.Receive("thing/2")
	h.Drain()
	view, err := h.Authentication(t.Context(), h.AuthID)
	if err != nil {
		t.Fatal(err)
	}
	if view.HealthState != engine.HealthFailing || !strings.Contains(view.Health.Error, "401") || strings.Contains(view.Health.Error, enginetest.SourceToken) {
		t.Fatalf("one that is refused is %s: %q", view.HealthState, view.Health.Error)
	}
	h.Restart(false)
	if got := state(); got != engine.HealthFailing {
		t.Fatalf("after a restart it is %s", got)
	}
	h.Clock.Advance(time.Second)
	name := "New name"
	if _, err := h.UpdateAuthentication(t.Context(), h.AuthID, 0, engine.AuthenticationPatch{Name: &name}); err != nil {
		t.Fatal(err)
	}
	h.Drain()
	if got := state(); got != engine.HealthOK { // what waited for it was read with success
		t.Fatalf("after a change that mended it, it is %s", got)
	}
}

func TestTheOwnerIsToldOncePerCauseAndDay(t *testing.T) {
	h, post := withPost(t)
	alertTo(t, h)
	h.Publish("w", nil, enginetest.Act("tell", "{{ Test | name }}"))
	h.Trigger.Fail(engine.Errorf(engine.Denied, "The store answered 401."))
	h.Receive("thing/1")
	h.Drain()
	post.fail(engine.Errorf(engine.Temporary, "The mail server is down."))
	h.Advance(2 * time.Minute)
	post.fail(nil) // what did not go out is tried again
	h.Await("the mail goes out", func() bool { h.Advance(time.Minute); return post.subjects() != "" })
	if got := post.subjects(); got != "Cartwheel: Test source is refused" {
		t.Fatalf("got %q\n%s\n%s", got, post.mails[0].Text, h.Logged())
	}
	mail := post.mails[0]
	if mail.To != "owner@example.com" || !strings.Contains(mail.Text, "https://cartwheel.example.com/authentications/"+h.AuthID) || !strings.Contains(mail.Text, "401") {
		t.Fatalf("got %+v", mail)
	}
	watched := h.Listen(engine.Topics{Attention: true}, "")
	defer watched.Close()
	h.Restart(true)
	for range 5 {
		h.Advance(time.Minute)
	}
	// Another cause shows that looks have been made since.
	h.Action.Script(func(engine.Request) (engine.Result, error) {
		return engine.Result{}, engine.Errorf(engine.UnknownOutcome, "The line broke.")
	})
	h.Receive("thing/2")
	h.Drain()
	h.Await("the other mail goes out", func() bool { h.Advance(time.Minute); return strings.Contains(post.subjects(), ";") })
	if got := post.subjects(); got != "Cartwheel: Test source is refused; Cartwheel: Runs wait for your decision" {
		t.Fatalf("after a restart: %q", got)
	}
}

func TestSettingsAreChecked(t *testing.T) {
	h, _ := withPost(t)
	tests := []struct {
		name  string
		give  engine.Settings
		wrong []string
	}{
		{"nothing", engine.Settings{}, nil},
		{"a zone", engine.Settings{TimeZone: "Europe/Berlin"}, nil},
		{"no zone", engine.Settings{TimeZone: "Mars/Olympus"}, []string{"body.time_zone"}},
		{"the machine's zone", engine.Settings{TimeZone: "Local"}, []string{"body.time_zone"}},
		{"alerts to nobody", engine.Settings{Alerts: engine.AlertSettings{Enabled: true}}, []string{"body.alerts.to", "body.alerts.authentication_id"}},
		{"a store as a mail server", engine.Settings{Alerts: engine.AlertSettings{AuthenticationID: h.AuthID, To: "a@example.com"}}, []string{"body.alerts.authentication_id"}},
		{"two recipients", engine.Settings{Alerts: engine.AlertSettings{AuthenticationID: "mail", To: "a@example.com, b@example.com"}}, []string{"body.alerts.to"}},
		{"an unknown mail server", engine.Settings{Alerts: engine.AlertSettings{AuthenticationID: "none"}}, []string{"body.alerts.authentication_id"}},
		{"right", engine.Settings{Alerts: engine.AlertSettings{Enabled: true, AuthenticationID: "mail", To: " a@example.com "}}, nil},
	}
	for _, tt := range tests {
		err := h.SaveSettings(t.Context(), tt.give)
		var locations []string
		if e, ok := errors.AsType[*engine.Error](err); ok {
			for _, p := range e.Problems {
				locations = append(locations, p.Location)
			}
		}
		if !slices.Equal(locations, tt.wrong) || (err == nil) != (tt.wrong == nil) {
			t.Errorf("%s: %v (%v), want %v", tt.name, locations, err, tt.wrong)
		}
	}
	got, err := h.Settings(t.Context())
	if err != nil || got.Alerts.To != "a@example.com" || !got.Alerts.Enabled {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestRunsInAList(t *testing.T) {
	h := enginetest.New(t)
	h.Publish("w", nil, enginetest.Act("a", "{{ Test | name }}"), engine.Step{ID: "rest", Type: "delay", Config: []byte(`{"for":"1h"}`)}, enginetest.Act("b", "x"))
	event := h.Receive("thing/1")
	h.Drain()
	items, _, err := h.RunItems(t.Context(), engine.RunFilter{Entity: "customer/3"}, engine.Page{})
	if err != nil || len(items) != 1 {
		t.Fatalf("%d runs of the customer (%v)", len(items), err)
	}
	if got := items[0]; got.StepID != "rest" || got.RunFacts.Attempts != 1 || got.Email != "ada@example.com" || got.WorkflowName != "w" {
		t.Fatalf("got %+v", got)
	}
	h.Advance(time.Hour)
	run := h.RunOf(event, "w")
	var times []string
	for _, s := range run.Steps {
		if s.StartedAt == nil || s.EndedAt == nil {
			t.Fatalf("step %s has no times: %+v", s.StepID, s)
		}
		times = append(times, fmt.Sprint(s.EndedAt.Sub(*s.StartedAt)))
	}
	if got := strings.Join(times, " "); got != "0s 1h0m0s 0s" || run.ReceivedAt == nil || len(run.Definition.Steps) != 3 {
		t.Fatalf("steps took %s; %+v", got, run)
	}
	n, err := h.CancelRuns(t.Context(), "w", 0)
	if err != nil || n != 0 {
		t.Fatalf("cancelled %d, %v", n, err)
	}
	h.Receive("thing/2")
	h.Drain()
	if n, err := h.CancelRuns(t.Context(), "w", 1); err != nil || n != 1 {
		t.Fatalf("cancelled %d, %v", n, err)
	}
	if _, err := h.CancelRuns(t.Context(), "none", 0); engine.CodeOf(err) != engine.NotFound {
		t.Fatalf("got %v", err)
	}
	h.Advance(2 * time.Hour)
	if texts := h.Action.Texts(); len(texts) != 3 {
		t.Fatalf("%d acts, want none of the cancelled run", len(texts))
	}
}

func TestAWorkflowThatOftenFailsNeedsAttention(t *testing.T) {
	h, _ := withPost(t)
	h.Publish("w", nil, enginetest.Act("tell", "x"))
	fails := false
	h.Action.Script(func(engine.Request) (engine.Result, error) {
		if fails {
			return engine.Result{}, engine.Errorf(engine.Rejected, "No.")
		}
		return engine.Result{}, nil
	})
	for n, want := range []string{"", "", "", "", "", "", "", "", "", "", "failing/w"} { // three of eleven; of fewer than ten it says nothing
		fails = n%4 == 2
		h.Receive("thing/1")
		h.Drain()
		if got := causes(t, h); got != want {
			t.Fatalf("after run %d: %q, want %q", n+1, got, want)
		}
	}
}

func TestHooksThatCannotBeMadeNeedAttention(t *testing.T) {
	h, _ := withPost(t)
	h.Source.SubErr = engine.Errorf(engine.Denied, "The store answered 403: a scope is missing.")
	h.Publish("w", nil, enginetest.Act("tell", "x"))
	h.Drain()
	if got := causes(t, h); got != "authentication/"+h.AuthID+" hook/"+h.AuthID {
		t.Fatalf("got %q", got)
	}
	_, broken, err := h.Standing(t.Context(), "w")
	if err != nil || len(broken) != 2 || broken[1].Code != engine.BrokenHook || !strings.Contains(broken[1].Message, "a scope is missing") || broken[1].Link != "/authentications/"+h.AuthID {
		t.Fatalf("got %+v, %v", broken, err)
	}
}

// A moment's answer serves everybody who asks meanwhile.
func TestTheOverviewIsAMomentOld(t *testing.T) {
	h, _ := withPost(t)
	before, err := h.Overview(t.Context(), 24)
	if err != nil {
		t.Fatal(err)
	}
	h.Publish("w", nil, enginetest.Act("tell", "x"))
	h.Receive("thing/1")
	h.Drain()
	same, err := h.Overview(t.Context(), 24)
	if err != nil || same.Events24h != before.Events24h {
		t.Fatalf("%d events at once, want %d (%v)", same.Events24h, before.Events24h, err)
	}
	h.Clock.Advance(10 * time.Second)
	later, err := h.Overview(t.Context(), 1)
	if err != nil || later.Events24h != 1 || later.Runs24h != 1 || len(later.Series) != 24 {
		t.Fatalf("%+v later (%v)", later, err)
	}
}
