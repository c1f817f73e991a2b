package cond

import (
	"math"

	"github.com/expr-lang/expr/ast"
)

// loop is one of the functions that run over a list. Expr's parser knows them,
// because their last argument speaks of the item (#, .name).
type loop struct {
	tests  bool // the last argument is a test, else a value
	result kind
}

// loops is the allow-list of Expr's predicate functions.
var loops = map[string]loop{
	"any":    {tests: true, result: isBool},
	"all":    {tests: true, result: isBool},
	"none":   {tests: true, result: isBool},
	"one":    {tests: true, result: isBool},
	"filter": {tests: true, result: isList},
	"find":   {tests: true, result: untyped},
	"count":  {tests: true, result: isNumber},
	"map":    {result: isList},
	"sum":    {result: isNumber},
}

// loopParts are the compiled arguments of a loop.
type loopParts struct {
	list    operand
	element item
	test    *test    // of loops that test
	body    *operand // of the others; nil: the item itself
}

// arguments compiles the list, and the body with the item in view.
func (c *compiler) arguments(x *ast.BuiltinNode) loopParts {
	p := loopParts{list: c.expr(x.Arguments[0])}
	if k := p.list.kind; k != untyped && k != isList && k != isNil {
		c.problem(x.Arguments[0], x.Name+" wants a list, and "+c.text(x.Arguments[0])+" is "+k.String()+".", "")
	}
	p.element = p.list.elements()
	p.element.of = c.text(x.Arguments[0])
	c.items = append(c.items, p.element)
	c.loopDepth++
	defer func() {
		c.items = c.items[:len(c.items)-1]
		c.loopDepth--
	}()
	var body ast.Node = &ast.PointerNode{}
	if len(x.Arguments) > 1 {
		if predicate, ok := x.Arguments[1].(*ast.PredicateNode); ok {
			body = predicate.Node
		}
	} else {
		body.SetLocation(x.Arguments[0].Location())
	}
	if loops[x.Name].tests {
		p.test = c.test(body)
		return p
	}
	o := c.expr(body)
	p.body = &o
	if x.Name == "sum" && o.kind != untyped && o.kind != isNumber {
		c.problem(body, "sum adds numbers, and "+c.text(body)+" is "+o.kind.String()+".", "")
	}
	return p
}

// loop compiles a loop as a value.
func (c *compiler) loop(x *ast.BuiltinNode) operand {
	if isQuantifier(x) {
		return c.asValue(c.quantifier(x))
	}
	p := c.arguments(x)
	o := operand{kind: loops[x.Name].result}
	list, kind := p.list.eval, p.element.kind
	switch x.Name {
	case "filter":
		element := p.element
		o.shape = shape{element: &element}
		o.eval = func(f *frame) value {
			var kept []value
			f.scan(list(f).items(kind), p.test, true, math.MaxInt, &kept)
			return listValue(kept)
		}
	case "find":
		o.kind, o.shape = kind, p.element.shape
		o.eval = func(f *frame) value {
			items := list(f).items(kind)
			if n, last := f.scan(items, p.test, true, 1, nil); n > 0 {
				return items.at(last)
			}
			return value{}
		}
	case "count":
		o.eval = func(f *frame) value {
			n, _ := f.scan(list(f).items(kind), p.test, true, math.MaxInt, nil)
			return numberValue(decimal{coef: int64(n)})
		}
	case "map":
		o.shape = shape{element: &item{kind: p.body.kind, shape: p.body.shape}}
		o.eval = func(f *frame) value { return f.mapItems(list(f).items(kind), p.body) }
	default:
		o.eval = func(f *frame) value { return f.sum(list(f).items(kind), p.body) }
	}
	return o
}

// isQuantifier tells whether n is any, all, none or one: a test over a list.
func isQuantifier(n ast.Node) bool {
	b, ok := n.(*ast.BuiltinNode)
	return ok && loops[b.Name].result == isBool
}

// quantifier compiles any, all, none and one. Recorded are the number of items
// and which of them decided.
func (c *compiler) quantifier(x *ast.BuiltinNode) *test {
	id := c.reserve()
	p := c.arguments(x)
	want, until := true, 1
	switch x.Name {
	case "all":
		want = false
	case "one":
		until = 2
	}
	yes := func(hits int) bool { return hits == 0 } // all, none
	if x.Name == "any" || x.Name == "one" {
		yes = func(hits int) bool { return hits == 1 }
	}
	c.describe(id, leaf{form: formLoop, op: x.Name, source: c.text(x), subject: c.side(p.list), body: c.bodyText(x)})
	list, kind := p.list.eval, p.element.kind
	return &test{leaf: id, eval: func(f *frame) bool {
		from := f.begin()
		items := list(f).items(kind)
		hits, last := f.scan(items, p.test, want, until, nil)
		result := yes(hits)
		f.note(id, from, record{result: result, subject: numberValue(decimal{coef: int64(items.len())}), item: last})
		return result
	}}
}

// bodyText is the source of a loop's test.
func (c *compiler) bodyText(x *ast.BuiltinNode) string {
	if len(x.Arguments) < 2 {
		return ""
	}
	return c.text(x.Arguments[1])
}

// scan runs a test over items and counts those with the outcome want, until
// there are enough. last is the index of the last one counted, or -1.
func (f *frame) scan(items sequence, t *test, want bool, until int, kept *[]value) (hits, last int) {
	outer, index := f.item, f.index
	f.loops++
	last = -1
	for i := range items.len() {
		if hits >= until || !f.charge(1) {
			break
		}
		f.item, f.index = items.at(i), i
		if t.eval(f) == want && f.err == nil {
			hits, last = hits+1, i
			if kept != nil {
				*kept = append(*kept, items.at(i))
			}
		}
	}
	f.loops--
	f.item, f.index = outer, index
	return hits, last
}

// each evaluates body for every item.
func (f *frame) each(items sequence, body *operand, take func(value) bool) {
	outer, index := f.item, f.index
	f.loops++
	for i := range items.len() {
		if !f.charge(1) {
			break
		}
		f.item, f.index = items.at(i), i
		if !take(body.eval(f)) {
			break
		}
	}
	f.loops--
	f.item, f.index = outer, index
}

func (f *frame) mapItems(items sequence, body *operand) value {
	out := make([]value, 0, min(items.len(), 64))
	f.each(items, body, func(v value) bool {
		out = append(out, v)
		return true
	})
	return listValue(out)
}

// sum adds what are numbers; the rest counts as 0.
func (f *frame) sum(items sequence, body *operand) value {
	total := numberValue(decimal{})
	f.each(items, body, func(v value) bool {
		if n, ok := v.number(); ok {
			held, _ := total.number()
			total = f.calculate("+", held, n)
		}
		return f.err == nil
	})
	return total
}
