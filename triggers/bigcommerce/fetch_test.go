package bigcommerce_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cartwheel/engine"
	"cartwheel/merge"
)

const cartInclude = "?include=line_items.physical_items.options,line_items.digital_items.options"

// Only what is used is fetched.
func TestCodesCallsOnlyWhatIsWanted(t *testing.T) {
	const order, v2, v3 = "GET /v2/orders/4127", "GET /v2/customers/318", "GET /v3/customers?id:in=318"
	const cart = "GET /v3/carts/1b8e69e0-b6d2-438c-be80-4588be180a1f" + cartInclude
	for _, tt := range []struct {
		name    string
		trigger string
		event   engine.Event
		want    []merge.Code
		calls   []string
	}{
		{"nothing", "shipment_created", shipped, nil, nil},
		{"codes of the event and steps", "shipment_created", shipped, []merge.Code{"Event | id", "Steps | tell | status"}, nil},
		{"the order alone", "shipment_created", shipped, codes("Order | id", "Order | billing_address | email"), []string{order}},
		{"the shipment alone", "shipment_created", shipped, codes("Shipment | tracking_number"), []string{"GET /v2/orders/4127/shipments/903"}},
		{"a shipment's customer is V3", "shipment_created", shipped, codes("Customer | first_name"), []string{order, v3}},
		{"the other naming", "shipment_created", shipped, codes("Customer | store_credit"), []string{order, v2}},
		{"both namings", "shipment_created", shipped, codes("Customer | email", "Customer | store_credit"), []string{order, v3, v2}},
		{"the whole customer", "shipment_created", shipped, codes("Customer"), []string{order, v3}},
		{"line items need no order", "shipment_created", shipped, codes("Products"), []string{"GET /v2/orders/4127/products?limit=250"}},
		{"lists", "shipment_created", shipped, codes("Shipping_addresses", "Coupons"),
			[]string{"GET /v2/orders/4127/coupons?limit=250", "GET /v2/orders/4127/shipping_addresses?limit=250"}},
		{"the store", "shipment_created", shipped, codes("Store | timezone | name"), []string{"GET /v2/store"}},
		{"the channel is found by the order", "shipment_created", shipped, codes("Channel | name"), []string{order, "GET /v3/channels/1"}},
		{"a cart's customer is V2", "cart_converted", converted, codes("Customer | first_name"), []string{order, v2}},
		{"a cart's customer in V3", "cart_converted", converted, codes("Customer | origin_channel_id"), []string{order, v3}},
		{"no order id", "cart_converted", event("store/channel/1/cart/converted", `{"cart_id":"bf67b782-ee87-4be1-9303-8877b083f081"}`),
			codes("Order | id"), []string{"GET /v2/orders?cart_id=bf67b782-ee87-4be1-9303-8877b083f081"}},
		{"no order id, its items", "cart_converted", event("store/channel/1/cart/converted", `{"cart_id":"bf67b782-ee87-4be1-9303-8877b083f081"}`),
			codes("Products"), []string{"GET /v2/orders/4127/products?limit=250", "GET /v2/orders?cart_id=bf67b782-ee87-4be1-9303-8877b083f081"}},
		{"the order id as a text", "cart_converted", event("store/cart/converted", `{"id":"x","orderId":"4127"}`), codes("Order | id"), []string{order}},
		{"the cart", "cart_abandoned", abandoned, codes("Cart | cart_amount"), []string{cart}},
		{"the cart's items", "cart_abandoned", abandoned, codes("Cart_items"), []string{cart}},
		{"the cart's customer and channel", "cart_abandoned", abandoned, codes("Customer | email", "Channel | id"), []string{cart, v2, "GET /v3/channels/1"}},
		{"an order's status", "order_status_updated", event("store/order/statusUpdated", `{"type":"order","id":4127}`), codes("Order | status"), []string{order}},
		{"an order of a channel", "order_created", event("store/channel/1/order/created", `{"order_id":4127}`), codes("Customer | id"), []string{order, v3}},
		{"what another trigger has", "cart_abandoned", abandoned, codes("Order | id", "Shipment | id"), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := larkspur(t)
			got, err := trigger(t, client(s, newClock()), "bigcommerce."+tt.trigger).Codes(context.Background(), &tt.event, shop(), merge.Object{}, tt.want)
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(s.calls)
			slices.Sort(tt.calls)
			if diff := cmp.Diff(tt.calls, s.calls); diff != "" {
				t.Errorf("calls for %v (-want +got):\n%s", tt.want, diff)
			}
			if len(got.Calls) != len(s.calls) || got.ReadAt.IsZero() != (len(s.calls) == 0) {
				t.Errorf("got %d recorded calls, read at %v; want %d", len(got.Calls), got.ReadAt, len(s.calls))
			}
		})
	}
}

