package main

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"cartwheel/engine"
)

// An id leads to the thing that it belongs to and to nothing else: ids of other kinds, of what is gone, guessed and
// made-up ones are 404 at every address that takes one.
func TestIdsLeadToTheirOwnThingOnly(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	p.publish("w", object{"name": "W", "trigger": trigger("shipment_created"), "steps": []object{{"id": "end", "type": "stop"}}})
	p.publish("gone", object{"name": "Gone", "trigger": trigger("shipment_created"), "steps": []object{{"id": "end", "type": "stop"}}})
	p.sim.Emit("store/shipment/created", object{"type": "shipment", "id": 903, "orderId": 4127})
	run, old := p.onlyRun("w"), p.onlyRun("gone")
	p.must(201, "POST", "/api/v1/authentications", object{"id": "left", "name": "Left", "type": "http_bearer",
		"config": object{"allowed_hosts": []string{"127.0.0.1"}}, "secrets": object{"token": "0123456789abcdef"}})
	for _, path := range []string{"/api/v1/workflows/gone", "/api/v1/authentications/left"} {
		if a := p.call("DELETE", path, nil); a.status != http.StatusNoContent {
			t.Fatalf("DELETE %s: %d %s", path, a.status, a.body)
		}
	}
	if a := p.call("GET", "/api/v1/runs/"+old["id"].(string), nil); a.status != 200 {
		t.Errorf("the run of a deleted workflow: %d, want it readable\n%s", a.status, a.body)
	}
	own := map[string]string{"workflows": "w", "authentications": "hooks", "runs": run["id"].(string), "events": run["event_id"].(string),
		"triggers": "bigcommerce.order_created", "actions": "send_email"}
	gone := map[string][]string{"workflows": {"gone"}, "authentications": {"left"}}
	tried, routes := 0, 0
	for _, o := range p.operations(t) {
		kind, _, _ := strings.Cut(strings.TrimPrefix(o.path, "/api/v1/"), "/")
		if !strings.Contains(o.path, "{") || o.method == http.MethodPut { // PUT makes what is not there
			continue
		}
		routes++
		for _, id := range append(strangeIDs(own, kind), gone[kind]...) {
			if id == "gone" && strings.Contains(o.path, "/versions") { // the history of a deleted workflow stays readable
				continue
			}
			a, want := p.call(o.method, withID(o.path, id), bodyFor(o)), http.StatusNotFound
			if len(id) > 100 {
				want = http.StatusUnprocessableEntity
			}
			tried++
			if a.status != want || !strings.HasPrefix(a.header.Get("Content-Type"), "application/problem+json") {
				t.Errorf("%s %s: %d, want %d as a problem\n%.300s", o.method, withID(o.path, id), a.status, want, a.body)
			}
			for kind, id := range map[string]string{"the address of a hook": p.postman("store/shipment/created").path, "a shopper's address": "ines.falk"} {
				if strings.Contains(string(a.body), id) {
					t.Errorf("%s %s tells %s:\n%.300s", o.method, withID(o.path, id), kind, a.body)
				}
			}
		}
	}
	tried += p.strangeReferences(t, own)
	p.unguessable(t, run)
	t.Logf("S2: %d requests with strange ids, to %d routes that take one and in bodies and parameters, 0 leaks", tried, routes)
}

// unguessable looks at what keeps strangers out: nothing of it can be counted up from another one.
func (p *program) unguessable(t *testing.T, run object) {
	t.Helper()
	hook := p.sim.Hooks()[0]
	secrets := map[string]string{"the key of a hook": hook.Destination[strings.LastIndexByte(hook.Destination, '/')+1:], "an API token": p.token[strings.IndexByte(p.token, '_')+1:]}
	for name, value := range hook.Headers {
		secrets["the header "+name] = value
	}
	for what, text := range secrets {
		if raw, err := base64.RawURLEncoding.DecodeString(text); err != nil || len(raw) < 32 {
			t.Errorf("%s has %d random bytes, want 32 (%v)", what, len(raw), err)
		}
	}
	for what, id := range map[string]string{"a run": run["id"].(string), "an event": run["event_id"].(string)} {
		if len(id) != 36 || id[14] != '7' { // RFC 9562, 5.7: a time and 74 random bits
			t.Errorf("the id of %s is %s, want a UUIDv7", what, id)
		}
	}
}

