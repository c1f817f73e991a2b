package bcsim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// change collects the events of one alteration of the data; they are sent when the store's lock is free again.
type change struct {
	s      *Store
	now    time.Time
	events []event
}

// act runs f under the write lock and then sends the events, unless f failed.
func (s *Store) act(f func(c *change) error) error {
	c := &change{s: s, now: s.clock()}
	err := func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		return f(c)
	}()
	if err == nil {
		s.fire(c.events)
	}
	return err
}

func (c *change) fire(scope string, data any) {
	c.events = append(c.events, event{scope: scope, data: data})
}

// fireOrder fires store/order/{name} and its channel-scoped twin.
func (c *change) fireOrder(o *order, name string, extra ...field) {
	c.fire("store/order/"+name, append(obj{{"type", "order"}, {"id", o.body.ID}}, extra...))
	c.fire(fmt.Sprintf("store/channel/%d/order/%s", o.body.ChannelID, name), obj{{"order_id", o.body.ID}})
}

// fireCart fires store/cart/{name} and its channel-scoped twin, which holds the cart's id only.
func (c *change) fireCart(id string, channelID int, name string, extra ...field) {
	c.fire("store/cart/"+name, append(obj{{"type", "cart"}, {"id", id}}, extra...))
	c.fire(fmt.Sprintf("store/channel/%d/cart/%s", channelID, name), obj{{"cart_id", id}})
}

// touch marks an order as changed now.
func (c *change) touch(o *order) {
	o.modified = c.now.Truncate(time.Second)
	o.body.DateModified = rfc2822(c.now)
	o.drop()
}

// setStatus changes the status and fires order/updated and, if it is another one, order/statusUpdated.
func (c *change) setStatus(o *order, id int) {
	previous := o.body.StatusID
	o.body.StatusID, o.body.Status, o.body.CustomStatus = id, statusNames[id], statusLabel(id)
	c.touch(o)
	c.fireOrder(o, "updated")
	if previous != id {
		c.fireOrder(o, "statusUpdated",
			field{"status", obj{{"previous_status_id", previous}, {"new_status_id", id}}})
	}
}

// SetStatus changes an order's status. ErrRefused: the status does not exist.
func (s *Store) SetStatus(orderID, statusID int) error {
	return s.act(func(c *change) error {
		o := s.orders[orderID]
		if o == nil {
			return notFound("order", orderID)
		}
		if _, known := statusNames[statusID]; !known {
			return refused("status_id %d is not a known status", statusID)
		}
		c.setStatus(o, statusID)
		return nil
	})
}

// UpdateOrder sets fields as PUT /v2/orders/{id} does: {"staff_notes": "..."}. It fires order/updated.
func (s *Store) UpdateOrder(orderID int, fields map[string]any) error {
	return s.act(func(c *change) error {
		o := s.orders[orderID]
		if o == nil {
			return notFound("order", orderID)
		}
		return c.updateOrder(o, encode(fields))
	})
}

// ArchiveOrder sets is_deleted and fires order/archived. GET by id still finds the order, the list does not.
func (s *Store) ArchiveOrder(orderID int) error {
	return s.act(func(c *change) error {
		o := s.orders[orderID]
		if o == nil {
			return notFound("order", orderID)
		}
		c.archive(o)
		return nil
	})
}

func (c *change) archive(o *order) {
	o.body.IsDeleted = true
	c.touch(o)
	c.fireOrder(o, "archived")
}

// writable lists what PUT /v2/orders/{id} may set; true marks amounts, which may come as numbers.
var writable = map[string]bool{
	"base_handling_cost": true, "base_shipping_cost": true, "base_wrapping_cost": true, "billing_address": false,
	"channel_id": false, "consignments": false, "customer_id": false, "customer_message": false, "customer_locale": false,
	"date_created": false, "discount_amount": true, "ebay_order_id": false, "external_merchant_id": false,
	"external_order_id": false, "external_source": false, "geoip_country": false, "geoip_country_iso2": false,
	"handling_cost_ex_tax": true, "handling_cost_inc_tax": true, "ip_address": false, "ip_address_v6": false,
	"is_deleted": false, "items_shipped": false, "items_total": false, "order_is_digital": false, "payment_method": false,
	"payment_provider_id": false, "products": false, "refunded_amount": true, "shipping_cost_ex_tax": true,
	"shipping_cost_inc_tax": true, "staff_notes": false, "shipping_addresses": false, "status_id": false,
	"subtotal_ex_tax": true, "subtotal_inc_tax": true, "total_ex_tax": true, "total_inc_tax": true,
	"wrapping_cost_ex_tax": true, "wrapping_cost_inc_tax": true, "fees": false,
}

