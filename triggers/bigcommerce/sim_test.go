package bigcommerce_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/triggers/bigcommerce"
	"cartwheel/triggers/bigcommerce/bcsim"
)

// sim is a simulated store behind HTTP, with a client for it.
type sim struct {
	*bcsim.Store
	clock  *bcsim.Clock
	client *bigcommerce.Client
	auth   engine.Auth
}

func newSim(t *testing.T, cfg bcsim.Config) *sim {
	t.Helper()
	clock := bcsim.NewClock(time.Date(2025, 9, 22, 12, 0, 0, 0, time.UTC))
	cfg.Now, cfg.After = clock.Now, clock.After
	if cfg.AccessToken == "" {
		cfg.AccessToken = token
	}
	s := bcsim.New(cfg)
	api := httptest.NewServer(s)
	h := &http.Client{Transport: &http.Transport{}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	t.Cleanup(func() { h.CloseIdleConnections(); s.Close(); api.Close() })
	sleep := func(context.Context, time.Duration) error { return nil } // the budget looks at the clock again and sends the call back
	return &sim{s, clock, bigcommerce.NewClient(bigcommerce.Options{HTTP: h, Now: clock.Now, Sleep: sleep}),
		auth(`{"store_hash":"` + s.Config().StoreHash + `","api_base_url":"` + api.URL + `"}`)}
}

func (s *sim) codes(t *testing.T, typ string, e engine.Event, labels ...string) (engine.Fetched, error) {
	t.Helper()
	return trigger(t, s.client, typ).Codes(context.Background(), &e, s.auth, nothing, codes(labels...))
}

// Every order of the store can be read in full, guests and all scripts included.
func TestEveryOrderOfTheSimulatedStore(t *testing.T) {
	s := newSim(t, bcsim.Config{Quota: -1})
	for _, o := range s.Orders() {
		got, err := s.codes(t, "bigcommerce.order_created", event("store/order/created", `{"type":"order","id":`+strconv.Itoa(o.ID)+`}`),
			"Order", "Customer | email", "Customer | store_credit", "Products", "Shipping_addresses", "Coupons", "Store", "Channel")
		if err != nil {
			t.Fatalf("order %d: %v", o.ID, err)
		}
		if id := value(t, got, "Order | id"); id != strconv.Itoa(o.ID) {
			t.Errorf("order %d: got %s", o.ID, id)
		}
		if guest := value(t, got, "Customer") == "absent"; guest != (o.CustomerID == 0) {
			t.Errorf("order %d of customer %d: Customer absent is %v", o.ID, o.CustomerID, guest)
		}
	}
}

func TestEveryCartOfTheSimulatedStore(t *testing.T) {
	s := newSim(t, bcsim.Config{Quota: -1})
	for _, c := range s.Carts() {
		got, err := s.codes(t, "bigcommerce.cart_abandoned", event("store/cart/abandoned", `{"id":"`+c.ID+`"}`), "Cart", "Cart_items", "Customer | email", "Channel")
		if id := value(t, got, "Cart | id"); err != nil || id != `"`+c.ID+`"` {
			t.Fatalf("cart %s: got %s, error %v", c.ID, id, err)
		}
	}
	c := s.Carts()[0]
	order, err := s.ConvertCart(c.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = s.codes(t, "bigcommerce.cart_abandoned", event("store/cart/abandoned", `{"id":"`+c.ID+`"}`), "Cart | id"); engine.CodeOf(err) != engine.Gone {
		t.Errorf("a cart that was bought: got %v, want gone", err)
	}
	got, err := s.codes(t, "bigcommerce.cart_converted", event("store/channel/1/cart/converted", `{"cart_id":"`+c.ID+`"}`), "Order | id")
	if id := value(t, got, "Order | id"); err != nil || id != strconv.Itoa(order) {
		t.Errorf("the order of cart %s: got %s, error %v; want %d", c.ID, id, err, order)
	}
}

func TestFaultsOfTheSimulatedStore(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("reached by %s", r.URL) }))
	defer other.Close()
	for name, tt := range map[string]struct {
		fault bcsim.Fault
		want  engine.Code
		wait  time.Duration
	}{
		"500":            {bcsim.Fault{}, engine.Temporary, 0},
		"reset":          {bcsim.Fault{Kind: bcsim.FaultReset}, engine.Temporary, 0},
		"truncated":      {bcsim.Fault{Kind: bcsim.FaultTruncate}, engine.Temporary, 0},
		"web page":       {bcsim.Fault{Kind: bcsim.FaultHTML}, engine.Temporary, 0},
		"text":           {bcsim.Fault{Kind: bcsim.FaultText}, engine.Temporary, 0},
		"empty":          {bcsim.Fault{Kind: bcsim.FaultEmpty}, engine.Temporary, 0},
		"gzip bomb":      {bcsim.Fault{Kind: bcsim.FaultGzipBomb}, engine.Temporary, 0},
		"endless":        {bcsim.Fault{Kind: bcsim.FaultEndless}, engine.Temporary, 0},
		"redirect":       {bcsim.Fault{Kind: bcsim.FaultRedirect, URL: other.URL}, engine.Temporary, 0},
		"401":            {bcsim.Fault{Status: 401}, engine.Denied, 0},
		"403":            {bcsim.Fault{Status: 403}, engine.Denied, 0},
		"404":            {bcsim.Fault{Status: 404}, engine.NotFound, 0},
		"429":            {bcsim.Fault{Status: 429}, engine.Temporary, 12 * time.Second},
		"429, no header": {bcsim.Fault{Status: 429, NoRate: true}, engine.Temporary, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSim(t, bcsim.Config{})
			tt.fault.Path = "/v2/orders/4127"
			s.Fault(tt.fault)
			_, err := s.codes(t, "bigcommerce.shipment_created", shipped, "Order | id", "Shipment | id")
			e := asError(t, err)
			if e.Code != tt.want || (tt.wait > 0) != e.Free || (e.Wait-tt.wait).Abs() > time.Second {
				t.Errorf("got %s, wait %v, free %v (%v); want %s after %v", e.Code, e.Wait, e.Free, err, tt.want, tt.wait)
			}
			if n := len(s.Requests()); n > 1 && name != "reset" {
				t.Errorf("got %d requests, want the failure of the order to end it", n)
			}
			s.ClearFaults()
			s.clock.Advance(15 * time.Second)
			if _, err := s.codes(t, "bigcommerce.shipment_created", shipped, "Order | id", "Shipment | id"); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

func TestMissingScopesAreNamed(t *testing.T) {
	s := newSim(t, bcsim.Config{Scopes: []string{"store_v2_orders_read_only"}})
	_, err := s.codes(t, "bigcommerce.shipment_created", shipped, "Order | id", "Customer | email")
	if e := asError(t, err); e.Code != engine.Denied || !strings.Contains(e.Message, "Customers read-only") {
		t.Errorf("got %s %q, want denied for want of Customers read-only", e.Code, e.Message)
	}
}

// 300 events in virtual time: never more than four fifths of the store's quota in a window.
func TestQuotaUnderLoad(t *testing.T) {
	s := newSim(t, bcsim.Config{})
	want := codes("Order | id", "Customer | email")
	tr := trigger(t, s.client, "bigcommerce.shipment_created")
	done := 0
	for done < 300 {
		_, err := tr.Codes(context.Background(), &shipped, s.auth, nothing, want)
		if err == nil {
			done++
			s.clock.Advance(50 * time.Millisecond)
			continue
		}
		e := asError(t, err)
		if !e.Free || e.Wait <= 0 || e.Wait > 31*time.Second {
			t.Fatalf("got %v after %d events", err, done)
		}
		s.clock.Advance(e.Wait)
	}
	windows := map[time.Time]int{}
	for _, r := range s.Requests() {
		windows[r.At.Truncate(30*time.Second)]++
		if r.Status == http.StatusTooManyRequests {
			t.Fatalf("the store answered 429 at %v", r.At)
		}
	}
	for at, n := range windows {
		if n > 120 {
			t.Errorf("window %v: %d calls, want at most 120 of 150", at, n)
		}
	}
}
