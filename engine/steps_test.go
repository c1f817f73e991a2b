package engine_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
)

func delay(id, d string) engine.Step {
	return engine.Step{ID: id, Type: engine.StepDelay, Config: json.RawMessage(`{"for":"` + d + `"}`)}
}

func statuses(run engine.RunView) string {
	var parts []string
	for _, s := range run.Steps {
		parts = append(parts, s.StepID+" "+string(s.Status))
	}
	return strings.Join(parts, ", ")
}

func TestBranchesNestAndTheFirstThatHoldsIsTaken(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	inner := engine.Step{ID: "inner", Type: engine.StepBranch,
		Branches:  []engine.Branch{{Name: "ada", Condition: `Test.name == "Ada"`, Steps: []engine.Step{enginetest.Act("ada", "ada")}}},
		Otherwise: []engine.Step{enginetest.Act("who", "who")}}
	h.Publish("w", nil, engine.Step{ID: "size", Type: engine.StepBranch, Branches: []engine.Branch{
		{Name: "huge", Condition: "Test.amount > 1000", Steps: []engine.Step{enginetest.Act("huge", "huge")}},
		{Name: "some", Condition: "Test.amount > 10", Steps: []engine.Step{inner}},
		{Name: "any", Condition: "true", Steps: []engine.Step{enginetest.Act("any", "any")}},
	}}, enginetest.Act("last", "took {{ Steps | size | branch }}"))
	id := h.Receive("thing/1")
	h.Drain()
	want := "size succeeded, huge skipped, inner succeeded, ada succeeded, who skipped, any skipped, last succeeded"
	if got := statuses(h.RunOf(id, "w")); got != want {
		t.Errorf("steps\n got %s\nwant %s", got, want)
	}
	if got := h.Action.Texts(); strings.Join(got, "|") != "ada|took some" {
		t.Errorf("the action was given %q", got)
	}
}

func TestADelayIsDurableAndNeverEarly(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Publish("w", nil, delay("pause", "3d"), enginetest.Act("do", "later"))
	id := h.Receive("thing/1")
	h.Drain()
	run := h.RunOf(id, "w")
	if run.Status != engine.RunWaiting || run.NextAttemptAt == nil || h.Step(run, "pause").Status != engine.StepWaiting {
		t.Fatalf("%+v, want waiting", run)
	}
	h.Restart(false)
	h.Advance(3*24*time.Hour - time.Millisecond)
	if len(h.Action.Texts()) != 0 {
		t.Fatal("the step after the delay ran a millisecond early")
	}
	h.Advance(2 * time.Millisecond)
	if got := statuses(h.RunOf(id, "w")); got != "pause succeeded, do succeeded" {
		t.Errorf("steps %s", got)
	}
}

func TestStopEndsTheRunWithSuccess(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Publish("w", nil, enginetest.Act("one", "1"), engine.Step{ID: "end", Type: engine.StepStop}, enginetest.Act("two", "2"))
	id := h.Receive("thing/1")
	h.Drain()
	run := h.RunOf(id, "w")
	if got := statuses(run); run.Status != engine.RunSucceeded || got != "one succeeded, end succeeded, two skipped" {
		t.Errorf("run %s, steps %s", run.Status, got)
	}
}

func TestWhatAStepPutsOutIsReadByLaterOnes(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Action.Script(func(r engine.Request) (engine.Result, error) {
		return engine.Result{Output: map[string]any{"status": 201, "body": map[string]any{"id": "abc", "tags": []any{"x", "y"}}}}, nil
	})
	h.Publish("w", nil, enginetest.Act("first-call", "1"),
		enginetest.Act("second", "{{ Steps | first-call | status }} {{ Steps | first-call | body | id }} {{ Steps | first-call | body | nope ?? \"none\" }} {{#if Steps[\"first-call\"].status == 201}}made{{/if}}"))
	h.Receive("thing/1")
	h.Drain()
	if got := h.Action.Texts(); len(got) != 2 || got[1] != "201 abc none made" {
		t.Errorf("the second step was given %q", got)
	}
}

