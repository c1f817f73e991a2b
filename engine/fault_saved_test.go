package engine_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
)

// What an act has brought is saved although what comes after it ends with an error: it is not done again.
func TestAResultIsSavedWhenAnErrorComesAfterIt(t *testing.T) {
	t.Parallel()
	var slow atomic.Bool
	var shown atomic.Int64
	h := enginetest.NewWith(t, time.Date(2026, 3, 4, 9, 15, 0, 0, time.UTC), func(*clockwork.FakeClock) enginetest.Parts {
		return enginetest.Parts{Stopwatch: func() time.Time {
			if slow.Load() {
				shown.Add(int64(time.Minute)) // between two looks: the machine is busy
			}
			return time.Unix(0, shown.Load())
		}}
	})
	h.Trigger.Set("thing/1", `{"id":7,"items":[`+strings.Repeat(`{"name":"Spade","quantity":2},`, 200)+`{"name":"Rake","quantity":1}]}`)
	h.Action.Script(func(engine.Request) (engine.Result, error) {
		slow.Store(true)
		return engine.Result{Output: map[string]any{"done": true}}, nil
	})
	h.Publish("w", nil, enginetest.Act("do", "{{ Test | id }}"), engine.Step{ID: "which", Type: engine.StepBranch,
		Branches: []engine.Branch{{Name: "many", Condition: "sum(Test.items, .quantity) > 100", Steps: []engine.Step{{ID: "end", Type: engine.StepStop}}}}})
	id := h.Receive("thing/1")
	h.Await("the run ends with an error", func() bool { return strings.Contains(h.Logged(), "comes back") })
	if step := h.Step(h.RunOf(id, "w"), "do"); step.Status != engine.StepSucceeded || len(step.Attempts) != 1 || step.Attempts[0].FinishedAt == nil {
		t.Errorf("the step before the error is %s %q with %+v; want it succeeded", step.Status, step.Reason, step.Attempts)
	}
	slow.Store(false)
	h.Advance(5 * time.Second)
	slow.Store(false)
	if run := h.RunOf(id, "w"); run.Status != engine.RunSucceeded || len(h.Action.Requests()) != 1 {
		t.Errorf("run %s %q after %d acts; want one", run.Status, run.Reason, len(h.Action.Requests()))
	}
}

// An act that is given up at the deadline of a stop may come to its end all the same: then that counts.
func TestWhatAnActBringsAtTheDeadlineOfAStopCounts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		err  error
		want engine.StepStatus
	}{
		{"a success", nil, engine.StepSucceeded},
		{"a no", engine.Errorf(engine.Rejected, "hooks.example.com answered 404."), engine.StepFailed},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := enginetest.New(t)
			started := make(chan struct{})
			h.Action.ScriptContext(func(ctx context.Context, _ engine.Request) (engine.Result, error) {
				close(started)
				<-ctx.Done() // the deadline
				return engine.Result{}, c.err
			})
			h.Publish("w", nil, enginetest.Act("do", "x"))
			id := h.Receive("thing/1")
			<-started
			h.Restart(true)
			h.Drain()
			if step := h.Step(h.RunOf(id, "w"), "do"); step.Status != c.want || len(h.Action.Requests()) != 1 {
				t.Errorf("the step is %s %q after %d acts, want %s after one", step.Status, step.Reason, len(h.Action.Requests()), c.want)
			}
		})
	}
}

func TestACrashInTheLastAttemptEndsTheStep(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Action.Repeat = true
	step := enginetest.Act("do", "x")
	step.Retry = &engine.Retry{Attempts: 1}
	h.Publish("w", nil, step)
	id := crashDuring(t, h, true)
	if run := h.RunOf(id, "w"); run.Status != engine.RunFailed || !strings.Contains(run.Reason, "Given up after 1 attempts") || len(h.Action.Requests()) != 1 {
		t.Errorf("run %s %q after %d acts, want failed after the one", run.Status, run.Reason, len(h.Action.Requests()))
	}
}

// An event that is being read with the old authentication while that is changed learns of it.
func TestAnAuthenticationThatChangesDuringAReadWakesTheEvent(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Publish("w", nil, enginetest.Act("do", "{{ Test | id }}"))
	h.Trigger.Fail(engine.Errorf(engine.Temporary, "The store answered 503."), engine.Errorf(engine.Denied, "The store refused the access token (401)."))
	id := h.Receive("thing/1")
	h.Drain()
	reading, release := make(chan struct{}), make(chan struct{})
	var reads atomic.Int64
	h.Trigger.Before(func(engine.Event) {
		if reads.Add(1) == 1 {
			close(reading)
			<-release
		}
	})
	h.Clock.Advance(5 * time.Second)
	h.Store.Wake()
	<-reading
	token := "canary-new-token-91c4"
	if _, err := h.UpdateAuthentication(context.Background(), h.AuthID, 0, engine.AuthenticationPatch{Secrets: map[string]*string{"token": &token}}); err != nil {
		t.Fatal(err)
	}
	close(release)
	h.Drain()
	if ev := h.GetEvent(id); ev.Status != engine.EventDone || reads.Load() != 2 {
		t.Errorf("the event is %s %q after %d reads, want done: it was refused with the old token", ev.Status, ev.Reason, reads.Load())
	}
}

// Nobody waits for what is gone: the event ends, and says why.
func TestEventsWhoseWorkflowsAndAuthenticationAreGoneEnd(t *testing.T) {
	t.Parallel()
	for name, remove := range map[string]func(*enginetest.Harness) error{
		"the workflow is paused": func(h *enginetest.Harness) error {
			if _, err := h.PauseWorkflow(context.Background(), "w"); err != nil {
				return err
			}
			_, err := h.TestAuthentication(context.Background(), h.AuthID)
			return err
		},
		"the authentication is deleted": func(h *enginetest.Harness) error {
			if err := h.DeleteWorkflow(context.Background(), "w", 0); err != nil {
				return err
			}
			return h.DeleteAuthentication(context.Background(), h.AuthID, 0)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := enginetest.New(t)
			h.Publish("w", nil, enginetest.Act("do", "{{ Test | id }}"))
			h.Trigger.Fail(engine.Errorf(engine.Denied, "The store refused the access token (401)."))
			id := h.Receive("thing/1")
			h.Drain()
			if ev := h.GetEvent(id); ev.Status != engine.EventAccepted || !strings.Contains(ev.Reason, "401") {
				t.Fatalf("%s %q, want that it waits", ev.Status, ev.Reason)
			}
			if err := remove(h); err != nil {
				t.Fatal(err)
			}
			h.Drain()
			ev := h.GetEvent(id)
			if ev.Status == engine.EventAccepted || ev.Reason == "" || strings.Contains(ev.Reason, "waits") {
				t.Errorf("%s %q, want an end with its reason", ev.Status, ev.Reason)
			}
		})
	}
}
