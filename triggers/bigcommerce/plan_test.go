package bigcommerce

import (
	"slices"
	"strings"
	"testing"

	"cartwheel/engine"
	"cartwheel/merge"
)

func TestPlan(t *testing.T) {
	for _, c := range []struct {
		name  string
		want  []merge.Code
		roots []string
		sets  []naming
		main  bool
	}{
		{"nothing", nil, nil, nil, false},
		{"another word", []merge.Code{"Event | id", "BigCommerce2 | Order"}, nil, nil, false},
		{"one member", []merge.Code{code(rootOrder, "id")}, []string{rootOrder}, nil, true},
		{"a name that begins alike", []merge.Code{code("Orders")}, nil, nil, false},
		{"a list of a known order", []merge.Code{code(rootCoupons)}, []string{rootCoupons}, nil, false},
		{"own customer", []merge.Code{code(rootCustomer, "email"), code(rootCustomer, "channel_ids")}, nil, []naming{v3Customer}, true},
		{"other customer", []merge.Code{code(rootCustomer, "addresses", "city")}, nil, []naming{v2Customer}, true},
		{"a name that goes on", []merge.Code{code(rootCustomer, "addresses_of")}, nil, []naming{v3Customer}, true},
		{"both customers", []merge.Code{code(rootCustomer), code(rootCustomer, "store_credit")}, nil, []naming{v3Customer, v2Customer}, true},
		{"everything", []merge.Code{merge.MakeCode(storeRoot)},
			[]string{rootOrder, rootProducts, rootAddresses, rootCoupons, rootStore, rootChannel}, []naming{v3Customer}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			row, _ := rowOf("bigcommerce.order_created")
			r := reachOf(row)
			p := r.plan(identity{order: "7"}, merge.Object{}, c.want)
			if !slices.Equal(p.roots, c.roots) || !slices.Equal(p.customers, c.sets) || p.main != c.main {
				t.Errorf("got %+v", p)
			}
		})
	}
}

// What a trigger is called follows from its scope, so that a webhook needs no table.
func TestTypesFollowScopes(t *testing.T) {
	for _, row := range events() {
		own := strings.Replace(row.scope, "store/", "store/channel/1402855/", 1)
		if triggerOf(row.scope) != row.typ || triggerOf(own) != row.typ {
			t.Errorf("%s: %s and %s, the table says %s", row.scope, triggerOf(row.scope), triggerOf(own), row.typ)
		}
	}
	for scope, want := range map[string]string{
		"store/product/updated":           "bigcommerce.product_updated",
		"store/channel/*/Cart/lineItem":   "bigcommerce.cart_line_item",
		"store/channel/12":                "bigcommerce.channel_12",
		"store/channel/settings/a/b":      "bigcommerce.channel_settings_a_b",
		"store/customer/address/metaData": "bigcommerce.customer_address_meta_data",
	} {
		if got := triggerOf(scope); got != want {
			t.Errorf("%s: %s, want %s", scope, got, want)
		}
	}
}

func BenchmarkPlan(b *testing.B) {
	row, _ := rowOf("bigcommerce.order_created")
	r := reachOf(row)
	want := []merge.Code{code(rootCustomer, "email"), code(rootOrder, "id"), code(rootOrder, "status"), code(rootOrder, "total_inc_tax")}
	b.ReportAllocs()
	for b.Loop() {
		r.plan(identity{order: "7"}, merge.Object{}, want)
	}
}

func BenchmarkEventOf(b *testing.B) {
	body, err := merge.DecodeObject([]byte(`{"store_id":"1025646","producer":"stores/k7mq2zt9ax","scope":"store/order/created","data":{"type":"order","id":251},` +
		`"hash":"dd70c0976e06b67aaf671e73f49dcb79230ebf9d","created_at":1561479335}`))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := readEvent(&engine.Event{}, body, "larkspur", "k7mq2zt9ax"); err != nil {
			b.Fatal(err)
		}
	}
}
