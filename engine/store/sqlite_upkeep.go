package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"time"

	"cartwheel/engine"
)

const (
	walTruncate = 64 << 20  // bytes of log over which it is cut off
	walAlarm    = 128 << 20 // bytes over which somebody should look
	walKept     = 4 << 20   // bytes of log that may stay although all of it is in the database

	writerPatience = "busy_timeout(1900)" // as in writerPragmas
	longTruncate   = "busy_timeout(200)"  // for readers that keep a large log from being cut off
	shortTruncate  = "busy_timeout(20)"   // the same, of a log that is only longer than it need be

	// A small file is checked before anything else happens, a large one beside
	// the work: a store must take webhooks again within a second of a crash.
	checkFirst    = 16 << 20 // bytes
	checkDeadline = time.Minute
)

// checkAfterCrash reads the file for damage when the last engine did not end well.
func (d *sqliteDB) checkAfterCrash(ctx context.Context, db *sql.DB) error {
	if info, err := os.Stat(d.path); err == nil && info.Size() <= checkFirst {
		if err := quickCheck(ctx, db); err != nil {
			return d.damaged(err)
		}
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), checkDeadline)
	d.stopCheck = cancel
	d.checking.Go(func() {
		defer cancel()
		select {
		case <-d.tidied: // the check reads for long, and the log cannot be cut off meanwhile
		case <-ctx.Done():
			return
		}
		if err := d.checkBeside(ctx); err != nil && ctx.Err() == nil {
			d.log.Error("after the unclean stop", "error", d.damaged(err), "cause", err)
		}
	})
	return nil
}

// checkBeside checks the database over a connection of its own.
func (d *sqliteDB) checkBeside(ctx context.Context) error {
	db, err := openPool(d.path, readerPragmas)
	if err != nil {
		return err
	}
	return errors.Join(quickCheck(ctx, db), db.Close())
}

func (d *sqliteDB) damaged(err error) error {
	if failure := sqliteFailure(err); isOurs(failure) {
		return failure
	}
	e := engine.Errorf(engine.Internal, "The database in %s is damaged. Stop Cartwheel and restore a backup.", d.folder.dir)
	e.Err = err
	return e
}

// checkpoint runs on the writing connection, between two batches.
func (d *sqliteDB) checkpoint(ctx context.Context) error {
	size := d.walSize()
	if size > walAlarm {
		d.log.Warn("the write-ahead log is large: something reads for very long", "bytes", size)
	}
	return d.writer.submit(ctx, d.checkpointOf(size))
}

// checkpointFirst makes a checkpoint the writer's first work when a life that ended badly has left a long log: if
// life after life ends before its first checkpoint is due, the log must not grow without end.
func (d *sqliteDB) checkpointFirst() {
	size := d.walSize()
	if !d.folder.exclusive || size <= walKept {
		close(d.tidied)
		return
	}
	first := d.checkpointOf(size)
	d.writer.queue <- &request{done: make(chan error, 1), alone: func(ctx context.Context, l *link) error {
		defer close(d.tidied)
		return first.alone(ctx, l) // nobody waits for it; the next one is due soon
	}}
}

// checkpointOf is the writer's request to move a log of a size into the database.
func (d *sqliteDB) checkpointOf(size int64) *request {
	return &request{alone: func(ctx context.Context, l *link) error {
		d.at("checkpoint")
		if size > walTruncate {
			return truncate(ctx, l, longTruncate)
		}
		whole, err := moveLog(ctx, l)
		if err != nil || !whole || size <= walKept {
			return err
		}
		return truncate(ctx, l, shortTruncate)
	}}
}

// at tells Reached that a point is passed.
func (d *sqliteDB) at(point string) {
	if d.reached != nil {
		d.reached(point)
	}
}

// moveLog moves what it can of the log into the database, without waiting for
// readers. whole: nothing is left in the log that is not in the database.
func moveLog(ctx context.Context, l *link) (whole bool, err error) {
	if err := l.connect(ctx); err != nil {
		return false, err
	}
	var busy, frames, moved int
	err = l.conn.ask(ctx, func(s scan) error { return s(&busy, &frames, &moved) }, "PRAGMA wal_checkpoint(PASSIVE)")
	return err == nil && busy == 0 && frames == moved, err
}

// truncate cuts the log off. It has to wait for readers, but not for long; when they do not end, it is tried again the next time.
func truncate(ctx context.Context, l *link, patience string) error {
	if err := l.pragma(ctx, patience); err != nil {
		return err
	}
	err := l.pragma(ctx, "wal_checkpoint(TRUNCATE)")
	return errors.Join(err, l.pragma(ctx, writerPatience))
}

// pragma runs a PRAGMA outside of a transaction and ignores what it answers.
func (l *link) pragma(ctx context.Context, pragma string) error {
	if err := l.connect(ctx); err != nil {
		return err
	}
	return l.conn.ask(ctx, func(scan) error { return nil }, "PRAGMA "+pragma)
}

func (d *sqliteDB) walSize() int64 {
	info, err := os.Stat(d.path + "-wal") // stat only: opening it could drop SQLite's locks
	if err != nil {
		return 0
	}
	return info.Size()
}

func (d *sqliteDB) optimize(ctx context.Context) error {
	return d.writer.submit(ctx, &request{alone: func(ctx context.Context, l *link) error {
		return l.pragma(ctx, "optimize")
	}})
}

const (
	reclaimPages = 256  // given back in one step, each its own short transaction
	sparePages   = 2048 // kept for what comes next: a file that shrinks and grows every hour gains nothing
)

// reclaim gives free pages back, from the end of the file. A file from before space was given back has none to give:
// its free pages are used again, and a backup that is restored is without them.
func (d *sqliteDB) reclaim(ctx context.Context) (more bool, err error) {
	err = d.writer.submit(ctx, &request{alone: func(ctx context.Context, l *link) error {
		if err := l.connect(ctx); err != nil {
			return err
		}
		var mode, free, pages int
		for pragma, into := range map[string]*int{"auto_vacuum": &mode, "freelist_count": &free, "page_count": &pages} {
			if err := l.conn.ask(ctx, func(s scan) error { return s(into) }, "PRAGMA "+pragma); err != nil {
				return err
			}
		}
		spare := max(sparePages, pages/10)
		if mode != incremental || free <= spare {
			return nil
		}
		more = free-spare > reclaimPages
		return l.pragma(ctx, fmt.Sprintf("incremental_vacuum(%d)", min(reclaimPages, free-spare)))
	}})
	return more, err
}

const incremental = 2 // of PRAGMA auto_vacuum

// giveSpaceBack makes an empty database one whose free pages can be given back: only before its first table is that a
// setting, afterwards it would mean to write everything anew.
func giveSpaceBack(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	var tables int
	if err := conn.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil || tables > 0 {
		return err
	}
	for _, q := range []string{"PRAGMA auto_vacuum = INCREMENTAL", "VACUUM"} {
		if _, err := conn.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// Reclaim gives a little of the space that deleted rows have left back to the disk, and reports whether there is more.
func (s *Store) Reclaim(ctx context.Context) (more bool, err error) {
	d, ok := s.db.(interface {
		reclaim(context.Context) (bool, error)
	})
	if !ok {
		return false, nil // PostgreSQL does it by itself
	}
	more, err = d.reclaim(ctx)
	return more, s.explain("Reclaim", err)
}
