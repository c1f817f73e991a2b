package store

import (
	"context"
	"log/slog"
	"slices"
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

const maxReady = 2048 // jobs in memory; more wait in the table

// dispatcher hands due jobs to workers. One process owns the folder, so who has
// which job is known here, in memory, and after a crash every job is simply due
// again. A new job that is due goes from its commit straight to a worker, with
// what it carries, and has no row then; the table is read only for what cannot: at the start, when
// jobs come back or become due, and when more are due than memory should hold.
type dispatcher struct {
	now    func() time.Time
	log    *slog.Logger
	read   func(context.Context, func(tx) error) error
	adopt  func(context.Context) error // gives jobs to what the last life has left without
	poked  chan struct{}               // one token: something changed
	closed chan struct{}

	mu      sync.Mutex
	working bool
	adopted bool
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

// rest keeps a job back whose handler left it as it was, or failed.
type rest struct {
	until  time.Time
	length time.Duration
	job    *engine.Job // nil: it has a row
}

func newDispatcher(now func() time.Time, log *slog.Logger, read func(context.Context, func(tx) error) error, adopt func(context.Context) error) *dispatcher {
	return &dispatcher{now: now, log: log, read: read, adopt: adopt, poked: make(chan struct{}, 1), closed: make(chan struct{}),
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
	if !d.working || !d.mayPass(kind) {
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
		count(f.job)
	}
	for key, r := range d.rests {
		if r.job != nil && !d.fresh[key] {
			count(*r.job)
		}
	}
	return n, oldest, true
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

// adoptAll tries until everything that is to be done has a job.
func (d *dispatcher) adoptAll(ctx context.Context) {
	for {
		err := d.adopt(ctx)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			d.mu.Lock()
			d.adopted = true
			d.mu.Unlock()
			return
		}
		d.log.Error("what the last life has left undone cannot be looked for; it is tried again", "error", err)
		select {
		case <-time.After(firstRest):
		case <-d.closed:
			return
		case <-ctx.Done():
			return
		}
	}
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
	d.working, d.adopted, d.begun, d.ready = false, false, nil, nil // what has no row is adopted by the next who work
	clear(d.fresh)
	clear(d.rests)
}

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

// sooner makes the loop look at due at the latest; true: that is earlier than it would have.
func (d *dispatcher) sooner(due time.Time) bool {
	if !due.Before(d.next) {
		return false
	}
	d.next = due
	return true
}

// forget drops the rests of jobs that have gone.
func (d *dispatcher) forget(now time.Time) {
	for key, r := range d.rests {
		if _, flies := d.flying[key]; !flies && !d.fresh[key] && now.After(r.until.Add(2*longRest)) {
			delete(d.rests, key)
		}
	}
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
