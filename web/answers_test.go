package web_test

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cartwheel/engine"
)

// previewKey is another one each time.
var previewKey = regexp.MustCompile(`/preview/[A-Z2-7]+`)

// TestAnswersKeepTheirShape compares every answer with testdata/answers.txt:
// as an administrator gets it and, where it differs, as a viewer gets it.
func TestAnswersKeepTheirShape(t *testing.T) {
	var b strings.Builder
	s := newSite(t)
	for _, route := range slices.Sorted(maps.Keys(needed)) {
		if !strings.Contains(route, "/api/v1/") {
			continue
		}
		method, target := targetOf(route)
		admin := s.ask(engine.Admin, method, target, bodies[route])
		fmt.Fprintf(&b, "%s\n%d ETag=%s Location=%s\n%s\n", route, admin.status, admin.header.Get("ETag"), admin.header.Get("Location"), admin.body)
		if viewer := s.ask(engine.Viewer, method, target, bodies[route]); viewer.status == 200 && viewer.body != admin.body {
			fmt.Fprintf(&b, "viewer: %s\n", viewer.body)
		}
	}
	const file = "testdata/answers.txt"
	text := previewKey.ReplaceAllString(b.String(), "/preview/KEY")
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := text; got != string(want) {
		t.Errorf("answers changed (go test ./web -update rewrites %s).\ngot:\n%s\nwant:\n%s", file, got, want)
	}
}
