package cond

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/expr-lang/expr/ast"
)

// quantifier reads any(p, ...), all, none and one.
func (r *ruleReader) quantifier(x *ast.BuiltinNode) (Node, bool) {
	n := Node{Kind: ListNode, Quantifier: x.Name}
	switch x.Name {
	case "any", "all", "none":
	case "one":
		n.Quantifier, n.Count = "exactly", 1
	default:
		return Node{}, false
	}
	return r.list(n, x)
}

// list reads the list and the test of a loop.
func (r *ruleReader) list(n Node, x *ast.BuiltinNode) (Node, bool) {
	if len(x.Arguments) != 2 {
		return Node{}, false
	}
	code, ok := r.path(x.Arguments[0])
	predicate, isTest := x.Arguments[1].(*ast.PredicateNode)
	if !ok || !isTest {
		return Node{}, false
	}
	r.items = append(r.items, r.entry(code).Element())
	body := asGroup(r.node(predicate.Node))
	r.items = r.items[:len(r.items)-1]
	n.Code, n.Body = code, &body
	return n, true
}

// aggregate reads count(p, ...) >= 2 and sum(p, .quantity) > 5.
func (r *ruleReader) aggregate(x *ast.BuiltinNode, op string, right ast.Node) (Node, bool) {
	number, ok := literalOf(right)
	if !ok {
		return Node{}, false
	}
	if x.Name == "sum" {
		return r.sum(x, operatorNames[op], number)
	}
	count, ok := wholeNumber(number)
	if x.Name != "count" || !ok {
		return Node{}, false
	}
	n := Node{Kind: ListNode, Count: count}
	switch op {
	case ">=":
		n.Quantifier = "at_least"
	case ">":
		n.Quantifier, n.Count = "at_least", count+1
	case "<=":
		n.Quantifier = "at_most"
	case "<":
		n.Quantifier, n.Count = "at_most", count-1
	case "==":
		n.Quantifier = "exactly"
	}
	if n.Quantifier == "" || n.Count < 0 {
		return Node{}, false
	}
	return r.list(n, x)
}

func (r *ruleReader) sum(x *ast.BuiltinNode, operator string, value any) (Node, bool) {
	code, ok := r.path(x.Arguments[0])
	_, isOrder := mirrors[comparisons[operator]]
	if !ok || !isOrder || operator == "contains" {
		return Node{}, false
	}
	n := Node{Kind: SumNode, Code: code, Operator: operator, Value: value}
	if len(x.Arguments) > 1 {
		from, to := r.src.span(x.Arguments[1])
		n.Item = r.src.plain(from, to)
	}
	return n, true
}

// wholeNumber reads the literal of a count.
func wholeNumber(v any) (n int, ok bool) {
	text, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(string(text))
	return n, err == nil && n >= 0 && n < math.MaxInt32
}
