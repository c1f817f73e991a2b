package store

import (
	"encoding/binary"
	"math/bits"
)

// The filter of a run is a Bloom filter (Bloom 1970): of a hash that is not in it it says so, but about once in a
// million times, and it never denies one that is. All have the same places, so that the filters of 64 runs lie
// together in memory, bit by bit: one look at a place asks them all (Goodwin et al. 2017, BitFunnel).
const (
	filterPlaces = seenRun * 32 // 32 for each hash
	filterProbes = 12
	groupRuns    = 64
)

// newFilter is the filter of hashes, as it is kept in its row.
func newFilter(hashes []seenHash) []byte {
	filter := make([]byte, filterPlaces/8)
	for _, h := range hashes {
		for _, place := range placesOf(h) {
			filter[place/8] |= 1 << (place % 8)
		}
	}
	return filter
}

// placesOf are the places of a hash. Parts of it serve as two hashes, and those as any number (Kirsch and Mitzenmacher 2006).
func placesOf(h seenHash) (places [filterProbes]uint32) {
	first, step := binary.BigEndian.Uint32(h[:]), binary.BigEndian.Uint32(h[4:])|1
	for i := range places {
		places[i] = uint32(uint64(first) * filterPlaces >> 32)
		first += step
	}
	return places
}

// runGroup holds the filters of up to 64 runs: in each place, a bit of each.
type runGroup struct {
	runs   []int64
	places []uint64
}

func newRunGroup() *runGroup { return &runGroup{places: make([]uint64, filterPlaces)} }

func (g *runGroup) full() bool { return len(g.runs) == groupRuns }

// add takes the filter of run n, as newFilter has made it.
func (g *runGroup) add(n int64, filter []byte) {
	bit := uint64(1) << len(g.runs)
	for i, b := range filter[:min(len(filter), filterPlaces/8)] {
		for ; b != 0; b &= b - 1 {
			g.places[i*8+bits.TrailingZeros8(b)] |= bit
		}
	}
	g.runs = append(g.runs, n)
}

// mayHold visits the runs that may hold a hash, newest first, until visit has found it.
func (g *runGroup) mayHold(places [filterProbes]uint32, visit func(n int64) (found bool)) bool {
	all := ^uint64(0) >> (groupRuns - len(g.runs))
	for _, place := range places {
		if all &= g.places[place]; all == 0 {
			return false
		}
	}
	for all != 0 {
		newest := bits.Len64(all) - 1
		if visit(g.runs[newest]) {
			return true
		}
		all &^= 1 << newest
	}
	return false
}
