package engine

import (
	"math/rand/v2"
	"time"

	"cartwheel/merge"
)

// schedule says when an action is tried again.
type schedule struct {
	attempts int
	// wait returns how long to wait after the nth attempt, without jitter.
	wait func(n int) time.Duration
}

// jitter spreads retries over a fifth more time, never less.
const jitter = 0.2

// maxAttempts is the most a workflow may ask for.
const maxAttempts = 100

// defaultWaits is the table of a step without retry: ten attempts over some
// three days, as the Standard Webhooks specification advises.
func defaultWaits() []time.Duration {
	return []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour,
		5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour}
}

// newSchedule reads a step's retry; nil means the default table.
func newSchedule(r *Retry) (schedule, []merge.Problem) {
	if r == nil {
		waits := defaultWaits()
		return schedule{attempts: len(waits) + 1, wait: func(n int) time.Duration { return waits[min(n, len(waits))-1] }}, nil
	}
	var problems []merge.Problem
	duration := func(name, text, missing string) time.Duration {
		if text == "" {
			text = missing
		}
		d, err := ParseDuration(text)
		if err != nil {
			problems = append(problems, merge.Problem{Location: name, Message: MessageOf(err)})
		}
		return d
	}
	first, longest := duration("first", r.First, "5s"), duration("max", r.Max, "1h")
	attempts := r.Attempts
	if attempts == 0 {
		attempts = 5
	}
	if attempts < 1 || attempts > maxAttempts {
		problems = append(problems, merge.Problem{Location: "attempts", Message: "attempts must be between 1 and 100; it counts the first."})
	}
	if r.Backoff != "" && r.Backoff != "exponential" && r.Backoff != "constant" {
		problems = append(problems, merge.Problem{Location: "backoff", Message: "backoff must be exponential or constant."})
	}
	constant := r.Backoff == "constant"
	return schedule{attempts: attempts, wait: func(n int) time.Duration {
		d := first
		for i := 1; i < n && !constant && d < longest; i++ {
			d *= 2
		}
		return min(d, longest)
	}}, problems
}

// next returns how long to wait after the nth attempt, with jitter, and not
// before atLeast (Retry-After may exceed the schedule); false: no attempt is left.
func (s schedule) next(n int, atLeast time.Duration) (time.Duration, bool) {
	if n >= s.attempts {
		return 0, false
	}
	return max(spread(s.wait(n)), atLeast), true
}

// spread adds up to a fifth.
func spread(d time.Duration) time.Duration {
	return d + time.Duration(rand.Float64()*jitter*float64(d)) //nolint:gosec // spreads load, guards nothing
}
