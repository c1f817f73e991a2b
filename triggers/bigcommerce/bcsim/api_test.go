package bcsim_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"cartwheel/triggers/bigcommerce/bcsim"
)

type orderRow struct {
	ID           int    `json:"id"`
	CustomerID   int    `json:"customer_id"`
	StatusID     int    `json:"status_id"`
	ChannelID    int    `json:"channel_id"`
	Status       string `json:"status"`
	CustomStatus string `json:"custom_status"`
	CartID       string `json:"cart_id"`
	TotalIncTax  string `json:"total_inc_tax"`
	Modified     string `json:"date_modified"`
	StaffNotes   string `json:"staff_notes"`
	Discount     string `json:"discount_amount"`
	Coupon       string `json:"coupon_discount"`
	ItemsShipped int    `json:"items_shipped"`
	Billing      struct {
		FirstName string `json:"first_name"`
		City      string `json:"city"`
	} `json:"billing_address"`
}

// orders asks for a list; 204 is an empty one.
func (b *bench) orders(query url.Values) []orderRow {
	b.Helper()
	a := b.get("/v2/orders?" + query.Encode())
	if a.status == 204 {
		return nil
	}
	var rows []orderRow
	a.into(b, &rows)
	return rows
}

func TestOrderFilters(t *testing.T) {
	b := setup(t)
	all := b.store.Orders()
	middle := all[len(all)/2]
	count := func(keep func(bcsim.Order) bool) int {
		n := 0
		for _, o := range all {
			if keep(o) {
				n++
			}
		}
		return n
	}
	total := func(o bcsim.Order) float64 { f, _ := strconv.ParseFloat(o.Total, 64); return f }
	date := middle.Modified
	tests := []struct {
		name, value string
		keep        func(bcsim.Order) bool
	}{
		{"min_id", strconv.Itoa(middle.ID), func(o bcsim.Order) bool { return o.ID >= middle.ID }},
		{"max_id", strconv.Itoa(middle.ID), func(o bcsim.Order) bool { return o.ID <= middle.ID }},
		{"customer_id", "0", func(o bcsim.Order) bool { return o.CustomerID == 0 }},
		{"status_id", "2", func(o bcsim.Order) bool { return o.StatusID == 2 }},
		{"channel_id", "1402855", func(o bcsim.Order) bool { return o.ChannelID == 1402855 }},
		{"email", middle.Email, func(o bcsim.Order) bool { return o.Email == middle.Email }},
		{"cart_id", "f17b117a-ff2c-4af8-be49-7d7c7d99932d", func(o bcsim.Order) bool { return o.CartID == "f17b117a-ff2c-4af8-be49-7d7c7d99932d" }},
		{"min_total", "300", func(o bcsim.Order) bool { return total(o) >= 300 }},
		{"min_date_modified", date.Format(time.RFC1123Z), func(o bcsim.Order) bool { return !o.Modified.Before(date) }},
		{"min_date_modified", date.Format(time.RFC3339), func(o bcsim.Order) bool { return !o.Modified.Before(date) }},
		{"max_date_created", middle.Created.Format(time.RFC3339), func(o bcsim.Order) bool { return !o.Created.After(middle.Created) }},
		{"customer_id", "777777", func(bcsim.Order) bool { return false }},
	}
	for _, test := range tests {
		got := len(b.orders(url.Values{test.name: {test.value}, "limit": {"250"}}))
		if want := count(test.keep); got != want {
			t.Errorf("%s=%s: got %d orders, want %d", test.name, test.value, got, want)
		}
	}
	for _, bad := range []string{"min_id=x", "min_date_modified=soon", "sort=colour", "page=0", "limit=-1", "sort=id:up"} {
		b.want(400, "GET", "/v2/orders?"+bad, nil)
	}
}

