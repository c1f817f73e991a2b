package web_test

import (
	"net/http"
	"strings"
	"testing"

	"cartwheel/engine"
	"cartwheel/web"
)

// needed is the role that each route needs. A route without a row fails the test below.
var needed = map[string]engine.Role{
	"GET /api/openapi.json": engine.Viewer,
	"GET /api/docs":         engine.Viewer,
	"GET /metrics":          engine.Viewer,

	"GET /api/v1/triggers":                           engine.Viewer,
	"GET /api/v1/triggers/{type}":                    engine.Viewer,
	"POST /api/v1/triggers/{type}/sample":            engine.Editor,
	"GET /api/v1/actions":                            engine.Viewer,
	"GET /api/v1/actions/{type}":                     engine.Viewer,
	"GET /api/v1/authentication-types":               engine.Viewer,
	"GET /api/v1/authentications":                    engine.Viewer,
	"POST /api/v1/authentications":                   engine.IntegrationManager,
	"GET /api/v1/authentications/{id}":               engine.Viewer,
	"PATCH /api/v1/authentications/{id}":             engine.IntegrationManager,
	"DELETE /api/v1/authentications/{id}":            engine.IntegrationManager,
	"POST /api/v1/authentications/{id}/test":         engine.IntegrationManager,
	"GET /api/v1/workflows":                          engine.Viewer,
	"POST /api/v1/workflows":                         engine.Editor,
	"GET /api/v1/workflows/{id}":                     engine.Viewer,
	"PUT /api/v1/workflows/{id}":                     engine.Editor,
	"DELETE /api/v1/workflows/{id}":                  engine.Editor,
	"POST /api/v1/workflows/{id}/publish":            engine.Editor,
	"POST /api/v1/workflows/{id}/pause":              engine.Editor,
	"POST /api/v1/workflows/{id}/resume":             engine.Editor,
	"GET /api/v1/workflows/{id}/versions":            engine.Viewer,
	"GET /api/v1/workflows/{id}/versions/{version}":  engine.Viewer,
	"POST /api/v1/workflows/{id}/cancel-runs":        engine.Editor,
	"GET /api/v1/overview":                           engine.Viewer,
	"GET /api/v1/settings":                           engine.Admin,
	"PUT /api/v1/settings":                           engine.Admin,
	"GET /api/v1/stream":                             engine.Viewer,
	"POST /api/v1/workflows/{id}/test":               engine.Editor,
	"POST /api/v1/merge/preview":                     engine.Editor,
	"GET /api/v1/samples":                            engine.Viewer,
	"DELETE /api/v1/samples/{id}":                    engine.Editor,
	"POST /api/v1/previews":                          engine.Editor,
	"GET /api/v1/setup":                              engine.Viewer,
	"POST /api/v1/setup/public-url":                  engine.IntegrationManager,
	"POST /api/v1/authentications/{id}/hooks/repair": engine.IntegrationManager,
	"POST /api/v1/conditions/check":                  engine.Editor,
	"POST /api/v1/conditions/parse":                  engine.Editor,
	"POST /api/v1/conditions/format":                 engine.Editor,
	"GET /api/v1/triggers/{type}/fill":               engine.Viewer,
	"GET /api/v1/templates":                          engine.Viewer,
	"GET /api/v1/events":                             engine.Viewer,
	"GET /api/v1/events/{id}":                        engine.Viewer,
	"POST /api/v1/events/{id}/replay":                engine.Editor,
	"GET /api/v1/runs":                               engine.Viewer,
	"GET /api/v1/runs/{id}":                          engine.Viewer,
	"POST /api/v1/runs/{id}/retry":                   engine.Editor,
	"POST /api/v1/runs/{id}/cancel":                  engine.Editor,
	"POST /api/v1/session":                           "",
	"GET /api/v1/session":                            engine.Viewer,
	"DELETE /api/v1/session":                         engine.Viewer,
	"DELETE /api/v1/sessions":                        engine.Viewer,
	"POST /api/v1/session/password":                  engine.Viewer,
	"GET /api/v1/users":                              engine.Admin,
	"POST /api/v1/users":                             engine.Admin,
	"PATCH /api/v1/users/{id}":                       engine.Admin,
	"DELETE /api/v1/users/{id}":                      engine.Admin,
	"GET /api/v1/tokens":                             engine.Admin,
	"POST /api/v1/tokens":                            engine.Admin,
	"DELETE /api/v1/tokens/{id}":                     engine.Admin,
	"GET /api/v1/audit":                              engine.Admin,
}

