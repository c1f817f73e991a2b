package cond_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cartwheel/engine/cond"
)

type explanation struct {
	src         string
	result      bool
	reason      string
	comparisons []cond.Comparison
}

var explanations = map[string][]explanation{
	"and, or, not": {
		{`BigCommerce.Order.total_inc_tax >= 500`, false,
			`BigCommerce | Order | total_inc_tax was "127.5400", which is not >= 500.`,
			[]cond.Comparison{
				{Expression: `BigCommerce.Order.total_inc_tax >= 500`, Value: "127.5400", Result: false},
			}},
		{`BigCommerce.Customer.first_name == "A"`, false,
			`BigCommerce | Customer | first_name had no value.`,
			[]cond.Comparison{
				{Expression: `BigCommerce.Customer.first_name == "A"`, Value: nil, Result: false, Missing: []string{"BigCommerce | Customer | first_name"}},
			}},
		{`BigCommerce.Order.date_created > now()`, false,
			`BigCommerce | Order | date_created was "Tue, 03 Mar 2026 10:00:00 +0000", which is not > now() (2026-03-10T12:00:00Z).`,
			[]cond.Comparison{
				{Expression: `BigCommerce.Order.date_created > now()`, Value: "Tue, 03 Mar 2026 10:00:00 +0000", Result: false},
			}},
		{`500 < BigCommerce.Order.total_inc_tax`, false,
			`BigCommerce | Order | total_inc_tax was "127.5400", which is not > 500.`,
			[]cond.Comparison{
				{Expression: `500 < BigCommerce.Order.total_inc_tax`, Value: "127.5400", Result: false},
			}},
		{`BigCommerce.Order.total_inc_tax > 1 and BigCommerce.Order.status == "Shipped" and BigCommerce.Order.id != 5`, true,
			`BigCommerce | Order | total_inc_tax was "127.5400", which is > 1; BigCommerce | Order | status was "Shipped"; BigCommerce | Order | id was 251, which is not 5.`,
			[]cond.Comparison{
				{Expression: `BigCommerce.Order.total_inc_tax > 1`, Value: "127.5400", Result: true},
				{Expression: `BigCommerce.Order.status == "Shipped"`, Value: "Shipped", Result: true},
				{Expression: `BigCommerce.Order.id != 5`, Value: json.Number("251"), Result: true},
			}},
		{`BigCommerce.Order.total_inc_tax > 1 and BigCommerce.Order.status == "Open" and BigCommerce.Order.id != 5`, false,
			`BigCommerce | Order | status was "Shipped", which is not "Open".`,
			[]cond.Comparison{
				{Expression: `BigCommerce.Order.total_inc_tax > 1`, Value: "127.5400", Result: true},
				{Expression: `BigCommerce.Order.status == "Open"`, Value: "Shipped", Result: false},
			}},
		{`BigCommerce.Order.total_inc_tax < 1 or not (BigCommerce.Order.status == "Open")`, true,
			`BigCommerce | Order | status was "Shipped", which is not "Open".`,
			[]cond.Comparison{
				{Expression: `BigCommerce.Order.total_inc_tax < 1`, Value: "127.5400", Result: false},
				{Expression: `BigCommerce.Order.status == "Open"`, Value: "Shipped", Result: false},
			}},
		{`not (BigCommerce.Order.id > 1 or BigCommerce.Order.id < 0)`, false,
			`BigCommerce | Order | id was 251, which is > 1.`,
			[]cond.Comparison{
				{Expression: `BigCommerce.Order.id > 1`, Value: json.Number("251"), Result: true},
			}},
		{`BigCommerce.Order.id == 1 or BigCommerce.Order.id == 2 or BigCommerce.Order.id == 3 or BigCommerce.Order.id == 4`, false,
			`BigCommerce | Order | id was 251, which is not 1; BigCommerce | Order | id was 251, which is not 2; BigCommerce | Order | id was 251, which is not 3; and 1 more.`,
			[]cond.Comparison{
				{Expression: `BigCommerce.Order.id == 1`, Value: json.Number("251"), Result: false},
				{Expression: `BigCommerce.Order.id == 2`, Value: json.Number("251"), Result: false},
				{Expression: `BigCommerce.Order.id == 3`, Value: json.Number("251"), Result: false},
				{Expression: `BigCommerce.Order.id == 4`, Value: json.Number("251"), Result: false},
			}},
		{`BigCommerce.Order.id > 1 ? BigCommerce.Order.is_deleted : true`, false,
			`BigCommerce | Order | id was 251, which is > 1; BigCommerce | Order | is_deleted was false.`,
			[]cond.Comparison{
				{Expression: `BigCommerce.Order.id > 1`, Value: json.Number("251"), Result: true},
				{Expression: `BigCommerce.Order.is_deleted`, Value: false, Result: false},
			}},
		{`true or 1 == 2`, true,
			`The condition is always true.`,
			[]cond.Comparison{}},
		{`not true`, false,
			`The condition is always false.`,
			[]cond.Comparison{}},
	},
	"operators in words": {
		{`BigCommerce.Order.billing_address.country_iso2 not in ["US", "CA"]`, false,
			`BigCommerce | Order | billing_address | country_iso2 was "US", which is in ["US", "CA"].`,
			[]cond.Comparison{
				{Expression: `BigCommerce.Order.billing_address.country_iso2 not in ["US", "CA"]`, Value: "US", Result: false},
			}},
		{`"x" not in BigCommerce.Order.tags`, true,
			`BigCommerce | Order | tags was a list of 2 items, which does not contain "x".`,
			[]cond.Comparison{
				{Expression: `"x" not in BigCommerce.Order.tags`, Value: []any{"vip", "eu"}, Result: true},
			}},
		{`BigCommerce.Order.status startsWith "x"`, false,
			`BigCommerce | Order | status was "Shipped", which does not start with "x".`,
			[]cond.Comparison{
				{Expression: `BigCommerce.Order.status startsWith "x"`, Value: "Shipped", Result: false},
			}},
		{`BigCommerce.Order.status matches "^S"`, true,
			`BigCommerce | Order | status was "Shipped", which matches "^S".`,
			[]cond.Comparison{
				{Expression: `BigCommerce.Order.status matches "^S"`, Value: "Shipped", Result: true},
			}},
	},
	"loops": {
		{`any(BigCommerce.Products, .quantity > 1)`, true,
			`Of the 3 items of BigCommerce | Products, number 2 met .quantity > 1.`,
			[]cond.Comparison{
				{Expression: `any(BigCommerce.Products, .quantity > 1)`, Value: json.Number("3"), Result: true},
			}},
		{`any(BigCommerce.Products, .quantity > 9)`, false,
			`None of the 3 items of BigCommerce | Products met .quantity > 9.`,
			[]cond.Comparison{
				{Expression: `any(BigCommerce.Products, .quantity > 9)`, Value: json.Number("3"), Result: false},
			}},
		{`all(BigCommerce.Products, .quantity > 0)`, false,
			`Of the 3 items of BigCommerce | Products, number 3 did not meet .quantity > 0.`,
			[]cond.Comparison{
				{Expression: `all(BigCommerce.Products, .quantity > 0)`, Value: json.Number("3"), Result: false},
			}},
		{`all(BigCommerce.Products, .quantity >= 0)`, true,
			`All of the 3 items of BigCommerce | Products met .quantity >= 0.`,
			[]cond.Comparison{
				{Expression: `all(BigCommerce.Products, .quantity >= 0)`, Value: json.Number("3"), Result: true},
			}},
		{`one(BigCommerce.Products, .quantity > 0)`, false,
			`More than one of the 3 items of BigCommerce | Products met .quantity > 0.`,
			[]cond.Comparison{
				{Expression: `one(BigCommerce.Products, .quantity > 0)`, Value: json.Number("3"), Result: false},
			}},
		{`any(BigCommerce.Order.form_fields, true)`, false,
			`BigCommerce | Order | form_fields had no items.`,
			[]cond.Comparison{
				{Expression: `any(BigCommerce.Order.form_fields, true)`, Value: json.Number("0"), Result: false},
			}},
		{`any(BigCommerce.Products, .name == BigCommerce.Order.customer_message)`, false,
			`None of the 3 items of BigCommerce | Products met .name == BigCommerce.Order.customer_message, and BigCommerce | Order | customer_message had no value.`,
			[]cond.Comparison{
				{Expression: `any(BigCommerce.Products, .name == BigCommerce.Order.customer_message)`, Value: json.Number("3"), Result: false, Missing: []string{"BigCommerce | Order | customer_message"}},
			}},
		{`any(Webhook.list, true)`, false,
			`Webhook | list had no value.`,
			[]cond.Comparison{
				{Expression: `any(Webhook.list, true)`, Value: json.Number("0"), Result: false, Missing: []string{"Webhook | list"}},
			}},
		{`count(BigCommerce.Products, .quantity > 0) > 5`, false,
			`count(BigCommerce.Products, .quantity > 0) was 2, which is not > 5.`,
			[]cond.Comparison{
				{Expression: `count(BigCommerce.Products, .quantity > 0) > 5`, Value: json.Number("2"), Result: false},
			}},
	},
	"values that are not literals": {
		{`lower(BigCommerce.Order.status) == "open"`, false,
			`lower(BigCommerce.Order.status) was "shipped", which is not "open".`,
			[]cond.Comparison{
				{Expression: `lower(BigCommerce.Order.status) == "open"`, Value: "shipped", Result: false},
			}},
		{`BigCommerce.Order.id == BigCommerce.Order.status_id`, false,
			`BigCommerce | Order | id was 251, which is not BigCommerce | Order | status_id (2).`,
			[]cond.Comparison{
				{Expression: `BigCommerce.Order.id == BigCommerce.Order.status_id`, Value: json.Number("251"), Result: false},
			}},
		{`BigCommerce.Order.status == BigCommerce.Customer.first_name`, false,
			`BigCommerce | Customer | first_name had no value.`,
			[]cond.Comparison{
				{Expression: `BigCommerce.Order.status == BigCommerce.Customer.first_name`, Value: "Shipped", Result: false, Missing: []string{"BigCommerce | Customer | first_name"}},
			}},
		{`BigCommerce.Order.customer_message == BigCommerce.Customer.first_name`, false,
			`BigCommerce | Order | customer_message and BigCommerce | Customer | first_name had no value.`,
			[]cond.Comparison{
				{Expression: `BigCommerce.Order.customer_message == BigCommerce.Customer.first_name`, Value: nil, Result: false, Missing: []string{"BigCommerce | Order | customer_message", "BigCommerce | Customer | first_name"}},
			}},
		{`(BigCommerce.Customer.first_name ?? "there") == "x"`, false,
			`BigCommerce.Customer.first_name ?? "there" was "there", which is not "x".`,
			[]cond.Comparison{
				{Expression: `(BigCommerce.Customer.first_name ?? "there") == "x"`, Value: "there", Result: false, Missing: []string{"BigCommerce | Customer | first_name"}},
			}},
		{`BigCommerce.Shipment.items[5].quantity > 1`, false,
			`BigCommerce.Shipment.items[5] had no value.`,
			[]cond.Comparison{
				{Expression: `BigCommerce.Shipment.items[5].quantity > 1`, Value: nil, Result: false, Missing: []string{"BigCommerce.Shipment.items[5]"}},
			}},
		{`(BigCommerce.Order.id + 1) * 2 > (3 + 4) * BigCommerce.Order.id`, false,
			`(BigCommerce.Order.id + 1) * 2 was 504, which is not > (3 + 4) * BigCommerce.Order.id (1757).`,
			[]cond.Comparison{
				{Expression: `(BigCommerce.Order.id + 1) * 2 > (3 + 4) * BigCommerce.Order.id`, Value: json.Number("504"), Result: false},
			}},
		{`now() - BigCommerce.Order.date_created > duration("30d")`, false,
			`now() - BigCommerce.Order.date_created was 7d2h, which is not > duration("30d").`,
			[]cond.Comparison{
				{Expression: `now() - BigCommerce.Order.date_created > duration("30d")`, Value: "7d2h", Result: false},
			}},
	},
	"yes, no and missing": {
		{`BigCommerce.Order.customer_message == nil`, true,
			`BigCommerce | Order | customer_message had no value.`,
			[]cond.Comparison{
				{Expression: `BigCommerce.Order.customer_message == nil`, Value: nil, Result: true, Missing: []string{"BigCommerce | Order | customer_message"}},
			}},
		{`BigCommerce.Order.status != nil`, true,
			`BigCommerce | Order | status was "Shipped".`,
			[]cond.Comparison{
				{Expression: `BigCommerce.Order.status != nil`, Value: "Shipped", Result: true},
			}},
		{`has(BigCommerce.Customer.first_name)`, false,
			`BigCommerce | Customer | first_name had no value.`,
			[]cond.Comparison{
				{Expression: `has(BigCommerce.Customer.first_name)`, Value: nil, Result: false, Missing: []string{"BigCommerce | Customer | first_name"}},
			}},
		{`is_empty(BigCommerce.Order.staff_notes)`, true,
			`BigCommerce | Order | staff_notes was empty.`,
			[]cond.Comparison{
				{Expression: `is_empty(BigCommerce.Order.staff_notes)`, Value: "", Result: true},
			}},
		{`is_empty(BigCommerce.Order.status)`, false,
			`BigCommerce | Order | status was "Shipped".`,
			[]cond.Comparison{
				{Expression: `is_empty(BigCommerce.Order.status)`, Value: "Shipped", Result: false},
			}},
		{`within(BigCommerce.Order.date_created, "7d")`, false,
			`BigCommerce | Order | date_created was "Tue, 03 Mar 2026 10:00:00 +0000", which is not within the last 7d.`,
			[]cond.Comparison{
				{Expression: `within(BigCommerce.Order.date_created, "7d")`, Value: "Tue, 03 Mar 2026 10:00:00 +0000", Result: false},
			}},
		{`not BigCommerce.Order.is_deleted`, true,
			`BigCommerce | Order | is_deleted was false.`,
			[]cond.Comparison{
				{Expression: `BigCommerce.Order.is_deleted`, Value: false, Result: false},
			}},
		{`Steps.tell.body.yes`, false,
			`Steps | tell | body | yes was "true", which is not yes or no.`,
			[]cond.Comparison{
				{Expression: `Steps.tell.body.yes`, Value: "true", Result: false},
			}},
		{`Webhook.x`, false,
			`Webhook | x had no value.`,
			[]cond.Comparison{
				{Expression: `Webhook.x`, Value: nil, Result: false, Missing: []string{"Webhook | x"}},
			}},
	},
}

