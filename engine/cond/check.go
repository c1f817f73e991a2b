package cond

import (
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"

	"cartwheel/merge"
)

// What is checked here can be told before anything is evaluated: two kinds that
// are never equal, a literal that is not what the merge code beside it is.

// checkPair checks the sides of == != < <= > >=.
func (c *compiler) checkPair(x *ast.BinaryNode, l, r operand) {
	order := x.Operator != "==" && x.Operator != "!="
	for _, o := range []operand{l, r} {
		switch {
		case o.kind == isList:
			c.problem(o.node, c.text(o.node)+" is a list and cannot be compared; use in, any(...), len(...) or is_empty(...).", "")
			return
		case o.kind == isObject:
			c.problem(o.node, c.text(o.node)+" is an object and cannot be compared; choose one of its members.", "")
			return
		case o.kind == isBool && order:
			c.problem(o.node, c.text(o.node)+" is yes or no and has no order; use == or !=.", "")
			return
		}
	}
	c.checkKinds(l, r, order)
}

// checkKinds adds a problem if l and r can never be equal (or in an order).
func (c *compiler) checkKinds(l, r operand, order bool) {
	switch {
	case l.kind == untyped || r.kind == untyped || l.kind == isNil || r.kind == isNil:
	case l.kind == r.kind:
	case r.constant && r.kind == isText:
		c.checkLiteral(r, l, order)
	case l.constant && l.kind == isText:
		c.checkLiteral(l, r, order)
	case l.kind == isText && r.kind == isNumber:
		c.checkTextAndNumber(l, r, order)
	case l.kind == isNumber && r.kind == isText:
		c.checkTextAndNumber(r, l, order)
	default:
		c.problem(l.node, c.text(l.node)+" is "+l.kind.String()+" and "+c.text(r.node)+" is "+r.kind.String()+"; they cannot be compared.", "")
	}
}

// checkLiteral checks a text that is compared with what is no text. The empty
// one may be: a store writes it for what it does not know.
func (c *compiler) checkLiteral(literal, other operand, order bool) {
	s, _ := literal.value.v.(string)
	if s == "" && !order || readable(literal.value, other.kind) {
		return
	}
	hint := map[kind]string{
		isNumber: "write a number, as in 12.50",
		isTime:   `write a date as "2006-01-31"`,
		isBool:   "write true or false",
		isSpan:   `write a length of time as "36h" or "3d"`,
	}[other.kind]
	c.problem(literal.node, c.text(other.node)+" is "+other.kind.String()+", and "+c.text(literal.node)+" is not; "+hint+".", "")
}

// readable tells whether a literal text can be taken for a value of kind k.
func readable(literal value, k kind) (ok bool) {
	s, _ := literal.v.(string)
	switch k {
	case isNumber:
		_, ok = literal.number()
	case isTime:
		_, ok = merge.AsTime(s)
	case isBool:
		_, ok = readBool(s)
	case isSpan:
		_, ok = parseSpan(s)
	}
	return ok
}

// checkTextAndNumber: what the catalogue calls a text is compared letter by
// letter ("01234" is no 1234), so a number beside it is most likely a mistake.
// Another merge code is not: both may hold the same digits.
func (c *compiler) checkTextAndNumber(text, number operand, order bool) {
	if number.constant {
		c.problem(number.node, c.text(text.node)+" is a text; put the number in quotes: \""+c.text(number.node)+"\".", "")
	} else if order {
		c.problem(text.node, c.text(text.node)+" is a text and "+c.text(number.node)+" is a number; they have no order.", "")
	}
}

