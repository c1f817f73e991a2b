package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"cartwheel/engine/enginetest"
)

// twin is a store in which every event has an order, a shipment, a customer and a cart of its own, made of the
// fixtures; of each event one value has another kind.
type twin struct {
	mu     sync.Mutex
	spoils map[int]twinSpoil // by event
	files  map[string]string
	other  http.Handler // answers everything else
}

type twinSpoil struct{ file, text string }

// firstTwin is the number of event 0's order; the fixtures' own numbers become those of the event.
const firstTwin = 700_000

var (
	orderPath    = regexp.MustCompile(`/v2/orders/(\d{6})(/products|/shipments|/shipments/\d+|/shipping_addresses|/coupons)?$`)
	customerPath = regexp.MustCompile(`/v2/customers/(\d{6})$`)
	cartPath     = regexp.MustCompile(`/v3/carts/00000000-0000-4000-8000-000000(\d{6})$`)
)

// fixtureIDs are the order's and the customer's.
var fixtureIDs = regexp.MustCompile(`\b(4127|318)\b`)

func cartID(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-000000%06d", n) }

func newTwin(t *testing.T, other http.Handler) *twin {
	t.Helper()
	w := &twin{spoils: map[int]twinSpoil{}, files: map[string]string{}, other: other}
	found, err := filepath.Glob("../../triggers/bigcommerce/testdata/payloads/v*.json")
	if err != nil || len(found) < 11 {
		t.Fatalf("%d fixtures, %v", len(found), err)
	}
	for _, file := range found {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		w.files[filepath.Base(file)] = string(raw)
	}
	return w
}

// ServeHTTP answers with the fixture that fits, spoiled where it is this event's.
func (w *twin) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	file, n := "", 0
	number := func(text string) int { n, _ := strconv.Atoi(text); return n }
	if m := orderPath.FindStringSubmatch(r.URL.Path); m != nil {
		n = number(m[1])
		file = map[string]string{"": "v2_order.json", "/products": "v2_order_products.json", "/shipments": "v2_order_shipments.json", "/shipping_addresses": "v2_order_shipping_addresses.json", "/coupons": "none"}[m[2]]
		if file == "" {
			file = "shipment"
		}
	} else if m := customerPath.FindStringSubmatch(r.URL.Path); m != nil {
		n, file = number(m[1]), "v2_customer.json"
	} else if m := cartPath.FindStringSubmatch(r.URL.Path); m != nil {
		n, file = number(m[1]), "v3_cart_signed_in.json"
	} else if strings.HasSuffix(r.URL.Path, "/v3/customers") {
		n, file = number(r.URL.Query().Get("id:in")), "v3_customers.json"
	}
	if file == "" {
		w.other.ServeHTTP(out, r)
		return
	}
	text, ok := w.text(file, n)
	if !ok {
		out.WriteHeader(http.StatusNoContent)
		return
	}
	out.Header().Set("Content-Type", "application/json")
	_, _ = out.Write([]byte(text))
}

func (w *twin) text(file string, n int) (string, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	spoil := w.spoils[n]
	text, ok := w.files[file]
	if file == "shipment" {
		text, ok = w.files["v2_order_shipments.json"], true
		if spoil.file == "v2_order_shipments.json" {
			text = spoil.text
		}
		var list []json.RawMessage
		if json.Unmarshal([]byte(text), &list) == nil && len(list) > 1 {
			text = string(list[1])
		}
	} else if spoil.file == file {
		text = spoil.text
	}
	// every event has a customer and a cart of its own, and so never waits for another
	text = fixtureIDs.ReplaceAllString(text, strconv.Itoa(n))
	return strings.ReplaceAll(text, "1b8e69e0-b6d2-438c-be80-4588be180a1f", cartID(n)), ok
}

// kindCase is one event with one value of another kind behind it.
type kindCase struct {
	file, scope string
	spoiled     enginetest.Spoiled
}

