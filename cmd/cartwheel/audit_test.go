package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// mutation is one call that changes something, and how the audit log tells of it.
type mutation struct {
	route, path string // path "": that of the route
	body        any
	status      int
	action      string
	object      string // kind/id; {id} stands for the id in the answer
	before      string // JSON with blanks taken out; "*": anything
	after       string
}

// mutations have a row for each route that changes something, in an order in which each can be done.
// The runs FAILED and WAITING and the event EVENT are there before.
func mutations(birds aviary) []mutation {
	w := object{"name": "W2", "trigger": trigger("order_created"), "steps": []object{{"id": "end", "type": "stop"}}}
	return []mutation{
		{"POST /api/v1/authentications", "", object{"id": "spare", "name": "Spare", "type": "http_basic", "config": object{"allowed_hosts": []string{"api.example.com"}, "username": "shop"},
			"secrets": object{"password": birds.secret("password")}}, 201, "authentication.create", "authentication/spare", "null",
			`{"config":{"username":"shop","allowed_hosts":["api.example.com"]},"name":"Spare","secrets":{"password":{"set":true}},"type":"http_basic"}`},
		{"PATCH /api/v1/authentications/{id}", "/api/v1/authentications/spare", object{"name": "Other", "secrets": object{"password": birds.secret("basic")}}, 200,
			"authentication.edit", "authentication/spare", `{"name":"Spare","secrets":{"password":{"set":true}}}`, `{"name":"Other","secrets":{"password":{"set":true,"changed":true}}}`},
		{"DELETE /api/v1/authentications/{id}", "/api/v1/authentications/spare", nil, 204, "authentication.delete", "authentication/spare", "*", "null"},
		{"POST /api/v1/workflows", "", object{"id": "w2", "name": "W", "trigger": trigger("order_created")}, 201, "workflow.create", "workflow/w2", "null", "*"},
		{"PUT /api/v1/workflows/{id}", "/api/v1/workflows/w2", w, 200, "workflow.edit", "workflow/w2", `{"name":"W","steps":null}`, `{"name":"W2","steps":[{"id":"end","type":"stop"}]}`},
		{"PUT /api/v1/workflows/{id}", "/api/v1/workflows/w3", w, 201, "workflow.create", "workflow/w3", "null", "*"},
		{"POST /api/v1/workflows/{id}/publish", "/api/v1/workflows/w2/publish", nil, 200, "workflow.publish", "workflow/w2", `{"live_version":0,"status":"draft"}`, `{"live_version":1,"status":"live"}`},
		{"POST /api/v1/workflows/{id}/pause", "/api/v1/workflows/w2/pause", nil, 200, "workflow.pause", "workflow/w2", `{"status":"live"}`, `{"status":"paused"}`},
		{"POST /api/v1/workflows/{id}/resume", "/api/v1/workflows/w2/resume", nil, 200, "workflow.resume", "workflow/w2", `{"status":"paused"}`, `{"status":"live"}`},
		{"DELETE /api/v1/workflows/{id}", "/api/v1/workflows/w2", nil, 204, "workflow.delete", "workflow/w2", "*", "null"},
		{"POST /api/v1/tokens", "", object{"name": "ci", "role": "viewer", "expires": "90d"}, 201, "token.create", "token/{id}", "null", "*"},
		{"DELETE /api/v1/tokens/{id}", "/api/v1/tokens/{id}", nil, 204, "token.revoke", "token/{id}", `{"revoked_at":null}`, "*"},
		{"POST /api/v1/users", "", object{"email": "Bo@example.com", "role": "viewer", "password": birds.secret("password")}, 201, "user.create", "user/{id}", "null",
			`{"email":"bo@example.com","password":{"set":true},"role":"viewer"}`},
		{"PATCH /api/v1/users/{id}", "/api/v1/users/{id}", object{"role": "editor", "password": birds.secret("basic")}, 200, "user.edit", "user/{id}",
			`{"password":{"set":true},"role":"viewer"}`, `{"password":{"set":true,"changed":true},"role":"editor"}`},
		{"DELETE /api/v1/users/{id}", "/api/v1/users/{id}", nil, 204, "user.delete", "user/{id}", `{"email":"bo@example.com","password":{"set":true},"role":"editor"}`, "null"},
		{"POST /api/v1/workflows/{id}/cancel-runs", "/api/v1/workflows/rests/cancel-runs", object{"version": 1}, 200, "workflow.cancel_runs", "workflow/rests", "null", `{"cancelled_runs":1,"version":1}`},
		{"PUT /api/v1/settings", "", object{"alerts": object{"enabled": true, "authentication_id": "sender", "to": "owner@example.com"}}, 200, "setting.edit", "setting/settings", "null", "*"},
		{"POST /api/v1/authentications/{id}/hooks/repair", "/api/v1/authentications/shop/hooks/repair", nil, 202, "authentication.repair_hooks", "authentication/shop", "null", "{}"},
		{"DELETE /api/v1/samples/{id}", "/api/v1/samples/SAMPLE", nil, 204, "sample.delete", "sample/SAMPLE", `{"authentication_id":"shop","entity":"order/4127","trigger":"bigcommerce.order_created"}`, "null"},
		{"POST /api/v1/runs/{id}/retry", "/api/v1/runs/FAILED/retry", nil, 200, "run.retry", "run/FAILED", `{"status":"failed"}`, `{"status":"running","step":"call"}`},
		{"POST /api/v1/runs/{id}/cancel", "/api/v1/runs/WAITING/cancel", nil, 200, "run.cancel", "run/WAITING", `{"status":"waiting"}`, `{"status":"cancelled"}`},
		{"POST /api/v1/events/{id}/replay", "/api/v1/events/EVENT/replay", nil, 201, "event.replay", "event/EVENT", "null", "*"},
	}
}

