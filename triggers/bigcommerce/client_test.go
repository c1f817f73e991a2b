package bigcommerce_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/triggers/bigcommerce"
)

func TestCallTurnsStatusesIntoErrors(t *testing.T) {
	type errorCase struct {
		Case    string            `json:"case"`
		Status  int               `json:"status"`
		Headers map[string]string `json:"headers"`
		Body    json.RawMessage   `json:"body"`
	}
	var cases []errorCase
	if err := json.Unmarshal([]byte(payload(t, "errors.json")), &cases); err != nil {
		t.Fatal(err)
	}
	want := map[string]struct {
		code  engine.Code
		words string
	}{
		"v2_not_found":                {engine.NotFound, "The requested resource was not found."},
		"v2_bad_request_with_details": {engine.Rejected, "A field of this order cannot be changed; invalid_reason: status_id is not a known status."},
		"v2_empty_list":               {"", ""},
		"v3_cart_gone":                {engine.NotFound, "Cart not found."},
		"v3_unprocessable":            {engine.Rejected, "destination: error.path.missing."},
		"v3_empty_hook_update":        {engine.Rejected, "Update webhook request should not be empty"},
		"v3_bad_token":                {engine.Denied, "refused the access token (401): The access token is not valid"},
		"v3_missing_scope":            {engine.Denied, "lacks the permission for orders (403)"},
		"v3_empty_list":               {"", ""},
		"rate_limited":                {engine.Temporary, "fewer calls"},
		"store_overloaded":            {engine.Temporary, "fewer calls"},
		"plain_text":                  {engine.Temporary, "down for maintenance"},
	}
	for _, c := range cases {
		t.Run(c.Case, func(t *testing.T) {
			body := string(c.Body)
			var text string
			if body == "null" || json.Unmarshal(c.Body, &text) == nil {
				body = text
			}
			s := &store{replies: map[string]reply{"GET /v2/orders/1": {status: c.Status, body: body, header: c.Headers}}}
			err := client(s, newClock()).Call(context.Background(), shop(), "GET", "/v2/orders/1", nil, nil)
			w, known := want[c.Case]
			if !known {
				t.Fatalf("no expectation for %s", c.Case)
			}
			if engine.CodeOf(err) != w.code {
				t.Fatalf("got %q (%v), want %q", engine.CodeOf(err), err, w.code)
			}
			if err != nil && !strings.Contains(asError(t, err).Message, w.words) {
				t.Errorf("got %q, want it to say %q", err, w.words)
			}
		})
	}
}

func TestStatusesWithoutWords(t *testing.T) {
	for status, want := range map[int]engine.Code{
		200: "", 201: "", 204: "", 207: "", 301: engine.Temporary, 400: engine.Rejected, 401: engine.Denied, 403: engine.Denied, 404: engine.NotFound,
		405: engine.Rejected, 408: engine.Temporary, 409: engine.Rejected, 422: engine.Rejected, 423: engine.Temporary, 425: engine.Temporary,
		429: engine.Temporary, 499: engine.Temporary, 500: engine.Temporary, 501: engine.Rejected, 503: engine.Temporary, 507: engine.Rejected,
	} {
		s := &store{replies: map[string]reply{"PUT /v2/orders/1": {status: status}}}
		err := client(s, newClock()).Call(context.Background(), shop(), "PUT", "/v2/orders/1", map[string]int{"status_id": 2}, nil)
		if got := engine.CodeOf(err); got != want {
			t.Errorf("%d: got %q (%v), want %q", status, got, err, want)
		}
		if err != nil && !strings.HasSuffix(err.Error(), ".") {
			t.Errorf("%d: %q is no sentence", status, err)
		}
	}
}

func TestForbiddenNamesTheMissingPermission(t *testing.T) {
	for path, want := range map[string]string{
		"GET /v2/orders/5/products?limit=250": "Orders read-only",
		"PUT /v2/orders/5":                    "Orders modify",
		"GET /v3/customers?id:in=5":           "Customers read-only",
		"GET /v3/carts/1b8e69e0-b6d2":         "Carts read-only",
		"GET /v2/store":                       "Information & Settings read-only",
		"GET /v3/channels/1":                  "Channel Settings read-only",
		"GET /v3/hooks":                       "does not allow GET /v3/hooks (403)",
	} {
		method, path, _ := strings.Cut(path, " ")
		s := &store{answer: func(*http.Request) (reply, bool) { return reply{status: 403}, true }}
		err := client(s, newClock()).Call(context.Background(), shop(), method, path, nil, nil)
		if engine.CodeOf(err) != engine.Denied || !strings.Contains(err.Error(), want) {
			t.Errorf("%s %s: got %v, want it to say %q", method, path, err, want)
		}
	}
}

func TestCallSendsAndReadsJSON(t *testing.T) {
	s := &store{replies: map[string]reply{"PUT /v2/orders/7": ok(`{"id":7,"status":"Shipped"}`), "GET /v2/orders": {status: 204}}}
	c := client(s, newClock())
	var out struct{ Status string }
	if err := c.Call(context.Background(), shop(), "PUT", "/v2/orders/7", map[string]int{"status_id": 2}, &out); err != nil || out.Status != "Shipped" {
		t.Errorf("got %+v, error %v", out, err)
	}
	h := s.headers[0]
	for name, want := range map[string]string{"X-Auth-Token": token, "Accept": "application/json", "Content-Type": "application/json", "User-Agent": "Cartwheel"} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	list := []any{"untouched"}
	if err := c.Call(context.Background(), shop(), "GET", "/v2/orders?limit=1", nil, &list); err != nil || len(list) != 1 {
		t.Errorf("204: got %v, error %v; want out as it was", list, err)
	}
}

