package bigcommerce_test

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"cartwheel/engine"
	"cartwheel/engine/cond"
	"cartwheel/merge"
	"cartwheel/triggers/bigcommerce"
)

// published are the lists of merge codes by trigger, which must come out exactly.
func published(t *testing.T) map[string][]merge.Code {
	t.Helper()
	raw, err := os.ReadFile("testdata/merge_codes.json")
	if err != nil {
		t.Fatal(err)
	}
	var lists map[string][]merge.Code
	if err := json.Unmarshal(raw, &lists); err != nil {
		t.Fatal(err)
	}
	return lists
}

func catalog(t *testing.T, typ string) merge.Catalog {
	t.Helper()
	c, err := trigger(t, client(&store{}, newClock()), typ).Catalog(nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCatalogListsEveryPublishedCode(t *testing.T) {
	sizes := map[string]int{"bigcommerce.cart_abandoned": 30, "bigcommerce.cart_converted": 106, "bigcommerce.shipment_created": 104}
	lists := published(t)
	if len(lists) != len(sizes) {
		t.Fatalf("got %d lists, want %d", len(lists), len(sizes))
	}
	for typ, list := range lists {
		if len(list) != sizes[typ] {
			t.Errorf("%s: got %d codes, want %d", typ, len(list), sizes[typ])
		}
		c := catalog(t, typ)
		listed := map[merge.Code]bool{}
		for _, e := range c.Entries() {
			listed[e.Code] = true
		}
		for _, code := range list {
			if !listed[code] {
				t.Errorf("%s does not list %q", typ, code)
			}
		}
	}
}

func TestCatalogEntriesAreComplete(t *testing.T) {
	for _, typ := range types(t) {
		t.Run(typ, func(t *testing.T) {
			c := catalog(t, typ)
			if _, ok := c.Lookup(c.Zone()); !ok {
				t.Errorf("the zone %q is not in the catalogue", c.Zone())
			}
			seen := map[merge.Code]bool{}
			for _, e := range c.Entries() {
				if seen[e.Code] {
					t.Errorf("%s stands there twice", e.Code)
				}
				seen[e.Code] = true
				checkEntry(t, c, e.Code, e)
			}
		})
	}
}

func checkEntry(t *testing.T, c merge.Catalog, where merge.Code, e merge.Entry) {
	t.Helper()
	if e.Description == "" || e.Description[len(e.Description)-1] != '.' && e.Description[len(e.Description)-4:] != " …" {
		t.Errorf("%s: description %q is no sentence", where, e.Description)
	}
	if !fits(e) {
		t.Errorf("%s: sample %s does not fit the type %s", where, merge.JSON(e.Sample), e.Type)
	}
	if e.Currency != "" {
		if cur, ok := c.Lookup(e.Currency); !ok || cur.Type != merge.String {
			t.Errorf("%s: its currency %q is no text of the catalogue", where, e.Currency)
		}
	}
	for _, item := range e.Items {
		checkEntry(t, c, where+" > "+item.Code, item)
	}
}

// fits tells whether a sample is of its entry's type. Null and, for dates, "" are.
func fits(e merge.Entry) bool {
	if e.Sample == nil {
		return true
	}
	good := false
	switch e.Type {
	case merge.Integer, merge.Number:
		_, good = e.Sample.(json.Number)
	case merge.Decimal:
		_, good = merge.AsDecimal(e.Sample, true)
	case merge.Datetime:
		_, good = merge.AsTime(e.Sample)
	case merge.Boolean:
		_, good = e.Sample.(bool)
	case merge.String:
		_, good = e.Sample.(string)
	case merge.List:
		_, good = e.Sample.([]any)
	}
	return good
}

func TestCatalogMarksPersonalCodes(t *testing.T) {
	c := catalog(t, "bigcommerce.shipment_created")
	for label, want := range map[string]bool{
		"Order | id": false, "Order | total_inc_tax": false, "Order | status": false, "Shipment | tracking_number": false,
		"Order | billing_address | city": true, "Order | billing_address | email": true, "Order | ip_address": true,
		"Order | customer_message": true, "Order | staff_notes": true, "Customer | first_name": true, "Customer | notes": true,
		"Customer | form_fields": true, "Shipping_addresses": true, "Shipment | shipping_address | street_1": true,
	} {
		e, ok := c.Lookup(codes(label)[0])
		if !ok || e.Personal != want {
			t.Errorf("%s: got personal %v (listed %v), want %v", label, e.Personal, ok, want)
		}
	}
}

// A list is as personal as what its items hold, and the items of lists of objects are described.
func TestCatalogDescribesItems(t *testing.T) {
	for _, typ := range types(t) {
		for _, e := range catalog(t, typ).Entries() {
			elements, _ := e.Sample.([]any)
			if len(elements) > 0 && len(e.Items) == 0 {
				if _, isObject := elements[0].(merge.Object); isObject {
					t.Errorf("%s: %s has no items", typ, e.Code)
				}
			}
			if slices.ContainsFunc(e.Items, func(i merge.Entry) bool { return i.Personal }) && !e.Personal {
				t.Errorf("%s: %s is not personal, but some of its items are", typ, e.Code)
			}
		}
	}
}

// Money is in the currency of the same order or cart, whatever number it was made of.
func TestMoneyIsInTheCurrencyOfItsOrder(t *testing.T) {
	ship, cart := catalog(t, "bigcommerce.shipment_created"), catalog(t, "bigcommerce.cart_abandoned")
	for _, tt := range []struct {
		c        merge.Catalog
		template string
		want     string
	}{
		{ship, "{{ BigCommerce | Order | total_inc_tax :: money }}", "€99.36"},
		{ship, "{{ BigCommerce | Order | items_total :: money }}", "€3.00"},
		{ship, "{{ BigCommerce | Order | credit_card_type ?? 5 :: money }}", "€5.00"},
		{ship, "{{= BigCommerce.Order.items_total * 2 :: money }}", "€6.00"},
		{ship, "{{#each BigCommerce | Products}}{{ item | quantity :: money }} {{/each}}", "€2.00 €1.00 "},
		{cart, "{{= BigCommerce.Cart.cart_amount - 1 :: money }}", "€95.00"},
	} {
		var root merge.Object
		for _, e := range tt.c.Entries() {
			root.Put(e.Code, e.Sample)
		}
		root.Put(codes("Order | currency_code")[0], "EUR")
		root.Put(codes("Cart | currency | code")[0], "EUR")
		tpl, problems := merge.Parse(tt.template, merge.PlaceText, &merge.Scope{Catalog: tt.c}, cond.Language{})
		if len(problems) > 0 {
			t.Errorf("%s: got problems %v", tt.template, problems)
			continue
		}
		if got, err := tpl.Render(merge.Env{Root: root}); err != nil || got != tt.want {
			t.Errorf("%s: got %q, %v, want %q", tt.template, got, err, tt.want)
		}
	}
}

// Whatever the payload files hold can be named, so that nothing the store sends is out of reach.
func TestCatalogNamesEverythingOnTheWire(t *testing.T) {
	ship, cart := catalog(t, "bigcommerce.shipment_created"), catalog(t, "bigcommerce.cart_abandoned")
	for _, tt := range []struct {
		name string
		c    merge.Catalog
		root string
		json string
	}{
		{"order", ship, "Order", payload(t, "v2_order.json")},
		{"guest order", ship, "Order", payload(t, "v2_order_guest.json")},
		{"V3 customer", ship, "Customer", pick(t, payload(t, "v3_customers.json"), "data", 0)},
		{"V2 customer", ship, "Customer", payload(t, "v2_customer.json")},
		{"V2 customer of a cart", cart, "Customer", payload(t, "v2_customer.json")},
		{"V3 customer of a cart", cart, "Customer", pick(t, payload(t, "v3_customers.json"), "data", 1)},
		{"shipment", ship, "Shipment", pick(t, payload(t, "v2_order_shipments.json"), 0)},
		{"cart", cart, "Cart", pick(t, payload(t, "v3_cart_signed_in.json"), "data")},
	} {
		var o, root merge.Object
		if err := o.UnmarshalJSON([]byte(tt.json)); err != nil {
			t.Fatal(err)
		}
		root.Put(codes(tt.root)[0], o)
		for _, f := range merge.Flatten(root) {
			if _, ok := tt.c.Lookup(f.Code); !ok {
				t.Errorf("%s: %s is on the wire but not in the catalogue", tt.name, f.Code)
			}
		}
	}
}

func TestCatalogNamesEverythingInLists(t *testing.T) {
	ship, cart := catalog(t, "bigcommerce.shipment_created"), catalog(t, "bigcommerce.cart_abandoned")
	signedIn := payload(t, "v3_cart_signed_in.json")
	for _, tt := range []struct {
		c    merge.Catalog
		list string
		json string
	}{
		{ship, "Products", pick(t, payload(t, "v2_order_products.json"), 1)},
		{ship, "Shipping_addresses", pick(t, payload(t, "v2_order_shipping_addresses.json"), 0)},
		{ship, "Coupons", `{"id":1,"coupon_id":2,"order_id":3,"code":"X","amount":"1","type":0,"discount":1}`},
		{ship, "Shipment | items", pick(t, payload(t, "v2_order_shipments.json"), 1, "items", 0)},
		{cart, "Cart_items", pick(t, signedIn, "data", "line_items", "physical_items", 0)},
		{cart, "Cart_items", pick(t, signedIn, "data", "line_items", "gift_certificates", 0)},
		{cart, "Cart_items", pick(t, signedIn, "data", "line_items", "custom_items", 0)},
		{cart, "Cart | line_items | physical_items", pick(t, signedIn, "data", "line_items", "physical_items", 0)},
		{cart, "Cart | line_items | gift_certificates", pick(t, signedIn, "data", "line_items", "gift_certificates", 0)},
	} {
		e, ok := tt.c.Lookup(codes(tt.list)[0])
		if !ok || e.Type != merge.List {
			t.Errorf("%s is no list of the catalogue", tt.list)
			continue
		}
		var o merge.Object
		if err := o.UnmarshalJSON([]byte(tt.json)); err != nil {
			t.Fatal(err)
		}
		for _, f := range merge.Flatten(o) {
			if _, ok := e.Element().Member(f.Code); !ok {
				t.Errorf("%s: item | %s is on the wire but not described", tt.list, f.Code)
			}
		}
	}
}

func TestSampleListsHaveItemsAsDescribed(t *testing.T) {
	for _, typ := range types(t) {
		for _, e := range catalog(t, typ).Entries() {
			elements, _ := e.Sample.([]any)
			for _, v := range elements {
				o, isObject := v.(merge.Object)
				if !isObject || len(e.Items) == 0 {
					continue
				}
				for _, f := range merge.Flatten(o) {
					if !slices.ContainsFunc(e.Items, func(i merge.Entry) bool { return f.Code.Under(i.Code) }) {
						t.Errorf("%s: the sample has %s, which Items does not", e.Code, f.Code)
					}
				}
			}
		}
	}
}

func types(t *testing.T) []string {
	t.Helper()
	return engine.NewSet(bigcommerce.Triggers(client(&store{}, newClock()))...).Types()
}
