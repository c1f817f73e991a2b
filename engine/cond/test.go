package cond

import (
	"github.com/expr-lang/expr/ast"
)

// test is a compiled yes-or-no expression. It keeps the and/or/not of the
// source, so that a verdict can name what decided.
type test struct {
	eval func(*frame) bool
	op   testOp
	// left and right are the operands; of a ? b : c: b and c, and cond is a.
	cond, left, right *test
	leaf              int // of a single test; negative: within a loop, not recorded
	fixed             bool
}

type testOp uint8

const (
	single testOp = iota // a comparison, a function, a yes-or-no value
	fixed                // true, false
	both                 // and
	oneOf                // or
	no                   // not
	choose               // a ? b : c
)

// test compiles n where yes or no is wanted.
func (c *compiler) test(n ast.Node) *test {
	switch x := n.(type) {
	case *ast.BinaryNode:
		switch x.Operator {
		case "and", "&&":
			return c.both(x)
		case "or", "||":
			return c.oneOf(x)
		case "==", "!=", "<", "<=", ">", ">=", "in", "contains", "startsWith", "endsWith", "matches":
			return c.comparison(n, x, false)
		}
	case *ast.UnaryNode:
		if x.Operator == "not" || x.Operator == "!" {
			return c.not(x)
		}
	case *ast.ConditionalNode:
		return c.choose(x)
	case *ast.BoolNode:
		yes := x.Value
		return &test{op: fixed, fixed: yes, eval: func(*frame) bool { return yes }}
	case *ast.BuiltinNode:
		if isQuantifier(x) {
			return c.quantifier(x)
		}
	}
	return c.bare(n)
}

func (c *compiler) both(x *ast.BinaryNode) *test {
	l, r := c.test(x.Left), c.test(x.Right)
	return &test{op: both, left: l, right: r, eval: func(f *frame) bool {
		return f.charge(1) && l.eval(f) && r.eval(f)
	}}
}

func (c *compiler) oneOf(x *ast.BinaryNode) *test {
	l, r := c.test(x.Left), c.test(x.Right)
	return &test{op: oneOf, left: l, right: r, eval: func(f *frame) bool {
		return f.charge(1) && (l.eval(f) || r.eval(f))
	}}
}

func (c *compiler) not(x *ast.UnaryNode) *test {
	// Expr gives both nodes of "a not in b" the place of the in.
	if b, ok := x.Node.(*ast.BinaryNode); ok && b.Location() == x.Location() {
		return c.comparison(x, b, true)
	}
	inner := c.test(x.Node)
	return &test{op: no, left: inner, eval: func(f *frame) bool { return !inner.eval(f) }}
}

func (c *compiler) choose(x *ast.ConditionalNode) *test {
	cond, l, r := c.test(x.Cond), c.test(x.Exp1), c.test(x.Exp2)
	return &test{op: choose, cond: cond, left: l, right: r, eval: func(f *frame) bool {
		if !f.charge(1) {
			return false
		}
		if cond.eval(f) {
			return l.eval(f)
		}
		return r.eval(f)
	}}
}

// bare compiles a value that is yes or no itself: a boolean merge code, an
// untyped one, has(x). A missing one is no.
func (c *compiler) bare(n ast.Node) *test {
	if call, ok := n.(*ast.CallNode); ok && functions[nameOf(call)].result == isBool {
		return c.called(call)
	}
	id := c.reserve()
	o := c.expr(n)
	if o.kind != isBool && o.kind != untyped {
		c.problem(n, c.text(n)+" is "+o.kind.String()+", not yes or no; "+compareHint(o.kind, c.text(n)), "")
	}
	c.describe(id, leaf{form: formValue, source: c.text(n), subject: c.side(o)})
	return &test{leaf: id, eval: func(f *frame) bool {
		from := f.begin()
		v := o.eval(f)
		result, _ := v.boolean()
		f.note(id, from, record{result: result, subject: v})
		return result
	}}
}

// called compiles has(x), is_empty(x) and within(x, "7d"); their argument is
// what gets explained.
func (c *compiler) called(x *ast.CallNode) *test {
	id := c.reserve()
	in, ok := c.invoke(x)
	if !ok {
		return &test{leaf: id, eval: func(*frame) bool { return false }}
	}
	l := leaf{form: formCall, op: nameOf(x), source: c.text(x), subject: c.side(in.args[0])}
	if len(in.args) > 1 {
		l.other = c.side(in.args[1])
	}
	c.describe(id, l)
	return &test{leaf: id, eval: func(f *frame) bool {
		from := f.begin()
		a, b, ok := in.arguments(f)
		result := false
		if ok {
			result, _ = in.fn.call(f, a, b).boolean()
		}
		f.note(id, from, record{result: result, subject: a, other: b})
		return result
	}}
}

// reserve keeps a place among the leaves, which stand in the order of the
// source. Tests inside a loop have none: the loop has one for all.
func (c *compiler) reserve() int {
	if c.loopDepth > 0 {
		return -1
	}
	c.leaves = append(c.leaves, leaf{})
	return len(c.leaves) - 1
}

func (c *compiler) describe(id int, l leaf) {
	if id >= 0 {
		c.leaves[id] = l
	}
}

// compareHint says how to make a test of a value.
func compareHint(k kind, text string) string {
	switch k {
	case isList:
		return "ask for its items with any(" + text + ", ...), or write not is_empty(" + text + ")."
	case isObject:
		return "choose one of its members, or write has(" + text + ")."
	case isNumber:
		return "compare it, as in " + text + " > 0."
	case isTime:
		return "compare it, as in " + text + ` > "2006-01-31".`
	case isSpan:
		return "compare it, as in " + text + ` > "36h".`
	}
	return "compare it, as in " + text + ` == "x".`
}