// kindCases are all of them.
func (w *twin) kindCases(t *testing.T) (all []kindCase) {
	for _, c := range []struct{ file, scope string }{{"v2_order.json", "shipment/created"}, {"v2_order_products.json", "shipment/created"}, {"v2_order_shipments.json", "shipment/created"}, {"v2_order_shipping_addresses.json", "shipment/created"},
		{"v3_customers.json", "shipment/created"}, {"v2_customer.json", "cart/abandoned"}, {"v3_cart_signed_in.json", "cart/abandoned"}, {"v2_customer.json", "cart/converted"}} {
		for _, s := range enginetest.Spoil(t, w.files[c.file]) {
			all = append(all, kindCase{c.file, c.scope, s})
		}
	}
	return all
}

// B5: whatever kind the values of the store's answers have, every event ends done, or says why it waits or failed;
// what is sent stays JSON. In short a tenth of them, chosen by the day.
func TestB5AnswersOfOtherKinds(t *testing.T) {
	p := startProgram(t, nil)
	w := newTwin(t, p.sim)
	p.api.Close()
	p.api = httptest.NewServer(w) // closed with the program
	p.connect()
	for _, name := range []string{"shipment_created", "cart_abandoned", "cart_converted"} {
		asJSON, _, _ := p.everyCode(t, "bigcommerce."+name)
		if name == "cart_abandoned" {
			asJSON = strings.Replace(asJSON, firstName, "x", 1)
		}
		p.publish(strings.ReplaceAll(name, "_", "-"), object{"name": name, "trigger": trigger(name), "condition": `not (BigCommerce.Customer.first_name == "nobody")`, "once_per": "customer", "steps": []object{
			{"id": "call", "type": "http_request", "on_error": "continue", "config": object{"method": "POST", "url": p.inbox.URL + "/" + name, "body_type": "json", "body": asJSON}}}})
	}
	men := map[string]*postman{}
	for _, scope := range []string{"shipment/created", "cart/abandoned", "cart/converted"} {
		men[scope] = p.postman("store/" + scope)
	}
	b := newBadInput(t, p, "B5")
	all, today, sent := w.kindCases(t), int(time.Now().Unix()/86400%10), 0
	for i, c := range all {
		if size(1, 0) == 1 && i%10 != today {
			continue
		}
		n := firstTwin + i
		w.mu.Lock()
		w.spoils[n] = twinSpoil{c.file, c.spoiled.JSON}
		w.mu.Unlock()
		data := object{"type": "shipment", "id": 903, "orderId": n}
		if c.scope != "shipment/created" {
			data = object{"type": "cart", "id": cartID(n)}
		}
		if c.scope == "cart/converted" {
			data["orderId"] = n
		}
		m := men[c.scope]
		sent++
		b.try(badCase{name: c.file + " " + c.spoiled.Path + " as " + c.spoiled.Kind, method: "POST", path: m.path, want: []int{200}, send: m.sends, body: string(m.envelope(data))})
	}
	if len(all) < 2300 || sent < len(all)/11 {
		t.Errorf("%d answers of other kinds, %d tried", len(all), sent)
	}
	b.settled()
	b.checkEvents(sent)
	for _, c := range p.calls.all() {
		if !json.Valid([]byte(c.Body)) {
			t.Errorf("%s was called with what is no JSON: %.300s", c.Path, c.Body)
		}
	}
	if n := len(p.calls.all()); n < sent/2 {
		t.Errorf("%d calls for %d events; the workflows do not get far", n, sent)
	}
}

