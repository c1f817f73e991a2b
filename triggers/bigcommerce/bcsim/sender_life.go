package bcsim

import (
	"context"
	"time"
)

// later runs f after d on the injected timer unless the store is closed first. The lock is not held.
func (d *sender) later(wait time.Duration, f func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.after(wait, f)
}

// after is later with the lock held. A wait of 0 means as soon as the lock is free.
func (d *sender) after(wait time.Duration, f func()) {
	if d.closed {
		return
	}
	if wait <= 0 {
		d.running++ // Settle must wait for it too
		d.workers.Go(func() {
			f()
			d.work()
		})
		return
	}
	d.lastTimer++
	id := d.lastTimer
	d.timers[id] = d.cfg.After(wait, func() {
		d.mu.Lock()
		_, waiting := d.timers[id]
		delete(d.timers, id)
		d.mu.Unlock()
		if waiting {
			f()
		}
	})
}

func (d *sender) close() {
	d.mu.Lock()
	d.closed = true
	d.queue = nil
	stops := d.timers
	d.timers = map[int]func(){}
	d.mu.Unlock()
	for _, stop := range stops {
		stop()
	}
	d.cancel()
	d.workers.Wait()
	d.client.CloseIdleConnections()
}

func (d *sender) nextEvent() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.events++
	return d.events
}

// Deliveries lists the attempts so far, oldest first.
func (s *Store) Deliveries() []Delivery { return s.sender.deliveries.all() }

// ResetDeliveries empties the ledger of deliveries.
func (s *Store) ResetDeliveries() { s.sender.deliveries.reset() }

// Wait returns nil as soon as enough says so of the deliveries so far, or the context's error.
// enough must not keep or change the slice.
func (s *Store) Wait(ctx context.Context, enough func([]Delivery) bool) error {
	return s.sender.deliveries.wait(ctx, enough)
}

// Settle waits until no callback is queued or under way. Retries that wait for their time do not count.
func (s *Store) Settle(ctx context.Context) error {
	d := s.sender
	for {
		d.mu.Lock()
		if d.running == 0 {
			d.mu.Unlock()
			return nil
		}
		if d.idle == nil {
			d.idle = make(chan struct{})
		}
		idle := d.idle
		d.mu.Unlock()
		select {
		case <-idle:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Pending counts callbacks that wait for their next attempt or were emitted Late.
func (s *Store) Pending() int {
	s.sender.mu.Lock()
	defer s.sender.mu.Unlock()
	return len(s.sender.timers)
}
