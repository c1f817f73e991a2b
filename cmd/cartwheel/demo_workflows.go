package main

import (
	"bytes"
	"encoding/json"
	"strings"

	"cartwheel/engine"
)

// demoParts are what the ready-made workflows work with: ids of authentications, and where HTTP calls go.
type demoParts struct {
	store, mail, inbox string
	inboxURL           string // without a final slash
}

// demoWorkflow is a ready-made workflow.
type demoWorkflow struct {
	id         string
	definition engine.Definition
}

// demoWorkflows are the five ready-made workflows.
func demoWorkflows(p demoParts) []demoWorkflow {
	return []demoWorkflow{
		{"post-shipment-survey", postShipmentSurvey(p)},
		{"high-value-order", highValueOrder(p)},
		{"abandoned-cart-reminder", abandonedCartReminder(p)},
		{"cart-converted-thanks", cartConvertedThanks(p)},
		{"placed-order", placedOrder(p)},
	}
}

// postShipmentSurvey asks once per order, however many parcels it takes. The
// hidden values reach the survey as URL parameters, which survey tools call URL
// variables or hidden fields.
func postShipmentSurvey(p demoParts) engine.Definition {
	return engine.Definition{
		Name:      "Survey after shipment",
		Trigger:   engine.TriggerRef{Type: "bigcommerce.shipment_created", AuthenticationID: p.store},
		OncePer:   "order",
		Condition: `not is_empty(BigCommerce.Order.billing_address.email)`,
		Steps: []engine.Step{{ID: "ask", Type: "send_survey", Config: stepConfig(map[string]any{
			"authentication_id": p.mail,
			"to":                `{{ BigCommerce | Order | billing_address | email }}`,
			"subject":           `How was order #{{ BigCommerce | Order | id }}?`,
			"message": text(`
				<p>Hi {{ BigCommerce | Customer | first_name ?? BigCommerce | Order | billing_address | first_name ?? "there" }},</p>
				<p>your order #{{ BigCommerce | Order | id }} of {{ BigCommerce | Order | date_created :: date "2 January 2006" "UTC" }} is on its way:</p>
				<ul>{{#each BigCommerce | Products}}<li>{{ item | quantity }} × {{ item | name }}</li>{{/each}}</ul>
				<p>Would you tell us how we did? It takes a minute.</p>`),
			"survey_url": "https://survey.example.com/s3/1234567/After-shipment",
			"hidden": map[string]string{
				"order":    `{{ BigCommerce | Order | id }}`,
				"email":    `{{ BigCommerce | Order | billing_address | email }}`,
				"name":     `{{ BigCommerce | Customer | first_name ?? BigCommerce | Order | billing_address | first_name }}`,
				"shipment": `{{ BigCommerce | Shipment | id }}`,
				"country":  `{{ BigCommerce | Order | billing_address | country_iso2 }}`,
			},
			"link_text": "Tell us",
		})}},
	}
}

// highValueOrder looks at dollars only: 500 yen are not much.
func highValueOrder(p demoParts) engine.Definition {
	return engine.Definition{
		Name:      "Alert for a high-value order",
		Trigger:   engine.TriggerRef{Type: "bigcommerce.order_created", AuthenticationID: p.store},
		Condition: `BigCommerce.Order.status_id != 0 && BigCommerce.Order.currency_code == "USD" && BigCommerce.Order.total_inc_tax > 500`,
		Steps: []engine.Step{{ID: "alert", Type: "http_request", Config: stepConfig(map[string]any{
			"authentication_id": p.inbox,
			"method":            "POST",
			"url":               p.inboxURL + "/alerts",
			"body_type":         "json",
			"body": text(`
				{
				  "text": "Order #{{ BigCommerce | Order | id }} over {{ BigCommerce | Order | total_inc_tax :: money }} from {{ BigCommerce | Order | billing_address | city }}",
				  "order_id": {{ BigCommerce | Order | id }},
				  "guest": {{= BigCommerce.Order.customer_id == 0 }},
				  "total": {{ BigCommerce | Order | total_inc_tax :: number 2 }}
				}`),
		})}},
	}
}

