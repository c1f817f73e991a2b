package cond

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"

	"cartwheel/merge"
)

// kinds is a set of kinds.
type kinds uint16

func set(all ...kind) (s kinds) {
	for _, k := range all {
		s |= 1 << k
	}
	return s
}

func (s kinds) has(k kind) bool { return k == untyped || s&(1<<k) != 0 }

// parameter is what a function takes.
type parameter struct {
	kinds kinds
	wants string                   // in words
	reads func(literal value) bool // a literal text must be readable; nil: any, what cannot be read gives nil
}

// takes tells whether a's kind may be what p wants. Where a literal has to be
// readable a text of the catalogue is none.
func (p parameter) takes(a operand) bool {
	if a.kind == isText && !a.constant && p.reads != nil {
		return false
	}
	return p.kinds.has(a.kind)
}

// function is one of our functions. call may charge; what it cannot read it
// answers with nil.
type function struct {
	params   []parameter
	optional int // how many of the last params may be left out
	result   kind
	fixed    bool // always the same for the same arguments
	call     func(f *frame, a, b value) value
}

var (
	anything  = parameter{kinds: ^kinds(0), wants: "a value"}
	aText     = parameter{kinds: set(isText), wants: "a text"}
	aNumber   = parameter{kinds: set(isNumber, isText), wants: "a number"}
	aDate     = parameter{kinds: set(isTime, isText), wants: `a date, as in "2006-01-31"`}
	aSpan     = parameter{kinds: set(isSpan, isText), wants: `a length of time, as in "36h" or "3d"`}
	reach     = parameter{kinds: aSpan.kinds, wants: aSpan.wants, reads: func(v value) bool { _, ok := v.span(); return ok }}
	countable = parameter{kinds: set(isText, isList, isObject), wants: "a text or a list"}
)

// functions are the functions beside the loops. Every one but has and is_empty
// gives nil for nil.
var functions = map[string]function{
	"has": {params: []parameter{anything}, result: isBool, call: func(_ *frame, a, _ value) value {
		return yesNo(a.v != nil)
	}},
	"is_empty": {params: []parameter{anything}, result: isBool, call: func(_ *frame, a, _ value) value {
		return yesNo(isEmpty(a))
	}},
	"len":   {params: []parameter{countable}, result: isNumber, call: length},
	"lower": {params: []parameter{aText}, result: isText, call: onText(strings.ToLower)},
	"upper": {params: []parameter{aText}, result: isText, call: onText(strings.ToUpper)},
	"trim":  {params: []parameter{aText}, result: isText, call: onText(strings.TrimSpace)},
	"domain": {params: []parameter{aText}, result: isText, call: func(f *frame, a, _ value) value {
		s, ok := a.text()
		if !ok || !f.chargeText(len(s)) {
			return value{}
		}
		return domain(s)
	}},
	"abs": {params: []parameter{aNumber}, result: isNumber, call: func(_ *frame, a, _ value) value {
		n, ok := anyNumber(a)
		switch {
		case !ok:
			return value{}
		case n.sign() < 0:
			n = n.neg()
		}
		return numberValue(n)
	}},
	"round": {params: []parameter{aNumber, aNumber}, optional: 1, result: isNumber, call: round},
	"now": {result: isTime, call: func(f *frame, _, _ value) value {
		return timeValue(f.now)
	}},
	"date": {params: []parameter{aDate}, result: isTime, fixed: true, call: func(_ *frame, a, _ value) value {
		t, ok := anyTime(a)
		if !ok {
			return value{}
		}
		return timeValue(t)
	}},
	"duration": {params: []parameter{aSpan}, result: isSpan, fixed: true, call: func(_ *frame, a, _ value) value {
		d, ok := a.span()
		if !ok {
			return value{}
		}
		return spanValue(d)
	}},
	"days_since": {params: []parameter{aDate}, result: isNumber, call: func(f *frame, a, _ value) value {
		t, ok := anyTime(a)
		if !ok {
			return value{}
		}
		return numberValue(decimal{coef: daysSince(t, f.now)})
	}},
	"within": {params: []parameter{aDate, reach}, result: isBool, call: func(f *frame, a, b value) value {
		t, ok := anyTime(a)
		d, isSpan := b.span()
		if !ok || !isSpan {
			return value{}
		}
		return yesNo(within(t, f.now, d))
	}},
}

// anyTime reads a moment also from a text that the catalogue calls one.
func anyTime(v value) (time.Time, bool) {
	if _, ok := v.v.(string); ok {
		v.k = isTime
	}
	return v.time()
}

// anyNumber reads a number also from a text that the catalogue calls one, by its shape.
func anyNumber(v value) (decimal, bool) {
	if v.k == isText {
		v.k = untyped
	}
	return v.number()
}

func isEmpty(v value) bool {
	if made, ok := v.v.([]value); ok {
		return len(made) == 0
	}
	return merge.IsEmpty(v.v)
}

