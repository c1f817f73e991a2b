package bcsim

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// limiter counts requests in fixed windows, one count for all accounts of the store.
type limiter struct {
	mu     sync.Mutex
	quota  int // negative = unlimited
	window time.Duration
	start  time.Time
	used   int
}

// allowance is what the rate headers of one answer say.
type allowance struct {
	quota, left int
	window      time.Duration
	reset       time.Duration
	ok          bool
}

// take counts one request, also one that is refused.
func (l *limiter) take(now time.Time) allowance {
	l.mu.Lock()
	defer l.mu.Unlock()
	if since := now.Sub(l.start); since >= l.window || since < 0 {
		l.start, l.used = now, 0
	}
	reset := l.window - now.Sub(l.start)
	if l.quota < 0 {
		return allowance{math.MaxInt32, math.MaxInt32, l.window, reset, true}
	}
	l.used++
	return allowance{l.quota, max(0, l.quota-l.used), l.window, reset, l.used <= l.quota}
}

func (a allowance) write(h http.Header) {
	h.Set("X-Rate-Limit-Time-Window-Ms", strconv.FormatInt(a.window.Milliseconds(), 10))
	h.Set("X-Rate-Limit-Time-Reset-Ms", strconv.FormatInt(a.reset.Milliseconds(), 10))
	h.Set("X-Rate-Limit-Requests-Quota", strconv.Itoa(a.quota))
	h.Set("X-Rate-Limit-Requests-Left", strconv.Itoa(a.left))
	if !a.ok {
		h.Set("X-Retry-After", strconv.Itoa(int(math.Ceil(a.reset.Seconds()))))
	}
}

// SetQuota changes the number of requests per window from now on; negative means unlimited.
func (s *Store) SetQuota(quota int) {
	s.limiter.mu.Lock()
	defer s.limiter.mu.Unlock()
	s.limiter.quota, s.limiter.used = quota, 0
}
