package engine

import (
	"slices"
	"sync"
	"time"
)

const (
	freeGuesses  = 5 // wrong passwords before one has to wait
	firstWait    = 30 * time.Second
	longestWait  = 15 * time.Minute
	guessesKept  = time.Hour // after the last one; longer than longestWait
	maxThrottled = 10_000    // keys that are remembered
	tellEvery    = time.Minute
)

// throttle makes guessing slow: after some wrong guesses with a key the next one has to wait, twice as long each time.
type throttle struct {
	mu   sync.Mutex
	keys map[string]*guesses
}

// guesses are the wrong ones with one key.
type guesses struct {
	wrong             int
	until, last, told time.Time
}

func newThrottle() *throttle { return &throttle{keys: map[string]*guesses{}} }

// guess is one that was let in.
type guess struct {
	t      *throttle
	keys   []string
	before map[string]guesses
}

// enter lets a guess in and counts it as a wrong one, or says how long to wait.
func (t *throttle) enter(now time.Time, keys ...string) (guess, time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var wait time.Duration
	for _, key := range keys {
		if g := t.keys[key]; g != nil {
			if g.until.Sub(now) > longestWait { // the clock was put back
				g.until, g.last = now.Add(longestWait), now
			}
			wait = max(wait, g.until.Sub(now))
		}
	}
	if wait > 0 {
		return guess{}, wait
	}
	entered := guess{t: t, keys: keys, before: map[string]guesses{}}
	for _, key := range keys {
		g := t.of(key, now)
		entered.before[key] = *g
		g.wrong++
		g.last = now
		if g.wrong >= freeGuesses {
			g.until = now.Add(waitAfter(g.wrong - freeGuesses))
		}
	}
	return entered, 0
}

// of returns what is known about a key, which is little when the last time was long ago.
func (t *throttle) of(key string, now time.Time) *guesses {
	g := t.keys[key]
	if g == nil {
		if len(t.keys) >= maxThrottled {
			t.makeRoom(now)
		}
		g = &guesses{}
		t.keys[key] = g
	}
	if now.Sub(g.last) >= guessesKept {
		g.wrong, g.until = 0, time.Time{}
	}
	return g
}

// makeRoom removes what is old, and the oldest tenth in any case.
func (t *throttle) makeRoom(now time.Time) {
	var all []string
	for key, g := range t.keys {
		if now.Sub(g.last) >= guessesKept {
			delete(t.keys, key)
		} else {
			all = append(all, key)
		}
	}
	if len(all) < maxThrottled {
		return
	}
	slices.SortFunc(all, func(a, b string) int { return t.keys[a].last.Compare(t.keys[b].last) })
	for _, key := range all[:len(all)/10] {
		delete(t.keys, key)
	}
}

// waitAfter is how long one waits after so many guesses more than the free ones.
func waitAfter(more int) time.Duration {
	if more > 10 { // far beyond the longest
		return longestWait
	}
	return min(firstWait<<more, longestWait)
}

// giveBack makes the guess count for nothing with these keys: it was none, or it was right.
func (g guess) giveBack(keys ...string) {
	g.t.mu.Lock()
	defer g.t.mu.Unlock()
	for _, key := range keys {
		now, before := g.t.keys[key], g.before[key]
		if now == nil || !slices.Contains(g.keys, key) {
			continue
		}
		now.wrong = max(0, now.wrong-1)
		if now.wrong <= before.wrong { // nobody has guessed meanwhile
			now.until = before.until
		}
	}
}

// forget makes all guesses with a key count for nothing.
func (g guess) forget(key string) {
	g.t.mu.Lock()
	defer g.t.mu.Unlock()
	delete(g.t.keys, key)
}

// tell reports whether this wrong guess is to be noted: one a minute for each key, so that guessing does not fill the log.
func (g guess) tell(now time.Time) bool {
	g.t.mu.Lock()
	defer g.t.mu.Unlock()
	fresh := false
	for _, key := range g.keys {
		if k := g.t.keys[key]; k != nil && (k.told.IsZero() || now.Sub(k.told) >= tellEvery) {
			k.told, fresh = now, true
		}
	}
	return fresh
}
