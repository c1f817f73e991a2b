package engine

import (
	"cartwheel/engine/cond"
	"cartwheel/merge"
)

// ConditionNode is one row of a condition in its visual form.
type ConditionNode = cond.Node

// NodeKind says what a row is.
type NodeKind = cond.NodeKind

// The kinds of rows.
const (
	GroupNode = cond.GroupNode
	RuleNode  = cond.RuleNode
	ListNode  = cond.ListNode
	SumNode   = cond.SumNode
	RawNode   = cond.RawNode
)

// RuleResult is what one row of a condition says for an event.
type RuleResult = cond.RuleResult

// ConditionTree is a condition in its visual form.
type ConditionTree struct {
	Root     ConditionNode // a group
	Full     bool          // every part has a visual form
	Comments bool          // the text has comments, which the tree cannot hold
	Problems []merge.Problem
}

// FormattedCondition is the text of a tree. Condition is nil while a row is incomplete.
type FormattedCondition struct {
	Condition *string
	Problems  []merge.Problem
}

// ConditionOperators lists the operators of rules, sorted.
func ConditionOperators() []string { return cond.Operators() }

// ParseCondition reads a condition into its visual form. Errors: Invalid (the trigger).
func (e *Engine) ParseCondition(condition string, ref TriggerRef) (ConditionTree, error) {
	catalog, err := e.previewCatalog(ref)
	if err != nil {
		return ConditionTree{}, err
	}
	tree, problems := cond.ParseRules(condition, &merge.Scope{Catalog: catalog})
	return ConditionTree{Root: tree.Root, Full: tree.Full, Comments: tree.Comments, Problems: merge.At("body.condition", problems)}, nil
}

// FormatCondition writes a visual form as a condition. Errors: Invalid (the trigger).
func (e *Engine) FormatCondition(root ConditionNode, ref TriggerRef) (FormattedCondition, error) {
	catalog, err := e.previewCatalog(ref)
	if err != nil {
		return FormattedCondition{}, err
	}
	text, problems, ok := cond.FormatRules(root, &merge.Scope{Catalog: catalog})
	f := FormattedCondition{Problems: merge.At("body.rules", problems)}
	if ok {
		f.Condition = &text
	}
	return f, nil
}

// ruleResults says what every row of a condition without problems decides.
func (e *Engine) ruleResults(condition string, catalog merge.Catalog, root merge.Object) []RuleResult {
	scope := &merge.Scope{Catalog: catalog}
	tree, _ := cond.ParseRules(condition, scope)
	return tree.Results(e.env(root), scope)
}
