package web

import (
	"context"
	"net/http"
	"slices"

	"cartwheel/engine"
	"cartwheel/merge"
)

// actionEngine is what the operations on actions and authentication types take.
type actionEngine interface {
	Actions() []engine.Spec
	Action(typ string) (engine.Spec, error)
	AuthTypes() []engine.Spec
}

// actionJSON is an action as it describes itself.
type actionJSON struct {
	Type                string          `json:"type"`
	Title               string          `json:"title"`
	Summary             string          `json:"summary"`
	Fields              []engine.Field  `json:"fields" doc:"The members of the step's config."`
	AuthenticationTypes []string        `json:"authentication_types" doc:"Authentications of these types can be its authentication_id."`
	Example             rawObject       `json:"example" doc:"A config."`
	Outputs             []engine.Output `json:"outputs" doc:"What later steps read as Steps | id | name."`
}

// authenticationTypeJSON is an authentication type as it describes itself.
type authenticationTypeJSON struct {
	Type    string         `json:"type"`
	Title   string         `json:"title"`
	Summary string         `json:"summary"`
	Fields  []engine.Field `json:"fields" doc:"The members of config, and those of secrets (secret: true)."`
	Example rawObject      `json:"example" doc:"A config."`
}

func (s *Server) mountActions() {
	register(s, route{method: http.MethodGet, path: "/actions", role: engine.Viewer, id: "listActions",
		summary: "List what a step can do"}, s.listActions)
	register(s, route{method: http.MethodGet, path: "/actions/{type}", role: engine.Viewer, id: "getAction",
		summary: "Show an action"}, s.getAction)
	register(s, route{method: http.MethodGet, path: "/authentication-types", role: engine.Viewer, id: "listAuthenticationTypes",
		summary: "List the types of authentications with their fields"}, s.listAuthenticationTypes)
}

func (s *Server) listActions(_ context.Context, in *struct{ Paging }) (*listOutput[actionJSON], error) {
	items, next, err := pageOf(s.Engine.Actions(), in.Paging)
	return listOf(items, next, err, showAction)
}

type actionOutput struct {
	ETag string `header:"ETag"`
	Body actionJSON
}

func (s *Server) getAction(_ context.Context, in *typeInput) (*actionOutput, error) {
	spec, err := s.Engine.Action(in.Type)
	if err != nil {
		return nil, err
	}
	out := &actionOutput{Body: showAction(spec)}
	out.ETag, err = fingerprint(out.Body)
	return out, err
}

func (s *Server) listAuthenticationTypes(_ context.Context, in *struct{ Paging }) (*listOutput[authenticationTypeJSON], error) {
	items, next, err := pageOf(s.Engine.AuthTypes(), in.Paging)
	return listOf(items, next, err, func(spec engine.Spec) authenticationTypeJSON {
		return authenticationTypeJSON{Type: spec.Type, Title: spec.Title, Summary: spec.Summary,
			Fields: present(spec.Fields), Example: shown(spec.Example)}
	})
}

func showAction(spec engine.Spec) actionJSON {
	return actionJSON{Type: spec.Type, Title: spec.Title, Summary: spec.Summary, Fields: present(spec.Fields),
		AuthenticationTypes: present(spec.Auth), Example: shown(spec.Example), Outputs: present(spec.Outputs)}
}

// pageOf cuts a page out of a list that the program itself holds; the cursor is the last type shown.
func pageOf(specs []engine.Spec, p Paging) (items []engine.Spec, next string, err error) {
	if p.Cursor != "" {
		last := slices.IndexFunc(specs, func(spec engine.Spec) bool { return spec.Type == p.Cursor })
		if last < 0 {
			return nil, "", invalid(merge.Problem{Location: "query.cursor", Message: "This is no next_cursor of this list. Begin again without a cursor."})
		}
		specs = specs[last+1:]
	}
	if len(specs) > p.Limit {
		return specs[:p.Limit], specs[p.Limit-1].Type, nil
	}
	return specs, "", nil
}
