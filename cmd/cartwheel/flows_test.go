package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"cartwheel/triggers/bigcommerce/bcsim"
)

func trigger(name string) object {
	return object{"type": "bigcommerce." + name, "authentication_id": "shop", "config": object{}}
}

// A webhook that holds ids only ends as a survey mail that greets the shopper
// by name and an HTTP call with the order's figures.
func TestAShipmentEndsAsASurveyAndACall(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	p.publish("ask", object{"name": "Ask after shipment", "trigger": trigger("shipment_created"), "once_per": "order",
		"condition": "BigCommerce.Order.total_inc_tax >= 50 && BigCommerce.Order.billing_address.country_iso2 in [\"US\", \"CA\"]",
		"steps": []object{
			{"id": "ask", "type": "send_survey", "config": object{"authentication_id": "sender",
				"to": "{{ BigCommerce | Order | billing_address | email }}", "subject": "How was order #{{ BigCommerce | Order | id }}?",
				"message":    "<p>Hi {{ BigCommerce | Customer | first_name ?? \"there\" }}, your {{#each BigCommerce | Products}}{{ item | name }}, {{/each}}is under way.</p>",
				"survey_url": "https://survey.example.com/s/1?lang=en", "hidden": object{"order": "{{ BigCommerce | Order | id }}", "email": "{{ BigCommerce | Order | billing_address | email }}"},
				"link_text": "Tell us"}},
			{"id": "vip", "type": "branch", "branches": []object{{"name": "big order", "condition": "BigCommerce.Order.total_inc_tax > 100", "steps": []object{
				{"id": "tell", "type": "http_request", "config": object{"method": "POST", "url": p.inbox.URL + "/vip", "authentication_id": "hooks", "body_type": "json",
					"body": `{"order": {{ BigCommerce | Order | id }}, "city": "{{ BigCommerce | Order | billing_address | city }}", "total": {{ BigCommerce | Order | total_inc_tax :: number 2 }}, "tracking": "{{ BigCommerce | Shipment | tracking_number }}"}`}}}}}, "otherwise": []object{}},
			{"id": "after", "type": "http_request", "config": object{"method": "POST", "url": p.inbox.URL + "/after", "body_type": "text", "body": "{{ Steps | tell | status }} {{ Steps | tell | body | ok }}"}},
		}})
	// order 4127 and shipment 903 are part of every simulated store
	p.sim.Emit("store/shipment/created", object{"type": "shipment", "id": 903, "orderId": 4127})

	mails := p.mail.wait(t, "the survey", count[letter](1))
	m := mails[0]
	if m.Subject != "How was order #4127?" || len(m.To) != 1 || m.To[0] != "ines.falk@example.com" {
		t.Errorf("mail %q to %v", m.Subject, m.To)
	}
	if !strings.Contains(m.HTML, "Hi Ines, your Cedar Raised Bed, Watering Can 2 L,") {
		t.Errorf("html %s", m.HTML)
	}
	link := "https://survey.example.com/s/1?lang=en&email=ines.falk%40example.com&order=4127"
	if !strings.Contains(m.Text, link) && !strings.Contains(m.Text, "https://survey.example.com/s/1?lang=en&order=4127&email=ines.falk%40example.com") {
		t.Errorf("text %s\nlacks %s", m.Text, link)
	}
	calls := p.calls.wait(t, "two calls", count[inboxCall](2))
	if want := `{"order": 4127, "city": "Duluth", "total": 127.54, "tracking": "LKS-20931"}`; calls[0].Body != want {
		t.Errorf("body %s\nwant %s", calls[0].Body, want)
	}
	id := p.expanded(1)
	event := p.must(200, "GET", "/api/v1/events/"+id, nil)
	decision := event["decisions"].([]any)[0].(object)
	runID := decision["run_id"].(string)
	if key := calls[0].Header.Get("Idempotency-Key"); key != runID+"-tell" {
		t.Errorf("Idempotency-Key %q, want run and step", key)
	}
	if calls[0].Header.Get("Authorization") != "Bearer canary-bearer-token-5d1e" || calls[1].Body != "200 true" {
		t.Errorf("calls %+v", calls)
	}
	p.waitFor("the run has succeeded", func() bool { return p.must(200, "GET", "/api/v1/runs/"+runID, nil)["status"] == "succeeded" })
	if codes := event["merge_codes"].(object); codes["BigCommerce | Order | total_inc_tax"] != "127.5400" || event["entity"] != "order/4127" || event["status"] != "done" {
		t.Errorf("event %v", event)
	}
	// only what is used was fetched, once
	for _, r := range p.sim.Requests() {
		if strings.Contains(r.Path, "shipping_addresses") || strings.Contains(r.Path, "coupons") || strings.Contains(r.Path, "/store") {
			t.Errorf("an API call that nothing needs: %s", r.Path)
		}
	}
	// the second shipment of the order makes no run
	p.sim.Emit("store/shipment/created", object{"type": "shipment", "id": 902, "orderId": 4127})
	second := p.must(200, "GET", "/api/v1/events/"+p.expanded(2), nil)["decisions"].([]any)[0].(object)
	if second["matched"] != false || !strings.Contains(second["reason"].(string), "once per order") {
		t.Errorf("the second shipment's decision %v", second)
	}
}

