package engine_test

import (
	"context"
	"fmt"
	"testing"
	"time"
	_ "time/tzdata" // the zones of the tests, wherever they run

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
)

const (
	month = 31 * 24 * time.Hour
	year  = 365 * 24 * time.Hour
)

// Delays are lengths of time: neither the calendar nor a change of the clocks makes them shorter or longer.
func TestDelaysAcrossTheCalendar(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, zone, from, delay, until string }{
		{"Berlin in spring", "Europe/Berlin", "2026-03-28T12:00:00", "1d", "2026-03-29T13:00:00"},
		{"Berlin in autumn", "Europe/Berlin", "2026-10-24T12:00:00", "1d", "2026-10-25T11:00:00"},
		{"Berlin, in the hour that comes twice", "Europe/Berlin", "2026-10-25T01:30:00", "90m", "2026-10-25T02:00:00"},
		{"Berlin, into the hour that does not exist", "Europe/Berlin", "2026-03-29T01:30:00", "45m", "2026-03-29T03:15:00"},
		{"New York in spring", "America/New_York", "2026-03-07T12:00:00", "1d", "2026-03-08T13:00:00"},
		{"New York in autumn", "America/New_York", "2026-10-31T12:00:00", "1d", "2026-11-01T11:00:00"},
		{"into the leap day", "UTC", "2028-02-28T12:00:00", "1d", "2028-02-29T12:00:00"},
		{"out of the leap day", "UTC", "2028-02-29T12:00:00", "1d", "2028-03-01T12:00:00"},
		{"a year from the leap day", "UTC", "2028-02-29T12:00:00", "366d", "2029-03-01T12:00:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			zone, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			from, until := localTime(t, zone, c.from), localTime(t, zone, c.until)
			h := enginetest.NewWith(t, from, nil)
			h.Publish("w", nil, delay("pause", c.delay), enginetest.Act("do", "x"))
			id := h.Receive("thing/1")
			h.Drain()
			h.Advance(until.Sub(from) - time.Millisecond)
			if got := h.Action.Texts(); len(got) != 0 {
				t.Fatalf("%s: the delay of %s ended before %s", c.from, c.delay, until)
			}
			h.Advance(time.Millisecond)
			h.Advance(3 * time.Hour)
			if got := h.Action.Texts(); len(got) != 1 || h.RunOf(id, "w").Status != engine.RunSucceeded {
				t.Errorf("%s: the delay of %s ended %d times until %s", c.from, c.delay, len(got), until)
			}
		})
	}
}

