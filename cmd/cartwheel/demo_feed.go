package main

import "sync"

// feed hands on what happens, in its order, and never makes the sender wait.
type feed struct {
	mu    sync.Mutex
	items []any
	more  chan struct{} // a signal: there may be items
}

func newFeed() *feed { return &feed{more: make(chan struct{}, 1)} }

func (f *feed) push(item any) {
	f.mu.Lock()
	f.items = append(f.items, item)
	f.mu.Unlock()
	select {
	case f.more <- struct{}{}:
	default: // the signal is set already
	}
}

// take returns what has come since the last time.
func (f *feed) take() []any {
	f.mu.Lock()
	defer f.mu.Unlock()
	items := f.items
	f.items = nil
	return items
}