func TestRetries(t *testing.T) {
	t.Parallel()
	busy := &engine.Error{Code: engine.Temporary, Message: "hooks.example.com answered 503."}
	no := engine.Errorf(engine.Rejected, "hooks.example.com answered 404.")
	cases := []struct {
		name     string
		retry    *engine.Retry
		answers  []error // then success
		waits    []time.Duration
		status   engine.RunStatus
		attempts int
	}{
		{"without retry: the table", nil, []error{busy, busy, busy}, []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute}, engine.RunSucceeded, 4},
		{"exponential", &engine.Retry{Attempts: 4, Backoff: "exponential", First: "10s", Max: "15s"}, []error{busy, busy, busy}, []time.Duration{10 * time.Second, 15 * time.Second, 15 * time.Second}, engine.RunSucceeded, 4},
		{"constant", &engine.Retry{Attempts: 3, Backoff: "constant", First: "10s"}, []error{busy, busy}, []time.Duration{10 * time.Second, 10 * time.Second}, engine.RunSucceeded, 3},
		{"attempts count the first", &engine.Retry{Attempts: 2, Backoff: "constant", First: "10s"}, []error{busy, busy}, []time.Duration{10 * time.Second}, engine.RunFailed, 2},
		{"Retry-After may exceed max", &engine.Retry{Attempts: 2, First: "1s", Max: "1s"}, []error{&engine.Error{Code: engine.Temporary, Message: "429", Wait: 90 * time.Second}}, []time.Duration{90 * time.Second}, engine.RunSucceeded, 2},
		{"a refusal fails at once", nil, []error{no}, nil, engine.RunFailed, 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := enginetest.New(t)
			answers := c.answers
			h.Action.Script(func(engine.Request) (engine.Result, error) {
				if len(answers) == 0 {
					return engine.Result{}, nil
				}
				err := answers[0]
				answers = answers[1:]
				return engine.Result{}, err
			})
			step := enginetest.Act("do", "{{ Event | received_at }}")
			step.Retry = c.retry
			h.Publish("w", nil, step)
			id := h.Receive("thing/1")
			h.Drain()
			for i, wait := range c.waits {
				run := h.RunOf(id, "w")
				if run.Status != engine.RunWaiting || run.NextAttemptAt == nil {
					t.Fatalf("after attempt %d: %s %q", i+1, run.Status, run.Reason)
				}
				got := run.NextAttemptAt.Sub(h.Clock.Now())
				if got < wait || got > wait+wait/5+time.Millisecond {
					t.Errorf("wait %d is %s, want %s and up to a fifth more", i+1, got, wait)
				}
				h.Advance(got)
			}
			run := h.RunOf(id, "w")
			if run.Status != c.status || len(h.Step(run, "do").Attempts) != c.attempts {
				t.Errorf("run %s %q with %d attempts, want %s with %d", run.Status, run.Reason, len(h.Step(run, "do").Attempts), c.status, c.attempts)
			}
			for _, r := range h.Action.Requests() {
				if first := h.Action.Requests()[0]; r.Key != first.Key || string(r.Config) != string(first.Config) {
					t.Errorf("an attempt differs: %s %s", r.Key, r.Config)
				}
			}
		})
	}
}

func TestOnErrorContinueGoesOn(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Action.Script(func(r engine.Request) (engine.Result, error) {
		if strings.Contains(string(r.Config), "bad") {
			return engine.Result{Output: map[string]any{"status": 404}}, engine.Errorf(engine.Rejected, "answered 404")
		}
		return engine.Result{}, nil
	})
	bad := enginetest.Act("bad", "bad")
	bad.OnError = "continue"
	h.Publish("w", nil, bad, enginetest.Act("good", "{{ Steps | bad | status }}"))
	id := h.Receive("thing/1")
	h.Drain()
	run := h.RunOf(id, "w")
	if got := statuses(run); run.Status != engine.RunSucceeded || got != "bad failed, good succeeded" {
		t.Errorf("run %s, steps %s", run.Status, got)
	}
	if got := h.Action.Texts(); got[1] != "404" {
		t.Errorf("the output of the failed step reads %q", got[1])
	}
}

