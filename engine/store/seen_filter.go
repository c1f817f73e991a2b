package store

import "encoding/binary"

// seenFilter is a Bloom filter (Bloom 1970) of hashes: it says yes to one that is not in it about once in 24,000 times, and
// never no to one that is.
type seenFilter []byte

const (
	filterBits   = 24 // for each hash
	filterProbes = 8
)

func newSeenFilter(hashes []seenHash) seenFilter {
	f := make(seenFilter, len(hashes)*filterBits/8)
	for _, h := range hashes {
		f.probe(h, func(at int, bit byte) bool {
			f[at] |= bit
			return true
		})
	}
	return f
}

func (f seenFilter) mayHold(h seenHash) bool {
	return len(f) > 0 && f.probe(h, func(at int, bit byte) bool { return f[at]&bit != 0 })
}

// probe goes through the places of h for as long as visit says so. Parts of a hash serve as two hashes, and
// those as any number (Kirsch and Mitzenmacher 2006).
func (f seenFilter) probe(h seenHash, visit func(at int, bit byte) bool) bool {
	first, step := binary.BigEndian.Uint32(h[:]), binary.BigEndian.Uint32(h[4:])|1
	for range filterProbes {
		place := uint64(first) * uint64(len(f)*8) >> 32
		if !visit(int(place/8), 1<<(place%8)) {
			return false
		}
		first += step
	}
	return true
}
