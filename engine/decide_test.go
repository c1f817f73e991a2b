package engine_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
)

func TestAnEventEndsInDecisionsAndRuns(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Publish("big", func(d *engine.Definition) { d.Condition = "Test.amount >= 500" }, enginetest.Act("do", "big {{ Test | id }}"))
	h.Publish("all", nil, enginetest.Act("do", "hello {{ Test | name }}, {{ Event | entity }}"))
	id := h.Receive("thing/1")
	h.Drain()

	if ev := h.GetEvent(id); ev.Status != engine.EventDone || len(ev.Decisions) != 2 {
		t.Fatalf("event %+v, want done with two decisions", ev)
	}
	no := h.Decision(id, "big")
	if no.Matched || no.RunID != "" || !strings.Contains(no.Reason, "Test | amount") || !strings.Contains(no.Reason, "12.5000") {
		t.Errorf("decision %+v, want unmatched with the merge code and its value as the reason", no)
	}
	run := h.RunOf(id, "all")
	if run.Status != engine.RunSucceeded || h.Step(run, "do").Status != engine.StepSucceeded {
		t.Errorf("run %+v", run)
	}
	if got := h.Action.Texts(); len(got) != 1 || got[0] != "hello Ada, thing/1" {
		t.Errorf("the action was given %q", got)
	}
}

func TestTheSameEventAgainIsADuplicate(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Publish("all", nil, enginetest.Act("do", "x"))
	for range 3 {
		if err := h.Deliver("thing/1", "same"); err != nil {
			t.Fatal(err)
		}
	}
	h.Drain()
	items, _, err := h.Events(context.Background(), engine.EventFilter{}, engine.Page{Limit: 50})
	if err != nil || len(items) != 1 || items[0].Duplicates != 2 {
		t.Fatalf("%d events %+v, %v; want one that came twice more", len(items), items, err)
	}
	if got := len(h.Action.Texts()); got != 1 {
		t.Errorf("%d actions, want 1", got)
	}
}

func TestAnEventThatNoWorkflowUsesIsDone(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	ev := h.GetEvent(h.Receive("thing/1"))
	if ev.Status != engine.EventDone || len(ev.Decisions) != 0 || h.Trigger.Asked != 0 {
		t.Errorf("event %+v, fetched %d times; want done, without a decision or a call", ev, h.Trigger.Asked)
	}
}

func TestOncePer(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, per string
		objects   []string // one event each
		runs      int
	}{
		{"event: each", "event", []string{`{"id":1}`, `{"id":1}`}, 2},
		{"order: the same order once", "order", []string{`{"id":1}`, `{"id":1}`, `{"id":2}`}, 2},
		{"customer: the same customer once", "customer", []string{`{"id":1,"customer_id":5}`, `{"id":2,"customer_id":5}`}, 1},
		{"customer: guests by address, whatever its case", "customer", []string{`{"id":1,"customer_id":0,"email":"A@x.org"}`, `{"id":2,"customer_id":0,"email":"a@x.org"}`}, 1},
		{"customer: two guests", "customer", []string{`{"id":1,"customer_id":0,"email":"a@x.org"}`, `{"id":2,"customer_id":0,"email":"b@x.org"}`}, 2},
		{"customer: nothing to tell them by counts each", "customer", []string{`{"id":1,"customer_id":0,"email":""}`, `{"id":2,"customer_id":0,"email":null}`}, 2},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := enginetest.New(t)
			h.Publish("w", func(d *engine.Definition) { d.OncePer = c.per }, enginetest.Act("do", "x"))
			var last string
			for _, o := range c.objects {
				h.Trigger.Set("thing/1", o)
				last = h.Receive("thing/1")
				h.Drain()
			}
			if got := len(h.Action.Texts()); got != c.runs {
				t.Errorf("%d runs, want %d; last decision %+v", got, c.runs, h.Decision(last, "w"))
			}
			if d := h.Decision(last, "w"); c.runs < len(c.objects) && c.per == "customer" && (d.Matched || !strings.Contains(d.Reason, "once per customer")) {
				t.Errorf("decision %+v does not say why there is no run", d)
			}
		})
	}
}

