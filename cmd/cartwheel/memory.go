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
// there is more room between two collections, but no more than headroom; a limit
// keeps the heap from taking it many times over while it grows.
const (
	headroom    = 32 << 20 // bytes of garbage between two collections, where the heap is small
	mostPercent = 400      // garbage per live heap
	usual       = 100      // what Go does by itself
	busyBytes   = 32 << 20 // allocated in a second: under load
	smallLimit  = 72 << 20 // bytes of everything that Go has, while the heap is small
	beside      = 16 << 20 // of that what is neither heap nor stack, and some air
)

// tuneMemory sets how often garbage is collected, by the load of each second, until the
// returned function is called. Who sets GOGC or GOMEMLIMIT decides it himself.
func tuneMemory() (stop func()) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	done := make(chan struct{})
	tick := time.NewTicker(time.Second)
	go func() {
		defer tick.Stop()
		var g garbage
		for first := true; ; first = false {
			select {
			case <-tick.C:
				if first {
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

// garbage remembers what was seen a second ago.
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
	if percent := roomFor(live, busy); percent != g.percent {
		g.percent = percent
		debug.SetGCPercent(percent)
	}
}

// limitFor leaves a heap always room for as much again as lives: that is what Go does by itself.
func limitFor(live, stacks uint64) int64 {
	return int64(max(smallLimit, 2*live+stacks+beside)) //nolint:gosec // no heap has 2^63 bytes
}

// roomFor is the percentage of live bytes that may be garbage before it is collected, in steps of 50.
func roomFor(live uint64, busy bool) int {
	if !busy || live == 0 {
		return usual
	}
	percent := headroom * 100 / live
	return int(min(max(percent, usual), mostPercent)) / 50 * 50
}
