package cond

import (
	"math"
	"time"
)

// arithmetic applies + - * / %. What cannot be computed is nil: a missing
// operand, a text that is no number, a division by zero.
func (f *frame) arithmetic(op string, a, b value) value {
	if a.v == nil || b.v == nil {
		return value{}
	}
	if op == "+" {
		if joined, ok := f.join(a, b); ok {
			return joined
		}
	}
	x, xok := a.number()
	y, yok := b.number()
	if xok && yok {
		return f.calculate(op, x, y)
	}
	if op == "+" || op == "-" {
		return shift(op, a, b)
	}
	return value{}
}

// join joins two texts. Untyped texts are joined too, even if they are digits.
func (f *frame) join(a, b value) (value, bool) {
	x, ok := a.text()
	if !ok {
		return value{}, false
	}
	y, ok := b.text()
	if !ok {
		return value{}, false
	}
	if len(x)+len(y) > maxText {
		f.fail(ErrLimit)
	}
	if !f.chargeText(len(x) + len(y)) {
		return value{}, true
	}
	return textValue(x + y), true
}

func (f *frame) calculate(op string, x, y decimal) value {
	size := x.bits() + y.bits()
	if size > maxBits {
		f.fail(ErrLimit)
	}
	if !f.charge(size / 64) {
		return value{}
	}
	ok := true
	switch op {
	case "+":
		x = x.add(y)
	case "-":
		x = x.add(y.neg())
	case "*":
		x = x.mul(y)
	case "/":
		x, ok = x.quo(y)
	default:
		x, ok = x.rem(y)
	}
	if !ok {
		return value{}
	}
	return numberValue(x)
}

// shift computes with times: time - time is a length of time, and a length of
// time moves a time or adds up.
func shift(op string, a, b value) value {
	t, aTime := a.time()
	d, aSpan := a.span()
	u, bTime := b.time()
	e, bSpan := b.span()
	if op == "-" && e != math.MinInt64 {
		e = -e
	}
	switch {
	case aTime && bTime && op == "-":
		return spanValue(t.Sub(u))
	case aTime && bSpan:
		return timeValue(t.Add(e))
	case aSpan && bTime && op == "+":
		return timeValue(u.Add(d))
	case aSpan && bSpan:
		return addSpans(d, e)
	}
	return value{}
}

func addSpans(d, e time.Duration) value {
	sum := d + e
	if (sum > d) != (e > 0) { // overflow
		return value{}
	}
	return spanValue(sum)
}

// negate applies the unary minus.
func negate(v value) value {
	if d, ok := v.v.(time.Duration); ok && d != math.MinInt64 {
		return spanValue(-d)
	}
	if n, ok := v.number(); ok {
		return numberValue(n.neg())
	}
	return value{}
}
