package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// recordedConditions are by trigger: every operator, function and loop, missing
// values, dates, money and lists. None shows the time of day in its reason.
func recordedConditions() map[string][]string {
	return map[string][]string{
		"order_created": {
			`true`,
			`BigCommerce.Order.total_inc_tax >= 50`,
			`BigCommerce.Order.total_inc_tax < 127.54 || BigCommerce.Order.items_total > 3`,
			`BigCommerce.Order.total_inc_tax == "127.5400"`,
			`BigCommerce.Order.total_inc_tax != BigCommerce.Order.total_ex_tax`,
			`BigCommerce.Order.total_inc_tax - BigCommerce.Order.total_ex_tax == BigCommerce.Order.total_tax`,
			`BigCommerce.Order.total_inc_tax * 100 % 2 == 0`,
			`round(BigCommerce.Order.total_inc_tax / 3, 2) > 20.005`,
			`abs(BigCommerce.Order.discount_amount - 8) <= 3`,
			`-BigCommerce.Order.total_tax < 0`,
			`BigCommerce.Order.status == "Shipped"`,
			`lower(BigCommerce.Order.status) in ["shipped", "completed"]`,
			`upper(trim(BigCommerce.Order.billing_address.country_iso2)) not in ["US", "CA"]`,
			`BigCommerce.Order.status_id in [2, 10, 11]`,
			`BigCommerce.Order.billing_address.country_iso2 in ["US", "CA"] and BigCommerce.Order.total_inc_tax >= 50`,
			`BigCommerce.Order.billing_address.zip < "5"`,
			`BigCommerce.Order.billing_address.zip startsWith "0"`,
			`BigCommerce.Order.billing_address.email endsWith "example.com"`,
			`BigCommerce.Order.billing_address.last_name contains "e"`,
			`BigCommerce.Order.billing_address.last_name not contains "e"`,
			`BigCommerce.Order.billing_address.first_name matches "^[A-M]"`,
			`BigCommerce.Order.billing_address.first_name not matches "(?i)^[a-m].*e$"`,
			`domain(BigCommerce.Order.billing_address.email) == "example.com"`,
			`len(BigCommerce.Order.billing_address.city) > 6`,
			`BigCommerce.Order.billing_address.first_name + " " + BigCommerce.Order.billing_address.last_name > "M"`,
			`has(BigCommerce.Order.customer_message)`,
			`is_empty(BigCommerce.Order.staff_notes) and not is_empty(BigCommerce.Order.billing_address.company)`,
			`BigCommerce.Order.cart_id == nil`,
			`BigCommerce.Order.external_source != nil`,
			`BigCommerce.Order.credit_card_type == "visa"`,
			`not (BigCommerce.Order.credit_card_type == "visa")`,
			`BigCommerce.Order.credit_card_type not in ["visa"]`,
			`BigCommerce.Order.external_id > "5" or BigCommerce.Order.external_id <= "5"`,
			`(BigCommerce.Order.external_id ?? "none") == "none"`,
			`BigCommerce.Order.is_deleted`,
			`!BigCommerce.Order.is_email_opt_in`,
			`BigCommerce.Order.is_email_opt_in == true && BigCommerce.Order.order_is_digital != true`,
			`BigCommerce.Order.items_total > 2 ? BigCommerce.Order.total_inc_tax > 100 : BigCommerce.Order.total_inc_tax > 20`,
			`BigCommerce.Order.date_created > "2026-10-20"`,
			`BigCommerce.Order.date_created < "2026-11-01T00:00:00Z" and BigCommerce.Order.date_created >= date("Tue, 01 Sep 2026 00:00:00 +0000")`,
			`BigCommerce.Order.date_modified - BigCommerce.Order.date_created > duration("1d")`,
			`BigCommerce.Order.date_created + duration("2w") < BigCommerce.Order.date_modified`,
			`BigCommerce.Order.date_shipped == ""`,
			`BigCommerce.Order.date_shipped > "2020-01-01"`,
			`within(BigCommerce.Order.date_created, "3650d")`,
			`days_since(BigCommerce.Order.date_created) > 20`,
			`duration("36h") == duration("1d") + duration("12h")`,
			`any(BigCommerce.Products, .quantity > 1)`,
			`all(BigCommerce.Products, .quantity == 1)`,
			`none(BigCommerce.Products, .name contains "Bed")`,
			`one(BigCommerce.Products, .base_price > 20)`,
			`count(BigCommerce.Products, .quantity > 0) >= 3`,
			`sum(BigCommerce.Products, .base_price * .quantity) > 100`,
			`sum(map(BigCommerce.Products, .quantity)) == BigCommerce.Order.items_total`,
			`find(BigCommerce.Products, .quantity > 1).name startsWith "W"`,
			`len(filter(BigCommerce.Products, .base_price >= 10)) == len(BigCommerce.Products)`,
			`filter(BigCommerce.Products, .quantity > 0)[0].name contains "a"`,
			`BigCommerce.Products[-1].quantity == 1`,
			`BigCommerce.Products[7].name == nil`,
			`any(BigCommerce.Products, any(.product_options, .display_name contains "o"))`,
			`"Watering Can 2 L" in map(BigCommerce.Products, .name)`,
			`any(BigCommerce.Products, #index == 3)`,
			`any(BigCommerce.Shipping_addresses, .country_iso2 != BigCommerce.Order.billing_address.country_iso2)`,
			`len(BigCommerce.Shipping_addresses) > 1`,
			`any(BigCommerce.Coupons, .code == "SPRING10") || is_empty(BigCommerce.Coupons)`,
			`BigCommerce.Customer == nil`,
			`BigCommerce.Customer.first_name == BigCommerce.Order.billing_address.first_name`,
			`BigCommerce.Customer.accepts_product_review_abandoned_cart_emails`,
			`has(BigCommerce.Customer.notes) and BigCommerce.Customer.notes contains "VIP"`,
			`BigCommerce.Customer.date_created < BigCommerce.Order.date_created`,
			`BigCommerce.Channel.id == 1`,
			`BigCommerce.Store.name contains "Larkspur"`,
			`Event.entity startsWith "order/" and Event.trigger == "bigcommerce.order_created"`,
			`{"US": 1, "CA": 2}[BigCommerce.Order.billing_address.country_iso2] == 1`,
			`12345678901234567.89 * 100 == 1234567890123456789`,
			`BigCommerce.Order.default_currency_code != BigCommerce.Order.currency_code /* abroad */`,
		},
		"order_updated": {
			`BigCommerce.Order.refunded_amount > 0`, `BigCommerce.Order.payment_status == "captured"`, `BigCommerce.Order.channel_id == 1`,
			`BigCommerce.Order.items_shipped < BigCommerce.Order.items_total`, `BigCommerce.Order.staff_notes contains "<delivery>"`,
		},
		"order_status_updated": {
			`BigCommerce.Order.status_id == 2`, `BigCommerce.Order.custom_status != BigCommerce.Order.status`, `BigCommerce.Order.status in ["Cancelled", "Refunded", "Disputed"]`,
		},
		"shipment_created": {
			`BigCommerce.Shipment.tracking_number != ""`, `any(BigCommerce.Shipment.items, .quantity > 1)`, `BigCommerce.Shipment.shipping_provider in ["fedex", "ups"]`,
			`BigCommerce.Shipment.date_created - BigCommerce.Order.date_created < duration("2d")`, `BigCommerce.Customer.customer_group_id > 1`,
			`BigCommerce.Order.billing_address.country_iso2 == BigCommerce.Shipment.shipping_address.country_iso2`,
		},
		"cart_converted": {
			`BigCommerce.Order.total_inc_tax > 80`, `BigCommerce.Customer.store_credit > 0`, `BigCommerce.Order.order_source == "www"`, `BigCommerce.Customer.company == ""`,
		},
		"cart_abandoned": {
			`BigCommerce.Cart.cart_amount > 100`, `BigCommerce.Cart.email contains "@"`, `has(BigCommerce.Cart.email) and BigCommerce.Cart.customer_id == 0`,
			`any(BigCommerce.Cart_items, .quantity >= 2 and .list_price > 10)`, `len(BigCommerce.Cart.line_items.physical_items) > len(BigCommerce.Cart.line_items.digital_items)`,
			`sum(BigCommerce.Cart_items, .extended_sale_price) == BigCommerce.Cart.base_amount`, `BigCommerce.Cart.currency.code != "USD"`, `BigCommerce.Customer.first_name > "M"`,
		},
	}
}

