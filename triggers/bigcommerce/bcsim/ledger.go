package bcsim

import (
	"context"
	"slices"
	"sync"
)

// ledger remembers the last entries, oldest first, and wakes those who wait for new ones.
type ledger[T any] struct {
	mu      sync.Mutex
	limit   int
	entries []T           // never changed in place, so a slice of it may be read without the lock
	changed chan struct{} // nil while nobody waits
}

func newLedger[T any](limit int) *ledger[T] {
	return &ledger[T]{limit: max(limit, 1)}
}

func (l *ledger[T]) add(entry T) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.entries) >= 2*l.limit {
		l.entries = append(make([]T, 0, 2*l.limit), l.entries[len(l.entries)-l.limit:]...)
	}
	l.entries = append(l.entries, entry)
	l.wake()
}

// wake is called with the lock held.
func (l *ledger[T]) wake() {
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
}

func (l *ledger[T]) view() ([]T, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.changed == nil {
		l.changed = make(chan struct{})
	}
	return l.entries[max(0, len(l.entries)-l.limit):len(l.entries):len(l.entries)], l.changed
}

func (l *ledger[T]) all() []T {
	entries, _ := l.view()
	return slices.Clone(entries)
}

func (l *ledger[T]) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = nil
	l.wake()
}

func (l *ledger[T]) wait(ctx context.Context, enough func([]T) bool) error {
	for {
		entries, changed := l.view()
		if enough(entries) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