// onText makes a function of texts.
func onText(change func(string) string) func(*frame, value, value) value {
	return func(f *frame, a, _ value) value {
		s, ok := a.text()
		if !ok || !f.chargeText(len(s)) {
			return value{}
		}
		return textValue(change(s))
	}
}

// length counts characters, items or members.
func length(f *frame, a, _ value) value {
	var n int
	switch x := a.v.(type) {
	case string:
		if _, ok := a.text(); !ok || !f.chargeText(len(x)) {
			return value{}
		}
		n = utf8.RuneCountInString(x)
	case merge.Object:
		n = x.Len()
	case []any:
		n = len(x)
	case []value:
		n = len(x)
	default:
		return value{}
	}
	return numberValue(decimal{coef: int64(n)})
}

// round takes the number of decimals, 0 to 10, as its second argument.
func round(f *frame, a, b value) value {
	n, ok := anyNumber(a)
	places := 0
	if b.v != nil {
		d, isNumber := b.number()
		if !isNumber {
			return value{}
		}
		whole, isWhole := d.integer()
		if !isWhole || whole < 0 || whole > 10 {
			return value{}
		}
		places = whole
	}
	if !ok || !f.charge(1+n.bits()/64) {
		return value{}
	}
	return numberValue(n.round(uint8(places)))
}

// domain is what follows the last @ of an e-mail address, in small letters.
func domain(address string) value {
	at := strings.LastIndexByte(address, '@')
	host := strings.TrimSpace(address[at+1:])
	if at < 0 || host == "" {
		return value{}
	}
	return textValue(strings.ToLower(host))
}

// invocation is a compiled call.
type invocation struct {
	fn   function
	args []operand
}

// arguments evaluates them; ok is false when there is no work left.
func (in *invocation) arguments(f *frame) (a, b value, ok bool) {
	if !f.charge(1) {
		return value{}, value{}, false
	}
	if len(in.args) > 0 {
		a = in.args[0].eval(f)
	}
	if len(in.args) > 1 {
		b = in.args[1].eval(f)
	}
	return a, b, f.err == nil
}

// nameOf is the name of the called function; the guard let nothing else through.
func nameOf(x *ast.CallNode) string {
	if name, ok := x.Callee.(*ast.IdentifierNode); ok {
		return name.Value
	}
	return ""
}

// invoke compiles the parts of a call; ok is false when there is a problem.
func (c *compiler) invoke(x *ast.CallNode) (in *invocation, ok bool) {
	in = &invocation{args: make([]operand, len(x.Arguments))}
	for i, n := range x.Arguments {
		in.args[i] = c.expr(n)
	}
	name := nameOf(x)
	if in.fn, ok = functions[name]; !ok {
		c.src.problem(x.Location().From, unknownFunction(name), nearestFunction(name))
		return in, false
	}
	return in, c.checkCall(x, name, in.fn, in.args)
}

// call compiles a call as a value.
func (c *compiler) call(x *ast.CallNode) operand {
	in, ok := c.invoke(x)
	if !ok {
		return constant(in.fn.result, value{})
	}
	if in.fn.fixed && in.args[0].constant {
		return constant(in.fn.result, in.fn.call(nil, in.args[0].value, value{}))
	}
	return operand{kind: in.fn.result, eval: func(f *frame) value {
		a, b, ok := in.arguments(f)
		if !ok {
			return value{}
		}
		return in.fn.call(f, a, b)
	}}
}

// checkCall checks the number and the kinds of the arguments.
func (c *compiler) checkCall(x *ast.CallNode, name string, fn function, args []operand) bool {
	if len(args) > len(fn.params) || len(args) < len(fn.params)-fn.optional {
		c.problem(x, name+" takes "+countWords(fn)+"; see "+name+usage(fn)+".", "")
		return false
	}
	ok := true
	for i, a := range args {
		p := fn.params[i]
		switch {
		case a.kind == isNil:
			continue // nil gives nil; has and is_empty take anything
		case !p.takes(a):
			c.problem(x.Arguments[i], name+" wants "+p.wants+", and "+c.text(x.Arguments[i])+" is "+a.kind.String()+".", "")
			ok = false
		case a.constant && a.kind == isText && p.reads != nil && !p.reads(a.value):
			c.problem(x.Arguments[i], name+" wants "+p.wants+", and "+c.text(x.Arguments[i])+" is none.", "")
			ok = false
		}
	}
	return ok
}

func countWords(fn function) string {
	switch {
	case len(fn.params) == 0:
		return "nothing"
	case fn.optional > 0:
		return "one or two values"
	case len(fn.params) == 1:
		return "one value"
	}
	return "two values"
}

func usage(fn function) string {
	words := make([]string, len(fn.params))
	for i, p := range fn.params {
		words[i], _, _ = strings.Cut(p.wants, ",")
	}
	return "(" + strings.Join(words, ", ") + ")"
}
