package engine_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
)

// crashDuring starts a run whose step blocks in its act, and kills the engine there.
func crashDuring(t *testing.T, h *enginetest.Harness, begin bool) (eventID string) {
	t.Helper()
	started := make(chan struct{})
	blocked := make(chan struct{})
	first := true
	h.Action.Begin = begin
	h.Action.ScriptContext(func(ctx context.Context, _ engine.Request) (engine.Result, error) {
		if !first {
			return engine.Result{}, nil
		}
		first = false
		close(started)
		<-ctx.Done()
		close(blocked)
		return engine.Result{}, ctx.Err()
	})
	eventID = h.Receive("thing/1")
	<-started
	h.Restart(true)
	<-blocked
	h.Drain()
	return eventID
}

func TestACrashBeforeTheActIsPlain(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Publish("w", nil, enginetest.Act("do", "x"))
	id := crashDuring(t, h, false)
	run := h.RunOf(id, "w")
	attempts := h.Step(run, "do").Attempts
	if run.Status != engine.RunSucceeded || len(attempts) != 2 || !strings.Contains(attempts[0].Error, "Nothing had been sent") {
		t.Errorf("run %s, attempts %+v; want a second attempt that succeeds", run.Status, attempts)
	}
}

func TestACrashDuringAnActThatMayNotBeRepeatedHoldsTheStep(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Publish("w", nil, enginetest.Act("do", "x"), enginetest.Act("next", "y"))
	id := crashDuring(t, h, true)
	run := h.RunOf(id, "w")
	step := h.Step(run, "do")
	if run.Status != engine.RunWaiting || step.Status != engine.StepHeld || !strings.Contains(step.Reason, "may have been done") || run.NextAttemptAt != nil {
		t.Fatalf("run %s, step %s %q; want held", run.Status, step.Status, step.Reason)
	}
	if _, err := h.RetryRun(context.Background(), run.ID); err != nil {
		t.Fatal(err)
	}
	h.Drain()
	if run := h.RunOf(id, "w"); run.Status != engine.RunSucceeded {
		t.Errorf("after a person said retry: %s", run.Status)
	}
	if r := h.Action.Requests(); len(r) != 3 || r[0].Key != r[1].Key {
		t.Errorf("%d requests; the repetition has the same key", len(r))
	}
}

func TestACrashDuringAnActThatMayBeRepeatedRepeatsItWithTheSameKey(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Action.Repeat = true
	h.Publish("w", nil, enginetest.Act("do", "{{ Event | received_at }}"))
	id := crashDuring(t, h, true)
	run := h.RunOf(id, "w")
	r := h.Action.Requests()
	if run.Status != engine.RunSucceeded || len(r) != 2 || r[0].Key != r[1].Key || string(r[0].Config) != string(r[1].Config) {
		t.Errorf("run %s, %d requests; want the same request twice", run.Status, len(r))
	}
}

// 2,000 kills in seven minutes had made 745 runs fail: those that each life began with, because they were the oldest.
func TestAStepThatIsInterruptedAgainAndAgainWaitsLongerEachTime(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Action.Repeat = true
	h.Publish("w", nil, enginetest.Act("do", "x"))
	started, kills := make(chan struct{}), 0
	var resting atomic.Bool // the step is to wait
	h.Action.ScriptContext(func(ctx context.Context, _ engine.Request) (engine.Result, error) {
		if resting.Load() {
			t.Error("a step that is to wait begins at once")
		}
		if resting.Load() || kills == 6 {
			return engine.Result{}, nil
		}
		started <- struct{}{}
		<-ctx.Done()
		return engine.Result{}, ctx.Err()
	})
	id := h.Receive("thing/1")
	for _, wait := range []time.Duration{0, 0, 0, time.Second, 2 * time.Second, 4 * time.Second} {
		<-started
		kills++
		resting.Store(wait > 0)
		h.Restart(true)
		if wait == 0 {
			continue
		}
		h.Drain()
		run := h.RunOf(id, "w")
		step := h.Step(run, "do")
		if due := h.Clock.Now().Add(wait); run.Status != engine.RunWaiting || step.NextAttemptAt == nil || step.NextAttemptAt.Sub(due).Abs() > time.Millisecond ||
			!strings.Contains(step.Reason, fmt.Sprintf("has stopped %d times", kills)) {
			t.Fatalf("after %d interruptions: run %s, step %s %q, next %v; want that it waits %v", kills, run.Status, step.Status, step.Reason, step.NextAttemptAt, wait)
		}
		resting.Store(false)
		h.Clock.Advance(wait)
		h.Store.Wake()
	}
	h.Drain()
	if run := h.RunOf(id, "w"); run.Status != engine.RunSucceeded || len(h.Step(run, "do").Attempts) != 7 {
		t.Errorf("run %s after %d attempts, want that the seventh succeeds", run.Status, len(h.Step(run, "do").Attempts))
	}
}

