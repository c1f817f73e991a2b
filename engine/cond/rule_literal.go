package cond

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/expr-lang/expr/ast"
)

func isNilLiteral(n ast.Node) bool {
	_, ok := n.(*ast.NilNode)
	return ok
}

// literalOf is the value of a text, a number, true or false.
func literalOf(n ast.Node) (value any, ok bool) {
	switch x := n.(type) {
	case *ast.StringNode:
		return x.Value, true
	case *ast.BoolNode:
		return x.Value, true
	case *ast.IntegerNode:
		return json.Number(strconv.Itoa(x.Value)), true
	case *ast.FloatNode:
		return json.Number(floatText(x.Value)), true
	case *ast.UnaryNode:
		number, ok := literalOf(x.Node)
		text, isNumber := number.(json.Number)
		if !ok || !isNumber || text[0] == '-' {
			return nil, false
		}
		if x.Operator == "-" {
			return "-" + text, true
		}
		return text, x.Operator == "+"
	}
	return nil, false
}

// floatText writes a number as people do, as long as it is not too long.
func floatText(f float64) string {
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e15) {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// literals are the values of a list that is written out.
func literals(n ast.Node) (values []any, ok bool) {
	list, ok := n.(*ast.ArrayNode)
	if !ok {
		return nil, false
	}
	values = []any{}
	for _, part := range list.Nodes {
		value, ok := literalOf(part)
		if !ok {
			return nil, false
		}
		values = append(values, value)
	}
	return values, true
}

// dateCall is the text in date("2026-01-31").
func dateCall(n ast.Node) (text string, ok bool) {
	call, ok := n.(*ast.CallNode)
	if !ok || nameOf(call) != "date" || len(call.Arguments) != 1 {
		return "", false
	}
	day, ok := call.Arguments[0].(*ast.StringNode)
	if !ok {
		return "", false
	}
	return day.Value, true
}