func TestEveryTriggerEndsAsMailAndCall(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	for _, name := range []string{"shipment_created", "cart_converted", "cart_abandoned", "order_created", "order_updated", "order_status_updated"} {
		what, to := "order {{ BigCommerce | Order | id }}", "{{ BigCommerce | Order | billing_address | email }}"
		if name == "cart_abandoned" {
			what, to = "cart {{ BigCommerce | Cart | id }}", "{{ BigCommerce | Cart | email }}"
		}
		p.publish(strings.ReplaceAll(name, "_", "-"), object{"name": name, "trigger": trigger(name), "steps": []object{
			{"id": "mail", "type": "send_email", "config": object{"authentication_id": "sender", "to": to, "subject": name + " " + what, "html": "<p>" + what + "</p>"}},
			{"id": "call", "type": "http_request", "config": object{"method": "POST", "url": p.inbox.URL + "/" + name, "body_type": "text", "body": what}},
		}})
	}
	if hooks := p.sim.Hooks(); len(hooks) != 6 {
		t.Fatalf("%d hooks at the store, want 6: %+v", len(hooks), hooks)
	}
	cart := ""
	for _, c := range p.sim.Carts() {
		if c.Email != "" && cart == "" {
			cart = c.ID
		}
	}
	if err := p.sim.AbandonCart(cart); err != nil {
		t.Fatal(err)
	}
	wantMail := func(subject string) {
		t.Helper()
		p.mail.wait(t, "the mail "+subject, func(mails []letter) bool {
			for _, m := range mails {
				if m.Subject == subject {
					return true
				}
			}
			return false
		})
	}
	wantCall := func(path, body string) {
		t.Helper()
		p.calls.wait(t, "the call "+path+" "+body, func(calls []inboxCall) bool {
			for _, c := range calls {
				if c.Path == "/"+path && c.Body == body {
					return true
				}
			}
			return false
		})
	}
	wantMail("cart_abandoned cart " + cart)
	wantCall("cart_abandoned", "cart "+cart)
	order, err := p.sim.ConvertCart(cart) // also an order created
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.sim.Ship(order); err != nil { // also updated, and its status
		t.Fatal(err)
	}
	for _, name := range []string{"cart_converted", "order_created", "shipment_created", "order_updated", "order_status_updated"} {
		wantMail(fmt.Sprintf("%s order %d", name, order))
		wantCall(name, fmt.Sprintf("order %d", order))
	}
	// when nobody needs them any more, the hooks go
	for _, name := range []string{"shipment-created", "cart-converted", "cart-abandoned", "order-created", "order-updated"} {
		p.must(200, "POST", "/api/v1/workflows/"+name+"/pause", nil)
	}
	p.must(204, "DELETE", "/api/v1/workflows/order-status-updated", nil)
	p.waitFor("the hooks are gone", func() bool { return len(p.sim.Hooks()) == 0 })
}

