package cond

import (
	"github.com/expr-lang/expr/ast"
)

// comparison compiles a == b and its like, in, contains, startsWith, endsWith
// and matches. n is the whole of it, with the not of "a not in b" if negated.
func (c *compiler) comparison(n ast.Node, x *ast.BinaryNode, negated bool) *test {
	id := c.reserve()
	left := c.expr(x.Left)
	right := c.expr(x.Right)
	related := c.relationOf(x, left, right)
	op := x.Operator
	if negated {
		op = "not " + op
	}
	l := leaf{form: formComparison, op: op, source: c.text(n), subject: c.side(left), other: c.side(right)}
	l.flipped = left.constant && !right.constant
	l.words = l.inWords()
	c.describe(id, l)
	return &test{leaf: id, eval: func(f *frame) bool {
		if !f.charge(1) {
			return false
		}
		from := f.begin()
		a, b := left.eval(f), right.eval(f)
		result := f.err == nil && related(f, a, b) != negated
		f.note(id, from, record{result: result, subject: a, other: b})
		return result
	}}
}

// relationOf checks the two sides and returns how they are compared.
func (c *compiler) relationOf(x *ast.BinaryNode, l, r operand) func(f *frame, a, b value) bool {
	op := x.Operator
	switch op {
	case "in":
		c.checkHolds(x, r, l, "in wants a list on its right")
		element := r.elements().kind
		return func(f *frame, a, b value) bool { return f.holds(b, a, element) }
	case "contains":
		c.checkHolds(x, l, r, "contains looks into texts and lists")
		element := l.elements().kind
		return func(f *frame, a, b value) bool { return f.holds(a, b, element) }
	case "startsWith", "endsWith":
		c.checkText(x.Left, op, l)
		c.checkText(x.Right, op, r)
		return func(f *frame, a, b value) bool { return f.affix(op, a, b) }
	case "matches":
		return c.matching(x, l)
	}
	if l.kind == isNil || r.kind == isNil {
		return c.nilTest(x)
	}
	c.checkPair(x, l, r)
	return func(f *frame, a, b value) bool { return f.compare(op, a, b) }
}

// nilTest is the one comparison that sees a missing value.
func (c *compiler) nilTest(x *ast.BinaryNode) func(f *frame, a, b value) bool {
	if x.Operator != "==" && x.Operator != "!=" {
		c.src.problem(x.Location().From, "nil can only be compared with == and !=.", "")
	}
	equal := x.Operator == "=="
	return func(_ *frame, a, b value) bool { return (a.v == nil && b.v == nil) == equal }
}

// matching compiles the regular expression, which must be literal.
func (c *compiler) matching(x *ast.BinaryNode, l operand) func(f *frame, a, b value) bool {
	c.checkText(x.Left, "matches", l)
	literal, ok := x.Right.(*ast.StringNode)
	if !ok {
		c.problem(x.Right, `The regular expression after matches must stand there in quotes, as in matches "^A-[0-9]+$".`, "")
		return func(*frame, value, value) bool { return false }
	}
	p, err := compilePattern(literal.Value, c.spent)
	if err != nil {
		c.problem(x.Right, sentence(err.Error()), "")
	}
	c.spent += p.price
	return func(f *frame, a, _ value) bool { return f.match(p, a) }
}

// arithmetic compiles + - * / %.
func (c *compiler) arithmetic(x *ast.BinaryNode) operand {
	l, r, op := c.expr(x.Left), c.expr(x.Right), x.Operator
	return operand{kind: c.resultOf(x, l, r), eval: func(f *frame) value {
		if !f.charge(1) {
			return value{}
		}
		a, b := l.eval(f), r.eval(f)
		if f.err != nil {
			return value{}
		}
		return f.arithmetic(op, a, b)
	}}
}

// sign compiles the unary minus and plus.
func (c *compiler) sign(x *ast.UnaryNode) operand {
	o := c.expr(x.Node)
	if o.kind != untyped && o.kind != isNumber && o.kind != isSpan {
		c.problem(x, c.text(x.Node)+" is "+o.kind.String()+" and has no sign.", "")
		o.kind = untyped
	}
	if o.constant && o.kind == isNumber {
		if x.Operator == "+" {
			return o
		}
		v := negate(o.value)
		return constant(isNumber, value{v: v.v})
	}
	minus := x.Operator == "-"
	return operand{kind: o.kind, eval: func(f *frame) value {
		if !f.charge(1) {
			return value{}
		}
		v := o.eval(f)
		if minus {
			return negate(v)
		}
		return v
	}}
}
