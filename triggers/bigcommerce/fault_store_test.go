package bigcommerce_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/triggers/bigcommerce/bcsim"
)

// Two days of everything that a store's API can do wrong: no event is lost or stuck, the store is not
// asked more often than it should be, and a fifth of its quota is left to others.
func TestTheStoreFailsInEveryWay(t *testing.T) {
	const quota, special = 1200, 4
	w := newShopWorld(t, quota, size(2000, 20_000))
	for i, order := range w.orders[:2*special] { // these for ever
		w.sim.Fault(bcsim.Fault{Path: fmt.Sprintf("/v2/orders/%d", order), Status: []int{500, 404}[i/special]})
	}
	some := len(w.orders) / 10
	for _, f := range []bcsim.Fault{
		{Status: 401, Skip: some / 4, Times: special},
		{Kind: bcsim.FaultReset, Skip: some / 2, Times: some},
		{Kind: bcsim.FaultTruncate, Skip: some, Times: some},
		{Status: 503, Skip: 2 * some, Times: some},
		{Status: 404, Skip: 3 * some, Times: some},
		{Kind: bcsim.FaultSlow, Pause: 20 * time.Millisecond, Skip: 4 * some, Times: special},
		{Status: 429, Skip: 5 * some, Times: 3},
		{Status: 429, NoRate: true, Skip: 6 * some, Times: 3},
		{Kind: bcsim.FaultHTML, Skip: 7 * some, Times: some},
	} {
		f.Path = "/v2/orders/*"
		w.sim.Fault(f)
	}
	w.deliver(t, w.orders...)
	for _, phase := range []struct {
		step time.Duration
		n    int
	}{{2 * time.Second, 40}, {time.Minute, 30}, {20 * time.Minute, 150}} {
		for range phase.n {
			w.Advance(phase.step)
		}
	}
	refused := w.checkEnds(t, w.orders[:special], w.orders[special:2*special])
	if refused == 0 || refused > special {
		t.Errorf("%d events wait for the authentication, want some of the %d that got a 401", refused, special)
	}
	w.checkReads(t, w.orders[:special])
	w.checkQuota(t, quota)
	if _, err := w.TestAuthentication(context.Background(), w.shop); err != nil {
		t.Fatal(err)
	}
	w.Drain()
	if left := w.checkEnds(t, w.orders[:special], w.orders[special:2*special]); left != 0 {
		t.Errorf("%d events still wait after the authentication was tested with success", left)
	}
	if acts, want := len(w.Action.Requests()), len(w.orders)-2*special; acts != want {
		t.Errorf("%d actions, want one for each of the %d orders that can be read", acts, want)
	}
}

// checkEnds: each event is done or failed, or it waits and says why; the number of those that wait comes back.
func (w *shopWorld) checkEnds(t *testing.T, down, missing []int) (waiting int) {
	t.Helper()
	want := map[int]string{}
	for _, order := range down {
		want[order] = "Given up after 48 hours."
	}
	for _, order := range missing {
		want[order] = "(404)"
	}
	for _, order := range w.orders {
		e := w.eventOf(order)
		switch {
		case want[order] != "":
			if e.Status != engine.EventFailed || !strings.Contains(e.Reason, want[order]) {
				t.Errorf("order %d: %s %q, want failed with %q", order, e.Status, e.Reason, want[order])
			}
		case e.Status == engine.EventAccepted && strings.Contains(e.Reason, "(401)"):
			waiting++
		case e.Status != engine.EventDone:
			t.Errorf("order %d: %s %q, want done", order, e.Status, e.Reason)
		}
	}
	return waiting
}

// checkReads: at most eight reads of an order in any hour, and those of a store that is down on the schedule.
func (w *shopWorld) checkReads(t *testing.T, down []int) {
	t.Helper()
	reads := w.reads()
	for order, times := range reads {
		for i := 8; i < len(times); i++ {
			if span := times[i].Sub(times[i-8]); span < time.Hour {
				t.Errorf("order %d was read nine times within %v", order, span)
				break
			}
		}
	}
	schedule := []time.Duration{2 * time.Second, 8 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute}
	for _, order := range down {
		times := reads[order]
		if len(times) < 60 || times[len(times)-1].Sub(times[0]) < 48*time.Hour {
			t.Errorf("order %d was read %d times, want it tried for 48 hours", order, len(times))
		}
		for i := 1; i < len(times); i++ {
			wait := schedule[min(i, len(schedule))-1]
			late := wait/5 + 7*time.Minute // the jitter; the pauses that the store asked for
			if i > 5 {
				late = wait/5 + 21*time.Minute // the steps of the test
			}
			if gap := times[i].Sub(times[i-1]); gap < wait-time.Millisecond || gap > wait+late {
				t.Errorf("order %d: %v before read %d, want %v", order, gap, i+1, wait)
			}
		}
	}
}