// bodies are what the routes with a body are sent.
var bodies = map[string]string{
	"POST /api/v1/session":                `{"email":"ada@example.com","password":"a right password"}`,
	"POST /api/v1/session/password":       `{"current":"a right password","new":"another password"}`,
	"POST /api/v1/users":                  `{"email":"ada@example.com","role":"viewer","password":"a right password"}`,
	"PATCH /api/v1/users/{id}":            `{"role":"viewer"}`,
	"POST /api/v1/triggers/{type}/sample": `{"authentication_id":"store","id":251}`,
	"POST /api/v1/authentications":        `{"name":"Store","type":"bigcommerce","config":{"store_hash":"abc"},"secrets":{"access_token":"0123456789abcdef"}}`,
	"PATCH /api/v1/authentications/{id}":  `{"name":"Shop"}`,
	"POST /api/v1/workflows":              `{"name":"Ask"}`,
	"PUT /api/v1/workflows/{id}":          `{"name":"Ask"}`,
	"POST /api/v1/previews":               `{"html":"<p>Hi</p>"}`,
	"POST /api/v1/merge/preview":          `{"template":"Hi","trigger":{"type":"bigcommerce.order_created"}}`,
	"PUT /api/v1/settings":                `{"alerts":{"enabled":false}}`,
	"POST /api/v1/tokens":                 `{"name":"ci","role":"viewer","expires":"90d"}`,
	"POST /api/v1/conditions/check":       `{"condition":"true","trigger":{"type":"bigcommerce.order_created"}}`,
	"POST /api/v1/conditions/parse":       `{"condition":"true","trigger":{"type":"bigcommerce.order_created"}}`,
	"POST /api/v1/conditions/format":      `{"rules":{"kind":"group","combinator":"and","rules":[]},"trigger":{"type":"bigcommerce.order_created"}}`,
}

// targetOf fills a route's parameters in.
func targetOf(route string) (method, target string) {
	method, target, _ = strings.Cut(route, " ")
	return method, strings.NewReplacer("{id}", "x", "{type}", "t", "{version}", "2").Replace(target)
}

func TestEveryRouteHasARow(t *testing.T) {
	s := newSite(t)
	for _, op := range operations(t, s) {
		role, ok := needed[op.method+" "+op.path]
		if !ok || string(role) != op.role {
			t.Errorf("%s %s: declared for %q, the table says %q", op.method, op.path, op.role, role)
		}
	}
	if got, want := len(operations(t, s)), len(needed)-3; got != want {
		t.Errorf("%d operations, the table has %d", got, want)
	}
}

// visitor is somebody who asks, by a token or as a person in a browser.
type visitor struct {
	name    string
	role    engine.Role // "": nobody
	headers []string
}

func visitors() []visitor {
	all := []visitor{{name: "nobody"}}
	for _, token := range []engine.Role{expiredToken, revokedToken} {
		all = append(all, visitor{name: string(token), headers: []string{"Authorization", "Bearer " + string(token)}})
	}
	all = append(all, visitor{name: "a session that has ended", headers: []string{"Cookie", "cartwheel_session=a-session-that-has-ended"}},
		visitor{name: "a wrong token beside a session", headers: append(asPerson(engine.Admin), "Authorization", "Bearer wrong")})
	for _, role := range engine.Roles() {
		all = append(all, visitor{name: "a token of " + string(role), role: role, headers: []string{"Authorization", "Bearer " + string(role)}},
			visitor{name: "a person who is " + string(role), role: role, headers: asPerson(role)})
	}
	return all
}

func TestRolesDecideWhoMayDoWhat(t *testing.T) {
	s := newSite(t)
	for route, need := range needed {
		method, target := targetOf(route)
		for _, who := range visitors() {
			s.engine.calls = nil
			got := s.ask("", method, target, bodies[route], who.headers...)
			switch {
			case need == "" || who.role.Allows(need):
				if got.status < 200 || got.status > 299 {
					t.Errorf("%s by %s: %d, want success\n%s", route, who.name, got.status, got.body)
				}
			case who.role == "":
				if got.status != http.StatusUnauthorized || !strings.HasPrefix(got.header.Get("WWW-Authenticate"), "Bearer") {
					t.Errorf("%s by %s: %d %q, want 401 with WWW-Authenticate", route, who.name, got.status, got.header.Get("WWW-Authenticate"))
				}
				got.problem(t)
			default:
				if got.status != http.StatusForbidden || !strings.Contains(got.problem(t).Detail, string(need)) {
					t.Errorf("%s by %s: %d, want 403 naming %s\n%s", route, who.name, got.status, need, got.body)
				}
			}
			if refused := got.status == http.StatusUnauthorized || got.status == http.StatusForbidden; refused && len(s.engine.calls) > 0 {
				t.Errorf("%s by %s was refused, yet the engine was asked: %v", route, who.name, s.engine.calls)
			}
		}
	}
}

