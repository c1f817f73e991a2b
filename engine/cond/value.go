package cond

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"cartwheel/merge"
)

// kind is what a value is taken for.
type kind uint8

const (
	untyped kind = iota // its shape decides
	isNil               // the literal nil
	isNumber
	isText
	isBool
	isTime
	isSpan // a length of time
	isList
	isObject
)

// String names the kind in a message, with its article.
func (k kind) String() string {
	return [...]string{
		"a value", "nil", "a number", "a text", "yes or no", "a date", "a length of time", "a list", "an object",
	}[k]
}

// kindOf tells how values of a catalogue type are taken.
func kindOf(t merge.Type) kind {
	switch t {
	case merge.Integer, merge.Number, merge.Decimal:
		return isNumber
	case merge.String:
		return isText
	case merge.Boolean:
		return isBool
	case merge.Datetime:
		return isTime
	case merge.List:
		return isList
	case merge.ObjectOf:
		return isObject
	}
	return untyped
}

// value is a value during an evaluation: what is there, and what the catalogue
// says it is. v is a wire value (see package merge) or a decimal, time.Time,
// time.Duration or []value that an expression made; nil is a missing one.
// Literals are untyped: they follow what they are compared with.
type value struct {
	v any
	k kind
}

func yesNo(b bool) value              { return value{b, isBool} }
func textValue(s string) value        { return value{s, isText} }
func timeValue(t time.Time) value     { return value{t, isTime} }
func spanValue(d time.Duration) value { return value{d, isSpan} }
func numberValue(d decimal) value     { return value{d, isNumber} }
func listValue(items []value) value   { return value{items, isList} }

// object reads v as an object.
func (v value) object() (merge.Object, bool) {
	o, ok := v.v.(merge.Object)
	return o, ok
}

// number reads v as a number: typed texts leniently, untyped ones by their shape.
func (v value) number() (decimal, bool) {
	switch x := v.v.(type) {
	case decimal:
		return x, true
	case json.Number:
		return parseDecimal(string(x))
	case string:
		switch v.k {
		case isNumber:
			if len(x) <= maxDigits {
				return parseDecimal(strings.TrimSpace(x))
			}
		case untyped:
			return shapedDecimal(x)
		}
	case int:
		return decimal{coef: int64(x)}, true
	case int64:
		return decimal{coef: x}, true
	case float64:
		return parseDecimal(strconv.FormatFloat(x, 'g', -1, 64))
	}
	return decimal{}, false
}

// time reads v as a moment.
func (v value) time() (time.Time, bool) {
	switch x := v.v.(type) {
	case time.Time:
		return x, true
	case string:
		if v.k == isTime || v.k == untyped {
			return merge.AsTime(x)
		}
	}
	return time.Time{}, false
}

// span reads v as a length of time, "36h" included.
func (v value) span() (time.Duration, bool) {
	switch x := v.v.(type) {
	case time.Duration:
		return x, true
	case string:
		if v.k == untyped || v.k == isText {
			return parseSpan(x)
		}
	}
	return 0, false
}

// boolean reads v as yes or no; a text only if the catalogue says it is a boolean.
func (v value) boolean() (yes, ok bool) {
	switch x := v.v.(type) {
	case bool:
		return x, true
	case string:
		if v.k == isBool {
			return readBool(x)
		}
	}
	return false, false
}

func readBool(s string) (yes, ok bool) {
	yes = strings.EqualFold(s, "true")
	return yes, yes || strings.EqualFold(s, "false")
}

// text reads v as a text to look into; numbers are none.
func (v value) text() (string, bool) {
	s, ok := v.v.(string)
	return s, ok && (v.k == isText || v.k == untyped)
}

// wire is the text of a scalar as it came, to compare a number with a text.
func (v value) wire() (string, bool) {
	switch x := v.v.(type) {
	case string:
		return x, true
	case json.Number:
		return string(x), true
	case decimal:
		return x.String(), true
	case int, int64, float64:
		d, ok := v.number()
		return d.String(), ok
	}
	return "", false
}

// sequence is a list, of the store or made by an expression.
type sequence struct {
	wire []any
	made []value
	kind kind // of the wire items
}

// items reads v as a list; nil and what is no list have no items.
func (v value) items(element kind) sequence {
	switch x := v.v.(type) {
	case []any:
		return sequence{wire: x, kind: element}
	case []value:
		return sequence{made: x}
	}
	return sequence{}
}

func (s sequence) len() int { return len(s.wire) + len(s.made) }

func (s sequence) at(i int) value {
	if s.made != nil {
		return s.made[i]
	}
	return value{s.wire[i], s.kind}
}

// export turns v into what package merge understands; what came from the
// wire leaves as it came.
func (f *frame) export(v value) any {
	switch x := v.v.(type) {
	case decimal:
		return json.Number(x.String())
	case []value:
		if !f.charge(len(x)) {
			return nil
		}
		out := make([]any, len(x))
		for i := range x {
			out[i] = f.export(x[i])
		}
		return out
	}
	return v.v
}
