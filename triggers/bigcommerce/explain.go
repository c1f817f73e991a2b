package bigcommerce

import (
	"encoding/json"

	"cartwheel/engine"
	"cartwheel/merge"
)

var (
	_ engine.Explainer = (*Trigger)(nil)
	_ engine.Absenter  = (*Trigger)(nil)
)

// Lacks says why an object that other triggers have is not there.
func (t *Trigger) Lacks(root merge.Code) string {
	switch {
	case root == code(rootShipment):
		if t.row.main == rootCart {
			return "A cart has no shipments: they begin when it has become an order."
		}
		return "The store does not say which shipment this is about. Start the workflow from Shipment created."
	case (root == code(rootCart) || root == code(rootCartItems)) && t.row.subject == "cart":
		return "The store deletes a cart when it becomes an order. Take the order's codes, Order and Products."
	case root == code(rootCart) || root == code(rootCartItems):
		return "This is about an order, and its cart is gone by then. Take the order's codes, Order and Products."
	case t.row.main == rootCart:
		return "A cart that was left alone has not become an order. Take the cart's codes, Cart and Cart_items."
	default:
		return ""
	}
}

// Absent tells a guest, who has no customer, from a customer that nobody read.
func (t *Trigger) Absent(values merge.Object, root merge.Code) bool {
	if root != code(rootCustomer) {
		return false
	}
	id, ok := values.Lookup(code(t.row.main, "customer_id"))
	number, isNumber := id.(json.Number)
	return ok && (id == nil || isNumber && number == "0")
}
