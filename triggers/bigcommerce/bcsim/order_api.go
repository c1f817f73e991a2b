package bcsim

import (
	"encoding/json"
	"fmt"
)

// order finds the order of the path; nil means 404.
func (c *call) order() *order { return c.s.orders[c.id(0)] }

func (c *call) getOrder() reply {
	o := c.order()
	if o == nil {
		return v2NotFound()
	}
	object := c.query.Get("consignment_structure") == "object"
	lines := c.includes("consignments.line_items")
	consignments := object || lines || c.includes("consignments")
	if !consignments && !c.includes("fees") {
		return ok(o.json())
	}
	body := o.body
	if consignments {
		body.Consignments = encode(c.consignments(o, object || lines))
	}
	if c.includes("fees") {
		body.Fees = json.RawMessage("[]")
	}
	return ok(encode(&body))
}

func (c *call) putOrder() reply {
	o := c.order()
	if o == nil {
		return v2NotFound()
	}
	if err := c.updateOrder(o, c.body); err != nil {
		return v2Error(400, "A field of this order cannot be changed.", reason(err))
	}
	return ok(o.json())
}

func (c *call) deleteOrder() reply {
	o := c.order()
	if o == nil {
		return v2NotFound()
	}
	c.archive(o)
	return noContent()
}

// listed answers one page of an order's list; the whole list comes from the cache when no page is asked for.
func listed[T any](c *call, o *order, rows []T, cached *cache) reply {
	if o == nil {
		return v2NotFound()
	}
	if len(rows) == 0 {
		return noContent()
	}
	if c.r.URL.RawQuery == "" && len(rows) <= pageSize {
		return ok(cached.get(func() any { return rows }))
	}
	encoded := make([][]byte, len(rows))
	for i, row := range rows {
		encoded[i] = encode(row)
	}
	return c.pageV2(encoded)
}

func (c *call) listOrderProducts() reply {
	o := c.order()
	if o == nil {
		return v2NotFound()
	}
	return listed(c, o, o.products, &o.productsJSON)
}

func (c *call) getOrderProduct() reply {
	if o := c.order(); o != nil {
		if p := o.product(c.id(1)); p != nil {
			return ok(encode(p))
		}
	}
	return v2NotFound()
}

func (c *call) listCoupons() reply {
	o := c.order()
	if o == nil {
		return v2NotFound()
	}
	return listed(c, o, o.coupons, &o.couponsJSON)
}

func (c *call) listAddresses() reply {
	o := c.order()
	if o == nil {
		return v2NotFound()
	}
	return listed(c, o, o.addresses, &o.addressesJSON)
}

func (c *call) getAddress() reply {
	if o := c.order(); o != nil {
		for _, a := range o.addresses {
			if a.ID == c.id(1) {
				return ok(encode(a))
			}
		}
	}
	return v2NotFound()
}

func (c *call) getConsignments() reply {
	o := c.order()
	if o == nil {
		return v2NotFound()
	}
	return ok(encode(c.consignments(o, c.includes("line_items", "consignments.line_items"))))
}

// consignments has numbers where the rest of V2 has text. Line items are links unless asked for.
func (c *call) consignments(o *order, lines bool) obj {
	shipping := []obj{}
	for _, a := range o.addresses {
		var items any = c.s.link("/orders/%d/consignments/shipping/%d/line_items", o.body.ID, a.ID)
		if lines {
			items = o.rowsOf(func(p *orderProduct) bool { return p.AddressID == a.ID && p.Type == "physical" })
		}
		shipping = append(shipping, obj{
			{"id", a.ID}, {"first_name", a.FirstName}, {"last_name", a.LastName}, {"company", a.Company},
			{"street_1", a.Street1}, {"street_2", a.Street2}, {"city", a.City}, {"zip", a.Zip}, {"country", a.Country},
			{"country_iso2", a.CountryISO2}, {"state", a.State}, {"email", a.Email}, {"phone", a.Phone},
			{"items_total", a.ItemsTotal}, {"items_shipped", a.ItemsShipped}, {"shipping_method", a.ShippingMethod},
			{"base_cost", plain(a.BaseCost)}, {"cost_ex_tax", plain(a.CostExTax)}, {"cost_inc_tax", plain(a.CostIncTax)},
			{"cost_tax", plain(a.CostTax)}, {"cost_tax_class_id", a.CostTaxClassID},
			{"shipping_zone_id", a.ShippingZoneID}, {"shipping_zone_name", a.ShippingZoneName},
			{"line_items", items}, {"form_fields", a.FormFields},
		})
	}
	downloads := []obj{}
	if digital := o.rowsOf(func(p *orderProduct) bool { return p.Type == "digital" }); len(digital) > 0 {
		var items any = c.s.link("/orders/%d/consignments/downloads/%d/line_items", o.body.ID, o.body.ID)
		if lines {
			items = digital
		}
		downloads = append(downloads, obj{{"id", o.body.ID}, {"line_items", items}})
	}
	return obj{{"pickups", []any{}}, {"shipping", shipping}, {"downloads", downloads}, {"email", obj{{"gift_certificates", []any{}}}}}
}

