package web_test

import (
	"context"
	"encoding/json"

	"cartwheel/engine"
	"cartwheel/merge"
)

// sampleTree has every kind of row.
func sampleTree() engine.ConditionNode {
	body := engine.ConditionNode{Kind: engine.GroupNode, Combinator: "or", Not: true, Rules: []engine.ConditionNode{
		{Kind: engine.RuleNode, Code: ".sku", Operator: "starts_with", Value: "TEE-"}}}
	return engine.ConditionNode{Kind: engine.GroupNode, Combinator: "and", Rules: []engine.ConditionNode{
		{Kind: engine.RuleNode, Code: "BigCommerce.Order.id", Operator: "eq", Value: json.Number("9007199254740993"), OrMissing: true},
		{Kind: engine.RuleNode, Code: "BigCommerce.Order.status", Operator: "in", Value: []any{"Shipped", json.Number("1.50"), true}},
		{Kind: engine.ListNode, Code: "BigCommerce.Products", Quantifier: "at_least", Count: 2, Body: &body},
		{Kind: engine.SumNode, Code: "BigCommerce.Products", Item: ".quantity", Operator: "gt", Value: json.Number("5")},
		{Kind: engine.RawNode, Text: "len(x) > 3"},
	}}
}

func (f *fakeEngine) ParseCondition(condition string, _ engine.TriggerRef) (engine.ConditionTree, error) {
	f.note = condition
	return engine.ConditionTree{Root: sampleTree(), Comments: true, Problems: []merge.Problem{{Location: "body.condition", Message: "No.", Line: 1, Column: 2}}},
		f.note1("ParseCondition")
}

func (f *fakeEngine) FormatCondition(root engine.ConditionNode, _ engine.TriggerRef) (engine.FormattedCondition, error) {
	f.root = root
	text := "true"
	return engine.FormattedCondition{Condition: &text}, f.note1("FormatCondition")
}

func (f *fakeEngine) FillRates(_ context.Context, trigger, authenticationID string) (engine.FillRates, error) {
	f.id, f.note = trigger, authenticationID
	return engine.FillRates{Events: 200, Codes: map[merge.Code]engine.FillRate{"BigCommerce | Order | id": {Seen: 200, Filled: 199}}}, f.note1("FillRates")
}

func (f *fakeEngine) UnavailableCodes(string) ([]engine.Unavailable, error) {
	return []engine.Unavailable{{Root: "BigCommerce | Cart", Reason: "It is gone.", Codes: []merge.Code{"BigCommerce | Cart | id"}}}, f.err
}
