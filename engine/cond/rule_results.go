package cond

import (
	"slices"
	"strconv"

	"cartwheel/merge"
)

// RuleResult is what one row of a tree says for an event.
type RuleResult struct {
	ID      string // the places of the groups around it and its own: "1.0"
	Result  *bool  // nil: the row has problems or could not be evaluated
	Value   any    // the actual value; of a list the number of items, of count and sum what came out
	Missing []string
}

// Results evaluates every row by itself, in depth-first order, whether it
// decides or not. The tests inside a list are about its items and have no row.
// All rows share env's meter.
func (t Tree) Results(env merge.Env, s *merge.Scope) []RuleResult {
	f := newFrame(env)
	env.Meter = f.meter
	out := []RuleResult{}
	t.Root.leaves("", func(id string, n *Node) {
		out = append(out, n.result(id, env, s))
	})
	return out
}

// leaves calls visit for every row that is no group.
func (n *Node) leaves(id string, visit func(id string, n *Node)) {
	if n.isLeaf() {
		visit(id, n)
		return
	}
	for i := range n.Rules {
		at := strconv.Itoa(i)
		if id != "" {
			at = id + "." + at
		}
		n.Rules[i].leaves(at, visit)
	}
}

func (n *Node) result(id string, env merge.Env, s *merge.Scope) RuleResult {
	r := RuleResult{ID: id}
	text, problems, ok := FormatRules(groupOf(combineAnd, *n), s)
	if !ok || len(problems) > 0 {
		return r
	}
	c, problems := Compile(text, s)
	if len(problems) > 0 {
		return r
	}
	verdict, err := c.Decide(env)
	if err != nil {
		return r
	}
	r.Result = &verdict.Result
	if len(verdict.Explanation) > 0 && (n.Kind != RawNode || len(verdict.Explanation) == 1) {
		r.Value = verdict.Explanation[0].Value // of several the first is about the code itself
	}
	for _, part := range verdict.Explanation {
		for _, label := range part.Missing {
			if !slices.Contains(r.Missing, label) {
				r.Missing = append(r.Missing, label)
			}
		}
	}
	return r
}
