package main

import (
	"bytes"
	"slices"
	"strconv"
	"sync/atomic"
	"time"
)

// benchInbox is where the measured programs post to. It notes when the post of each event came.
type benchInbox struct {
	*lean
	current atomic.Pointer[campaign]
}

func startBenchInbox() (*benchInbox, error) {
	i := &benchInbox{}
	var err error
	i.lean, err = startLean(i.answer)
	return i, err
}

func (i *benchInbox) answer(c *leanCall) {
	if at := i.current.Load(); at != nil {
		if id, ok := postedOrder(c.body); ok {
			at.arrive(id)
		}
	}
	c.out = append(c.out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"...)
}

// postedOrder reads the number behind "order":.
func postedOrder(body []byte) (int64, bool) {
	_, rest, ok := bytes.Cut(body, []byte(`"order":`))
	digits := rest[:len(rest)-len(bytes.TrimLeft(rest, "0123456789"))]
	id, err := strconv.ParseInt(string(digits), 10, 64)
	return id, ok && err == nil
}

// campaign is a row of events, each with an order of its own: event n is about order first+n.
type campaign struct {
	first   int64
	want    int32 // posts that each event ends in
	began   time.Time
	due     []atomic.Int64 // when the webhook was to be sent, since began, in ns
	took    []atomic.Int64 // from then to its last post, in ns; 0: not yet
	posts   []atomic.Int32
	next    atomic.Int64
	arrived atomic.Int64  // events with all their posts
	more    atomic.Int64  // posts beyond what was wanted
	room    chan struct{} // holds a place for each event under way; nil: no limit
	begun   chan struct{} // closed when the first event has all its posts
}

// newCampaign is for at most size events, of which limit may be under way at once (0: any number).
func newCampaign(first int64, size, limit int, want int32) *campaign {
	c := &campaign{first: first, want: want, began: time.Now(), due: make([]atomic.Int64, size), took: make([]atomic.Int64, size),
		posts: make([]atomic.Int32, size), begun: make(chan struct{})}
	if limit > 0 {
		c.room = make(chan struct{}, limit)
	}
	return c
}

func (c *campaign) arrive(order int64) {
	n := order - c.first
	if n < 0 || n >= int64(len(c.due)) {
		return // of an earlier campaign
	}
	switch posts := c.posts[n].Add(1); {
	case posts > c.want:
		c.more.Add(1)
	case posts == c.want:
		c.took[n].Store(int64(time.Since(c.began)) - c.due[n].Load())
		if c.arrived.Add(1) == 1 {
			close(c.begun)
		}
		c.leave()
	}
}

// leave gives the place of an event back.
func (c *campaign) leave() {
	if c.room != nil {
		select {
		case <-c.room:
		default:
		}
	}
}

// times are the latencies of the events from number n on, sorted.
func (c *campaign) times(n int) []time.Duration {
	var out []time.Duration
	for i := n; i < len(c.took); i++ {
		if d := c.took[i].Load(); d > 0 {
			out = append(out, time.Duration(d))
		}
	}
	slices.Sort(out)
	return out
}

// percentile of sorted times; 100 is the greatest.
func percentile(sorted []time.Duration, p float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(float64(len(sorted))*p/100))]
}
