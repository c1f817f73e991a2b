package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/secret"
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
	raw, err := io.ReadAll(firstMessage(resp))
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, raw, resp.Header}
}

// rights say who may do what: one row for each operation that the program describes, and one for each other
// address that needs a role. A new route needs a row here before the tests pass.
var rights = map[string]engine.Role{
	"GET /api/docs":                                  engine.Viewer,
	"GET /api/openapi.json":                          engine.Viewer,
	"GET /api/v1/actions":                            engine.Viewer,
	"GET /api/v1/actions/{type}":                     engine.Viewer,
	"GET /api/v1/authentication-types":               engine.Viewer,
	"GET /api/v1/authentications":                    engine.Viewer,
	"POST /api/v1/authentications":                   engine.IntegrationManager,
	"GET /api/v1/authentications/{id}":               engine.Viewer,
	"PATCH /api/v1/authentications/{id}":             engine.IntegrationManager,
	"DELETE /api/v1/authentications/{id}":            engine.IntegrationManager,
	"POST /api/v1/authentications/{id}/test":         engine.IntegrationManager,
	"POST /api/v1/conditions/check":                  engine.Editor,
	"POST /api/v1/conditions/parse":                  engine.Editor,
	"POST /api/v1/conditions/format":                 engine.Editor,
	"GET /api/v1/triggers/{type}/fill":               engine.Viewer,
	"GET /api/v1/templates":                          engine.Viewer,
	"GET /api/v1/events":                             engine.Viewer,
	"GET /api/v1/events/{id}":                        engine.Viewer,
	"POST /api/v1/events/{id}/replay":                engine.Editor,
	"POST /api/v1/merge/preview":                     engine.Editor,
	"GET /api/v1/samples":                            engine.Viewer,
	"DELETE /api/v1/samples/{id}":                    engine.Editor,
	"POST /api/v1/previews":                          engine.Editor,
	"GET /api/v1/setup":                              engine.Viewer,
	"POST /api/v1/setup/public-url":                  engine.IntegrationManager,
	"POST /api/v1/authentications/{id}/hooks/repair": engine.IntegrationManager,
	"GET /api/v1/runs":                               engine.Viewer,
	"GET /api/v1/runs/{id}":                          engine.Viewer,
	"POST /api/v1/runs/{id}/cancel":                  engine.Editor,
	"POST /api/v1/runs/{id}/retry":                   engine.Editor,
	"GET /api/v1/audit":                              engine.Admin,
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
	"GET /api/v1/triggers":                           engine.Viewer,
	"GET /api/v1/triggers/{type}":                    engine.Viewer,
	"POST /api/v1/triggers/{type}/sample":            engine.Editor,
	"GET /api/v1/workflows":                          engine.Viewer,
	"POST /api/v1/workflows":                         engine.Editor,
	"GET /api/v1/workflows/{id}":                     engine.Viewer,
	"PUT /api/v1/workflows/{id}":                     engine.Editor,
	"DELETE /api/v1/workflows/{id}":                  engine.Editor,
	"POST /api/v1/workflows/{id}/pause":              engine.Editor,
	"POST /api/v1/workflows/{id}/publish":            engine.Editor,
	"POST /api/v1/workflows/{id}/resume":             engine.Editor,
	"POST /api/v1/workflows/{id}/cancel-runs":        engine.Editor,
	"GET /api/v1/overview":                           engine.Viewer,
	"GET /api/v1/settings":                           engine.Admin,
	"PUT /api/v1/settings":                           engine.Admin,
	"GET /api/v1/stream":                             engine.Viewer,
	"POST /api/v1/workflows/{id}/test":               engine.Editor,
	"GET /api/v1/workflows/{id}/versions":            engine.Viewer,
	"GET /api/v1/workflows/{id}/versions/{version}":  engine.Viewer,
	"GET /metrics":                                   engine.Viewer,
}

// undescribed are the rows of rights that the OpenAPI document does not tell of.
var undescribed = []string{"GET /api/docs", "GET /api/openapi.json", "GET /metrics"}

