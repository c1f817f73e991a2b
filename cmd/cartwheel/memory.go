package main

import (
	"math"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// Go collects garbage when the heap has doubled. With a heap as small as ours
// that is many times a second under load, a quarter of all the work. So under load
// there is more room between two collections, but no more than headroom while the heap
// is small; a limit keeps it from taking that many times over while it grows.
const (
	headroom    = 40 << 20 // bytes of garbage between two collections, where the heap is small
	smallHeap   = 24 << 20 // live bytes up to which it is, however many events wait for a slow store
	largeHeap   = 32 << 20 // from here on it is large: a thousand workflows
	largeShare  = 150      // garbage per live heap, in percent, where it is large
	mostPercent = 400
	usual       = 100              // what Go does by itself
	looks       = 4                // looks a second: a load that has just begun is met with too little room until the next one
	busyBytes   = 32 << 20 / looks // allocated between two looks: under load
	smallLimit  = 72 << 20         // bytes of everything that Go has, while the heap is small
	beside      = 16 << 20         // of that what is neither heap nor stack, and some air
)

// tuneMemory sets how often garbage is collected, by the load of a moment, until the
// returned function is called. Who sets GOGC or GOMEMLIMIT decides it himself.
func tuneMemory() (stop func()) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	done := make(chan struct{})
	tick := time.NewTicker(time.Second / looks)
	go func() {
		defer tick.Stop()
		var g garbage
		for n := 1; ; n++ {
			select {
			case <-tick.C:
				if n == looks {
					debug.FreeOSMemory() // what the start needed and nothing else will
				}
				g.tune()
			case <-done:
				return
			}
		}
	}()
	return func() {
		close(done)
		debug.SetGCPercent(usual)
		debug.SetMemoryLimit(math.MaxInt64)
	}
}

// garbage remembers what was seen at the last look.
type garbage struct {
	allocated uint64
	percent   int
}

func (g *garbage) tune() {
	samples := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}, {Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(samples)
	allocated, live, stacks := samples[0].Value.Uint64(), samples[1].Value.Uint64(), samples[2].Value.Uint64()
	busy := allocated-g.allocated > busyBytes && g.allocated > 0
	g.allocated = allocated
	debug.SetMemoryLimit(limitFor(live, stacks))
	if percent := roomFor(live, stacks, busy); percent != g.percent {
		g.percent = percent
		debug.SetGCPercent(percent)
	}
}

// limitFor leaves a heap always room for as much again as lives, which is what Go does by itself. A large one gets more: what is
// neither heap nor stack grows with it, and a limit that is reached again and again costs more than it saves.
func limitFor(live, stacks uint64) int64 {
	limit := 2*live + stacks + beside
	if live > smallHeap {
		limit += live * min(live-smallHeap, largeHeap-smallHeap) / (largeHeap - smallHeap) // little by little
	}
	return int64(max(smallLimit, limit)) //nolint:gosec // no heap has 2^63 bytes
}

// roomFor is the percentage of live bytes and stacks that may be garbage before it is collected, in steps of 25.
func roomFor(live, stacks uint64, busy bool) int {
	switch {
	case !busy || live == 0:
		return usual
	case live >= largeHeap:
		return largeShare
	}
	percent := headroom * 100 / (live + stacks)
	return int(min(max(percent, usual), mostPercent)) / 25 * 25
}
