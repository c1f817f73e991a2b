package engine_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
)

// feedClock is a clock that only the test moves.
type feedClock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *feedClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *feedClock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func newFeed() (*engine.Feed, *feedClock) {
	c := &feedClock{t: time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)}
	return engine.NewFeed("boot", c.now), c
}

func runChange(id, workflow string) engine.Change {
	return engine.Change{Kind: engine.RunChanged, ID: id, WorkflowID: workflow}
}

// heard is what a listener hears now, and the id of the last of it.
func heard(l *engine.Listener) (what, last string) {
	news, missed, ended := l.Next()
	var all []string
	if missed {
		all = append(all, "reset")
	}
	for _, c := range news {
		all = append(all, c.ID)
		last = l.ID(c)
	}
	if ended {
		all = append(all, "end")
	}
	return strings.Join(all, " "), last
}

func wantHeard(t *testing.T, l *engine.Listener, want string) (last string) {
	t.Helper()
	got, last := heard(l)
	if got != want {
		t.Fatalf("heard %q, want %q", got, want)
	}
	return last
}

var everything = engine.Topics{Runs: true, Events: true, Workflows: true, Attention: true}

func TestAListenerHearsItsTopics(t *testing.T) {
	f, _ := newFeed()
	tests := map[string]string{"runs": "r1 r2", "events": "e1", "workflows": "w1", "attention": "a1", "workflow:w1": "r1 w1", "runs,workflow:w1,attention": "r1 r2 w1 a1"}
	listeners := map[string]*engine.Listener{}
	for topics := range tests {
		parsed, err := engine.ParseTopics(topics)
		if err != nil {
			t.Fatal(err)
		}
		listeners[topics] = f.Listen(parsed, "")
	}
	for _, c := range []engine.Change{runChange("r1", "w1"), runChange("r2", "w2"), {Kind: engine.EventChanged, ID: "e1"},
		{Kind: engine.WorkflowChanged, ID: "w1"}, {Kind: engine.AttentionChanged, ID: "a1"}} {
		f.Publish(c)
	}
	for topics, l := range listeners {
		wantHeard(t, l, tests[topics])
		wantHeard(t, l, "")
		l.Close()
	}
	for _, wrong := range []string{"x", "runs,", "workflow:", "workflow:../x", strings.Repeat("workflow:a,", 50) + "workflow:a"} {
		if _, err := engine.ParseTopics(wrong); engine.CodeOf(err) != engine.Invalid {
			t.Errorf("topics %q: %v, want Invalid", wrong, err)
		}
	}
}

func TestAnInterruptedStreamGoesOnWhereItEnded(t *testing.T) {
	f, clock := newFeed()
	l := f.Listen(everything, "")
	f.Publish(runChange("r1", "w"))
	f.Publish(runChange("r2", "w"))
	news, _, _ := l.Next()
	first, last := l.ID(news[0]), l.ID(news[1])
	l.Close()
	f.Publish(runChange("r3", "w")) // a moment later somebody is expected back
	for from, want := range map[string]string{first: "r2 r3", last: "r3", "": "", "other-1": "reset", "boot-99": "reset", "boot-x": "reset", "boot": "reset"} {
		back := f.Listen(everything, from)
		wantHeard(t, back, want)
		back.Close()
	}
	clock.add(2 * time.Minute)
	f.Publish(runChange("r4", "w")) // nobody has listened for long: not kept
	f.Publish(runChange("r5", "w"))
	back := f.Listen(everything, last)
	wantHeard(t, back, "reset")
	f.Publish(runChange("r6", "w"))
	wantHeard(t, back, "r6")
	back.Close()
}

func TestWhoIsTooSlowIsTold(t *testing.T) {
	f, _ := newFeed()
	slow := f.Listen(everything, "")
	defer slow.Close()
	for n := range 5000 {
		f.Publish(runChange(fmt.Sprint(n), "w"))
	}
	if got, _ := heard(slow); got != "reset" {
		t.Fatalf("heard %.50q, want reset alone", got)
	}
	for n := range 3000 {
		f.Publish(runChange(fmt.Sprint(n), "w"))
	}
	if news, missed, _ := slow.Next(); missed || len(news) != 3000 || news[2999].ID != "2999" {
		t.Fatalf("heard %d changes, missed %t", len(news), missed)
	}
	f.Close()
	wantHeard(t, slow, "end")
	select {
	case <-slow.Woken():
	default:
		t.Fatal("the end has woken nobody")
	}
}

func TestNobodyListeningCostsNothing(t *testing.T) {
	f, _ := newFeed()
	if n := testing.AllocsPerRun(1000, func() { f.Publish(runChange("r", "w")) }); n != 0 {
		t.Errorf("%v allocations for a change that nobody hears of", n)
	}
}

// What work on an event changes is told as it is stored, with nothing about the shopper.
func TestWorkIsTold(t *testing.T) {
	h := enginetest.New(t)
	l := h.Listen(everything, "")
	defer l.Close()
	h.Publish("w", nil, engine.Step{ID: "rest", Type: "delay", Config: []byte(`{"for":"1h"}`)}, enginetest.Act("tell", "x"))
	event := h.Receive("thing/1")
	h.Drain()
	run := h.RunOf(event, "w")
	h.Advance(time.Hour)
	if _, err := h.PauseWorkflow(t.Context(), "w"); err != nil {
		t.Fatal(err)
	}
	news, _, _ := l.Next()
	got := map[string][]string{}
	for _, c := range news {
		key := string(c.Kind) + " " + c.ID
		if states := got[key]; len(states) == 0 || states[len(states)-1] != c.Status {
			got[key] = append(states, c.Status)
		}
	}
	for key, want := range map[string]string{"workflow w": "draft live paused", "event " + event: "accepted done", "run " + run.ID: "waiting running succeeded"} {
		if states := strings.Join(got[key], " "); states != want {
			t.Errorf("%s: %s, want %s", key, states, want)
		}
	}
	if told := fmt.Sprint(news); strings.Contains(told, "Ada") || strings.Contains(told, "@") { // "ada" may stand in an id
		t.Errorf("the shopper is named: %s", told)
	}
}
