package bcsim_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSeedObjectsAreServedByteForByte(t *testing.T) {
	b := setup(t)
	const options = "?include=line_items.physical_items.options,line_items.digital_items.options"
	for path, name := range map[string]string{
		"/v2/orders/4127":                      "v2_order.json",
		"/v2/orders/4131":                      "v2_order_guest.json",
		"/v2/orders/4127/products":             "v2_order_products.json",
		"/v2/orders/4127/shipments":            "v2_order_shipments.json",
		"/v2/orders/4127/shipping_addresses":   "v2_order_shipping_addresses.json",
		"/v2/customers/318":                    "v2_customer.json",
		"/v2/customers/322":                    "v2_customer_null_form_fields.json",
		"/v3/customers?id:in=318,322":          "v3_customers.json",
		"/v3/carts/" + cartIn + options:        "v3_cart_signed_in.json",
		"/v3/carts/" + cartGuest + options:     "v3_cart_guest.json",
		"/v2/orders/4127/shipments?page=1":     "v2_order_shipments.json",
		"/v2/orders/4127?include=nothing":      "v2_order.json",
		"/v3/customers?id:in=318,322&limit=50": "v3_customers.json",
	} {
		got, want := string(b.get(path).body), compact(t, file(t, "data/"+name))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s differs from %s (-want +got):\n%s", path, name, diff)
		}
	}
}

// keys lists the keys of a JSON value in wire order, nested ones with their path; arrays count as their first row.
func keys(t *testing.T, raw []byte) []string {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(raw))
	var out []string
	var walk func(path string)
	walk = func(path string) {
		token, err := d.Token()
		if err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		switch token {
		case json.Delim('{'):
			for d.More() {
				key, err := d.Token()
				if err != nil {
					t.Fatal(err)
				}
				at := path + "." + fmt.Sprint(key)
				out = append(out, at)
				walk(at)
			}
			_, _ = d.Token()
		case json.Delim('['):
			for d.More() {
				walk(path + "[]")
			}
			_, _ = d.Token()
		}
	}
	walk("")
	seen, unique := map[string]bool{}, out[:0]
	for _, key := range out {
		if !seen[key] {
			unique = append(unique, key)
		}
		seen[key] = true
	}
	return unique
}

// outer keeps the keys that do not depend on what lists happen to hold.
func outer(all []string, lists ...string) []string {
	var out []string
	for _, key := range all {
		keep := true
		for _, list := range lists {
			keep = keep && !strings.HasPrefix(key, list+"[]")
		}
		if keep {
			out = append(out, key)
		}
	}
	return out
}

func TestGeneratedObjectsHaveTheKeysOfTheSamplesInTheirOrder(t *testing.T) {
	b := setup(t)
	var order, ship int
	var customer int
	for _, o := range b.store.Orders() {
		if o.ID > 4131 && len(o.Shipments) > 0 && o.CustomerID > 322 {
			order, ship, customer = o.ID, o.Shipments[0], o.CustomerID
		}
	}
	carts := b.store.Carts()
	path := func(format string, args ...any) string { return fmt.Sprintf(format, args...) }
	tests := []struct {
		path, sample string
		lists        []string
	}{
		{path("/v2/orders/%d", order), "v2_order.json", []string{".billing_address.form_fields"}},
		{path("/v2/orders/%d/products", order), "v2_order_products.json", []string{"[].applied_discounts", "[].product_options"}},
		{path("/v2/orders/%d/shipments", order), "v2_order_shipments.json", nil},
		{path("/v2/orders/%d/shipping_addresses", order), "v2_order_shipping_addresses.json", []string{"[].form_fields"}},
		{path("/v2/customers/%d", customer), "v2_customer.json", []string{".form_fields"}},
		{path("/v3/customers?id:in=%d", customer), "v3_customers.json", []string{".data[].channel_ids"}},
		{path("/v3/carts/%s", carts[len(carts)-1].ID), "v3_cart_guest.json", []string{
			".data.line_items.physical_items", ".data.line_items.digital_items", ".data.discounts",
		}},
	}
	for _, test := range tests {
		got := outer(keys(t, b.want(200, "GET", test.path, nil).body), test.lists...)
		want := outer(keys(t, file(t, "data/"+test.sample)), test.lists...)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s against %s (-want +got):\n%s", test.path, test.sample, diff)
		}
	}
	single := keys(t, b.get(path("/v2/orders/%d/shipments/%d", order, ship)).body)
	if len(single) == 0 || single[0] != ".id" {
		t.Errorf("a single shipment is not an object: %v", single)
	}
}

func TestAnOrderHas74Keys(t *testing.T) {
	b := setup(t)
	var body map[string]json.RawMessage
	b.get("/v2/orders/4127").into(t, &body)
	if len(body) != 74 {
		t.Errorf("got %d keys, want 74", len(body))
	}
}

func TestCartOptionsComeOnlyWithInclude(t *testing.T) {
	b := setup(t)
	for _, test := range []struct {
		query string
		want  bool
	}{{"", false}, {"?include=line_items.physical_items.options", true}, {"?include=line_items.digital_items.options", false}} {
		got := strings.Contains(string(b.get("/v3/carts/"+cartIn+test.query).body), `"options"`)
		if got != test.want {
			t.Errorf("%q: options %v, want %v", test.query, got, test.want)
		}
	}
}

func TestErrorsHaveTheDocumentedShapes(t *testing.T) {
	var samples []struct {
		Case   string
		Status int
		Body   json.RawMessage
	}
	if err := json.Unmarshal(file(t, "testdata/errors.json"), &samples); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, s := range samples {
		want[s.Case] = fmt.Sprint(s.Status, " ", compact(t, s.Body))
	}
	b := setup(t)
	id := b.hook("store/order/created", hookURL)
	check := func(name string, got answer) {
		t.Helper()
		if text := fmt.Sprint(got.status, " ", string(got.body)); text != want[name] {
			t.Errorf("%s\n got %s\nwant %s", name, text, want[name])
		}
	}
	check("v2_not_found", b.get("/v2/orders/1"))
	check("v2_bad_request_with_details", b.do("PUT", "/v2/orders/4127", `{"status_id":99}`))
	check("v3_cart_gone", b.get("/v3/carts/f17b117a-ff2c-4af8-be49-7d7c7d99932d"))
	check("v3_unprocessable", b.do("POST", "/v3/hooks", `{"scope":"store/order/created"}`))
	check("v3_empty_hook_update", b.do("PUT", fmt.Sprintf("/v3/hooks/%d", id), `{}`))
	check("v3_empty_list", b.get("/v3/hooks?scope=store/cart/created"))
	if got := b.get("/v2/orders?customer_id=999999"); got.status != 204 || len(got.body) != 0 {
		t.Errorf("empty V2 list: got %d %q, want 204 without a body", got.status, got.body)
	}
	b.token = "wrong"
	check("v3_bad_token", b.get("/v2/store"))
}
