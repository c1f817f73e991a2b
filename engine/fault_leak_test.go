package engine_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
	"cartwheel/engine/store"
)

// open counts goroutines and, where the system tells, file handles.
func open(t *testing.T) (goroutines, handles int) {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return runtime.NumGoroutine(), len(entries)
}

// steady waits until neither count is more than five above what it was: connections that were in use close in the background.
func steady(t *testing.T, before, handles int) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		g, f := open(t)
		if g <= before+5 && f <= handles+5 {
			return
		}
		if time.Now().After(deadline) {
			t.Errorf("goroutines %d, were %d; handles %d, were %d: want at most 5 more", g, before, f, handles)
			return
		}
	}
}

// Not parallel: other tests would be counted too.
func TestNothingPilesUpOverManyEvents(t *testing.T) {
	h := enginetest.NewWith(t, time.Date(2026, 3, 4, 9, 15, 0, 0, time.UTC), func(*clockwork.FakeClock) enginetest.Parts { return enginetest.Parts{Workers: 16, Unsynced: true} })
	h.Publish("w", nil, enginetest.Act("do", "{{ Test | id }}"), delay("pause", "1m"), enginetest.Act("again", "x"))
	send := h.Sender()
	batch := func(from, n int) {
		for i := range n {
			if i%10 == 0 {
				h.Trigger.Fail(engine.Errorf(engine.Temporary, "The store answered 503."))
			}
			if err := send(fmt.Sprintf("thing/%d", i%50), fmt.Sprint(from+i)); err != nil {
				t.Fatal(err)
			}
		}
		h.Drain()
		h.Advance(10 * time.Second)
		h.Advance(2 * time.Minute)
	}
	batch(0, 200) // every pool is warm
	before, handles := open(t)
	for n := range size(18, 98) {
		batch(200+100*n, 100)
	}
	steady(t, before, handles)
	for _, run := range h.AllRuns() {
		if run.Status != engine.RunSucceeded {
			t.Fatalf("run %s is %s %q", run.ID, run.Status, run.Reason)
		}
	}
}

// broken is a store whose authentications cannot be read.
type broken struct{ *store.Store }

func (broken) Authentications(context.Context, engine.Page) ([]engine.Authentication, string, error) {
	return nil, "", errors.New("the disk has gone")
}

// An engine that cannot start, and one that is started and stopped, leave nothing behind.
func TestStartsLeaveNothingBehind(t *testing.T) {
	h := enginetest.New(t)
	stop := func(e *engine.Engine) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := e.Stop(ctx); err != nil {
			t.Fatal(err)
		}
	}
	stop(h.Engine)
	before, handles := open(t)
	for i := range 20 {
		e, err := h.NewEngine(broken{h.Store})
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Start(context.Background()); err == nil {
			t.Fatalf("start %d: it started on a store that cannot be read", i)
		}
		stop(e)
	}
	steady(t, before, handles)
}
