package bcsim_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cartwheel/triggers/bigcommerce/bcsim"

	"github.com/google/go-cmp/cmp"
)

func (b *bench) order(id int) orderRow {
	b.Helper()
	var row orderRow
	b.want(200, "GET", fmt.Sprintf("/v2/orders/%d", id), nil).into(b, &row)
	return row
}

func TestPutOrder(t *testing.T) {
	b := setup(t)
	b.hook("store/order/*", hookURL)
	b.clock.Advance(time.Minute)
	b.want(200, "PUT", "/v2/orders/4127", `{"status_id":10,"staff_notes":"<b>x</b>","billing_address":{"city":"Ely"},"total_ex_tax":5,"total_inc_tax":"5.5"}`)
	got := b.order(4127)
	if got.StatusID != 10 || got.Status != "Completed" || got.CustomStatus != "Completed" || got.StaffNotes != "<b>x</b>" ||
		got.Billing.City != "Ely" || got.Billing.FirstName != "Ines" || got.TotalIncTax != "5.5000" ||
		got.Modified != "Mon, 22 Sep 2025 08:01:00 +0000" {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff(map[string]int{"store/order/updated": 1, "store/order/statusUpdated": 1}, b.scopes()); diff != "" {
		t.Errorf("callbacks (-want +got):\n%s", diff)
	}
	for name, body := range map[string]string{
		"read-only": `{"cart_id":"x"}`, "read-only status": `{"status":"Shipped"}`, "unknown": `{"colour":"red"}`,
		"half a pair": `{"total_ex_tax":"1"}`, "not an amount": `{"discount_amount":"much"}`, "wrong type": `{"customer_id":"x"}`,
		"no fields": `{}`, "an array": `[]`, "date": `{"date_created":"soon"}`, "status": `{"status_id":99,"staff_notes":"no"}`,
	} {
		if got := b.do("PUT", "/v2/orders/4127", body); got.status != 400 || got.body[0] != '[' {
			t.Errorf("%s %s: got %d %s, want a V2 400", name, body, got.status, got.body)
		}
	}
	if got := b.order(4127).StaffNotes; got != "<b>x</b>" {
		t.Errorf("a refused update changed the notes to %q", got)
	}
	b.want(200, "PUT", "/v2/orders/4127", `{"external_merchant_id":"m1"}`)
	b.want(400, "PUT", "/v2/orders/4127", `{"external_merchant_id":"m2"}`)
	b.want(404, "PUT", "/v2/orders/1", `{"status_id":1}`)
}

func TestPutWithProductsClearsDiscounts(t *testing.T) {
	b := setup(t)
	if got := b.order(4127); got.Coupon != "8.0000" {
		t.Fatalf("coupon_discount %s", got.Coupon)
	}
	b.want(200, "PUT", "/v2/orders/4127", `{"products":[{"id":7711,"quantity":2}]}`)
	if got := b.order(4127); got.Coupon != "0.0000" || got.Discount != "0.0000" {
		t.Errorf("coupon %s, discount %s, want both cleared", got.Coupon, got.Discount)
	}
	var row struct {
		Quantity int
		Applied  []any `json:"applied_discounts"`
	}
	b.get("/v2/orders/4127/products/7711").into(t, &row)
	if row.Quantity != 2 || len(row.Applied) != 0 {
		t.Errorf("got %+v", row)
	}
	b.want(400, "PUT", "/v2/orders/4127", `{"products":[{"id":1}]}`)
}

func TestDeleteArchives(t *testing.T) {
	b := setup(t)
	b.hook("store/order/*", hookURL)
	b.want(204, "DELETE", "/v2/orders/4127", nil)
	b.want(200, "GET", "/v2/orders/4127", nil)
	b.want(204, "GET", "/v2/orders?min_id=4127&max_id=4127", nil)
	b.want(200, "GET", "/v2/orders?is_deleted=true", nil)
	if got := b.scopes()["store/order/archived"]; got != 1 {
		t.Errorf("got %d archived callbacks, want 1", got)
	}
}

func TestShipmentsByAPI(t *testing.T) {
	b := setup(t)
	b.hook("store/shipment/*", hookURL)
	var rows []struct{ ID, Quantity int }
	b.get("/v2/orders/4131/products").into(t, &rows)
	post := func(status, address, quantity int, more string) answer {
		t.Helper()
		return b.want(status, "POST", "/v2/orders/4131/shipments", fmt.Sprintf(
			`{"order_address_id":%d,"items":[{"order_product_id":%d,"quantity":%d}]%s}`, address, rows[0].ID, quantity, more))
	}
	post(400, 2211, 3, "")
	post(400, 2210, 1, "")
	post(400, 2211, 1, `,"shipping_provider":"pigeon"`)
	b.want(400, "POST", "/v2/orders/4131/shipments", `{"order_address_id":2211}`)
	var sh struct {
		ID        int
		Link      string `json:"tracking_link"`
		Generated string `json:"generated_tracking_link"`
		Provider  string `json:"shipping_provider_display_name"`
	}
	post(201, 2211, 1, `,"tracking_number":"T1","shipping_provider":"fedex"`).into(t, &sh)
	if sh.Link != "" || !strings.HasSuffix(sh.Generated, "/fedex/T1") || sh.Provider != "FedEx" {
		t.Errorf("generated link: got %+v", sh)
	}
	if got := b.order(4131); got.StatusID != 3 || got.ItemsShipped != 1 {
		t.Errorf("after half: got %+v, want status 3", got)
	}
	post(201, 2211, 1, `,"tracking_number":"T2","tracking_link":"https://couriers.example.net/T2"`).into(t, &sh)
	if sh.Link == "" || sh.Generated != "" {
		t.Errorf("custom link: got %+v", sh)
	}
	if got := b.order(4131); got.StatusID != 2 {
		t.Errorf("after all: status %d, want 2", got.StatusID)
	}
	path := fmt.Sprintf("/v2/orders/4131/shipments/%d", sh.ID)
	b.want(200, "PUT", path, `{"comments":"late","tracking_link":""}`)
	b.want(204, "DELETE", path, nil)
	b.want(404, "GET", path, nil)
	b.want(204, "DELETE", "/v2/orders/4131/shipments", nil)
	if got := b.order(4131); got.StatusID != 2 || got.ItemsShipped != 0 {
		t.Errorf("after deleting: got %+v, want the status kept and nothing shipped", got)
	}
	want := map[string]int{"store/shipment/created": 2, "store/shipment/updated": 1, "store/shipment/deleted": 2}
	if diff := cmp.Diff(want, b.scopes()); diff != "" {
		t.Errorf("callbacks (-want +got):\n%s", diff)
	}
}

func TestShipRefusesWhatIsNotLeft(t *testing.T) {
	b := setup(t)
	if id, err := b.store.Ship(4127); err == nil {
		t.Errorf("shipped a shipped order as %d", id)
	}
	if _, err := b.store.Ship(1); err == nil {
		t.Error("shipped an order that does not exist")
	}
}

func TestMessagesAndMetafields(t *testing.T) {
	b := setup(t)
	b.hook("store/order/*", hookURL)
	b.want(201, "POST", "/v2/orders/4127/messages", `{"subject":"s","message":"m"}`)
	b.want(400, "POST", "/v2/orders/4127/messages", `{"subject":"s"}`)
	const meta = `{"permission_set":"app_only","namespace":"cartwheel","key":"survey","value":"sent"}`
	var made struct{ Data struct{ ID int } }
	b.want(200, "POST", "/v3/orders/4127/metafields", meta).into(t, &made)
	b.want(409, "POST", "/v3/orders/4127/metafields", meta)
	b.want(422, "POST", "/v3/orders/4127/metafields", `{"permission_set":"all","namespace":"n","key":"k","value":"v"}`)
	b.want(422, "POST", "/v3/orders/4127/metafields", `{"namespace":"n"}`)
	path := fmt.Sprintf("/v3/orders/4127/metafields/%d", made.Data.ID)
	b.want(200, "PUT", path, `{"value":"twice"}`)
	if got := b.get("/v3/orders/4127/metafields?key=survey"); !containsAll(string(got.body), `"value":"twice"`) {
		t.Errorf("got %s", got.body)
	}
	b.want(204, "DELETE", path, nil)
	b.want(404, "GET", path, nil)
	want := map[string]int{
		"store/order/message/created": 1, "store/order/metafield/created": 1, "store/order/metafield/updated": 1,
		"store/order/metafield/deleted": 1,
	}
	if diff := cmp.Diff(want, b.scopes()); diff != "" {
		t.Errorf("callbacks (-want +got):\n%s", diff)
	}
}

func TestWritingCustomers(t *testing.T) {
	b := setup(t)
	b.hook("store/customer/*", hookURL)
	b.want(200, "PUT", "/v3/customers", `[{"id":318,"first_name":"Inès","channel_ids":null,"store_credit_amounts":[{"amount":3}]}]`)
	b.want(200, "PUT", "/v2/customers/322", `{"last_name":"Ek","store_credit":"4.5"}`)
	for path, parts := range map[string][]string{
		"/v2/customers/318":       {`"first_name":"Inès"`, `"store_credit":"3.0000"`},
		"/v3/customers?id:in=318": {`"channel_ids":null`},
		"/v3/customers?id:in=322": {`"last_name":"Ek"`},
		"/v2/customers/322":       {`"store_credit":"4.5000"`},
	} {
		if got := b.get(path); !containsAll(string(got.body), parts...) {
			t.Errorf("%s: got %s, want %q", path, got.body, parts)
		}
	}
	eleven := "[" + strings.TrimSuffix(strings.Repeat(`{"id":318},`, 11), ",") + "]"
	for status, bodies := range map[int][]string{
		413: {eleven},
		422: {`[]`, `[{"id":1,"notes":"x"}]`, `[{"notes":"x"}]`, `[{"id":318,"origin_channel_id":2}]`, `[{"id":318,"channel_ids":[]}]`},
		400: {`{"id":318}`},
	} {
		for _, body := range bodies {
			b.want(status, "PUT", "/v3/customers", body)
		}
	}
	b.want(200, "PUT", "/v3/customers/attribute-values", `[{"customer_id":318,"attribute_id":1,"value":"yes"}]`)
	b.want(422, "PUT", "/v3/customers/attribute-values", `[{"customer_id":318,"attribute_id":99,"value":"yes"}]`)
	b.want(200, "PUT", "/v3/customers/form-field-values", `[{"customer_id":322,"name":"Garden size","value":"Small"}]`)
	if got := b.get("/v3/customers/attribute-values?customer_id:in=318"); !containsAll(string(got.body), `"attribute_value":"yes"`) {
		t.Errorf("got %s", got.body)
	}
	b.want(204, "DELETE", "/v3/customers?id:in=322", nil)
	b.want(404, "GET", "/v2/customers/322", nil)
	if diff := cmp.Diff(map[string]int{"store/customer/updated": 2, "store/customer/deleted": 1}, b.scopes()); diff != "" {
		t.Errorf("callbacks (-want +got):\n%s", diff)
	}
}

func TestAnOrderMayAnswer404AtFirst(t *testing.T) {
	b := setup(t)
	byTries, err := b.store.NewOrder(bcsim.OrderOptions{ReadableAfterTries: 2})
	if err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("/v2/orders/%d", byTries)
	b.want(404, "GET", path, nil)
	b.want(404, "GET", path+"/products", nil)
	b.want(200, "GET", path, nil)
	byTime, err := b.store.NewOrder(bcsim.OrderOptions{ReadableAfter: 3 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	path = fmt.Sprintf("/v2/orders/%d", byTime)
	b.want(404, "GET", path, nil)
	b.clock.Advance(3 * time.Second)
	b.want(200, "GET", path, nil)
}

func TestNewOrderFollowsItsOptions(t *testing.T) {
	b := setup(t)
	id, err := b.store.NewOrder(bcsim.OrderOptions{
		Email: "a@example.com", ChannelID: bcsim.ChannelEurope, StatusID: bcsim.Incomplete, Currency: "JPY", Lines: 3, Addresses: 2,
	})
	if err != nil {
		t.Fatal(err)
	}
	all := b.store.Orders()
	got := all[len(all)-1]
	if got.ID != id || got.StatusID != 0 || got.ChannelID != bcsim.ChannelEurope || got.Currency != "JPY" || got.Email != "a@example.com" {
		t.Errorf("got %+v", got)
	}
	for _, bad := range []bcsim.OrderOptions{{CustomerID: 1}, {StatusID: 77}} {
		if _, err := b.store.NewOrder(bad); err == nil {
			t.Errorf("%+v was accepted", bad)
		}
	}
}