func TestAStepMaySayWhatHappensWhenTheOutcomeIsUnknown(t *testing.T) {
	t.Parallel()
	unknown := engine.Errorf(engine.UnknownOutcome, "hooks.example.com closed the connection before it answered.")
	for _, c := range []struct {
		name      string
		repeater  bool
		onUnknown string
		held      bool
	}{
		{"by default a repeater repeats", true, "", false},
		{"by default others are held", false, "", true},
		{"a repeater that must not", true, "hold", true},
		{"another that may", false, "repeat", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := enginetest.New(t)
			h.Action.Repeat = c.repeater
			first := true
			h.Action.Script(func(engine.Request) (engine.Result, error) {
				if first {
					first = false
					return engine.Result{}, unknown
				}
				return engine.Result{}, nil
			})
			step := enginetest.Act("do", "x")
			step.OnUnknown = c.onUnknown
			h.Publish("w", nil, step)
			id := h.Receive("thing/1")
			h.Drain()
			if got := h.Step(h.RunOf(id, "w"), "do").Status == engine.StepHeld; got != c.held {
				t.Errorf("held %v, want %v", got, c.held)
			}
			h.Advance(10 * time.Second)
			want := engine.RunSucceeded
			if c.held {
				want = engine.RunWaiting
			}
			if run := h.RunOf(id, "w"); run.Status != want {
				t.Errorf("run %s, want %s", run.Status, want)
			}
		})
	}
}

func TestWhatWasAcceptedSurvivesARestart(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Publish("w", nil, enginetest.Act("do", "{{ Test | id }}"))
	for range 20 {
		h.Trigger.Fail(engine.Errorf(engine.Temporary, "busy"))
	}
	var ids []string
	for i := range 20 {
		ids = append(ids, h.Receive("thing/"+string(rune('a'+i))))
	}
	h.Restart(false)
	h.Advance(time.Minute)
	h.Advance(time.Minute)
	for _, id := range ids {
		if ev := h.GetEvent(id); ev.Status != engine.EventDone {
			t.Errorf("event %s is %s %q", id, ev.Status, ev.Reason)
		}
	}
	if got := len(h.Action.Requests()); got != 20 {
		t.Errorf("%d actions for 20 events", got)
	}
}

func TestAWrongMasterKeyIsRefusedInOneLine(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	if err := h.WrongKey(); err == nil || engine.CodeOf(err) != engine.Invalid || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "master key") {
		t.Errorf("%v, want one clear line", err)
	}
}

func TestAnActionThatPanicsKeepsToTheSchedule(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Action.Repeat = true
	h.Action.Script(func(engine.Request) (engine.Result, error) { panic("a bug of ours") })
	step := enginetest.Act("do", "x")
	step.Retry = &engine.Retry{Attempts: 3, Backoff: "constant", First: "1s"}
	h.Publish("w", nil, step)
	id := h.Receive("thing/1")
	h.Drain()
	for range 5 {
		h.Advance(2 * time.Second)
	}
	if run := h.RunOf(id, "w"); run.Status != engine.RunFailed || len(h.Action.Requests()) != 3 {
		t.Errorf("run %s after %d acts, want failed after 3", run.Status, len(h.Action.Requests()))
	}
}

func TestEventsThatWaitedLongAreNotGivenUpAtTheFirstLimit(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Publish("w", nil, enginetest.Act("do", "{{ Test | id }}"))
	h.Trigger.Fail(engine.Errorf(engine.Denied, "refused (401)"), &engine.Error{Code: engine.Temporary, Message: "429", Wait: time.Second, Free: true},
		engine.Errorf(engine.Temporary, "503"))
	id := h.Receive("thing/1")
	h.Drain()
	h.Advance(72 * time.Hour)
	if _, err := h.TestAuthentication(context.Background(), h.AuthID); err != nil {
		t.Fatal(err)
	}
	h.Drain()
	h.Advance(2 * time.Second)
	h.Advance(5 * time.Second)
	if ev := h.GetEvent(id); ev.Status != engine.EventDone {
		t.Errorf("%s %q, want done", ev.Status, ev.Reason)
	}
}
