package store

import (
	"context"
	"errors"
)

// readers are some reading connections with their prepared statements. A read
// takes one, and gives it back when its transaction has ended.
type readers struct {
	free chan *link
}

func newReaders(dsn string, n int) *readers {
	r := &readers{make(chan *link, n)}
	for range n {
		r.free <- &link{dsn: dsn}
	}
	return r
}

// read runs f in a reading transaction.
func (r *readers) read(ctx context.Context, f func(tx) error) error {
	var l *link
	select {
	case l = <-r.free:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { r.free <- l }()
	if err := l.connect(ctx); err != nil {
		return err
	}
	if _, err := l.exec(context.WithoutCancel(ctx), "BEGIN"); err != nil {
		l.close()
		return err
	}
	err := protectRead(f, readTx{l})
	if _, end := l.exec(context.WithoutCancel(ctx), "ROLLBACK"); end != nil { // nothing was written
		l.close() // the next read opens it again
	}
	if ctx.Err() != nil && err != nil && !isOurs(err) {
		return errors.Join(ctx.Err(), err) // SQLite only says that it was interrupted
	}
	return err
}

// protectRead ends the transaction also when f panics.
func protectRead(f func(tx) error, t readTx) (err error) {
	done := false
	defer func() {
		if !done {
			t.link.close() // the panic goes on
		}
	}()
	err = f(t)
	done = true
	return err
}

// close closes the connections; no read is under way.
func (r *readers) close() {
	for range cap(r.free) {
		(<-r.free).close()
	}
}
