package cond

import (
	"github.com/expr-lang/expr/ast"

	"cartwheel/merge"
)

// raw writes an expression as it was typed, on one line.
func (w *ruleWriter) raw(n *Node, location string, inList bool) {
	text, _, problems := readRaw(n.Text, inList)
	if len(problems) > 0 {
		w.problems = append(w.problems, merge.At(member(location, "text"), problems)...)
		return
	}
	w.b.WriteString(text)
}

// readRaw reads an expression by itself. Inside a list it may speak of the item, which Expr's parser takes only there.
func readRaw(typed string, inList bool) (text string, n ast.Node, problems []merge.Problem) {
	s := newSource(typed, merge.Position{Line: 1, Column: 1})
	if len(typed) > maxSource || isBlank(typed) || !s.scan(typed) || len(s.tokens) == 0 {
		s = newSource(typed, merge.Position{Line: 1, Column: 1})
		s.parse(typed) // says what is wrong
		return "", nil, s.sorted()
	}
	text = s.plain(s.tokens[0].From, s.tokens[len(s.tokens)-1].To)
	if !inList {
		s = newSource(text, merge.Position{Line: 1, Column: 1})
		n = s.parse(text)
		return text, n, s.sorted()
	}
	const before = "any(x, "
	s = newSource(before+text+")", merge.Position{Line: 1, Column: 1 - len(before)})
	n = s.parse(before + text + ")")
	if len(s.problems) > 0 {
		return "", nil, s.sorted()
	}
	if loop, ok := n.(*ast.BuiltinNode); ok && loop.Name == "any" && len(loop.Arguments) == 2 {
		if predicate, ok := loop.Arguments[1].(*ast.PredicateNode); ok {
			return text, predicate.Node, nil
		}
	}
	return "", nil, []merge.Problem{{Message: "This cannot be read as one expression.", Line: 1, Column: 1}}
}

// readItem reads what a sum adds up.
func readItem(typed string) (text, problem string) {
	text, _, problems := readRaw(typed, true)
	if len(problems) > 0 {
		return "", problems[0].Message
	}
	return text, ""
}

// rawTightness tells how tightly a raw row holds together.
func rawTightness(typed string) int {
	_, n, problems := readRaw(typed, false)
	if len(problems) > 0 {
		_, n, _ = readRaw(typed, true)
	}
	switch x := n.(type) {
	case *ast.BinaryNode:
		switch combinatorOf(x) {
		case combineAnd:
			return andText
		case combineOr:
			return orText
		}
		if x.Operator == "??" {
			return looseText
		}
		return testText
	case *ast.UnaryNode:
		return testText
	case *ast.ConditionalNode, nil:
		return looseText
	}
	return callText
}
