package engine_test

import (
	"context"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
)

// History goes by the clock: the webhook as it came after 30 days, event and run after 90, what still waits never.
func TestHistoryGoesByClass(t *testing.T) {
	h := enginetest.New(t)
	h.Publish("w", nil, engine.Step{ID: "act", Type: enginetest.ActionType, Config: []byte(`{"text":"hello"}`)})
	h.Publish("later", nil, engine.Step{ID: "pause", Type: engine.StepDelay, Config: []byte(`{"for":"200d"}`)})
	id := h.Receive("order/1")
	h.Drain()
	done, waits := h.RunOf(id, "w"), h.RunOf(id, "later")
	hours := func(days int) {
		for range days { // retention works every hour of the clock
			h.Clock.Advance(24 * time.Hour)
		}
	}
	gone := func(err error) bool { return engine.CodeOf(err) == engine.NotFound }
	hours(29)
	if len(h.GetEvent(id).Body) == 0 {
		t.Error("the webhook is gone after 29 days")
	}
	hours(2)
	h.Await("the webhook is gone after 31 days", func() bool { h.Clock.Advance(time.Hour); return len(h.GetEvent(id).Body) == 0 })
	if _, err := h.Run(context.Background(), done.ID); err != nil {
		t.Errorf("the run after 31 days: %v", err)
	}
	hours(60)
	h.Await("the run is gone after 91 days", func() bool {
		h.Clock.Advance(time.Hour)
		_, err := h.Run(context.Background(), done.ID)
		return gone(err)
	})
	if _, err := h.Run(context.Background(), waits.ID); err != nil {
		t.Errorf("the run that waits: %v", err)
	}
	if h.GetEvent(id).Status != engine.EventDone {
		t.Error("the event of a run that waits is gone")
	}
}