func TestOrdersSortAndPage(t *testing.T) {
	b := setup(t)
	var seen []int
	for page := 1; ; page++ {
		rows := b.orders(url.Values{"limit": {"60"}, "page": {strconv.Itoa(page)}, "sort": {"date_modified:asc"}})
		if rows == nil {
			break
		}
		for _, row := range rows {
			seen = append(seen, row.ID)
		}
	}
	if len(seen) != len(b.store.Orders()) {
		t.Errorf("paging saw %d orders of %d", len(seen), len(b.store.Orders()))
	}
	modified := map[int]time.Time{}
	for _, o := range b.store.Orders() {
		modified[o.ID] = o.Modified
	}
	if !slices.IsSortedFunc(seen, func(a, b int) int { return modified[a].Compare(modified[b]) }) {
		t.Errorf("not sorted by date_modified: %v", seen)
	}
	if rows := b.orders(url.Values{"sort": {"id:desc"}, "limit": {"1"}}); rows[0].ID != slices.Max(seen) {
		t.Errorf("id:desc starts with %d", rows[0].ID)
	}
}

func TestEmptyAndMissing(t *testing.T) {
	b := setup(t)
	for path, want := range map[string]int{
		"/v2/orders/4131/shipments": 204, "/v2/orders/4131/coupons": 204, "/v2/orders/4131/messages": 204,
		"/v2/orders?page=99": 204, "/v2/customers?email=nobody@example.com": 204, "/v2/orders/1/shipments": 404,
		"/v2/orders/4127/shipments/1": 404, "/v2/orders/x": 404, "/v2/customers/1": 404, "/v2/nothing": 404,
		"/v3/nothing": 404, "/v3/abandoned-carts/unknown": 404, "/v3/channels/5": 404, "/v3/catalog/products/1": 404,
		"/v3/customers?id:in=999": 200, "/v3/customers?email:in=nobody@example.com": 200, "/v2/order_statuses/99": 404,
		"/v3/channels/1402901/site": 404, "/v2/orders//products": 404,
	} {
		if got := b.get(path); got.status != want {
			t.Errorf("%s: got %d %s, want %d", path, got.status, got.body, want)
		}
	}
	b.want(405, "POST", "/v2/store", `{}`)
	b.want(405, "PATCH", "/v2/orders/4127", `{}`)
}

func TestReadableResources(t *testing.T) {
	b := setup(t)
	for path, parts := range map[string][]string{
		"/v2/orders/count":                             {`"statuses":[{"id":0,`, `"sort_order":14}],"count":202}`},
		"/v2/order_statuses":                           {`"custom_label":"On its way"`, `"name":"Shipped"`},
		"/v2/orders/4127/coupons":                      {`"code":"SPRING8"`},
		"/v2/orders/4127/shipments/count":              {`{"count":2}`},
		"/v2/orders/4127/products/7712":                {`"product_options":[{"id":551`},
		"/v2/orders/4127/fees":                         {`{"fees":[]}`},
		"/v2/orders/4127/taxes?details=true":           {`"order_product_id":7711`, `"rate":"8.0000"`},
		"/v2/orders/4127/consignments":                 {`"cost_ex_tax":7.5`, `"resource":"/orders/4127/consignments/shipping/2210/line_items"`},
		"/v2/orders/4127?include=consignments,fees":    {`"fees":[]`, `"consignments":{"pickups":[]`},
		"/v2/orders/4127?consignment_structure=object": {`"line_items":[{"id":7711`},
		"/v2/store":                        {`"store_id":1003418276`, `"default_channel_id":1`, `"name":"America/Chicago"`},
		"/v2/time":                         {fmt.Sprintf(`{"time":%d}`, start.Unix())},
		"/v3/channels":                     {`"type":"marketplace"`, `"total":3`},
		"/v3/channels?type:in=marketplace": {`"total":1`},
		"/v3/channels/1402855/site":        {`"url":"https://eu.larkspur.example.com"`},
		"/v3/abandoned-carts/f23466cb0cdc1683190cd40026449eeb":   {cartIn},
		"/v3/catalog/products/377":                               {`"price":22.5`, `"sku":"CAN-CU-2"`},
		"/v3/catalog/products?id:in=377,402&include_fields=name": {`{"id":377,"name":"Watering Can 2 L"}`, `"total":2`},
		"/v3/catalog/products/377?include=variants":              {`"variants":[{"id":498`},
		"/v3/customers?id:in=318&include=addresses,formfields,storecredit,attributes": {
			`"store_credit_amounts":[{"amount":12.5}]`, `"form_fields":[{"name":"Garden size"`, `"address1":"14 Orchard Lane"`, `"attributes":[]`},
		"/v3/customers/addresses?customer_id:in=318":      {`"city":"Duluth"`},
		"/v3/customers/form-field-values?customer_id=318": {`"value":"Large"`},
		"/v3/orders/4127/transactions":                    {`"amount":127.54`},
		"/v3/orders/4127/metafields":                      {`"data":[]`},
		"/v3/carts/" + cartIn + "?include=redirect_urls":  {`"redirect_urls":{"cart_url"`},
	} {
		if got := b.want(200, "GET", path, nil); !containsAll(string(got.body), parts...) {
			t.Errorf("%s: got %s, want %q", path, got.body, parts)
		}
	}
}

