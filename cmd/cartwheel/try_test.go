package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"cartwheel/engine"
)

// What somebody tries out leaves the shopper alone: only the tester gets a mail, only with a tick, and nothing of it is kept.
func TestTryingOutReachesNobodyElse(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	p.must(201, "PUT", "/api/v1/workflows/w", object{"name": "W", "trigger": trigger("order_created"), "steps": []object{
		{"id": "tell", "type": "http_request", "config": object{"method": "POST", "url": p.inbox.URL + "/tell", "body_type": "text", "body": "{{ BigCommerce | Order | id }}"}},
		{"id": "mail", "type": "send_email", "config": object{"authentication_id": "sender", "to": "{{ BigCommerce | Order | billing_address | email }}",
			"subject": "Order {{ BigCommerce | Order | id }}", "text": "The number is {{ Steps | tell | body | number ?? \"unknown\" }}"}}}})
	kept := p.call("POST", "/api/v1/triggers/bigcommerce.order_created/sample", object{"authentication_id": "shop", "id": 4127, "keep": true})
	sample := strings.TrimPrefix(kept.header.Get("Location"), "/api/v1/samples/")
	if kept.status != 200 || sample == "" {
		t.Fatalf("sample: %d %q\n%s", kept.status, sample, kept.body)
	}
	shopper := p.textOf("{{ BigCommerce | Order | billing_address | email }}", sample)
	test := func(send object) map[string]object {
		t.Helper()
		steps := map[string]object{}
		for _, s := range p.must(200, "POST", "/api/v1/workflows/w/test", object{"sample_id": sample, "send": send})["steps"].([]any) {
			step := s.(object)
			steps[step["id"].(string)] = step
		}
		return steps
	}

	dry := test(object{})
	if len(p.mail.all())+len(p.calls.all()) != 0 || dry["mail"]["sent"] != false || !strings.Contains(dry["mail"]["request"].(string), "To: "+shopper) ||
		!strings.Contains(dry["mail"]["reason"].(string), "not really done the step tell") || dry["mail"]["output"] != nil {
		t.Errorf("without a tick: %d mails, %d calls, %v", len(p.mail.all()), len(p.calls.all()), dry["mail"])
	}
	wet := test(object{"mail": true, "mail_to": "tester@example.net", "http": true})
	letters := p.mail.all()
	if len(letters) != 1 || strings.Join(letters[0].To, ",") != "tester@example.net" || letters[0].Subject != "[Test] Order 4127" || len(p.calls.all()) != 1 {
		t.Fatalf("with both ticks: %d calls, %+v, %v", len(p.calls.all()), letters, wet)
	}
	if want := "This is a test. A live run would send this mail to " + shopper + "."; !strings.HasPrefix(letters[0].Text, want) || !strings.Contains(letters[0].Text, "The number is 1") {
		t.Errorf("the mail reads\n%s\nwant it to begin with %q", letters[0].Text, want)
	}
	for _, header := range []string{"Cc", "Bcc", "Reply-To"} {
		if got := letters[0].Header.Get(header); got != "" {
			t.Errorf("%s: %s", header, got)
		}
	}
	if wet["mail"]["sent_to"] != "tester@example.net" || !strings.Contains(wet["tell"]["response"].(string), "200") || wet["tell"]["output"].(object)["status"].(float64) != 200 {
		t.Errorf("steps %v", wet)
	}
	if refused := test(object{"mail": true, "mail_to": strings.ToUpper(shopper)}); refused["mail"]["status"] != "failed" || len(p.mail.all()) != 1 {
		t.Errorf("a token that names the shopper: %v, %d mails", refused["mail"], len(p.mail.all()))
	}
	audit := p.must(200, "GET", "/api/v1/audit?action=workflow.test", nil)["items"].([]any)
	if len(audit) != 1 || fmt.Sprint(audit[0].(object)["after"]) != "map[http:true mail_to:tester@example.net]" {
		t.Errorf("audit %v", audit)
	}
	if events := p.must(200, "GET", "/api/v1/events", nil)["items"].([]any); len(events) != 0 {
		t.Errorf("events %v", events)
	}
}

func (p *program) textOf(template, sample string) string {
	p.t.Helper()
	return p.must(200, "POST", "/api/v1/merge/preview", object{"template": template, "trigger": object{"type": "bigcommerce.order_created"}, "sample_id": sample})["output"].(string)
}

