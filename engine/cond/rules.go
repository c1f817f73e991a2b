package cond

// NodeKind says what a Node is.
type NodeKind string

// The kinds of nodes.
const (
	GroupNode NodeKind = "group" // tests joined by and, or
	RuleNode  NodeKind = "rule"  // a merge code, an operator, a value
	ListNode  NodeKind = "list"  // a test on the items of a list
	SumNode   NodeKind = "sum"   // a sum over the items of a list, compared
	RawNode   NodeKind = "raw"   // an expression that has no other form
)

// Node is one row of a condition in its visual form. The text of the condition
// is the truth; [ParseRules] and [FormatRules] go there and back without loss.
//
// A code is a path (BigCommerce.Order.id); inside a list one that begins with a
// dot is a member of the item, and "." is the item itself.
type Node struct {
	Kind NodeKind

	Combinator string // group: "and", "or"
	Not        bool   // group: the opposite of the whole
	Rules      []Node // group; without any the root is always true

	Code     string // rule, list, sum
	Operator string // rule, sum
	Value    any    // rule, sum: string, json.Number, bool, []any of these, nil
	// OrMissing makes the rule hold, too, when the code has no value. Without it
	// a rule never holds then, the negative ones included.
	OrMissing bool

	Quantifier string // list: any all none at_least at_most exactly
	Count      int    // list: of the last three
	Body       *Node  // list: a group

	Item string // sum: what is added up, as typed: ".quantity * .price"
	Text string // raw
}

// The combinators of a group.
const (
	combineAnd = "and"
	combineOr  = "or"
)

// The operators of rules that are written in a way of their own; see [comparisons] and [negations] for the others.
const (
	opBetween  = "between"
	opIn       = "in"
	opNotIn    = "not_in"
	opBefore   = "before"
	opAfter    = "after"
	opWithin   = "within"
	opIsTrue   = "is_true"
	opIsFalse  = "is_false"
	opMissing  = "missing"
	opPresent  = "present"
	opEmpty    = "empty"
	opNotEmpty = "not_empty"
)

// comparisons are the operators that are written between a code and a value.
var comparisons = map[string]string{
	"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
	"contains": "contains", "starts_with": "startsWith", "ends_with": "endsWith", "matches": "matches",
}

// operatorNames is comparisons the other way round.
var operatorNames = func() map[string]string {
	names := make(map[string]string, len(comparisons))
	for name, sign := range comparisons {
		names[sign] = name
	}
	return names
}()

// negations are the operators whose opposite is an operator, too, but not a sign:
// "not (p contains x)". As that holds when p is missing, it is the opposite with OrMissing.
var negations = map[string]string{
	"contains": "not_contains", "starts_with": "not_starts_with", "ends_with": "not_ends_with",
	"matches": "not_matches", opIn: opNotIn,
}

// affirmations is negations the other way round.
var affirmations = func() map[string]string {
	names := make(map[string]string, len(negations))
	for name, opposite := range negations {
		names[opposite] = name
	}
	return names
}()

// counters are the quantifiers that are written with count.
var counters = map[string]string{"at_least": ">=", "at_most": "<=", "exactly": "=="}

const (
	maxRules = maxNodes // of one tree
	// maxTreeDepth keeps a tree within what a request may be nested: deeper parts are raw rows.
	maxTreeDepth = 18
)

// isLeaf tells whether n is a row of its own rather than a group.
func (n *Node) isLeaf() bool { return n.Kind != GroupNode }

// hasRaw tells whether a part of n is an expression that has no other form.
func (n *Node) hasRaw() bool {
	switch n.Kind {
	case RawNode:
		return true
	case ListNode:
		return n.Body != nil && n.Body.hasRaw()
	}
	for i := range n.Rules {
		if n.Rules[i].hasRaw() {
			return true
		}
	}
	return false
}