// checkQuota counts as the store does: in windows that begin with a request.
func (w *shopWorld) checkQuota(t *testing.T, quota int) {
	t.Helper()
	var begin time.Time
	n := 0
	for _, r := range w.sim.Requests() {
		if r.At.Sub(begin) >= 30*time.Second {
			begin, n = r.At, 0
		}
		if n++; n == quota*4/5+1 {
			t.Errorf("the window of %v has more than %d calls", begin, quota*4/5)
		}
	}
}

// After a 429 the store is left alone for as long as it says, and not much longer.
func TestA429IsWaitedOut(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fault bcsim.Fault
		waits []time.Duration
	}{
		{"with headers", bcsim.Fault{Status: 429, Reset: 20 * time.Second, Times: 2}, []time.Duration{20 * time.Second, 20 * time.Second}},
		{"without headers", bcsim.Fault{Status: 429, NoRate: true, Times: 4}, []time.Duration{10 * time.Second, time.Minute, 5 * time.Minute, 5 * time.Minute}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newShopWorld(t, 1000, 1)
			w.sim.ResetRequests()
			w.sim.Fault(tt.fault)
			w.deliver(t, w.orders...)
			for range 1500 {
				w.Advance(500 * time.Millisecond)
				if w.eventOf(w.orders[0]).Status == engine.EventDone {
					break
				}
			}
			requests := w.sim.Requests()
			if len(requests) != len(tt.waits)+1 || requests[len(requests)-1].Status != http.StatusOK {
				t.Fatalf("%d requests, want %d and then an answer", len(requests), len(tt.waits))
			}
			for i, want := range tt.waits {
				got := requests[i+1].At.Sub(requests[i].At)
				if got < want || got > want+want/10+500*time.Millisecond {
					t.Errorf("request %d came after %v, want %v", i+2, got, want)
				}
			}
			if e := w.eventOf(w.orders[0]); e.Attempts != 0 {
				t.Errorf("%d attempts are counted, want none for a 429", e.Attempts)
			}
		})
	}
}

// A 429 is about the whole store: the events of other orders do not ask either.
func TestA429StopsTheWholeStore(t *testing.T) {
	for name, fault := range map[string]bcsim.Fault{
		"with headers":    {Status: 429, Reset: 10 * time.Second, Times: 1},
		"without headers": {Status: 429, NoRate: true, Times: 1},
	} {
		t.Run(name, func(t *testing.T) {
			w := newShopWorld(t, 1000, 5)
			w.sim.ResetRequests()
			w.sim.Fault(fault)
			w.deliver(t, w.orders[0])
			w.deliver(t, w.orders[1:]...)
			w.Advance(9 * time.Second)
			if n := len(w.sim.Requests()); n != 1 {
				t.Errorf("%d requests within the pause, want the first alone", n)
			}
			w.Advance(2 * time.Second)
			w.Advance(time.Second)
			for _, order := range w.orders {
				if e := w.eventOf(order); e.Status != engine.EventDone {
					t.Errorf("after the pause order %d: %s %q, want done", order, e.Status, e.Reason)
				}
			}
		})
	}
}

// A pause that was set by a clock that is put right afterwards does not last until that clock's time.
func TestAPauseDoesNotOutliveTheClockThatSetIt(t *testing.T) {
	w := newShopWorld(t, 1000, 2)
	w.Advance(31 * 24 * time.Hour)
	w.sim.Fault(bcsim.Fault{Status: 429, Reset: 20 * time.Second, Times: 1})
	w.deliver(t, w.orders[0])
	w.Clock.Advance(-31 * 24 * time.Hour)
	w.deliver(t, w.orders[1]) // with each job the clock is looked at
	for range 4 {
		w.Advance(20 * time.Minute)
	}
	for _, order := range w.orders {
		if e := w.eventOf(order); e.Status != engine.EventDone {
			t.Errorf("order %d: %s %q, want done within an hour", order, e.Status, e.Reason)
		}
	}
}
