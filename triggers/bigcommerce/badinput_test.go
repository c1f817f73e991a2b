package bigcommerce_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/cond"
	"cartwheel/engine/enginetest"
	"cartwheel/merge"
	"cartwheel/triggers/bigcommerce"
)

// spoilable says where the store answers with each fixture: the call, and how the answer is made of the file's values.
type spoilable struct {
	file, call, trigger string
	event               engine.Event
	answer              func(spoiled string) string
}

func spoilables(t *testing.T) []spoilable {
	whole := func(s string) string { return s }
	guest := event("store/shipment/created", `{"type":"shipment","id":903,"orderId":4131}`)
	guestCart := event("store/cart/abandoned", `{"type":"cart","id":"16712159-8beb-479e-882f-20b4e065429d"}`)
	shipment := func(s string) string {
		v, err := merge.Decode([]byte(s))
		if list, ok := v.([]any); ok && err == nil && len(list) > 1 {
			return merge.JSON(list[1])
		}
		return s
	}
	return []spoilable{
		{"v2_order.json", "GET /v2/orders/4127", "shipment_created", shipped, whole},
		{"v2_order.json", "GET /v2/orders", "cart_converted", event("store/channel/1/cart/converted", `{"cart_id":"bf67b782-ee87-4be1-9303-8877b083f081"}`), func(s string) string { return "[" + s + "]" }},
		{"v2_order_guest.json", "GET /v2/orders/4131", "shipment_created", guest, whole},
		{"v2_order_products.json", "GET /v2/orders/4127/products", "shipment_created", shipped, whole},
		{"v2_order_shipments.json", "GET /v2/orders/4127/shipments/903", "shipment_created", shipped, shipment},
		{"v2_order_shipments.json", "GET /v2/orders/4127/shipments", "shipment_created", event("store/shipment/created", `{"type":"shipment","orderId":4127}`), whole},
		{"v2_order_shipping_addresses.json", "GET /v2/orders/4127/shipping_addresses", "shipment_created", shipped, whole},
		{"v2_customer.json", "GET /v2/customers/318", "cart_converted", converted, whole},
		{"v2_customer_null_form_fields.json", "GET /v2/customers/318", "cart_abandoned", abandoned, whole},
		{"v3_customers.json", "GET /v3/customers", "shipment_created", shipped, whole},
		{"v3_cart_signed_in.json", "GET /v3/carts/1b8e69e0-b6d2-438c-be80-4588be180a1f", "cart_abandoned", abandoned, whole},
		{"v3_cart_guest.json", "GET /v3/carts/16712159-8beb-479e-882f-20b4e065429d", "cart_abandoned", guestCart, whole},
	}
}

// B5: whatever kind each value of each answer of the store has, the event gets its codes or an error that says why,
// and every code can be rendered and compared.
func TestAnswersOfOtherKindsAreReadOrRefused(t *testing.T) {
	total, tried, refused := 0, 0, 0
	files := map[string]bool{"errors.json": true, "v3_hooks.json": true} // tests of their own, below
	var slowest time.Duration
	for _, fixture := range spoilables(t) {
		files[fixture.file] = true
		typ := "bigcommerce." + fixture.trigger
		s := larkspur(t)
		tr := trigger(t, client(s, newClock()), typ)
		want, uses := everything(t, tr)
		for i, spoiled := range enginetest.Spoil(t, payload(t, fixture.file)) {
			if total++; !due(i) {
				continue
			}
			tried++
			name := fmt.Sprintf("%s for %s, %s as %s", fixture.file, fixture.trigger, spoiled.Path, spoiled.Kind)
			s.replies[fixture.call] = ok(fixture.answer(spoiled.JSON))
			start := time.Now()
			got, err := codesOf(tr, fixture.event, want)
			if err != nil {
				refused++
				checkReason(t, name, err)
			}
			uses(name, got.Values)
			slowest = max(slowest, time.Since(start))
		}
	}
	found, err := filepath.Glob("testdata/payloads/v*.json")
	if err != nil || len(found) < 11 {
		t.Fatalf("%d fixtures, %v", len(found), err)
	}
	for _, f := range found {
		if !files[filepath.Base(f)] {
			t.Errorf("%s is spoiled nowhere: add it to spoilables", f)
		}
	}
	if total < 3800 || tried < total/11 || refused == tried || slowest > time.Second {
		t.Errorf("%d answers of other kinds, %d tried, %d refused, slowest %s", total, tried, refused, slowest)
	}
	t.Logf("B5: %d of %d answers of other kinds, %d refused with a reason, slowest %s", tried, total, refused, slowest)
}

// due tells whether the nth case is today's: a tenth by the day, or with CARTWHEEL_SOAK=1 all.
func due(n int) bool {
	return os.Getenv("CARTWHEEL_SOAK") == "1" || n%10 == int(time.Now().Unix()/86400%10)
}

