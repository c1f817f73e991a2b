package bigcommerce

import (
	"slices"
	"strings"
	"unicode"
)

// naming is one of the two sets of names that the store has for a customer.
type naming string

const (
	v2Customer naming = "v2" // GET /v2/customers/{id}
	v3Customer naming = "v3" // GET /v3/customers?id:in=
)

// The roots: objects and lists below "BigCommerce" in merge codes.
const (
	rootOrder     = "Order"
	rootCustomer  = "Customer"
	rootShipment  = "Shipment"
	rootProducts  = "Products"
	rootAddresses = "Shipping_addresses"
	rootCoupons   = "Coupons"
	rootCart      = "Cart"
	rootCartItems = "Cart_items"
	rootStore     = "Store"
	rootChannel   = "Channel"
)

// event is one row of the table.
type event struct {
	typ     string
	title   string
	summary string
	scope   string // what the store calls it
	subject string // what the webhook's id names: order, shipment or cart
	main    string // the root that leads to customer and channel
	// customer is the naming that wins where both have a name. The first three
	// rows follow the published lists of merge codes. The order triggers have no
	// list; they take V3, the set that the store still extends.
	customer naming
	roots    []string
}

// events is THE TABLE. A new trigger on orders or carts is one more row.
func events() []event {
	order := []string{rootOrder, rootCustomer, rootProducts, rootAddresses, rootCoupons, rootStore, rootChannel}
	shipment := slices.Insert(slices.Clone(order), 2, rootShipment)
	cart := []string{rootCart, rootCustomer, rootCartItems, rootStore, rootChannel}
	return []event{
		{"bigcommerce.shipment_created", "Shipment created", "Starts when a shipment was added to an order, by hand or by an app.",
			"store/shipment/created", "shipment", rootOrder, v3Customer, shipment},
		{"bigcommerce.cart_converted", "Cart converted", "Starts when a shopper's cart became an order.",
			"store/cart/converted", "cart", rootOrder, v2Customer, order},
		{"bigcommerce.cart_abandoned", "Cart abandoned", "Starts when a cart was left alone for an hour.",
			"store/cart/abandoned", "cart", rootCart, v2Customer, cart},
		{"bigcommerce.order_created", "Order created", "Starts when an order was made; also for incomplete and unpaid ones, so look at its status.",
			"store/order/created", "order", rootOrder, v3Customer, order},
		{"bigcommerce.order_updated", "Order updated", "Starts when anything about an order was changed.",
			"store/order/updated", "order", rootOrder, v3Customer, order},
		{"bigcommerce.order_status_updated", "Order status updated", "Starts when an order got another status.",
			"store/order/statusUpdated", "order", rootOrder, v3Customer, order},
	}
}

// rowOf finds the row of a trigger.
func rowOf(typ string) (event, bool) {
	rows := events()
	i := slices.IndexFunc(rows, func(e event) bool { return e.typ == typ })
	if i < 0 {
		return event{}, false
	}
	return rows[i], true
}

// pathOf is the scope without its first word and, in a channel's own scope,
// without the channel: both "store/cart/converted" and
// "store/channel/1402855/cart/converted" are "cart/converted".
func pathOf(scope string) string {
	path := strings.TrimPrefix(scope, "store/")
	if rest, ok := strings.CutPrefix(path, "channel/"); ok {
		if id, own, more := strings.Cut(rest, "/"); more && isChannel(id) {
			return own
		}
	}
	return path
}

// isChannel tells whether a part of a scope is a channel's id. Some scopes hold a literal *.
func isChannel(part string) bool {
	return part == "*" || part != "" && strings.Trim(part, "0123456789") == ""
}

// triggerOf names the trigger of a scope by the scope's words, so that what no
// row knows can be stored too ("store/product/updated": bigcommerce.product_updated).
// The types in the table are made in the same way.
func triggerOf(scope string) string {
	var b strings.Builder
	b.WriteString("bigcommerce.")
	begins := true
	for _, r := range pathOf(scope) {
		switch {
		case r == '/':
			b.WriteByte('_')
		case unicode.IsUpper(r): // statusUpdated: status_updated
			if !begins {
				b.WriteByte('_')
			}
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteRune(r)
		}
		begins = r == '/'
	}
	return b.String()
}