func TestTokensAreReadFromOneBearerHeaderOnly(t *testing.T) {
	s := newSite(t)
	tests := []struct {
		name, target, header string
		want                 int
	}{
		{"bearer", "/api/v1/runs", "Bearer viewer", 200},
		{"scheme in other letters", "/api/v1/runs", "bEARER viewer", 200},
		{"basic", "/api/v1/runs", "Basic viewer", 401},
		{"no scheme", "/api/v1/runs", "viewer", 401},
		{"empty", "/api/v1/runs", "Bearer ", 401},
		{"endless", "/api/v1/runs", "Bearer " + strings.Repeat("x", 600), 401},
		{"in the address", "/api/v1/runs?token=admin&access_token=admin", "", 401},
	}
	for _, tt := range tests {
		if got := s.ask("", "GET", tt.target, "", "Authorization", tt.header); got.status != tt.want {
			t.Errorf("%s: %q gave %d, want %d", tt.name, tt.header, got.status, tt.want)
		}
	}
}

func TestUnknownAPIPathsAreOnlyToldToWhoSignedIn(t *testing.T) {
	s := newSite(t)
	tests := []struct {
		role           engine.Role
		method, target string
		want           int
	}{
		{"", "GET", "/api/v1/nothing", 401},
		{engine.Viewer, "GET", "/api/v1/nothing", 404},
		{engine.Viewer, "GET", "/api", 404},
		{"", "PUT", "/api/v1/runs", 401},
		{engine.Viewer, "PUT", "/api/v1/runs", 405},
		{engine.Viewer, "GET", "/api/v1/runs/", 404},
		{engine.Viewer, "GET", "/api/v1/workflows/..%2fruns", 200}, // one segment: an id that nothing has
		{engine.Viewer, "GET", "/api/v1//runs", 404},
		{engine.Viewer, "GET", "/API/v1/runs", 404},
	}
	for _, tt := range tests {
		got := s.ask(tt.role, tt.method, tt.target, "", "Accept", "text/html")
		if got.status != tt.want {
			t.Errorf("%s %s as %q: %d, want %d", tt.method, tt.target, tt.role, got.status, tt.want)
		}
		if strings.HasPrefix(tt.target, "/api") && strings.Contains(got.header.Get("Content-Type"), "html") {
			t.Errorf("%s %s answered with a page", tt.method, tt.target)
		}
	}
	if s.engine.id != "../runs" {
		t.Errorf("the escaped slash gave the id %q, want ../runs", s.engine.id)
	}
}

func TestNothingButHealthAndHooksAnswersBeforeThereIsAnAdministrator(t *testing.T) {
	tests := []struct {
		method, target string
		want           int
	}{
		{"GET", "/", 403}, {"GET", "/nothing", 403}, {"GET", "/api/v1/runs", 403}, {"GET", "/api/docs", 403},
		{"GET", "/metrics", 403}, {"GET", "/demo/mailbox", 403}, {"POST", "/api/v1/session", 403}, {"POST", "/api/v1/users", 403},
		{"GET", "/style.css", 200}, {"GET", "/login", 200}, {"GET", "/first-run?key=" + firstKey, 200},
		{"GET", "/healthz", 200}, {"GET", "/readyz", 200}, {"POST", "/hooks/bigcommerce/k", 200},
	}
	extra := func(c *web.Config) {
		c.Loopback = false
		c.Extra = map[string]http.Handler{"/demo/mailbox": http.NotFoundHandler()}
	}
	s := newSite(t, extra)
	s.engine.needsSetup = true
	for _, tt := range tests {
		body := ""
		if tt.method == "POST" {
			body = "{}"
		}
		got := s.ask(engine.Admin, tt.method, tt.target, body)
		if got.status != tt.want {
			t.Errorf("%s %s: %d, want %d", tt.method, tt.target, got.status, tt.want)
		}
		if tt.want == 403 && (!strings.Contains(got.problem(t).Detail, "cartwheel token create") || !strings.Contains(got.problem(t).Detail, "cartwheel serve")) {
			t.Errorf("%s does not say what to do: %s", tt.target, got.body)
		}
	}
	if got := s.ask("", "GET", "/", "", "Accept", "text/html"); got.status != 303 || got.header.Get("Location") != "/login" {
		t.Errorf("a person's browser: %d, want to be led to the login", got.status)
	}
	s.engine.needsSetup = false
	if got := s.ask(engine.Viewer, "GET", "/api/v1/runs", ""); got.status != 200 {
		t.Errorf("after set-up: %d, want 200", got.status)
	}
	local := newSite(t)
	local.engine.needsSetup = true
	if got := local.ask(engine.Admin, "GET", "/api/v1/runs", ""); got.status != 200 {
		t.Errorf("on loopback: %d, want 200", got.status)
	}
}