func TestAFalseConditionEndsAsADecisionWithItsReason(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	p.publish("big", object{"name": "Big", "trigger": trigger("shipment_created"), "condition": "BigCommerce.Order.total_inc_tax > 500",
		"steps": []object{{"id": "call", "type": "http_request", "config": object{"method": "POST", "url": p.inbox.URL}}}})
	p.sim.Emit("store/shipment/created", object{"type": "shipment", "id": 903, "orderId": 4127})
	d := p.must(200, "GET", "/api/v1/events/"+p.expanded(1), nil)["decisions"].([]any)[0].(object)
	reason, _ := d["reason"].(string)
	if d["matched"] != false || !strings.Contains(reason, "BigCommerce | Order | total_inc_tax") || !strings.Contains(reason, "127.5400") {
		t.Errorf("decision %v", d)
	}
}

// A guest has no customer, empty names and unpadded money.
func TestAGuestPassesEveryRule(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	p.publish("guest", object{"name": "Guest", "trigger": trigger("cart_converted"), "once_per": "customer",
		"condition": "BigCommerce.Order.total_inc_tax == 55 and not has(BigCommerce.Customer.id) and BigCommerce.Customer == nil and is_empty(BigCommerce.Order.customer_message) and BigCommerce.Order.date_shipped == nil or true",
		"steps": []object{{"id": "call", "type": "http_request", "config": object{"method": "POST", "url": p.inbox.URL, "body_type": "json",
			"body": `{"name":"{{ BigCommerce | Customer | first_name ?? BigCommerce | Order | billing_address | first_name ?? "there" }}","notes":{{ BigCommerce | Customer | notes }},"total":"{{ BigCommerce | Order | total_inc_tax :: money }}","wire":{{ BigCommerce | Order | total_inc_tax }},"n":{{ BigCommerce | Order | base_shipping_cost :: number 2 }},"cart":{{ BigCommerce | Order | cart_id }}}`}}}})
	p.sim.Emit("store/cart/converted", object{"type": "cart", "id": "f17b117a-ff2c-4af8-be49-7d7c7d99932d", "orderId": 4131})
	calls := p.calls.wait(t, "the call", count[inboxCall](1))
	want := `{"name":"Rowan","notes":null,"total":"$55.00","wire":"55","n":5.00,"cart":null}`
	if calls[0].Body != want || !json.Valid([]byte(calls[0].Body)) {
		t.Errorf("body %s\nwant %s", calls[0].Body, want)
	}
}

