package engine

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// recent keeps an answer for a moment, so that many who ask at once cost one look. Keys are few: they are ours.
type recent[K comparable, V any] struct {
	ttl     time.Duration
	now     func() time.Time
	load    func(context.Context, K) (V, error)
	mu      sync.Mutex
	known   map[K]remembered[V]
	forgot  int // how often
	loading singleflight.Group
}

type remembered[V any] struct {
	value V
	at    time.Time
}

// recentLimit is how long a look may take; it goes on when who asked for it has gone: others may wait for it, too.
const recentLimit = 30 * time.Second

func newRecent[K comparable, V any](ttl time.Duration, now func() time.Time, load func(context.Context, K) (V, error)) *recent[K, V] {
	return &recent[K, V]{ttl: ttl, now: now, load: load, known: map[K]remembered[V]{}}
}

func (r *recent[K, V]) get(ctx context.Context, key K) (V, error) {
	now := r.now()
	r.mu.Lock()
	kept, ok := r.known[key]
	forgot := r.forgot
	r.mu.Unlock()
	if age := now.Sub(kept.at); ok && age >= 0 && age < r.ttl {
		return kept.value, nil
	}
	v, err, _ := r.loading.Do(fmt.Sprint(forgot, key), func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recentLimit)
		defer cancel()
		v, err := r.load(ctx, key)
		if err != nil {
			return v, err
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.forgot == forgot {
			r.known[key] = remembered[V]{v, now}
		}
		return v, nil
	})
	value, _ := v.(V)
	return value, err
}

// forget makes the next look a fresh one.
func (r *recent[K, V]) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forgot++
	clear(r.known)
}

// hourly keeps what was counted in hours that are over: it does not change any more.
type hourly[T any] struct {
	count func(ctx context.Context, from, to time.Time) (T, error)
	mu    sync.Mutex
	known map[int64]T // by Unix hours
}

// hourSettles is when an hour is over: what was under way at its end is stored by then.
const hourSettles = time.Minute

func newHourly[T any](count func(ctx context.Context, from, to time.Time) (T, error)) *hourly[T] {
	return &hourly[T]{count: count, known: map[int64]T{}}
}

// last counts the hour of now and those before it, n in all, oldest first.
func (h *hourly[T]) last(ctx context.Context, now time.Time, n int) ([]T, error) {
	first := now.Truncate(time.Hour).Add(-time.Duration(n-1) * time.Hour)
	all := make([]T, n)
	for i := range all {
		from := first.Add(time.Duration(i) * time.Hour)
		var err error
		if all[i], err = h.hour(ctx, from, now); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (h *hourly[T]) hour(ctx context.Context, from, now time.Time) (T, error) {
	key := from.Unix() / 3600
	h.mu.Lock()
	v, ok := h.known[key]
	h.mu.Unlock()
	if ok {
		return v, nil
	}
	to := from.Add(time.Hour)
	v, err := h.count(ctx, from, to)
	if err != nil || now.Before(to.Add(hourSettles)) {
		return v, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.known) >= 2*maxHours {
		clear(h.known)
	}
	h.known[key] = v
	return v, nil
}