// codesOf turns a panic into an error that no test expects.
func codesOf(tr engine.Trigger, e engine.Event, want []merge.Code) (got engine.Fetched, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return tr.Codes(context.Background(), &e, shop(), merge.Object{}, want)
}

// checkReason wants an error of the engine with words for people.
func checkReason(t *testing.T, name string, err error) {
	t.Helper()
	e, isError := errors.AsType[*engine.Error](err)
	if !isError || e.Message == "" || len(e.Message) > 1000 || e.Code == engine.Internal {
		t.Errorf("%s: %v (%T), want an error with a code and a reason", name, err, err)
	}
}

// comparisons are what a condition does with a code of each type; none is ever true.
var comparisons = map[merge.Type]string{
	merge.Integer: "@ > 0 and @ < 0", merge.Number: "@ > 0 and @ < 0", merge.Decimal: "@ + 1 > 0 and @ < @ - 1", merge.String: `lower(@) == "a" and @ contains "b"`, merge.Boolean: "(@ and not @)",
	merge.Datetime: "days_since(@) > 0 and days_since(@) < 0", merge.List: "any(@, has(#)) and is_empty(@)", merge.ObjectOf: "has(@) and is_empty(@)",
}

// everything is every code of a trigger, and what a workflow would do with the values: print, format and compare them.
func everything(t *testing.T, tr engine.Trigger) (want []merge.Code, use func(name string, values merge.Object)) {
	t.Helper()
	catalog, err := tr.Catalog(nil)
	if err != nil {
		t.Fatal(err)
	}
	var text, tests strings.Builder
	for i, entry := range catalog.Entries() {
		want = append(want, entry.Code)
		fmt.Fprintf(&text, `%s"a%d": "{{ %s ?? "x" :: trim }}", "b%d": {{ %s }}, "c%d": {{ %s :: number 2 }}, "d%d": "{{ %s :: money }}{{ %s :: date "2 Jan 2006" }}"`,
			map[bool]string{true: ",\n"}[i > 0], i, entry.Code, i, entry.Code, i, entry.Code, i, entry.Code, entry.Code)
		if i%9 == 0 && tests.Len() < 1800 {
			tests.WriteString(strings.ReplaceAll(comparisons[entry.Type], "@", entry.Code.Path()) + " or ")
		}
	}
	for _, root := range []string{"Products", "Cart_items", "Coupons", "Shipping_addresses"} {
		if _, known := catalog.Lookup(merge.MakeCode("BigCommerce", root)); known {
			fmt.Fprintf(&text, `, "%s": "{{#each BigCommerce | %s}}{{ item }};{{/each}}"`, root, root)
			fmt.Fprintf(&tests, `count(BigCommerce.%s, has(#)) > 1000 or `, root)
		}
	}
	scope := &merge.Scope{Catalog: catalog}
	tmpl, problems := merge.Parse("{"+text.String()+"}", merge.PlaceJSON, scope, cond.Language{})
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	test, problems := cond.Compile(tests.String()+"false", scope)
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	return want, func(name string, values merge.Object) {
		t.Helper()
		env := merge.Env{Root: values, Now: receivedAt}
		if out, err := tmpl.Render(env); err != nil || !json.Valid([]byte(out)) {
			t.Errorf("%s: rendering everything: %v\n%.300s", name, err, out)
		}
		if v, err := test.Decide(env); err != nil || v.Reason == "" {
			t.Errorf("%s: comparing: %+v, %v", name, v, err)
		}
	}
}

// B5: errors of the store, whatever kind their parts have, keep their status's meaning and say something.
func TestErrorsOfOtherKindsAreUnderstood(t *testing.T) {
	var cases []struct {
		Status int             `json:"status"`
		Body   json.RawMessage `json:"body"`
	}
	if err := json.Unmarshal([]byte(payload(t, "errors.json")), &cases); err != nil || len(cases) < 10 {
		t.Fatal(len(cases), err)
	}
	tried, s := 0, larkspur(t)
	for _, c := range cases {
		if c.Status < 300 || len(c.Body) == 0 {
			continue
		}
		for _, spoiled := range enginetest.Spoil(t, string(c.Body)) {
			tried++
			s.replies["GET /v2/orders/4127"] = reply{status: c.Status, body: spoiled.JSON}
			_, err := codesOf(trigger(t, client(s, newClock()), "bigcommerce.shipment_created"), shipped, codes("Order | id"))
			checkReason(t, fmt.Sprintf("%d with %s", c.Status, spoiled.JSON), err)
		}
	}
	if tried < 100 {
		t.Errorf("only %d errors of other kinds", tried)
	}
}