// checkEvents looks at the end of every event.
func (b *badInput) checkEvents(sent int) {
	b.t.Helper()
	states, reasons, seen := map[string]int{}, map[string]int{}, 0
	for cursor := ""; ; {
		page := b.p.must(200, "GET", "/api/v1/events?limit=200&cursor="+url.QueryEscape(cursor), nil)
		for _, e := range page["items"].([]any) {
			e := e.(object)
			status, reason := e["status"].(string), fmt.Sprint(e["reason"])
			seen++
			states[status]++
			if status != "done" {
				reasons[regexp.MustCompile(`\d+`).ReplaceAllString(reason, "n")]++
			}
			if status != "done" && (e["reason"] == nil || reason == "") {
				b.t.Errorf("%s: event %v about %v is %s without a reason", b.line, e["id"], e["entity"], status)
			}
			if strings.Contains(reason, "panic") || strings.Contains(strings.ToLower(reason), "internal error") {
				b.t.Errorf("%s: event %v about %v: %s", b.line, e["id"], e["entity"], reason)
			}
		}
		next, more := page["next_cursor"].(string)
		if cursor = next; !more {
			break
		}
	}
	if seen < sent {
		b.t.Errorf("%s: %d events, want %d", b.line, seen, sent)
	}
	b.t.Logf("%s: %d events: %v %v", b.line, seen, states, reasons)
}

// B5: a webhook, whatever kind its values have, is refused or becomes an event that ends or says why it waits.
func TestB5WebhooksOfOtherKinds(t *testing.T) {
	p := badInputProgram(t)
	b, m := newBadInput(t, p, "B5"), p.postman("store/shipment/created")
	all := enginetest.Spoil(t, string(m.envelope(object{"type": "shipment", "id": 903, "orderId": 4127, "list": []int{1}, "object": object{"a": nil}})))
	if len(all) < 50 {
		t.Fatalf("%d webhooks", len(all))
	}
	for i, s := range all {
		body := strings.Replace(s.JSON, `"hash1"`, fmt.Sprintf(`"hash-%d"`, i), 1)
		b.try(badCase{name: s.Path + " as " + s.Kind, method: "POST", path: m.path, want: []int{200, 400, 401}, send: m.sends, body: body})
	}
	b.settled()
	b.checkEvents(20)
}

// B5: every value of a workflow, of its steps' settings and of an authentication, whatever kind it has, is refused
// with its place, or is a draft whose problems have places; what has none can be tested and published.
func TestB5DefinitionsOfOtherKinds(t *testing.T) {
	p := badInputProgram(t)
	b := newBadInput(t, p, "B5")
	drafts := 0
	for name, w := range p.definitions() {
		raw, err := json.Marshal(w)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range enginetest.Spoil(t, string(raw)) {
			drafts++
			saved := b.try(badCase{name: name + " " + s.Path + " as " + s.Kind, method: "PUT", path: "/api/v1/workflows/kinds", body: s.JSON, want: []int{200, 201, 422}, location: "body", many: !s.Leaf})
			if saved.status == http.StatusUnprocessableEntity {
				continue
			}
			b.checkDraft(name+" "+s.Path+" as "+s.Kind, saved)
		}
	}
	for _, in := range []string{`{"name":"a","type":"bigcommerce","config":{"store_hash":"abc","api_base_url":"https://api.example.com","signature":"off"},"secrets":{"access_token":"0123456789","client_id":"x","client_secret":"y"}}`,
		`{"name":"a","type":"smtp","config":{"host":"mail.example.com","port":587,"username":"u","from":"a@example.com","encryption":"tls"},"secrets":{"password":"0123456789"}}`,
		`{"name":"a","type":"oauth2_client_credentials","config":{"token_url":"https://auth.example.com/t","client_id":"c","scopes":"a b","allowed_hosts":["api.example.com"]},"secrets":{"client_secret":"0123456789"}}`,
		`{"name":"a","type":"http_basic","config":{"username":"u","allowed_hosts":["api.example.com"]},"secrets":{"password":"0123456789"}}`} {
		for i, s := range enginetest.Spoil(t, in) {
			drafts++
			made := b.try(badCase{name: "authentication " + s.Path + " as " + s.Kind, method: "POST", path: "/api/v1/authentications", body: s.JSON, want: []int{201, 422}, location: "body", many: !s.Leaf})
			if made.status == http.StatusCreated && i%4 != 0 { // null leaves something out; a list, an object or a boolean is never right
				t.Errorf("authentication with %s as %s: 201 %s", s.Path, s.Kind, made.body)
			}
			if made.status == http.StatusCreated {
				var out struct{ ID string }
				_ = json.Unmarshal(made.body, &out)
				p.must(204, "DELETE", "/api/v1/authentications/"+out.ID, nil)
			}
		}
	}
	if drafts < 500 {
		t.Errorf("%d definitions of other kinds, want 500 or more", drafts)
	}
}