func TestAFailedStepSkipsTheRestAndCanBeRetriedByHand(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	fail := true
	h.Action.Script(func(r engine.Request) (engine.Result, error) {
		if fail && strings.Contains(string(r.Config), "two") {
			return engine.Result{}, engine.Errorf(engine.Rejected, "hooks.example.com answered 410 Gone")
		}
		return engine.Result{}, nil
	})
	h.Publish("w", nil, enginetest.Act("a", "one"), enginetest.Act("b", "two"), enginetest.Act("c", "three"))
	id := h.Receive("thing/1")
	h.Drain()
	run := h.RunOf(id, "w")
	if got := statuses(run); run.Status != engine.RunFailed || got != "a succeeded, b failed, c skipped" || !strings.Contains(run.Reason, "410") {
		t.Fatalf("run %s %q, steps %s", run.Status, run.Reason, got)
	}
	fail = false
	if _, err := h.RetryRun(context.Background(), run.ID); err != nil {
		t.Fatal(err)
	}
	h.Drain()
	run = h.RunOf(id, "w")
	if got := statuses(run); run.Status != engine.RunSucceeded || got != "a succeeded, b succeeded, c succeeded" {
		t.Errorf("after the retry: run %s, steps %s", run.Status, got)
	}
	r := h.Action.Requests()
	if len(r) != 4 || r[1].Key != r[2].Key {
		t.Errorf("%d requests; the retry goes on from the failed step with the same key", len(r))
	}
	if _, err := h.RetryRun(context.Background(), run.ID); engine.CodeOf(err) != engine.Conflict {
		t.Errorf("retry of a run that succeeded: %v, want conflict", err)
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Publish("w", nil, delay("pause", "1h"), enginetest.Act("do", "x"))
	id := h.Receive("thing/1")
	h.Drain()
	run := h.RunOf(id, "w")
	if got, err := h.CancelRun(context.Background(), run.ID); err != nil || got.Status != engine.RunCancelled || statuses(got) != "pause skipped, do skipped" {
		t.Fatalf("%s %s %v", got.Status, statuses(got), err)
	}
	h.Advance(2 * time.Hour)
	if len(h.Action.Texts()) != 0 {
		t.Error("a cancelled run went on")
	}
	if _, err := h.CancelRun(context.Background(), run.ID); engine.CodeOf(err) != engine.Conflict {
		t.Errorf("a second cancel: %v, want conflict", err)
	}
}

func TestCancelWhileAStepIsAtWork(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	started, goOn := make(chan struct{}), make(chan struct{})
	h.Action.Script(func(engine.Request) (engine.Result, error) {
		close(started)
		<-goOn
		return engine.Result{Response: "done"}, nil
	})
	h.Publish("w", nil, enginetest.Act("a", "1"), enginetest.Act("b", "2"))
	id := h.Receive("thing/1")
	<-started
	runID := h.Decision(id, "w").RunID
	if _, err := h.CancelRun(context.Background(), runID); err != nil {
		t.Fatal(err)
	}
	close(goOn)
	h.Drain()
	run := h.RunOf(id, "w")
	attempts := h.Step(run, "a").Attempts
	if run.Status != engine.RunCancelled || len(attempts) != 1 || attempts[0].Response != "done" || len(h.Action.Requests()) != 1 {
		t.Errorf("run %s, attempts %+v; want cancelled, with what the attempt brought", run.Status, attempts)
	}
}

func TestVersionsArePinned(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Publish("w", nil, delay("pause", "1h"), enginetest.Act("do", "old"))
	first := h.Receive("thing/1")
	h.Drain()
	h.Publish("w", nil, enginetest.Act("do", "new"))
	second := h.Receive("thing/2")
	h.Drain()
	h.Advance(time.Hour)
	if got := strings.Join(h.Action.Texts(), "|"); got != "new|old" {
		t.Errorf("actions %s, want new|old", got)
	}
	if h.RunOf(first, "w").Version != 1 || h.RunOf(second, "w").Version != 2 {
		t.Error("a run stays on the version it began with")
	}
}

func TestAPausedWorkflowDoesNotFire(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	ctx := context.Background()
	h.Publish("w", nil, enginetest.Act("do", "x"))
	if _, err := h.PauseWorkflow(ctx, "w"); err != nil {
		t.Fatal(err)
	}
	if ev := h.GetEvent(h.Receive("thing/1")); len(ev.Decisions) != 0 || ev.Status != engine.EventDone {
		t.Errorf("%+v", ev)
	}
	if _, err := h.ResumeWorkflow(ctx, "w"); err != nil {
		t.Fatal(err)
	}
	h.Receive("thing/2")
	h.Drain()
	if len(h.Action.Texts()) != 1 {
		t.Error("a resumed workflow fires again")
	}
}

func TestARequiredFieldThatIsEmptyFailsTheStepWithTheCode(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Trigger.Set("thing/1", `{"id":1,"name":null}`)
	h.Publish("w", nil, enginetest.Act("do", "{{ Test | name }}"))
	id := h.Receive("thing/1")
	h.Drain()
	run := h.RunOf(id, "w")
	if reason := h.Step(run, "do").Reason; run.Status != engine.RunFailed || !strings.Contains(reason, "Test | name had no value") {
		t.Errorf("run %s: %q", run.Status, reason)
	}
}
