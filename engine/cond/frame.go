package cond

import (
	"time"

	"cartwheel/merge"
)

// frame is one evaluation. Its first error sticks: whatever is evaluated
// afterwards returns at once, because everything begins with a charge.
type frame struct {
	root   merge.Object
	locals map[string]any
	meter  *merge.Meter
	now    time.Time
	err    error

	item  value // of the innermost loop
	index int
	loops int // how many loops surround this

	records []record // nil: nothing is explained
	missing []string // labels; each record holds a range of them
	mark    int      // where the range of the current test begins

	decisive []int // for the reason: the leaves that decided
}

// record is what happened to one leaf.
type record struct {
	done           bool
	result         bool
	subject, other value
	item           int // of a loop: the index of the item that decided, or -1
	from, to       int // of frame.missing
}

// charge takes n units of work and tells whether to go on.
func (f *frame) charge(n int) bool {
	if f.err == nil {
		f.err = f.meter.Charge(n)
	}
	return f.err == nil
}

// chargeText takes the work of reading n bytes of text.
func (f *frame) chargeText(n int) bool { return f.charge(1 + n/64) }

// fail ends the evaluation.
func (f *frame) fail(err error) {
	if f.err == nil {
		f.err = err
	}
}

// miss remembers that the merge code called label had no value.
func (f *frame) miss(label string) {
	if f.records == nil || label == "" {
		return
	}
	if f.loops > 0 { // once per loop, not once per item
		for _, l := range f.missing[f.mark:] {
			if l == label {
				return
			}
		}
	}
	f.missing = append(f.missing, label)
}

// begin opens the leaf's range of missing codes; pass its answer to note. A
// test within a loop counts towards the loop's.
func (f *frame) begin() (from int) {
	from = f.mark
	if f.loops == 0 {
		f.mark = len(f.missing)
	}
	return from
}

// note records the outcome of a leaf; a negative id (inside a loop) is not recorded.
func (f *frame) note(id, from int, r record) {
	start := f.mark
	f.mark = from
	if f.records == nil || id < 0 {
		return
	}
	r.done, r.from, r.to = true, start, len(f.missing)
	f.records[id] = r
}
