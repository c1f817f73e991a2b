package bigcommerce

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"cartwheel/engine"
)

const (
	minInFlight = 8               // calls to one store at once, to begin with
	maxInFlight = 512             // while it answers well
	shortWait   = 2 * time.Second // longer waits are the engine's: a worker must not sleep
	slotWait    = 5 * time.Second // when all calls at once are taken
	maxPause    = time.Hour       // whatever the store's headers say
)

// budgets holds one budget per store.
type budgets struct {
	mu      sync.Mutex
	byStore map[string]*budget
}

func newBudgets() *budgets { return &budgets{byStore: map[string]*budget{}} }

func (bs *budgets) of(store string) *budget {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	b := bs.byStore[store]
	if b == nil {
		b = &budget{slots: newSlots(minInFlight, maxInFlight)}
		bs.byStore[store] = b
	}
	return b
}

// budget keeps our calls to one store within its quota. The quota is shared
// with all the other apps of the store, so that a fifth of it is always left to them.
type budget struct {
	slots *slots

	mu     sync.Mutex
	flying int       // calls sent and not answered
	quota  int       // per window; 0: not known, or none
	left   int       // of the quota, as far as we know
	reset  time.Time // when left is the quota again
	window time.Duration

	paused  time.Time // since when the store wants nothing from us
	pause   time.Time // until when
	strikes int       // 429s without reset headers, one after the other
}

// outcome is what a call taught about the quota.
type outcome struct {
	began, ended time.Time
	status       int // 0: no answer
	header       http.Header
}

// enter waits for a place, briefly; each nil must be followed by leave.
// Error: Temporary and Free, with the Wait that is needed.
func (b *budget) enter(ctx context.Context, now func() time.Time, sleep func(context.Context, time.Duration) error) error {
	if !b.slots.take(ctx, shortWait) { // a slow store must not keep the workers from the others
		if err := ctx.Err(); err != nil {
			return busy(0, err)
		}
		return busy(slotWait, nil)
	}
	wait := b.take(now())
	if wait > 0 && wait <= shortWait {
		if err := sleep(ctx, wait); err != nil {
			b.slots.give(noVerdict)
			return busy(wait, err)
		}
		wait = b.take(now())
	}
	if wait > 0 {
		b.slots.give(noVerdict)
		return busy(wait, nil)
	}
	return nil
}

func busy(wait time.Duration, cause error) error {
	return &engine.Error{Code: engine.Temporary, Op: "bigcommerce.limits", Wait: wait, Free: true, Err: cause,
		Message: "The store's API limit is used up for the moment; Cartwheel goes on when the store allows it."}
}

// take counts a call, or says how long it must wait.
func (b *budget) take(now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if wait := b.pause.Sub(now); wait > 0 && wait <= maxPause { // a longer one was set by a clock that was put back since
		return wait
	}
	if b.quota > 0 {
		if !now.Before(b.reset) || b.reset.Sub(now) > max(b.window, maxPause) {
			b.left, b.reset = b.quota, now.Add(b.window)
		}
		if b.left <= b.reserve() {
			return b.reset.Sub(now)
		}
		b.left--
	}
	b.flying++
	return 0
}

// reserve is the part of the quota that stays with others: a fifth, but one call is always ours.
func (b *budget) reserve() int { return b.quota - max(1, b.quota*4/5) }

// leave notes how a call ended.
func (b *budget) leave(o outcome) {
	b.mu.Lock()
	b.flying--
	b.learn(o)
	if o.status == http.StatusTooManyRequests {
		b.stop(o)
	} else if o.status != 0 && o.began.After(b.paused) {
		b.strikes = 0
	}
	b.mu.Unlock()
	b.slots.give(o.verdict())
}

// verdict is what the call says about how many at once the store can bear.
func (o outcome) verdict() verdict {
	if o.status == 0 || o.status == http.StatusTooManyRequests || o.status >= 500 {
		return suffers
	}
	return answersWell
}

// learn takes the figures of an answer. Answers overtake one another, so that
// within a window the lowest figure counts, less what is still under way.
func (b *budget) learn(o outcome) {
	quota, okQuota := number(o.header, "X-Rate-Limit-Requests-Quota")
	left, okLeft := number(o.header, "X-Rate-Limit-Requests-Left")
	reset, okReset := millis(o.header, "X-Rate-Limit-Time-Reset-Ms")
	if !okQuota || !okLeft || !okReset || quota <= 0 {
		return
	}
	if window, ok := millis(o.header, "X-Rate-Limit-Time-Window-Ms"); ok {
		b.window = window
	}
	at, left := o.ended.Add(reset), left-b.flying
	if same := b.quota > 0 && at.Sub(b.reset).Abs() < b.window/10+time.Millisecond; same {
		left, at = min(left, b.left), b.reset
	}
	b.quota, b.left, b.reset = quota, left, at
}

// stop begins a pause of the whole store after a 429. With reset headers it
// lasts until the reset; without them the store is overloaded: 10 s, 1 min, 5 min.
// Calls that were under way when the pause began do not make it longer.
func (b *budget) stop(o outcome) {
	wait, ok := resetWait(o.header)
	switch {
	case ok:
		b.strikes = 0
	case !o.began.After(b.paused):
		return
	default:
		wait = overloadWait(b.strikes)
		b.strikes++
	}
	b.paused = o.ended
	if until := o.ended.Add(wait); until.After(b.pause) {
		b.pause = until
	}
}

// remaining is how long the pause still lasts.
func (b *budget) remaining(now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return max(0, b.pause.Sub(now))
}

func overloadWait(strikes int) time.Duration {
	switch strikes {
	case 0:
		return 10 * time.Second
	case 1:
		return time.Minute
	default:
		return 5 * time.Minute
	}
}

// resetWait is the longer of the two waits that a 429 may name.
func resetWait(h http.Header) (time.Duration, bool) {
	reset, okReset := millis(h, "X-Rate-Limit-Time-Reset-Ms")
	after, okAfter := retryAfter(h)
	return min(max(reset, after), maxPause), okReset || okAfter
}

// retryAfter is the wait in seconds that a refusal may name. The reset of the
// quota, which every answer carries, says nothing about a store that is down.
func retryAfter(h http.Header) (wait time.Duration, ok bool) {
	for _, name := range []string{"X-Retry-After", "Retry-After"} {
		if seconds, found := number(h, name); found {
			wait, ok = max(wait, time.Duration(min(seconds, int(maxPause/time.Second)))*time.Second), true
		}
	}
	return wait, ok
}

func millis(h http.Header, name string) (time.Duration, bool) {
	n, ok := number(h, name)
	return time.Duration(min(n, int(maxPause/time.Millisecond))) * time.Millisecond, ok
}

func number(h http.Header, name string) (int, bool) {
	text := h.Get(name)
	if text == "" { // nearly always; to be told so by Atoi costs an error
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0
}

// quotaLeft is what the answer says is left, -1 if it says nothing.
func quotaLeft(h http.Header) int {
	if left, ok := number(h, "X-Rate-Limit-Requests-Left"); ok {
		return left
	}
	return -1
}
