package bigcommerce

import (
	"slices"
	"testing"

	"cartwheel/merge"
)

func TestEveryObjectThatIsNotThereHasAReason(t *testing.T) {
	all := []string{rootOrder, rootCustomer, rootShipment, rootProducts, rootAddresses, rootCoupons, rootCart, rootCartItems, rootStore, rootChannel}
	for _, row := range events() {
		trigger := newTrigger(nil, row)
		for _, root := range all {
			if slices.Contains(row.roots, root) {
				continue
			}
			if trigger.Lacks(code(root)) == "" {
				t.Errorf("%s does not say why it lacks %s", row.typ, root)
			}
		}
	}
}

func TestAGuestIsNoCustomerThatNobodyRead(t *testing.T) {
	cases := []struct {
		name, values string
		root         merge.Code
		want         bool
	}{
		{"guest", `{"BigCommerce":{"Order":{"customer_id":0}}}`, code(rootCustomer), true},
		{"null", `{"BigCommerce":{"Order":{"customer_id":null}}}`, code(rootCustomer), true},
		{"customer", `{"BigCommerce":{"Order":{"customer_id":7}}}`, code(rootCustomer), false},
		{"no order", `{"BigCommerce":{}}`, code(rootCustomer), false},
		{"another root", `{"BigCommerce":{"Order":{"customer_id":0}}}`, code(rootStore), false},
	}
	order, _ := rowOf("bigcommerce.order_created")
	for _, c := range cases {
		values, err := merge.DecodeObject([]byte(c.values))
		if err != nil {
			t.Fatal(err)
		}
		if got := newTrigger(nil, order).Absent(values, c.root); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// A word for a member that no catalogue has is a slip, or the member was renamed.
func TestSynonymsBelongToMembers(t *testing.T) {
	known := map[string]bool{}
	var collect func([]merge.Entry)
	collect = func(entries []merge.Entry) {
		for _, e := range entries {
			for _, segment := range e.Code.Segments() {
				known[segment] = true
			}
			collect(e.Items)
		}
	}
	for _, row := range events() {
		entries := catalogOf(row).Entries()
		collect(entries)
		for _, e := range entries {
			if e.Code == code(rootOrder, "billing_address", "zip") && !slices.Contains(e.Synonyms, "postcode") {
				t.Errorf("%s: postcode does not find %s", row.typ, e.Code)
			}
		}
	}
	for name := range synonyms() {
		if !known[name] {
			t.Errorf("there is no member %s", name)
		}
	}
}
