package store

import (
	"time"

	"cartwheel/engine"
)

// rest keeps a job back whose handler left it as it was, or failed.
type rest struct {
	until  time.Time
	length time.Duration
	job    *engine.Job // nil: it has a row
}

// rouse makes the jobs without a row ready whose rest is over.
func (d *dispatcher) rouse(now time.Time) {
	for key, r := range d.rests {
		if _, flies := d.flying[key]; r.job == nil || flies || d.fresh[key] {
			continue
		}
		if r.until.After(now) && r.until.Sub(now) <= r.length { // else the clock was put back
			d.sooner(r.until)
			continue
		}
		d.accept(*r.job)
	}
}

// forget drops the rests of jobs that have gone.
func (d *dispatcher) forget(now time.Time) {
	for key, r := range d.rests {
		if _, flies := d.flying[key]; !flies && !d.fresh[key] && now.After(r.until.Add(2*longRest)) {
			delete(d.rests, key)
		}
	}
}
