package cond_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"cartwheel/engine/cond"
	"cartwheel/merge"
)

var now = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// order is a shop event as bytes, so that the values are those of the wire.
const order = `{
 "BigCommerce": {
  "Order": {
   "id": 251, "status": "Shipped", "status_id": 2, "customer_id": 0,
   "total_inc_tax": "127.5400", "discount_amount": "8", "refunded_amount": "", "items_total": 3,
   "is_deleted": false, "is_email_opt_in": "true", "external_id": "251",
   "date_created": "Tue, 03 Mar 2026 10:00:00 +0000", "date_shipped": "", "date_modified": "2026-03-09T12:00:00Z",
   "customer_message": null, "staff_notes": "",
   "channel_ids": [1, 17], "tags": ["vip", "eu"], "form_fields": [],
   "billing_address": {"first_name": "Zoë", "zip": "01234", "country_iso2": "US", "email": "Zoe@Shop.Example.com"},
   "fees": {}
  },
  "Products": [
   {"name": "Mug", "quantity": 1, "base_price": "10.5000", "product_options": [{"name": "Color", "value": "Red"}]},
   {"name": "Tea", "quantity": 2, "base_price": "2.0000", "product_options": []},
   {"name": "Spoon", "quantity": 0, "base_price": null}
  ],
  "Shipment": {"tracking_number": "1Z99", "items": [{"product_id": 7, "quantity": 4}]}
 },
 "Event": {"id": "ev1"},
 "Steps": {"tell": {"status": 200, "body": {
   "ok": true, "yes": "true", "code": "01234", "amount": "100.50", "count": "100", "when": "2026-03-01", "later": "2026-03-02T00:00:00Z",
   "wait": "36h", "list": ["a", "b"], "deep": {"x": {"y": 1}}, "big": 12345678901234567890123, "hundredth": 0.01
 }}, "my-step": {"body": "done"}}
}`

