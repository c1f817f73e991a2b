package cond_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"cartwheel/engine/cond"
	"cartwheel/merge"
)

func sprint(v any) string { return fmt.Sprint(v) }

// truths maps conditions to their outcome, by the rule that they pin.
var truths = map[string]map[string]bool{
	"a missing value never fails": {
		`BigCommerce.Customer.first_name == "CA"`:          false,
		`BigCommerce.Customer.first_name != "CA"`:          false,
		`not (BigCommerce.Customer.first_name == "CA")`:    true,
		`BigCommerce.Customer.first_name in ["CA"]`:        false,
		`BigCommerce.Customer.first_name not in ["CA"]`:    true,
		`BigCommerce.Customer.first_name contains "a"`:     false,
		`BigCommerce.Customer.first_name not contains "a"`: true,
		`BigCommerce.Customer.first_name startsWith "a"`:   false,
		`BigCommerce.Customer.first_name endsWith "a"`:     false,
		`BigCommerce.Customer.first_name matches ".*"`:     false,
		`BigCommerce.Customer.first_name == nil`:           true,
		`nil == BigCommerce.Customer.first_name`:           true,
		`BigCommerce.Customer.first_name != nil`:           false,
		`BigCommerce.Order.customer_message == nil`:        true,
		`nil == nil`:          true,
		`"a" in Webhook.none`: false,
		`nil in [nil]`:        false,
		`BigCommerce.Customer.date_created > now()`:                  false,
		`BigCommerce.Customer.date_created + duration("1d") > now()`: false,
		`Webhook.a + 1 == nil`:                                       true,
		`Webhook.a.b.c.d == nil`:                                     true,
		`Steps.tell.status.x == nil`:                                 true,
		`Webhook.list[0].name == nil`:                                true,
		`any(Webhook.none, true)`:                                    false,
		`all(Webhook.none, false)`:                                   true,
		`none(Webhook.none, true)`:                                   true,
		`one(Webhook.none, true)`:                                    false,
		`count(Webhook.none, true) == 0`:                             true,
		`sum(Webhook.none) == 0`:                                     true,
		`len(filter(Webhook.none, true)) == 0`:                       true,
		`find(Webhook.none, true) == nil`:                            true,
		`Webhook.a`:                                                  false,
		`not Webhook.a`:                                              true,
		`Webhook.a and true`:                                         false,
		`Webhook.a ? true : false`:                                   false,
		`has(nil)`:                                                   false,
		`has(BigCommerce.Order.customer_message)`:                    false,
		`has(BigCommerce.Order.staff_notes)`:                         true,
		`is_empty(nil)`:                                              true,
		`is_empty("")`:                                               true,
		`is_empty([])`:                                               true,
		`is_empty({})`:                                               true,
		`is_empty(BigCommerce.Order.form_fields)`:                    true,
		`is_empty(BigCommerce.Order.fees)`:                           true,
		`is_empty(" ")`:                                              false,
		`is_empty(0)`:                                                false,
		`lower(Webhook.a) == nil`:                                    true,
		`len(nil) == nil`:                                            true,
		`abs(Webhook.a) == nil`:                                      true,
		`date(BigCommerce.Order.status) == nil`:                      true,
		`date(BigCommerce.Order.staff_notes) == nil`:                 true,
		`round(BigCommerce.Order.refunded_amount) == nil`:            true,
		`days_since(Webhook.a) == nil`:                               true,
		`domain(Webhook.a) == nil`:                                   true,
		`(BigCommerce.Customer.first_name ?? "there") == "there"`:    true,
		`(BigCommerce.Order.staff_notes ?? "x") == ""`:               true,
		`within(BigCommerce.Order.date_shipped, "7d")`:               false,
	},
	"numbers are exact decimals": {
		`BigCommerce.Order.total_inc_tax == 127.54`:      true,
		`BigCommerce.Order.total_inc_tax == "127.5400"`:  true,
		`BigCommerce.Order.total_inc_tax >= 500`:         false,
		`BigCommerce.Order.discount_amount == 8`:         true,
		`BigCommerce.Order.discount_amount > 10`:         false,
		`0.1 + 0.2 == 0.3`:                               true,
		`1 / 3 * 3 == 1`:                                 true,
		`10 % 3 == 1`:                                    true,
		`-7 % 3 == -1`:                                   true,
		`7.5 % 2 == 1.5`:                                 true,
		`1 / 0 == nil`:                                   true,
		`1 % 0 == nil`:                                   true,
		`2 * 3.5 == 7`:                                   true,
		`9007199254740993 == 9007199254740992`:           false,
		`9223372036854775807 + 1 > 9223372036854775807`:  true,
		`9223372036854775807 * 9223372036854775807 > 1`:  true,
		`Steps.tell.body.big > 9223372036854775807`:      true,
		`Steps.tell.body.big - Steps.tell.body.big == 0`: true,
		`Steps.tell.body.hundredth == 1e-2`:              true,
		`BigCommerce.Order.id == "251"`:                  true,
		`"251" == BigCommerce.Order.id`:                  true,
		`BigCommerce.Order.refunded_amount == ""`:        true,
		`BigCommerce.Order.refunded_amount == 0`:         false,
		`BigCommerce.Order.refunded_amount != 0`:         true,
		`BigCommerce.Order.refunded_amount >= 0`:         false,
		`-BigCommerce.Order.id == -251`:                  true,
		`+BigCommerce.Order.id == 251`:                   true,
		`BigCommerce.Order.id in [1, 251]`:               true,
		`BigCommerce.Order.id in ["251"]`:                true,
		`BigCommerce.Order.status_id not in [10, 2]`:     false,
		`BigCommerce.Order.total_inc_tax - BigCommerce.Order.discount_amount == 119.54`: true,
		`0x10 == 16 and 1_000 == 1000`: true,
		`2 < 10`:                       true,
	},
	"a text of the catalogue is no number": {
		`BigCommerce.Order.billing_address.zip == "01234"`:      true,
		`BigCommerce.Order.billing_address.zip == "1234"`:       false,
		`BigCommerce.Order.external_id == "251.0"`:              false,
		`BigCommerce.Order.external_id == "251"`:                true,
		`BigCommerce.Order.external_id == BigCommerce.Order.id`: true,
		`BigCommerce.Order.id != BigCommerce.Order.external_id`: false,
		`BigCommerce.Order.billing_address.zip < "1"`:           true,
		`BigCommerce.Order.status == "shipped"`:                 false,
		`lower(BigCommerce.Order.status) == "shipped"`:          true,
		`BigCommerce.Order.status in ["Shipped", "Done"]`:       true,
		`"hip" in BigCommerce.Order.status`:                     true,
		`BigCommerce.Order.status contains "hip"`:               true,
		`BigCommerce.Order.status startsWith "Ship"`:            true,
		`BigCommerce.Order.status endsWith "ped"`:               true,
		`BigCommerce.Order.status matches "^S.*d$"`:             true,
		`BigCommerce.Order.status not matches "^x"`:             true,
		`BigCommerce.Order.status + "!" == "Shipped!"`:          true,
	},
	"the shape decides without a type": {
		`Steps.tell.status == 200`:                                                true,
		`Steps.tell.status == "200"`:                                              true,
		`Steps.tell.body.amount == 100.5`:                                         true,
		`Steps.tell.body.amount == "100.5000"`:                                    true,
		`Steps.tell.body.code == 1234`:                                            false,
		`Steps.tell.body.code == "1234"`:                                          false,
		`Steps.tell.body.code == "01234"`:                                         true,
		`Steps.tell.body.code != 1234`:                                            true,
		`Steps.tell.body.count > "99"`:                                            true,
		`Steps.tell.body.amount + 1 == 101.5`:                                     true,
		`Steps.tell.body.amount + Steps.tell.body.count == "100.50100"`:           true,
		`Steps.tell.body.amount - Steps.tell.body.count == 0.5`:                   true,
		`Steps.tell.body.when < Steps.tell.body.later`:                            true,
		`Steps.tell.body.when < "2026-03-02"`:                                     true,
		`Steps.tell.body.later == "Mon, 02 Mar 2026 00:00:00 +0000"`:              true,
		`Steps.tell.body.when < now()`:                                            true,
		`Steps.tell.body.when + duration("1d") == Steps.tell.body.later`:          true,
		`Steps.tell.body.ok`:                                                      true,
		`Steps.tell.body.ok == true`:                                              true,
		`Steps.tell.body.ok == "true"`:                                            false,
		`Steps.tell.body.yes`:                                                     false,
		`Steps.tell.body.yes == "true"`:                                           true,
		`Steps.tell.body.list == Steps.tell.body.list`:                            false,
		`Steps.tell.body.list != Steps.tell.body.list`:                            true,
		`Steps.tell.body.deep == Steps.tell.body.deep`:                            false,
		`Steps.tell.body.deep.x.y == 1`:                                           true,
		`"y" in Steps.tell.body.deep.x`:                                           true,
		`"b" in Steps.tell.body.list`:                                             true,
		`Steps.tell.body.list contains "c"`:                                       false,
		`Steps["my-step"].body == "done"`:                                         true,
		`Steps.tell.body["list"][1] == "b"`:                                       true,
		`Steps.tell.body.list[-1] == "b"`:                                         true,
		`Steps.tell.body.list[2] == nil`:                                          true,
		`now() - Steps.tell.body.when > Steps.tell.body.wait`:                     true,
		`{"US": 1, "CA": 2}[BigCommerce.Order.billing_address.country_iso2] == 1`: true,
	},
	"booleans": {
		`BigCommerce.Order.is_deleted`:                        false,
		`not BigCommerce.Order.is_deleted`:                    true,
		`!BigCommerce.Order.is_deleted`:                       true,
		`BigCommerce.Order.is_deleted == false`:               true,
		`BigCommerce.Order.is_deleted != true`:                true,
		`BigCommerce.Order.is_deleted == "false"`:             true,
		`BigCommerce.Order.is_email_opt_in`:                   true,
		`BigCommerce.Order.is_email_opt_in == true`:           true,
		`true and not false`:                                  true,
		`true && (false || true)`:                             true,
		`(1 == 1) == true`:                                    true,
		`BigCommerce.Order.id > 1 ? 2 == 2 : 1 == 2`:          true,
		`(BigCommerce.Order.id > 1 ? 2 : 3) == 2`:             true,
		`BigCommerce.Order.id > 1 /* why */ or false // done`: true,
	},
	"times": {
		`BigCommerce.Order.date_created > "2026-03-03"`:                               true,
		`BigCommerce.Order.date_created < "2026-03-03T10:00:01Z"`:                     true,
		`BigCommerce.Order.date_created == date("2026-03-03T11:00:00+01:00")`:         true,
		`BigCommerce.Order.date_created < BigCommerce.Order.date_modified`:            true,
		`BigCommerce.Order.date_shipped == ""`:                                        true,
		`BigCommerce.Order.date_shipped > "2020-01-01"`:                               false,
		`now() - BigCommerce.Order.date_created > duration("7d")`:                     true,
		`now() - BigCommerce.Order.date_created > "8d"`:                               false,
		`BigCommerce.Order.date_created + duration("1w") < now()`:                     true,
		`BigCommerce.Order.date_created - duration("1h30m") < "2026-03-03T08:30:01Z"`: true,
		`duration("36h") == duration("1d") + duration("12h")`:                         true,
		`duration("2w") == "14d"`:                                                     true,
		`-duration("1h") < duration("1s")`:                                            true,
		`days_since(BigCommerce.Order.date_created) == 7`:                             true,
		`days_since("2026-03-11") == -1`:                                              true,
		`days_since(now()) == 0`:                                                      true,
		`within(BigCommerce.Order.date_created, "7d")`:                                false,
		`within(BigCommerce.Order.date_created, "8d")`:                                true,
		`within(BigCommerce.Order.date_created, duration("8d"))`:                      true,
		`within("2026-03-10T12:00:00Z", "1s")`:                                        true,
		`within("2026-03-10T12:00:01Z", "1s")`:                                        false,
		`BigCommerce.Order.date_created in ["Tue, 03 Mar 2026 10:00:00 +0000"]`:       true,
	},
	"a fallback keeps what is known": {
		`(BigCommerce.Order.total_inc_tax ?? "0") > 5`:                                 true,
		`(BigCommerce.Order.total_inc_tax ?? nil) > 5`:                                 true,
		`(nil ?? BigCommerce.Order.billing_address.zip) == "01234"`:                    true,
		`any(Webhook.none ?? BigCommerce.Products, .quantity > 1)`:                     true,
		`any(BigCommerce.Products ?? [], .quantity > 1)`:                               true,
		`(BigCommerce.Order.id > 1 ? BigCommerce.Order.id : Webhook.none) == 251`:      true,
		`len(BigCommerce.Order.id > 1 ? BigCommerce.Products : BigCommerce.Order) > 1`: true,
	},
	"large numbers stay exact": {
		`12345678901234567.89 * 100 == 1234567890123456800`:                                true,
		`Steps.tell.body.big % 10 == 3`:                                                    true,
		`round(Steps.tell.body.big / 7) * 7 - Steps.tell.body.big < 4`:                     true,
		`9223372036854775807 > 0.5 and 9223372036854775807 > 1.5`:                          true,
		`-9223372036854775807 - 10 < -9223372036854775807`:                                 true,
		`Steps.tell.body.big == "12345678901234567890123"`:                                 true,
		`BigCommerce.Order.total_inc_tax / 3 * 3 == 127.54`:                                true,
		`0.000000000000000001 * 0.000000000000000001 > 0 and 1e-18 * 1e18 == 1`:            true,
		`-Steps.tell.body.wait == nil and -Steps.tell.body.list == nil`:                    true,
		`duration("1w") - duration("8d") < "0s" and duration("1d") + now() > now()`:        true,
		`BigCommerce.Order.id in [BigCommerce.Order.status_id, BigCommerce.Order.id]`:      true,
		`BigCommerce.Order.billing_address.zip in [BigCommerce.Order.billing_address.zip]`: true,
	},
	"functions": {
		`len("Zoë") == 3`: true,
		`len(BigCommerce.Order.billing_address.first_name) == 3`:                true,
		`len(BigCommerce.Products) == 3`:                                        true,
		`len({a: 1}) == 1`:                                                      true,
		`upper("zoë") == "ZOË"`:                                                 true,
		`trim("  a b ") == "a b"`:                                               true,
		`abs(-3.5) == 3.5 and abs(3) == 3`:                                      true,
		`round(2.5) == 3 and round(-2.5) == -3 and round(2.4) == 2`:             true,
		`round(127.545, 2) == 127.55 and round(1/3, 2) == 0.33`:                 true,
		`abs("abc") == nil and round("abc") == nil and date("tomorrow") == nil`: true,
		`date("tomorrow") > now() or days_since("abc") > 1`:                     false,
		`duration("soon") == nil and within(nil, "7d") == nil`:                  true,
		`within("abc", "7d") or within(nil, "7d")`:                              false,
		`round(BigCommerce.Order.status) == nil`:                                true,
		`date(BigCommerce.Order.status) == nil`:                                 true,
		`round("12.50") == 13 and abs("-8") == 8`:                               true,
		`round(2.345, 11) == nil and round(2.3, 0.5) == nil`:                    true,
		`domain(BigCommerce.Order.billing_address.email) == "shop.example.com"`: true,
		`domain("nobody") == nil and domain("a@") == nil`:                       true,
		`len(Steps.tell.status) == nil`:                                         true,
		`lower(Steps.tell.status) == nil`:                                       true,
	},
	"loops": {
		`any(BigCommerce.Products, .quantity > 1)`:                           true,
		`any(BigCommerce.Products, {#.quantity > 2})`:                        false,
		`all(BigCommerce.Products, # .quantity >= 0)`:                        true,
		`none(BigCommerce.Products, .name == "Cup")`:                         true,
		`one(BigCommerce.Products, .name == "Tea")`:                          true,
		`one(BigCommerce.Products, .quantity > 0)`:                           false,
		`count(BigCommerce.Products, .quantity > 0) == 2`:                    true,
		`sum(BigCommerce.Products, .base_price) == 12.5`:                     true,
		`sum(BigCommerce.Products, .base_price * .quantity) == 14.5`:         true,
		`sum(map(BigCommerce.Products, .quantity)) == 3`:                     true,
		`sum(BigCommerce.Order.channel_ids) == 18`:                           true,
		`find(BigCommerce.Products, .quantity == 2).name == "Tea"`:           true,
		`filter(BigCommerce.Products, .quantity > 0)[1].name == "Tea"`:       true,
		`any(filter(BigCommerce.Products, .quantity > 0), .name == "Spoon")`: false,
		`"Mug" in map(BigCommerce.Products, .name)`:                          true,
		`map(BigCommerce.Products, #index)[2] == 2`:                          true,
		`any(BigCommerce.Products, any(.product_options, .value == "Red"))`:  true,
		`any(BigCommerce.Products, "Red" in map(.product_options, .value))`:  true,
		`any(BigCommerce.Order.tags, # == "eu")`:                             true,
		`"vip" in BigCommerce.Order.tags`:                                    true,
		`17 in BigCommerce.Order.channel_ids`:                                true,
		`BigCommerce.Order.channel_ids contains 1`:                           true,
		`count([true, false, 1 == 1]) == 2`:                                  true,
		`any(Steps.tell.body.ok, true)`:                                      false,
		`all(Webhook, true)`:                                                 true,
		`BigCommerce.Shipment.items[0].quantity == 4`:                        true,
		`BigCommerce.Shipment.items[1].quantity == nil`:                      true,
		`any([1, 2], # + 1 == 3)`:                                            true,
		`BigCommerce.Products[0].product_options[0].value == "Red"`:          true,
	},
}

