package cond

// How tightly a row's text holds together.
const (
	looseText = iota // brackets wherever it does not stand alone
	orText
	andText
	testText // a comparison
	callText // a function, a name, something in brackets
)

// tightness tells how tightly the text of n holds together.
func tightness(n *Node) int {
	switch n.Kind {
	case GroupNode:
		switch {
		case n.Not:
			return testText
		case len(n.Rules) == 1:
			return tightness(&n.Rules[0])
		case n.Combinator == combineOr:
			return orText
		}
		return andText
	case RuleNode:
		return ruleTightness(n)
	case ListNode:
		if counters[n.Quantifier] == "" {
			return callText
		}
	case RawNode:
		return rawTightness(n.Text)
	}
	return testText
}

func ruleTightness(n *Node) int {
	negative := affirmations[n.Operator] != ""
	switch {
	case negative && n.OrMissing:
		return testText
	case n.OrMissing && n.canMiss():
		return orText
	case negative || n.Operator == opBetween:
		return andText
	case n.Operator == opEmpty || n.Operator == opWithin:
		return callText
	}
	return testText
}

// canMiss tells whether OrMissing means anything for a rule.
func (n *Node) canMiss() bool {
	return n.Operator != opMissing && n.Operator != opPresent && n.Operator != opEmpty
}