// ofPeople are the routes that only people use: TestSessionsEndAtOnce shows what they leave.
var ofPeople = []string{"POST /api/v1/session", "DELETE /api/v1/session", "DELETE /api/v1/sessions", "POST /api/v1/session/password"}

// makers are the routes that answer with the id of what is then changed.
var makers = []string{"POST /api/v1/tokens", "POST /api/v1/users"}

// lookOnly are the routes that are no GET and yet change nothing, with a call that succeeds.
var lookOnly = map[string]mutation{
	"POST /api/v1/authentications/{id}/test": {path: "/api/v1/authentications/hooks/test"},
	"POST /api/v1/previews":                  {path: "/api/v1/previews", body: object{"html": "<p>Hi</p>"}},
	"POST /api/v1/setup/public-url":          {path: "/api/v1/setup/public-url", body: object{}},
	"POST /api/v1/triggers/{type}/sample":    {path: "/api/v1/triggers/bigcommerce.order_created/sample", body: object{"authentication_id": "shop", "id": 4127}},
	"POST /api/v1/workflows/{id}/test":       {path: "/api/v1/workflows/fails/test", body: object{}},
	"POST /api/v1/merge/preview":             {path: "/api/v1/merge/preview", body: object{"template": "x", "format": "text", "trigger": object{"type": "bigcommerce.order_created"}}},
	"POST /api/v1/conditions/parse":          {path: "/api/v1/conditions/parse", body: object{"condition": "true", "trigger": object{"type": "bigcommerce.order_created"}}},
	"POST /api/v1/conditions/format":         {path: "/api/v1/conditions/format", body: object{"rules": object{"kind": "group", "combinator": "and", "rules": []any{}}, "trigger": object{"type": "bigcommerce.order_created"}}},
	"POST /api/v1/conditions/check":          {path: "/api/v1/conditions/check", body: object{"condition": "true", "trigger": object{"type": "bigcommerce.order_created"}}},
}

// auditEntry is an entry as the API shows it.
type auditEntry struct {
	Seq   int64 `json:"seq"`
	Actor struct {
		Kind, ID, Name string
	} `json:"actor"`
	IP     string `json:"ip"`
	Action string `json:"action"`
	Object struct {
		Kind, ID string
	} `json:"object"`
	Before, After json.RawMessage
}

// audit is the newest part of the log, newest first.
func (p *program) audit() (entries []auditEntry, raw []byte) {
	p.t.Helper()
	a := p.call("GET", "/api/v1/audit?limit=200", nil)
	var list struct{ Items []auditEntry }
	if err := json.Unmarshal(a.body, &list); err != nil || a.status != 200 {
		p.t.Fatalf("the audit log: %d %v\n%s", a.status, err, a.body)
	}
	return list.Items, a.body
}

func (p *program) newestEntry() auditEntry {
	p.t.Helper()
	entries, _ := p.audit()
	return entries[0]
}

