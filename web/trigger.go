package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"cartwheel/engine"
	"cartwheel/merge"
)

// triggerEngine is what the operations on triggers take.
type triggerEngine interface {
	Triggers() []engine.Spec
	TriggerCatalog(typ string) (engine.Spec, merge.Catalog, error)
	UnavailableCodes(typ string) ([]engine.Unavailable, error)
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
	Type                string            `json:"type"`
	Title               string            `json:"title"`
	Summary             string            `json:"summary"`
	Fields              []engine.Field    `json:"fields"`
	AuthenticationTypes []string          `json:"authentication_types"`
	Example             rawObject         `json:"example,omitempty"`
	MergeCodes          []mergeCodeJSON   `json:"merge_codes" doc:"Every merge code that this trigger can supply."`
	Unavailable         []unavailableJSON `json:"unavailable" doc:"What other triggers supply and this one cannot."`
}

// unavailableJSON is an object that only other triggers have.
type unavailableJSON struct {
	Root   string   `json:"root" doc:"BigCommerce | Cart"`
	Group  string   `json:"group" doc:"Cart"`
	Reason string   `json:"reason"`
	Codes  []string `json:"codes"`
}

// mergeCodeJSON describes a merge code.
type mergeCodeJSON struct {
	Code        string          `json:"code" doc:"As it stands in texts: BigCommerce | Order | id."`
	Path        string          `json:"path" doc:"As it stands in conditions: BigCommerce.Order.id."`
	Type        string          `json:"type" doc:"integer, number, decimal, string, boolean, datetime, list, object; empty: the value's shape decides."`
	Description string          `json:"description"`
	Sample      any             `json:"sample" doc:"A value as a store sends it."`
	Personal    bool            `json:"personal" doc:"It tells something about a person; viewers see ***."`
	Group       string          `json:"group,omitempty" doc:"What it belongs to: Order, Customer, Products, ..."`
	Synonyms    []string        `json:"synonyms,omitempty" doc:"Other words that people look for it by, in lower case."`
	Items       []mergeCodeJSON `json:"items,omitempty" doc:"Of a list: the members of its elements, their codes relative to the loop variable."`
}

func (s *Server) mountTriggers() {
	register(s, route{method: http.MethodGet, path: "/triggers", role: engine.Viewer, id: "listTriggers",
		summary: "List what a workflow can start from"}, s.listTriggers)
	register(s, route{method: http.MethodGet, path: "/triggers/{type}", role: engine.Viewer, id: "getTrigger",
		summary: "Show a trigger with its merge codes"}, s.getTrigger)
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
	unavailable, err := s.Engine.UnavailableCodes(in.Type)
	if err != nil {
		return nil, err
	}
	t := showTrigger(spec)
	out := &triggerOutput{Body: triggerDetailJSON{Type: t.Type, Title: t.Title, Summary: t.Summary, Fields: t.Fields,
		AuthenticationTypes: t.AuthenticationTypes, Example: t.Example, MergeCodes: present(showCodes(catalog.Entries())), Unavailable: showUnavailable(unavailable)}}
	for i, e := range catalog.Entries() {
		out.Body.MergeCodes[i].Group = groupName(e.Code)
	}
	out.ETag, err = fingerprint(out.Body)
	return out, err
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
			Sample: merge.FromGo(e.Sample), Personal: e.Personal, Synonyms: e.Synonyms, Items: showCodes(e.Items)}
	}
	return codes
}

// groupName is what a code belongs to: its second segment, Event for the engine's own.
func groupName(code merge.Code) string {
	segments := code.Segments()
	switch {
	case len(segments) == 0:
		return ""
	case len(segments) > 1 && segments[0] != "Event":
		return segments[1]
	}
	return segments[0]
}

func showUnavailable(all []engine.Unavailable) []unavailableJSON {
	out := make([]unavailableJSON, len(all))
	for i, u := range all {
		out[i] = unavailableJSON{Root: string(u.Root), Group: groupName(u.Root), Reason: u.Reason, Codes: make([]string, len(u.Codes))}
		for j, code := range u.Codes {
			out[i].Codes[j] = string(code)
		}
	}
	return out
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
