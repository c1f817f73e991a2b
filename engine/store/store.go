// Package store keeps everything that Cartwheel knows: it implements
// [engine.Store] on SQLite, in one file of the data folder.
//
// Three ideas carry it. Every method is one transaction. All writes pass
// through one goroutine, which commits whatever is waiting in one go (writer.go):
// thousands of webhooks a second share a few syncs to disk, and an answer is
// given only after its sync. And the queue is a table of wake-up calls (jobs.go)
// which change in the same transaction as the rows they are about, so work can be
// neither lost nor done for something that was never saved (queue.go).
//
// The files named after nouns (event.go, run.go, ...) hold the SQL. They know
// only tx and database, and write the words that PostgreSQL shares; what
// cannot be said for both is a method of database.
package store

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"cartwheel/engine"
)

// Store implements [engine.Store]. All its methods may be called by many goroutines.
type Store struct {
	db     database
	now    func() time.Time
	packer *packer
	used   usedTriggers

	seen    seen
	waiting waiting
	learned atomic.Bool // seen and waiting have read what they need
	reached func(point string)
}

var _ engine.Store = (*Store)(nil)

// Options say where and how to keep things.
type Options struct {
	// Dir is the data folder; it is created (0700) when it is missing.
	Dir string
	// Durability is "full" (or ""): every commit is synced to disk. "normal" may lose
	// the last second at a power cut, but never damages what is older.
	Durability string
	// MaxWaiting is how many events may wait to be decided; 0: [DefaultMaxWaiting]. Over it new ones are refused as Temporary.
	MaxWaiting int
	// Now is the clock; nil: time.Now.
	Now func() time.Time
	// Logger hears of what nobody waits for; nil: nothing is logged.
	Logger *slog.Logger
	// Exclusive takes the data folder for one engine. Without it (short
	// commands) an engine may be at work in it meanwhile; then nothing is migrated.
	Exclusive bool
	// OnCommit, if there is one, is told how many transactions each commit held. It must be quick.
	OnCommit func(batch int)
	// Reached, if there is one, is told when a named point is passed ("intake.committed"); fault tests end the process there.
	Reached func(point string)
}

// tx is what both databases can do inside one transaction.
type tx interface {
	// exec runs a statement and returns how many rows it changed. Texts are cleaned
	// on the way in: NUL and bytes that are no UTF-8 become U+FFFD.
	exec(ctx context.Context, q string, args ...any) (affected int64, err error)
	// query calls row for each row; none stays open afterwards.
	query(ctx context.Context, row func(scan scan) error, q string, args ...any) error
	// touched is told which jobs this transaction asks for, moves or removes, so that workers wake after the commit.
	touched(j engine.Job, how touchKind)
	// promise tells whether a new job of a kind will be handed out without having a row, if this transaction commits.
	promise(kind engine.JobKind) bool
	// whenDone calls f once, before the next transaction begins: when this one is committed, or has been undone.
	whenDone(f func(committed bool))
}

// touchKind says what a transaction does with a job.
type touchKind int8

const (
	jobMoved       touchKind = iota // there is a row; the time and gen in the touch may not be the row's
	jobIsNew                        // the row is new, and as the touch says
	jobRemoved                      // there is no row any more, unless it was asked for meanwhile
	jobIsUnwritten                  // it is new, due, and promised to be handed out without a row
	jobIsDone                       // its holder is done with it; it had no row when it was handed out
)

// scan copies a row's columns, as sql.Rows.Scan does.
type scan func(dest ...any) error

// database is what differs between databases.
type database interface {
	read(ctx context.Context, f func(tx) error) error
	// write runs f in a transaction and returns after it is durable. f does no
	// I/O, sets its results anew each time (it may run twice) and is short.
	write(ctx context.Context, f func(tx) error) error
	work(ctx context.Context, workers int, handle func(context.Context, engine.Job) error) error
	// unwritten counts the jobs that have no row; all are due. oldest is zero when there is none. Not known: nobody works on
	// the queue, or has not yet found all that the last life has left.
	unwritten() (n int, oldest time.Time, known bool)
	wake()
	changes() uint64
	checkpoint(ctx context.Context) error
	optimize(ctx context.Context) error
	// size is how many bytes it takes.
	size(ctx context.Context) (int64, error)
	// failure translates the database's own errors.
	failure(err error) error
	close() error
}

// Open opens the store, and creates or migrates it when that is allowed. Errors
// read as one line for a person: the folder is in use, on a network drive,
// or was written by a newer version.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Reached == nil {
		o.Reached = func(string) {}
	}
	db, err := openSQLite(ctx, o)
	if err != nil {
		return nil, err
	}
	return &Store{db: db, now: o.Now, packer: newPacker(), waiting: newWaiting(cmp.Or(o.MaxWaiting, DefaultMaxWaiting)), reached: o.Reached}, nil
}

// Close commits what is waiting and closes the database. It may be called again.
func (s *Store) Close() error { return s.db.close() }

// Changes grows with each commit that changed workflows or authentications.
func (s *Store) Changes() uint64 { return s.db.changes() }

// Wake makes [Store.Work] look at the clock and the queue now; for tests that move the clock.
func (s *Store) Wake() { s.db.wake() }

func (s *Store) read(ctx context.Context, op string, f func(tx) error) error {
	return s.explain(op, s.db.read(ctx, f))
}

func (s *Store) write(ctx context.Context, op string, f func(tx) error) error {
	return s.explain(op, s.db.write(ctx, f))
}

// explain makes what went wrong an [engine.Error] that says where.
func (s *Store) explain(op string, err error) error {
	if err == nil {
		return nil
	}
	err = s.db.failure(err)
	e, ok := errors.AsType[*engine.Error](err)
	if !ok {
		return &engine.Error{Code: engine.Internal, Op: "store." + op, Message: "The database failed. The log of the server says more.", Err: err}
	}
	if e.Op == "" {
		e.Op = "store." + op
	}
	return err
}
