package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"cartwheel/engine"
	"cartwheel/merge"
)

// rawObject is a JSON object whose members are not ours: its bytes go through
// as they came, so that numbers keep their text. null is nil.
type rawObject json.RawMessage

// Schema describes it: any object.
func (rawObject) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
}

// UnmarshalJSON keeps the bytes.
func (o *rawObject) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*o = nil
		return nil
	}
	*o = append((*o)[:0], data...)
	return nil
}

// MarshalJSON gives the bytes back, {} for nil.
func (o rawObject) MarshalJSON() ([]byte, error) {
	if len(o) == 0 {
		return []byte("{}"), nil
	}
	return o, nil
}

// shown is an object that is always there in an answer.
func shown(raw json.RawMessage) rawObject {
	if len(raw) == 0 || string(raw) == "null" {
		return rawObject("{}")
	}
	return rawObject(raw)
}

// rawOf writes an object of merge values.
func rawOf(o merge.Object) rawObject { return rawObject(merge.JSON(o)) }

// Paging is how every list is asked for.
type Paging struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most."`
	Cursor string `query:"cursor" maxLength:"500" doc:"next_cursor of the page before; without it the list begins with the newest."`
}

func (p Paging) page() engine.Page { return engine.Page{Limit: p.Limit, Cursor: p.Cursor} }

// Period narrows a list to a time.
type Period struct {
	From time.Time `query:"from" doc:"RFC 3339: from this moment on."`
	To   time.Time `query:"to" doc:"RFC 3339: before this moment."`
}

// listJSON is a page of a list.
type listJSON[T any] struct {
	Items      []T     `json:"items"`
	NextCursor *string `json:"next_cursor" doc:"For the next page; null on the last one."`
}

// listOutput is the answer of a list.
type listOutput[T any] struct{ Body listJSON[T] }

// listOf shows a page that the engine returned. A cursor that it refuses is told by its location.
func listOf[T, J any](items []T, next string, err error, show func(T) J) (*listOutput[J], error) {
	if err != nil {
		return nil, badCursor(err)
	}
	out := &listOutput[J]{Body: listJSON[J]{Items: make([]J, len(items))}}
	for i, item := range items {
		out.Body.Items[i] = show(item)
	}
	if next != "" {
		out.Body.NextCursor = &next
	}
	return out, nil
}

// badCursor gives an engine's refusal of a page its place: nothing else about a page can be wrong by then.
func badCursor(err error) error {
	e, ok := errors.AsType[*engine.Error](err)
	if !ok || e.Code != engine.Invalid || len(e.Problems) > 0 {
		return err
	}
	return invalid(merge.Problem{Location: "query.cursor", Message: "This is no next_cursor of this list. Begin again without a cursor."})
}

// stamp writes a moment: RFC 3339, UTC, milliseconds.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z07:00") }

// stampOf is stamp for a moment that may be missing.
func stampOf(t *time.Time) *string {
	if t == nil || t.IsZero() {
		return nil
	}
	text := stamp(*t)
	return &text
}

// queuedMillis is how long something waited for its turn, when both ends are known.
func queuedMillis(ready *time.Time, began time.Time) *int64 {
	if ready == nil || ready.IsZero() {
		return nil
	}
	ms := max(0, began.Sub(*ready).Milliseconds())
	return &ms
}

// present makes an empty list of a missing one.
func present[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// fingerprint is the ETag of something without a revision: equal for equal answers.
func fingerprint(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return `"` + hex.EncodeToString(sum[:12]) + `"`, nil
}

// rawAny is any JSON; what is none is shown as a text, and nothing as null.
type rawAny []byte

// Schema describes it.
func (rawAny) Schema(huma.Registry) *huma.Schema { return &huma.Schema{} }

// MarshalJSON gives the bytes back.
func (b rawAny) MarshalJSON() ([]byte, error) {
	switch {
	case len(b) == 0:
		return []byte("null"), nil
	case utf8.Valid(b) && json.Valid(b):
		return b, nil
	}
	return json.Marshal(strings.ToValidUTF8(string(b), "\uFFFD"))
}

// rawOutput is an object, or null when there is none.
type rawOutput json.RawMessage

// Schema describes it: any object, or null.
func (rawOutput) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true, Nullable: true}
}

// MarshalJSON gives the bytes back, null for nil.
func (o rawOutput) MarshalJSON() ([]byte, error) {
	if len(o) == 0 {
		return []byte("null"), nil
	}
	return o, nil
}