// definitions are workflows with every kind of step.
func (p *program) definitions() map[string]object {
	all := map[string]object{
		"control": {"name": "Kinds", "trigger": trigger("shipment_created"), "once_per": "order", "condition": "BigCommerce.Order.id > 1", "steps": []object{
			{"id": "b", "type": "branch", "branches": []object{{"name": "x", "condition": "BigCommerce.Order.id > 2", "steps": []object{{"id": "end", "type": "stop"}}}}, "otherwise": []object{{"id": "d", "type": "delay", "config": object{"for": "3d"}}}},
			{"id": "c", "type": "http_request", "on_error": "continue", "on_unknown": "hold", "retry": object{"attempts": 5, "backoff": "constant", "first": "5s", "max": "1h"}, "config": object{"method": "GET", "url": "https://hooks.example.com/"}}}},
		"http_request": {"name": "Kinds", "trigger": trigger("shipment_created"), "steps": []object{{"id": "a", "type": "http_request", "config": object{"method": "POST", "url": "https://hooks.example.com/x",
			"query": object{"a": "b"}, "headers": object{"X-A": "{{ BigCommerce | Order | id }}"}, "body_type": "form", "form": object{"a": "b"}, "authentication_id": "hooks", "timeout": "10s"}}}},
		"body": {"name": "Kinds", "trigger": trigger("shipment_created"), "steps": []object{{"id": "a", "type": "http_request", "config": object{"method": "POST", "url": "https://hooks.example.com/x", "body_type": "json", "body": `{"a":1}`}}}},
		"send_email": {"name": "Kinds", "trigger": trigger("shipment_created"), "steps": []object{{"id": "a", "type": "send_email", "config": object{"authentication_id": "sender", "to": "a@example.com", "subject": "x", "html": "<p>x</p>", "text": "x",
			"from": "Shop <shop@example.com>", "reply_to": "b@example.com"}}}},
		"send_survey": {"name": "Kinds", "trigger": trigger("shipment_created"), "steps": []object{{"id": "a", "type": "send_survey", "config": object{"authentication_id": "sender", "to": "a@example.com", "subject": "x", "message": "<p>x</p>",
			"survey_url": "https://survey.example.com/s/1", "hidden": object{"order": "{{ BigCommerce | Order | id }}"}, "link_text": "x"}}}},
	}
	return all
}

// checkDraft looks at the problems of a draft that was saved, tests it, and publishes it when it has none.
func (b *badInput) checkDraft(name string, saved answer) {
	b.t.Helper()
	var c struct {
		ID       string
		Problems []struct{ Location, Message string }
	}
	if err := json.Unmarshal(saved.body, &c); err != nil {
		b.t.Fatalf("%s: %v\n%.300s", name, err, saved.body)
	}
	for _, problem := range c.Problems {
		if !strings.HasPrefix(problem.Location, "body") || problem.Message == "" {
			b.t.Errorf("%s: a problem without place or words: %+v", name, problem)
		}
	}
	b.try(badCase{name: name + ", tested", method: "POST", path: "/api/v1/workflows/" + c.ID + "/test", body: "{}", want: []int{200}})
	want := []int{http.StatusOK}
	if len(c.Problems) > 0 {
		want = []int{http.StatusUnprocessableEntity}
	}
	// publish refuses with all problems, not one: the draft is what one looks at
	if a := b.p.call("POST", "/api/v1/workflows/"+c.ID+"/publish", nil); a.status != want[0] {
		b.t.Errorf("%s: published with %d problems: %d, want %d\n%.300s", name, len(c.Problems), a.status, want[0], a.body)
	}
}
