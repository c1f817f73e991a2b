package web

import (
	"context"
	"net/http"

	"cartwheel/engine"
	"cartwheel/merge"
)

// previewEngine is what the operations that try something out take. Only a test that is told to sends anything.
type previewEngine interface {
	PreviewTemplate(ctx context.Context, in engine.PreviewInput) (engine.Preview, error)
	PreviewTemplates(ctx context.Context, in engine.PreviewsInput) (map[string]engine.Preview, error)
	CheckCondition(ctx context.Context, in engine.ConditionInput) (engine.ConditionCheck, error)
	TestWorkflow(ctx context.Context, id string, trial engine.Trial) (engine.TestRun, error)
}

func (s *Server) mountPreviews() {
	const source = "Taken from a stored event (event_id), a kept sample (sample_id), from payload, or else from the trigger's own sample."
	register(s, route{method: http.MethodPost, path: "/merge/preview", role: engine.Editor, id: "previewTemplate",
		summary: "Render a template, or many at once", description: source + " Problems answer 200, too."}, s.previewTemplate)
	register(s, route{method: http.MethodPost, path: "/conditions/check", role: engine.Editor, id: "checkCondition",
		summary: "Decide a condition and explain why", description: source + " Problems answer 200, too."}, s.checkCondition)
	register(s, route{method: http.MethodPost, path: "/workflows/{id}/test", role: engine.Editor, id: "testWorkflow",
		summary:     "Show the run that the draft would make",
		description: source + " Nothing is stored, and nothing is sent unless send says so: mails then go to the tester and to nobody else, and each such test stands in the audit log."}, s.testWorkflow)
}

// payloadLocation is where errors about a payload stand.
const payloadLocation = "body.payload"

// Origin says what a preview is made of: at most one of the three.
type Origin struct {
	EventID  string    `json:"event_id,omitempty" maxLength:"100"`
	SampleID string    `json:"sample_id,omitempty" maxLength:"100" doc:"One of GET /samples."`
	Payload  rawObject `json:"payload,omitempty"`
}

// source reads it.
func (in Origin) source() (engine.Source, error) {
	given := 0
	for _, is := range []bool{in.EventID != "", in.SampleID != "", in.Payload != nil} {
		if is {
			given++
		}
	}
	if given > 1 {
		return engine.Source{}, invalid(merge.Problem{Location: payloadLocation, Message: "Give one of event_id, sample_id and payload, not several."})
	}
	if in.Payload == nil {
		return engine.Source{EventID: in.EventID, SampleID: in.SampleID}, nil
	}
	object, err := merge.DecodeObject(in.Payload)
	if err != nil {
		return engine.Source{}, invalid(merge.Problem{Location: payloadLocation, Message: "This cannot be read as an object."})
	}
	return engine.Source{Payload: &object}, nil
}

// codeUseJSON is a merge code with what it stood for.
type codeUseJSON struct {
	Code     string `json:"code"`
	Value    any    `json:"value" doc:"As the store sent it; null when there is none."`
	Status   string `json:"status" enum:"ok,missing,unknown,not_fetched"`
	Personal bool   `json:"personal"`
}

func showUses(uses []engine.CodeUse) []codeUseJSON {
	out := make([]codeUseJSON, len(uses))
	for i, u := range uses {
		out[i] = codeUseJSON{Code: string(u.Code), Value: merge.FromGo(u.Value), Status: u.Status, Personal: u.Personal}
	}
	return out
}

type conditionInput struct {
	Body struct {
		Condition string         `json:"condition"`
		Trigger   triggerRefJSON `json:"trigger"`
		Origin
	} `nameHint:"ConditionRequest"`
}

// conditionJSON is what a condition says.
type conditionJSON struct {
	OK          bool             `json:"ok" doc:"The condition has no problems."`
	Result      *bool            `json:"result" doc:"null while there are problems."`
	Reason      string           `json:"reason" doc:"What decided, in one sentence."`
	Problems    []merge.Problem  `json:"problems"`
	Explanation []comparisonJSON `json:"explanation"`
	Rules       []ruleResultJSON `json:"rules" doc:"Each row of the visual form by itself, in depth-first order; none while there are problems."`
}

// comparisonJSON is one part of a condition with what it saw.
type comparisonJSON struct {
	Expression string   `json:"expression"`
	Value      any      `json:"value"`
	Result     any      `json:"result"`
	Missing    []string `json:"missing,omitempty" doc:"Merge codes that had no value."`
}

func showComparisons(parts []engine.Comparison) []comparisonJSON {
	out := make([]comparisonJSON, len(parts))
	for i, p := range parts {
		out[i] = comparisonJSON{Expression: p.Expression, Value: merge.FromGo(p.Value), Result: merge.FromGo(p.Result), Missing: p.Missing}
	}
	return out
}

func (s *Server) checkCondition(ctx context.Context, in *conditionInput) (*struct{ Body conditionJSON }, error) {
	src, err := in.Body.source()
	if err != nil {
		return nil, err
	}
	c, err := s.Engine.CheckCondition(ctx, engine.ConditionInput{Condition: in.Body.Condition, Trigger: in.Body.Trigger.ref(), Source: src})
	if err != nil {
		return nil, err
	}
	return &struct{ Body conditionJSON }{conditionJSON{OK: c.OK, Result: c.Result, Reason: c.Reason,
		Problems: present(c.Problems), Explanation: showComparisons(c.Explanation), Rules: showRuleResults(c.Rules)}}, nil
}
