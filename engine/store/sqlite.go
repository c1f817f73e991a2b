package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	sqlite "modernc.org/sqlite"

	"cartwheel/engine"
)

const (
	fileName = "cartwheel.db"

	// The writer waits for a lock from outside no longer than a webhook may wait (maxQueued).
	writerPragmas = "_busy_timeout=1900&_journal_mode=WAL&_foreign_keys=on&_txlock=immediate&_defensive=1&_dqs=0" +
		"&_pragma=journal_size_limit(67108864)&_pragma=cache_size(-6000)&_pragma=temp_store(MEMORY)&_pragma=wal_autocheckpoint(0)"
	readerPragmas = "_busy_timeout=5000&_query_only=1&_foreign_keys=on&_defensive=1&_dqs=0" +
		"&_pragma=cache_size(-2000)&_pragma=temp_store(MEMORY)"

	readDeadline = 5 * time.Second // of a read whose context has none
)

// sqliteDB is a database in one file: one writing connection, some reading ones.
type sqliteDB struct {
	path    string
	readers *readers
	link    *link // the writer's
	writer  *writer
	queue   *dispatcher
	folder  *folder
	log     *slog.Logger
	reached func(point string) // may be nil

	tidied    chan struct{}      // closed when the log that was found has been moved
	checking  sync.WaitGroup     // the check after an unclean stop
	stopCheck context.CancelFunc // ends it
	closed    atomic.Bool
	closeOnce sync.Once
	closeErr  error
}

// openSQLite takes the folder, opens the file, migrates and checks it.
func openSQLite(ctx context.Context, o Options) (*sqliteDB, error) {
	synchronous, err := synchronousOf(o.Durability)
	if err != nil {
		return nil, err
	}
	f, err := openFolder(ctx, o.Dir, o.Exclusive)
	if err != nil {
		return nil, err
	}
	d := &sqliteDB{path: filepath.Join(f.dir, fileName), folder: f, log: o.Logger, reached: o.Reached, tidied: make(chan struct{}), stopCheck: func() {}}
	if err := d.open(ctx, synchronous); err != nil {
		return nil, errors.Join(err, d.close())
	}
	f.settled()
	d.queue = newDispatcher(o.Now, o.Logger, d.read, backlog{
		func(ctx context.Context) ([]engine.Job, error) { return orphans(ctx, d) },
		func(ctx context.Context, jobs []engine.Job) error {
			return d.write(ctx, func(t tx) error { return enqueue(ctx, t, o.Now(), jobs...) })
		}})
	d.writer = newWriter(d.link, o.Logger, o.OnCommit, d.queue)
	d.checkpointFirst()
	return d, nil
}

func synchronousOf(durability string) (string, error) {
	switch durability {
	case "", "full":
		return "FULL", nil
	case "normal":
		return "NORMAL", nil
	}
	return "", engine.Errorf(engine.Invalid, "The durability is %q; it must be full or normal.", durability)
}

func (d *sqliteDB) open(ctx context.Context, synchronous string) error {
	useFileLocks()
	if err := createFile(d.path); err != nil {
		return err
	}
	writing := writerPragmas + "&_synchronous=" + synchronous
	db, err := openPool(d.path, writing)
	if err != nil {
		return err
	}
	// Closed when others are open: the last one to close would move the whole log first.
	defer func() { _ = db.Close() }()
	if err := migrate(ctx, db, d.folder, d.at); err != nil {
		return err
	}
	if d.folder.unclean {
		if err := d.checkAfterCrash(ctx, db); err != nil {
			return err
		}
	}
	d.readers = newReaders(dataSource(d.path, readerPragmas), max(4, runtime.NumCPU()))
	d.link, err = openLink(ctx, dataSource(d.path, writing))
	return err
}

// useFileLocks asks for locks that belong to the open file: with the POSIX ones
// any code in this process that opens and closes the file would drop them.
func useFileLocks() {
	// Where they are not to be had (not Linux, an old kernel), SQLite's usual ones serve.
	_, _ = sqlite.OFDLocking(true)
}

// createFile makes the database file, readable by its owner only. SQLite gives its
// other files the same mode. A file that is there is left alone, not even opened.
func createFile(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600) //nolint:gosec // the path is the data folder's
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return folderError(filepath.Dir(path), err)
	}
	return f.Close()
}

func dataSource(path, pragmas string) string { return fileURI(path) + "?" + pragmas }

// openPool is database/sql with one connection, for what takes one.
func openPool(path, pragmas string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dataSource(path, pragmas))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", fileName, err)
	}
	db.SetMaxOpenConns(1)
	db.SetMaxIdleConns(1)
	return db, nil
}

func (d *sqliteDB) read(ctx context.Context, f func(tx) error) error {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, readDeadline)
		defer cancel()
	}
	if d.closed.Load() {
		return errClosed
	}
	return d.readers.read(ctx, f)
}

func (d *sqliteDB) write(ctx context.Context, f func(tx) error) error {
	return d.writer.submit(ctx, &request{do: f})
}

func (d *sqliteDB) work(ctx context.Context, workers int, handle func(context.Context, engine.Job) error) error {
	if !d.folder.exclusive {
		return engine.Errorf(engine.Conflict, "The queue can only be worked on by the engine that holds the data folder.")
	}
	return d.queue.work(ctx, workers, handle)
}

// size counts the pages; those that are free but not given back count, too.
func (d *sqliteDB) size(ctx context.Context) (n int64, err error) {
	err = d.read(ctx, func(t tx) error {
		var found bool
		return t.query(ctx, one(&found, &n), `SELECT c.page_count * s.page_size FROM pragma_page_count() c, pragma_page_size() s`)
	})
	return n, err
}

func (d *sqliteDB) changes() uint64 { return d.writer.changes.Load() }

func (d *sqliteDB) wake() { d.queue.look() }

func (d *sqliteDB) unwritten() (int, time.Time, bool) { return d.queue.unwritten() }

func (d *sqliteDB) failure(err error) error { return sqliteFailure(err) }

// close answers what is queued, moves the log into the database and gives the folder back.
func (d *sqliteDB) close() error {
	d.closeOnce.Do(func() { d.closeErr = d.shut() })
	return d.closeErr
}

func (d *sqliteDB) shut() error {
	d.closed.Store(true)
	d.stopCheck()
	d.checking.Wait()
	if d.queue != nil {
		d.queue.close()
	}
	if d.writer != nil {
		d.writer.close()
	}
	if d.readers != nil {
		d.readers.close()
	}
	if d.link != nil && d.link.conn != nil {
		ctx := context.Background()
		if d.folder.exclusive && d.writer != nil {
			_ = d.link.query(ctx, func(scan) error { return nil }, "PRAGMA wal_checkpoint(TRUNCATE)") // the next start does it otherwise
		}
		d.link.close()
	}
	return d.folder.close(d.writer != nil)
}
