package cond

import (
	"strings"

	"github.com/expr-lang/expr/ast"
)

// operators is the allow-list of binary operators. What Expr has beyond it (or
// will have) is refused.
var operators = map[string]bool{
	"and": true, "&&": true, "or": true, "||": true,
	"==": true, "!=": true, "<": true, "<=": true, ">": true, ">=": true,
	"in": true, "contains": true, "startsWith": true, "endsWith": true, "matches": true,
	"+": true, "-": true, "*": true, "/": true, "%": true,
	"??": true,
}

// guard refuses every node that is not allowed, before anything is compiled.
// It names each refused one at its place.
type guard struct {
	src  *source
	seen map[ast.Node]bool
}

func (g *guard) walk(n ast.Node) {
	// Expr uses one node twice for a < b < c and for a ?: b; nested, that is
	// 2^n nodes to compile.
	if g.seen[n] {
		g.refuse(n, "Comparisons cannot be chained; write a < b and b < c.")
		return
	}
	g.seen[n] = true
	if message := refusal(n); message != "" {
		g.refuse(n, message)
		return
	}
	for _, child := range children(n) {
		g.walk(child)
	}
}

func (g *guard) refuse(n ast.Node, message string) {
	g.src.problem(n.Location().From, message, "")
}

// refusal says why n may not stand in a condition; "" if it may.
func refusal(n ast.Node) string {
	switch x := n.(type) {
	case *ast.NilNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.StringNode,
		*ast.ArrayNode, *ast.MapNode, *ast.PairNode, *ast.PredicateNode:
		return ""
	case *ast.IdentifierNode:
		return refuseName(x.Value)
	case *ast.MemberNode:
		if x.Method {
			return "Values have no functions of their own; write lower(x), not x.lower()."
		}
		if x.Optional {
			return "Write a dot alone: a missing value gives nil anyway."
		}
		return ""
	case *ast.PointerNode:
		if x.Name != "" && x.Name != "index" {
			return "#" + x.Name + " is not known; # is the item and #index its number, counted from 0."
		}
		return ""
	case *ast.UnaryNode:
		if x.Operator != "not" && x.Operator != "!" && x.Operator != "-" && x.Operator != "+" {
			return "The operator " + x.Operator + " is not allowed."
		}
		return ""
	case *ast.BinaryNode:
		if !operators[x.Operator] {
			return "The operator " + x.Operator + " is not allowed."
		}
		return ""
	case *ast.ConditionalNode:
		if !x.Ternary {
			return "Write a ? b : c instead of if."
		}
		return ""
	case *ast.CallNode:
		if _, ok := x.Callee.(*ast.IdentifierNode); !ok {
			return "Only functions can be called; write lower(x), not x.lower()."
		}
		return ""
	case *ast.BuiltinNode:
		if _, ok := loops[x.Name]; !ok {
			return unknownFunction(x.Name)
		}
		return ""
	}
	return refuseKind(n)
}

// refuseKind has words for the kinds that are never allowed.
func refuseKind(n ast.Node) string {
	switch n.(type) {
	case *ast.SliceNode:
		return "A list or text cannot be cut with [a:b]; use filter, or one item as in [0]."
	case *ast.ChainNode:
		return "Write a dot alone: a missing value gives nil anyway."
	case *ast.BytesNode:
		return `Write a text as "...", without the b.`
	case *ast.VariableDeclaratorNode:
		return "Names cannot be given with let; write the expression out."
	case *ast.SequenceNode:
		return "One expression only, without semicolons; combine tests with and, or."
	}
	return "This is not allowed in a condition."
}

func refuseName(name string) string {
	if name == "$env" || strings.HasPrefix(name, "__") {
		return "The name " + name + " cannot be used."
	}
	return ""
}

// children are the nodes directly below n, in the order of the source.
func children(n ast.Node) []ast.Node {
	switch x := n.(type) {
	case *ast.MemberNode:
		return []ast.Node{x.Node, x.Property}
	case *ast.UnaryNode:
		return []ast.Node{x.Node}
	case *ast.BinaryNode:
		return []ast.Node{x.Left, x.Right}
	case *ast.ConditionalNode:
		return []ast.Node{x.Cond, x.Exp1, x.Exp2}
	case *ast.CallNode:
		return x.Arguments
	case *ast.BuiltinNode:
		return x.Arguments
	case *ast.PredicateNode:
		return []ast.Node{x.Node}
	case *ast.ArrayNode:
		return x.Nodes
	case *ast.MapNode:
		return x.Pairs
	case *ast.PairNode:
		return []ast.Node{x.Key, x.Value}
	}
	return nil
}
