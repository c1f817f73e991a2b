package cond_test

import (
	"os"
	"testing"
	"time"

	"cartwheel/engine/cond"
	"cartwheel/engine/enginetest"
	"cartwheel/merge"
)

// B7: what is no condition is refused with its place, whatever it is, at once.
func TestMalformedConditionsAreRefusedWithTheirPlace(t *testing.T) {
	corpus := enginetest.MalformedConditions()
	if len(corpus) != 200 {
		t.Fatalf("%d malformed conditions, want 200", len(corpus))
	}
	for _, src := range enginetest.HonestConditions() {
		if _, problems := cond.Compile(src, scope()); len(problems) > 0 {
			t.Errorf("%s: %v, want it to compile; the malformed ones are made of it", src, problems)
		}
	}
	for _, src := range corpus {
		c, problems := cond.Compile(src, scope())
		if c != nil || len(problems) == 0 {
			t.Errorf("%q compiles, want it refused", src)
		}
		checkProblems(t, src, problems)
	}
}

// B7: a slip of the hand makes a condition that is refused with its place, or one that decides, at once.
func TestMutatedConditionsAreRefusedOrDecide(t *testing.T) {
	n := 1000
	if os.Getenv("CARTWHEEL_SOAK") == "1" {
		n = 500_000
	}
	corpus := enginetest.MutatedConditions(n, 7)
	if len(corpus) != n {
		t.Fatalf("%d mutated conditions, want %d", len(corpus), n)
	}
	s, e := scope(), env(t)
	var worst time.Duration
	decided := 0
	for _, src := range corpus {
		start := time.Now()
		c, problems := cond.Compile(src, s)
		checkProblems(t, src, problems)
		if (c == nil) != (len(problems) > 0) {
			t.Errorf("%q: condition %v with problems %v", src, c, problems)
		}
		if c != nil {
			decided++
			if v, err := c.Decide(e); err != nil && !isLimit(err) || err == nil && v.Reason == "" {
				t.Errorf("%q: %+v, %v", src, v, err)
			}
		}
		took := time.Since(start)
		worst = max(worst, took)
		if took > ceiling {
			t.Errorf("%q took %s", src, took)
		}
	}
	if decided == 0 || decided == n {
		t.Errorf("%d of %d compile; the mutations are too hard or too soft", decided, n)
	}
	t.Logf("B7: %d mutated conditions, %d of them decide, slowest %s", n, decided, worst)
}

// checkProblems wants words and a place that the text has.
func checkProblems(t *testing.T, src string, problems []merge.Problem) {
	t.Helper()
	for _, p := range problems {
		if p.Message == "" || p.Line < 1 || p.Column < 1 || len(p.Message) > 2000 {
			t.Errorf("%q: a problem without words or place: %+v", src, p)
		}
	}
}
