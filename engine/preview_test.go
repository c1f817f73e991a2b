package engine_test

import (
	"context"
	"strings"
	"testing"

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
	"cartwheel/merge"
)

func payload(t *testing.T, text string) *merge.Object {
	t.Helper()
	o, err := merge.DecodeObject([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return &o
}

func TestPreviewsOfTemplates(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Publish("w", nil, enginetest.Act("do", "{{ Test | id }}"))
	stored := h.Receive("thing/1")
	h.Drain()
	cases := []struct {
		name, template string
		source         engine.Source
		output         string
		codes          string // code=status
		problem        string // line:column suggestion
	}{
		{"the sample", "Hi {{ Test | name }}", engine.Source{}, "Hi Ada", "Test | name=ok", ""},
		{"the sample is of the trigger", "{{ Event | trigger }}", engine.Source{}, enginetest.TriggerType, "Event | trigger=ok", ""},
		{"a payload", "Hi {{ Test | name ?? \"there\" }}", engine.Source{Payload: payload(t, `{"Test":{"name":""}}`)}, "Hi there", "Test | name=missing", ""},
		{"a stored event", "{{ Test | amount :: number 2 }} {{ Event | entity }}", engine.Source{EventID: stored}, "12.50 thing/1", "Test | amount=ok,Event | entity=ok", ""},
		{"an unknown code", "a\n {{ Test | nmae }}", engine.Source{}, "a\n ", "Test | nmae=unknown", "2:5 Test | name"},
		{"a step is missing, not unknown", "{{ Steps | x | status }}", engine.Source{}, "", "Steps | x | status=missing", ""},
		{"broken syntax", "{{ Test | name", engine.Source{}, "", "", "1:1"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, err := h.PreviewTemplate(context.Background(), engine.PreviewInput{Template: c.template, Place: "text", Trigger: engine.TriggerRef{Type: enginetest.TriggerType}, Source: c.source})
			if err != nil {
				t.Fatal(err)
			}
			var codes []string
			for _, use := range p.Codes {
				codes = append(codes, string(use.Code)+"="+use.Status)
			}
			if p.Output != c.output || strings.Join(codes, ",") != c.codes {
				t.Errorf("output %q, codes %v; want %q, %s", p.Output, codes, c.output, c.codes)
			}
			problem := ""
			if len(p.Problems) > 0 {
				problem = strings.TrimSpace(strings.Join([]string{itoa(p.Problems[0].Line) + ":" + itoa(p.Problems[0].Column), strings.Split(p.Problems[0].Suggestion, ",")[0]}, " "))
			}
			if problem != c.problem || len(p.Problems) > 0 && p.Problems[0].Location != "body.template" {
				t.Errorf("problems %+v, want %q", p.Problems, c.problem)
			}
		})
	}
}

func itoa(n int) string { return string(rune('0' + n)) }

func TestWhatCannotBeReadIsNotFetched(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	stored := h.Receive("thing/1") // no workflow: nothing was fetched
	h.Trigger.Fail(engine.Errorf(engine.Temporary, "store.example.com answered 503."))
	in := engine.PreviewInput{Template: "{{ Test | name }}", Place: "text", Trigger: engine.TriggerRef{Type: enginetest.TriggerType}, Source: engine.Source{EventID: stored}}
	p, err := h.PreviewTemplate(context.Background(), in)
	if err != nil || p.Codes[0].Status != engine.CodeNotFetched {
		t.Fatalf("%+v, %v", p, err)
	}
	p, err = h.PreviewTemplate(context.Background(), in)
	if err != nil || p.Codes[0].Status != engine.CodeOK || p.Output != "Ada" {
		t.Errorf("when the store answers again: %+v, %v", p, err)
	}
	if ev := h.GetEvent(stored); ev.Values.Len() != 0 {
		t.Errorf("the preview changed the event: %+v", ev.Values)
	}
}

func TestConditionsAreChecked(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	check := func(condition, values string) engine.ConditionCheck {
		src := engine.Source{}
		if values != "" {
			src.Payload = payload(t, values)
		}
		c, err := h.CheckCondition(context.Background(), engine.ConditionInput{Condition: condition, Trigger: engine.TriggerRef{Type: enginetest.TriggerType}, Source: src})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if c := check("Test.amount >= 12.5", ""); !c.OK || c.Result == nil || !*c.Result || len(c.Explanation) != 1 || c.Explanation[0].Value != "12.5000" {
		t.Errorf("%+v", c)
	}
	if c := check(`Test.name == "Bo" || Test.amount > 1`, `{"Test":{"amount":"8"}}`); !*c.Result || len(c.Explanation) != 2 || len(c.Explanation[0].Missing) != 1 {
		t.Errorf("%+v", c)
	}
	if c := check("Test.nmae == 1", ""); c.OK || c.Result != nil || len(c.Problems) != 1 || c.Problems[0].Location != "body.condition" || c.Problems[0].Column != 6 && c.Problems[0].Column != 1 || !strings.Contains(c.Problems[0].Suggestion, "name") {
		t.Errorf("%+v", c)
	}
}

// A test run shows exactly what a live run sends, and sends nothing.
func TestATestRunShowsWhatALiveRunDoes(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	ctx := context.Background()
	h.Publish("w", func(d *engine.Definition) { d.Condition = "Test.amount > 10" },
		engine.Step{ID: "b", Type: engine.StepBranch, Branches: []engine.Branch{{Name: "yes", Condition: "Test.id == 7", Steps: []engine.Step{enginetest.Act("in", "in {{ Test | name :: upper }}")}}},
			Otherwise: []engine.Step{enginetest.Act("out", "out")}},
		delay("pause", "1h"))
	id := h.Receive("thing/1")
	h.Drain()
	live := h.Step(h.RunOf(id, "w"), "in")
	sent := len(h.Action.Requests())
	test, err := h.TestWorkflow(ctx, "w", engine.Trial{Source: engine.Source{EventID: id}})
	if err != nil || !test.Matched || test.Status != engine.RunSucceeded {
		t.Fatalf("%+v, %v", test, err)
	}
	if got := test.Steps[1]; got.Request != live.Attempts[0].Request || string(got.Config) != string(live.Request) || got.Status != engine.StepSucceeded {
		t.Errorf("the test shows %+v, the live run sent %q", got, live.Attempts[0].Request)
	}
	if test.Steps[2].Status != engine.StepSkipped || test.Steps[3].Reason != "Would wait 1h." {
		t.Errorf("steps %+v", test.Steps)
	}
	if len(h.Action.Requests()) != sent {
		t.Error("the test sent something")
	}
	test, err = h.TestWorkflow(ctx, "w", engine.Trial{Source: engine.Source{Payload: payload(t, `{"Test":{"amount":"1"}}`)}})
	if err != nil || test.Matched || !strings.Contains(test.Reason, "Test | amount") || test.Steps[1].Status != engine.StepSkipped {
		t.Errorf("%+v, %v", test, err)
	}
}

func TestPublishIsRefusedWithEveryProblem(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	ctx := context.Background()
	bad := engine.Definition{Name: "Bad", Trigger: engine.TriggerRef{Type: enginetest.TriggerType, AuthenticationID: "nobody"}, OncePer: "cart",
		Condition: "Test.amount >", Steps: []engine.Step{
			enginetest.Act("a", "x\n{{ Test | nmae }}"),
			enginetest.Act("a", "{{ Steps | later | status }}"),
			{ID: "B!", Type: "send_pigeon"},
			{ID: "wait", Type: engine.StepDelay, Config: []byte(`{"for":"soon"}`)},
			{ID: "late", Type: enginetest.ActionType, Config: []byte(`{"txet":"x"}`), OnError: "maybe", Retry: &engine.Retry{Attempts: -1, First: "x"}},
		}}
	c, err := h.CreateWorkflow(ctx, "", bad)
	if err != nil || c.ID != "bad" || c.Status != engine.WorkflowDraft {
		t.Fatalf("a draft with problems is saved: %+v, %v", c.Workflow, err)
	}
	_, err = h.PublishWorkflow(ctx, engine.Actor{Name: "x"}, "bad", 0, "")
	e, ok := err.(*engine.Error) //nolint:errorlint // its problems are looked at
	if !ok || e.Code != engine.Invalid {
		t.Fatalf("publish: %v", err)
	}
	var got []string
	for _, p := range e.Problems {
		got = append(got, p.Location)
	}
	want := []string{"body.once_per", "body.condition", "body.steps[0].config.text", "body.steps[1].id", "body.steps[1].config.text", "body.steps[2].id",
		"body.steps[2].type", "body.steps[3].config.for", "body.steps[4].on_error", "body.steps[4].retry.first", "body.steps[4].retry.attempts",
		"body.steps[4].config.text", "body.steps[4].config.txet", "body.trigger.authentication_id"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("problems at\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if p := e.Problems[2]; p.Line != 2 || p.Column != 4 || !strings.HasPrefix(p.Suggestion, "Test | name") {
		t.Errorf("the unknown code: %+v", p)
	}
}

func TestABlankNameIsAProblem(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	c, err := h.CreateWorkflow(context.Background(), "", engine.Definition{Name: " ", Trigger: engine.TriggerRef{Type: enginetest.TriggerType, AuthenticationID: h.AuthID},
		Steps: []engine.Step{enginetest.Act("a", "x")}})
	if err != nil || len(c.Problems) != 1 || c.Problems[0].Location != "body.name" {
		t.Errorf("%+v, %v, want a problem at body.name", c.Problems, err)
	}
}