// aFailedAndAWaitingRun makes them, and returns their ids and that of their event.
func (p *program) aFailedAndAWaitingRun() *strings.Replacer {
	p.t.Helper()
	p.connect()
	p.publish("fails", object{"name": "Fails", "trigger": trigger("shipment_created"), "steps": []object{{"id": "call", "type": "http_request", "retry": object{"attempts": 1},
		"config": object{"method": "GET", "url": "http://127.0.0.1:9999/nobody", "body_type": "none"}}}})
	p.publish("rests", object{"name": "Rests", "trigger": trigger("shipment_created"), "steps": []object{{"id": "rest", "type": "delay", "config": object{"for": "3d"}}}})
	p.publish("waits", object{"name": "Waits", "trigger": trigger("shipment_created"), "steps": []object{{"id": "rest", "type": "delay", "config": object{"for": "3d"}}}})
	p.sim.Emit("store/shipment/created", object{"type": "shipment", "id": 903, "orderId": 4127})
	failed := p.onlyRun("fails")
	var waiting object
	p.waitFor("a run waits", func() bool {
		runs := p.must(200, "GET", "/api/v1/runs?workflow_id=waits&status=waiting", nil)["items"].([]any)
		if len(runs) > 0 {
			waiting = runs[0].(object)
		}
		resting := p.must(200, "GET", "/api/v1/runs?workflow_id=rests&status=waiting", nil)["items"].([]any)
		return waiting != nil && len(resting) > 0
	})
	kept := p.call("POST", "/api/v1/triggers/bigcommerce.order_created/sample", object{"authentication_id": "shop", "id": 4127, "keep": true})
	sample := strings.TrimPrefix(kept.header.Get("Location"), "/api/v1/samples/")
	return strings.NewReplacer("SAMPLE", sample, "FAILED", failed["id"].(string), "WAITING", waiting["id"].(string), "EVENT", failed["event_id"].(string))
}

// S10: every route that changes something leaves one entry that says who did what from where, what it was and what it
// became; secrets never stand in it. What is refused, and what only looks, leaves none.
func TestEveryMutationLeavesOneAuditEntry(t *testing.T) {
	p := startProgram(t, nil)
	ids, birds := p.aFailedAndAWaitingRun(), newAviary()
	rows := mutations(birds)
	p.everyRouteHasARow(t, rows)
	refused := p.refusedLeaveNothing(t, rows, ids)
	made := ""
	for _, m := range rows {
		t.Run(m.route+" "+m.action, func(t *testing.T) {
			if m.path == "" {
				_, m.path, _ = strings.Cut(m.route, " ")
			}
			a := p.leavesOne(t, m, strings.NewReplacer("{id}", made), ids)
			var answer struct{ ID, Token string }
			if slices.Contains(makers, m.route) && json.Unmarshal(a.body, &answer) == nil {
				made = answer.ID
			}
			if answer.Token != "" {
				birds = append(birds, canary{"new token", answer.Token[len(answer.Token)-22:]})
			}
		})
	}
	for route, h := range lookOnly {
		before := p.newestEntry().Seq
		if a := p.call("POST", h.path, h.body); a.status != 200 {
			t.Errorf("%s: %d\n%s", route, a.status, a.body)
		}
		if now := p.newestEntry(); now.Seq != before {
			t.Errorf("%s changes nothing, but left %+v", route, now)
		}
	}
	entries, raw := p.audit()
	birds.absent(t, "the audit log", raw)
	p.foldersAreClean(t, birds, "with the audit log")
	code, out, errs := typed(t, "", "audit", "verify", "--data", p.dir)
	if want := fmt.Sprintf("%d entries, chain intact\n", len(entries)); code != exitOK || out != want || errs != "" {
		t.Errorf("audit verify beside the running program: %d %q %q, want 0 %q", code, out, errs, want)
	}
	if t.Failed() {
		return
	}
	t.Logf("S10: %d mutations of %d routes, each 1 entry; %d refused and %d harmless calls, 0 entries; %d entries without a secret", len(rows), len(routesOf(rows)), refused, len(lookOnly), len(entries))
}

