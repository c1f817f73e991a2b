package cond

import "strings"

// rule writes one rule, with what makes it hold or not hold when its code is missing.
func (w *ruleWriter) rule(n *Node, location string, inList bool) {
	path, ok := w.path(n.Code, location, inList)
	if !ok {
		return
	}
	text, problem, at := ruleText(path, n)
	if problem != "" {
		w.problem(member(location, at), problem)
		return
	}
	negative := affirmations[n.Operator] != ""
	switch {
	case negative && !n.OrMissing:
		text = path + " != nil and " + text
	case !negative && n.OrMissing && n.canMiss():
		text += " or " + path + " == nil"
	}
	w.b.WriteString(text)
}

// ruleText is the test that an operator stands for, or what is wrong with which member.
func ruleText(path string, n *Node) (text, problem, at string) {
	switch n.Operator {
	case opMissing:
		return path + " == nil", "", ""
	case opPresent:
		return path + " != nil", "", ""
	case opEmpty:
		return "is_empty(" + path + ")", "", ""
	case opNotEmpty:
		return "not is_empty(" + path + ")", "", ""
	case opIsTrue:
		return path + " == true", "", ""
	case opIsFalse:
		return path + " == false", "", ""
	case opBefore, opAfter, opWithin:
		return momentText(path, n)
	case opBetween:
		return betweenText(path, n)
	case opIn:
		text, problem = inText(path, n)
		return text, problem, "value"
	case opNotIn:
		text, problem = inText(path, n)
		return "not (" + text + ")", problem, "value"
	case "":
		return "", "Choose an operator.", "operator"
	}
	operator, negative := affirmations[n.Operator]
	if !negative {
		operator = n.Operator
	}
	sign, known := comparisons[operator]
	if !known {
		return "", "There is no operator " + cut(n.Operator) + "; the operators are " + strings.Join(Operators(), " ") + ".", "operator"
	}
	value, problem := literalText(n.Value)
	if problem != "" {
		return "", problem, "value"
	}
	text = path + " " + sign + " " + value
	if negative {
		text = "not (" + text + ")"
	}
	return text, "", ""
}

func inText(path string, n *Node) (text, problem string) {
	list, problem := listText(n.Value)
	return path + " in " + list, problem
}

func momentText(path string, n *Node) (text, problem, at string) {
	value, isText := n.Value.(string)
	switch {
	case !isText && n.Operator == opWithin:
		return "", `A length of time is missing, as in "7d".`, "value"
	case !isText:
		return "", `A date is missing, as in "2026-01-31".`, "value"
	case n.Operator == opWithin:
		return "within(" + path + ", " + quoteText(value) + ")", "", ""
	case n.Operator == opBefore:
		return path + " < date(" + quoteText(value) + ")", "", ""
	}
	return path + " > date(" + quoteText(value) + ")", "", ""
}

func betweenText(path string, n *Node) (text, problem, at string) {
	bounds, ok := n.Value.([]any)
	if !ok || len(bounds) != 2 {
		return "", "Two values are missing: the least and the greatest.", "value"
	}
	least, problem := literalText(bounds[0])
	if problem != "" {
		return "", problem, "value"
	}
	most, problem := literalText(bounds[1])
	if problem != "" {
		return "", problem, "value"
	}
	return path + " >= " + least + " and " + path + " <= " + most, "", ""
}