// together lists amounts that must be set in pairs.
var together = [][2]string{
	{"shipping_cost_ex_tax", "shipping_cost_inc_tax"}, {"subtotal_ex_tax", "subtotal_inc_tax"},
	{"total_ex_tax", "total_inc_tax"}, {"wrapping_cost_ex_tax", "wrapping_cost_inc_tax"},
}

// updateOrder applies a PUT body. Like the store it clears the discounts of an order whose products are sent.
func (c *change) updateOrder(o *order, body []byte) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil || len(fields) == 0 {
		return refused("the body is not a JSON object with fields")
	}
	if err := checkFields(o, fields); err != nil {
		return err
	}
	next := o.body
	billing := make([]formField, 0)
	if next.BillingAddress.FormFields != nil {
		billing = append(billing, *next.BillingAddress.FormFields...)
	}
	next.BillingAddress.FormFields = &billing // Unmarshal must not reach the old ones
	if next.ExternalSource != nil {
		next.ExternalSource = ptr(*next.ExternalSource)
	}
	status, archived, products := next.StatusID, next.IsDeleted, fields["products"]
	for _, name := range []string{"products", "consignments", "shipping_addresses", "fees"} {
		delete(fields, name)
	}
	if err := json.Unmarshal(encode(fields), &next); err != nil {
		return refused("a field has the wrong type: %v", err)
	}
	newStatus := next.StatusID
	if _, known := statusNames[newStatus]; !known {
		return refused("status_id is not a known status")
	}
	next.StatusID = status
	made, err := parseTime(next.DateCreated)
	if err != nil {
		return refused("date_created: %v", err)
	}
	next.DateCreated = rfc2822(made)
	if products != nil {
		if err := o.putProducts(products, &next); err != nil {
			return err
		}
	}
	o.created = made.UTC()
	o.body = next
	if next.IsDeleted && !archived {
		c.archive(o)
		return nil
	}
	c.setStatus(o, newStatus)
	return nil
}

// checkFields refuses read-only and unknown fields and writes amounts as text.
func checkFields(o *order, fields map[string]json.RawMessage) error {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		amount, allowed := writable[name]
		switch {
		case !allowed:
			return refused("%s is read-only or not a field of an order", name)
		case name == "external_merchant_id" && o.body.ExternalMerchantID != nil:
			return refused("external_merchant_id can be set only once")
		case amount && !strings.HasPrefix(string(fields[name]), `"`):
			fields[name] = json.RawMessage(strconv.Quote(string(fields[name])))
		}
		if amount {
			text := strings.Trim(string(fields[name]), `"`)
			value, err := parseMoney(text)
			if err != nil {
				return refused("%s: %v", name, err)
			}
			fields[name] = encode(value.padded())
		}
	}
	for _, pair := range together {
		if (fields[pair[0]] == nil) != (fields[pair[1]] == nil) {
			return refused("%s and %s must be set together", pair[0], pair[1])
		}
	}
	return nil
}

// putProducts changes quantities and clears the discounts and promotions, the trap of sending products.
func (o *order) putProducts(raw json.RawMessage, next *orderBody) error {
	var rows []struct {
		ID       int  `json:"id"`
		Quantity *int `json:"quantity"`
	}
	if err := json.Unmarshal(raw, &rows); err != nil {
		return refused("products is not a list of products")
	}
	for _, row := range rows {
		if o.product(row.ID) == nil || row.Quantity != nil && *row.Quantity < 0 {
			return refused("products: id %d is not a product of this order, or its quantity is negative", row.ID)
		}
	}
	for _, row := range rows {
		p := o.product(row.ID)
		if row.Quantity != nil {
			next.ItemsTotal += *row.Quantity - p.Quantity
			p.Quantity = *row.Quantity
		}
		p.AppliedDiscounts, p.DiscountedTotal = []appliedDiscount{}, p.TotalIncTax
	}
	next.DiscountAmount, next.CouponDiscount = "0.0000", "0.0000"
	return nil
}