func root(t testing.TB) merge.Object {
	t.Helper()
	o, err := merge.DecodeObject([]byte(order))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func scope() *merge.Scope {
	entry := func(code merge.Code, kind merge.Type, items ...merge.Entry) merge.Entry {
		return merge.Entry{Code: code, Type: kind, Items: items}
	}
	orders := func(kind merge.Type, names ...string) (out []merge.Entry) {
		for _, n := range names {
			out = append(out, entry(merge.MakeCode("BigCommerce", "Order", n), kind))
		}
		return out
	}
	entries := orders(merge.Integer, "id", "status_id", "customer_id", "items_total")
	entries = append(entries, orders(merge.Decimal, "total_inc_tax", "discount_amount", "refunded_amount")...)
	entries = append(entries, orders(merge.Boolean, "is_deleted", "is_email_opt_in")...)
	entries = append(entries, orders(merge.Datetime, "date_created", "date_shipped", "date_modified")...)
	entries = append(entries, orders(merge.String, "status", "external_id", "customer_message", "staff_notes")...)
	entries = append(entries, orders(merge.List, "channel_ids", "tags", "form_fields")...)
	entries = append(entries, orders(merge.ObjectOf, "fees")...)
	for _, n := range []string{"first_name", "zip", "country_iso2", "email"} {
		entries = append(entries, entry(merge.MakeCode("BigCommerce", "Order", "billing_address", n), merge.String))
	}
	entries = append(entries,
		entry("BigCommerce | Customer | first_name", merge.String),
		entry("BigCommerce | Customer | date_created", merge.Datetime),
		entry("BigCommerce | Products", merge.List,
			entry("name", merge.String), entry("quantity", merge.Integer), entry("base_price", merge.Decimal),
			entry("product_options", merge.List, entry("name", merge.String), entry("value", merge.String))),
		entry("BigCommerce | Shipment | tracking_number", merge.String),
		entry("BigCommerce | Shipment | items", merge.List, entry("product_id", merge.Integer), entry("quantity", merge.Integer)),
		entry("Event | id", merge.String),
	)
	return &merge.Scope{Catalog: merge.NewCatalog("", entries...).WithOpen("Steps | tell", "Steps | my-step", "Webhook")}
}

func env(t testing.TB) merge.Env { return merge.Env{Root: root(t), Now: now} }

// decide compiles and decides src, which must be without problems.
func decide(t testing.TB, src string) cond.Verdict {
	t.Helper()
	v, err := mustCompile(t, src, scope()).Decide(env(t))
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return v
}

func mustCompile(t testing.TB, src string, s *merge.Scope) *cond.Condition {
	t.Helper()
	c, problems := cond.Compile(src, s)
	if len(problems) > 0 {
		t.Fatalf("%s: %v", src, problems)
	}
	return c
}

func TestWithoutAConditionTheAnswerIsYes(t *testing.T) {
	for _, src := range []string{"", "  \n\t "} {
		c := mustCompile(t, src, scope())
		v, err := c.Decide(merge.Env{})
		if err != nil || !v.Result || v.Reason != "No condition: always." || len(c.Codes()) != 0 {
			t.Errorf("%q: got %+v, %v, codes %v", src, v, err, c.Codes())
		}
	}
}

func TestCodesAreWhatTheConditionReads(t *testing.T) {
	for src, want := range map[string]string{
		`BigCommerce.Order.id > 1 and BigCommerce.Order.id < 9`:         "[BigCommerce | Order | id]",
		`any(BigCommerce.Products, .quantity > 1)`:                      "[BigCommerce | Products]",
		`BigCommerce.Shipment.items[0].quantity > 1`:                    "[BigCommerce | Shipment | items]",
		`Steps["my-step"].body == BigCommerce.Order.status`:             "[Steps | my-step | body BigCommerce | Order | status]",
		`has(BigCommerce.Order) or Webhook["a | b"].c == 1`:             `[BigCommerce | Order Webhook | "a | b" | c]`,
		`any(BigCommerce.Products, .quantity > BigCommerce.Order.id)`:   "[BigCommerce | Products BigCommerce | Order | id]",
		`true ? BigCommerce.Order.is_deleted : Steps.tell.body.ok`:      "[BigCommerce | Order | is_deleted Steps | tell | body | ok]",
		`BigCommerce.Order["billing_address"]["zip"] == "01234"`:        "[BigCommerce | Order | billing_address | zip]",
		`Steps.tell.body[BigCommerce.Order.status] == nil and 1 == 1.0`: "[Steps | tell | body BigCommerce | Order | status]",
	} {
		codes := mustCompile(t, src, scope()).Codes()
		if got := sprint(codes); got != want {
			t.Errorf("%s: got %s, want %s", src, got, want)
		}
	}
}

func TestAConditionThatAsksForTooMuchEndsAtTheWorkLimit(t *testing.T) {
	c := mustCompile(t, `any(Webhook.list, any(Webhook.list, # == 1))`, scope())
	list := make([]any, 500)
	for i := range list {
		list[i] = "x"
	}
	var o merge.Object
	o.Put("Webhook | list", list)
	if _, err := c.Decide(merge.Env{Root: o}); !errors.Is(err, cond.ErrLimit) || errors.Is(err, merge.ErrSlow) {
		t.Errorf("got %v, want ErrLimit", err)
	}
}

func TestASlowMachineIsToldApartFromTooMuchWork(t *testing.T) {
	moment := now
	meter := merge.NewMeter(func() time.Time { moment = moment.Add(time.Second); return moment })
	e := env(t)
	e.Meter = meter
	c := mustCompile(t, `count(Webhook.list, # == 1) == 0`, scope())
	e.Root.Put("Webhook | list", make([]any, 200))
	if _, err := c.Decide(e); !errors.Is(err, merge.ErrSlow) || errors.Is(err, cond.ErrLimit) {
		t.Errorf("got %v, want ErrSlow", err)
	}
}

func TestAFaultOfOursIsAnErrorAndNoCrash(t *testing.T) {
	calls := 0
	clock := func() time.Time {
		if calls++; calls > 1 {
			panic("secret of the event")
		}
		return now
	}
	e := env(t)
	e.Root.Put("Webhook | list", make([]any, 200))
	src := `count(Webhook.list, # == 1) == 0`
	e.Meter = merge.NewMeter(clock)
	_, err := mustCompile(t, src, scope()).Decide(e)
	calls = 0
	e.Meter = merge.NewMeter(clock)
	p, _ := cond.Language{}.Compile(src, merge.Position{Line: 1, Column: 1}, scope(), false)
	_, evalErr := p.Eval(e)
	for _, err := range []error{err, evalErr} {
		if err == nil || isLimit(err) || strings.Contains(err.Error(), "secret") {
			t.Errorf("got %v, want an error that gives nothing away", err)
		}
	}
}

func TestOneMeterServesSeveralExpressions(t *testing.T) {
	e := env(t)
	e.Meter = merge.NewMeter(time.Now)
	c := mustCompile(t, `sum(BigCommerce.Products, .base_price) > 1`, scope())
	for i := 0; ; i++ {
		_, err := c.Decide(e)
		if errors.Is(err, cond.ErrLimit) {
			return
		}
		if err != nil || i > merge.MaxWork {
			t.Fatalf("after %d rounds: %v, want ErrLimit", i, err)
		}
	}
}

func isLimit(err error) bool { return errors.Is(err, cond.ErrLimit) || errors.Is(err, merge.ErrSlow) }
