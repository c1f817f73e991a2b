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

// plan says what must be read: the roots in use that are not at hand.
type plan struct {
	roots     map[string]bool // all but Customer
	customers []naming        // whose sets of names are needed, the trigger's own first
	main      bool            // the main object must be read, in use or to find the others
}

// planFor works out what want needs beyond have, the members of "BigCommerce" at hand.
// A code of the whole customer means the trigger's own set.
func planFor(row event, who identity, have merge.Object, want []merge.Code) plan {
	p := plan{roots: map[string]bool{}}
	needed := map[naming]bool{}
	for _, root := range row.roots {
		_, atHand := have.Get(root)
		for _, w := range want {
			switch in := w.Under(code(root)); {
			case root == rootCustomer && (in || code(root).Under(w)):
				needed[setOf(row, w)] = true
			case !atHand && (in || code(root).Under(w)):
				p.roots[root] = true
			}
		}
	}
	customer, _ := have.Get(rootCustomer)
	known, _ := customer.(merge.Object)
	for _, set := range []naming{row.customer, row.customer.other()} {
		if needed[set] && !holds(known, set) {
			p.customers = append(p.customers, set)
		}
	}
	p.main = p.needsMain(row, who, have)
	return p
}

// setOf tells which customer set the code w needs.
func setOf(row event, w merge.Code) naming {
	segments := w.Segments()
	if len(segments) > 2 && slices.Contains(onlyIn(row.customer.other()), segments[2]) {
		return row.customer.other()
	}
	return row.customer
}

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
	if p.roots[row.main] || len(p.customers) > 0 || p.roots[rootChannel] || p.roots[rootCartItems] {
		return true
	}
	lists := p.roots[rootProducts] || p.roots[rootAddresses] || p.roots[rootCoupons]
	return lists && who.order == ""
}

// nothing tells whether everything is at hand.
func (p plan) nothing() bool { return len(p.roots) == 0 && len(p.customers) == 0 && !p.main }
