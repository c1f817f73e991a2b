package cond_test

import (
	"errors"
	"testing"
	"time"

	"cartwheel/engine/cond"
	"cartwheel/merge"
)

// One judge decides conditions of every kind, too laborious ones between them: each as if it were alone, and no
// reason changes afterwards.
func TestAJudgeKeepsNothingOfTheConditionBefore(t *testing.T) {
	e := env(t)
	e.Meter = merge.NewMeter(time.Now)
	e.Root.Put("Webhook | list", make([]any, 1000))
	laborious := mustCompile(t, `BigCommerce.Customer.first_name == "A" or any(Webhook.list, count(Webhook.list, # == 1) > 0)`, scope())
	var judge cond.Judge
	var want, got []cond.Verdict
	for range 20 { // more reasons than fit into one piece of memory
		for _, table := range explanations {
			for _, c := range table {
				e.Meter.Restart()
				alone, err := mustCompile(t, c.src, scope()).Decide(e)
				if err != nil {
					t.Fatal(err)
				}
				want = append(want, alone)
				e.Meter.Restart()
				result, reason, err := judge.Decide(mustCompile(t, c.src, scope()), e)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, cond.Verdict{Result: result, Reason: reason})
			}
			e.Meter.Restart()
			if _, _, err := judge.Decide(laborious, e); !errors.Is(err, cond.ErrLimit) {
				t.Fatalf("got %v, want ErrLimit", err)
			}
		}
	}
	for i := range want {
		if got[i].Result != want[i].Result || got[i].Reason != want[i].Reason {
			t.Errorf("got  %v %s\nwant %v %s", got[i].Result, got[i].Reason, want[i].Result, want[i].Reason)
		}
	}
}

func TestARestartedMeterIsFull(t *testing.T) {
	m := merge.NewMeter(time.Now)
	for range 2 {
		if err := m.Charge(merge.MaxWork); err != nil {
			t.Fatal(err)
		}
		if err := m.Charge(1); !errors.Is(err, merge.ErrLimit) {
			t.Fatalf("got %v, want ErrLimit", err)
		}
		m.Restart()
	}
}