func TestFailedReadsAreTriedAgainOnTheirSchedule(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Publish("w", nil, enginetest.Act("do", "{{ Test | id }}"))
	down := engine.Errorf(engine.Temporary, "store.example.com answered 503.")
	h.Trigger.Fail(down, down, down)
	id := h.Receive("thing/1")
	h.Drain()
	for i, wait := range []time.Duration{2 * time.Second, 8 * time.Second, 30 * time.Second} {
		ev := h.GetEvent(id)
		if ev.Status != engine.EventAccepted || ev.NextAttemptAt == nil || !strings.Contains(ev.Reason, "503") {
			t.Fatalf("after %d failures: %+v", i+1, ev)
		}
		got := ev.NextAttemptAt.Sub(h.Clock.Now())
		if got < wait-time.Millisecond || got > wait+wait/5+time.Millisecond {
			t.Errorf("failure %d is followed by %s, want %s and up to a fifth more", i+1, got, wait)
		}
		h.Advance(got - 2*time.Millisecond)
		if h.Trigger.Asked != i+1 {
			t.Errorf("asked too early, after %s", got-2*time.Millisecond)
		}
		h.Advance(3 * time.Millisecond)
	}
	if ev := h.GetEvent(id); ev.Status != engine.EventDone || len(ev.Calls) == 0 {
		t.Errorf("%+v, want done with the calls it cost", ev)
	}
}

func TestARateLimitIsNoAttempt(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Publish("w", nil, enginetest.Act("do", "{{ Test | id }}"))
	h.Trigger.Fail(&engine.Error{Code: engine.Temporary, Message: "The store limits the calls.", Wait: 11 * time.Second, Free: true})
	id := h.Receive("thing/1")
	h.Drain()
	if ev := h.GetEvent(id); ev.Attempts != 0 || ev.NextAttemptAt.Sub(h.Clock.Now()) != 11*time.Second {
		t.Errorf("%+v, want no attempt counted and 11 s to wait", ev)
	}
}

func TestAStoreThatIsDownForTwoDaysFailsTheEvent(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Publish("w", nil, enginetest.Act("do", "{{ Test | id }}"))
	for range 300 {
		h.Trigger.Fail(engine.Errorf(engine.Temporary, "store.example.com refused the connection."))
	}
	id := h.Receive("thing/1")
	h.Drain()
	for range 110 {
		h.Advance(30*time.Minute + 6*time.Minute)
	}
	if ev := h.GetEvent(id); ev.Status != engine.EventFailed || !strings.Contains(ev.Reason, "48 hours") || !strings.Contains(ev.Reason, "refused") {
		t.Errorf("%+v, want failed after 48 hours with the reason", ev)
	}
}

func TestWhatIsNotThereIsAskedForAgainAndThenGone(t *testing.T) {
	t.Parallel()
	missing := engine.Errorf(engine.NotFound, "Order 1 is not at the store (404).")
	gone := engine.Errorf(engine.Gone, "The cart was bought or deleted.")
	cases := []struct {
		name   string
		errs   []error
		status engine.EventStatus
		runs   int
	}{
		{"there at the third try", []error{missing, missing}, engine.EventDone, 1},
		{"never there", []error{missing, missing, missing, missing, missing}, engine.EventFailed, 0},
		{"a cart that is gone", []error{gone, gone, gone, gone, gone}, engine.EventDone, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := enginetest.New(t)
			h.Publish("w", nil, enginetest.Act("do", "{{ Test | id }}"))
			h.Trigger.Fail(c.errs...)
			id := h.Receive("thing/1")
			h.Drain()
			for range 5 {
				h.Advance(time.Minute)
			}
			ev := h.GetEvent(id)
			if ev.Status != c.status || len(h.Action.Texts()) != c.runs {
				t.Errorf("%+v with %d runs, want %s with %d", ev, len(h.Action.Texts()), c.status, c.runs)
			}
			if c.name == "a cart that is gone" && h.Decision(id, "w").Reason != gone.Message {
				t.Errorf("decision %+v does not say why", h.Decision(id, "w"))
			}
			if c.status == engine.EventFailed && ev.Reason != missing.Message {
				t.Errorf("reason %q", ev.Reason)
			}
		})
	}
}

func TestARefusedTokenWaitsForTheAuthentication(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Publish("w", nil, enginetest.Act("do", "{{ Test | id }}"))
	h.Trigger.Fail(engine.Errorf(engine.Denied, "The store refused the access token (401)."))
	id := h.Receive("thing/1")
	h.Drain()
	h.Advance(24 * time.Hour)
	ev := h.GetEvent(id)
	if ev.Status != engine.EventAccepted || ev.NextAttemptAt != nil || !strings.Contains(ev.Reason, "401") || h.Trigger.Asked != 1 {
		t.Fatalf("%+v asked %d times, want waiting without a time", ev, h.Trigger.Asked)
	}
	token := "a-new-token-that-works"
	if _, err := h.UpdateAuthentication(context.Background(), h.AuthID, 0, engine.AuthenticationPatch{Secrets: map[string]*string{"token": &token}}); err != nil {
		t.Fatal(err)
	}
	h.Drain()
	if ev := h.GetEvent(id); ev.Status != engine.EventDone {
		t.Errorf("%+v, want done after the authentication was changed", ev)
	}
}

