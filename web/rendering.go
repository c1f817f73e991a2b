package web

import (
	"context"
	"fmt"

	"cartwheel/engine"
	"cartwheel/merge"
)

// maxTexts is how many templates one preview renders: more than the form of any step has.
const maxTexts = 50

type previewInput struct {
	Body struct {
		Template  *string                       `json:"template,omitempty" doc:"Either this or templates."`
		Format    string                        `json:"format,omitempty" enum:"text,html,json,url,header" default:"text" doc:"Where the output lands, and so how values are escaped."`
		Templates map[string]placedTemplateJSON `json:"templates,omitempty" doc:"Many at once, at most 50, by names of yours: the answer has results under the same names."`
		Trigger   triggerRefJSON                `json:"trigger"`
		Origin
	} `nameHint:"PreviewRequest"`
}

// placedTemplateJSON is one of many templates.
type placedTemplateJSON struct {
	Template string `json:"template"`
	Format   string `json:"format,omitempty" enum:"text,html,json,url,header" doc:"text when it is left out."`
}

// previewJSON is a rendered template, or many.
type previewJSON struct {
	Output   string                     `json:"output"`
	Codes    []codeUseJSON              `json:"codes"`
	Problems []merge.Problem            `json:"problems"`
	Results  map[string]previewPartJSON `json:"results,omitempty" doc:"Of templates, by their names."`
}

// previewPartJSON is one of many rendered templates.
type previewPartJSON struct {
	Output   string          `json:"output"`
	Codes    []codeUseJSON   `json:"codes"`
	Problems []merge.Problem `json:"problems"`
}

func (s *Server) previewTemplate(ctx context.Context, in *previewInput) (*struct{ Body previewJSON }, error) {
	src, err := in.Body.source()
	if err != nil {
		return nil, err
	}
	switch {
	case in.Body.Templates != nil && in.Body.Template != nil:
		return nil, invalid(merge.Problem{Location: "body.templates", Message: "Give template or templates, not both."})
	case in.Body.Templates != nil:
		return s.previewTemplates(ctx, in, src)
	case in.Body.Template == nil:
		return nil, invalid(merge.Problem{Location: "body.template", Message: "This is missing. It is required."})
	}
	p, err := s.Engine.PreviewTemplate(ctx, engine.PreviewInput{Template: *in.Body.Template,
		Place: merge.Place(in.Body.Format), Trigger: in.Body.Trigger.ref(), Source: src})
	if err != nil {
		return nil, err
	}
	return &struct{ Body previewJSON }{previewJSON{Output: p.Output, Codes: showUses(p.Codes), Problems: present(p.Problems)}}, nil
}

func (s *Server) previewTemplates(ctx context.Context, in *previewInput, src engine.Source) (*struct{ Body previewJSON }, error) {
	if len(in.Body.Templates) > maxTexts {
		return nil, invalid(merge.Problem{Location: "body.templates", Message: fmt.Sprintf("These are too many: at most %d at once.", maxTexts)})
	}
	all := make(map[string]engine.PlacedTemplate, len(in.Body.Templates))
	for name, t := range in.Body.Templates {
		all[name] = engine.PlacedTemplate{Text: t.Template, Place: landing(t.Format)}
	}
	previews, err := s.Engine.PreviewTemplates(ctx, engine.PreviewsInput{Templates: all, Trigger: in.Body.Trigger.ref(), Source: src})
	if err != nil {
		return nil, err
	}
	out := previewJSON{Codes: []codeUseJSON{}, Problems: []merge.Problem{}, Results: make(map[string]previewPartJSON, len(previews))}
	for name, p := range previews {
		out.Results[name] = previewPartJSON{Output: p.Output, Codes: showUses(p.Codes), Problems: present(p.Problems)}
	}
	return &struct{ Body previewJSON }{out}, nil
}

// landing is text where nothing is said: defaults do not reach into a map.
func landing(format string) merge.Place {
	if format == "" {
		return merge.Place(engine.TextField)
	}
	return merge.Place(format)
}