// open are the answers of the addresses that look at nobody's role.
var open = map[string]int{
	"GET /": 200, "GET /style.css": 200, "GET /healthz": 200, "HEAD /healthz": 200, "GET /readyz": 200, "HEAD /readyz": 200, "GET /nothing": 404, "GET /preview/none": 404,
	"GET /login": 200, "POST /login": 415, "GET /first-run": 410, "POST /first-run": 415,
	"POST /hooks/bigcommerce/{key}": 401, "POST /hooks/bigcommerce/{key}/": 401, "POST /hooks/bigcommerce/none": 404, "POST /hooks/bigcommerce/none/": 404,
	"POST /hooks/in/none": 404, "POST /hooks/in/none/": 404, "GET /hooks/bigcommerce/{key}": 405, "PUT /hooks/in/none": 405, "POST /hooks/other/none": 404,
}

// roleOf is the row of an operation.
func (o operation) roleOf() (engine.Role, bool) {
	role, ok := rights[o.method+" "+o.path]
	return role, ok
}

// holder is somebody who asks.
type holder struct {
	name, token string
	role        engine.Role // "": nobody
	cookie      string      // of a person's browser, instead of a token
}

// callBy makes a call as somebody.
func (p *program) callBy(t *testing.T, who holder, method, path string, in any) answer {
	t.Helper()
	if who.cookie == "" {
		return callAPI(t, p.app.URL(), who.token, method, path, in)
	}
	body, _ := in.(string)
	return p.request(t, method, path, body, func(h http.Header) {
		h.Del("Authorization")
		h.Set("Cookie", who.cookie)
		h.Set("Sec-Fetch-Site", "same-origin")
	})
}