func TestTheStartPageSeesHowFarItIs(t *testing.T) {
	p := startProgram(t, nil)
	steps := func() string {
		var done []string
		for _, name := range []string{"store", "hooks", "sender", "workflow", "event"} {
			part := p.must(200, "GET", "/api/v1/setup", nil)[name].(object)
			if part["done"] == true {
				done = append(done, strings.TrimSpace(fmt.Sprint(name, " ", orNothing(part["authentication_id"]), orNothing(part["id"]))))
			}
		}
		return strings.Join(done, ", ")
	}
	if got := steps(); got != "" {
		t.Errorf("at first: %s", got)
	}
	if a := p.call("POST", "/api/v1/authentications/shop/hooks/repair", nil); a.status != 404 {
		t.Errorf("repair of nothing: %d", a.status)
	}
	p.connect()
	if got := steps(); got != "store shop, sender sender" {
		t.Errorf("connected: %s", got)
	}
	for id, want := range map[string]int{"shop": 409, "sender": 409} { // no live workflow; no hooks at all
		if a := p.call("POST", "/api/v1/authentications/"+id+"/hooks/repair", nil); a.status != want {
			t.Errorf("repair %s: %d, want %d\n%s", id, a.status, want, a.body)
		}
	}
	p.publish("w", object{"name": "W", "trigger": trigger("order_created"), "steps": []object{{"id": "end", "type": "stop"}}})
	p.call("POST", "/api/v1/triggers/bigcommerce.order_created/sample", object{"authentication_id": "shop", "id": 4127, "keep": true})
	if got := steps(); got != "store shop, hooks, sender sender, workflow w, event" {
		t.Errorf("live: %s", got)
	}
	p.loseHook(p.sim.Hooks()[0].ID)
	if a := p.call("POST", "/api/v1/authentications/shop/hooks/repair", nil); a.status != 202 {
		t.Errorf("repair: %d %s", a.status, a.body)
	}
	p.waitFor("the hook is back", func() bool { return len(p.sim.Hooks()) == 1 })
}

// loseHook deletes a hook at the store, behind the program's back.
func (p *program) loseHook(id int) {
	p.t.Helper()
	c := p.sim.Config()
	req, err := http.NewRequestWithContext(shortContext(p.t), http.MethodDelete, fmt.Sprintf("%s/stores/%s/v3/hooks/%d", p.api.URL, c.StoreHash, id), nil)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("X-Auth-Token", c.AccessToken)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK || len(p.sim.Hooks()) != 0 {
		p.t.Fatalf("delete hook %d: %d", id, resp.StatusCode)
	}
}

func orNothing(v any) string {
	text, _ := v.(string)
	return text
}

func TestAMailServerIsTriedByARealMail(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	out := p.must(200, "POST", "/api/v1/authentications/sender/test", object{"mail_to": "owner@example.net"})
	letters := p.mail.all()
	if out["ok"] != true || len(letters) != 1 || letters[0].To[0] != "owner@example.net" || !strings.HasPrefix(letters[0].Subject, "[Test]") {
		t.Errorf("%v, mails %+v", out, letters)
	}
	for id, body := range map[string]object{"shop": {"mail_to": "owner@example.net"}, "sender": {"mail_to": "owner@example.net, other@example.net"}} {
		a := p.call("POST", "/api/v1/authentications/"+id+"/test", body)
		var f struct{ Errors []struct{ Location string } }
		if err := json.Unmarshal(a.body, &f); err != nil || a.status != http.StatusUnprocessableEntity || f.Errors[0].Location != "body.mail_to" {
			t.Errorf("%s: %d %s", id, a.status, a.body)
		}
	}
	if len(p.mail.all()) != 1 {
		t.Errorf("%d mails", len(p.mail.all()))
	}
	entries := p.must(200, "GET", "/api/v1/audit?action=authentication.test_mail", nil)["items"].([]any)
	if len(entries) != 1 {
		t.Errorf("audit: %v", entries)
	}
}

// The public URL of the tests is a name that leads nowhere: the check says what the store would find.
func TestThePublicURLIsCheckedFromOutside(t *testing.T) {
	p := startProgram(t, nil)
	out := p.must(200, "POST", "/api/v1/setup/public-url", object{})
	checks := out["checks"].([]any)
	last := checks[len(checks)-1].(object)
	if out["ok"] != false || out["url"] != "https://"+publicHost || last["name"] != "Public address" || last["ok"] != false || !strings.Contains(last["detail"].(string), "tunnel") {
		t.Errorf("%v", out)
	}
	// Through the guard of the program to its own health page.
	seen := p.app.guard.Look(t.Context(), p.app.URL()+"/healthz", http.Header{"X-Cartwheel-Look": {"made up"}})
	if seen.Status != 200 || seen.Header.Get("X-Cartwheel-Look") != "" || engine.CodeOf(seen.Address) != engine.Rejected {
		t.Errorf("a stranger's look: %+v", seen)
	}
}
