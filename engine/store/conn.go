package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"reflect"

	sqlite "modernc.org/sqlite"
)

// conn is a connection that one goroutine at a time uses. It speaks to the driver itself: the pool of database/sql, which a
// connection of one goroutine does not need, its locks and its copies of arguments were a third of what a small statement costs.
type conn struct {
	driver driverConn
	args   []driver.NamedValue // of the statement that runs, used again
	row    []driver.Value
}

// driverConn is what SQLite's driver can do.
type driverConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.QueryerContext
}

// driverStmt is a prepared statement of it.
type driverStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

var errDriver = errors.New("this driver of SQLite cannot run statements with a context")

// openConn opens the database called by dsn.
func openConn(ctx context.Context, dsn string) (*conn, error) {
	connector, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	opened, err := connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	c, ok := opened.(driverConn)
	if !ok {
		return nil, errors.Join(errDriver, opened.Close())
	}
	return &conn{driver: c}, nil
}

func (c *conn) close() { _ = c.driver.Close() } // what is not committed is gone, as it should be

func (c *conn) prepare(ctx context.Context, q string) (driverStmt, error) {
	prepared, err := c.driver.PrepareContext(ctx, q)
	if err != nil {
		return nil, err
	}
	s, ok := prepared.(driverStmt)
	if !ok {
		return nil, errors.Join(errDriver, prepared.Close())
	}
	return s, nil
}

func (c *conn) exec(ctx context.Context, s driverStmt, args []any) (affected int64, err error) {
	named, err := c.named(args)
	if err != nil {
		return 0, err
	}
	result, err := s.ExecContext(ctx, named)
	c.free(named)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (c *conn) query(ctx context.Context, s driverStmt, row func(scan) error, args []any) error {
	named, err := c.named(args)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, named)
	c.free(named)
	return c.each(ctx, rows, err, row)
}

// ask runs a statement that is not kept: some PRAGMAs take effect while they are prepared.
func (c *conn) ask(ctx context.Context, row func(scan) error, q string) error {
	rows, err := c.driver.QueryContext(ctx, q, nil)
	return c.each(ctx, rows, err, row)
}

// each hands every row to row and closes rows, whatever happens.
func (c *conn) each(ctx context.Context, rows driver.Rows, err error, row func(scan) error) (failed error) {
	if err != nil {
		return err
	}
	values := c.values(len(rows.Columns()))
	defer func() {
		clear(values)
		c.row = values
		if err := rows.Close(); failed == nil { // else it says the same once more
			failed = err
		}
	}()
	for {
		err := rows.Next(values)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = ctx.Err() // SQLite itself is interrupted up to the first row only
		}
		if err == nil {
			err = row(func(dest ...any) error { return scanRow(dest, values) })
		}
		if err != nil {
			return err
		}
	}
}

// values is room for a row. Until it is given back the next one gets another.
func (c *conn) values(n int) []driver.Value {
	values := c.row
	c.row = nil
	if cap(values) < n {
		return make([]driver.Value, n)
	}
	return values[:n]
}

// named makes the driver's arguments of args, in room that is used again. Texts are cleaned.
func (c *conn) named(args []any) ([]driver.NamedValue, error) {
	named := c.args[:0]
	for i, a := range args {
		v, err := argument(a)
		if err != nil {
			return nil, err
		}
		named = append(named, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	return named, nil
}

func (c *conn) free(named []driver.NamedValue) {
	clear(named) // or what was written would be kept until the next statement
	c.args = named[:0]
}

func argument(a any) (driver.Value, error) {
	switch v := a.(type) {
	case string:
		if clean := cleanText(v); clean != v {
			return clean, nil
		}
		return a, nil
	case nil, int64, []byte, bool:
		return a, nil
	default:
		return driver.DefaultParameterConverter.ConvertValue(a)
	}
}

// scanRow copies the columns of a row to where dest points, as sql.Rows.Scan does.
func scanRow(dest []any, row []driver.Value) error {
	if len(dest) != len(row) {
		return fmt.Errorf("a row has %d columns, and %d are asked for", len(row), len(dest))
	}
	for i := range dest {
		if err := scanValue(dest[i], row[i]); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	return nil
}

func scanValue(dest any, v driver.Value) error {
	switch d := dest.(type) {
	case sql.Scanner:
		return d.Scan(v)
	case *any:
		*d = v
		return nil
	case *string:
		if s, ok := v.(string); ok {
			*d = s
			return nil
		}
	case *int64:
		if n, ok := v.(int64); ok {
			*d = n
			return nil
		}
	case *[]byte:
		switch v := v.(type) {
		case []byte:
			*d = v
			return nil
		case nil:
			*d = nil
			return nil
		}
	}
	return scanKind(reflect.ValueOf(dest), v)
}

// scanKind copies v to where dest points by the kind of what is there: our own types are texts and numbers.
func scanKind(dest reflect.Value, v driver.Value) error {
	if dest.Kind() != reflect.Pointer || dest.IsNil() {
		return fmt.Errorf("%s is no pointer", dest.Kind())
	}
	to, from := dest.Elem(), reflect.ValueOf(v)
	switch kind := to.Kind(); {
	case v == nil:
	case kind == reflect.String && (from.Kind() == reflect.String || from.Type() == reflect.TypeFor[[]byte]()):
		to.SetString(from.Convert(reflect.TypeFor[string]()).String())
		return nil
	case to.CanInt() && from.CanInt() && !to.OverflowInt(from.Int()):
		to.SetInt(from.Int())
		return nil
	case kind == reflect.Bool && from.CanInt() && (from.Int() == 0 || from.Int() == 1):
		to.SetBool(from.Int() == 1)
		return nil
	case to.CanFloat() && from.CanFloat():
		to.SetFloat(from.Float())
		return nil
	case to.Type() == reflect.TypeFor[[]byte]() && from.Kind() == reflect.String:
		to.SetBytes([]byte(from.String()))
		return nil
	}
	return fmt.Errorf("%T cannot be put into %s", v, to.Type())
}
