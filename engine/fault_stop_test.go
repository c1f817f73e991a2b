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

const stopped = "Sending is stopped in the settings."

// One click, and nothing leaves: a real mail server sees no connection, an action no attempt. Another one, and all goes on.
func TestWhenSendingIsStoppedNothingLeaves(t *testing.T) {
	m := newMailer(t, "127.0.78.2", nil)
	l := &letters{Harness: m.Harness}
	m.Publish("call", nil, engine.Step{ID: "wait", Type: "delay", Config: []byte(`{"for":"1m"}`)}, enginetest.Act("act", "hello"))
	l.limit(engine.SendingSettings{Stopped: true})
	m.receive(5)
	for range 10 {
		m.Advance(time.Minute)
	}
	m.Restart(true) // it stays stopped
	m.Advance(time.Minute)
	if len(m.office.tries) != 0 || len(m.Action.Requests()) != 0 {
		t.Fatalf("%d connections, %d attempts; want none", len(m.office.tries), len(m.Action.Requests()))
	}
	for _, id := range m.events {
		for workflow, step := range map[string]string{"w": "mail", "call": "act"} {
			run := m.RunOf(id, workflow)
			s := m.Step(run, step)
			if run.Status != engine.RunWaiting || s.Status != engine.StepWaiting || s.Reason != stopped || len(s.Attempts) != 0 {
				t.Errorf("run %s of %s is %s, its step %+v; want it to wait without an attempt", run.ID, workflow, run.Status, s.StepState)
			}
		}
	}
	l.attention("stopped: Sending is stopped")
	l.limit(engine.SendingSettings{})
	l.attention("") // at once
	m.Advance(time.Minute)
	m.allOnce(5)
	if got := len(m.Action.Requests()); got != 5 {
		t.Errorf("%d calls were made afterwards, want 5", got)
	}
}

// Hundreds may be on their way to a mail server that takes a few at a time: whose mail has not begun stops, too.
func TestWhatHasNotBegunStopsOnItsWay(t *testing.T) {
	h := enginetest.New(t)
	l := &letters{Harness: h}
	h.Publish("w", nil, enginetest.Act("act", "hello"))
	waits, goOn := make(chan struct{}), make(chan struct{})
	h.Action.Begin = false
	h.Action.ScriptContext(func(ctx context.Context, r engine.Request) (engine.Result, error) {
		waits <- struct{}{}
		<-goOn
		return engine.Result{}, r.Begin(ctx)
	})
	if err := h.Deliver("thing/1", "one"); err != nil {
		t.Fatal(err)
	}
	<-waits
	l.limit(engine.SendingSettings{Stopped: true})
	close(goOn)
	h.Drain()
	run := h.AllRuns()[0]
	step := h.Step(h.RunOf(run.EventID, "w"), "act")
	if step.Status != engine.StepWaiting || step.Reason != stopped || len(step.Attempts) != 0 {
		t.Errorf("the step is %+v, want it to wait without an attempt", step.StepState)
	}
}

// A test that would really send is refused, one that shows what would be sent is not.
func TestATestRunSendsNothingWhileSendingIsStopped(t *testing.T) {
	h, post := tryOut(t)
	l := &letters{Harness: h}
	l.limit(engine.SendingSettings{Stopped: true})
	for _, trial := range []engine.Trial{{Mail: true, MailTo: "tester@example.com"}, {Calls: true}} {
		_, err := h.TestWorkflow(t.Context(), "w", trial)
		if engine.CodeOf(err) != engine.Conflict || !strings.HasPrefix(engine.MessageOf(err), stopped) {
			t.Errorf("%+v: got %v, want it refused", trial, err)
		}
	}
	if _, err := h.TestWorkflow(t.Context(), "w", engine.Trial{}); err != nil {
		t.Errorf("a preview: %v", err)
	}
	if post.letters() != "" || len(h.Action.Requests()) != 0 {
		t.Errorf("%q and %d calls went out", post.letters(), len(h.Action.Requests()))
	}
}

// A test that is under way when sending is stopped goes no further.
func TestATestRunStopsOnItsWay(t *testing.T) {
	h, _ := tryOut(t)
	l := &letters{Harness: h}
	h.Action.Begin = false
	h.Action.ScriptContext(func(ctx context.Context, r engine.Request) (engine.Result, error) {
		l.limit(engine.SendingSettings{Stopped: true})
		return engine.Result{}, r.Begin(ctx)
	})
	run, err := h.TestWorkflow(t.Context(), "w", engine.Trial{Calls: true})
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for _, step := range run.Steps {
		if step.Sent {
			t.Errorf("step %s was sent", step.ID)
		}
		if step.Status == engine.StepFailed && step.Reason == stopped {
			refused++
		}
	}
	if refused != 1 {
		t.Errorf("%d steps were refused, want the one that was under way: %+v", refused, run.Steps)
	}
}

// Who should know that everything is stopped is told by mail all the same.
func TestAlertsGoOutWhileSendingIsStopped(t *testing.T) {
	h, post := withPost(t)
	if err := h.SaveSettings(t.Context(), engine.Settings{Sending: engine.SendingSettings{Stopped: true},
		Alerts: engine.AlertSettings{Enabled: true, AuthenticationID: "mail", To: "owner@example.com"}}); err != nil {
		t.Fatal(err)
	}
	h.Await("the alert", func() bool { h.Clock.Advance(time.Minute); return post.subjects() != "" })
	if got := post.subjects(); got != "Cartwheel: Sending is stopped" {
		t.Errorf("got %q, want an alert", got)
	}
}

func TestTheLimitsOfSendingAreChecked(t *testing.T) {
	for _, c := range []struct {
		name        string
		chosen      engine.SendingSettings
		want        string // where the problems are
		day, inHour int    // what holds then
	}{
		{"the defaults", engine.SendingSettings{}, "", 100, 10_000},
		{"the least", engine.SendingSettings{PerRecipientDay: 1, PerWorkflowHour: 1}, "", 1, 1},
		{"the most", engine.SendingSettings{PerRecipientDay: 1_000_000, PerWorkflowHour: 1_000_000}, "", 1_000_000, 1_000_000},
		{"less than nothing", engine.SendingSettings{PerRecipientDay: -1}, "body.sending.per_recipient_day", 100, 10_000},
		{"too many", engine.SendingSettings{PerRecipientDay: 1_000_001, PerWorkflowHour: 1_000_001}, "body.sending.per_recipient_day body.sending.per_workflow_hour", 100, 10_000},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := enginetest.New(t)
			err := h.SaveSettings(t.Context(), engine.Settings{Sending: c.chosen})
			if got := strings.Join(locations(err), " "); got != c.want {
				t.Errorf("got problems at %q, want %q (%v)", got, c.want, err)
			}
			s, err := h.Settings(t.Context())
			if err != nil || s.Sending.PerRecipientDay != c.day || s.Sending.PerWorkflowHour != c.inHour {
				t.Errorf("got %+v %v, want %d and %d", s.Sending, err, c.day, c.inHour)
			}
		})
	}
}

func locations(err error) []string {
	var all []string
	if e, ok := errors.AsType[*engine.Error](err); ok {
		for _, p := range e.Problems {
			all = append(all, p.Location)
		}
	}
	return all
}
