package cond

import (
	"strconv"

	"github.com/expr-lang/expr/ast"

	"cartwheel/merge"
)

// operand is a compiled value: how to get it, and what is known of it.
type operand struct {
	eval  func(*frame) value
	kind  kind // untyped: known only when it is there
	shape shape
	// constant says that value is it; for literals.
	constant bool
	value    value
	parts    []operand // of a list that is written out
	ref      *reference
	node     ast.Node
}

// compiler turns a guarded syntax tree into closures and collects problems.
type compiler struct {
	src    *source
	scope  *merge.Scope
	items  []item // of the loops around, innermost last
	leaves []leaf
	codes  []merge.Code
	used   map[merge.Code]bool
	spent  int // instructions of the regular expressions so far
	// loopDepth counts the loop bodies around.
	loopDepth int
}

// compile is what Condition and Language share.
func compile(src string, at merge.Position, s *merge.Scope, boolean bool) (p *program, problems []merge.Problem) {
	text := newSource(src, at)
	defer func() {
		if r := recover(); r != nil {
			p, problems = nil, []merge.Problem{{Message: fault(r).Error(), Line: at.Line, Column: at.Column}}
		}
	}()
	tree := text.parse(src)
	if tree == nil {
		return nil, text.sorted()
	}
	g := &guard{src: text, seen: map[ast.Node]bool{}}
	if g.walk(tree); len(text.problems) > 0 {
		return nil, text.sorted()
	}
	if s == nil {
		s = &merge.Scope{}
	}
	c := &compiler{src: text, scope: s, used: map[merge.Code]bool{}}
	p = &program{}
	if boolean {
		p.test = c.test(tree)
	} else {
		o := c.expr(tree)
		p.value = &o
	}
	if len(text.problems) > 0 {
		return nil, text.sorted()
	}
	p.leaves, p.codes = c.leaves, c.codes
	return p, nil
}

// problem adds a problem at the beginning of n's source.
func (c *compiler) problem(n ast.Node, message, suggestion string) {
	from, _ := c.src.span(n)
	c.src.problem(from, message, suggestion)
}

// text is the source of n, to quote in messages.
func (c *compiler) text(n ast.Node) string {
	return c.src.text(c.src.span(n))
}

// expr compiles a value.
func (c *compiler) expr(n ast.Node) operand {
	o := c.valueOf(n)
	o.node = n
	return o
}

func (c *compiler) valueOf(n ast.Node) operand {
	switch x := n.(type) {
	case *ast.NilNode:
		return constant(isNil, value{})
	case *ast.BoolNode:
		return constant(isBool, value{v: x.Value})
	case *ast.StringNode:
		return constant(isText, value{v: x.Value})
	case *ast.IntegerNode:
		return constant(isNumber, value{v: decimal{coef: int64(x.Value)}})
	case *ast.FloatNode:
		return c.float(x)
	case *ast.IdentifierNode, *ast.PointerNode, *ast.MemberNode:
		o := c.reference(n)
		o.node = n
		c.use(o)
		return o
	case *ast.ArrayNode:
		return c.array(x)
	case *ast.MapNode:
		return c.object(x)
	case *ast.ConditionalNode:
		return c.choice(x)
	case *ast.CallNode:
		return c.call(x)
	case *ast.BuiltinNode:
		return c.loop(x)
	case *ast.UnaryNode:
		if x.Operator == "-" || x.Operator == "+" {
			return c.sign(x)
		}
		return c.asValue(c.test(n))
	case *ast.BinaryNode:
		switch x.Operator {
		case "+", "-", "*", "/", "%":
			return c.arithmetic(x)
		case "??":
			return c.fallback(x)
		}
		return c.asValue(c.test(n))
	}
	c.problem(n, "This is not allowed here.", "") // the guard lets none through
	return constant(untyped, value{})
}

func constant(k kind, v value) operand {
	return operand{eval: func(*frame) value { return v }, kind: k, constant: true, value: v}
}

// asValue uses a test as a value.
func (c *compiler) asValue(t *test) operand {
	return operand{kind: isBool, eval: func(f *frame) value { return yesNo(t.eval(f)) }}
}

func (c *compiler) float(x *ast.FloatNode) operand {
	d, ok := parseDecimal(strconv.FormatFloat(x.Value, 'g', -1, 64)) // as typed: 0.1 is a tenth
	if !ok {
		c.problem(x, "This number is too long; put it in quotes.", "")
	}
	return constant(isNumber, value{v: d})
}

// array compiles a list that is written out; one of literals is made only once.
func (c *compiler) array(x *ast.ArrayNode) operand {
	parts := make([]operand, len(x.Nodes))
	fixed := true
	for i, n := range x.Nodes {
		parts[i] = c.expr(n)
		fixed = fixed && parts[i].constant
	}
	build := func(f *frame) value {
		if !f.charge(1 + len(parts)) {
			return value{}
		}
		items := make([]value, len(parts))
		for i := range parts {
			items[i] = parts[i].eval(f)
		}
		return listValue(items)
	}
	o := operand{eval: build, kind: isList, parts: parts}
	if fixed {
		items := make([]value, len(parts))
		for i := range parts {
			items[i] = parts[i].value
		}
		o.value, o.constant = listValue(items), true
		list := o.value
		o.eval = func(*frame) value { return list }
	}
	return o
}

// object compiles {a: 1}.
func (c *compiler) object(x *ast.MapNode) operand {
	type pair struct{ key, value operand }
	pairs := make([]pair, 0, len(x.Pairs))
	for _, n := range x.Pairs {
		if p, ok := n.(*ast.PairNode); ok {
			pairs = append(pairs, pair{c.expr(p.Key), c.expr(p.Value)})
		}
	}
	return operand{kind: isObject, eval: func(f *frame) value {
		if !f.charge(1 + len(pairs)) {
			return value{}
		}
		var o merge.Object
		for _, p := range pairs {
			if key, ok := p.key.eval(f).wire(); ok && f.chargeText(len(key)) {
				o.Set(key, f.export(p.value.eval(f)))
			}
		}
		return value{o, isObject}
	}}
}

// choice compiles a ? b : c as a value.
func (c *compiler) choice(x *ast.ConditionalNode) operand {
	cond, yes, no := c.test(x.Cond), c.expr(x.Exp1), c.expr(x.Exp2)
	k, s := either(yes, no)
	return operand{kind: k, shape: s, eval: func(f *frame) value {
		if !f.charge(1) {
			return value{}
		}
		if cond.eval(f) {
			return yes.eval(f)
		}
		return no.eval(f)
	}}
}

// fallback compiles a ?? b: b when a is missing.
func (c *compiler) fallback(x *ast.BinaryNode) operand {
	first, second := c.expr(x.Left), c.expr(x.Right)
	k, s := either(first, second)
	return operand{kind: k, shape: s, eval: func(f *frame) value {
		if !f.charge(1) {
			return value{}
		}
		if v := first.eval(f); v.v != nil {
			return v
		}
		return second.eval(f)
	}}
}

// either is what is known of a value that is a or b. A literal text follows the
// other side only when it is read, so it does not make the whole a text.
func either(a, b operand) (kind, shape) {
	switch {
	case b.kind == isNil:
		return a.kind, a.shape
	case a.kind == isNil:
		return b.kind, b.shape
	case a.kind != b.kind:
		return untyped, shape{}
	case a.kind == isList && b.constant:
		return a.kind, a.shape
	case a.kind == isList || a.kind == isObject:
		return a.kind, shape{}
	}
	return a.kind, shape{}
}
