package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"cartwheel/engine"
)

const (
	maxBatch = 256
	// openBatch is up to when a batch takes who arrives while it runs. Who comes later is the next one: otherwise all
	// senders would wait for the same commit, and the writer then for all of them.
	openBatch = 32
	// maxQueued is how long a write waits for its turn: the sender of a webhook
	// is told to come again rather than kept.
	maxQueued  = 2 * time.Second
	queueSpace = 1024
)

var errClosed = errors.New("the database is closed")

// writer is the goroutine that all writes pass through. It never waits for more:
// it commits what is there, and what arrives meanwhile is the next batch.
type writer struct {
	link     *link
	queue    chan *request
	closing  chan struct{} // nothing is taken any more
	stopped  chan struct{} // everything taken is answered
	once     sync.Once
	log      *slog.Logger
	onCommit func(int)
	jobs     jobKeeper
	timers   sync.Pool     // of *time.Timer, for patience
	changes  atomic.Uint64 // commits that changed workflows or authentications, and changes that were undone

	taken   []*request // of the batch that runs, and what it touches: memory that is used again
	touches []touch

	written int   // writes since the log was last moved into the database
	rows    int64 // of the link, when it was
	moved   time.Time
}

// Under load the log is moved little by little, between two batches: what the disk is given at once is what
// everybody then waits for. Otherwise housekeeping does it.
const (
	moveAfter = 256  // writes
	moveRows  = 2048 // or rows: of retention a write has hundreds
	movePause = 100 * time.Millisecond
)

// The states of a request: it is either run or given up, never both.
const (
	requestQueued int32 = iota
	requestTaken
	requestGivenUp
)

// request is one write that waits for its turn.
type request struct {
	do      func(tx) error                           // in a transaction
	alone   func(ctx context.Context, l *link) error // or outside of one, with the connection
	state   atomic.Int32
	done    chan error
	touches []touch
	ends    []func(committed bool)
	config  bool // it changed workflows or authentications
	err     error
}

// ended tells those who asked whether r is committed or undone.
func (r *request) ended(committed bool) {
	for _, f := range r.ends {
		f(committed)
	}
	r.ends = nil
}

// take claims r; false: its caller has given up.
func (r *request) take() bool { return r.state.CompareAndSwap(requestQueued, requestTaken) }

// jobKeeper is told what commits do to jobs, each before it is answered.
type jobKeeper interface {
	pledger
	touched(touches []touch)
}

func newWriter(l *link, log *slog.Logger, onCommit func(int), jobs jobKeeper) *writer {
	w := &writer{link: l, queue: make(chan *request, queueSpace), closing: make(chan struct{}),
		stopped: make(chan struct{}), log: log, onCommit: onCommit, jobs: jobs, moved: time.Now()}
	go w.run()
	return w
}

// submit waits until r is durable. Whoever stops waiting while r is queued can
// be sure that it will not happen; once it is being written its outcome is awaited.
func (w *writer) submit(ctx context.Context, r *request) error {
	r.done = make(chan error, 1)
	if err := ctx.Err(); err != nil {
		return err
	}
	patience := w.patience()
	defer w.calm(patience)
	select {
	case <-w.closing:
		return errClosed
	default:
	}
	select {
	case w.queue <- r:
	case <-ctx.Done():
		return ctx.Err()
	case <-patience.C:
		return tooBusy()
	case <-w.closing:
		return errClosed
	}
	var why error
	select {
	case err := <-r.done:
		return err
	case <-ctx.Done():
		why = ctx.Err()
	case <-patience.C:
		why = tooBusy()
	case <-w.stopped:
		why = errClosed
	}
	if r.state.CompareAndSwap(requestQueued, requestGivenUp) {
		return why
	}
	return <-r.done
}

// patience is a clock for how long one write may be queued.
func (w *writer) patience() *time.Timer {
	if t, ok := w.timers.Get().(*time.Timer); ok {
		t.Reset(maxQueued)
		return t
	}
	return time.NewTimer(maxQueued)
}

// calm gives a clock back: one that is stopped holds no old tick.
func (w *writer) calm(patience *time.Timer) {
	patience.Stop()
	w.timers.Put(patience)
}

func tooBusy() *engine.Error {
	return &engine.Error{Code: engine.Temporary, Wait: time.Second,
		Message: "The database cannot take it now: it is locked or overloaded. Try again in a moment."}
}

// close stops taking writes, commits those that were taken and ends the goroutine.
func (w *writer) close() {
	w.once.Do(func() { close(w.closing) })
	<-w.stopped
}

func (w *writer) run() {
	defer close(w.stopped)
	for {
		select {
		case r := <-w.queue:
			w.serve(r)
		case <-w.closing:
			for {
				select {
				case r := <-w.queue:
					w.serve(r)
				default:
					return
				}
			}
		}
	}
}

// serve does first, and if it is an ordinary write, everything that is queued with it.
func (w *writer) serve(first *request) {
	ctx := context.Background() // a write is never interrupted half-way
	for first != nil {
		if first.alone == nil {
			first = w.batch(ctx, first)
			continue
		}
		if first.take() {
			first.done <- first.alone(ctx, w.link)
		}
		return
	}
}