// abandonedCartReminder writes only to who left an address: many guests do not.
func abandonedCartReminder(p demoParts) engine.Definition {
	return engine.Definition{
		Name:      "Reminder of an abandoned cart",
		Trigger:   engine.TriggerRef{Type: "bigcommerce.cart_abandoned", AuthenticationID: p.store},
		OncePer:   "cart",
		Condition: `not is_empty(BigCommerce.Cart.email)`,
		Steps: []engine.Step{{ID: "remind", Type: "send_email", Config: stepConfig(map[string]any{
			"authentication_id": p.mail,
			"to":                `{{ BigCommerce | Cart | email }}`,
			"subject":           `You left {{= len(BigCommerce.Cart_items) == 1 ? "something" : "a few things" }} in your cart`,
			"html": text(`
				<p>Hi {{ BigCommerce | Customer | first_name ?? "there" }},</p>
				<p>your cart is still waiting for you:</p>
				<ul>{{#each BigCommerce | Cart_items}}<li>{{ item | quantity }} × <a href="{{ item | url }}">{{ item | name }}</a>, {{ item | extended_sale_price :: money }}</li>{{/each}}</ul>
				<p>Together: {{ BigCommerce | Cart | cart_amount :: money }}</p>`),
		})}},
	}
}

// cartConvertedThanks reads the order: the cart is gone when the webhook comes.
func cartConvertedThanks(p demoParts) engine.Definition {
	return engine.Definition{
		Name:    "Thank-you for a converted cart",
		Trigger: engine.TriggerRef{Type: "bigcommerce.cart_converted", AuthenticationID: p.store},
		OncePer: "order",
		Steps: []engine.Step{{ID: "thank", Type: "send_email", Config: stepConfig(map[string]any{
			"authentication_id": p.mail,
			"to":                `{{ BigCommerce | Order | billing_address | email }}`,
			"subject":           `Thank you for order #{{ BigCommerce | Order | id }}`,
			"html": text(`
				<p>Dear {{ BigCommerce | Order | billing_address | first_name ?? "shopper" }},</p>
				<p>thank you! You ordered {{ BigCommerce | Order | items_total }} item{{#if BigCommerce.Order.items_total != 1}}s{{/if}}
				for {{ BigCommerce | Order | total_inc_tax :: money }}.</p>
				{{#if BigCommerce.Order.customer_id == 0}}<p>You ordered as a guest. With an account you would see where your parcel is.</p>{{/if}}`),
		})}},
	}
}

// placedOrder hands a whole order to any URL, such as a data warehouse's.
func placedOrder(p demoParts) engine.Definition {
	return engine.Definition{
		Name:      "Placed Order",
		Trigger:   engine.TriggerRef{Type: "bigcommerce.order_created", AuthenticationID: p.store},
		Condition: `BigCommerce.Order.status_id != 0`,
		Steps: []engine.Step{{ID: "post", Type: "http_request", Config: stepConfig(map[string]any{
			"authentication_id": p.inbox,
			"method":            "POST",
			"url":               p.inboxURL + "/orders",
			"body_type":         "json",
			"body": text(`
				{
				  "event": "Placed Order",
				  "id": {{ BigCommerce | Order | id }},
				  "placed_at": "{{ BigCommerce | Order | date_created :: date "2006-01-02T15:04:05Z07:00" "UTC" }}",
				  "status": "{{ BigCommerce | Order | status }}",
				  "channel_id": {{ BigCommerce | Order | channel_id }},
				  "source": "{{ BigCommerce | Order | order_source }}",
				  "customer": {
				    "id": {{ BigCommerce | Order | customer_id }},
				    "email": "{{ BigCommerce | Order | billing_address | email }}",
				    "first_name": "{{ BigCommerce | Order | billing_address | first_name }}",
				    "last_name": "{{ BigCommerce | Order | billing_address | last_name }}",
				    "country": "{{ BigCommerce | Order | billing_address | country_iso2 }}"
				  },
				  "currency": "{{ BigCommerce | Order | currency_code }}",
				  "subtotal": {{ BigCommerce | Order | subtotal_ex_tax :: number 2 }},
				  "shipping": {{ BigCommerce | Order | shipping_cost_ex_tax :: number 2 }},
				  "discount": {{ BigCommerce | Order | discount_amount :: number 2 }},
				  "tax": {{ BigCommerce | Order | total_tax :: number 2 }},
				  "total": {{ BigCommerce | Order | total_inc_tax :: number 2 }},
				  "items": {{= map(BigCommerce.Products, ({"sku": .sku, "name": .name, "quantity": .quantity, "total": .total_inc_tax})) }}
				}`),
		})}},
	}
}

// stepConfig writes a step's config. Markup stays readable: nothing is escaped but what JSON asks for.
func stepConfig(fields map[string]any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(fields); err != nil {
		panic("demo: " + err.Error()) // texts only: our own mistake
	}
	return bytes.TrimSpace(b.Bytes())
}

// text takes the indentation of Go source out of a text.
func text(s string) string {
	return strings.ReplaceAll(strings.TrimPrefix(s, "\n\t\t\t\t"), "\n\t\t\t\t", "\n")
}