// checkHolds checks the sides of in and contains: where is looked, and for what.
func (c *compiler) checkHolds(x *ast.BinaryNode, where, what operand, rule string) {
	switch where.kind {
	case untyped, isObject, isNil:
		return
	case isText:
		c.checkText(what.node, x.Operator, what)
		return
	case isList:
	default:
		c.problem(where.node, rule+"; "+c.text(where.node)+" is "+where.kind.String()+".", "")
		return
	}
	if what.kind == isList || what.kind == isObject {
		c.problem(what.node, c.text(what.node)+" is "+what.kind.String()+"; a list never holds it.", "")
		return
	}
	if where.elements().kind == isObject {
		c.problem(where.node, "The items of "+c.text(where.node)+" are objects; write any("+c.text(where.node)+", .name == "+c.text(what.node)+").", "")
		return
	}
	for _, part := range where.parts {
		if part.kind == isList || part.kind == isObject {
			c.problem(part.node, "A list in a list is never found; write its items.", "")
			continue
		}
		c.checkKinds(what, part, false)
	}
}

// checkText wants a text for op.
func (c *compiler) checkText(n ast.Node, op string, o operand) {
	switch {
	case o.kind == isText || o.kind == untyped || o.kind == isNil:
	case o.kind == isNumber && o.constant:
		c.problem(n, op+" wants a text; put the number in quotes: \""+c.text(n)+"\".", "")
	default:
		c.problem(n, op+" wants a text, and "+c.text(n)+" is "+o.kind.String()+".", "")
	}
}

// resultOf is the kind of an arithmetic expression, or a problem.
func (c *compiler) resultOf(x *ast.BinaryNode, l, r operand) kind {
	for _, o := range []operand{l, r} {
		switch o.kind {
		case isList, isObject, isBool, isNil:
			c.problem(o.node, "One cannot compute with "+c.text(o.node)+": it is "+o.kind.String()+".", "")
			return untyped
		}
	}
	if k, ok := computed(x.Operator, l, r); ok {
		return k
	}
	message := "A number or a date is needed on both sides of " + x.Operator + "; "
	switch {
	case x.Operator == "+" && (l.kind == isText || r.kind == isText):
		message = "+ joins two texts or adds two numbers; "
	case l.kind == isTime || r.kind == isTime:
		message = `A date can be moved by a length of time, as in + duration("3d"); `
	}
	c.problem(l.node, message+c.text(l.node)+" is "+l.kind.String()+" and "+c.text(r.node)+" is "+r.kind.String()+".", "")
	return untyped
}

// computed is the kind of l op r; ok is false if nothing can come of it.
func computed(op string, l, r operand) (k kind, ok bool) {
	if op == "+" && l.kind == isText && r.kind == isText {
		return isText, true
	}
	a, b := asKinds(l), asKinds(r)
	could := func(x, y kind) bool { return a.has(x) && b.has(y) }
	var results []kind
	add := func(possible bool, k kind) {
		if possible {
			results = append(results, k)
		}
	}
	add(could(isNumber, isNumber), isNumber)
	switch op {
	case "+":
		add(could(isTime, isSpan) || could(isSpan, isTime), isTime)
		add(could(isSpan, isSpan), isSpan)
		add(l.kind == untyped && could(untyped, isText) || r.kind == untyped && could(isText, untyped), isText)
	case "-":
		add(could(isTime, isTime), isSpan)
		add(could(isTime, isSpan), isTime)
		add(could(isSpan, isSpan), isSpan)
	}
	switch len(results) {
	case 0:
		return untyped, false
	case 1:
		return results[0], true
	}
	return untyped, true
}

// asKinds are the kinds that an operand may turn out to have.
func asKinds(o operand) (s kinds) {
	switch {
	case o.kind == untyped:
		return set(isNumber, isText, isTime, isSpan)
	case o.kind != isText || !o.constant:
		return set(o.kind)
	}
	s = set(isText)
	for _, k := range []kind{isNumber, isTime, isSpan} {
		if readable(o.value, k) {
			s |= set(k)
		}
	}
	return s
}

// sentence makes a sentence of an error's text.
func sentence(s string) string { return capital(s) + "." }

// capital makes the first letter a capital one.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(string(r)) + s[n:]
}
