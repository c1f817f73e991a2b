package cond

import (
	"strconv"
	"strings"
)

// list writes any(p, ...) and count(p, ...) >= 2.
func (w *ruleWriter) list(n *Node, location string, inList bool) {
	path, ok := w.path(n.Code, location, inList)
	sign := counters[n.Quantifier]
	name := n.Quantifier
	switch {
	case !ok:
		return
	case n.Body == nil || n.Body.Kind != GroupNode:
		w.problem(member(location, "rules"), "The test of the items is missing.")
		return
	case sign != "":
		name = "count"
		if n.Count < 0 {
			w.problem(member(location, "count"), "A number of items is missing: 0 or more.")
			return
		}
	case name != "any" && name != "all" && name != "none":
		w.problem(member(location, "quantifier"), "The quantifier is any, all, none, at_least, at_most or exactly.")
		return
	}
	w.b.WriteString(name + "(" + path + ", ")
	w.node(n.Body, member(location, "rules"), true)
	w.b.WriteByte(')')
	if sign != "" {
		w.b.WriteString(" " + sign + " " + strconv.Itoa(n.Count))
	}
}

// sum writes sum(p, .quantity) > 5.
func (w *ruleWriter) sum(n *Node, location string, inList bool) {
	path, ok := w.path(n.Code, location, inList)
	if !ok {
		return
	}
	sign, known := comparisons[n.Operator]
	if _, isOrder := mirrors[sign]; !known || !isOrder || sign == "contains" {
		w.problem(member(location, "operator"), "The operator of a sum is eq, ne, lt, le, gt or ge.")
		return
	}
	value, problem := literalText(n.Value)
	if problem != "" {
		w.problem(member(location, "value"), problem)
		return
	}
	text := "sum(" + path + ")"
	if strings.TrimSpace(n.Item) != "" {
		item, problem := readItem(n.Item)
		if problem != "" {
			w.problem(member(location, "item"), problem)
			return
		}
		text = "sum(" + path + ", " + item + ")"
	}
	w.b.WriteString(text + " " + sign + " " + value)
}
