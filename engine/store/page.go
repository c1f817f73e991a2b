package store

import (
	"encoding/base64"
	"fmt"
	"strings"

	"cartwheel/engine"
	"cartwheel/merge"
)

const (
	defaultLimit = 50
	maxLimit     = 200
	maxCursor    = 1024 // bytes
)

// limitOf is how many items a page may have.
func limitOf(p engine.Page) int {
	switch {
	case p.Limit < 1:
		return defaultLimit
	case p.Limit > maxLimit:
		return maxLimit
	}
	return p.Limit
}

// A cursor is the key of the last item that was seen, in base64url: a page
// begins where the one before ended, whatever was added meanwhile.

const cursorSeparator = "\x1f"

func makeCursor(key ...string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Join(key, cursorSeparator)))
}

// readCursor returns the n parts of a cursor's key; nil for the first page.
func readCursor(p engine.Page, n int) ([]string, error) {
	if p.Cursor == "" {
		return nil, nil
	}
	if len(p.Cursor) <= maxCursor {
		raw, err := base64.RawURLEncoding.DecodeString(p.Cursor)
		if key := strings.Split(string(raw), cursorSeparator); err == nil && len(key) == n {
			return key, nil
		}
	}
	return nil, badCursor()
}

func badCursor() error {
	const message = "This cursor is not one of this list. Use next_cursor of the page before, or leave it out for the first page."
	return &engine.Error{Code: engine.Invalid, Message: message, Problems: []merge.Problem{{Location: "query.cursor", Message: message}}}
}

// filter collects the conditions of a list.
type filter struct {
	conditions []string
	args       []any
}

// add takes a condition with %s where each of args belongs.
func (f *filter) add(condition string, args ...any) {
	places := make([]any, len(args))
	for i, a := range args {
		f.args = append(f.args, a)
		places[i] = fmt.Sprintf("$%d", len(f.args))
	}
	f.conditions = append(f.conditions, fmt.Sprintf(condition, places...))
}

// column takes the condition that a column has a value, unless that is "".
func (f *filter) column(name, value string) {
	if value != "" {
		f.add(name+" = %s", value)
	}
}

// tail is WHERE, ORDER BY and LIMIT; one row more than the page tells whether there is a next one.
func (f *filter) tail(order string, p engine.Page) string {
	where := ""
	if len(f.conditions) > 0 {
		where = " WHERE " + strings.Join(f.conditions, " AND ")
	}
	return fmt.Sprintf("%s ORDER BY %s LIMIT %d", where, order, limitOf(p)+1)
}

// cut takes the row too many off and makes the cursor of the next page.
func cut[T any](items []T, p engine.Page, key func(T) []string) ([]T, string) {
	if limit := limitOf(p); len(items) > limit {
		return items[:limit], makeCursor(key(items[limit-1])...)
	}
	return items, ""
}
