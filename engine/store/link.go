package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	"cartwheel/engine"
)

// link is the one writing connection, with its prepared statements. Only the
// writer's goroutine uses it.
type link struct {
	db         *sql.DB
	conn       *sql.Conn // nil: has to be opened again
	statements map[string]*sql.Stmt
}

func openLink(ctx context.Context, db *sql.DB) (*link, error) {
	l := &link{db: db}
	return l, l.connect(ctx)
}

func (l *link) connect(ctx context.Context) error {
	if l.conn != nil {
		return nil
	}
	conn, err := l.db.Conn(ctx)
	if err != nil {
		return err
	}
	l.conn, l.statements = conn, map[string]*sql.Stmt{}
	return nil
}

// reset drops the connection with whatever it was in the middle of, and opens a new one.
func (l *link) reset(ctx context.Context) error {
	l.close(ctx)
	return l.connect(ctx)
}

func (l *link) close(ctx context.Context) {
	if l.conn == nil {
		return
	}
	for _, s := range l.statements {
		_ = s.Close()
	}
	_, _ = l.conn.ExecContext(ctx, "ROLLBACK") // fails when there is no transaction, which is fine
	_ = l.conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = l.conn.Close()
	l.conn = nil
}

// begin takes SQLite's write lock at once: a transaction that reads first and
// asks for it later would fail without waiting (SQLITE_BUSY_SNAPSHOT).
func (l *link) begin(ctx context.Context) error {
	if err := l.connect(ctx); err != nil {
		return err
	}
	_, err := l.exec(ctx, "BEGIN IMMEDIATE")
	if err != nil && !isBusy(err) {
		return errors.Join(err, l.reset(ctx))
	}
	return err
}

func (l *link) commit(ctx context.Context) error {
	_, err := l.exec(ctx, "COMMIT")
	return err
}

func (l *link) statement(ctx context.Context, q string) (*sql.Stmt, error) {
	if s, ok := l.statements[q]; ok {
		return s, nil
	}
	s, err := l.conn.PrepareContext(ctx, q)
	if err == nil {
		l.statements[q] = s
	}
	return s, err
}

func (l *link) exec(ctx context.Context, q string, args ...any) (int64, error) {
	s, err := l.statement(ctx, q) //nolint:sqlclosecheck // the link keeps it for the next time
	if err != nil {
		return 0, err
	}
	result, err := s.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (l *link) query(ctx context.Context, row func(scan) error, q string, args ...any) error {
	s, err := l.statement(ctx, q) //nolint:sqlclosecheck // the link keeps it for the next time
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, args...)
	return each(rows, err, row)
}

// touch is a job that a transaction asked for, moved or removed.
type touch struct {
	job     engine.Job
	removed bool
}

// linkTx is one write within a batch.
type linkTx struct {
	link    *link
	touches []touch
}

func (t *linkTx) exec(ctx context.Context, q string, args ...any) (int64, error) {
	return t.link.exec(context.WithoutCancel(ctx), q, cleanArgs(args)...)
}

func (t *linkTx) query(ctx context.Context, row func(scan) error, q string, args ...any) error {
	return t.link.query(context.WithoutCancel(ctx), row, q, cleanArgs(args)...)
}

func (t *linkTx) touched(j engine.Job, removed bool) {
	t.touches = append(t.touches, touch{job: j, removed: removed})
}

// readTx is a reading transaction: it sees one state of the database throughout.
type readTx struct{ tx *sql.Tx }

func (t readTx) exec(ctx context.Context, q string, args ...any) (int64, error) {
	result, err := t.tx.ExecContext(ctx, q, cleanArgs(args)...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (t readTx) query(ctx context.Context, row func(scan) error, q string, args ...any) error {
	rows, err := t.tx.QueryContext(ctx, q, cleanArgs(args)...)
	return each(rows, err, row)
}

func (t readTx) touched(engine.Job, bool) {}

// each hands every row to row and closes rows, whatever happens.
func each(rows *sql.Rows, err error, row func(scan) error) error {
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // what went wrong stands in rows.Err
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

func cleanArgs(args []any) []any {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = cleanText(s)
		}
	}
	return args
}
