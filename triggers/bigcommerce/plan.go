package bigcommerce

import (
	"slices"

	"cartwheel/merge"
)

// store is the first segment of every code of this package.
const storeRoot = "BigCommerce"

func code(segments ...string) merge.Code {
	return merge.MakeCode(append([]string{storeRoot}, segments...)...)
}

// onlyIn lists the names that one of the two customer sets has alone. The other
// twelve are common, though dates are written differently (RFC 2822, ISO 8601).
func onlyIn(n naming) []string {
	if n == v2Customer {
		return []string{"accepts_marketing", "addresses", "form_fields", "reset_pass_on_login", "store_credit"}
	}
	return []string{"accepts_product_review_abandoned_cart_emails", "authentication", "channel_ids", "origin_channel_id"}
}

// other is the set that is not n.
func (n naming) other() naming {
	if n == v2Customer {
		return v3Customer
	}
	return v2Customer
}

// reach is what the merge codes of a trigger reach: made once, so that planning an event builds no codes.
type reach struct {
	row   event
	roots []merge.Code // of row.roots, in their order
	// foreign are what only the naming has that is not the trigger's own.
	foreign []merge.Code
}

func reachOf(row event) reach {
	r := reach{row: row}
	for _, root := range row.roots {
		r.roots = append(r.roots, code(root))
	}
	for _, name := range onlyIn(row.customer.other()) {
		r.foreign = append(r.foreign, code(rootCustomer, name))
	}
	return r
}

// plan says what must be read: the roots in use that are not at hand.
type plan struct {
	roots     []string // all but Customer
	customers []naming // whose sets of names are needed, the trigger's own first
	main      bool     // the main object must be read, in use or to find the others
}

// plan works out what want needs beyond have, the members of "BigCommerce" at hand.
// A code of the whole customer means the trigger's own set.
func (r *reach) plan(who identity, have merge.Object, want []merge.Code) plan {
	var p plan
	var own, other bool // the sets of the customer's names that are needed
	for i, root := range r.row.roots {
		if root == rootCustomer {
			own, other = r.sets(r.roots[i], want)
		} else if _, atHand := have.Get(root); !atHand && reached(r.roots[i], want) {
			p.roots = append(p.roots, root)
		}
	}
	customer, _ := have.Get(rootCustomer)
	known, _ := customer.(merge.Object)
	if own && !holds(known, r.row.customer) {
		p.customers = append(p.customers, r.row.customer)
	}
	if set := r.row.customer.other(); other && !holds(known, set) {
		p.customers = append(p.customers, set)
	}
	p.main = p.needsMain(r.row, who, have)
	return p
}

// sets tells which customer sets want needs.
func (r *reach) sets(customer merge.Code, want []merge.Code) (own, other bool) {
	for _, w := range want {
		switch {
		case !touches(w, customer):
		case slices.ContainsFunc(r.foreign, w.Under):
			other = true
		default:
			own = true
		}
	}
	return own, other
}

// reached tells whether want needs something of the object that root names.
func reached(root merge.Code, want []merge.Code) bool {
	return slices.ContainsFunc(want, func(w merge.Code) bool { return touches(w, root) })
}

// touches tells whether w is root, lies in it or holds it.
func touches(w, root merge.Code) bool { return w.Under(root) || root.Under(w) }

// holds tells whether o has been read in the naming n.
func holds(o merge.Object, n naming) bool {
	return slices.ContainsFunc(onlyIn(n), func(name string) bool {
		_, ok := o.Get(name)
		return ok
	})
}

// needsMain tells whether the order or the cart has to be read. Customer and
// channel are found through it, and so are an order's lists when the webhook
// does not name the order.
func (p plan) needsMain(row event, who identity, have merge.Object) bool {
	if _, atHand := have.Get(row.main); atHand {
		return false
	}
	if len(p.customers) > 0 || p.reads(row.main) || p.reads(rootChannel) || p.reads(rootCartItems) {
		return true
	}
	lists := p.reads(rootProducts) || p.reads(rootAddresses) || p.reads(rootCoupons)
	return lists && who.order == ""
}

// reads tells whether the object or list called root must be read. It knows nothing of the customer.
func (p plan) reads(root string) bool { return slices.Contains(p.roots, root) }

// nothing tells whether everything is at hand.
func (p plan) nothing() bool { return len(p.roots) == 0 && len(p.customers) == 0 && !p.main }
