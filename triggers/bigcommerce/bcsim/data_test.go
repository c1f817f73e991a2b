package bcsim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"cartwheel/triggers/bigcommerce/bcsim"
)

// dump reads all orders with their parts, customers and carts without a network.
func dump(t *testing.T, seed uint64) string {
	t.Helper()
	clock := bcsim.NewClock(start)
	s := bcsim.New(bcsim.Config{Seed: seed, Now: clock.Now, After: clock.After, Quota: -1})
	defer s.Close()
	var all strings.Builder
	get := func(format string, args ...any) {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, s.BasePath()+fmt.Sprintf(format, args...), nil)
		req.Header.Set("X-Auth-Token", s.Config().AccessToken)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, req)
		all.WriteString(w.Body.String())
	}
	for _, o := range s.Orders() {
		for _, part := range []string{"", "/products", "/shipments", "/shipping_addresses", "/coupons"} {
			get("/v2/orders/%d%s", o.ID, part)
		}
	}
	for _, cu := range s.Customers() {
		get("/v2/customers/%d", cu.ID)
		get("/v3/customers?id:in=%d", cu.ID)
	}
	for _, ca := range s.Carts() {
		get("/v3/carts/%s", ca.ID)
	}
	return all.String()
}

func TestDataDependOnTheSeedAlone(t *testing.T) {
	first, second, other := dump(t, 1), dump(t, 1), dump(t, 2)
	if first != second {
		t.Error("the same seed made different data")
	}
	if first == other {
		t.Error("another seed made the same data")
	}
}

func TestDataCoverWhatStoresHave(t *testing.T) {
	for _, seed := range []uint64{0, 1, 42} {
		b := setup(t, func(c *bcsim.Config) { c.Seed = seed })
		orders := b.store.Orders()
		statuses, channels, currencies, guests, split := map[int]int{}, map[int]int{}, map[string]int{}, 0, 0
		for _, o := range orders {
			statuses[o.StatusID]++
			channels[o.ChannelID]++
			currencies[o.Currency]++
			if o.CustomerID == 0 {
				guests++
			}
			if len(o.Shipments) > 1 {
				split++
			}
			if !strings.HasSuffix(o.Email, "@example.com") && !strings.HasSuffix(o.Email, "@example.net") && !strings.HasSuffix(o.Email, "@example.org") {
				t.Errorf("order %d has the e-mail address %q", o.ID, o.Email)
			}
			if o.Created.After(start) || o.Modified.Before(o.Created) {
				t.Errorf("order %d: created %v, modified %v", o.ID, o.Created, o.Modified)
			}
		}
		if len(orders) != 202 || len(channels) != 3 || len(currencies) != 4 || guests < 30 || guests > 75 || split < 2 {
			t.Errorf("seed %d: %d orders, channels %v, currencies %v, %d guests, %d split", seed, len(orders), channels, currencies, guests, split)
		}
		for status := range 15 {
			if statuses[status] == 0 {
				t.Errorf("seed %d: no order has status %d", seed, status)
			}
		}
		carts := map[string]int{}
		for _, ca := range b.store.Carts() {
			switch {
			case ca.CustomerID != 0:
				carts["customer"]++
			case ca.Email != "":
				carts["guest with e-mail"]++
			default:
				carts["guest"]++
			}
		}
		if len(carts) != 3 {
			t.Errorf("seed %d: carts %v", seed, carts)
		}
	}
}

func TestNamesComeInManyScripts(t *testing.T) {
	text := dump(t, 0)
	for name, script := range map[string]*unicode.RangeTable{
		"Latin": unicode.Latin, "Greek": unicode.Greek, "Cyrillic": unicode.Cyrillic, "Arabic": unicode.Arabic,
		"Hebrew": unicode.Hebrew, "Han": unicode.Han, "Hangul": unicode.Hangul, "Hiragana": unicode.Hiragana,
		"Katakana": unicode.Katakana, "Thai": unicode.Thai, "Devanagari": unicode.Devanagari,
	} {
		if !strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(script, r) }) {
			t.Errorf("nobody is written in %s", name)
		}
	}
	for _, part := range []string{"O'Brien", "{{ BigCommerce", `"last_name":""`, `"first_name":""`, `"order_is_digital":true`, `"shipping_address_count":2`} {
		if !strings.Contains(text, part) {
			t.Errorf("the data hold no %s", part)
		}
	}
}