// recordedWorkflows are the workflows of a history, by id, in the order in which they are published.
func recordedWorkflows() (ids []string, all map[string]object) {
	all = map[string]object{}
	add := func(id string, w object) {
		w["name"] = strings.ToUpper(id[:1]) + id[1:]
		ids, all[id] = append(ids, id), w
	}
	for _, name := range recordedTriggers() {
		for i, condition := range recordedConditions()[name] {
			add(fmt.Sprintf("%s-%02d", strings.ReplaceAll(name, "_", "-"), i), object{"trigger": trigger(name), "condition": condition,
				"steps": []object{{"id": "end", "type": "stop"}}})
		}
	}
	for _, per := range []string{"shipment", "order", "customer"} {
		add("once-per-"+per, object{"trigger": trigger("shipment_created"), "once_per": per, "steps": []object{{"id": "end", "type": "stop"}}})
	}
	add("once-per-cart", object{"trigger": trigger("cart_abandoned"), "once_per": "cart", "steps": []object{{"id": "end", "type": "stop"}}})
	add("acts", recordedActs())
	add("branches", recordedBranches())
	add("credentials", recordedCredentials())
	troubles := recordedTroubles()
	for _, id := range slices.Sorted(maps.Keys(troubles)) {
		add(id, troubles[id])
	}
	return ids, all
}

