// Package cond decides: it compiles the conditions of workflows and branches,
// and the expressions inside templates, and evaluates them.
//
// The language is the syntax of Expr (github.com/expr-lang/expr), but only its
// parser is used. Expr's virtual machine takes no context, cannot be stopped
// and bounds neither memory nor time, so a text goes through four hands here:
//
//  1. parse (syntax.go): length and brackets first, then Expr's parser;
//  2. guard (guard.go): node kinds, operators and functions by allow-list, so
//     that a newer Expr cannot widen the language;
//  3. compile (compile.go and its neighbours): names and types against the
//     merge codes of the trigger. The outcome is a tree of closures;
//  4. evaluate (frame.go): every closure charges the [merge.Meter] before it
//     works, so that nothing runs for long whatever it was fed.
//
// Three rules shape the values (value.go, relate.go). A missing value never
// fails: member access on it is nil, and a comparison with nil is false unless
// it is with the literal nil. With a type from the catalogue the type decides,
// and amounts are exact decimals; without one (an HTTP answer) the shape of the
// text does. What can never be true is refused when it is saved, what may be is not.
package cond

import (
	"errors"

	"cartwheel/merge"
)

// Limits of one condition or expression; see also [merge.MaxWork].
const (
	maxSource  = 4 << 10  // bytes, checked before parsing: the parser recurses
	maxNodes   = 400      // of the syntax tree
	maxPattern = 2_000    // instructions of all regular expressions together
	maxText    = 64 << 10 // bytes of a text that an expression makes
)

// ErrLimit ends an evaluation that asks for too much work; it is [merge.ErrLimit].
var ErrLimit = merge.ErrLimit

var errInternal = errors.New("the condition could not be evaluated because of a fault in Cartwheel; please report it")

// Condition is a compiled condition. It may be used by several goroutines.
type Condition struct {
	program *program // nil: always true
}

// Verdict is the outcome of a condition and why it came out so.
type Verdict struct {
	Result bool
	// Reason names the comparison that decided, in a sentence for a store
	// operator. Values in it are cut and their control characters made visible.
	Reason string
	// Explanation holds every comparison and every yes-or-no value that was
	// looked at, in the order of the source.
	Explanation []Comparison
}

// Comparison is one test inside a condition.
type Comparison struct {
	// Expression is its source as typed.
	Expression string `json:"expression"`
	// Value is the actual (wire) value of the side that holds the merge code;
	// nil if it is missing. For any, all, none and one it is the number of items.
	Value any `json:"value"`
	// Result is what came out.
	Result bool `json:"result"`
	// Missing are the labels of the merge codes that had no value.
	Missing []string `json:"missing,omitempty"`
}

// Compile compiles the condition of a workflow or a branch. An empty one is
// always true. The Condition is nil when there are problems; their lines and
// columns count from 1, their suggestions are paths (BigCommerce.Order.id).
func Compile(src string, s *merge.Scope) (*Condition, []merge.Problem) {
	if len(src) <= maxSource && isBlank(src) {
		return &Condition{}, nil
	}
	p, problems := compile(src, merge.Position{Line: 1, Column: 1}, s, true)
	if len(problems) > 0 {
		return nil, problems
	}
	return &Condition{program: p}, nil
}

// Codes are the merge codes that the condition reads, in the order of the
// source, each once. Of list items it names the list.
func (c *Condition) Codes() []merge.Code {
	if c.program == nil {
		return nil
	}
	return c.program.Codes()
}

// Decide evaluates the condition. A nil env.Meter means a fresh one.
// Errors: [ErrLimit] (the condition is at fault), [merge.ErrSlow] (try again).
func (c *Condition) Decide(env merge.Env) (Verdict, error) {
	var j Judge
	result, reason, err := j.Decide(c, env)
	verdict := Verdict{Result: result, Reason: reason}
	if err == nil && c.program != nil {
		verdict.Explanation = c.program.explanation(&j.frame)
	}
	return verdict, err
}