func TestAmountsOfOrdersAddUp(t *testing.T) {
	b := setup(t)
	number := func(text any) float64 {
		f, err := strconv.ParseFloat(fmt.Sprint(text), 64)
		if err != nil {
			t.Fatalf("%v: %v", text, err)
		}
		return f
	}
	near := func(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 }
	for _, o := range b.store.Orders()[2:] {
		var body map[string]any
		b.get(fmt.Sprintf("/v2/orders/%d", o.ID)).into(t, &body)
		var rows []map[string]any
		b.get(fmt.Sprintf("/v2/orders/%d/products", o.ID)).into(t, &rows)
		lines, items := 0.0, 0.0
		for _, row := range rows {
			lines += number(row["total_ex_tax"])
			items += number(row["quantity"])
		}
		total := number(body["subtotal_ex_tax"]) + number(body["shipping_cost_ex_tax"]) - number(body["discount_amount"]) - number(body["coupon_discount"])
		if !near(lines, number(body["subtotal_ex_tax"])) || !near(items, number(body["items_total"])) ||
			!near(total, number(body["total_ex_tax"])) || !near(number(body["total_ex_tax"])+number(body["total_tax"]), number(body["total_inc_tax"])) {
			t.Errorf("order %d does not add up: lines %v, items %v, %v", o.ID, lines, items, body)
		}
	}
}

func TestHostileOrders(t *testing.T) {
	b := setup(t)
	id := b.store.AddHostileOrder()
	if _, err := b.store.Ship(id); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"", "/products", "/shipments", "/shipping_addresses"} {
		a := b.want(200, "GET", fmt.Sprintf("/v2/orders/%d%s", id, part), nil)
		if !json.Valid(a.body) || !containsAll(string(a.body), `<script>`, `\r\nBcc: x@example.com`, `{{ BigCommerce | Order | id }}`) {
			t.Errorf("%q: %s", part, a.body)
		}
	}
	polite := b.store.AddHostileOrderFor("someone@example.com")
	if got := b.want(200, "GET", fmt.Sprintf("/v2/orders/%d", polite), nil); !containsAll(string(got.body), `"email":"someone@example.com"`) {
		t.Errorf("got %s", got.body)
	}
	cart := b.store.AddHostileCart("someone@example.com")
	if err := b.store.AbandonCart(cart); err != nil {
		t.Error(err)
	}
}

func TestReadingAndWritingAtOnce(t *testing.T) {
	b := setup(t)
	b.hook("store/order/*", hookURL)
	done := make(chan error, 4)
	for range 3 {
		go func() {
			for range 60 {
				if a, err := b.try("GET", "/v2/orders/4127", nil); err != nil || a.status != 200 {
					done <- fmt.Errorf("%d %w", a.status, err)
					return
				}
			}
			done <- nil
		}()
	}
	go func() {
		for i := range 60 {
			if err := b.store.UpdateOrder(4127, map[string]any{"staff_notes": strconv.Itoa(i)}); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if got := b.scopes()["store/order/updated"]; got != 60 {
		t.Errorf("got %d callbacks, want 60", got)
	}
}

func BenchmarkGetOrder(b *testing.B) {
	s := bcsim.New(bcsim.Config{Quota: -1})
	defer s.Close()
	req := httptest.NewRequestWithContext(b.Context(), http.MethodGet, s.BasePath()+"/v2/orders/4127", nil)
	req.Header.Set("X-Auth-Token", s.Config().AccessToken)
	b.ReportAllocs()
	for b.Loop() {
		s.ServeHTTP(httptest.NewRecorder(), req)
	}
}
