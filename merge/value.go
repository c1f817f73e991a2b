package merge

import (
	"encoding/json"
	"iter"
	"maps"
	"slices"
)

// A value, as a store sends it: nil, bool, string, json.Number, []any or Object.
// Numbers keep their text ("45.0" stays "45.0"), objects their order, so that
// what is printed is byte for byte what came.

// Object is a JSON object that remembers the order of its members.
// The zero Object is empty and ready to use; copies share their contents
// (see [Object.Clone]). Reading is safe for several goroutines, Set is not.
type Object struct{ m *members }

type members struct {
	keys   []string
	values []any
	index  map[string]int // nil while a search is quicker than making and asking a map
}

const indexFrom = 128 // members: an order has about a hundred, of which few are asked for

const few = 5 // members: room that a new object has from the start; an event has five of its own

// Len is the number of members.
func (o Object) Len() int {
	if o.m == nil {
		return 0
	}
	return len(o.m.keys)
}

// Keys are the names in the order in which they were set. Do not change it.
func (o Object) Keys() []string {
	if o.m == nil {
		return nil
	}
	return o.m.keys
}

// All goes through the members in their order.
func (o Object) All() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for i, k := range o.Keys() {
			if !yield(k, o.m.values[i]) {
				return
			}
		}
	}
}

// Get returns the member called key, and whether there is one (null counts).
func (o Object) Get(key string) (any, bool) {
	if o.m == nil {
		return nil, false
	}
	if i := o.m.find(key); i >= 0 {
		return o.m.values[i], true
	}
	return nil, false
}

func (m *members) find(key string) int {
	if m.index == nil {
		return slices.Index(m.keys, key)
	}
	if i, ok := m.index[key]; ok {
		return i
	}
	return -1
}

// Set adds or replaces a member. A replaced one keeps its place.
func (o *Object) Set(key string, value any) {
	if o.m == nil {
		o.m = &members{keys: make([]string, 0, few), values: make([]any, 0, few)}
	}
	m := o.m
	if i := m.find(key); i >= 0 {
		m.values[i] = value
		return
	}
	m.keys, m.values = append(m.keys, key), append(m.values, value)
	if m.index != nil {
		m.index[key] = len(m.keys) - 1
	} else {
		m.makeIndex()
	}
}

// makeIndex makes a map of a large object's members.
func (m *members) makeIndex() {
	n := len(m.keys)
	if n <= indexFrom {
		return
	}
	m.index = make(map[string]int, 2*n)
	for i, k := range m.keys {
		m.index[k] = i
	}
}

// Clone is an Object with the same members: setting one in the clone leaves o
// as it was. The members themselves are shared.
func (o Object) Clone() Object {
	if o.m == nil {
		return Object{}
	}
	return Object{&members{keys: slices.Clone(o.m.keys), values: slices.Clone(o.m.values), index: maps.Clone(o.m.index)}}
}

// Equal tells whether both hold equal members in the same order.
func (o Object) Equal(other Object) bool {
	if o.Len() != other.Len() || !slices.Equal(o.Keys(), other.Keys()) {
		return false
	}
	for i := range o.Keys() {
		if !equal(o.m.values[i], other.m.values[i]) {
			return false
		}
	}
	return true
}

func equal(a, b any) bool {
	switch a := a.(type) {
	case nil, bool, string, json.Number:
		switch b.(type) {
		case nil, bool, string, json.Number:
			return a == b
		}
		return false
	case []any:
		list, ok := b.([]any)
		return ok && slices.EqualFunc(a, list, equal)
	case Object:
		object, ok := b.(Object)
		return ok && a.Equal(object)
	default:
		return JSON(a) == JSON(b)
	}
}

// Lookup follows c from o through nested Objects; ok is false when a member is
// absent or something on the way is no Object. A null is found: (nil, true).
func (o Object) Lookup(c Code) (value any, ok bool) {
	value = o
	for c != "" {
		parent, isObject := value.(Object)
		if !isObject {
			return nil, false
		}
		var segment string
		segment, c = c.cut()
		if value, ok = parent.Get(segment); !ok {
			return nil, false
		}
	}
	return value, true
}

// follow is Lookup for segments; what is absent is nil.
func follow(value any, segments []string) any {
	for _, s := range segments {
		parent, ok := value.(Object)
		if !ok {
			return nil
		}
		if value, ok = parent.Get(s); !ok {
			return nil
		}
	}
	return value
}

// Put sets the value that c names, making the Objects on the way.
// Something on the way that is no Object is replaced. An empty c does nothing.
func (o *Object) Put(c Code, value any) {
	if c != "" {
		put(o, c.Segments(), value)
	}
}

func put(o *Object, segments []string, value any) {
	if len(segments) == 1 {
		o.Set(segments[0], value)
		return
	}
	child, _ := o.Get(segments[0])
	next, _ := child.(Object)
	put(&next, segments[1:], value)
	o.Set(segments[0], next)
}