// batch commits first and what is queued. It returns a request that has to be done alone, if it met one.
func (w *writer) batch(ctx context.Context, first *request) (alone *request) {
	if err := w.link.begin(ctx); err != nil {
		w.refuse(first, err)
		return nil
	}
	taken := w.taken[:0]
	undo, most := false, min(max(openBatch, 1+len(w.queue)), maxBatch)
	for r := first; r != nil; r = w.next(most - len(taken)) {
		if r.alone != nil {
			alone = r
			break
		}
		if r.take() {
			taken = append(taken, r)
			if undo = !w.step(r); undo {
				break // SQLite may have ended the transaction: nothing more may run in it
			}
		}
	}
	if undo {
		if err := w.again(ctx, taken); err != nil {
			w.abandon(ctx, taken, err)
			return alone
		}
	}
	w.commit(ctx, taken)
	return alone
}

// next is the next queued request, nil when there is none or no room in the batch.
// Before it says none, whoever is ready to run gets the processor once: on a busy
// machine that is who would write in a moment, on an idle one nobody.
func (w *writer) next(room int) *request {
	if room <= 0 {
		return nil
	}
	if r := w.queued(); r != nil {
		return r
	}
	runtime.Gosched()
	return w.queued()
}

func (w *writer) queued() *request {
	select {
	case r := <-w.queue:
		return r
	default:
		return nil
	}
}

// step runs one request within the batch. It reports whether the batch can be
// committed as it is: not when the request failed after it had written something.
func (w *writer) step(r *request) (clean bool) {
	t := &linkTx{link: w.link, pledges: w.jobs}
	r.err = protect(r.do, t)
	r.touches, r.ends, r.config = t.touches, t.ends, t.config
	if r.err != nil {
		r.touches, r.config = nil, false
		r.ended(false)
	}
	return r.err == nil || !t.wrote
}

// again runs a batch once more from its beginning, each request now in a savepoint of its own, so
// that one which fails undoes nothing but itself. That is rare: a request looks before it writes.
func (w *writer) again(ctx context.Context, taken []*request) error {
	for _, r := range taken {
		r.ended(false)
	}
	if _, err := w.link.exec(ctx, "ROLLBACK"); err != nil {
		return errors.Join(firstFailure(taken), err) // the disk is full, say: SQLite has undone everything
	}
	w.changes.Add(1) // what was read of them may never have been committed
	if err := w.link.begin(ctx); err != nil {
		return err
	}
	for _, r := range taken {
		if _, err := w.link.exec(ctx, "SAVEPOINT step"); err != nil {
			return err
		}
		if !w.step(r) {
			if _, err := w.link.exec(ctx, "ROLLBACK TO step"); err != nil {
				return errors.Join(r.err, err)
			}
		}
		if _, err := w.link.exec(ctx, "RELEASE step"); err != nil {
			return errors.Join(r.err, err)
		}
	}
	return nil
}

func firstFailure(taken []*request) error {
	for _, r := range taken {
		if r.err != nil {
			return r.err
		}
	}
	return nil
}

// protect keeps the writer alive when f panics: that is f's trouble alone.
func protect(f func(tx) error, t tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a transaction: %v", p)
		}
	}()
	return f(t)
}

func (w *writer) commit(ctx context.Context, taken []*request) {
	if err := w.link.commit(ctx); err != nil {
		w.abandon(ctx, taken, err)
		return
	}
	touches, config := w.touches[:0], false
	for _, r := range taken {
		touches = append(touches, r.touches...)
		config = config || r.config
		r.ended(true)
	}
	if config {
		w.changes.Add(1)
	}
	if len(touches) > 0 {
		w.jobs.touched(touches)
	}
	if w.onCommit != nil && len(taken) > 0 {
		w.onCommit(len(taken))
	}
	for _, r := range taken {
		r.done <- r.err
	}
	clear(taken)
	clear(touches)
	w.taken, w.touches = taken, touches
	w.written += len(taken)
	w.moveLog(ctx)
}

// moveLog moves the log into the database when enough has been written since the last time. Housekeeping
// tries again what fails here.
func (w *writer) moveLog(ctx context.Context) {
	if w.written < moveAfter && w.link.rows-w.rows < moveRows || time.Since(w.moved) < movePause {
		return
	}
	if _, err := moveLog(ctx, w.link); err != nil {
		w.log.Warn("the write-ahead log could not be moved into the database", "error", err)
	}
	w.written, w.rows, w.moved = 0, w.link.rows, time.Now()
}

// abandon answers a batch that could not be committed.
func (w *writer) abandon(ctx context.Context, taken []*request, cause error) {
	w.log.Error("a commit failed", "writes", len(taken), "error", cause)
	w.changes.Add(1) // what was read of them may never have been committed
	if err := w.link.reset(ctx); err != nil {
		w.log.Error("the database could not be opened again", "error", err)
	}
	for _, r := range taken {
		r.ended(false)
		if r.err != nil && isOurs(r.err) {
			r.done <- r.err // it had failed by itself
			continue
		}
		r.done <- notCommitted(cause)
	}
}

// refuse answers first and everything queued when no transaction could be begun.
func (w *writer) refuse(first *request, cause error) {
	w.log.Warn("no transaction could be begun", "error", cause)
	for r, n := first, len(w.queue); r != nil; n-- { // who comes after this moment has not waited yet
		if r.take() {
			r.done <- notCommitted(cause)
		}
		if r = nil; n > 0 {
			r = w.queued()
		}
	}
}

// notCommitted: nothing was kept, and trying again may help.
func notCommitted(cause error) error {
	if e, ok := errors.AsType[*engine.Error](sqliteFailure(cause)); ok && e.Code == engine.Temporary {
		return e
	}
	e := tooBusy()
	e.Err = cause
	return e
}

func isOurs(err error) bool {
	_, ok := errors.AsType[*engine.Error](err)
	return ok
}