func (p *program) holders(t *testing.T) []holder {
	t.Helper()
	ctx, now := context.Background(), time.Now()
	create := func(role engine.Role, made time.Time, expires time.Duration) string {
		token, err := engine.CreateToken(ctx, p.app.store, made, "a "+string(role), role, expires)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	revoked := "cw_" + secret.NewToken()
	if err := p.app.store.AddToken(ctx, engine.Token{ID: "revoked", Name: "revoked", Role: engine.Admin, Hash: secret.HashToken(revoked), CreatedAt: now, RevokedAt: &now}); err != nil {
		t.Fatal(err)
	}
	good := create(engine.Admin, now, time.Hour)
	all := []holder{
		{"nobody", "", "", ""},
		{"an unknown token", "cw_" + secret.NewToken(), "", ""},
		{"a token but its last character", good[:len(good)-1], "", ""},
		{"an expired token", create(engine.Admin, now.Add(-2*time.Hour), time.Hour), "", ""},
		{"a revoked token", revoked, "", ""},
		{"viewer", create(engine.Viewer, now, 0), engine.Viewer, ""},
		{"editor", create(engine.Editor, now, 0), engine.Editor, ""},
		{"integration manager", create(engine.IntegrationManager, now, 0), engine.IntegrationManager, ""},
		{"admin", good, engine.Admin, ""},
		{"an unknown session", "", "", "__Host-cartwheel_session=" + secret.NewToken()},
	}
	for _, role := range engine.Roles() {
		all = append(all, holder{"a person who is " + string(role), "", role, p.sessionOf(t, role)})
	}
	ended := p.sessionOf(t, engine.Admin)
	if a := p.callBy(t, holder{cookie: ended}, "DELETE", "/api/v1/session", nil); a.status != http.StatusNoContent {
		t.Fatalf("sign out: %d", a.status)
	}
	return append(all, holder{"a session that was ended", "", "", ended})
}

// Every operation, as the program itself describes them, for everybody: who may
// not gets 401 or 403 and changes nothing.
func TestWhoMayDoWhat(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	p.publish("w", object{"name": "W", "trigger": trigger("shipment_created"), "steps": []object{
		{"id": "mail", "type": "send_email", "config": object{"authentication_id": "sender", "to": "{{ BigCommerce | Order | billing_address | email }}",
			"subject": "Hi {{ BigCommerce | Order | billing_address | last_name }}", "text": "{{ BigCommerce | Order | billing_address | last_name }}"}},
		{"id": "call", "type": "http_request", "on_error": "continue", "config": object{"method": "POST", "url": p.inbox.URL, "body_type": "text", "body": "{{ BigCommerce | Order | billing_address | email }}"}}}})
	p.sim.Emit("store/shipment/created", object{"type": "shipment", "id": 903, "orderId": 4127})
	run := p.onlyRun("w")
	fill := strings.NewReplacer("/triggers/{type}", "/triggers/bigcommerce.order_created", "/actions/{type}", "/actions/send_email", "/authentications/{id}", "/authentications/hooks",
		"/workflows/{id}", "/workflows/w", "{version}", "1", "/events/{id}", "/events/"+run["event_id"].(string), "/runs/{id}", "/runs/"+run["id"].(string), "/tokens/{id}", "/tokens/revoked")
	operations := p.operations(t)
	if len(operations)+len(undescribed) != len(rights) {
		t.Errorf("%d operations and %d other addresses, but %d rows: take out the rows that no route has", len(operations), len(undescribed), len(rights))
	}
	for _, row := range undescribed {
		method, path, _ := strings.Cut(row, " ")
		operations = append(operations, operation{method, path, string(rights[row])})
	}
	holders, everything, tried := p.holders(t), p.state(t, fill), 0
	for _, o := range operations {
		need, ok := o.roleOf()
		if !ok || o.role != string(need) {
			t.Errorf("%s %s is declared for %q, its row in rights says %q", o.method, o.path, o.role, need)
			continue
		}
		for _, who := range holders {
			p.tryAs(t, who, o, fill.Replace(o.path), need)
			tried++
		}
	}
	hook := strings.NewReplacer("/hooks/bigcommerce/{key}", p.postman("store/shipment/created").path)
	for row, want := range open {
		method, path, _ := strings.Cut(row, " ")
		for _, who := range holders {
			var body any
			if method == http.MethodPost {
				body = `{"scope": "store/shipment/created"}`
			}
			if a := p.callBy(t, who, method, hook.Replace(path), body); a.status != want {
				t.Errorf("%s by %s: %d, want %d as for everybody\n%s", row, who.name, a.status, want, a.body)
			}
			tried++
		}
	}
	if now := p.state(t, fill); now != everything {
		t.Errorf("somebody without leave has changed something:\n%s\nbefore:\n%s", now, everything)
	}
	t.Logf("S1: %d routes x %d holders = %d answers, 0 bypasses", len(operations)+len(open), len(holders), tried)
}

// tryAs makes one call. Those with leave only read, or send what is refused for its content.
func (p *program) tryAs(t *testing.T, who holder, o operation, path string, need engine.Role) {
	t.Helper()
	allowed := who.role != "" && who.role.Allows(need)
	var body any
	if o.method != http.MethodGet {
		body = `{"name": "changed", "trigger": {"type": "none"}, "condition": "true", "template": "x"}`
		if allowed {
			body = `{"no such member": true}`
		}
	}
	a := p.callBy(t, who, o.method, path, body)
	switch {
	case need == "": // everybody's
		if a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s %s by %s: %d, want 422 for its content\n%s", o.method, path, who.name, a.status, a.body)
		}
	case who.role == "":
		if a.status != http.StatusUnauthorized || !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Bearer") {
			t.Errorf("%s %s by %s: %d, want 401", o.method, path, who.name, a.status)
		}
	case !allowed:
		if a.status != http.StatusForbidden || !strings.Contains(string(a.body), string(need)) {
			t.Errorf("%s %s by %s: %d, want 403 that names %s\n%s", o.method, path, who.name, a.status, need, a.body)
		}
	case o.method == http.MethodGet && a.status != http.StatusOK, o.method != http.MethodGet && a.status != http.StatusUnprocessableEntity:
		t.Errorf("%s %s by %s: %d\n%s", o.method, path, who.name, a.status, a.body)
	}
	if who.role == engine.Viewer {
		for _, personal := range []string{"ines.falk", "Falk"} {
			if strings.Contains(string(a.body), personal) {
				t.Errorf("%s %s shows %q to a viewer:\n%.2000s", o.method, path, personal, a.body)
			}
		}
	}
	if status := a.status; status >= 400 && a.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%s %s by %s: %d as %s", o.method, path, who.name, status, a.header.Get("Content-Type"))
	}
}

// state is everything that can be read and that only people change.
func (p *program) state(t *testing.T, fill *strings.Replacer) string {
	t.Helper()
	var all strings.Builder
	for _, path := range []string{"/api/v1/authentications", "/api/v1/workflows", "/api/v1/workflows/{id}", "/api/v1/workflows/{id}/versions", "/api/v1/authentications/{id}", "/api/v1/runs", "/api/v1/events"} {
		fmt.Fprintf(&all, "%s\n", p.call("GET", fill.Replace(path), nil).body)
	}
	fmt.Fprintf(&all, "%d mails, %d calls, %d hooks\n", len(p.mail.all()), len(p.calls.all()), len(p.sim.Hooks()))
	return all.String()
}
