package outbound

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"cartwheel/engine"
)

// A target is known to be down after so many failures in a row, or after fewer that lie far enough apart: a shop that
// sends one mail an hour would otherwise wait out the long pauses of the schedule first.
const (
	downAfter     = 5
	downAfterSlow = 3
	downSlowSpan  = time.Minute

	probeLimit  = 2 * time.Minute  // a probe that has not come back by then is not waited for
	probePause  = 10 * time.Second // for who comes while a probe is under way
	maxTargets  = 1000             // that are watched; of what comes beyond nothing is known
	forgetAfter = time.Hour        // a target that nobody has asked for
)

// probeWaits is when a target that is down is tried again. The last goes on; with the jitter of those
// who wait it stays below five minutes.
func probeWaits() []time.Duration {
	return []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 4 * time.Minute}
}

// verdict is what an attempt says about its target.
type verdict int

const (
	nothing verdict = iota // it was stopped or refused on our side: nothing is known
	works
	down
)

// breakers keep attempts away from targets that do not answer, so that hundreds that wait cost neither time nor
// attempts. One attempt at a time is let through as a probe. What is known lives in memory: after a
// restart it is learned anew. A nil *breakers lets everything through.
type breakers struct {
	now  func() time.Time
	tell func(target string, open bool) // may be nil

	mu        sync.Mutex
	byTarget  map[string]*circuit // only those whose last attempt failed
	forgotten []string            // were open, and are to be told
}

// circuit is one target that fails.
type circuit struct {
	failures int       // in a row
	since    time.Time // the first of them
	last     time.Time // the last that was asked for
	open     bool
	next     time.Time // of the next probe, while open
	probes   int       // that failed
	probing  time.Time // since when a probe is under way; zero: none is
}

func newBreakers(now func() time.Time, tell func(string, bool)) *breakers {
	return &breakers{now: now, tell: tell, byTarget: map[string]*circuit{}}
}

// pass lets one attempt through. leave must follow; a second one does nothing.
type pass struct {
	b      *breakers
	target string
	host   string
	probe  bool
	once   sync.Once
}

// enter asks whether target may be tried. Error: Temporary and Free, with the Wait until the next probe.
func (b *breakers) enter(target, host string) (*pass, error) {
	p := &pass{b: b, target: target, host: host}
	if b == nil {
		return p, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.byTarget[target]
	if c == nil {
		return p, nil
	}
	now := b.now()
	c.last = now
	if !c.open {
		return p, nil
	}
	if wait := c.wait(now); wait > 0 {
		return nil, notTried(host, c.since, now, wait)
	}
	p.probe, c.probing = true, now
	return p, nil
}

// wait is how long nobody may try; 0: now, as a probe. A clock that was put back makes nobody wait longer than
// the pause that was meant.
func (c *circuit) wait(now time.Time) time.Duration {
	if under := now.Sub(c.probing); !c.probing.IsZero() && under >= 0 && under < probeLimit {
		return probePause
	}
	pause := c.pause()
	left := c.next.Sub(now)
	if left <= 0 || left > pause {
		return 0
	}
	return left + jitter(pause)
}

func (c *circuit) pause() time.Duration {
	waits := probeWaits()
	return waits[min(c.probes, len(waits)-1)]
}

// jitter keeps those who wait from coming all at once: up to a fifth.
func jitter(d time.Duration) time.Duration {
	return time.Duration(rand.Int64N(int64(d)/5 + 1)) //nolint:gosec // spreads load, guards nothing
}

// notTried is what an attempt hears that is not made.
func notTried(host string, since, now time.Time, wait time.Duration) *engine.Error {
	return &engine.Error{Code: engine.Temporary, Op: "outbound.breaker", Free: true, Wait: wait,
		Message: fmt.Sprintf("%s has not worked since %s. The next try is at %s.", host, clockTime(since, now), clockTime(now.Add(wait), now))}
}

// clockTime is t for people who read it on the day of now.
func clockTime(t, now time.Time) string {
	t, now = t.UTC(), now.UTC()
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return t.Format("15:04:05 MST")
	}
	return t.Format("2 Jan 2006 15:04:05 MST")
}

// leave notes how the attempt ended. isDown: the target is known to be down (now, or still), so that
// the attempt counts for nothing; wait is the time until the next probe.
func (p *pass) leave(v verdict) (wait time.Duration, isDown bool) {
	p.once.Do(func() {
		if p.b != nil {
			wait, isDown = p.b.note(p, v)
		}
	})
	return wait, isDown
}

func (b *breakers) note(p *pass, v verdict) (wait time.Duration, isDown bool) {
	b.mu.Lock()
	c := b.byTarget[p.target]
	wasOpen := c != nil && c.open
	switch v {
	case works:
		delete(b.byTarget, p.target)
	case nothing:
		if wasOpen && p.probe {
			c.probing = time.Time{}
		}
	default:
		c = b.failed(c, p)
	}
	isDown = v == down && c != nil && c.open
	if isDown {
		wait = min(max(c.next.Sub(b.now()), time.Second), c.pause()) + jitter(c.pause())
	}
	isOpen := v != works && c != nil && c.open
	forgotten := b.forgotten
	b.forgotten = nil
	b.mu.Unlock()
	if b.tell != nil { // not under the lock: nobody knows what it does
		for _, target := range forgotten {
			b.tell(target, false)
		}
		if isOpen != wasOpen {
			b.tell(p.target, isOpen)
		}
	}
	return wait, isDown
}

// failed counts a failure; nil: the target is not watched. Attempts that were under way when a target was found to be
// down, and fail later, tell nothing new.
func (b *breakers) failed(c *circuit, p *pass) *circuit {
	now := b.now()
	if c == nil {
		if !b.room(now) {
			return nil
		}
		c = &circuit{since: now}
		b.byTarget[p.target] = c
	}
	c.last = now
	c.failures++
	switch slow := now.Sub(c.since) >= downSlowSpan; {
	case c.open && p.probe:
		c.probes++
		c.probing, c.next = time.Time{}, now.Add(c.pause())
	case !c.open && (c.failures >= downAfter || slow && c.failures >= downAfterSlow):
		c.open, c.next = true, now.Add(c.pause())
	}
	return c
}

// room makes sure that one more target can be watched: shoppers' data may choose the host of a URL.
func (b *breakers) room(now time.Time) bool {
	if len(b.byTarget) < maxTargets {
		return true
	}
	for target, c := range b.byTarget {
		if now.Sub(c.last).Abs() <= forgetAfter {
			continue
		}
		delete(b.byTarget, target)
		if c.open {
			b.forgotten = append(b.forgotten, target)
		}
	}
	return len(b.byTarget) < maxTargets
}
