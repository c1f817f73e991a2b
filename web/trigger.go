package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"cartwheel/engine"
	"cartwheel/merge"
)

// triggerEngine is what the operations on triggers take.
type triggerEngine interface {
	Triggers() []engine.Spec
	TriggerCatalog(typ string) (engine.Spec, merge.Catalog, error)
	Sample(ctx context.Context, trigger, authenticationID, id string) (merge.Object, error)
}

// triggerJSON is a trigger as it describes itself.
type triggerJSON struct {
	Type                string         `json:"type"`
	Title               string         `json:"title"`
	Summary             string         `json:"summary"`
	Fields              []engine.Field `json:"fields" doc:"The members of trigger.config."`
	AuthenticationTypes []string       `json:"authentication_types" doc:"Authentications of these types can be its authentication_id."`
	Example             rawObject      `json:"example,omitempty" doc:"A config."`
}

// triggerDetailJSON adds what only one trigger shows.
type triggerDetailJSON struct {
	Type                string          `json:"type"`
	Title               string          `json:"title"`
	Summary             string          `json:"summary"`
	Fields              []engine.Field  `json:"fields"`
	AuthenticationTypes []string        `json:"authentication_types"`
	Example             rawObject       `json:"example,omitempty"`
	MergeCodes          []mergeCodeJSON `json:"merge_codes" doc:"Every merge code that this trigger can supply."`
}

// mergeCodeJSON describes a merge code.
type mergeCodeJSON struct {
	Code        string          `json:"code" doc:"As it stands in texts: BigCommerce | Order | id."`
	Path        string          `json:"path" doc:"As it stands in conditions: BigCommerce.Order.id."`
	Type        string          `json:"type" doc:"integer, number, decimal, string, boolean, datetime, list, object; empty: the value's shape decides."`
	Description string          `json:"description"`
	Sample      any             `json:"sample" doc:"A value as a store sends it."`
	Personal    bool            `json:"personal" doc:"It tells something about a person; viewers see ***."`
	Items       []mergeCodeJSON `json:"items,omitempty" doc:"Of a list: the members of its elements, their codes relative to the loop variable."`
}

func (s *Server) mountTriggers() {
	register(s, route{method: http.MethodGet, path: "/triggers", role: engine.Viewer, id: "listTriggers",
		summary: "List what a workflow can start from"}, s.listTriggers)
	register(s, route{method: http.MethodGet, path: "/triggers/{type}", role: engine.Viewer, id: "getTrigger",
		summary: "Show a trigger with its merge codes"}, s.getTrigger)
	register(s, route{method: http.MethodPost, path: "/triggers/{type}/sample", role: engine.Editor, id: "sampleTrigger",
		summary:     "Fetch an order, shipment or cart as a trigger would",
		description: "Reads the thing from the store now and answers with the nested payload, as previews take it. Nothing fires."}, s.sampleTrigger)
}

type typeInput struct {
	Type string `path:"type" maxLength:"100"`
}

func (s *Server) listTriggers(_ context.Context, in *struct{ Paging }) (*listOutput[triggerJSON], error) {
	items, next, err := pageOf(s.Engine.Triggers(), in.Paging)
	return listOf(items, next, err, showTrigger)
}

type triggerOutput struct {
	ETag string `header:"ETag"`
	Body triggerDetailJSON
}

func (s *Server) getTrigger(_ context.Context, in *typeInput) (*triggerOutput, error) {
	spec, catalog, err := s.Engine.TriggerCatalog(in.Type)
	if err != nil {
		return nil, err
	}
	t := showTrigger(spec)
	out := &triggerOutput{Body: triggerDetailJSON{Type: t.Type, Title: t.Title, Summary: t.Summary, Fields: t.Fields,
		AuthenticationTypes: t.AuthenticationTypes, Example: t.Example, MergeCodes: present(showCodes(catalog.Entries()))}}
	out.ETag, err = fingerprint(out.Body)
	return out, err
}

type sampleInput struct {
	Type string `path:"type" maxLength:"100"`
	Body struct {
		AuthenticationID string  `json:"authentication_id" minLength:"1" maxLength:"100" doc:"The store."`
		ID               idValue `json:"id" doc:"The number or id of an order, shipment or cart at the store."`
	} `nameHint:"SampleRequest"`
}

func (s *Server) sampleTrigger(ctx context.Context, in *sampleInput) (*struct{ Body rawObject }, error) {
	payload, err := s.Engine.Sample(ctx, in.Type, in.Body.AuthenticationID, string(in.Body.ID))
	if err != nil {
		return nil, sampleProblem(err)
	}
	return &struct{ Body rawObject }{rawOf(payload)}, nil
}

// sampleProblem gives what neither the store nor the trigger takes its place. The store's
// refusal of the token is not ours: the caller's role is not the matter.
func sampleProblem(err error) error {
	e, ok := errors.AsType[*engine.Error](err)
	switch {
	case !ok || len(e.Problems) > 0:
		return err
	case e.Code == engine.Denied:
		return invalid(merge.Problem{Location: "body.authentication_id", Message: engine.MessageOf(err)}).saying(engine.MessageOf(err))
	case e.Code == engine.Invalid || e.Code == engine.Rejected:
		return invalid(merge.Problem{Location: "body.id", Message: engine.MessageOf(err)}).saying(engine.MessageOf(err))
	default:
		return err
	}
}

func showTrigger(spec engine.Spec) triggerJSON {
	return triggerJSON{Type: spec.Type, Title: spec.Title, Summary: spec.Summary, Fields: present(spec.Fields),
		AuthenticationTypes: present(spec.Auth), Example: rawObject(spec.Example)}
}

func showCodes(entries []merge.Entry) []mergeCodeJSON {
	if len(entries) == 0 {
		return nil
	}
	codes := make([]mergeCodeJSON, len(entries))
	for i, e := range entries {
		codes[i] = mergeCodeJSON{Code: string(e.Code), Path: e.Code.Path(), Type: string(e.Type), Description: e.Description,
			Sample: merge.FromGo(e.Sample), Personal: e.Personal, Items: showCodes(e.Items)}
	}
	return codes
}

// idValue is an id at a store: a text, or a number as it is printed.
type idValue string

// Schema describes it: a text or a whole number.
func (idValue) Schema(huma.Registry) *huma.Schema {
	least, most := 1, 100
	text := &huma.Schema{Type: huma.TypeString, MinLength: &least, MaxLength: &most}
	text.PrecomputeMessages()
	return &huma.Schema{AnyOf: []*huma.Schema{text, {Type: huma.TypeInteger}}}
}

// UnmarshalJSON reads a text or a number.
func (v *idValue) UnmarshalJSON(data []byte) error {
	text, err := merge.Decode(data)
	if err != nil {
		return err
	}
	*v = idValue(merge.Text(text))
	return nil
}
