package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
	"cartwheel/engine/outbound"
)

// postman is an action that writes to a person.
type postman struct {
	mu   sync.Mutex
	sent []string // "to: subject"
}

func (*postman) Spec() engine.Spec {
	field := func(name string, t engine.FieldType) engine.Field {
		return engine.Field{Name: name, Label: name, Type: t, Required: true, Merge: true}
	}
	return engine.Spec{Type: "write", Title: "Write", Fields: []engine.Field{field("to", engine.HeaderField), field("subject", engine.HeaderField), field("text", engine.TextField)}}
}

func (p *postman) Do(ctx context.Context, r engine.Request) (engine.Result, error) {
	var c struct{ To, Subject, Text string }
	if err := json.Unmarshal(r.Config, &c); err != nil {
		return engine.Result{}, err
	}
	if err := r.Begin(ctx); err != nil {
		return engine.Result{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, c.To+": "+c.Subject)
	return engine.Result{Response: "250 taken", Output: map[string]any{"to": c.To}}, nil
}

func (*postman) Redirect(config json.RawMessage, to string) (json.RawMessage, string, error) {
	return outbound.Redirect(config, to, "html", "text")
}

func (p *postman) letters() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.sent, "|")
}

// tryOut is an engine with a published workflow: a branch, a call, a mail that reads the call's answer, a wait and another call.
func tryOut(t *testing.T) (*enginetest.Harness, *postman) {
	t.Helper()
	p := &postman{}
	h := enginetest.NewWith(t, time.Date(2026, 3, 4, 9, 15, 0, 0, time.UTC), func(*clockwork.FakeClock) enginetest.Parts { return enginetest.Parts{Actions: []engine.Action{p}} })
	h.Action.Script(func(r engine.Request) (engine.Result, error) {
		err := r.Begin(context.Background())
		return engine.Result{Request: "did it", Response: "answered " + enginetest.SourceToken, Output: map[string]any{"body": map[string]any{"ok": "yes"}}}, err
	})
	h.Publish("w", nil,
		engine.Step{ID: "b", Type: engine.StepBranch, Branches: []engine.Branch{
			{Name: "small", Condition: "Test.amount < 10"}, {Name: "big", Condition: "Test.amount >= 10", Steps: []engine.Step{
				{ID: "tell", Type: enginetest.ActionType, Config: []byte(fmt.Sprintf(`{"text":"{{ Test | name }}","authentication_id":%q}`, h.AuthID))}}}}},
		write("mail", "{{ Test | email }}", "{{ Steps | tell | body | ok ?? \"?\" }} {{ Steps | b | branch }}"),
		delay("pause", "3d"),
		enginetest.Act("last", "{{ Steps | tell | body | ok }}"))
	return h, p
}

func write(id, to, subject string) engine.Step {
	return engine.Step{ID: id, Type: "write", Config: []byte(fmt.Sprintf(`{"to":%q,"subject":%q,"text":"Hello"}`, to, subject))}
}

func try(t *testing.T, h *enginetest.Harness, ctx context.Context, trial engine.Trial) map[string]engine.TestStep {
	t.Helper()
	run, err := h.TestWorkflow(ctx, "w", trial)
	if err != nil {
		t.Fatal(err)
	}
	steps := map[string]engine.TestStep{}
	for _, s := range run.Steps {
		steps[s.ID] = s
	}
	return steps
}

