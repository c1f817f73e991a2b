package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
	"cartwheel/merge"
)

// fillHarness has decided 25 events, of which 5 have no e-mail address and 1 has no name.
func fillHarness(t *testing.T) *enginetest.Harness {
	t.Helper()
	h := enginetest.New(t)
	h.Publish("first", nil, enginetest.Act("do", "{{ Test | id }}"))
	for i := range 25 {
		email, name := `"ada@example.com"`, `"Ada"`
		if i < 5 {
			email = "null"
		}
		if i == 7 {
			name = `""`
		}
		entity := fmt.Sprintf("thing/%d", i)
		h.Trigger.Set(entity, fmt.Sprintf(`{"id":%d,"name":%s,"email":%s,"items":[]}`, i, name, email))
		h.Receive(entity)
	}
	h.Drain()
	h.Clock.Advance(10 * time.Second) // what the first workflow was told of is forgotten
	return h
}

func TestFillRatesCountTheLatestEvents(t *testing.T) {
	t.Parallel()
	h := fillHarness(t)
	ctx := context.Background()
	rates, err := h.FillRates(ctx, enginetest.TriggerType, h.AuthID)
	if err != nil {
		t.Fatal(err)
	}
	want := map[merge.Code]engine.FillRate{"Test | id": {Seen: 25, Filled: 25}, "Test | name": {Seen: 25, Filled: 24}, "Test | email": {Seen: 25, Filled: 20}, "Test | items": {Seen: 25}}
	for code, rate := range want {
		if rates.Codes[code] != rate {
			t.Errorf("%s: %+v, want %+v", code, rates.Codes[code], rate)
		}
	}
	if _, counted := rates.Codes["Test | amount"]; rates.Events != 25 || counted || len(rates.Codes) != len(want) {
		t.Errorf("%d events, %+v: what no event brought was not seen", rates.Events, rates.Codes)
	}
	h.Receive("thing/more")
	h.Drain()
	if again, _ := h.FillRates(ctx, enginetest.TriggerType, h.AuthID); again.Events != 25 {
		t.Errorf("%d events at once, want the kept 25", again.Events)
	}
	h.Clock.Advance(time.Minute)
	if later, _ := h.FillRates(ctx, enginetest.TriggerType, h.AuthID); later.Events != 26 {
		t.Errorf("%d events after a minute, want 26", later.Events)
	}
	if none, err := h.FillRates(ctx, enginetest.TriggerType, "elsewhere"); err != nil || none.Events != 0 || len(none.Codes) != 0 {
		t.Errorf("of another store: %+v, %v", none, err)
	}
	if _, err := h.FillRates(ctx, "test.nothing", ""); engine.CodeOf(err) != engine.NotFound {
		t.Errorf("an unknown trigger: %v", err)
	}
}