func recordedTriggers() []string {
	return []string{"order_created", "order_updated", "order_status_updated", "shipment_created", "cart_converted", "cart_abandoned"}
}

func recordedCall(id, path, body string) object {
	return object{"id": id, "type": "http_request", "config": object{"method": "POST", "url": "http://" + recordedInbox + path, "body_type": "json", "body": body}}
}

func recordedLetter(id, sender, subject string) object {
	return object{"id": id, "type": "send_email", "config": object{"authentication_id": sender, "to": "{{ BigCommerce | Order | billing_address | email }}",
		"subject": subject, "html": "<p>{{ BigCommerce | Order | customer_message ?? \"-\" }} <a href=\"https://shop.example.com/o/{{ BigCommerce | Order | id }}\">order</a></p>"}}
}

// recordedActs has a template of every kind, in every place.
func recordedActs() object {
	return object{"trigger": trigger("shipment_created"), "steps": []object{
		{"id": "ask", "type": "send_survey", "config": object{"authentication_id": "sender", "to": "{{ BigCommerce | Order | billing_address | email }}",
			"subject":    "How was order #{{ BigCommerce | Order | id }}, {{ BigCommerce | Customer | first_name ?? \"there\" :: upper }}?",
			"message":    "<p>{{#each BigCommerce | Products}}{{ item | quantity }} x {{ item | name }}, {{/each}}{{#if BigCommerce.Order.items_total > 1}}all{{else}}one{{/if}} of it.</p>",
			"survey_url": "https://survey.example.com/s/1?lang=en", "hidden": object{"order": "{{ BigCommerce | Order | id }}", "who": "{{ BigCommerce | Order | billing_address | email }}"}, "link_text": "Tell us"}},
		{"id": "mail", "type": "send_email", "config": object{"authentication_id": "sender", "to": "{{ BigCommerce | Order | billing_address | email }}",
			"subject": "{{ BigCommerce | Order | total_inc_tax :: money }} {{ BigCommerce | Order | date_created :: date \"2 Jan 2006\" \"Europe/Berlin\" }}",
			"html":    "<p>{{ BigCommerce | Order | customer_message :: truncate 20 }} {{= upper(BigCommerce.Order.status) }}</p>", "text": "\\{{ {{ BigCommerce | Order | billing_address | city :: title :: url }}"}},
		{"id": "tell", "type": "http_request", "retry": object{"attempts": 2, "backoff": "constant", "first": "1h"}, "config": object{"method": "PUT", "url": "http://" + recordedInbox + "/tell/{{ BigCommerce | Order | id }}",
			"query": object{"city": "{{ BigCommerce | Order | billing_address | city }}"}, "headers": object{"X-Status": "{{ BigCommerce | Order | custom_status }}"}, "body_type": "json",
			"body": `{"total":{{ BigCommerce | Order | total_inc_tax }},"n":{{ BigCommerce | Order | total_inc_tax :: number 1 }},"notes":"{{ BigCommerce | Order | customer_message }}","items":{{ BigCommerce | Products }},"none":{{ BigCommerce | Order | external_id }},"at":"{{ BigCommerce | Shipment | date_created }}","event":"{{ Event | entity }}"}`}},
		{"id": "form", "type": "http_request", "config": object{"method": "POST", "url": "http://" + recordedInbox + "/form", "body_type": "form",
			"form": object{"status": "{{ Steps | tell | status }}", "amount": "{{ Steps | tell | body | amount :: number 2 }}", "name": "{{ BigCommerce | Order | billing_address | first_name :: lower :: default \"-\" }}"}}},
	}}
}

