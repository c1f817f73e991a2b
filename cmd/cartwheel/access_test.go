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
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, raw, resp.Header}
}

// promisedRole is who the contract lets do something.
func promisedRole(o operation) engine.Role {
	switch {
	case o.method == http.MethodGet:
		return engine.Viewer
	case strings.HasPrefix(o.path, "/api/v1/authentications"):
		return engine.IntegrationManager
	default:
		return engine.Editor
	}
}

// holder is somebody who asks.
type holder struct {
	name, token string
	role        engine.Role // "": nobody
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
	return []holder{
		{"nobody", "", ""},
		{"an unknown token", "cw_" + secret.NewToken(), ""},
		{"a token but its last character", good[:len(good)-1], ""},
		{"an expired token", create(engine.Admin, now.Add(-2*time.Hour), time.Hour), ""},
		{"a revoked token", revoked, ""},
		{"viewer", create(engine.Viewer, now, 0), engine.Viewer},
		{"editor", create(engine.Editor, now, 0), engine.Editor},
		{"integration manager", create(engine.IntegrationManager, now, 0), engine.IntegrationManager},
		{"admin", good, engine.Admin},
	}
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
		"/workflows/{id}", "/workflows/w", "{version}", "1", "/events/{id}", "/events/"+run["event_id"].(string), "/runs/{id}", "/runs/"+run["id"].(string))
	operations := p.operations(t)
	for _, path := range []string{"/api/openapi.json", "/api/docs", "/metrics"} {
		operations = append(operations, operation{"GET", path, string(engine.Viewer)})
	}
	holders, everything := p.holders(t), p.state(t, fill)
	for _, o := range operations {
		need := promisedRole(o)
		if o.role != string(need) {
			t.Errorf("%s %s is declared for %q, the contract says %s", o.method, o.path, o.role, need)
		}
		for _, who := range holders {
			p.tryAs(t, who, o, fill.Replace(o.path), need)
		}
	}
	if now := p.state(t, fill); now != everything {
		t.Errorf("somebody without leave has changed something:\n%s\nbefore:\n%s", now, everything)
	}
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
	a := callAPI(t, p.app.URL(), who.token, o.method, path, body)
	switch {
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