func TestEventsOfOneEntityAreDecidedInOrder(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Publish("w", nil, enginetest.Act("do", "{{ Event | id }}"), engine.Step{ID: "fetch", Type: enginetest.ActionType, Config: []byte(`{"text":"{{ Test | id }}"}`)})
	h.Trigger.Fail(engine.Errorf(engine.Temporary, "busy"))
	first := h.Receive("thing/1")
	h.Drain()
	second := h.Receive("thing/1")
	other := h.Receive("thing/2")
	h.Drain()
	if h.GetEvent(other).Status != engine.EventDone {
		t.Error("another entity had to wait")
	}
	if ev := h.GetEvent(second); ev.Status != engine.EventAccepted || !strings.Contains(ev.Reason, first) {
		t.Fatalf("%+v, want waiting for %s", ev, first)
	}
	h.Advance(3 * time.Second)
	if h.GetEvent(first).Status != engine.EventDone || h.GetEvent(second).Status != engine.EventDone {
		t.Error("both should be done as soon as the first is")
	}
}

func TestAnEventWaitsAtMostAQuarterOfAnHourForAnEarlierOne(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Publish("w", nil, enginetest.Act("do", "{{ Test | id }}"))
	h.Trigger.Fail(engine.Errorf(engine.Denied, "refused"))
	first := h.Receive("thing/1")
	h.Drain()
	second := h.Receive("thing/1")
	h.Advance(15 * time.Minute)
	if h.GetEvent(first).Status != engine.EventAccepted || h.GetEvent(second).Status != engine.EventDone {
		t.Errorf("first %s, second %s", h.GetEvent(first).Status, h.GetEvent(second).Status)
	}
}

func TestAWorkflowThatAsksForTooMuchIsPausedAndHarmsNobody(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	items := strings.Repeat(`{"name":"x","quantity":1},`, 400)
	h.Trigger.Set("thing/1", `{"id":1,"name":"Ada","amount":"1","items":[`+strings.TrimSuffix(items, ",")+`]}`)
	h.Publish("bomb", func(d *engine.Definition) {
		d.Condition = `any(Test.items, any(Test.items, any(Test.items, .quantity > 5)))`
	}, enginetest.Act("do", "boom"))
	h.Publish("good", nil, enginetest.Act("do", "fine"))
	for i := range 3 {
		id := h.Receive("thing/1")
		h.Drain()
		d := h.Decision(id, "bomb")
		if d.Matched || !strings.Contains(d.Reason, "too much work") || strings.Contains(d.Reason, "is paused now") != (i == 2) {
			t.Errorf("decision %+v", d)
		}
	}
	if got := len(h.Action.Texts()); got != 3 {
		t.Errorf("the good workflow ran %d times, want 3", got)
	}
	if w, err := h.Workflow(context.Background(), "bomb"); err != nil || w.Status != engine.WorkflowPaused {
		t.Errorf("workflow %+v, %v; want paused after three in a row", w.Status, err)
	}
}

func TestAReplayIsANewEvent(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Publish("w", nil, enginetest.Act("do", "x"))
	id := h.Receive("thing/1")
	h.Drain()
	replay, err := h.ReplayEvent(context.Background(), id)
	if err != nil || replay.ReplayOf != id || replay.ID == id {
		t.Fatalf("%+v, %v", replay, err)
	}
	h.Drain()
	requests := h.Action.Requests()
	if len(requests) != 2 || requests[0].Key == requests[1].Key {
		t.Errorf("%d requests; a replay has a key of its own", len(requests))
	}
}

func TestWebhooksForTheWrongDoor(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	ctx := context.Background()
	for name, c := range map[string]struct {
		word, key string
		want      engine.Code
	}{
		"unknown key":  {"test", "nope", engine.NotFound},
		"unknown word": {"nope", "nope", engine.NotFound},
		"empty key":    {"test", "", engine.NotFound},
	} {
		if err := h.Engine.Receive(ctx, c.word, c.key, engine.Delivery{Body: []byte("a b")}); engine.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if err := h.Deliver("thing/1", "forged"); engine.CodeOf(err) != engine.Denied {
		t.Errorf("forged: %v, want denied", err)
	}
}
