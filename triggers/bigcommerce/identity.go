package bigcommerce

import (
	"encoding/json"
	"strings"

	"cartwheel/merge"
)

// identity holds the ids that a webhook's data gives; "" where it gives none.
type identity struct {
	order, shipment, cart, customer string
}

// identify reads the ids out of data. Their names differ: a cart is id in
// store/cart/…, cart_id in a channel's own scopes and cartId at a line item; a
// customer address event carries the address as its id.
func identify(scope string, data merge.Object) identity {
	family, topic, _ := strings.Cut(pathOf(scope), "/")
	topic, _, _ = strings.Cut(topic, "/")
	who := identity{
		order:    first(data, "order_id", "orderId"),
		cart:     first(data, "cart_id", "cartId"),
		customer: first(data, "customer_id", "customerId"),
	}
	// In scopes of a metafield, resource_id names what it belongs to.
	own := first(data, "id", "resource_id")
	switch {
	case family == "order" && who.order == "":
		who.order = own
	case family == "shipment":
		who.shipment = own
	case family == "cart" && who.cart == "":
		who.cart = own
	case family == "customer" && topic == "address":
		address, _ := data.Get("address")
		if object, ok := address.(merge.Object); ok {
			who.customer = first(object, "customer_id")
		}
	case family == "customer" && who.customer == "":
		who.customer = own
	}
	return who
}

// entityOf names what an event is about; events of one entity are decided in order.
func entityOf(scope string, data merge.Object) string {
	who := identify(scope, data)
	family, _, _ := strings.Cut(pathOf(scope), "/")
	switch {
	case family == "cart" && who.cart != "":
		return "cart/" + who.cart
	case (family == "order" || family == "shipment" || family == "cart") && who.order != "":
		return "order/" + who.order
	case family == "customer" && who.customer != "":
		return "customer/" + who.customer
	}
	kind, id := first(data, "type"), first(data, "id")
	if strings.HasPrefix(scope, "store/customer/address/") {
		kind = "customer_address"
	}
	if kind != "" && id != "" {
		return kind + "/" + id
	}
	return scope
}

// first returns the first of the members that holds an id.
func first(o merge.Object, names ...string) string {
	for _, name := range names {
		v, _ := o.Get(name)
		if id := idText(v); id != "" {
			return id
		}
	}
	return ""
}

const maxID = 64 // bytes; a UUID has 36

// idText reads an id, which may be a number or a text; "" for 0 and for what no
// id looks like, so that it can stand in a path as it is.
func idText(v any) string {
	var s string
	switch v := v.(type) {
	case json.Number:
		s = v.String()
	case string:
		s = v
	}
	strange := func(r rune) bool { return !strings.ContainsRune(idLetters, r) }
	if s == "0" || len(s) > maxID || strings.ContainsFunc(s, strange) {
		return ""
	}
	return s
}

const idLetters = "0123456789-_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
