package cond

import (
	"strings"
	"unicode"

	"github.com/expr-lang/expr/ast"

	"cartwheel/merge"
)

// Tree is a condition in its visual form.
type Tree struct {
	Root     Node // a group
	Full     bool // there is no raw row
	Comments bool // the text has comments, which no tree can hold
}

// ParseRules reads a condition into its visual form. What has none becomes a raw
// row with its own text, so that nothing is lost; a text that cannot be read at
// all is one raw row. The problems are those of [Compile]. It never panics.
func ParseRules(src string, s *merge.Scope) (tree Tree, problems []merge.Problem) {
	whole := Tree{Root: groupOf(combineAnd, Node{Kind: RawNode, Text: src})}
	defer func() {
		if r := recover(); r != nil {
			tree, problems = whole, []merge.Problem{{Message: fault(r).Error(), Line: 1, Column: 1}}
		}
	}()
	if len(src) <= maxSource && isBlank(src) {
		return Tree{Root: groupOf(combineAnd), Full: true}, nil
	}
	if s == nil {
		s = &merge.Scope{}
	}
	_, problems = Compile(src, s)
	text := newSource(src, merge.Position{Line: 1, Column: 1})
	root := text.parse(src)
	whole.Comments = text.hasComments()
	if root == nil {
		return whole, problems
	}
	g := &guard{src: text, seen: map[ast.Node]bool{}}
	if g.walk(root); len(text.problems) > 0 {
		return whole, problems
	}
	r := &ruleReader{src: text, catalog: &s.Catalog}
	tree = Tree{Root: asGroup(r.node(root)), Comments: whole.Comments}
	tree.Full = !tree.Root.hasRaw()
	return tree, problems
}

// ruleReader turns a guarded syntax tree into rows.
type ruleReader struct {
	src     *source
	catalog *merge.Catalog
	items   []merge.Entry // of the lists around, innermost last
	depth   int
}

func groupOf(combinator string, rules ...Node) Node {
	if rules == nil {
		rules = []Node{}
	}
	return Node{Kind: GroupNode, Combinator: combinator, Rules: rules}
}

// asGroup puts a single row into a group, as the root and the test of a list are.
func asGroup(n Node) Node {
	if n.Kind == GroupNode {
		return n
	}
	return groupOf(combineAnd, n)
}

// node reads any test.
func (r *ruleReader) node(n ast.Node) Node {
	r.depth++
	defer func() { r.depth-- }()
	if r.depth > maxTreeDepth {
		return r.raw(n)
	}
	switch x := n.(type) {
	case *ast.BinaryNode:
		if combinator := combinatorOf(x); combinator != "" {
			return r.chain(x, combinator)
		}
		if rule, ok := r.comparison(x); ok {
			return rule
		}
	case *ast.UnaryNode:
		if x.Operator == "not" || x.Operator == "!" {
			return opposite(r.node(x.Node))
		}
	case *ast.CallNode:
		if rule, ok := r.call(x); ok {
			return rule
		}
	case *ast.BuiltinNode:
		if rule, ok := r.quantifier(x); ok {
			return rule
		}
	default:
		if code, ok := r.path(n); ok {
			return Node{Kind: RuleNode, Code: code, Operator: opIsTrue}
		}
	}
	return r.raw(n)
}

// raw keeps n as it is written, without comments and line breaks.
func (r *ruleReader) raw(n ast.Node) Node {
	from, to := r.src.span(n)
	return Node{Kind: RawNode, Text: r.src.plain(from, to)}
}

func combinatorOf(x *ast.BinaryNode) string {
	switch x.Operator {
	case "and", "&&":
		return combineAnd
	case "or", "||":
		return combineOr
	}
	return ""
}

// chain reads a and b and c as one group.
func (r *ruleReader) chain(x *ast.BinaryNode, combinator string) Node {
	var operands []ast.Node
	var collect func(ast.Node)
	collect = func(n ast.Node) {
		if b, ok := n.(*ast.BinaryNode); ok && combinatorOf(b) == combinator {
			collect(b.Left)
			collect(b.Right)
			return
		}
		operands = append(operands, n)
	}
	collect(x)
	group := groupOf(combinator)
	for _, n := range operands {
		row := r.node(n)
		if last := len(group.Rules) - 1; last >= 0 {
			if joined, ok := join(combinator, group.Rules[last], row); ok {
				group.Rules[last] = joined
				continue
			}
		}
		group.Rules = append(group.Rules, row)
	}
	if len(group.Rules) == 1 {
		return group.Rules[0]
	}
	return group
}

// join makes one row of two neighbours of which only FormatRules writes both.
func join(combinator string, a, b Node) (Node, bool) {
	if a.Kind != RuleNode || b.Kind != RuleNode || a.Code != b.Code || a.OrMissing {
		return a, false
	}
	if combinator == combineOr {
		if b.Operator != opMissing || a.Operator == opMissing || a.Operator == opPresent || a.Operator == opEmpty {
			return a, false
		}
		a.OrMissing = true
		return a, true
	}
	switch {
	case a.Operator == "ge" && b.Operator == "le" && !b.OrMissing:
		a.Operator, a.Value = opBetween, []any{a.Value, b.Value}
		return a, true
	case a.Operator == opPresent && affirmations[b.Operator] != "" && b.OrMissing:
		b.OrMissing = false
		return b, true
	}
	return a, false
}

// opposite is the opposite of a row that was read.
func opposite(n Node) Node {
	switch n.Kind {
	case GroupNode:
		if !n.Not {
			n.Not = true
			return n
		}
	case RuleNode:
		switch negation := negations[n.Operator]; {
		case negation != "" && !n.OrMissing:
			n.Operator, n.OrMissing = negation, true
			return n
		case n.Operator == opEmpty:
			n.Operator = opNotEmpty
			return n
		case n.Operator == opMissing:
			n.Operator = opPresent
			return n
		case n.Operator == opPresent:
			n.Operator = opMissing
			return n
		}
	}
	group := groupOf(combineAnd, n)
	group.Not = true
	return group
}

// hasComments tells whether something stands between the tokens.
func (s *source) hasComments() bool {
	at := 0
	for _, t := range s.tokens {
		if !isBlank(string(s.runes[at:t.From])) {
			return true
		}
		at = t.To
	}
	return !isBlank(string(s.runes[at:]))
}

// plain is the text of the tokens between two offsets on one line: a comment or a line break between two is a blank.
func (s *source) plain(from, to int) string {
	var b strings.Builder
	at := from
	for _, t := range s.tokens {
		if t.From < from || t.To > to {
			continue
		}
		gap := string(s.runes[at:t.From])
		if !isBlank(gap) || strings.ContainsFunc(gap, func(r rune) bool { return r != ' ' && unicode.IsSpace(r) }) {
			gap = " "
		}
		if b.Len() > 0 {
			b.WriteString(gap)
		}
		b.WriteString(string(s.runes[t.From:t.To]))
		at = t.To
	}
	return b.String()
}
