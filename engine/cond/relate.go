package cond

import (
	"cmp"
	"strings"
)

// relation tells what can be said about two values.
type relation uint8

const (
	unrelated relation = iota // neither equal nor in an order
	equality                  // equal or not, without an order
	ordered
)

// relate compares two present values. The type that one side has from the
// catalogue (or by its making) decides for an untyped other side; two untyped
// ones are compared as numbers or as times if both have the shape, else as texts.
// Lists and objects are unrelated to everything.
func (f *frame) relate(a, b value) (order int, r relation) {
	switch {
	case a.k == isText || b.k == isText:
		return f.relateTexts(a, b)
	case a.isBool() || b.isBool():
		return relateBools(a, b)
	}
	x, xok := a.number()
	y, yok := b.number()
	if xok && yok {
		f.charge((x.bits() + y.bits()) / 64)
		return x.cmp(y), ordered
	}
	if order, ok := relateTimes(a, b); ok {
		return order, ordered
	}
	return f.relateTexts(a, b)
}

func (v value) isBool() bool {
	_, ok := v.v.(bool)
	return ok || v.k == isBool
}

func relateTimes(a, b value) (order int, ok bool) {
	if x, ok := a.time(); ok {
		if b.k == untyped {
			b.k = isTime
		}
		y, ok := b.time()
		return x.Compare(y), ok
	}
	if y, ok := b.time(); ok {
		if a.k == untyped {
			a.k = isTime
		}
		x, ok := a.time()
		return x.Compare(y), ok
	}
	if a.k == isSpan || b.k == isSpan {
		x, xok := a.span()
		y, yok := b.span()
		return cmp.Compare(x, y), xok && yok
	}
	return 0, false
}

func relateBools(a, b value) (order int, r relation) {
	if a.k == untyped && b.k == isBool {
		a.k = isBool
	} else if b.k == untyped && a.k == isBool {
		b.k = isBool
	}
	x, xok := a.boolean()
	y, yok := b.boolean()
	if !xok || !yok {
		return 0, unrelated
	}
	if x == y {
		return 0, equality
	}
	return 1, equality
}

// relateTexts compares what is written. Only two texts have an order; a number
// equals a text that is written like it.
func (f *frame) relateTexts(a, b value) (order int, r relation) {
	x, xok := a.wire()
	y, yok := b.wire()
	if !xok || !yok || !f.charge(min(len(x), len(y))/64) {
		return 0, unrelated
	}
	_, aText := a.text()
	_, bText := b.text()
	if aText && bText {
		return strings.Compare(x, y), ordered
	}
	return strings.Compare(x, y), equality
}

// compare applies == != < <= > >= to two values; with a missing one it is false.
func (f *frame) compare(op string, a, b value) bool {
	if a.v == nil || b.v == nil {
		return false
	}
	order, r := f.relate(a, b)
	switch op {
	case "==":
		return r != unrelated && order == 0
	case "!=":
		return r == unrelated || order != 0
	}
	if r != ordered {
		return false
	}
	switch op {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

// holds tells whether b is in a: an item of a list, a part of a text, a member
// of an object. element is the kind of a's items.
func (f *frame) holds(a, b value, element kind) bool {
	if a.v == nil || b.v == nil {
		return false
	}
	if o, ok := a.object(); ok {
		key, isString := b.wire()
		if !isString || !f.chargeText(len(key)) {
			return false
		}
		_, found := o.Get(key)
		return found
	}
	if s, ok := a.text(); ok {
		part, isString := b.wire()
		return isString && f.chargeText(len(s)) && strings.Contains(s, part)
	}
	list := a.items(element)
	for i := range list.len() {
		if !f.charge(1) {
			return false
		}
		if item := list.at(i); item.v != nil && f.compare("==", item, b) {
			return true
		}
	}
	return false
}

// affix applies startsWith and endsWith.
func (f *frame) affix(op string, a, b value) bool {
	s, ok := a.text()
	part, isString := b.wire()
	if !ok || !isString || !f.chargeText(len(part)) {
		return false
	}
	if op == "startsWith" {
		return strings.HasPrefix(s, part)
	}
	return strings.HasSuffix(s, part)
}
