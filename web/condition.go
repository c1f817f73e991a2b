package web

import (
	"context"
	"net/http"

	"cartwheel/engine"
	"cartwheel/merge"
)

// conditionEngine is what the operations on the visual form of conditions take.
type conditionEngine interface {
	ParseCondition(condition string, ref engine.TriggerRef) (engine.ConditionTree, error)
	FormatCondition(root engine.ConditionNode, ref engine.TriggerRef) (engine.FormattedCondition, error)
}

func (s *Server) mountConditions() {
	register(s, route{method: http.MethodPost, path: "/conditions/parse", role: engine.Editor, id: "parseCondition",
		summary:     "Turn a condition's text into rows",
		description: "What has no visual form becomes a row of kind raw with its own text. Problems answer 200, too."}, s.parseCondition)
	register(s, route{method: http.MethodPost, path: "/conditions/format", role: engine.Editor, id: "formatCondition",
		summary:     "Turn rows into a condition's text",
		description: "The text is null while a row is incomplete; a problem's location is the row's."}, s.formatCondition)
}

type parseConditionInput struct {
	Body struct {
		Condition string         `json:"condition"`
		Trigger   triggerRefJSON `json:"trigger"`
	} `nameHint:"ParseConditionRequest"`
}

// conditionTreeJSON is a condition in its visual form.
type conditionTreeJSON struct {
	Rules    conditionGroupJSON `json:"rules"`
	Visual   string             `json:"visual" enum:"full,partial" doc:"partial: there are raw rows."`
	Comments bool               `json:"comments" doc:"The text has comments; the rows cannot hold them."`
	Problems []merge.Problem    `json:"problems"`
}

func (s *Server) parseCondition(_ context.Context, in *parseConditionInput) (*struct{ Body conditionTreeJSON }, error) {
	tree, err := s.Engine.ParseCondition(in.Body.Condition, in.Body.Trigger.ref())
	if err != nil {
		return nil, err
	}
	out := conditionTreeJSON{Rules: showGroup(tree.Root), Visual: "partial", Comments: tree.Comments, Problems: present(tree.Problems)}
	if tree.Full {
		out.Visual = "full"
	}
	return &struct{ Body conditionTreeJSON }{out}, nil
}

type formatConditionInput struct {
	Body struct {
		Rules   conditionGroupJSON `json:"rules"`
		Trigger triggerRefJSON     `json:"trigger"`
	} `nameHint:"FormatConditionRequest"`
}

// formattedConditionJSON is the text of rows.
type formattedConditionJSON struct {
	Condition *string         `json:"condition" doc:"null while a row is incomplete."`
	Problems  []merge.Problem `json:"problems"`
}

func (s *Server) formatCondition(_ context.Context, in *formatConditionInput) (*struct{ Body formattedConditionJSON }, error) {
	f, err := s.Engine.FormatCondition(in.Body.Rules.node(), in.Body.Trigger.ref())
	if err != nil {
		return nil, err
	}
	return &struct{ Body formattedConditionJSON }{formattedConditionJSON{Condition: f.Condition, Problems: present(f.Problems)}}, nil
}

// ruleResultJSON is what one row says for an event.
type ruleResultJSON struct {
	ID      string   `json:"id" doc:"The row's place in the tree of POST /conditions/parse: 0, 1.0, ..."`
	Result  *bool    `json:"result" doc:"null: it could not be evaluated."`
	Value   any      `json:"value" doc:"The actual value; of a list the number of items."`
	Missing []string `json:"missing" doc:"Merge codes that had no value."`
}

func showRuleResults(results []engine.RuleResult) []ruleResultJSON {
	out := make([]ruleResultJSON, len(results))
	for i, r := range results {
		out[i] = ruleResultJSON{ID: r.ID, Result: r.Result, Value: merge.FromGo(r.Value), Missing: present(r.Missing)}
	}
	return out
}
