package engine_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
)

func off(s engine.Step) engine.Step {
	s.Disabled = true
	return s
}

// disabledSteps are an act, a stop, a branch and what reads them, of which the first three are switched off.
func disabledSteps() []engine.Step {
	return []engine.Step{
		off(enginetest.Act("one", "{{ Test | nothing }}")),
		off(engine.Step{ID: "end", Type: engine.StepStop}),
		off(engine.Step{ID: "big", Type: engine.StepBranch, Branches: []engine.Branch{{Name: "any", Condition: "true", Steps: []engine.Step{enginetest.Act("inner", "x")}}},
			Otherwise: []engine.Step{enginetest.Act("other", "y")}}),
		off(delay("pause", "3d")),
		enginetest.Act("last", `{{ Steps | one | status ?? "nothing" }}`),
	}
}

func TestRunsPassOverDisabledSteps(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Publish("w", nil, disabledSteps()...)
	id := h.Receive("thing/1")
	h.Drain()
	run := h.RunOf(id, "w")
	want := "one skipped, end skipped, big skipped, inner skipped, other skipped, pause skipped, last succeeded"
	if got := statuses(run); got != want || run.Status != engine.RunSucceeded {
		t.Errorf("run %s, steps\n got %s\nwant %s", run.Status, got, want)
	}
	for _, s := range run.Steps[:6] {
		if s.Reason != "Switched off in this version." {
			t.Errorf("%s: reason %q", s.StepID, s.Reason)
		}
	}
	if got := strings.Join(h.Action.Texts(), "|"); got != "nothing" {
		t.Errorf("the action was given %q", got)
	}
}

func TestProblemsOfDisabledStepsAreWarnings(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	d := engine.Definition{Name: "w", Trigger: engine.TriggerRef{Type: enginetest.TriggerType, AuthenticationID: h.AuthID}, Steps: disabledSteps()}
	c, err := h.CreateWorkflow(context.Background(), "w", d)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Problems) > 0 {
		t.Errorf("problems %+v", c.Problems)
	}
	told := map[string]string{}
	for _, w := range c.Warnings {
		told[w.Location] = w.Message
	}
	if len(told) != 2 || !strings.Contains(told["body.steps[0].config.text"], "no merge code Test | nothing") ||
		!strings.Contains(told["body.steps[4].config.text"], "reads the step one, which is switched off") {
		t.Errorf("warnings %+v", c.Warnings)
	}

	// The same without the marks has problems, an id counts in any case, and a workflow of nothing says so.
	for i := range d.Steps {
		d.Steps[i].Disabled = false
	}
	if c, _, err = h.ReplaceWorkflow(context.Background(), "w", 0, d); err != nil || len(c.Problems) != 1 {
		t.Errorf("switched on: %+v, %v", c.Problems, err)
	}
	d.Steps = []engine.Step{off(enginetest.Act("a", "x")), off(enginetest.Act("a", "x"))}
	c, _, err = h.ReplaceWorkflow(context.Background(), "w", 0, d)
	if err != nil || len(c.Problems) != 1 || c.Problems[0].Location != "body.steps[1].id" || len(c.Warnings) != 1 || !strings.Contains(c.Warnings[0].Message, "does nothing") {
		t.Errorf("one id twice: %+v, %+v, %v", c.Problems, c.Warnings, err)
	}
}

func TestATestRunShowsDisabledStepsAsSkipped(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Publish("w", nil, disabledSteps()...)
	run, err := h.TestWorkflow(context.Background(), "w", engine.Trial{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range run.Steps {
		got = append(got, s.ID+" "+string(s.Status))
	}
	want := "one skipped, end skipped, big skipped, inner skipped, other skipped, pause skipped, last succeeded"
	if strings.Join(got, ", ") != want || run.Steps[0].Reason != "Switched off in this version." {
		t.Errorf("steps %s\nwant %s (%q)", strings.Join(got, ", "), want, run.Steps[0].Reason)
	}
}

func TestDisabledIsKeptWithTheDefinition(t *testing.T) {
	t.Parallel()
	raw, err := json.Marshal(engine.Definition{Steps: []engine.Step{off(enginetest.Act("a", "x")), enginetest.Act("b", "x")}})
	if err != nil || strings.Count(string(raw), `"disabled":true`) != 1 || strings.Contains(string(raw), "false") {
		t.Errorf("%s, %v", raw, err)
	}
}