func TestVerdictsNameWhatDecided(t *testing.T) {
	for name, table := range explanations {
		t.Run(name, func(t *testing.T) {
			for _, want := range table {
				v := decide(t, want.src)
				got := explanation{want.src, v.Result, v.Reason, v.Explanation}
				if diff := cmp.Diff(want, got, cmp.AllowUnexported(explanation{})); diff != "" {
					t.Errorf("%s (-want +got):\n%s", want.src, diff)
				}
			}
		})
	}
}

func TestValuesInReasonsAreCutAndMadeVisible(t *testing.T) {
	e := env(t)
	e.Root.Put("Webhook | text", "a\x1b[2J\r\n\u202e"+strings.Repeat("ö", 100))
	v, err := mustCompile(t, `Webhook.text == "b"`, scope()).Decide(e)
	want := `Webhook | text was "a\x1b[2J\r\n\u202e` + strings.Repeat("ö", 72) + `…", which is not "b".`
	if err != nil || v.Reason != want {
		t.Errorf("got %s, %v\nwant %s", v.Reason, err, want)
	}
}

func TestLiteralsOnTheLeftReadTheOtherWayRound(t *testing.T) {
	for src, want := range map[string]string{
		`300 <= BigCommerce.Order.id`:                  `BigCommerce | Order | id was 251, which is not >= 300.`,
		`300 > BigCommerce.Order.id`:                   `BigCommerce | Order | id was 251, which is < 300.`,
		`3 >= BigCommerce.Order.id`:                    `BigCommerce | Order | id was 251, which is not <= 3.`,
		`"a" in BigCommerce.Order.tags`:                `BigCommerce | Order | tags was a list of 2 items, which does not contain "a".`,
		`"Shipped!" contains BigCommerce.Order.status`: `BigCommerce | Order | status was "Shipped", which is in "Shipped!".`,
		`"Open" not contains BigCommerce.Order.status`: `BigCommerce | Order | status was "Shipped", which is not in "Open".`,
		`"Open" endsWith BigCommerce.Order.status`:     `"Open" does not end with BigCommerce | Order | status ("Shipped").`,
		`1 == 2`:                      `1 is not 2.`,
		`BigCommerce.Order.id != 251`: `BigCommerce | Order | id was 251.`,
		`BigCommerce.Order.billing_address.zip == "1"`:   `BigCommerce | Order | billing_address | zip was "01234", which is not "1".`,
		`any(BigCommerce.Shipment.items, .quantity > 1)`: `Of the 1 item of BigCommerce | Shipment | items, number 1 met .quantity > 1.`,
	} {
		if v := decide(t, src); v.Reason != want {
			t.Errorf("%s:\ngot  %s\nwant %s", src, v.Reason, want)
		}
	}
}

func TestAComparisonIsWhatTheAPIPromises(t *testing.T) {
	v := decide(t, `BigCommerce.Order.id == 251 and BigCommerce.Customer.first_name == "A"`)
	got, err := json.Marshal(v.Explanation)
	want := `[{"expression":"BigCommerce.Order.id == 251","value":251,"result":true},` +
		`{"expression":"BigCommerce.Customer.first_name == \"A\"","value":null,"result":false,"missing":["BigCommerce | Customer | first_name"]}]`
	if err != nil || string(got) != want {
		t.Errorf("got  %s, %v\nwant %s", got, err, want)
	}
}