func TestCodesThatAreOftenEmptyAreWarnedOf(t *testing.T) {
	t.Parallel()
	h := fillHarness(t)
	cases := []struct{ name, text, condition, want string }{
		{"alone in a required field", "{{ Test | email }}", "", "The text can be empty, and then this step fails: Test | email had no value in 5 of the last 25 events."},
		{"rarely, but then it fails", "{{ Test | name :: upper }}", "", "The text can be empty"},
		{"among others", "To {{ Test | email }}", "", "Test | email had no value in 5 of the last 25 events"},
		{"rarely, among others", "To {{ Test | name }}", "Test.id > -1", "Test | name had no value in 1 of"},
		{"always there", "{{ Test | id }}", "", ""},
		{"with a fallback", `{{ Test | email ?? "nobody" }}`, "", ""},
		{"with a default", `{{ Test | email :: default "nobody" }}`, "", ""},
		{"within an if", `To {{#if has(Test.email)}}{{ Test | email }}{{/if}}`, "", ""},
		{"asked for", "{{ Test | email }}", "not is_empty(Test.email)", ""},
		{"never seen", "{{ Test | amount }}", "", ""},
	}
	for i, c := range cases {
		d := engine.Definition{Name: c.name, Trigger: engine.TriggerRef{Type: enginetest.TriggerType, AuthenticationID: h.AuthID}, Condition: c.condition,
			Steps: []engine.Step{enginetest.Act("a", "x"), enginetest.Act("do", c.text)}}
		w, err := h.CreateWorkflow(context.Background(), fmt.Sprintf("w%d", i), d)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case c.want == "" && len(w.Warnings) > 0:
			t.Errorf("%s: %+v, want none", c.name, w.Warnings)
		case c.want != "" && (len(w.Warnings) != 1 || w.Warnings[0].Location != "body.steps[1].config.text" || w.Warnings[0].Line != 1 || !strings.Contains(w.Warnings[0].Message, c.want)):
			t.Errorf("%s: %+v, want %q", c.name, w.Warnings, c.want)
		case len(w.Problems) > 0:
			t.Errorf("%s: problems %+v", c.name, w.Problems)
		}
	}
	asked := engine.Step{ID: "asked", Type: engine.StepBranch, Branches: []engine.Branch{
		{Name: "mail", Condition: "has(Test.email)", Steps: []engine.Step{enginetest.Act("yes", "{{ Test | email }}")}},
		{Name: "other", Condition: "true", Steps: []engine.Step{enginetest.Act("no", "{{ Test | email }}"), off(enginetest.Act("off", "{{ Test | email }}"))}}}}
	w, err := h.CreateWorkflow(context.Background(), "branches", engine.Definition{Name: "b", Trigger: engine.TriggerRef{Type: enginetest.TriggerType, AuthenticationID: h.AuthID}, Steps: []engine.Step{asked}})
	if err != nil || len(w.Warnings) != 1 || w.Warnings[0].Location != "body.steps[0].branches[1].steps[0].config.text" {
		t.Errorf("in branches: %+v, %v", w.Warnings, err)
	}
}

func TestVisualConditions(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	ref := engine.TriggerRef{Type: enginetest.TriggerType}
	tree, err := h.ParseCondition(`Test.amount > 10 and len(Steps.x.body) > 2 // big`, ref)
	if err != nil || tree.Full || !tree.Comments || len(tree.Problems) > 0 || len(tree.Root.Rules) != 2 || tree.Root.Rules[1].Kind != engine.RawNode {
		t.Fatalf("%+v, %v", tree, err)
	}
	f, err := h.FormatCondition(tree.Root, ref)
	if err != nil || f.Condition == nil || *f.Condition != `Test.amount > 10 and len(Steps.x.body) > 2` {
		t.Errorf("%+v, %v", f, err)
	}
	tree.Root.Rules[0].Value = nil
	if f, err = h.FormatCondition(tree.Root, ref); err != nil || f.Condition != nil || len(f.Problems) != 1 || f.Problems[0].Location != "body.rules.rules[0].value" {
		t.Errorf("incomplete: %+v, %v", f, err)
	}
	if tree, _ = h.ParseCondition(`Test.nothing == 1`, ref); len(tree.Problems) != 1 || tree.Problems[0].Location != "body.condition" {
		t.Errorf("an unknown code: %+v", tree.Problems)
	}
	for _, err := range []error{second(h.ParseCondition("true", engine.TriggerRef{Type: "test.nothing"})), second(h.FormatCondition(tree.Root, engine.TriggerRef{}))} {
		if engine.CodeOf(err) != engine.Invalid {
			t.Errorf("an unknown trigger: %v", err)
		}
	}
	check, err := h.CheckCondition(context.Background(), engine.ConditionInput{Condition: `Test.name == "Ada" or Test.amount > 100`, Trigger: ref})
	if err != nil || len(check.Rules) != 2 || check.Rules[1].ID != "1" || *check.Rules[1].Result || check.Rules[1].Value != "12.5000" {
		t.Errorf("%+v, %v: every row is decided, those that were not needed too", check.Rules, err)
	}
}

func second[T any](_ T, err error) error { return err }

func TestWhatOnlyOtherTriggersSupply(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	if all, err := h.UnavailableCodes(enginetest.TriggerType); err != nil || len(all) != 0 {
		t.Errorf("the only trigger: %+v, %v", all, err)
	}
	if _, err := h.UnavailableCodes("test.nothing"); engine.CodeOf(err) != engine.NotFound {
		t.Errorf("an unknown trigger: %v", err)
	}
}
