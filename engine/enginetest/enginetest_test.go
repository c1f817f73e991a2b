package enginetest_test

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The harness is a real engine: what is published runs, what waits survives a
// restart, and the clock moves only by hand.
func TestTheHarnessIsARealEngine(t *testing.T) {
	h := enginetest.New(t)
	h.Publish("w", nil, engine.Step{ID: "wait", Type: engine.StepDelay, Config: []byte(`{"for":"1h"}`)}, enginetest.Act("do", "{{ Test | name }}"))
	id := h.Receive("thing/1")
	h.Drain()
	if got := h.Action.Texts(); len(got) != 0 {
		t.Fatalf("the clock stands still, yet the step after the delay ran: %q", got)
	}
	h.Restart(false)
	h.Advance(time.Hour)
	if got := h.Action.Texts(); len(got) != 1 || got[0] != "Ada" || h.RunOf(id, "w").Status != engine.RunSucceeded {
		t.Errorf("actions %q, run %s", got, h.RunOf(id, "w").Status)
	}
}
