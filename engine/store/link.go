package store

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"cartwheel/engine"
)

// link is a connection with its prepared statements. One goroutine at a time
// uses it: the writer's for the one writing link, a reader for each other one.
type link struct {
	dsn        string
	conn       *conn // nil: has to be opened again
	statements map[string]statement
	rows       int64 // that transactions have changed
}

// statement is prepared once and kept.
type statement struct {
	driverStmt
	writes bool // it changes rows
	config bool // and these are workflows or authentications
}

func openLink(ctx context.Context, dsn string) (*link, error) {
	l := &link{dsn: dsn}
	return l, l.connect(ctx)
}

func (l *link) connect(ctx context.Context) error {
	if l.conn != nil {
		return nil
	}
	c, err := openConn(ctx, l.dsn)
	if err != nil {
		return err
	}
	l.conn, l.statements = c, map[string]statement{}
	return nil
}

// reset drops the connection with whatever it was in the middle of, and opens a new one.
func (l *link) reset(ctx context.Context) error {
	l.close()
	return l.connect(ctx)
}

func (l *link) close() {
	if l.conn == nil {
		return
	}
	for _, s := range l.statements {
		_ = s.Close()
	}
	l.conn.close()
	l.conn, l.statements = nil, nil
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

// maxStatements bounds what a link keeps: lists have many combinations of filters.
const maxStatements = 256

func (l *link) statement(ctx context.Context, q string) (statement, error) {
	if s, ok := l.statements[q]; ok {
		return s, nil
	}
	prepared, err := l.conn.prepare(context.WithoutCancel(ctx), unnamed(q))
	if err != nil {
		return statement{}, err
	}
	if len(l.statements) >= maxStatements {
		for _, s := range l.statements {
			_ = s.Close() // none is in use: rows are read to their end
		}
		clear(l.statements)
	}
	s := statement{prepared, !strings.HasPrefix(strings.TrimSpace(q), "SELECT"), writesConfig(q)}
	l.statements[q] = s
	return s, nil
}

// unnamed is q with ? for $1, $2 and so on where each stands once, in order: the driver asks for a parameter's name, and copies it,
// each time a statement runs.
func unnamed(q string) string {
	var plain strings.Builder
	for n, rest := 1, q; ; n++ {
		before, after, found := strings.Cut(rest, "$")
		plain.WriteString(before)
		if !found {
			return plain.String()
		}
		number := strconv.Itoa(n)
		rest = strings.TrimPrefix(after, number)
		if len(rest) == len(after) || rest != "" && rest[0] >= '0' && rest[0] <= '9' {
			return q
		}
		plain.WriteByte('?')
	}
}

// writesConfig tells whether q changes what the engine keeps in memory: see [Store.Changes].
func writesConfig(q string) bool {
	words := strings.Fields(q)
	for i, word := range words[:min(len(words), 3)] {
		switch word {
		case "INTO", "UPDATE", "FROM":
			if i+1 < len(words) && words[0] != "SELECT" {
				return words[i+1] == "workflow" || words[i+1] == "authentication"
			}
		}
	}
	return false
}

func (l *link) exec(ctx context.Context, q string, args ...any) (int64, error) {
	s, err := l.statement(ctx, q)
	if err != nil {
		return 0, err
	}
	return l.conn.exec(ctx, s, args)
}

func (l *link) query(ctx context.Context, row func(scan) error, q string, args ...any) error {
	s, err := l.statement(ctx, q)
	if err != nil {
		return err
	}
	return l.conn.query(ctx, s, row, args)
}

// touch is a job that a transaction asked for, moved or removed.
type touch struct {
	job engine.Job
	how touchKind
}

// linkTx is one write within a batch.
type linkTx struct {
	link    *link
	pledges pledger
	touches []touch
	ends    []func(committed bool)
	wrote   bool // rows have changed
	config  bool // among them workflows or authentications
}

func (t *linkTx) exec(_ context.Context, q string, args ...any) (int64, error) {
	ctx := context.Background() // a write is never interrupted half-way
	s, err := t.link.statement(ctx, q)
	if err != nil {
		return 0, err
	}
	n, err := t.link.conn.exec(ctx, s, args)
	t.link.rows += n
	if n > 0 || err != nil {
		t.wrote = true
		t.config = t.config || s.config
	}
	return n, err
}

func (t *linkTx) query(_ context.Context, row func(scan) error, q string, args ...any) error {
	ctx := context.Background() // a write is never interrupted half-way
	s, err := t.link.statement(ctx, q)
	if err != nil {
		return err
	}
	if s.writes { // RETURNING: a row back is a row that has changed
		inner := row
		row = func(scan scan) error {
			t.wrote, t.config = true, t.config || s.config
			return inner(scan)
		}
	}
	err = t.link.conn.query(ctx, s, row, args)
	if err != nil && !isOurs(err) {
		t.wrote = true // SQLite may have ended the transaction
	}
	return err
}

func (t *linkTx) touched(j engine.Job, how touchKind) {
	t.touches = append(t.touches, touch{job: j, how: how})
}

// pledger promises to hand jobs out; withdraw takes a promise back.
type pledger interface {
	pledge(kind engine.JobKind) bool
	withdraw(kind engine.JobKind)
}

func (t *linkTx) promise(kind engine.JobKind) bool {
	if !t.pledges.pledge(kind) {
		return false
	}
	t.whenDone(func(committed bool) {
		if !committed {
			t.pledges.withdraw(kind)
		}
	})
	return true
}

func (t *linkTx) whenDone(f func(committed bool)) { t.ends = append(t.ends, f) }

// readTx is a reading transaction: it sees one state of the database throughout.
type readTx struct{ link *link }

func (t readTx) exec(ctx context.Context, q string, args ...any) (int64, error) {
	return t.link.exec(ctx, q, args...)
}

func (t readTx) query(ctx context.Context, row func(scan) error, q string, args ...any) error {
	return t.link.query(ctx, row, q, args...)
}

func (t readTx) touched(engine.Job, touchKind) {}

func (t readTx) promise(engine.JobKind) bool { return false }

func (t readTx) whenDone(func(committed bool)) {}
