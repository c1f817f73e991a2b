package bigcommerce

import (
	"fmt"
	"net/http"
	"strings"
	"sync"

	"cartwheel/engine"
	"cartwheel/merge"
)

// answer is what the store said to one call.
type answer struct {
	acc    *account
	call   engine.Call
	sent   bool // false: held back by the budget
	header http.Header
	body   string
	rooms  *sync.Pool // the client's
}

// value decodes the body; nil when there is none. Error: Temporary.
func (a *answer) value() (any, error) {
	if strings.TrimSpace(a.body) == "" {
		return nil, nil
	}
	room, ok := a.rooms.Get().(*merge.Room)
	if !ok {
		room = &merge.Room{}
	}
	defer a.rooms.Put(room)
	v, err := room.DecodeText(a.body)
	if err != nil {
		return nil, a.unreadable(a.looks(), err)
	}
	return v, nil
}

// object decodes a body that must be an object with this id; "" takes any.
func (a *answer) object(id string) (merge.Object, error) {
	v, err := a.value()
	if err != nil {
		return merge.Object{}, err
	}
	return a.identified(v, id)
}

// identified checks that v is an object with the id that was asked for: a
// muddled cache on the way must not hand over somebody else's.
func (a *answer) identified(v any, id string) (merge.Object, error) {
	o, _ := v.(merge.Object)
	switch got := first(o, "id"); {
	case got == "":
		return o, a.unreadable("JSON without an id", nil)
	case id != "" && !strings.EqualFold(got, id):
		return o, a.unreadable("another object than was asked for", nil)
	}
	return o, nil
}

// list decodes a V2 list; 204 is an empty one.
func (a *answer) list() ([]any, error) {
	v, err := a.value()
	if err != nil {
		return nil, err
	}
	list, ok := v.([]any)
	if v != nil && !ok {
		return nil, a.unreadable("JSON that is no list", nil)
	}
	if list == nil {
		list = []any{}
	}
	return list, nil
}

// data decodes the V3 envelope {data, meta}.
func (a *answer) data() (any, error) {
	v, err := a.value()
	if err != nil {
		return nil, err
	}
	o, _ := v.(merge.Object)
	data, ok := o.Get("data")
	if !ok {
		return nil, a.unreadable(`JSON without "data"`, nil)
	}
	return data, nil
}

// dataObject is data for one object with this id.
func (a *answer) dataObject(id string) (merge.Object, error) {
	data, err := a.data()
	if err != nil {
		return merge.Object{}, err
	}
	return a.identified(data, id)
}

// dataList is data for a list.
func (a *answer) dataList() ([]any, error) {
	data, err := a.data()
	if err != nil {
		return nil, err
	}
	list, ok := data.([]any)
	if !ok {
		return nil, a.unreadable("data that is no list", nil)
	}
	return list, nil
}

// looks describes a body that is no JSON.
func (a *answer) looks() string {
	if strings.Contains(strings.ToLower(a.header.Get("Content-Type")), "html") || strings.HasPrefix(strings.TrimSpace(a.body), "<") {
		return "a web page instead of JSON"
	}
	return "something that is no JSON, or only a part of it"
}

// unreadable is the error for an answer that was allowed but cannot be used.
// A write has happened then, but not in a way that one can go on from.
func (a *answer) unreadable(what string, cause error) error {
	code := engine.Temporary
	if a.call.Method != http.MethodGet {
		code = engine.UnknownOutcome
	}
	return &engine.Error{Code: code, Op: "bigcommerce." + a.call.Method, Err: cause,
		Message: fmt.Sprintf("The store answered %d to %s %s with %s.", a.call.Status, a.call.Method, a.call.Path, what)}
}
