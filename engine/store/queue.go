package store

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"cartwheel/engine"
)

const (
	lookAhead = 256             // due jobs read at once
	backstop  = 5 * time.Second // between two looks at a queue that nobody touched
	firstRest = time.Second     // of a job whose handler changed nothing, doubled each time
	longRest  = time.Minute
)

const maxReady = 4096 // jobs in memory, 2 MB with the events that they carry; more wait in the table

// dispatcher hands due jobs to workers. One process owns the folder, so who has
// which job is known here, in memory, and after a crash every job is simply due
// again. A new job that is due goes from its commit straight to a worker, with
// what it carries, and has no row then; the table is read only for what cannot: at the start, when
// jobs come back or become due, and when more are due than memory should hold.
type dispatcher struct {
	now     func() time.Time
	log     *slog.Logger
	read    func(context.Context, func(tx) error) error
	backlog               // what the last life has left
	poked   chan struct{} // one token: something changed
	closed  chan struct{}

	mu      sync.Mutex
	working bool
	passing bool              // new jobs may do without a row
	adopted bool              // all that the last life has left has one
	flying  map[jobKey]flight // handed out
	begun   []engine.Job      // new runs, not handed out: what has been begun comes before what has not
	ready   []engine.Job      // what else is due, not handed out
	fresh   map[jobKey]bool   // those of both that are still as the table has them
	changed map[jobKey]bool   // not nil while the table is read: what was touched meanwhile
	rests   map[jobKey]rest
	pledged map[engine.JobKind]int // jobs without a row that commits under way may bring
	more    bool                   // the table may hold due jobs that are not in ready
	next    time.Time              // when the loop reads the table by itself
}

// flight is a job that was handed out, and what has happened to it since.
type flight struct {
	job     engine.Job // without what it carries
	touched bool
	look    bool // there may be something to do for it again
}

type jobKey struct {
	kind engine.JobKind
	ref  string
}

func keyOf(j engine.Job) jobKey { return jobKey{j.Kind, j.Ref} }

// backlog is how the dispatcher finds what has no job, and gives it one.
type backlog struct {
	orphans func(context.Context) ([]engine.Job, error)
	enqueue func(context.Context, []engine.Job) error
}

func newDispatcher(now func() time.Time, log *slog.Logger, read func(context.Context, func(tx) error) error, left backlog) *dispatcher {
	return &dispatcher{now: now, log: log, read: read, backlog: left, poked: make(chan struct{}, 1), closed: make(chan struct{}),
		flying: map[jobKey]flight{}, fresh: map[jobKey]bool{}, rests: map[jobKey]rest{}, pledged: map[engine.JobKind]int{}}
}

func (d *dispatcher) poke() {
	select {
	case d.poked <- struct{}{}:
	default: // somebody did
	}
}

func (d *dispatcher) close() { close(d.closed) }

// look makes the loop read the table now.
func (d *dispatcher) look() {
	d.mu.Lock()
	d.more = true
	d.mu.Unlock()
	d.poke()
}

// touched learns what a commit did to jobs. It is called before the commit is
// answered, so a handler that saved something has touched its job by the time it returns.
func (d *dispatcher) touched(touches []touch) {
	d.mu.Lock()
	defer d.mu.Unlock()
	poke := false
	for _, t := range touches {
		key := keyOf(t.job)
		f, flies := d.flying[key]
		switch t.how {
		case jobIsUnwritten:
			d.pledged[t.job.Kind]--
			poke = d.accept(t.job) || poke
			continue
		case jobIsDone:
			if flies {
				f.touched = true
				d.flying[key] = f
			}
			continue
		default:
		}
		if flies {
			f.touched, f.look = true, t.how != jobRemoved
			d.flying[key] = f
		} else {
			delete(d.rests, key)
		}
		delete(d.fresh, key)
		if d.changed != nil {
			d.changed[key] = true
		}
		switch {
		case t.how == jobRemoved || !d.working:
		case t.how == jobIsNew && t.job.Due.After(d.now()):
			poke = d.sooner(t.job.Due) || poke
		case flies: // it is looked for when it has returned; a fill that saw the commit first may have handed out a new one
		case t.how == jobIsNew && d.mayPass(t.job.Kind):
			d.accept(t.job)
			if d.changed != nil {
				d.changed[key] = false // the table's copy is not needed
			}
			poke = true
		default:
			d.more, poke = true, true
		}
	}
	if poke {
		d.poke()
	}
}

// accept makes a job ready, if anybody works.
func (d *dispatcher) accept(j engine.Job) bool {
	if !d.working {
		return false
	}
	if j.Kind == engine.RunJob {
		d.begun = append(d.begun, j)
	} else {
		d.ready = append(d.ready, j)
	}
	d.fresh[keyOf(j)] = true
	return true
}

