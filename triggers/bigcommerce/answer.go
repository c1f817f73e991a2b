package bigcommerce

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"

	"cartwheel/engine"
	"cartwheel/merge"
)

// answer is what the store said to one call.
type answer struct {
	acc    account
	call   engine.Call
	sent   bool // false: held back by the budget
	header http.Header
	body   []byte
}

// value decodes the body; nil when there is none. Error: Temporary.
func (a *answer) value() (any, error) {
	if len(bytes.TrimSpace(a.body)) == 0 {
		return nil, nil
	}
	v, err := merge.Decode(a.body)
	if err != nil {
		return nil, a.unreadable(a.looks(), err)
	}
	return v, nil
}

// object decodes a body that must be an object with an id.
func (a *answer) object() (merge.Object, error) {
	v, err := a.value()
	if err != nil {
		return merge.Object{}, err
	}
	o, _ := v.(merge.Object)
	if _, ok := o.Get("id"); !ok {
		return o, a.unreadable("JSON without an id", nil)
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

// data decodes the V3 envelope {data, meta} and returns both.
func (a *answer) data() (data any, meta merge.Object, err error) {
	v, err := a.value()
	if err != nil {
		return nil, merge.Object{}, err
	}
	o, _ := v.(merge.Object)
	data, ok := o.Get("data")
	if !ok {
		return nil, merge.Object{}, a.unreadable(`JSON without "data"`, nil)
	}
	m, _ := o.Get("meta")
	meta, _ = m.(merge.Object)
	return data, meta, nil
}

// dataObject is data for one object with an id.
func (a *answer) dataObject() (merge.Object, error) {
	data, _, err := a.data()
	if err != nil {
		return merge.Object{}, err
	}
	o, _ := data.(merge.Object)
	if _, ok := o.Get("id"); !ok {
		return o, a.unreadable("data without an id", nil)
	}
	return o, nil
}

// dataList is data for a list.
func (a *answer) dataList() ([]any, error) {
	data, _, err := a.data()
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
	if strings.Contains(strings.ToLower(a.header.Get("Content-Type")), "html") || bytes.HasPrefix(bytes.TrimSpace(a.body), []byte("<")) {
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