// localTime reads a local time; the first of the two that a change of the clocks may make of it.
func localTime(t *testing.T, zone *time.Location, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02T15:04:05", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// waiter is something that waits for a time, and how long at most.
type waiter struct {
	name    string
	longest time.Duration
	begin   func(h *enginetest.Harness) // before the event
	step    func() []engine.Step
}

func waiters() []waiter {
	act := func() []engine.Step { return []engine.Step{enginetest.Act("do", "{{ Test | id }}")} }
	all := []waiter{
		{"a delay", 2 * time.Hour, nil, func() []engine.Step { return append([]engine.Step{delay("pause", "2h")}, act()...) }},
		{"a retry", 2 * time.Minute, func(h *enginetest.Harness) {
			failed := false
			h.Action.Script(func(engine.Request) (engine.Result, error) {
				if !failed {
					failed = true
					return engine.Result{}, engine.Errorf(engine.Temporary, "hooks.example.com answered 503.")
				}
				return engine.Result{}, nil
			})
		}, func() []engine.Step {
			steps := act()
			steps[0].Retry = &engine.Retry{Attempts: 2, First: "100s", Backoff: "constant"}
			return steps
		}},
		{"a failed read", 3 * time.Second, func(h *enginetest.Harness) {
			h.Trigger.Fail(engine.Errorf(engine.Temporary, "The store answered 503."))
		}, act},
		{"a limit of the store", 30 * time.Second, func(h *enginetest.Harness) {
			h.Trigger.Fail(&engine.Error{Code: engine.Temporary, Message: "The store answered 429.", Wait: 30 * time.Second, Free: true})
		}, act},
		{"an event that came before its object", time.Second, func(h *enginetest.Harness) {
			h.Trigger.Fail(engine.Errorf(engine.NotFound, "The store has no such thing."))
		}, act},
	}
	if underRace {
		return all[:3]
	}
	return all
}

// acts is how often the action succeeded for the one event of the test.
func acts(h *enginetest.Harness, id string) string {
	ev := h.GetEvent(id)
	if ev.Status != engine.EventDone {
		return fmt.Sprintf("the event is %s", ev.Status)
	}
	run := h.RunOf(id, "w")
	if run.Status != engine.RunSucceeded {
		return fmt.Sprintf("the run is %s", run.Status)
	}
	return "once"
}

// Whatever waits when the clock jumps is neither lost nor done twice.
func TestWhatWaitsWhenTheClockJumps(t *testing.T) {
	t.Parallel()
	for _, w := range waiters() {
		for _, c := range []struct {
			name    string
			jump    time.Duration
			restart bool
		}{
			{"an hour ahead", time.Hour, false},
			{"an hour back", -time.Hour, true},
			{"a month ahead", month, true},
			{"a month back", -month, false},
			{"a month back", -month, true},
		} {
			t.Run(fmt.Sprintf("%s, %s, restart %v", w.name, c.name, c.restart), func(t *testing.T) {
				t.Parallel()
				h, id := begin(t, w)
				h.Advance(c.jump)
				if c.restart {
					h.Restart(false)
				}
				allowed := 2 * w.longest // nobody waits longer than was meant, whatever the clock says
				h.Receive("thing/2")     // with each job the clock is looked at, and twice a minute
				h.Drain()
				h.Advance(allowed)
				if got := acts(h, id); got != "once" {
					t.Errorf("%v after the jump: %s", allowed, got)
				}
				n := len(h.Action.Requests())
				h.Advance(48 * time.Hour)
				if more := len(h.Action.Requests()); more != n {
					t.Errorf("%d acts became %d", n, more)
				}
			})
		}
	}
}

// What began while the clock was a year ahead does not wait for that year when it is set right.
func TestWhatBeganWhileTheClockWasWrong(t *testing.T) {
	t.Parallel()
	for _, w := range waiters() {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			h, id := beginAt(t, w, year)
			h.Clock.Advance(-year)
			h.Receive("thing/2")
			h.Drain()
			h.Advance(2 * w.longest)
			if got := acts(h, id); got != "once" {
				t.Errorf("%v after the clock was set right: %s", 2*w.longest, got)
			}
		})
	}
}

func begin(t *testing.T, w waiter) (*enginetest.Harness, string) { return beginAt(t, w, 0) }

// beginAt brings an engine to the point where it waits, with a clock that is ahead.
func beginAt(t *testing.T, w waiter, ahead time.Duration) (*enginetest.Harness, string) {
	t.Helper()
	h := enginetest.New(t)
	h.Publish("w", nil, w.step()...)
	if w.begin != nil {
		w.begin(h)
	}
	h.Advance(ahead)
	id := h.Receive("thing/1")
	h.Drain()
	if got := acts(h, id); got == "once" {
		t.Fatalf("nothing waits: %s", got)
	}
	return h, id
}

// Tokens, retention and hooks go by the clock too: none of it stops the engine when the clock jumps.
func TestTheEngineWorksOnAfterEveryJump(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Publish("w", nil, enginetest.Act("do", "x"))
	for i, jump := range []time.Duration{time.Hour, -time.Hour, year, -year, -time.Hour, 24 * time.Hour} {
		h.Advance(jump)
		id := h.Receive(fmt.Sprintf("thing/%d", i))
		h.Drain()
		if got := acts(h, id); got != "once" {
			t.Errorf("after jump %d (%v): %s", i, jump, got)
		}
		if err := h.Ready(context.Background()); err != nil {
			t.Errorf("after jump %d (%v): %v", i, jump, err)
		}
	}
}
