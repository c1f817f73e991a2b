package web

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"cartwheel/engine"
	"cartwheel/merge"
)

// conditionGroupJSON is rows joined by and, or.
type conditionGroupJSON struct {
	Kind       string              `json:"kind" enum:"group"`
	Combinator string              `json:"combinator" enum:"and,or"`
	Not        bool                `json:"not" required:"false" doc:"The opposite of the whole."`
	Rules      []conditionNodeJSON `json:"rules" doc:"None at all, at the root: always."`
}

// conditionRuleJSON is a merge code, an operator and a value.
type conditionRuleJSON struct {
	Kind      string `json:"kind" enum:"rule"`
	Code      string `json:"code" doc:"A path, BigCommerce.Order.id; inside a list .sku is a member of the item and . the item itself."`
	Operator  string `json:"operator" enum:"eq,ne,lt,le,gt,ge,between,contains,not_contains,starts_with,not_starts_with,ends_with,not_ends_with,matches,not_matches,in,not_in,before,after,within,is_true,is_false,missing,present,empty,not_empty"`
	Value     any    `json:"value" required:"false" doc:"A text, a number, true or false; a list of them for in, of two for between; a date such as 2026-01-31 for before and after, 7d for within."`
	OrMissing bool   `json:"or_missing" required:"false" doc:"It holds, too, when the code has no value. Otherwise it never does then, negative operators included."`
}

// conditionListJSON is a test on the items of a list.
type conditionListJSON struct {
	Kind       string             `json:"kind" enum:"list"`
	Code       string             `json:"code" doc:"The list."`
	Quantifier string             `json:"quantifier" enum:"any,all,none,at_least,at_most,exactly"`
	Count      int                `json:"count" required:"false" minimum:"0" maximum:"1000000000" doc:"For at_least, at_most and exactly."`
	Rules      conditionGroupJSON `json:"rules" doc:"About one item."`
}

// conditionSumJSON is a sum over the items of a list.
type conditionSumJSON struct {
	Kind     string `json:"kind" enum:"sum"`
	Code     string `json:"code" doc:"The list."`
	Item     string `json:"item" required:"false" doc:"What is added up, an expression: .quantity."`
	Operator string `json:"operator" enum:"eq,ne,lt,le,gt,ge"`
	Value    any    `json:"value" required:"false"`
}

// conditionRawJSON is an expression without a visual form.
type conditionRawJSON struct {
	Kind string `json:"kind" enum:"raw"`
	Text string `json:"text"`
}

// conditionNodeJSON is any of them; kind says which.
type conditionNodeJSON struct{ node engine.ConditionNode }

// Schema describes it: one of five shapes, told apart by kind.
func (conditionNodeJSON) Schema(r huma.Registry) *huma.Schema {
	s := &huma.Schema{Discriminator: &huma.Discriminator{PropertyName: "kind", Mapping: map[string]string{}}}
	for _, kind := range []struct {
		name string
		typ  reflect.Type
	}{
		{"group", reflect.TypeFor[conditionGroupJSON]()}, {"rule", reflect.TypeFor[conditionRuleJSON]()},
		{"list", reflect.TypeFor[conditionListJSON]()}, {"sum", reflect.TypeFor[conditionSumJSON]()},
		{"raw", reflect.TypeFor[conditionRawJSON]()},
	} {
		ref := r.Schema(kind.typ, true, "")
		s.OneOf = append(s.OneOf, ref)
		s.Discriminator.Mapping[kind.name] = ref.Ref
	}
	return s
}

// UnmarshalJSON reads what the schema let through.
func (n *conditionNodeJSON) UnmarshalJSON(data []byte) error {
	var head struct{ Kind engine.NodeKind }
	if err := json.Unmarshal(data, &head); err != nil {
		return err
	}
	var shape interface{ node() engine.ConditionNode }
	switch head.Kind {
	case engine.GroupNode:
		shape = &conditionGroupJSON{}
	case engine.RuleNode:
		shape = &conditionRuleJSON{}
	case engine.ListNode:
		shape = &conditionListJSON{}
	case engine.SumNode:
		shape = &conditionSumJSON{}
	case engine.RawNode:
		shape = &conditionRawJSON{}
	default:
		return fmt.Errorf("there is no kind %q", head.Kind)
	}
	if err := decodeExact(data, shape); err != nil {
		return err
	}
	n.node = shape.node()
	return nil
}

// MarshalJSON writes the shape of the node's kind.
func (n conditionNodeJSON) MarshalJSON() ([]byte, error) {
	switch x := n.node; x.Kind {
	case engine.GroupNode:
		return json.Marshal(showGroup(x))
	case engine.RuleNode:
		return json.Marshal(conditionRuleJSON{Kind: "rule", Code: x.Code, Operator: x.Operator, Value: merge.FromGo(x.Value), OrMissing: x.OrMissing})
	case engine.ListNode:
		list := conditionListJSON{Kind: "list", Code: x.Code, Quantifier: x.Quantifier, Count: x.Count}
		if x.Body != nil {
			list.Rules = showGroup(*x.Body)
		}
		return json.Marshal(list)
	case engine.SumNode:
		return json.Marshal(conditionSumJSON{Kind: "sum", Code: x.Code, Item: x.Item, Operator: x.Operator, Value: merge.FromGo(x.Value)})
	default:
		return json.Marshal(conditionRawJSON{Kind: "raw", Text: x.Text})
	}
}

func showGroup(n engine.ConditionNode) conditionGroupJSON {
	g := conditionGroupJSON{Kind: "group", Combinator: n.Combinator, Not: n.Not, Rules: make([]conditionNodeJSON, len(n.Rules))}
	for i, rule := range n.Rules {
		g.Rules[i] = conditionNodeJSON{rule}
	}
	return g
}

func (g conditionGroupJSON) node() engine.ConditionNode {
	n := engine.ConditionNode{Kind: engine.GroupNode, Combinator: g.Combinator, Not: g.Not, Rules: make([]engine.ConditionNode, len(g.Rules))}
	for i, rule := range g.Rules {
		n.Rules[i] = rule.node
	}
	return n
}

func (r conditionRuleJSON) node() engine.ConditionNode {
	return engine.ConditionNode{Kind: engine.RuleNode, Code: r.Code, Operator: r.Operator, Value: r.Value, OrMissing: r.OrMissing}
}

func (l conditionListJSON) node() engine.ConditionNode {
	body := l.Rules.node()
	return engine.ConditionNode{Kind: engine.ListNode, Code: l.Code, Quantifier: l.Quantifier, Count: l.Count, Body: &body}
}

func (m conditionSumJSON) node() engine.ConditionNode {
	return engine.ConditionNode{Kind: engine.SumNode, Code: m.Code, Item: m.Item, Operator: m.Operator, Value: m.Value}
}

func (r conditionRawJSON) node() engine.ConditionNode {
	return engine.ConditionNode{Kind: engine.RawNode, Text: r.Text}
}
