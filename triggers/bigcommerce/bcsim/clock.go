package bcsim

import (
	"sync"
	"time"
)

// Clock is a clock that moves only when told, for Config.Now and Config.After and whoever else takes part in a test.
type Clock struct {
	mu     sync.Mutex
	now    time.Time
	last   int
	timers map[int]timer
}

type timer struct {
	at time.Time
	f  func()
}

// NewClock returns a clock that shows start.
func NewClock(start time.Time) *Clock { return &Clock{now: start, timers: map[int]timer{}} }

// Now returns the time shown.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// After runs f once Advance has come d further, on the goroutine that advances, unless stop comes first.
func (c *Clock) After(d time.Duration, f func()) (stop func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	id := c.last
	c.timers[id] = timer{c.now.Add(d), f}
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.timers, id)
	}
}

// Advance moves the clock by d and runs the timers on the way, each at its own time, oldest first.
// Timers set by them run too if they fall due.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	target := c.now.Add(d)
	for {
		f := c.next(target)
		if f == nil {
			break
		}
		c.mu.Unlock() // timers set timers
		f()
		c.mu.Lock()
	}
	c.now = target
	c.mu.Unlock()
}

// next takes the earliest timer that is due at target and moves the clock to it. The lock is held.
func (c *Clock) next(target time.Time) func() {
	first := 0
	for id, t := range c.timers {
		earliest := c.timers[first]
		if !t.at.After(target) && (first == 0 || t.at.Before(earliest.at) || t.at.Equal(earliest.at) && id < first) {
			first = id
		}
	}
	if first == 0 {
		return nil
	}
	t := c.timers[first]
	delete(c.timers, first)
	if t.at.After(c.now) {
		c.now = t.at
	}
	return t.f
}