// leavesOne does m, as somebody who claims another address, and checks its entry.
func (p *program) leavesOne(t *testing.T, m mutation, made, ids *strings.Replacer) answer {
	t.Helper()
	method, _, _ := strings.Cut(m.route, " ")
	body := ""
	if m.body != nil {
		body = jsonOf(t, m.body)
	}
	before := p.newestEntry().Seq
	a := p.request(t, method, ids.Replace(made.Replace(m.path)), body, func(h http.Header) { h.Set("X-Forwarded-For", "203.0.113.9") })
	if a.status != m.status {
		t.Fatalf("%d, want %d\n%s", a.status, m.status, a.body)
	}
	var answered struct{ ID string }
	if json.Unmarshal(a.body, &answered) == nil && slices.Contains(makers, m.route) {
		made = strings.NewReplacer("{id}", answered.ID)
	}
	e := p.newestEntry()
	if e.Seq != before+1 {
		t.Fatalf("%d new entries, want 1 (the newest is %+v)", e.Seq-before, e)
	}
	if e.Actor.Kind != "token" || e.Actor.Name != "test" || e.Actor.ID == "" || e.IP != "127.0.0.1" {
		t.Errorf("by %+v from %q, want the token test from the socket's address", e.Actor, e.IP)
	}
	if got, want := e.Object.Kind+"/"+e.Object.ID, ids.Replace(made.Replace(m.object)); e.Action != m.action || got != want {
		t.Errorf("%s of %s, want %s of %s", e.Action, got, m.action, want)
	}
	for _, part := range []struct{ name, got, want string }{{"before", string(e.Before), m.before}, {"after", string(e.After), m.after}} {
		if part.want != "*" && part.got != part.want || part.want == "*" && len(part.got) < 10 {
			t.Errorf("%s is %s, want %s", part.name, part.got, part.want)
		}
	}
	return a
}

func jsonOf(t testing.TB, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func routesOf(rows []mutation) (routes []string) {
	for _, m := range rows {
		if !slices.Contains(routes, m.route) {
			routes = append(routes, m.route)
		}
	}
	return routes
}

// everyRouteHasARow fails for an operation that may change something and is in no table, and for rows without a route.
func (p *program) everyRouteHasARow(t *testing.T, rows []mutation) {
	t.Helper()
	left := append(routesOf(rows), ofPeople...)
	for route := range lookOnly {
		left = append(left, route)
	}
	for _, o := range p.operations(t) {
		route := o.method + " " + o.path
		at := slices.Index(left, route)
		switch {
		case o.method == http.MethodGet:
		case at < 0:
			t.Errorf("%s has no row: add it to mutations with its audit entry, or to lookOnly", route)
		default:
			left = slices.Delete(left, at, at+1)
		}
	}
	if len(left) > 0 {
		t.Errorf("rows without a route: %v", left)
	}
}

// refusedLeaveNothing tries each mutation without leave, with a wrong body, on what is not there and on an old state.
func (p *program) refusedLeaveNothing(t *testing.T, rows []mutation, ids *strings.Replacer) (tried int) {
	t.Helper()
	viewer := p.must(201, "POST", "/api/v1/tokens", object{"name": "weak", "role": "viewer"})["token"].(string)
	before := p.newestEntry()
	for _, m := range rows {
		method, path, _ := strings.Cut(m.route, " ")
		real, body := path, "" // of something that is there
		if m.path != "" {
			real = ids.Replace(strings.NewReplacer("spare", "hooks", "/w2", "/fails", "/w3", "/fails", "{id}", "none").Replace(m.path))
		}
		if m.body != nil {
			body = jsonOf(t, m.body)
		}
		for _, wrong := range []struct {
			name, path, body string
			change           func(http.Header)
		}{
			{"a viewer", real, body, func(h http.Header) { h.Set("Authorization", "Bearer "+viewer) }},
			{"nobody", real, body, func(h http.Header) { h.Del("Authorization") }},
			{"a member that there is not", real, `{"no such member":true}`, nil},
			{"no JSON", real, `{"name"`, nil},
			{"what is not there", strings.ReplaceAll(path, "{id}", "no-such-thing"), body, func(h http.Header) { h.Set("If-Match", `"1"`) }},
			{"an old state", real, body, func(h http.Header) { h.Set("If-Match", `"987654"`) }},
		} {
			if (wrong.name == "what is not there" || wrong.name == "an old state") && !strings.Contains(path, "{id}") || wrong.name == "an old state" && slices.ContainsFunc([]string{"/events/", "/samples/", "/hooks/repair"}, func(part string) bool { return strings.Contains(path, part) }) {
				continue // there is no such state
			}
			a := p.request(t, method, wrong.path, wrong.body, wrong.change)
			if a.status < 400 || a.status > 499 {
				t.Errorf("%s with %s: %d, want a refusal\n%s", m.route, wrong.name, a.status, a.body)
			}
			tried++
		}
	}
	if now := p.newestEntry(); now.Seq != before.Seq {
		t.Errorf("%d refused calls left %d entries; the last is %+v", tried, now.Seq-before.Seq, now)
	}
	return tried
}