// work runs until ctx ends or the store is closed, and then until the last handler has returned.
func (d *dispatcher) work(ctx context.Context, workers int, handle func(context.Context, engine.Job) error) error {
	if err := d.start(); err != nil {
		return err
	}
	defer d.end()
	crew := newCrew(workers, func(j engine.Job) error { return handle(ctx, j) }, func(j engine.Job, err error) { d.returned(ctx, j, err) })
	defer crew.dismiss()
	adopting, stop := context.WithCancel(ctx)
	var adoption sync.WaitGroup
	defer adoption.Wait()
	defer stop()
	adoption.Go(func() { d.adoptAll(adopting) })
	early := 0 // how often in a row the timer rang although the clock says that it is not yet time
	for ctx.Err() == nil {
		if d.wants() {
			if err := d.fill(ctx); err != nil && ctx.Err() == nil {
				d.log.Error("the queue cannot be read", "error", err)
			}
		}
		for !crew.busy() {
			j, ok := d.takeOne()
			if !ok {
				break
			}
			crew.give(j)
		}
		busy := crew.busy()
		if !busy && d.wants() {
			continue
		}
		var ok bool
		if early, ok = d.wait(ctx, busy, early); !ok {
			return nil
		}
	}
	return nil
}

func (d *dispatcher) start() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.working {
		return engine.Errorf(engine.Conflict, "Somebody works on the queue already.")
	}
	d.working, d.more = true, true
	return nil
}

// wants tells whether the table has to be read: nothing is left in memory, and something may be due.
func (d *dispatcher) wants() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.begun)+len(d.ready) == 0 && (d.more || !d.now().Before(d.next))
}

func (d *dispatcher) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.working, d.passing, d.adopted = false, false, false
	d.begun, d.ready = nil, nil // what has no row is adopted by the next who work
	clear(d.fresh)
	clear(d.rests)
}

// sooner makes the loop look at due at the latest; true: that is earlier than it would have.
func (d *dispatcher) sooner(due time.Time) bool {
	if !due.Before(d.next) {
		return false
	}
	d.next = due
	return true
}

func (d *dispatcher) flies(key jobKey) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, flies := d.flying[key]
	return flies
}

// takeOne hands out the next ready job that is still as the table has it.
func (d *dispatcher) takeOne() (engine.Job, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if j, ok := d.takeFrom(&d.begun); ok {
		return j, true
	}
	return d.takeFrom(&d.ready)
}

func (d *dispatcher) takeFrom(jobs *[]engine.Job) (engine.Job, bool) {
	for i, j := range *jobs {
		if key := keyOf(j); d.fresh[key] {
			delete(d.fresh, key)
			d.flying[key] = flight{job: engine.Job{Kind: j.Kind, Ref: j.Ref, Due: j.Due, Gen: j.Gen}}
			(*jobs)[i] = engine.Job{} // what it carries is the worker's now
			*jobs = (*jobs)[i+1:]
			return j, true
		}
	}
	*jobs = nil
	return engine.Job{}, false
}

// returned takes a job back. One that its handler did not touch would be handed
// out again at once, for ever: it rests.
func (d *dispatcher) returned(ctx context.Context, j engine.Job, err error) {
	if err != nil && ctx.Err() == nil {
		d.log.Warn("a job failed and comes back", "kind", j.Kind, "ref", j.Ref, "error", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	key := keyOf(j)
	f := d.flying[key]
	d.more = d.more || f.look
	if f.touched && err == nil {
		delete(d.rests, key)
	} else {
		r := rest{length: min(max(firstRest, 2*d.rests[key].length), longRest)}
		r.until = d.now().Add(r.length)
		if j.Gen == 0 && !f.look {
			r.job = &f.job
		}
		d.rests[key] = r
		d.sooner(r.until)
	}
	delete(d.flying, key)
	d.poke()
}

// wait returns when there may be something to do; ok: go on. It counts how often
// in a row the timer rang too early: a clock that stands still (in tests) must not make us spin.
func (d *dispatcher) wait(ctx context.Context, busy bool, early int) (rangEarly int, ok bool) {
	d.mu.Lock()
	until := d.next
	d.mu.Unlock()
	var ring <-chan time.Time
	if !busy { // otherwise a worker that gets free pokes
		left := min(max(until.Sub(d.now()), time.Millisecond<<min(early, 12)), backstop)
		timer := time.NewTimer(left)
		defer timer.Stop()
		ring = timer.C
	}
	select {
	case <-d.poked:
		return early, true
	case <-ring:
		if d.now().Before(until) {
			return early + 1, true
		}
		return 0, true
	case <-ctx.Done():
	case <-d.closed:
	}
	return early, false
}