func TestStoreWordsAreRedactedAndShort(t *testing.T) {
	s := &store{answer: func(r *http.Request) (reply, bool) {
		return reply{status: 400, body: "bad token " + r.Header.Get("X-Auth-Token") + "\r\n\x00" + strings.Repeat("long ", 500)}, true
	}}
	e := asError(t, client(s, newClock()).Call(context.Background(), shop(), "GET", "/v2/time", nil, nil))
	if !strings.Contains(e.Message, "***") || len(e.Message) > 300 || strings.ContainsAny(e.Message, "\r\n\x00") {
		t.Errorf("got %q", e.Message)
	}
}

func TestAnswersThatCannotBeRead(t *testing.T) {
	html := reply{status: 200, body: "<!doctype html><title>Maintenance</title>", header: map[string]string{"Content-Type": "text/html"}}
	for _, tt := range []struct {
		name  string
		reply reply
		words string
	}{
		{"a web page with 200", html, "a web page instead of JSON"},
		{"half a JSON", ok(`{"id":4127,"status`), "no JSON, or only a part"},
		{"another type", ok(`[1,2]`), "JSON without an id"},
		{"a number", ok(`5`), "JSON without an id"},
		{"null", ok(`null`), "JSON without an id"},
		{"nothing", ok(``), "JSON without an id"},
		{"204", reply{status: 204}, "JSON without an id"},
		{"too much", ok(`"` + strings.Repeat("x", 5<<20) + `"`), "more than 5 MiB"},
		{"a broken connection", reply{err: errors.New("connection reset by peer " + token)}, "could not be reached"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := larkspur(t)
			s.replies["GET /v2/orders/4127"] = tt.reply
			_, err := trigger(t, client(s, newClock()), "bigcommerce.shipment_created").Codes(context.Background(), &shipped, shop(), nothing, codes("Order | id"))
			e := asError(t, err)
			if e.Code != engine.Temporary || e.Free || !strings.Contains(e.Message, tt.words) {
				t.Errorf("got %s (free %v) %q, want temporary %q", e.Code, e.Free, e.Message, tt.words)
			}
		})
	}
}

func TestAWriteWhoseAnswerIsLostHasAnUnknownOutcome(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte(`{"id":`)) // and the connection is cut
	}))
	defer server.Close()
	c, a := realClient(server), auth(`{"store_hash":"`+hash+`","api_base_url":"`+server.URL+`"}`)
	for method, want := range map[string]engine.Code{"GET": engine.Temporary, "PUT": engine.UnknownOutcome, "POST": engine.UnknownOutcome} {
		var out map[string]any
		err := c.Call(context.Background(), a, method, "/v2/orders/1", nil, &out)
		if got := engine.CodeOf(err); got != want {
			t.Errorf("%s: got %q (%v), want %q", method, got, err, want)
		}
	}
}

func TestTheTokenNeverFollowsARedirect(t *testing.T) {
	var reached atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer other.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := httptest.NewServer(http.RedirectHandler(other.URL, status))
		a := auth(`{"store_hash":"` + hash + `","api_base_url":"` + server.URL + `"}`)
		err := realClient(server).Call(context.Background(), a, "GET", "/v2/store", nil, nil)
		if e := asError(t, err); e.Code != engine.Temporary || !strings.Contains(e.Message, "redirect") {
			t.Errorf("%d: got %v", status, err)
		}
		server.Close()
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("the other server was reached %d times", n)
	}
}

func TestACancelledCallIsNoAttempt(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	s := &store{answer: func(*http.Request) (reply, bool) {
		cancel()
		return reply{err: context.Canceled}, true
	}}
	if e := asError(t, client(s, newClock()).Call(ctx, shop(), "GET", "/v2/store", nil, nil)); e.Code != engine.Temporary || !e.Free {
		t.Errorf("got %s, free %v; want temporary and free", e.Code, e.Free)
	}
}

func TestCallNeedsAStoreAndAToken(t *testing.T) {
	s := &store{}
	for config, secret := range map[string]string{`{}`: token, `{"store_hash":"abc"}`: "", `nonsense`: token} {
		a := engine.NewAuth("x", "X", "bigcommerce", json.RawMessage(config), 1, map[string]string{"access_token": secret})
		if err := client(s, newClock()).Call(context.Background(), a, "GET", "/v2/store", nil, nil); engine.CodeOf(err) != engine.Denied {
			t.Errorf("%s: got %v, want denied", config, err)
		}
	}
	if len(s.calls) != 0 {
		t.Errorf("got calls %v, want none", s.calls)
	}
}

func TestObserveSeesEachCallWithoutIDs(t *testing.T) {
	s, c := larkspur(t), newClock()
	s.replies["GET /v2/orders/4127/products"] = reply{status: 200, body: "[]", header: map[string]string{"X-Rate-Limit-Requests-Left": "41"}}
	var store, resource string
	var status, left int
	cl := bigcommerce.NewClient(bigcommerce.Options{HTTP: s, Now: c.Now, Observe: func(st, r string, code, l int, _ time.Duration) {
		store, resource, status, left = st, r, code, l
	}})
	if err := cl.Call(context.Background(), shop(), "GET", "/v2/orders/4127/products?limit=250", nil, nil); err != nil {
		t.Fatal(err)
	}
	if store != hash || resource != "orders/products" || status != 200 || left != 41 {
		t.Errorf("got %q %q %d %d", store, resource, status, left)
	}
}

// realClient speaks HTTP as the guarded client of the program does: no redirects.
func realClient(s *httptest.Server) *bigcommerce.Client {
	h := s.Client()
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return bigcommerce.NewClient(bigcommerce.Options{HTTP: h})
}
