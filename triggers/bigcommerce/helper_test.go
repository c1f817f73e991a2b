package bigcommerce_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"cartwheel/engine"
	"cartwheel/merge"
	"cartwheel/triggers/bigcommerce"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	hash       = "k7mq2zt9ax"
	token      = "canary-access-token-0001"
	hookSecret = "canary-hook-secret-0001"
)

// auth makes an opened authentication; extra are more secrets by name.
func auth(config string, extra ...string) engine.Auth {
	secrets := map[string]string{"access_token": token, "_hook_secret": hookSecret}
	for i := 0; i+1 < len(extra); i += 2 {
		secrets[extra[i]] = extra[i+1]
	}
	return engine.NewAuth("larkspur", "Larkspur", "bigcommerce", json.RawMessage(config), 1, secrets)
}

func shop() engine.Auth { return auth(`{"store_hash":"` + hash + `"}`) }

// clock is a time that tests move; Sleep moves it.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	slept time.Duration
}

func newClock() *clock { return &clock{now: time.Date(2025, 9, 22, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (c *clock) Sleep(_ context.Context, d time.Duration) error {
	c.Add(d)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slept += d
	return nil
}

// reply is what the fake store answers.
type reply struct {
	status int
	body   string
	header map[string]string
	err    error
}

func ok(body string) reply { return reply{status: 200, body: body} }

// store answers by "METHOD /v2/path", without the query; anything else is a 404.
type store struct {
	mu      sync.Mutex
	replies map[string]reply
	calls   []string // with their queries
	headers []http.Header
	answer  func(*http.Request) (reply, bool) // asked first
}

func (s *store) Do(req *http.Request) (*http.Response, error) {
	_, path, _ := strings.Cut(req.URL.Path, "/stores/"+hash)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, req.Method+" "+strings.TrimSuffix(path+"?"+req.URL.RawQuery, "?"))
	s.headers = append(s.headers, req.Header)
	r, found := reply{}, false
	if s.answer != nil {
		r, found = s.answer(req)
	}
	if !found {
		if r, found = s.replies[req.Method+" "+path]; !found {
			r = reply{status: 404, body: `[{"status":404,"message":"The requested resource was not found."}]`}
		}
	}
	if r.err != nil {
		return nil, r.err
	}
	h := http.Header{}
	for k, v := range r.header {
		h.Set(k, v)
	}
	return &http.Response{StatusCode: r.status, Header: h, Body: io.NopCloser(strings.NewReader(r.body)), Request: req}, nil
}

func client(s bigcommerce.Doer, c *clock) *bigcommerce.Client {
	return bigcommerce.NewClient(bigcommerce.Options{HTTP: s, Now: c.Now, Sleep: c.Sleep})
}

// trigger finds one by its type.
func trigger(t *testing.T, c *bigcommerce.Client, typ string) engine.Trigger {
	t.Helper()
	for _, tr := range bigcommerce.Triggers(c) {
		if tr.Spec().Type == typ {
			return tr
		}
	}
	t.Fatalf("no trigger %s", typ)
	return nil
}

// payload reads a file of testdata/payloads.
func payload(t testing.TB, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "payloads", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// part picks a part of a JSON text: member names and indexes.
func pick(t testing.TB, src string, path ...any) string {
	t.Helper()
	v, err := merge.Decode([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range path {
		switch p := p.(type) {
		case string:
			v, _ = v.(merge.Object).Get(p)
		case int:
			v = v.([]any)[p]
		}
	}
	return merge.JSON(v)
}

// larkspur is the store of the payload files.
func larkspur(t testing.TB) *store {
	shipments := payload(t, "v2_order_shipments.json")
	customers := payload(t, "v3_customers.json")
	return &store{replies: map[string]reply{
		"GET /v2/orders/4127":                                ok(payload(t, "v2_order.json")),
		"GET /v2/orders/4131":                                ok(payload(t, "v2_order_guest.json")),
		"GET /v2/orders":                                     ok("[" + payload(t, "v2_order.json") + "]"),
		"GET /v2/orders/4127/products":                       ok(payload(t, "v2_order_products.json")),
		"GET /v2/orders/4127/shipping_addresses":             ok(payload(t, "v2_order_shipping_addresses.json")),
		"GET /v2/orders/4127/coupons":                        {status: 204},
		"GET /v2/orders/4127/shipments":                      ok(shipments),
		"GET /v2/orders/4127/shipments/903":                  ok(pick(t, shipments, 1)),
		"GET /v2/customers/318":                              ok(payload(t, "v2_customer.json")),
		"GET /v3/customers":                                  ok(`{"data":[` + pick(t, customers, "data", 0) + `],"meta":{}}`),
		"GET /v3/carts/1b8e69e0-b6d2-438c-be80-4588be180a1f": ok(payload(t, "v3_cart_signed_in.json")),
		"GET /v3/carts/16712159-8beb-479e-882f-20b4e065429d": ok(payload(t, "v3_cart_guest.json")),
		"GET /v2/store":                                      ok(`{"id":"k7mq2zt9ax","name":"Larkspur","domain":"larkspur.example.com","timezone":{"name":"America/Chicago","raw_offset":-21600}}`),
		"GET /v3/channels/1":                                 ok(`{"data":{"id":1,"name":"Larkspur","type":"storefront"},"meta":{}}`),
	}}
}

func event(scope, data string) engine.Event {
	return engine.Event{Scope: scope, Data: json.RawMessage(data)}
}

var (
	shipped   = event("store/shipment/created", `{"type":"shipment","id":903,"orderId":4127}`)
	converted = event("store/cart/converted", `{"type":"cart","id":"bf67b782-ee87-4be1-9303-8877b083f081","orderId":4127}`)
	abandoned = event("store/cart/abandoned", `{"type":"cart","id":"1b8e69e0-b6d2-438c-be80-4588be180a1f"}`)
)

func codes(labels ...string) []merge.Code {
	out := make([]merge.Code, len(labels))
	for i, l := range labels {
		out[i] = merge.Code("BigCommerce | " + l)
	}
	return out
}

// value looks up one code of what was fetched.
func value(t *testing.T, f engine.Fetched, label string) string {
	t.Helper()
	v, found := f.Values.Lookup(merge.Code("BigCommerce | " + label))
	if !found {
		return "absent"
	}
	return merge.JSON(v)
}

func asError(t *testing.T, err error) *engine.Error {
	t.Helper()
	e, isError := errors.AsType[*engine.Error](err)
	if !isError {
		t.Fatalf("got %v (%T), want an engine.Error", err, err)
	}
	if strings.Contains(e.Error(), token) || strings.Contains(e.Error(), hookSecret) {
		t.Errorf("the message shows a secret: %q", e.Error())
	}
	return e
}