// B5: what the store says about its hooks, whatever kind the values have, is read, repaired or refused with a reason.
func TestHooksOfOtherKindsAreReadOrRefused(t *testing.T) {
	const address = "https://cartwheel.larkspur.example.com/hooks/bigcommerce/9f2c6b1e5d"
	file := payload(t, "v3_hooks.json")
	listed, made := pick(t, file, "list_response"), pick(t, file, "create_response")
	answers := map[string]string{http.MethodGet: listed, http.MethodPost: made, http.MethodPut: made}
	tried, refused := 0, 0
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut} {
		for _, spoiled := range enginetest.Spoil(t, answers[method]) {
			tried++
			s := &store{answer: func(r *http.Request) (reply, bool) {
				switch r.Method {
				case method:
					return ok(spoiled.JSON), true
				case http.MethodGet:
					return ok(listed), true
				}
				return ok(made), true
			}}
			err := subscribeTo(s, address)
			if err != nil {
				refused++
				checkReason(t, method+" "+spoiled.Path+" as "+spoiled.Kind, err)
			}
			if len(s.calls) > 20 {
				t.Errorf("%s %s as %s: %d calls", method, spoiled.Path, spoiled.Kind, len(s.calls))
			}
			for _, call := range s.calls {
				if strings.HasSuffix(call, "/v3/hooks/") {
					t.Errorf("%s %s as %s: a call without an id: %s", method, spoiled.Path, spoiled.Kind, call)
				}
			}
		}
	}
	if tried < 200 || refused == tried {
		t.Errorf("%d answers of other kinds, %d refused", tried, refused)
	}
	t.Logf("B5: %d answers about hooks of other kinds, %d refused with a reason", tried, refused)
}

// subscribeTo asks for two hooks, one of which the store of the fixture has.
func subscribeTo(s *store, address string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	_, err = bigcommerce.NewAuthType(client(s, newClock())).Subscribe(context.Background(), shop(), address, []string{"bigcommerce.shipment_created", "bigcommerce.order_created"})
	return err
}

// B5: a webhook, whatever kind its values have, is refused or becomes one event that is complete and can be worked on.
func TestWebhooksOfOtherKindsAreTakenOrRefused(t *testing.T) {
	found, err := filepath.Glob("testdata/payloads/webhook_*.json")
	if err != nil || len(found) < 4 {
		t.Fatalf("%d webhooks, %v", len(found), err)
	}
	tried, taken := 0, 0
	work := map[string]func(name string, e engine.Event){}
	for _, tr := range bigcommerce.Triggers(client(larkspur(t), newClock())) {
		want, uses := everything(t, tr)
		work[tr.Spec().Type] = func(name string, e engine.Event) {
			got, err := codesOf(tr, e, want)
			if err != nil {
				checkReason(t, name, err)
			}
			uses(name, got.Values)
		}
	}
	for _, file := range found {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, spoiled := range enginetest.Spoil(t, string(raw)) {
			tried++
			name := fmt.Sprintf("%s, %s as %s", file, spoiled.Path, spoiled.Kind)
			e, ok := intake(t, name, spoiled.JSON)
			if !ok {
				continue
			}
			taken++
			if do, known := work[e.Trigger]; known {
				do(name, e)
			}
		}
	}
	if tried < 100 || taken == 0 || taken == tried {
		t.Errorf("%d webhooks of other kinds, %d taken", tried, taken)
	}
	t.Logf("B5: %d webhooks of other kinds, %d taken", tried, taken)
}

// intake parses a body as the store's and checks what holds for all of them.
func intake(t *testing.T, name, body string) (engine.Event, bool) {
	t.Helper()
	events, err := bigcommerce.Receiver{}.Parse(delivery(body), shop())
	if err != nil {
		checkReason(t, name, err)
		if code := engine.CodeOf(err); code != engine.Denied && code != engine.Invalid {
			t.Errorf("%s: refused with %q (%v)", name, code, err)
		}
		return engine.Event{}, false
	}
	if len(events) != 1 {
		t.Fatalf("%s: %d events", name, len(events))
	}
	e := events[0]
	if len(e.Key) != 32 || e.Entity == "" || len(e.Entity) > 300 || strings.ContainsFunc(e.Entity, func(r rune) bool { return r <= ' ' }) ||
		!strings.HasPrefix(e.Trigger, "bigcommerce.") || string(e.Body) != body || !json.Valid(e.Data) || e.OccurredAt.Year() > 2300 {
		t.Errorf("%s: an event that is not complete: %+v", name, e)
	}
	again, err := bigcommerce.Receiver{}.Parse(delivery(body), shop())
	if err != nil || len(again) != 1 || string(again[0].Key) != string(e.Key) {
		t.Errorf("%s: the second delivery has another key: %v, %v", name, again, err)
	}
	return e, true
}
