package web

import (
	"context"
	"net/http"

	"cartwheel/engine"
)

// Template is a ready-made workflow. The ids of authentications in it are empty.
type Template struct {
	ID      string
	Title   string
	Summary string
	Needs   []string // types of authentications: "bigcommerce", "smtp"
	// Workflow is what is copied into a new draft.
	Workflow engine.Definition
}

// templateJSON is a ready-made workflow.
type templateJSON struct {
	ID       string               `json:"id"`
	Title    string               `json:"title"`
	Summary  string               `json:"summary"`
	Needs    []string             `json:"needs" doc:"Types of authentications that the workflow works with."`
	Workflow templateWorkflowJSON `json:"workflow" doc:"As POST /workflows takes it, once the empty ids of authentications are filled in."`
}

// templateWorkflowJSON is the draft that a template makes.
type templateWorkflowJSON struct {
	Name      string         `json:"name"`
	Trigger   triggerRefJSON `json:"trigger"`
	OncePer   string         `json:"once_per"`
	Condition string         `json:"condition"`
	Steps     []stepJSON     `json:"steps"`
}

// templatesJSON lists them all: there are few.
type templatesJSON struct {
	Items []templateJSON `json:"items"`
}

func (s *Server) mountTemplates() {
	register(s, route{method: http.MethodGet, path: "/templates", role: engine.Viewer, id: "listTemplates",
		summary: "List the ready-made workflows"}, s.listTemplates)
}

func (s *Server) listTemplates(context.Context, *struct{}) (*struct{ Body templatesJSON }, error) {
	out := templatesJSON{Items: make([]templateJSON, len(s.Templates))}
	for i, t := range s.Templates {
		d := t.Workflow
		out.Items[i] = templateJSON{ID: t.ID, Title: t.Title, Summary: t.Summary, Needs: present(t.Needs), Workflow: templateWorkflowJSON{
			Name: d.Name, Trigger: showTriggerRef(d.Trigger), OncePer: oncePer(d), Condition: d.Condition, Steps: showSteps(d.Steps)}}
	}
	return &struct{ Body templatesJSON }{out}, nil
}
