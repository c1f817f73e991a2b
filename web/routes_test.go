package web_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"cartwheel/engine"
)

// everybodys are the routes that ask nobody for a role. Everything else is in needed.
var everybodys = []string{
	"GET /", "GET /assets/*name", "GET /icon.svg", "GET /licenses.md", "GET /style.css", "GET /healthz", "HEAD /healthz", "GET /readyz", "HEAD /readyz",
	"GET /login",
	"POST /hooks/bigcommerce/:key", "POST /hooks/bigcommerce/:key/", "POST /hooks/in/:key", "POST /hooks/in/:key/",
}

// doors are the pages on which people come in. Each looks at what it is sent, never at a role: loginpage_test.go.
var doors = []string{"POST /login", "GET /first-run", "POST /first-run", "POST /logout", previewDoor}

// previewDoor opens to whoever has the key in its address: try_test.go.
const previewDoor = "GET /preview/:token"

// What the router knows is in one of the two tables, whatever the document tells, and what is in a table has a route.
func TestEveryRouteOfTheRouterHasARow(t *testing.T) {
	s := newSite(t, app)
	router, ok := s.server.Handler().(*gin.Engine)
	if !ok {
		t.Fatalf("the handler is a %T, and its routes cannot be listed", s.server.Handler())
	}
	rows := slices.Concat(everybodys, doors)
	for row := range needed {
		rows = append(rows, strings.NewReplacer("{", ":", "}", "").Replace(row))
	}
	for _, r := range router.Routes() {
		row := r.Method + " " + r.Path
		at := slices.Index(rows, row)
		if at < 0 {
			t.Errorf("%s has no row: add it to needed with its role, or to everybodys", row)
			continue
		}
		rows = slices.Delete(rows, at, at+1)
	}
	if len(rows) > 0 {
		t.Errorf("there are rows without a route: %v", rows)
	}
	for _, row := range everybodys {
		method, path, _ := strings.Cut(row, " ")
		path = strings.NewReplacer(":key", "KEY", "*name", "index-ab.js").Replace(path)
		for _, who := range []engine.Role{"", engine.Viewer, engine.Admin, expiredToken} {
			body := ""
			if method == "POST" {
				body = hook
			}
			want := 200
			if path == "/" && !who.Allows(engine.Viewer) {
				want = 303 // to the login
			}
			if a := s.ask(who, method, path, body); a.status != want {
				t.Errorf("%s as %q: %d, want %d", row, who, a.status, want)
			}
		}
	}
	t.Logf("S1: %d routes in the router, each with a row", len(router.Routes()))
}
