package cond

import (
	"github.com/expr-lang/expr/ast"

	"cartwheel/merge"
)

// comparison reads what compares a merge code with literals.
func (r *ruleReader) comparison(x *ast.BinaryNode) (Node, bool) {
	left, right, op := x.Left, x.Right, x.Operator
	if _, ok := literalOf(left); ok || isNilLiteral(left) { // 50 < p
		mirrored, ok := mirrors[op]
		if !ok || op == "contains" {
			return Node{}, false
		}
		left, right, op = right, left, mirrored
	}
	if loop, ok := left.(*ast.BuiltinNode); ok {
		return r.aggregate(loop, op, right)
	}
	code, ok := r.path(left)
	if !ok {
		return Node{}, false
	}
	rule := Node{Kind: RuleNode, Code: code, Operator: operatorNames[op]}
	if isNilLiteral(right) {
		rule.Operator = map[string]string{"==": opMissing, "!=": opPresent}[op]
		return rule, rule.Operator != ""
	}
	if op == opIn {
		rule.Operator = opIn
		rule.Value, ok = literals(right)
		return rule, ok
	}
	if day, ok := dateCall(right); ok {
		return r.moment(rule, day)
	}
	value, ok := literalOf(right)
	if !ok || rule.Operator == "" {
		return Node{}, false
	}
	return r.valued(rule, value)
}

// valued gives a rule its value, and the operator that people know for it.
func (r *ruleReader) valued(rule Node, value any) (Node, bool) {
	rule.Value = value
	switch v := value.(type) {
	case bool:
		if rule.Operator == "eq" {
			rule.Value, rule.Operator = nil, opIsFalse
			if v {
				rule.Operator = opIsTrue
			}
		}
	case string:
		// The catalogue's type makes a date of the text in any case.
		if _, ok := merge.AsTime(v); ok && r.typeOf(rule.Code) == merge.Datetime {
			switch rule.Operator {
			case "lt":
				rule.Operator = opBefore
			case "gt":
				rule.Operator = opAfter
			}
		}
	}
	return rule, true
}

// moment reads p < date("2026-01-31") and its like.
func (r *ruleReader) moment(rule Node, day string) (Node, bool) {
	rule.Value = day
	switch rule.Operator {
	case "lt":
		rule.Operator = opBefore
		return rule, true
	case "gt":
		rule.Operator = opAfter
		return rule, true
	case "le", "ge", "eq", "ne":
		_, ok := merge.AsTime(day)
		return rule, ok && r.typeOf(rule.Code) == merge.Datetime
	}
	return Node{}, false
}

// call reads has(p), is_empty(p) and within(p, "7d").
func (r *ruleReader) call(x *ast.CallNode) (Node, bool) {
	if len(x.Arguments) == 0 {
		return Node{}, false
	}
	code, ok := r.path(x.Arguments[0])
	rule := Node{Kind: RuleNode, Code: code}
	switch name := nameOf(x); {
	case !ok:
		return Node{}, false
	case name == "has" && len(x.Arguments) == 1:
		rule.Operator = opPresent
	case name == "is_empty" && len(x.Arguments) == 1:
		rule.Operator = opEmpty
	case name == "within" && len(x.Arguments) == 2:
		span, isText := x.Arguments[1].(*ast.StringNode)
		if !isText {
			return Node{}, false
		}
		rule.Operator, rule.Value = opWithin, span.Value
	default:
		return Node{}, false
	}
	return rule, true
}