// recordedBranches decides on what a step has brought: values without a type.
func recordedBranches() object {
	conditions := []string{`Steps.tell.status == "200" and Steps.tell.body.code == 1234`, `Steps.tell.body.amount == 100.5 and Steps.tell.body.count > "99" and Steps.tell.body.ok`,
		`Steps.tell.body.when < "2026-03-02" and "b" in Steps.tell.body.list`, `Steps.tell.body.big % 10 == 3 and Steps.tell.body.deep.x.y == 1`, `Steps.tell.body.none == nil and Steps.skipped.status == nil`}
	steps := []object{recordedCall("tell", "/values", `{"order":{{ BigCommerce | Order | id }}}`),
		{"id": "size", "type": "branch", "branches": []object{
			{"name": "huge", "condition": "BigCommerce.Order.total_inc_tax > 5000", "steps": []object{recordedCall("skipped", "/huge", `{}`)}},
			{"name": "many", "condition": "BigCommerce.Order.items_total > 3", "steps": []object{{"id": "inner", "type": "branch",
				"branches": []object{{"name": "abroad", "condition": "BigCommerce.Order.billing_address.country_iso2 != \"US\"", "steps": []object{{"id": "halt", "type": "stop"}}}}, "otherwise": []object{recordedCall("home", "/home", `{}`)}}}}},
			"otherwise": []object{recordedCall("few", "/few", `{"n":{{ BigCommerce | Order | items_total }}}`)}}}
	for i, c := range conditions {
		steps = append(steps, object{"id": fmt.Sprintf("check%d", i), "type": "branch", "branches": []object{{"name": "yes", "condition": c, "steps": []object{recordedCall(fmt.Sprintf("yes%d", i), "/yes", `{}`)}}}, "otherwise": []object{}})
	}
	return object{"trigger": trigger("order_status_updated"), "steps": steps}
}

// recordedCredentials calls with every type of authentication.
func recordedCredentials() object {
	var steps []object
	for _, id := range []string{"bearer", "basic", "header", "oauth"} {
		call := recordedCall(id, "/"+id, `{"order":{{ BigCommerce | Order | id }}}`)
		call["config"].(object)["authentication_id"] = id
		steps = append(steps, call)
	}
	return object{"trigger": trigger("order_updated"), "steps": steps}
}

// recordedTroubles end, wait or hold in every way there is.
func recordedTroubles() map[string]object {
	pause := object{"id": "pause", "type": "delay", "config": object{"for": "3d"}}
	failing := recordedCall("fail", "/nobody", `{}`)
	lenient := recordedCall("fail", "/nobody", `{"again":true}`)
	lenient["on_error"] = "continue"
	hold := recordedCall("hold", "/silent", `{"order":{{ BigCommerce | Order | id }}}`)
	hold["on_unknown"] = "hold"
	busy := recordedCall("busy", "/busy", `{"order":{{ BigCommerce | Order | id }},"was":"{{ BigCommerce | Order | total_inc_tax }}"}`)
	busy["retry"] = object{"attempts": 9, "backoff": "constant", "first": "6h", "max": "6h"}
	converted := trigger("cart_converted")
	return map[string]object{
		"delays":   {"trigger": converted, "steps": []object{pause, recordedLetter("late", "sender", "Three days after order {{ BigCommerce | Order | id }}")}},
		"fails":    {"trigger": converted, "steps": []object{failing, recordedCall("never", "/never", `{}`)}},
		"forgives": {"trigger": converted, "steps": []object{lenient, recordedCall("after", "/after", `{"failed":"{{ Steps | fail | status }}"}`)}},
		"holds":    {"trigger": converted, "steps": []object{hold, recordedCall("after", "/after", `{}`)}},
		"retries":  {"trigger": converted, "steps": []object{busy, recordedCall("after", "/after", `{"status":{{ Steps | busy | status }}}`)}},
		"unsent":   {"trigger": converted, "steps": []object{recordedLetter("mail", "late-sender", "Sent late: order {{ BigCommerce | Order | id }}")}},
		"renewed":  {"trigger": converted, "steps": []object{pause, recordedCall("first", "/version-one", `{"version":1}`)}},
		"paused":   {"trigger": converted, "steps": []object{{"id": "end", "type": "stop"}}},
		"deleted":  {"trigger": converted, "steps": []object{{"id": "end", "type": "stop"}}},
		"cancels":  {"trigger": converted, "condition": "BigCommerce.Order.items_total > 2", "steps": []object{pause}},
	}
}