func withID(path, id string) string {
	before, after, _ := strings.Cut(path, "{")
	_, after, _ = strings.Cut(after, "}")
	return before + url.PathEscape(id) + strings.ReplaceAll(after, "{version}", "1")
}

// bodyFor is a body that the operation would take.
func bodyFor(o operation) any {
	switch {
	case strings.HasSuffix(o.path, "/sample"):
		return `{"authentication_id": "shop", "id": 4127}`
	case o.method == http.MethodPatch && strings.Contains(o.path, "/users/"):
		return `{"role": "viewer"}`
	case o.method == http.MethodPatch:
		return `{"name": "changed"}`
	case strings.HasSuffix(o.path, "/workflows/{id}/test"):
		return `{}`
	default:
		return nil
	}
}

// strangeIDs are ids of everything but this kind, and some that nothing has.
func strangeIDs(own map[string]string, kind string) []string {
	ids := []string{"01890a5d-ac96-774b-bcce-b302099a8057", "0", "-1", "none", own[kind] + "x", own[kind] + " ", own[kind] + "/", own[kind] + "\n", strings.ToUpper(own[kind]) + "Z", "../" + own[kind],
		own[kind] + "' OR '1'='1", own[kind] + "'; DROP TABLE event; --", "%", "_", "*", "null", "../../../etc/passwd", "{id}", "$env", "ünïcode", strings.Repeat("a", 5000)}
	for other, id := range own {
		if other != kind {
			ids = append(ids, id)
		}
	}
	if kind == "runs" || kind == "events" {
		ids = append(ids, strings.ToUpper(own[kind])+" ", strings.ReplaceAll(own[kind], "-", ""), own[kind][:8], own[kind][:8]+"%")
	}
	return ids
}

// strangeReferences puts ids of the wrong kind into bodies and parameters.
func (p *program) strangeReferences(t *testing.T, own map[string]string) (tried int) {
	t.Helper()
	for _, id := range append(strangeIDs(own, "authentications"), "sender", "hooks") {
		a := p.call("POST", "/api/v1/triggers/bigcommerce.order_created/sample", object{"authentication_id": id, "id": 4127})
		tried++
		if a.status < 400 || a.status >= 500 {
			t.Errorf("a sample with the authentication %.60q: %d, want it refused\n%.300s", id, a.status, a.body)
		}
	}
	for _, id := range strangeIDs(own, "events") {
		for path, in := range map[string]object{
			"/workflows/w/test": {}, "/merge/preview": {"template": "{{ BigCommerce | Order | id }}", "trigger": object{"type": "bigcommerce.shipment_created"}},
			"/conditions/check": {"condition": "BigCommerce.Order.id > 0", "trigger": object{"type": "bigcommerce.shipment_created"}},
		} {
			in["event_id"] = id
			tried++
			if a := p.call("POST", "/api/v1"+path, in); a.status < 400 || a.status >= 500 {
				t.Errorf("%s with the event %.60q: %d, want it refused\n%.300s", path, id, a.status, a.body)
			}
		}
		for _, list := range []string{"events?entity=", "events?email=", "events?trigger=", "runs?workflow_id=", "runs?event_id=", "runs?email=", "events?authentication_id=", "runs?authentication_id=", "workflows?authentication_id="} {
			if strings.HasSuffix(list, "workflow_id=") && id == own["workflows"] || strings.HasPrefix(list, "events?trigger") && id == own["triggers"] {
				continue
			}
			a := p.call("GET", "/api/v1/"+list+url.QueryEscape(id), nil)
			tried++
			if a.status >= 500 || a.status == 200 && !strings.Contains(string(a.body), `"items":[]`) {
				t.Errorf("%s%.60q: %d, want nothing\n%.300s", list, id, a.status, a.body)
			}
		}
	}
	return tried
}

