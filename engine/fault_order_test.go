package engine_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
)

// readInOrder reports every entity whose events were not read in the order in which they came, and how many were.
func readInOrder(t *testing.T, h *enginetest.Harness) int {
	t.Helper()
	reads := h.Trigger.Reads()
	last := map[string]string{}
	for _, e := range reads {
		if e.ID <= last[e.Entity] {
			t.Errorf("%s: event %s was read after %s", e.Entity, e.ID, last[e.Entity])
		}
		last[e.Entity] = e.ID
	}
	return len(reads)
}

// A backlog is no reason to decide out of order: the quarter of an hour is for a store that fails.
func TestEventsBehindASlowOneKeepTheirOrder(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Publish("w", nil, enginetest.Act("do", "{{ Test | id }}"))
	reading, release := make(chan struct{}), make(chan struct{})
	var read atomic.Int64
	h.Trigger.Before(func(engine.Event) { // the first takes its time: the others of the entity wait
		if read.Add(1) == 1 {
			close(reading)
			<-release
		}
	})
	a := h.Receive("thing/1")
	<-reading
	b, c := h.Receive("thing/1"), h.Receive("thing/1")
	for range 4 {
		h.Clock.Advance(10 * time.Minute)
		h.Store.Wake()
		h.Settle(1)
	}
	if ev := h.GetEvent(b); ev.Status != engine.EventAccepted || !strings.Contains(ev.Reason, a) {
		t.Errorf("the event behind the slow one is %s %q, want that it waits for %s", ev.Status, ev.Reason, a)
	}
	close(release)
	h.Drain()
	if n := readInOrder(t, h); n != 3 || h.GetEvent(c).Status != engine.EventDone {
		t.Errorf("%d events read, the last is %s; want 3, done", n, h.GetEvent(c).Status)
	}
}

func TestABacklogThatIsOldIsDecidedInOrder(t *testing.T) {
	t.Parallel()
	h := enginetest.NewWith(t, time.Date(2026, 3, 4, 9, 15, 0, 0, time.UTC), func(*clockwork.FakeClock) enginetest.Parts { return enginetest.Parts{Unsynced: true} })
	h.Publish("w", nil, enginetest.Act("do", "{{ Test | id }}"))
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := h.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	send := h.Sender() // webhooks come in while nothing works on them
	for i := range 90 {
		if err := send(fmt.Sprintf("thing/%d", i%3), fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	h.Clock.Advance(3 * time.Hour)
	h.Restart(false)
	h.Drain()
	if n := readInOrder(t, h); n != 90 {
		t.Errorf("%d events read, want 90", n)
	}
}

func TestBehindAFailingReadAnEventWaitsAQuarterOfAnHour(t *testing.T) {
	t.Parallel()
	h := enginetest.New(t)
	h.Publish("w", nil, enginetest.Act("do", "{{ Test | id }}"))
	for range 20 {
		h.Trigger.Fail(engine.Errorf(engine.Temporary, "The store answered 503."))
	}
	a := h.Receive("thing/1")
	h.Drain()
	b := h.Receive("thing/1")
	h.Drain()
	reads := h.Trigger.Asked
	h.Advance(14 * time.Minute)
	if ev := h.GetEvent(b); !strings.Contains(ev.Reason, a) {
		t.Errorf("after 14 minutes: %q, want that it waits for %s", ev.Reason, a)
	}
	h.Advance(2 * time.Minute)
	if ev := h.GetEvent(b); strings.Contains(ev.Reason, a) || h.Trigger.Asked == reads {
		t.Errorf("after 16 minutes: %q, want a read of its own", ev.Reason)
	}
}
