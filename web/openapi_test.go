package web_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"cartwheel/engine"
)

func TestOpenAPIDocumentIsCurrent(t *testing.T) {
	s := newSite(t)
	if *update {
		if err := os.WriteFile("openapi.json", document(t, s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if string(document(t, s)) != string(want) {
		t.Error("openapi.json is not what the code says. Run: go test ./web -update")
	}
	served := s.ask(engine.Viewer, "GET", "/api/openapi.json", "")
	if served.body != string(want) || served.header.Get("Content-Type") != "application/json" {
		t.Errorf("served %d %s, %d bytes, want the committed document", served.status, served.header.Get("Content-Type"), len(served.body))
	}
	var doc struct{ OpenAPI string }
	if err := json.Unmarshal(want, &doc); err != nil || !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Errorf("openapi %q (%v), want 3.1.x", doc.OpenAPI, err)
	}
	if strings.Contains(string(want), "$schema") {
		t.Error("the document speaks of $schema")
	}
}

func TestDocsPageListsEveryOperationWithoutScripts(t *testing.T) {
	s := newSite(t)
	page := s.ask(engine.Viewer, "GET", "/api/docs", "")
	for _, want := range []string{"/api/v1/workflows/{id}/publish", "Needs the role editor", "shape-Step", "body", "required"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the docs lack %q", want)
		}
	}
	for _, bad := range []string{"<script", "//unpkg", "//cdn", "style=", "<no value>"} {
		if strings.Contains(page.body, bad) {
			t.Errorf("the docs hold %q", bad)
		}
	}
	for _, op := range operations(t, s) {
		if !strings.Contains(page.body, op.path) {
			t.Errorf("the docs lack %s %s", op.method, op.path)
		}
	}
}

// document is the OpenAPI document of a site.
func document(t *testing.T, s *site) []byte {
	t.Helper()
	doc, err := s.server.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

type operation struct{ method, path, role string }

// operations reads every operation out of the document.
func operations(t *testing.T, s *site) []operation {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]struct {
			Role string `json:"x-role"`
		}
	}
	if err := json.Unmarshal(document(t, s), &doc); err != nil {
		t.Fatal(err)
	}
	var all []operation
	for path, methods := range doc.Paths {
		for method, op := range methods {
			all = append(all, operation{strings.ToUpper(method), path, op.Role})
		}
	}
	return all
}