// testNotes are the test runs that the audit log knows of.
func testNotes(t *testing.T, h *enginetest.Harness) []engine.AuditEntry {
	t.Helper()
	entries, _, err := h.Audit(context.Background(), engine.AuditFilter{Action: "workflow.test"}, engine.Page{})
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func TestATestRunSendsNothingWithoutATick(t *testing.T) {
	t.Parallel()
	h, p := tryOut(t)
	steps := try(t, h, context.Background(), engine.Trial{MailTo: "tester@example.com"})
	if len(h.Action.Requests()) != 0 || p.letters() != "" || len(testNotes(t, h)) != 0 {
		t.Errorf("sent %v and %q, noted %+v", h.Action.Texts(), p.letters(), testNotes(t, h))
	}
	if got := steps["mail"]; got.Sent || got.Status != engine.StepSucceeded || !strings.Contains(string(got.Config), `"subject":"? big"`) ||
		!strings.Contains(got.Reason, "Steps | tell | body | ok has no value here, because this test has not really done the step tell.") {
		t.Errorf("mail: %+v", got)
	}
	if got := steps["last"]; got.Status != engine.StepPending || !strings.Contains(got.Reason, "not really done the step tell") {
		t.Errorf("what needs an answer that nobody has is neither done nor failed: %+v", got)
	}
	if got := steps["pause"]; got.WouldWait != "3d" {
		t.Errorf("pause: %+v", got)
	}
	arms := steps["b"].Arms
	if len(arms) != 2 || *arms[0].Result || arms[0].Taken || !*arms[1].Result || !arms[1].Taken || arms[1].Name != "big" || arms[1].Condition != "Test.amount >= 10" ||
		len(arms[0].Explanation) != 1 || arms[0].Explanation[0].Value != "12.5000" {
		t.Errorf("arms: %+v", arms)
	}
	if len(h.AllRuns())+len(h.AllEvents()) != 0 {
		t.Error("the test left something behind")
	}
}

func TestATestRunSendsTheTicked(t *testing.T) {
	t.Parallel()
	h, p := tryOut(t)
	user := engine.WithActor(context.Background(), engine.Actor{Kind: engine.UserActor, ID: "u1", Name: "tester@example.com", Role: engine.Editor})
	steps := try(t, h, user, engine.Trial{Calls: true})
	if p.letters() != "" || len(h.Action.Requests()) != 2 {
		t.Fatalf("with calls ticked: sent %q, called %v", p.letters(), h.Action.Texts())
	}
	if got := steps["tell"]; !got.Sent || got.Response != "answered ***" || !strings.Contains(string(got.Output), `"ok":"yes"`) {
		t.Errorf("tell: %+v", got)
	}
	if got := h.Action.Texts(); got[1] != "yes" {
		t.Errorf("a later step reads %v of what really came back", got)
	}
	steps = try(t, h, user, engine.Trial{Mail: true, MailTo: "tester@example.com"})
	if got := p.letters(); got != "tester@example.com: [Test] ? big" || steps["mail"].SentTo != "tester@example.com" {
		t.Errorf("with mail ticked: %q, %+v", got, steps["mail"])
	}
	if len(h.Action.Requests()) != 2 {
		t.Error("the call was made, too")
	}
	notes := testNotes(t, h)
	if len(notes) != 2 || notes[0].Actor.Name != "tester@example.com" || string(notes[0].After) != `{"mail_to":"tester@example.com"}` || string(notes[1].After) != `{"http":true}` {
		t.Errorf("audit: %+v", notes)
	}
}

func TestATestNeverWritesToTheShopper(t *testing.T) {
	t.Parallel()
	h, p := tryOut(t)
	steps := try(t, h, context.Background(), engine.Trial{Mail: true, MailTo: "ADA@example.com", Source: engine.Source{Payload: payload(t, `{"Test":{"email":"Ada <ada@example.com>","amount":"3"}}`)}})
	if got := steps["mail"]; p.letters() != "" || got.Sent || got.Status != engine.StepFailed || !strings.Contains(got.Reason, "sends nothing to shoppers") {
		t.Errorf("sent %q: %+v", p.letters(), got)
	}
}

func TestATestRunsToAStep(t *testing.T) {
	t.Parallel()
	h, p := tryOut(t)
	steps := try(t, h, context.Background(), engine.Trial{Until: "tell", Calls: true, Mail: true, MailTo: "tester@example.com"})
	if !steps["tell"].Sent || steps["mail"].Status != engine.StepSkipped || steps["mail"].Config != nil || !strings.Contains(steps["mail"].Reason, "ends with the step tell") ||
		p.letters() != "" || len(h.Action.Requests()) != 1 {
		t.Errorf("sent %q and %v: %+v", p.letters(), h.Action.Texts(), steps)
	}
	_, err := h.TestWorkflow(context.Background(), "w", engine.Trial{Until: "nowhere"})
	if engine.CodeOf(err) != engine.Invalid {
		t.Errorf("an unknown step: %v", err)
	}
}

func TestWhatIsOnTheScreenIsTried(t *testing.T) {
	t.Parallel()
	h, p := tryOut(t)
	d := engine.Definition{Name: "W", Trigger: engine.TriggerRef{Type: enginetest.TriggerType, AuthenticationID: h.AuthID}, Steps: []engine.Step{
		write("good", "{{ Test | email }}", "new"), write("bad", "{{ Test | emial }}", "x")}}
	run, err := h.TestWorkflow(context.Background(), "w", engine.Trial{Definition: &d, Mail: true, MailTo: "tester@example.com"})
	if err != nil || len(run.Steps) != 2 || run.Steps[0].ID != "good" {
		t.Fatalf("%+v, %v", run, err)
	}
	if len(run.Problems) != 1 || len(run.Steps[1].Problems) != 1 || run.Steps[1].Problems[0].Location != "body.steps[1].config.to" || run.Steps[1].Sent {
		t.Errorf("the step with a problem: %+v", run.Steps[1])
	}
	if p.letters() != "tester@example.com: [Test] new" {
		t.Errorf("sent %q", p.letters())
	}
	if c, err := h.Workflow(context.Background(), "w"); err != nil || len(c.Draft.Steps) != 4 {
		t.Errorf("the draft has changed: %+v, %v", c.Draft, err)
	}
}

func TestAKeptSampleIsASource(t *testing.T) {
	t.Parallel()
	h, _ := tryOut(t)
	ctx := context.Background()
	kept, err := h.KeepSample(ctx, enginetest.TriggerType, h.AuthID, "thing/9")
	if err != nil {
		t.Fatal(err)
	}
	asked := h.Trigger.Asked
	in := engine.PreviewsInput{Trigger: engine.TriggerRef{Type: enginetest.TriggerType}, Source: engine.Source{SampleID: kept.ID}, Templates: map[string]engine.PlacedTemplate{
		"subject": {Text: "Hi {{ Test | name }} {{ Event | entity }}", Place: "header"}, "html": {Text: "<b>{{ Test | nmae }}</b>", Place: "html"}}}
	got, err := h.PreviewTemplates(ctx, in)
	if err != nil || got["subject"].Output != "Hi Ada thing/9" || len(got["subject"].Problems) != 0 || len(got["html"].Problems) != 1 || got["html"].Problems[0].Location != "body.templates.html.template" {
		t.Errorf("%+v, %v", got, err)
	}
	if h.Trigger.Asked != asked {
		t.Error("the store was asked again for a sample")
	}
	in.Source.SampleID = "none"
	if _, err := h.PreviewTemplates(ctx, in); engine.CodeOf(err) != engine.Invalid {
		t.Errorf("an unknown sample: %v", err)
	}
	if len(h.AllEvents()) != 0 {
		t.Error("the sample made an event")
	}
}

func TestATestPassesOverWhatIsSwitchedOff(t *testing.T) {
	t.Parallel()
	h, _ := tryOut(t)
	off := enginetest.Act("off", "x")
	off.Disabled = true
	d := engine.Definition{Name: "W", Trigger: engine.TriggerRef{Type: enginetest.TriggerType, AuthenticationID: h.AuthID}, Steps: []engine.Step{
		{ID: "b", Type: engine.StepBranch, Disabled: true, Branches: []engine.Branch{{Name: "all", Condition: "true", Steps: []engine.Step{enginetest.Act("in", "x")}}}}, off, enginetest.Act("on", "y")}}
	steps := try(t, h, context.Background(), engine.Trial{Definition: &d, Calls: true})
	for _, id := range []string{"b", "in", "off"} {
		if s := steps[id]; s.Status != engine.StepSkipped || s.Sent || s.Reason != "Switched off in this version." {
			t.Errorf("%s: %+v", id, s)
		}
	}
	if got := h.Action.Texts(); len(got) != 1 || got[0] != "y" {
		t.Errorf("did %v", got)
	}
}
