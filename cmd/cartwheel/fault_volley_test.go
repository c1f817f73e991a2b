package main

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const senders = 32

// volley sends webhooks at a fixed rate, each about an order of its own, whether the program answers or not, dies or comes back.
// What it is not answered 200 for it forgets: a store would send that again.
type volley struct {
	target benchTarget
	book   *book
	rate   int
	next   *atomic.Int64 // number of the next event
	cancel context.CancelFunc
	work   sync.WaitGroup

	mu      sync.Mutex
	answers map[int]int     // by status; 0: none
	took    []time.Duration // of answers, from the sending of the webhook
}

// fire begins a volley of rate webhooks a second.
func (r *rig) fire(rate int) *volley {
	ctx, cancel := context.WithCancel(context.Background())
	v := &volley{target: r.target, book: r.book, rate: rate, next: &r.serial, cancel: cancel, answers: map[int]int{}}
	due := make(chan int64, 1<<16)
	v.work.Go(func() { v.pace(ctx, due) })
	for range senders {
		v.work.Go(func() { v.send(ctx, due) })
	}
	r.t.Cleanup(v.cease)
	return v
}

// cease ends the volley; what is under way is answered first.
func (v *volley) cease() {
	v.cancel()
	v.work.Wait()
}

func (v *volley) pace(ctx context.Context, due chan<- int64) {
	defer close(due)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	began := time.Now()
	for sent := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for ; sent < int(time.Since(began).Seconds()*float64(v.rate)); sent++ {
			select {
			case due <- v.next.Add(1) - 1:
			default: // nothing has been answered for very long: it is the tests' patience that ends this
			}
		}
	}
}

func (v *volley) send(ctx context.Context, due <-chan int64) {
	s := newShot(v.target)
	var b *barrel
	defer func() {
		if b != nil {
			b.conn.Close()
		}
	}()
	for n := range due {
		if ctx.Err() != nil {
			continue // given up
		}
		status, began := 0, time.Now()
		var err error
		if b == nil {
			b, err = newBarrel(ctx, v.target.addr)
		}
		if err == nil {
			status, err = b.fire(s.load(firstOrder + n))
		}
		if err != nil {
			if b != nil {
				b.conn.Close()
			}
			b, status = nil, 0
		}
		v.note(n, status, time.Since(began))
	}
}

func (v *volley) note(n int64, status int, took time.Duration) {
	if status == http.StatusOK {
		v.book.accept(n)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.answers[status]++
	if status != 0 {
		v.took = append(v.took, took)
	}
}

// answered is how many answers had the status.
func (v *volley) answered(status int) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.answers[status]
}

// times are how long the answers took, sorted. The volley must have ceased.
func (v *volley) times() []time.Duration {
	slices.Sort(v.took)
	return v.took
}

// eventually looks again and again at what has no signal of its own, and gives up when patience ends.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %s", what, patience)
		}
	}
}