func (o *order) rowsOf(want func(*orderProduct) bool) []orderProduct {
	rows := []orderProduct{}
	for i := range o.products {
		if want(&o.products[i]) {
			rows = append(rows, o.products[i])
		}
	}
	return rows
}

// plain turns a V2 amount into a JSON number.
func plain(text string) json.Number {
	m, err := parseMoney(text)
	if err != nil {
		return "0"
	}
	return m.number()
}

func (c *call) listFees() reply {
	if c.order() == nil {
		return v2NotFound()
	}
	return ok([]byte(`{"fees":[]}`))
}

// listTaxes answers one row per order: the tax of its lines and shipping together, as far as it is taxed at all.
func (c *call) listTaxes() reply {
	o := c.order()
	switch {
	case o == nil:
		return v2NotFound()
	case plain(o.body.TotalTax) == "0":
		return noContent()
	}
	addressID := 0
	if len(o.addresses) > 0 {
		addressID = o.addresses[0].ID
	}
	row := obj{
		{"id", o.body.ID}, {"order_id", o.body.ID}, {"order_address_id", addressID}, {"tax_rate_id", 1},
		{"tax_class_id", 0}, {"name", "Tax"}, {"class", "Default Tax Class"}, {"rate", o.taxRate().padded()},
		{"priority", 0}, {"priority_amount", "0.0000"}, {"line_amount", o.body.TotalTax},
	}
	if c.query.Get("details") == "true" && len(o.products) > 0 {
		row = append(row, field{"order_product_id", o.products[0].ID}, field{"line_item_type", "item"})
	}
	return ok(encode([]obj{row}))
}

// taxRate is the tax in percent of the first line, which all lines share.
func (o *order) taxRate() money {
	if len(o.products) == 0 {
		return 0
	}
	ex, err1 := parseMoney(o.products[0].PriceExTax)
	tax, err2 := parseMoney(o.products[0].PriceTax)
	if err1 != nil || err2 != nil || ex == 0 {
		return 0
	}
	return (tax * 100 * unit / ex).round(unit / 2)
}

func (c *call) listMessages() reply {
	o := c.order()
	if o == nil {
		return v2NotFound()
	}
	var rows [][]byte
	for _, m := range o.messages {
		rows = append(rows, encode(m))
	}
	return c.pageV2(rows)
}

func (c *call) postMessage() reply {
	o := c.order()
	if o == nil {
		return v2NotFound()
	}
	var in struct {
		Subject string `json:"subject"`
		Message string `json:"message"`
	}
	if err := json.Unmarshal(c.body, &in); err != nil || in.Message == "" {
		return v2Invalid("message is missing")
	}
	c.s.ids.message++
	m := orderMessage{
		ID: c.s.ids.message, OrderID: o.body.ID, StaffID: 1, CustomerID: o.body.CustomerID, Type: "merchant-note",
		Subject: in.Subject, Message: in.Message, Status: "unread", DateCreated: rfc2822(c.now),
		Customer: c.s.link("/customers/%d", o.body.CustomerID),
	}
	o.messages = append(o.messages, m)
	c.fireOrder(o, "message/created", field{"message", obj{{"order_message_id", m.ID}}})
	return created(encode(m))
}

// listTransactions derives one transaction from the order, when money has moved.
func (c *call) listTransactions() reply {
	o := c.order()
	if o == nil {
		return v3NotFound()
	}
	rows := [][]byte{}
	if status := o.body.PaymentStatus; status == "captured" || status == "authorized" || status == "refunded" {
		rows = append(rows, encode(obj{
			{"id", o.body.ID}, {"order_id", fmt.Sprint(o.body.ID)}, {"event", "purchase"}, {"method", "credit_card"},
			{"amount", plain(o.body.TotalIncTax)}, {"currency", o.body.CurrencyCode}, {"gateway", "example_gateway"},
			{"gateway_transaction_id", o.body.PaymentProviderID}, {"date_created", o.created.Format(isoOffset)},
			{"test", true}, {"status", "ok"}, {"fraud_review", false}, {"reference_transaction_id", nil},
		}))
	}
	return c.page(rows)
}

func (c *call) listRefunds() reply {
	if c.order() == nil {
		return v3NotFound()
	}
	return c.page([][]byte{})
}
