package merge

import "slices"

// open holds the members of the objects and lists that a decoder has begun, so
// that each is made once, at its size, when it closes.
type open struct {
	keys   []string
	values []any
}

// with adds a member to the object whose keys begin at first; maybe says that it may have one of this name.
func (o open) with(key string, v any, first int, maybe bool) open {
	if maybe {
		if at := slices.Index(o.keys[first:], key); at >= 0 {
			o.values[len(o.values)-len(o.keys[first:])+at] = v
			return o
		}
	}
	return open{append(o.keys, key), append(o.values, v)}
}

// closed is the object or list that began with c, where keys and values were so many.
func (o open) closed(c byte, keys, values int) any {
	if c == '[' {
		return copied(o.values[values:])
	}
	m := &members{keys: copied(o.keys[keys:]), values: copied(o.values[values:])}
	m.makeIndex()
	return Object{m}
}

// nothingIn is the empty object or list that began with c.
func nothingIn(c byte) any {
	if c == '[' {
		return []any{}
	}
	return Object{}
}

// copied is slices.Clone for a slice on the goroutine's stack: the compiler
// thinks that Clone may return a part of it, and would move it to the heap.
func copied[T any](from []T) []T {
	to := make([]T, len(from))
	copy(to, from)
	return to
}

// names is a set of names that may say yes for one that is not in it, never no
// for one that is: most objects have no name twice, and are not searched for it.
type names [16]uint64

func (n *names) add(name string) (maybe bool) {
	h := len(name)
	if h > 0 {
		h = h*61 + int(name[0])*31 + int(name[h/2])*7 + int(name[h-1])
	}
	at, bit := h>>6%len(n), uint64(1)<<(h%64)
	maybe = n[at]&bit != 0
	n[at] |= bit
	return maybe
}
