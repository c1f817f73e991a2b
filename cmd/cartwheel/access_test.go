package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// operation is one row of the API's own description.
type operation struct{ method, path, role string }

// operations reads them from the OpenAPI document that the program serves.
func (p *program) operations(t testing.TB) (all []operation) {
	t.Helper()
	var document struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(p.call("GET", "/api/openapi.json", nil).body, &document); err != nil {
		t.Fatal(err)
	}
	for path, item := range document.Paths {
		for method, raw := range item {
			var op struct {
				Role string `json:"x-role"`
			}
			if json.Unmarshal(raw, &op) == nil && method != "parameters" {
				all = append(all, operation{strings.ToUpper(method), path, op.Role})
			}
		}
	}
	if len(all) < 30 {
		t.Fatalf("%d operations in the document", len(all))
	}
	return all
}

// paths fills the parameters of an operation in with everything there is.
func (o operation) paths(ids func(list string) []string) []string {
	before, after, ok := strings.Cut(o.path, "{")
	if !ok {
		return []string{o.path}
	}
	_, after, _ = strings.Cut(after, "}")
	after = strings.ReplaceAll(after, "{version}", "1")
	var all []string
	for _, id := range ids(strings.Trim(strings.TrimPrefix(before, "/api/v1/"), "/")) {
		all = append(all, before+id+after)
	}
	return all
}

// exchange sends one request and reads the answer whole.
func exchange(t testing.TB, req *http.Request) answer {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, raw, resp.Header}
}
