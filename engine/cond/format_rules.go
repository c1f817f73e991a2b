package cond

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"cartwheel/merge"
)

// FormatRules writes a tree as the canonical text of a condition: and, or, not,
// double quotes, no more brackets than needed. ok is false, and text empty, when
// a row is incomplete; the other problems are those that [Compile] finds in the
// text. Each problem's location is the row's: "rules[0].rules[1].value".
func FormatRules(root Node, s *merge.Scope) (text string, problems []merge.Problem, ok bool) {
	w := &ruleWriter{}
	if root.Kind != GroupNode {
		return "", []merge.Problem{{Message: "The outermost part of a condition must be a group."}}, false
	}
	if len(root.Rules) == 0 {
		return "", nil, true
	}
	w.node(&root, "", false)
	if len(w.problems) > 0 {
		return "", w.problems, false
	}
	text = w.b.String()
	_, problems = Compile(text, s)
	for i := range problems {
		problems[i].Location = w.place(text, problems[i])
	}
	return text, problems, true
}

// ruleWriter writes rows one after the other and remembers where each stands.
type ruleWriter struct {
	b        strings.Builder
	count    int
	spans    []ruleSpan
	problems []merge.Problem
}

// ruleSpan is the part of the text, in bytes, that a row was written to.
type ruleSpan struct {
	from, to int
	location string
}

// place is the location of the innermost row at a problem's line and column.
func (w *ruleWriter) place(text string, p merge.Problem) string {
	offset, line, column := 0, 1, 1
	for offset < len(text) && (line < p.Line || line == p.Line && column < p.Column) {
		r, size := utf8.DecodeRuneInString(text[offset:])
		offset, column = offset+size, column+1
		if r == '\n' {
			line, column = line+1, 1
		}
	}
	location, least := "", len(text)+1
	for _, s := range w.spans {
		if s.from <= offset && offset < s.to && s.to-s.from < least {
			location, least = s.location, s.to-s.from
		}
	}
	return location
}

func (w *ruleWriter) problem(location, message string) {
	w.problems = append(w.problems, merge.Problem{Location: location, Message: message})
}

// node writes a row; location is its own, "" for the root. inList: its codes may begin with a dot.
func (w *ruleWriter) node(n *Node, location string, inList bool) {
	if w.count++; w.count > maxRules {
		if w.count == maxRules+1 {
			w.problem(location, fmt.Sprintf("This has more than %d parts; split it into several.", maxRules))
		}
		return
	}
	from := w.b.Len()
	switch n.Kind {
	case GroupNode:
		w.group(n, location, inList)
	case RuleNode:
		w.rule(n, location, inList)
	case ListNode:
		w.list(n, location, inList)
	case SumNode:
		w.sum(n, location, inList)
	case RawNode:
		w.raw(n, location, inList)
	default:
		w.problem(member(location, "kind"), "The kind of a row is group, rule, list, sum or raw.")
	}
	w.spans = append(w.spans, ruleSpan{from, w.b.Len(), location})
}

// member is the location of something below a row.
func member(location, name string) string {
	if location == "" {
		return name
	}
	return location + "." + name
}

func ruleAt(location string, i int) string {
	return member(location, "rules["+strconv.Itoa(i)+"]")
}

func (w *ruleWriter) group(n *Node, location string, inList bool) {
	switch {
	case len(n.Rules) == 0:
		w.problem(location, "This group is empty. Put a rule into it or remove it.")
		return
	case n.Combinator != combineAnd && n.Combinator != combineOr:
		w.problem(member(location, "combinator"), "The combinator is and, or.")
		return
	case n.Not:
		inner := *n
		inner.Not = false
		w.b.WriteString("not ")
		w.bracketed(tightness(&inner) < callText, func() { w.members(&inner, location, inList) })
	default:
		w.members(n, location, inList)
	}
}

func (w *ruleWriter) members(n *Node, location string, inList bool) {
	needed := andText
	switch {
	case len(n.Rules) == 1:
		needed = looseText
	case n.Combinator == combineOr:
		needed = orText
	}
	for i := range n.Rules {
		if w.count > maxRules {
			return // said already
		}
		if i > 0 {
			w.b.WriteString(" " + n.Combinator + " ")
		}
		w.bracketed(tightness(&n.Rules[i]) < needed, func() { w.node(&n.Rules[i], ruleAt(location, i), inList) })
	}
}

func (w *ruleWriter) bracketed(yes bool, write func()) {
	if !yes {
		write()
		return
	}
	w.b.WriteByte('(')
	write()
	w.b.WriteByte(')')
}