func TestCustomersPageByCursorAndFilter(t *testing.T) {
	b := setup(t)
	type page struct {
		Data []struct{ ID int }
		Meta struct {
			Cursor struct {
				End string `json:"end_cursor"`
			} `json:"cursor_pagination"`
		}
	}
	seen, after := map[int]bool{}, ""
	for {
		var p page
		b.get("/v3/customers?limit=50&after="+after).into(t, &p)
		for _, row := range p.Data {
			seen[row.ID] = true
		}
		if len(p.Data) < 50 {
			break
		}
		after = p.Meta.Cursor.End
	}
	if len(seen) != len(b.store.Customers()) {
		t.Errorf("cursors saw %d customers of %d", len(seen), len(b.store.Customers()))
	}
	var p page
	b.get("/v3/customers?email:in=INES.FALK@example.com,tomas@example.org&sort=date_created:desc").into(t, &p)
	if len(p.Data) != 2 || p.Data[0].ID != 322 {
		t.Errorf("email:in, newest first: got %+v", p.Data)
	}
	b.clock.Advance(time.Hour)
	if err := b.store.UpdateCustomer(322, map[string]any{"notes": "n"}); err != nil {
		t.Fatal(err)
	}
	b.get("/v3/customers?date_modified:min="+b.clock.Now().Format("2006-01-02T15:04:05Z")).into(t, &p)
	if len(p.Data) != 1 || p.Data[0].ID != 322 {
		t.Errorf("date_modified:min: got %+v", p.Data)
	}
	b.want(422, "GET", "/v3/customers?sort=shoe_size", nil)
	b.want(422, "GET", "/v3/customers?date_modified:min=soon", nil)
}

func TestCartsEnd(t *testing.T) {
	b := setup(t)
	id, err := b.store.NewCart(bcsim.CartOptions{CustomerID: 318, Lines: 3})
	if err != nil {
		t.Fatal(err)
	}
	b.want(200, "GET", "/v3/carts/"+id, nil)
	order, err := b.store.ConvertCart(id)
	if err != nil {
		t.Fatal(err)
	}
	b.want(404, "GET", "/v3/carts/"+id, nil)
	rows := b.orders(url.Values{"cart_id": {id}})
	if len(rows) != 1 || rows[0].ID != order || rows[0].CustomerID != 318 {
		t.Errorf("order of cart %s: got %+v, want %d of customer 318", id, rows, order)
	}
	b.clock.Advance(31 * 24 * time.Hour)
	b.want(404, "GET", "/v3/carts/"+cartIn, nil)
	if got := len(b.store.Carts()); got != 0 {
		t.Errorf("%d carts outlived 30 days", got)
	}
}

func TestScopesAreChecked(t *testing.T) {
	b := setup(t, func(c *bcsim.Config) { c.Scopes = nil })
	b.want(200, "GET", "/v2/orders/4127", nil)
	for _, write := range [][2]string{
		{"PUT", "/v2/orders/4127"}, {"DELETE", "/v2/orders/4127"}, {"POST", "/v2/orders/4127/shipments"},
		{"POST", "/v2/orders/4127/messages"}, {"PUT", "/v3/customers"}, {"PUT", "/v2/customers/318"},
		{"POST", "/v3/orders/4127/metafields"},
	} {
		b.want(403, write[0], write[1], `{"status_id":1}`)
	}
	var v3 map[string]json.RawMessage
	b.want(403, "PUT", "/v3/customers", `[]`).into(t, &v3)
	var v2 []map[string]json.RawMessage
	b.want(403, "PUT", "/v2/customers/318", `{}`).into(t, &v2)
	if got := b.orders(url.Values{"min_id": {"4127"}, "max_id": {"4127"}}); got[0].StatusID != 2 {
		t.Errorf("a forbidden write changed the order: %+v", got)
	}
}