// An editor may use an authentication, but neither read it nor send it elsewhere, nor use it for what it is not made for.
func TestAnEditorCannotReAimAnAuthentication(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	thief := &ledger[http.Header]{}
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { thief.add(r.Header.Clone()) }))
	t.Cleanup(elsewhere.Close)
	away := strings.Replace(elsewhere.URL, "127.0.0.1", "127.0.0.2", 1)
	editor, err := engine.CreateToken(t.Context(), p.app.store, time.Now(), "an editor", engine.Editor, 0)
	if err != nil {
		t.Fatal(err)
	}
	p.token, editor = editor, p.token
	mail := object{"to": "a@example.com", "subject": "x", "text": "x"}
	call := func(address, auth string) object {
		return object{"method": "POST", "url": address, "authentication_id": auth, "body_type": "none"}
	}
	steps := []object{}
	for i, config := range []object{call(away, "hooks"), call("http://localhost:1/", "hooks"), call(`{{ Steps | step-0 | body ?? "`+away+`" }}`, "hooks")} {
		steps = append(steps, object{"id": fmt.Sprintf("step-%d", i), "type": "http_request", "on_error": "continue", "retry": object{"attempts": 1}, "config": config})
	}
	for _, bad := range []object{{"id": "bad", "type": "http_request", "config": call(elsewhere.URL, "shop")}, {"id": "bad", "type": "http_request", "config": call(elsewhere.URL, "sender")},
		{"id": "bad", "type": "send_email", "config": merged(mail, object{"authentication_id": "hooks"})}, {"id": "bad", "type": "send_email", "config": merged(mail, object{"authentication_id": "shop"})}} {
		saved := p.must(201, "PUT", fmt.Sprintf("/api/v1/workflows/bad-%s-%v", strings.ReplaceAll(bad["type"].(string), "_", "-"), bad["config"].(object)["authentication_id"]),
			object{"name": "Bad", "trigger": trigger("shipment_created"), "steps": []object{bad}})
		if problems, _ := saved["problems"].([]any); len(problems) == 0 {
			t.Errorf("%v: no problem, want the authentication refused for this step", bad)
		}
	}
	if a := p.call("GET", "/api/v1/authentications/hooks", nil); a.status != 200 || strings.Contains(string(a.body), "allowed_hosts") {
		t.Errorf("an editor reads %d %s, want it without the config", a.status, a.body)
	}
	p.must(201, "PUT", "/api/v1/workflows/steal", object{"name": "Steal", "trigger": trigger("shipment_created"), "steps": steps})
	p.must(200, "POST", "/api/v1/workflows/steal/publish", object{})
	p.token = editor // the administrator's again
	p.waitFor("the hook is active", func() bool { return len(p.sim.Hooks()) > 0 })
	p.sim.Emit("store/shipment/created", object{"type": "shipment", "id": 903, "orderId": 4127})
	for _, s := range p.onlyRun("steal")["steps"].([]any) {
		if s := s.(object); s["status"] != "failed" || !strings.Contains(fmt.Sprint(s["reason"]), "may not be sent to") {
			t.Errorf("%v: %v %v, want it refused", s["id"], s["status"], s["reason"])
		}
	}
	if got := thief.all(); len(got) > 0 {
		t.Errorf("another host than the allowed ones was called: %v", got)
	}
}

func merged(a, b object) object {
	all := object{}
	for _, m := range []object{a, b} {
		for name, value := range m {
			all[name] = value
		}
	}
	return all
}