func TestCodesReadsNothingTwice(t *testing.T) {
	s := larkspur(t)
	tr := trigger(t, client(s, newClock()), "bigcommerce.shipment_created")
	first, err := tr.Codes(context.Background(), &shipped, shop(), merge.Object{}, codes("Order | id", "Customer | email", "Products"))
	if err != nil {
		t.Fatal(err)
	}
	s.calls = nil
	again, err := tr.Codes(context.Background(), &shipped, shop(), first.Values, codes("Order | total_tax", "Customer | notes", "Products"))
	if err != nil || len(s.calls) != 0 || again.Values.Len() != 0 {
		t.Errorf("got calls %v, values %v, error %v; want none", s.calls, again.Values, err)
	}
	more, err := tr.Codes(context.Background(), &shipped, shop(), first.Values, codes("Order | id", "Customer | store_credit", "Coupons"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(s.calls)
	if diff := cmp.Diff([]string{"GET /v2/customers/318", "GET /v2/orders/4127/coupons?limit=250"}, s.calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	for label, want := range map[string]string{"Customer | store_credit": `"12.5000"`, "Customer | date_created": `"2024-03-02T09:11:30Z"`, "Coupons": "[]", "Order | id": "absent"} {
		if got := value(t, more, label); got != want {
			t.Errorf("%s: got %s, want %s", label, got, want)
		}
	}
}

// Where both namings have a name, the trigger's own wins; it may not change with what else is used.
func TestCustomerUnion(t *testing.T) {
	for _, tt := range []struct {
		trigger string
		event   engine.Event
		want    []merge.Code
		values  map[string]string
	}{
		{"bigcommerce.shipment_created", shipped, codes("Customer | date_created", "Customer | accepts_marketing"), map[string]string{
			"Customer | date_created": `"2024-03-02T09:11:30Z"`, "Customer | accepts_marketing": "true", "Customer | origin_channel_id": "1"}},
		{"bigcommerce.cart_abandoned", abandoned, codes("Customer | date_created", "Customer | channel_ids"), map[string]string{
			"Customer | date_created": `"Sat, 02 Mar 2024 09:11:30 +0000"`, "Customer | channel_ids": "[1,1402855]", "Customer | store_credit": `"12.5000"`}},
		{"bigcommerce.shipment_created", shipped, codes("Customer | store_credit"), map[string]string{
			"Customer | store_credit": `"12.5000"`, "Customer | date_created": "absent", "Customer | email": "absent"}},
	} {
		got, err := trigger(t, client(larkspur(t), newClock()), tt.trigger).Codes(context.Background(), &tt.event, shop(), merge.Object{}, tt.want)
		if err != nil {
			t.Fatal(err)
		}
		for label, want := range tt.values {
			if v := value(t, got, label); v != want {
				t.Errorf("%s wants %v: %s is %s, want %s", tt.trigger, tt.want, label, v, want)
			}
		}
	}
}

func TestGuestsAndGoneCustomersHaveNoCustomer(t *testing.T) {
	guestCart := event("store/cart/abandoned", `{"type":"cart","id":"16712159-8beb-479e-882f-20b4e065429d"}`)
	guestOrder := event("store/order/created", `{"type":"order","id":4131}`)
	for _, tt := range []struct {
		name    string
		trigger string
		event   engine.Event
		change  map[string]reply
		calls   int
	}{
		{"guest cart", "bigcommerce.cart_abandoned", guestCart, nil, 1},
		{"guest order", "bigcommerce.order_created", guestOrder, nil, 1},
		{"V3 knows nobody", "bigcommerce.shipment_created", shipped, map[string]reply{"GET /v3/customers": ok(`{"data":[],"meta":{}}`)}, 3},
		{"V3 ignored the filter", "bigcommerce.shipment_created", shipped, map[string]reply{"GET /v3/customers": ok(`{"data":[{"id":1,"email":"x@example.com"}]}`)}, 3},
		{"V2 says 404", "bigcommerce.cart_converted", converted, map[string]reply{"GET /v2/customers/318": {status: 404}}, 3},
		{"V2 says 204", "bigcommerce.cart_converted", converted, map[string]reply{"GET /v2/customers/318": {status: 204}}, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := larkspur(t)
			for path, r := range tt.change {
				s.replies[path] = r
			}
			if tt.calls > 1 { // neither naming knows the customer
				if _, changed := tt.change["GET /v3/customers"]; !changed {
					s.replies["GET /v3/customers"] = ok(`{"data":[]}`)
				} else {
					delete(s.replies, "GET /v2/customers/318")
				}
			}
			got, err := trigger(t, client(s, newClock()), tt.trigger).Codes(context.Background(), &tt.event, shop(), merge.Object{},
				codes("Customer | email", "Customer | store_credit", "Customer | channel_ids"))
			if err != nil {
				t.Fatal(err)
			}
			if v := value(t, got, "Customer"); v != "absent" || len(s.calls) != tt.calls {
				t.Errorf("got Customer %s after %v; want none after %d calls", v, s.calls, tt.calls)
			}
		})
	}
}

func TestCodesWhenThingsAreGone(t *testing.T) {
	for _, tt := range []struct {
		name    string
		trigger string
		event   engine.Event
		want    []merge.Code
		gone    string // this path answers 404
		code    engine.Code
		words   string
	}{
		{"order", "shipment_created", shipped, codes("Order | id"), "GET /v2/orders/4127", engine.NotFound, "Order 4127 is not at the store (404)"},
		{"shipment", "shipment_created", shipped, codes("Order | id", "Shipment | id"), "GET /v2/orders/4127/shipments/903", engine.NotFound, "Shipment 903 of order 4127"},
		{"cart", "cart_abandoned", abandoned, codes("Cart | id"), "GET /v3/carts/1b8e69e0-b6d2-438c-be80-4588be180a1f", engine.Gone, "it was bought or deleted"},
		{"order of a cart", "cart_converted", event("store/cart/converted", `{"id":"00000000-1111"}`), codes("Order | id"), "-", engine.NotFound, "no order yet of cart"},
		{"line items before their order", "shipment_created", shipped, codes("Products"), "GET /v2/orders/4127/products", engine.NotFound, "Order 4127 is not at the store"},
		{"line items of an order that is there", "shipment_created", shipped, codes("Products", "Order | id"), "GET /v2/orders/4127/products", "", ""},
		{"channel", "shipment_created", shipped, codes("Channel | name"), "GET /v3/channels/1", "", ""},
		{"no id at all", "order_created", event("store/order/created", `{}`), codes("Order | id"), "-", engine.Invalid, "names neither"},
		{"no cart id", "cart_abandoned", event("store/cart/abandoned", `[]`), codes("Cart | id"), "-", engine.Invalid, "names no cart"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := larkspur(t)
			delete(s.replies, tt.gone)
			_, err := trigger(t, client(s, newClock()), "bigcommerce."+tt.trigger).Codes(context.Background(), &tt.event, shop(), merge.Object{}, tt.want)
			if engine.CodeOf(err) != tt.code {
				t.Fatalf("got %q (%v), want %q", engine.CodeOf(err), err, tt.code)
			}
			if err != nil && !strings.Contains(err.Error(), tt.words) {
				t.Errorf("got %q, want it to say %q", err, tt.words)
			}
		})
	}
}

func TestCodesReturnsWhatWasReadBeforeAFailure(t *testing.T) {
	s := larkspur(t)
	s.replies["GET /v3/customers"] = reply{status: 500}
	got, err := trigger(t, client(s, newClock()), "bigcommerce.shipment_created").Codes(context.Background(), &shipped, shop(), merge.Object{},
		codes("Order | id", "Customer | email", "Products"))
	if engine.CodeOf(err) != engine.Temporary {
		t.Fatalf("got %v, want a temporary error", err)
	}
	if value(t, got, "Order | id") != "4127" || value(t, got, "Products") == "absent" || value(t, got, "Customer") != "absent" || len(got.Calls) != 3 {
		t.Errorf("got %s after %v, want order and products", merge.JSON(got.Values), got.Calls)
	}
}

func TestFindOrderTakesTheCompleteOneOfTheCart(t *testing.T) {
	s := larkspur(t)
	s.replies["GET /v2/orders"] = ok(`[{"id":9,"status_id":1,"cart_id":"other"},{"id":7,"status_id":0,"cart_id":"c-1"},{"id":6,"status_id":1,"cart_id":"c-1"},{"id":5,"status_id":1,"cart_id":"c-1"}]`)
	converted := event("store/channel/3/cart/converted", `{"cart_id":"c-1"}`)
	got, err := trigger(t, client(s, newClock()), "bigcommerce.cart_converted").Codes(context.Background(), &converted, shop(), merge.Object{}, codes("Order | id"))
	if v := value(t, got, "Order | id"); err != nil || v != "6" {
		t.Errorf("got order %s, error %v; want 6", v, err)
	}
}

func TestLongListsAreReadToTheirEnd(t *testing.T) {
	s := larkspur(t)
	page := "[" + strings.TrimSuffix(strings.Repeat(`{"id":1},`, 250), ",") + "]"
	pages := []reply{ok(page), ok(page), {status: 204}}
	s.answer = func(*http.Request) (reply, bool) {
		next := pages[0]
		pages = pages[1:]
		return next, true
	}
	got, err := trigger(t, client(s, newClock()), "bigcommerce.shipment_created").Codes(context.Background(), &shipped, shop(), merge.Object{}, codes("Products"))
	if err != nil {
		t.Fatal(err)
	}
	v, _ := got.Values.Lookup(codes("Products")[0])
	if items, _ := v.([]any); len(items) != 500 || len(got.Calls) != 3 {
		t.Errorf("got %d items by %v, want 500 by 3 calls", len(items), s.calls)
	}
}

func TestCartItemsAreOneListWithTheirType(t *testing.T) {
	got, err := trigger(t, client(larkspur(t), newClock()), "bigcommerce.cart_abandoned").Codes(context.Background(), &abandoned, shop(), merge.Object{}, codes("Cart_items"))
	if err != nil {
		t.Fatal(err)
	}
	v, _ := got.Values.Lookup(codes("Cart_items")[0])
	var seen []string
	for _, item := range v.([]any) {
		kind, _ := item.(merge.Object).Get("type")
		name, _ := item.(merge.Object).Get("name")
		seen = append(seen, kind.(string)+": "+name.(string))
	}
	if diff := cmp.Diff([]string{"physical: Watering Can 2 L", "custom: Soil test kit", "gift_certificate: Garden gift"}, seen); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
}

func TestStoreAndChannelAreReadOnceInTenMinutes(t *testing.T) {
	s, c := larkspur(t), newClock()
	tr := trigger(t, client(s, c), "bigcommerce.shipment_created")
	read := func(a engine.Auth) {
		t.Helper()
		if _, err := tr.Codes(context.Background(), &shipped, a, merge.Object{}, codes("Store | name", "Channel | name")); err != nil {
			t.Fatal(err)
		}
	}
	count := func() int {
		return len(slices.DeleteFunc(slices.Clone(s.calls), func(c string) bool { return strings.Contains(c, "orders") }))
	}
	read(shop())
	read(shop())
	if count() != 2 {
		t.Errorf("got %v, want store and channel once", s.calls)
	}
	c.Add(10 * time.Minute)
	read(shop())
	if count() != 4 {
		t.Errorf("after ten minutes: got %v, want them read again", s.calls)
	}
	other := engine.NewAuth("other", "Other", "bigcommerce", shop().Config, 1, map[string]string{"access_token": token})
	read(other)
	if count() != 6 {
		t.Errorf("got %v, want another authentication to read for itself", s.calls)
	}
}
