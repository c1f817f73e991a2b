package bcsim

import "fmt"

// rng is splitmix64: the same numbers for the same seed on every machine and Go version. Not for secrets.
type rng struct{ state uint64 }

func newRNG(seed uint64) *rng { return &rng{state: seed ^ 0x5851f42d4c957f2d} }

func (r *rng) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

// below returns a number from 0 to n-1.
func (r *rng) below(n int) int {
	return int(r.next()>>33) % n // 31 bits fit in every int
}

// chance is true in percent of 100 calls.
func (r *rng) chance(percent int) bool { return r.below(100) < percent }

func pick[T any](r *rng, from []T) T { return from[r.below(len(from))] }

// uuid returns a version 4 UUID.
func (r *rng) uuid() string {
	a, b := r.next(), r.next()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x",
		a>>32, a>>16&0xffff, a&0xfff, 0x8000|b>>48&0x3fff, b&0xffffffffffff)
}

// token returns 32 hex digits.
func (r *rng) token() string { return fmt.Sprintf("%016x%016x", r.next(), r.next()) }
