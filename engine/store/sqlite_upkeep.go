package store

import (
	"context"
	"errors"
	"os"
	"time"

	"cartwheel/engine"
)

const (
	walTruncate = 64 << 20  // bytes of log over which it is cut off
	walAlarm    = 128 << 20 // bytes over which somebody should look

	writerPatience = "busy_timeout(1900)" // as in writerPragmas

	// A small file is checked before anything else happens, a large one beside
	// the work: a store must take webhooks again within a second of a crash.
	checkFirst    = 16 << 20 // bytes
	checkDeadline = time.Minute
)

// checkAfterCrash reads the file for damage when the last engine did not end well.
func (d *sqliteDB) checkAfterCrash(ctx context.Context) error {
	if info, err := os.Stat(d.path); err == nil && info.Size() <= checkFirst {
		if err := quickCheck(ctx, d.writers); err != nil {
			return d.damaged(err)
		}
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), checkDeadline)
	d.stopCheck = cancel
	d.checking.Go(func() {
		defer cancel()
		if err := quickCheck(ctx, d.readers); err != nil && ctx.Err() == nil {
			d.log.Error("after the unclean stop", "error", d.damaged(err), "cause", err)
		}
	})
	return nil
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
	return d.writer.submit(ctx, &request{alone: func(ctx context.Context, l *link) error {
		return checkpoint(ctx, l, size > walTruncate)
	}})
}

// checkpoint moves the log into the database. Cutting it off has to wait for readers, but not for long.
func checkpoint(ctx context.Context, l *link, truncate bool) error {
	if !truncate {
		return l.pragma(ctx, "wal_checkpoint(PASSIVE)")
	}
	if err := l.pragma(ctx, "busy_timeout(200)"); err != nil {
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
	rows, err := l.conn.QueryContext(ctx, "PRAGMA "+pragma)
	return each(rows, err, func(scan) error { return nil })
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
