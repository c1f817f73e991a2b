package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"cartwheel/engine"
)

// Times are kept as Unix milliseconds, 0 for the zero time.

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// dueMillis rounds up: a due time must never come early.
func dueMillis(t time.Time) int64 {
	ms := t.UnixMilli()
	if t.After(time.UnixMilli(ms)) {
		ms++
	}
	return ms
}

func optionalMillis(t *time.Time) any {
	if t == nil {
		return nil
	}
	return t.UnixMilli()
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func optionalMoment(ms sql.NullInt64) *time.Time {
	if !ms.Valid {
		return nil
	}
	t := time.UnixMilli(ms.Int64).UTC()
	return &t
}

// cleanText puts U+FFFD for NUL and for bytes that are no UTF-8: PostgreSQL refuses
// them, and SQLite's functions stop at NUL.
func cleanText(s string) string {
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "\uFFFD")
	}
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// toJSON is v as text for a JSON column. That something cannot be written as
// JSON is the fault of who made it.
func toJSON(v any) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", &engine.Error{Code: engine.Invalid, Message: "This cannot be stored: a part of it is no valid JSON.", Err: err}
	}
	return string(raw), nil
}

// fromJSON reads a JSON column; "" leaves v as it is.
func fromJSON(text string, v any) error {
	if text == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return fmt.Errorf("stored JSON: %w", err)
	}
	return nil
}

// rawJSON is a JSON column as it is; "" is nil.
func rawJSON(text string) json.RawMessage {
	if text == "" {
		return nil
	}
	return json.RawMessage(text)
}

// one is a row callback for a query that returns one row at most; found says whether it did.
func one(found *bool, dest ...any) func(scan) error {
	*found = false
	return func(s scan) error {
		*found = true
		return s(dest...)
	}
}
