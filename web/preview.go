package web

import (
	"context"
	"encoding/json"
	"net/http"

	"cartwheel/engine"
	"cartwheel/merge"
)

// previewEngine is what the operations that try something out take. None of them sends or stores anything.
type previewEngine interface {
	PreviewTemplate(ctx context.Context, in engine.PreviewInput) (engine.Preview, error)
	CheckCondition(ctx context.Context, in engine.ConditionInput) (engine.ConditionCheck, error)
	TestWorkflow(ctx context.Context, id string, src engine.Source) (engine.TestRun, error)
}

func (s *Server) mountPreviews() {
	const source = "Taken from a stored event (event_id), from payload, or else from the trigger's own sample."
	register(s, route{method: http.MethodPost, path: "/merge/preview", role: engine.Editor, id: "previewTemplate",
		summary: "Render a template", description: source + " Problems answer 200, too."}, s.previewTemplate)
	register(s, route{method: http.MethodPost, path: "/conditions/check", role: engine.Editor, id: "checkCondition",
		summary: "Decide a condition and explain why", description: source + " Problems answer 200, too."}, s.checkCondition)
	register(s, route{method: http.MethodPost, path: "/workflows/{id}/test", role: engine.Editor, id: "testWorkflow",
		summary: "Show the run that the draft would make", description: source + " Nothing is sent."}, s.testWorkflow)
}

// payloadLocation is where errors about a payload stand.
const payloadLocation = "body.payload"

// sourceOf reads what a preview is made of.
func sourceOf(eventID string, payload rawObject) (engine.Source, error) {
	switch {
	case eventID != "" && payload != nil:
		return engine.Source{}, invalid(merge.Problem{Location: payloadLocation, Message: "Give event_id or payload, not both."})
	case payload == nil:
		return engine.Source{EventID: eventID}, nil
	}
	object, err := merge.DecodeObject(payload)
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

type previewInput struct {
	Body struct {
		Template string         `json:"template"`
		Format   string         `json:"format,omitempty" enum:"text,html,json,url" default:"text" doc:"Where the output lands, and so how values are escaped."`
		Trigger  triggerRefJSON `json:"trigger"`
		EventID  string         `json:"event_id,omitempty" maxLength:"100"`
		Payload  rawObject      `json:"payload,omitempty"`
	} `nameHint:"PreviewRequest"`
}

// previewJSON is a rendered template.
type previewJSON struct {
	Output   string          `json:"output"`
	Codes    []codeUseJSON   `json:"codes"`
	Problems []merge.Problem `json:"problems"`
}

func (s *Server) previewTemplate(ctx context.Context, in *previewInput) (*struct{ Body previewJSON }, error) {
	src, err := sourceOf(in.Body.EventID, in.Body.Payload)
	if err != nil {
		return nil, err
	}
	p, err := s.Engine.PreviewTemplate(ctx, engine.PreviewInput{Template: in.Body.Template,
		Place: merge.Place(in.Body.Format), Trigger: in.Body.Trigger.ref(), Source: src})
	if err != nil {
		return nil, err
	}
	return &struct{ Body previewJSON }{previewJSON{Output: p.Output, Codes: showUses(p.Codes), Problems: present(p.Problems)}}, nil
}

type conditionInput struct {
	Body struct {
		Condition string         `json:"condition"`
		Trigger   triggerRefJSON `json:"trigger"`
		EventID   string         `json:"event_id,omitempty" maxLength:"100"`
		Payload   rawObject      `json:"payload,omitempty"`
	} `nameHint:"ConditionRequest"`
}

// conditionJSON is what a condition says.
type conditionJSON struct {
	OK          bool             `json:"ok" doc:"The condition has no problems."`
	Result      *bool            `json:"result" doc:"null while there are problems."`
	Reason      string           `json:"reason" doc:"What decided, in one sentence."`
	Problems    []merge.Problem  `json:"problems"`
	Explanation []comparisonJSON `json:"explanation"`
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
	src, err := sourceOf(in.Body.EventID, in.Body.Payload)
	if err != nil {
		return nil, err
	}
	c, err := s.Engine.CheckCondition(ctx, engine.ConditionInput{Condition: in.Body.Condition, Trigger: in.Body.Trigger.ref(), Source: src})
	if err != nil {
		return nil, err
	}
	return &struct{ Body conditionJSON }{conditionJSON{OK: c.OK, Result: c.Result, Reason: c.Reason,
		Problems: present(c.Problems), Explanation: showComparisons(c.Explanation)}}, nil
}

type testInput struct {
	ID   string `path:"id" maxLength:"100"`
	Body *struct {
		EventID string    `json:"event_id,omitempty" maxLength:"100"`
		Payload rawObject `json:"payload,omitempty"`
	} `nameHint:"TestRequest"`
}

// testRunJSON is a run as it would be.
type testRunJSON struct {
	Matched     bool             `json:"matched" doc:"The workflow would fire."`
	Reason      string           `json:"reason"`
	Explanation []comparisonJSON `json:"explanation"`
	Problems    []merge.Problem  `json:"problems" doc:"Of the draft."`
	Status      string           `json:"status,omitempty" doc:"How the run would end."`
	Steps       []testStepJSON   `json:"steps"`
}

// testStepJSON is a step as it would be.
type testStepJSON struct {
	ID       string          `json:"id"`
	Type     string          `json:"type"`
	Status   string          `json:"status"`
	Reason   string          `json:"reason,omitempty"`
	Config   rawObject       `json:"config,omitempty" doc:"Rendered."`
	Request  string          `json:"request" doc:"Exactly what a live run would send, secrets as ***."`
	Codes    []codeUseJSON   `json:"codes"`
	Problems []merge.Problem `json:"problems"`
}

func (s *Server) testWorkflow(ctx context.Context, in *testInput) (*struct{ Body testRunJSON }, error) {
	var src engine.Source
	if in.Body != nil {
		var err error
		if src, err = sourceOf(in.Body.EventID, in.Body.Payload); err != nil {
			return nil, err
		}
	}
	t, err := s.Engine.TestWorkflow(ctx, in.ID, src)
	if err != nil {
		return nil, err
	}
	out := testRunJSON{Matched: t.Matched, Reason: t.Reason, Explanation: showComparisons(t.Explanation),
		Problems: present(t.Problems), Status: string(t.Status), Steps: make([]testStepJSON, len(t.Steps))}
	for i, st := range t.Steps {
		out.Steps[i] = testStepJSON{ID: st.ID, Type: st.Type, Status: string(st.Status), Reason: st.Reason,
			Config: rawObject(objectOrNil(st.Config)), Request: st.Request, Codes: showUses(st.Codes), Problems: present(st.Problems)}
	}
	return &struct{ Body testRunJSON }{out}, nil
}

// objectOrNil is raw unless it says null.
func objectOrNil(raw json.RawMessage) json.RawMessage {
	if string(raw) == "null" {
		return nil
	}
	return raw
}