func TestConditionsMean(t *testing.T) {
	for rule, table := range truths {
		t.Run(rule, func(t *testing.T) {
			for src, want := range table {
				c, problems := cond.Compile(src, scope())
				if len(problems) > 0 {
					t.Errorf("%s: problems %v", src, problems)
					continue
				}
				v, err := c.Decide(env(t))
				if err != nil || v.Result != want {
					t.Errorf("%s: got %v (%s), %v; want %v", src, v.Result, v.Reason, err, want)
				}
			}
		})
	}
}

func TestExpressionsInTemplatesGiveValues(t *testing.T) {
	s := scope()
	s.Locals = map[string]merge.Local{
		"item": {Entry: merge.Entry{Type: merge.ObjectOf, Items: []merge.Entry{{Code: "name", Type: merge.String}, {Code: "base_price", Type: merge.Decimal}}}},
		"tag":  {},
	}
	e := env(t)
	products, _ := e.Root.Lookup("BigCommerce | Products")
	e.Locals = map[string]any{"item": products.([]any)[0], "tag": "vip"}
	for src, want := range map[string]any{
		`BigCommerce.Order.total_inc_tax`:     "127.5400",
		`BigCommerce.Order.id`:                json.Number("251"),
		`BigCommerce.Order.total_inc_tax * 2`: json.Number("255.08"),
		`10 / 4`:                              json.Number("2.5"),
		`1 / 3`:                               json.Number("0.3333333333333333"),
		`upper(item.name)`:                    "MUG",
		`item.base_price + 1`:                 json.Number("11.5"),
		`tag`:                                 "vip",
		`Webhook.none`:                        nil,
		`now() - duration("1h")`:              now.Add(-time.Hour),
		`duration("90s")`:                     90 * time.Second,
		`1 == 1`:                              true,
		`map(BigCommerce.Products, .quantity + 1)`:   []any{json.Number("2"), json.Number("3"), json.Number("1")},
		`BigCommerce.Customer.first_name ?? "there"`: "there",
		`BigCommerce.Order.id > 5 ? "big" : "small"`: "big",
		`{n: 1}.n`:   json.Number("1"),
		`-0.5 + 0.5`: json.Number("0"),
		`BigCommerce.Order["billing_address"].first_name`: "Zoë",
	} {
		p, problems := cond.Language{}.Compile(src, merge.Position{Line: 1, Column: 1}, s, false)
		if len(problems) > 0 {
			t.Errorf("%s: %v", src, problems)
			continue
		}
		got, err := p.Eval(e)
		if err != nil || fmt.Sprintf("%T %v", got, got) != fmt.Sprintf("%T %v", want, want) {
			t.Errorf("%s: got %T %v, %v; want %T %v", src, got, got, err, want, want)
		}
	}
}

func TestAnIfInATemplateGivesYesOrNo(t *testing.T) {
	p, problems := cond.Language{}.Compile(`Webhook.none`, merge.Position{Line: 1, Column: 1}, scope(), true)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if got, err := p.Eval(env(t)); got != false || err != nil {
		t.Errorf("got %v, %v; want false", got, err)
	}
}
