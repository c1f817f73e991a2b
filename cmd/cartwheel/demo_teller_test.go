package main

import (
	"strings"
	"testing"

	"cartwheel/engine"
)

const (
	runOne = "019a9d2e-7c1b-7d10-9c55-0f6a3c1f2b7e"
	runTwo = "019a9d2e-7c1b-7d10-9c55-0f6a3c1f2b7f"
)

func received(id string) engine.Received {
	return engine.Received{Events: []engine.Event{{ID: id, Scope: "store/order/created of " + id, Body: []byte(`{"id": 1}`)}}, Added: []engine.Added{{}}}
}

func expanded(id, run string) engine.Expanded {
	return engine.Expanded{Event: engine.Event{ID: id}, Decisions: []engine.Decision{{WorkflowID: "flow-" + id, Matched: run != "", RunID: run, Reason: "because of " + id}}}
}

func TestTellerPutsThingsInOrder(t *testing.T) {
	out := newScreen()
	teller := newTeller(out)
	teller.takeAll([]any{ // as goroutines may happen to say it
		expanded("one", runOne),
		caughtMail{To: "a@example.com", MessageID: runOne + ".ask@example.com", Subject: "mail of one"},
		received("two"),
		received("one"),
		expanded("two", runTwo),
		caughtCall{Method: "POST", URL: "http://127.0.0.1/two", Key: runTwo + "-post"},
		engine.RunEnded{Run: engine.Run{ID: runOne, WorkflowID: "flow-one", Status: engine.RunSucceeded}},
		engine.RunEnded{Run: engine.Run{ID: runTwo, WorkflowID: "flow-two", Status: engine.RunFailed, Reason: "no luck"}},
	})
	at := -1
	for _, want := range []string{"created of two", "because of two", "127.0.0.1/two", "flow-two: failed, no luck",
		"created of one", "because of one", "mail of one", "flow-one: succeeded"} {
		next := strings.Index(out.String(), want)
		if next <= at {
			t.Fatalf("%q stands at %d, want behind %d:\n%s", want, next, at, out)
		}
		at = next
	}
	if len(teller.waiting) > 0 || len(teller.runs) > 0 || teller.decided != 2 {
		t.Errorf("left: %v waiting, %v runs, %d decided", teller.waiting, teller.runs, teller.decided)
	}
}

func TestTellerIsBriefAfterTheStory(t *testing.T) {
	out := newScreen()
	teller := newTeller(out)
	teller.brief = true
	teller.takeAll([]any{
		received("one"), expanded("one", runOne),
		caughtMail{To: "a@example.com", MessageID: runOne + ".ask@example.com"},
		engine.Acted{Run: engine.Run{ID: runOne, WorkflowID: "flow-one"}, StepID: "ask", Attempt: engine.Attempt{Error: "the server said no"}},
		engine.RunEnded{Run: engine.Run{ID: runOne, WorkflowID: "flow-one", Status: engine.RunSucceeded}},
	})
	if got := out.String(); strings.Count(got, "\n") != 2 || !strings.Contains(got, "flow-one: yes") || !strings.Contains(got, "the server said no") {
		t.Errorf("got %q, want one line for the event and one for the trouble", got)
	}
}

func TestTellerForgetsWhatNeverBegins(t *testing.T) {
	teller := newTeller(newScreen())
	for range 3 * maxWaiting {
		teller.takeAll([]any{engine.RunEnded{Run: engine.Run{ID: runOne}}})
	}
	if n := len(teller.waiting); n > maxWaiting {
		t.Errorf("%d things wait, want at most %d", n, maxWaiting)
	}
}

func TestStoryDoesNotObeyWhatShoppersWrite(t *testing.T) {
	out := newScreen()
	p := newPrinter(out)
	p.fact("mail", "A\x1b[31mB\x07\r\nC\u202eD")
	if got, want := out.String(), "  mail       A [31mB   CD\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	p.colour = true
	p.label("", span{red, "\x1b[0mX"})
	if !strings.Contains(out.String(), string(red)+" [0mX"+reset) {
		t.Errorf("got %q, want our own colours only", out)
	}
}

func TestRunOfReadsKeys(t *testing.T) {
	for key, want := range map[string]string{
		runOne + "-step":            runOne,
		runOne + ".ask@example.com": runOne,
		runOne:                      "",
		"":                          "",
		"some-other-key-of-somebody-else-entirely": "",
	} {
		if got := runOf(key); got != want {
			t.Errorf("runOf(%q) = %q, want %q", key, got, want)
		}
	}
}