// Previews and tests show what a live run sends, to the byte, and send nothing.
func TestPreviewsShowWhatALiveRunSends(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	subject, html := "Order {{ BigCommerce | Order | id }} for {{ BigCommerce | Order | billing_address | first_name }}", "<p>{{ BigCommerce | Order | customer_message }} {{ BigCommerce | Order | total_inc_tax :: money }}</p>"
	body := `{"message":"{{ BigCommerce | Order | customer_message }}","city":"{{ BigCommerce | Order | billing_address | city }}"}`
	p.publish("w", object{"name": "W", "trigger": trigger("shipment_created"), "steps": []object{
		{"id": "mail", "type": "send_email", "config": object{"authentication_id": "sender", "to": "{{ BigCommerce | Order | billing_address | email }}", "subject": subject, "html": html}},
		{"id": "call", "type": "http_request", "config": object{"method": "POST", "url": p.inbox.URL + "/x", "authentication_id": "hooks", "body_type": "json", "body": body}}}})
	p.sim.Emit("store/shipment/created", object{"type": "shipment", "id": 903, "orderId": 4127})
	mail := p.mail.wait(t, "the mail", count[letter](1))[0]
	call := p.calls.wait(t, "the call", count[inboxCall](1))[0]
	event := p.expanded(1)

	test := p.must(200, "POST", "/api/v1/workflows/w/test", object{"event_id": event})
	steps := test["steps"].([]any)
	config := steps[0].(object)["config"].(object)
	if config["subject"] != mail.Subject || !strings.Contains(mail.HTML, config["html"].(string)) {
		t.Errorf("the test shows %v, the mail was %q %q", config, mail.Subject, mail.HTML)
	}
	if got := steps[1].(object)["config"].(object)["body"]; got != call.Body {
		t.Errorf("the test shows %v, the call was %q", got, call.Body)
	}
	if request := steps[1].(object)["request"].(string); !strings.Contains(request, call.Body) || strings.Contains(request, "canary") || !strings.Contains(request, "***") {
		t.Errorf("request %s", request)
	}
	for format, c := range map[string][2]string{"text": {subject, mail.Subject}, "json": {body, call.Body}} {
		preview := p.must(200, "POST", "/api/v1/merge/preview", object{"template": c[0], "format": format, "trigger": object{"type": "bigcommerce.shipment_created"}, "event_id": event})
		if preview["output"] != c[1] {
			t.Errorf("%s preview %v, live %q", format, preview["output"], c[1])
		}
	}
	before := len(p.sim.Requests())
	unfetched := p.must(200, "POST", "/api/v1/merge/preview", object{"template": "{{ BigCommerce | Shipment | tracking_number }} {{ BigCommerce | Order | frist_name }}", "format": "text",
		"trigger": object{"type": "bigcommerce.shipment_created"}, "event_id": event})
	if out := unfetched["output"].(string); !strings.HasPrefix(out, "LKS-20931") || len(p.sim.Requests()) != before+1 {
		t.Errorf("output %q with %d calls; the preview fetches what the event lacks, no more", out, len(p.sim.Requests())-before)
	}
	problem := unfetched["problems"].([]any)[0].(object)
	if problem["line"] != 1.0 || problem["column"] != 51.0 || !strings.Contains(problem["suggestion"].(string), "first_name") {
		t.Errorf("problem %v", problem)
	}
	check := p.must(200, "POST", "/api/v1/conditions/check", object{"condition": "BigCommerce.Order.items_total > 3", "trigger": object{"type": "bigcommerce.shipment_created"}, "event_id": event})
	if check["ok"] != true || check["result"] != true || check["explanation"].([]any)[0].(object)["value"] != 4.0 {
		t.Errorf("check %v", check)
	}
	p.must(200, "POST", "/api/v1/workflows/w/test", object{})
	for _, r := range p.sim.Requests() {
		if r.Method != http.MethodGet && !strings.Contains(r.Path, "/hooks") {
			t.Errorf("a write at the store: %s %s", r.Method, r.Path)
		}
	}
	if len(p.mail.all()) != 1 || len(p.calls.all()) != 1 {
		t.Error("a preview sent something")
	}
}

// A store that says no, or nothing, leaves a reason that an operator understands.
func TestWhatTheStoreRefusesIsSaid(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	p.publish("w", object{"name": "W", "trigger": trigger("shipment_created"),
		"steps": []object{{"id": "call", "type": "http_request", "config": object{"method": "POST", "url": p.inbox.URL, "body_type": "text", "body": "{{ BigCommerce | Order | id }}"}}}})
	for i, c := range []struct {
		status int
		words  string
	}{{401, "401"}, {403, "403"}, {503, "503"}} {
		remove := p.sim.Fault(bcsim.Fault{Path: "/v2/orders/*", Status: c.status})
		order := p.sim.Orders()[i].ID
		if _, err := p.sim.Ship(order); err != nil {
			p.sim.Emit("store/shipment/created", object{"type": "shipment", "id": 1 + i, "orderId": order})
		}
		p.waitFor(c.words+" is said", func() bool {
			list := p.must(200, "GET", "/api/v1/events?status=accepted", nil)["items"].([]any)
			for _, item := range list {
				if reason, _ := item.(object)["reason"].(string); strings.Contains(reason, c.words) {
					return true
				}
			}
			return false
		})
		remove()
	}
}
