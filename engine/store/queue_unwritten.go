package store

import (
	"slices"
	"time"

	"cartwheel/engine"
)

// A new job that is due at once need not have a row (enqueueNew): the dispatcher promises beforehand to keep it.

// mayPass tells whether a new job may go past the table. An event may not while others wait
// there: they came first. A run may, since what has been begun should be ended.
func (d *dispatcher) mayPass(kind engine.JobKind) bool {
	if kind == engine.RunJob {
		return len(d.begun)+d.pledged[kind] < maxReady
	}
	return len(d.ready)+d.pledged[kind] < maxReady && !d.more && d.changed == nil
}

// pledge promises to hand out a new job that has no row, whatever is waiting when its commit is done.
func (d *dispatcher) pledge(kind engine.JobKind) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.passing || !d.mayPass(kind) {
		return false
	}
	d.pledged[kind]++
	return true
}

func (d *dispatcher) withdraw(kind engine.JobKind) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pledged[kind]--
}

// unwritten counts the jobs that have no row. known: they are all in memory.
func (d *dispatcher) unwritten() (n int, oldest time.Time, known bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.adopted {
		return 0, time.Time{}, false
	}
	count := func(j engine.Job) {
		if j.Gen > 0 {
			return
		}
		n++
		if oldest.IsZero() || j.Due.Before(oldest) {
			oldest = j.Due
		}
	}
	for _, j := range slices.Concat(d.begun, d.ready) {
		if d.fresh[keyOf(j)] {
			count(j)
		}
	}
	for _, f := range d.flying {
		if !f.touched { // else it is done, or has a row
			count(f.job)
		}
	}
	for key, r := range d.rests {
		if r.job != nil && !d.fresh[key] {
			count(*r.job)
		}
	}
	return n, oldest, true
}
