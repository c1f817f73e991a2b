package store

import (
	"context"
	"database/sql"
	"errors"
	"reflect"
	"strings"
	"testing"

	"cartwheel/engine"
)

// memory is a connection to a database that goes with it.
func memory(t *testing.T) *conn {
	t.Helper()
	c, err := openConn(t.Context(), "file::memory:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	return c
}

// ask1 runs q with args and puts its row where dest points.
func ask1(t *testing.T, c *conn, dest any, q string, args ...any) error {
	t.Helper()
	s, err := c.prepare(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	return c.query(t.Context(), s, func(s scan) error { return s(dest) }, args)
}

func TestValuesComeBackAsTheyWent(t *testing.T) {
	c := memory(t)
	for name, v := range map[string]struct {
		arg  any
		dest any // a pointer to what comes back
		want any
	}{
		"text":                    {"Anna", new(string), "Anna"},
		"a text of our own":       {engine.EventDone, new(engine.EventStatus), engine.EventDone},
		"NUL and bad UTF-8":       {"a\x00b\xff", new(string), "a\uFFFDb\uFFFD"},
		"int":                     {7, new(int), 7},
		"int64":                   {int64(1) << 60, new(int64), int64(1) << 60},
		"yes":                     {true, new(bool), true},
		"no":                      {false, new(bool), false},
		"bytes":                   {[]byte{0, 1, 2}, new([]byte), []byte{0, 1, 2}},
		"no bytes":                {nil, new([]byte), []byte(nil)},
		"a text into bytes":       {"{}", new([]byte), []byte("{}")},
		"bytes into a text":       {[]byte("{}"), new(string), "{}"},
		"a fraction":              {1.5, new(float64), 1.5},
		"a number that may lack":  {int64(5), new(sql.NullInt64), sql.NullInt64{Int64: 5, Valid: true}},
		"a number that does lack": {nil, new(sql.NullInt64), sql.NullInt64{}},
		"anything":                {"x", new(any), "x"},
		"nothing at all":          {nil, new(any), nil},
	} {
		if err := ask1(t, c, v.dest, "SELECT $1", v.arg); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := reflect.ValueOf(v.dest).Elem().Interface(); !reflect.DeepEqual(got, v.want) {
			t.Errorf("%s: got %#v, want %#v", name, got, v.want)
		}
	}
}

func TestWhatDoesNotFitIsAnError(t *testing.T) {
	c := memory(t)
	for name, v := range map[string]struct {
		q    string
		dest any
	}{
		"nothing into a text":   {"SELECT NULL", new(string)},
		"nothing into a number": {"SELECT NULL", new(int64)},
		"a text into a number":  {"SELECT 'x'", new(int)},
		"too large a number":    {"SELECT 300", new(int8)},
		"a number into yes":     {"SELECT 2", new(bool)},
		"two columns into one":  {"SELECT 1, 2", new(int)},
		"no pointer":            {"SELECT 1", 0},
	} {
		if err := ask1(t, c, v.dest, v.q); err == nil {
			t.Errorf("%s: no error, and %#v", name, v.dest)
		}
	}
	if err := ask1(t, c, new(any), "SELECT $1", struct{}{}); err == nil {
		t.Error("a struct was taken as an argument")
	}
}

// A row's work may ask for more: neither the rows nor the arguments of the two may mix.
func TestAQueryWithinARowIsItsOwn(t *testing.T) {
	c := memory(t)
	outer, err := c.prepare(t.Context(), "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT i, 'outer' FROM n")
	if err != nil {
		t.Fatal(err)
	}
	defer outer.Close()
	var got []string
	err = c.query(t.Context(), outer, func(s scan) error {
		var inner string
		if err := ask1(t, c, &inner, "SELECT $1", "inner"); err != nil {
			return err
		}
		var i int
		var text string
		err := s(&i, &text)
		got = append(got, inner, text)
		return err
	}, []any{2})
	if err != nil || strings.Join(got, " ") != "inner outer inner outer" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestAQueryEndsWithItsContext(t *testing.T) {
	c := memory(t)
	s, err := c.prepare(t.Context(), "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	rows := 0
	err = c.query(ctx, s, func(scan) error {
		if rows++; rows == 3 {
			cancel()
		}
		return nil
	}, nil)
	if !errors.Is(err, context.Canceled) || rows != 3 {
		t.Errorf("%d rows, %v; want 3 and that it was cancelled", rows, err)
	}
}

func TestParametersLoseTheirNamesWhereTheyStandInOrder(t *testing.T) {
	for q, want := range map[string]string{
		"SELECT 1":                             "SELECT 1",
		"INSERT INTO a VALUES ($1, $2, $3)":    "INSERT INTO a VALUES (?, ?, ?)",
		"SELECT $1":                            "SELECT ?",
		"UPDATE a SET b = $2 WHERE id = $1":    "UPDATE a SET b = $2 WHERE id = $1",
		"SELECT $1, $1":                        "SELECT $1, $1",
		"SELECT $2":                            "SELECT $2",
		"SELECT $10":                           "SELECT $10",
		"SELECT $1, $20":                       "SELECT $1, $20",
		"SELECT json_extract(a, '$.x') = $1":   "SELECT json_extract(a, '$.x') = $1",
		"SELECT $1, json_extract(a, '$.x')":    "SELECT $1, json_extract(a, '$.x')",
		"$1 $2 $3 $4 $5 $6 $7 $8 $9 $10 $11":   "? ? ? ? ? ? ? ? ? ? ?",
		"$1 $2 $3 $4 $5 $6 $7 $8 $9 $1 $10 $0": "$1 $2 $3 $4 $5 $6 $7 $8 $9 $1 $10 $0",
	} {
		if got := unnamed(q); got != want {
			t.Errorf("%s: got %s, want %s", q, got, want)
		}
	}
}
