package store

import (
	"context"
	"time"

	"cartwheel/engine"
)

// fill reads due jobs from the table.
func (d *dispatcher) fill(ctx context.Context) error {
	d.mu.Lock()
	d.changed = map[jobKey]bool{}
	d.more = false
	limit := lookAhead + len(d.flying) + len(d.rests) + 1
	d.mu.Unlock()

	jobs, err := d.soonest(ctx, limit)

	d.mu.Lock()
	defer d.mu.Unlock()
	changed := d.changed
	d.changed = nil
	now := d.now()
	d.next = now.Add(backstop)
	if err != nil {
		d.next = now.Add(firstRest)
		return err
	}
	full := len(jobs) == limit
	for _, j := range jobs {
		key := keyOf(j)
		_, flies := d.flying[key]
		due := j.Due
		if r, rests := d.rests[key]; rests && r.until.After(due) && r.until.Sub(now) <= r.length { // else the clock was put back
			due = r.until
		}
		again, touched := changed[key]
		switch {
		case flies || touched && !again:
		case again:
			d.more = true // look again at once
		case due.After(now):
			full = full && !j.Due.After(now) // later ones are not due either
			d.sooner(due)
		default:
			d.ready = append(d.ready, j)
			d.fresh[key] = true
		}
	}
	d.more = d.more || full
	d.rouse(now)
	d.forget(now)
	return nil
}

// soonest reads the first jobs in order of time; those that are not due yet tell when to look again.
func (d *dispatcher) soonest(ctx context.Context, limit int) ([]engine.Job, error) {
	var jobs []engine.Job
	err := d.read(ctx, func(t tx) error {
		jobs = jobs[:0]
		err := t.query(ctx, func(s scan) error {
			var j engine.Job
			var due int64
			err := s(&j.Kind, &j.Ref, &due, &j.Gen)
			j.Due = time.UnixMilli(due).UTC()
			jobs = append(jobs, j)
			return err
		}, `SELECT kind, ref, due_at, gen FROM job ORDER BY due_at LIMIT $1`, limit)
		if err != nil {
			return err
		}
		return d.load(ctx, t, jobs)
	})
	return jobs, err
}

// load gives the event jobs among jobs that are about to be handed out their events to carry: reading many at once
// costs a fraction of what every worker would spend on its own.
func (d *dispatcher) load(ctx context.Context, t tx, jobs []engine.Job) error {
	now := d.now()
	for i := range jobs {
		j := &jobs[i]
		if j.Kind != engine.EventJob || j.Due.After(now) || d.flies(keyOf(*j)) {
			continue
		}
		e, err := undecided(ctx, t, j.Ref)
		if err != nil {
			return err
		}
		if e != nil {
			j.Carry = *e
		}
	}
	return nil
}
