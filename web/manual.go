package web

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// manual is what the page at /api/docs shows. It is made from the OpenAPI document.
type manual struct {
	Title, Description string
	Groups             []manualGroup
	Shapes             []manualShape
}

// manualGroup is the operations on one noun.
type manualGroup struct {
	Name       string
	Operations []manualOperation
}

type manualOperation struct {
	ID, Method, Path, Summary, Description string
	Parameters                             []manualField
	Body, Answer                           *manualShape
	Status                                 string
}

// manualShape is an object with its fields. Ref is the name of a shape described elsewhere on the page.
type manualShape struct {
	Name, Ref string
	Fields    []manualField
}

type manualField struct {
	Name, Type, Ref, Description string
	Required                     bool
}

// manualOf reads a document.
func manualOf(doc *huma.OpenAPI) manual {
	m := manual{Title: doc.Info.Title, Description: doc.Info.Description}
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		for _, op := range operationsOf(doc.Paths[path]) {
			m.add(op)
		}
	}
	shapes := doc.Components.Schemas.Map()
	for _, name := range slices.Sorted(maps.Keys(shapes)) {
		m.Shapes = append(m.Shapes, manualShape{Name: name, Fields: fieldsOf(shapes[name])})
	}
	return m
}

// operationsOf lists a path's operations in the order in which one uses them.
func operationsOf(item *huma.PathItem) []*huma.Operation {
	all := []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete}
	return slices.DeleteFunc(all, func(op *huma.Operation) bool { return op == nil })
}

func (m *manual) add(op *huma.Operation) {
	name := op.Tags[0]
	if i := len(m.Groups) - 1; i < 0 || m.Groups[i].Name != name {
		m.Groups = append(m.Groups, manualGroup{Name: name})
	}
	shown := manualOperation{ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: op.Summary, Description: op.Description,
		Status: strconv.Itoa(op.DefaultStatus)}
	for _, p := range op.Parameters {
		f := fieldOf(p.Name, p.Schema, p.Required)
		f.Name, f.Description = p.In+" "+p.Name, p.Description
		shown.Parameters = append(shown.Parameters, f)
	}
	if op.RequestBody != nil {
		shown.Body = shapeOf(op.RequestBody.Content["application/json"])
	}
	if r := op.Responses[shown.Status]; r != nil && op.DefaultStatus != http.StatusNoContent {
		shown.Answer = shapeOf(r.Content["application/json"])
	}
	group := &m.Groups[len(m.Groups)-1]
	group.Operations = append(group.Operations, shown)
}

func shapeOf(media *huma.MediaType) *manualShape {
	if media == nil || media.Schema == nil {
		return nil
	}
	if media.Schema.Ref != "" {
		return &manualShape{Ref: refName(media.Schema)}
	}
	return &manualShape{Fields: fieldsOf(media.Schema)}
}

// fieldsOf lists the fields of an object, those that a caller may set first.
func fieldsOf(s *huma.Schema) []manualField {
	var fields, readOnly []manualField
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name]
		f := fieldOf(name, p, slices.Contains(s.Required, name))
		if p.ReadOnly {
			readOnly = append(readOnly, f)
			continue
		}
		fields = append(fields, f)
	}
	return append(fields, readOnly...)
}

func fieldOf(name string, s *huma.Schema, required bool) manualField {
	f := manualField{Name: name, Description: s.Description, Required: required}
	f.Type, f.Ref = typeOf(s)
	return f
}

// typeOf says in words what a schema takes, and names the shape it refers to.
func typeOf(s *huma.Schema) (words, ref string) {
	switch {
	case s.Ref != "":
		return "", refName(s)
	case s.Type == huma.TypeArray && s.Items != nil:
		words, ref = typeOf(s.Items)
		return strings.TrimSpace("list of " + words), ref
	case len(s.Enum) > 0:
		return "one of " + enumOf(s.Enum), ""
	}
	if values, ok := s.AdditionalProperties.(*huma.Schema); ok {
		words, ref = typeOf(values)
		return strings.TrimSpace("map of " + words), ref
	}
	words = s.Type
	for _, one := range s.AnyOf {
		words = strings.TrimPrefix(words+" or "+one.Type, " or ")
	}
	if words == "" {
		words = "anything"
	}
	if s.Format == "date-time" {
		words = "moment"
	}
	if s.Nullable {
		words += " or null"
	}
	return words, ""
}

func enumOf(values []any) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i], _ = v.(string)
	}
	return strings.Join(texts, ", ")
}

func refName(s *huma.Schema) string {
	return s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
}
