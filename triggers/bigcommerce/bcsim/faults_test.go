package bcsim_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"cartwheel/triggers/bigcommerce/bcsim"
)

func TestQuotaAndItsHeaders(t *testing.T) {
	b := setup(t, func(c *bcsim.Config) { c.Quota = 3 })
	for _, left := range []string{"2", "1", "0"} {
		got := b.want(200, "GET", "/v2/time", nil)
		if h := got.header; h.Get("X-Rate-Limit-Requests-Left") != left || h.Get("X-Rate-Limit-Requests-Quota") != "3" ||
			h.Get("X-Rate-Limit-Time-Window-Ms") != "30000" || h.Get("X-Request-Id") == "" || h.Get("X-Retry-After") != "" {
			t.Errorf("want %s left, got %v", left, h)
		}
	}
	b.clock.Advance(18 * time.Second)
	got := b.want(429, "GET", "/v2/time", nil)
	if h := got.header; h.Get("X-Rate-Limit-Time-Reset-Ms") != "12000" || h.Get("X-Retry-After") != "12" || h.Get("X-Rate-Limit-Requests-Left") != "0" {
		t.Errorf("limited: got %v", h)
	}
	b.clock.Advance(12 * time.Second)
	b.want(200, "GET", "/v2/time", nil)
	b.store.SetQuota(-1)
	for range 200 {
		b.want(200, "GET", "/v2/time", nil)
	}
}

func TestStatusFaults(t *testing.T) {
	b := setup(t)
	tests := []struct {
		name  string
		fault bcsim.Fault
		path  string
		check func(answer) bool
	}{
		{"429 with headers", bcsim.Fault{Status: 429, Times: 1}, "/v2/store", func(a answer) bool {
			return a.status == 429 && a.header.Get("X-Rate-Limit-Time-Reset-Ms") == "11400" && a.header.Get("X-Retry-After") == "12"
		}},
		{"429 without", bcsim.Fault{Status: 429, NoRate: true, Times: 1}, "/v2/store", func(a answer) bool {
			return a.status == 429 && len(a.body) == 0 && a.header.Get("X-Rate-Limit-Time-Reset-Ms") == "" && a.header.Get("X-Retry-After") == ""
		}},
		{"401", bcsim.Fault{Status: 401, Times: 1}, "/v2/orders/4127", func(a answer) bool { return a.status == 401 && a.body[0] == '{' }},
		{"403 V2", bcsim.Fault{Status: 403, Times: 1}, "/v2/orders/4127", func(a answer) bool { return a.status == 403 && a.body[0] == '[' }},
		{"404 V3", bcsim.Fault{Status: 404, Times: 1}, "/v3/channels", func(a answer) bool { return a.status == 404 && a.body[0] == '{' }},
		{"500", bcsim.Fault{Times: 1}, "/v2/time", func(a answer) bool { return a.status == 500 }},
		{"text", bcsim.Fault{Kind: bcsim.FaultText, Times: 1}, "/v2/time", func(a answer) bool {
			return a.status == 503 && string(a.body) == "The store is down for maintenance"
		}},
		{"nothing", bcsim.Fault{Kind: bcsim.FaultEmpty, Status: 502, Times: 1}, "/v2/time", func(a answer) bool { return a.status == 502 && len(a.body) == 0 }},
		{"HTML", bcsim.Fault{Kind: bcsim.FaultHTML, Times: 1}, "/v2/time", func(a answer) bool {
			return a.status == 200 && strings.HasPrefix(a.header.Get("Content-Type"), "text/html")
		}},
		{"own body", bcsim.Fault{Status: 200, Body: `{"id":`, Times: 1}, "/v2/orders/4127", func(a answer) bool { return string(a.body) == `{"id":` }},
		{"redirect", bcsim.Fault{Kind: bcsim.FaultRedirect, URL: "https://evil.example.net/", Times: 1}, "/v2/store", func(a answer) bool {
			return a.status == 302 && a.header.Get("Location") == "https://evil.example.net/"
		}},
		{"wrong types", bcsim.Fault{Kind: bcsim.FaultWrongTypes, Times: 1}, "/v2/orders/4127", func(a answer) bool {
			return json.Valid(a.body) && containsAll(string(a.body), `"id":["seven"]`, `"status":7`, `"is_deleted":{"yes":false}`)
		}},
	}
	for _, test := range tests {
		b.store.Fault(test.fault)
		if got := b.get(test.path); !test.check(got) {
			t.Errorf("%s: got %d %v %.200s", test.name, got.status, got.header, got.body)
		}
		if got := b.get(test.path); got.status != 200 {
			t.Errorf("%s: the fault outlived its one time: %d", test.name, got.status)
		}
	}
	requests := b.store.Requests()
	if !requests[0].Fault || requests[0].Status != 429 || requests[1].Fault || requests[0].ClientID == "" {
		t.Errorf("ledger: %+v", requests[:2])
	}
}

func TestFaultsMatchByMethodPathCountAndTime(t *testing.T) {
	b := setup(t)
	statuses := func(paths ...string) (out []int) {
		for _, path := range paths {
			out = append(out, b.get(path).status)
		}
		return out
	}
	check := func(name string, got []int, want ...int) {
		t.Helper()
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: got %v, want %v", name, got, want)
				return
			}
		}
	}
	remove := b.store.Fault(bcsim.Fault{Path: "/v2/orders/*"})
	check("one segment", statuses("/v2/orders/4127", "/v2/orders/4127/products", "/v2/orders"), 500, 200, 200)
	remove()
	b.store.Fault(bcsim.Fault{Path: "/v2/orders/**"})
	check("all below", statuses("/v2/orders/4127", "/v2/orders/4127/products", "/v2/orders", "/v2/time"), 500, 500, 500, 200)
	b.store.ClearFaults()
	b.store.Fault(bcsim.Fault{Method: "PUT"})
	check("method", statuses("/v2/time"), 200)
	b.store.ClearFaults()
	b.store.Fault(bcsim.Fault{Skip: 1, Times: 2})
	check("count", statuses("/v2/time", "/v2/time", "/v2/time", "/v2/time"), 200, 500, 500, 200)
	b.store.Fault(bcsim.Fault{For: time.Minute})
	check("time", statuses("/v2/time"), 500)
	b.clock.Advance(time.Minute)
	check("time is over", statuses("/v2/time"), 200)
}

func TestBrokenConnections(t *testing.T) {
	b := setup(t)
	b.store.Fault(bcsim.Fault{Kind: bcsim.FaultReset, Times: 1})
	_, err := b.try("POST", "/v3/hooks", `{}`) // a POST is not repeated by the transport
	if !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, io.EOF) {
		t.Errorf("reset: got %v", err)
	}
	b.store.Fault(bcsim.Fault{Kind: bcsim.FaultTruncate, Times: 1})
	got, err := b.try("GET", "/v2/orders/4127", nil)
	if !errors.Is(err, io.ErrUnexpectedEOF) || len(got.body) == 0 {
		t.Errorf("truncated: got %d bytes, %v", len(got.body), err)
	}
	for _, fault := range []bcsim.Fault{{Kind: bcsim.FaultHang, Times: 1}, {Kind: bcsim.FaultSlow, Pause: time.Hour, Times: 1}} {
		b.store.Fault(fault)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.api.URL+b.store.BasePath()+"/v2/time", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Auth-Token", b.token)
		res, err := b.api.Client().Do(req)
		if err == nil {
			_, err = io.ReadAll(res.Body)
			_ = res.Body.Close()
		}
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("kind %d: got %v, want the client's own time-out", fault.Kind, err)
		}
		cancel()
	}
}

func TestSlowAnswersAreComplete(t *testing.T) {
	b := setup(t)
	b.store.Fault(bcsim.Fault{Kind: bcsim.FaultSlow, Pause: time.Microsecond, Times: 1})
	if got := b.get("/v2/time"); !json.Valid(got.body) {
		t.Errorf("got %s", got.body)
	}
}

// read gets up to limit bytes of a faulty answer without the transport's own unpacking.
func (b *bench) read(kind bcsim.FaultKind, limit int64) (*http.Response, []byte) {
	b.Helper()
	b.store.Fault(bcsim.Fault{Kind: kind, Times: 1})
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, b.api.URL+b.store.BasePath()+"/v2/store", nil)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("X-Auth-Token", b.token)
	req.Header.Set("Accept-Encoding", "identity")
	res, err := b.api.Client().Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(res.Body, limit))
	if err != nil {
		b.Fatal(err)
	}
	return res, raw
}

func TestBombAndEndlessBody(t *testing.T) {
	b := setup(t)
	res, raw := b.read(bcsim.FaultGzipBomb, 64<<10)
	if res.Header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("headers %v", res.Header)
	}
	z, err := gzip.NewReader(strings.NewReader(string(raw)))
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := io.Copy(io.Discard, io.LimitReader(z, 32<<20)); n < 32<<20 {
		t.Errorf("%d bytes on the wire unpack to %d only", len(raw), n)
	}
	if _, raw = b.read(bcsim.FaultEndless, 6<<20); len(raw) != 6<<20 || raw[0] != '[' {
		t.Errorf("endless: got %d bytes", len(raw))
	}
}

func TestRequestsAreChecked(t *testing.T) {
	b := setup(t)
	send := func(path, header, value string) int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, b.api.URL+path, strings.NewReader(`{"status_id":1}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Auth-Token", b.token)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set(header, value)
		res, err := b.api.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		return res.StatusCode
	}
	order := b.store.BasePath() + "/v2/orders/4127"
	for _, test := range []struct {
		path, header, value string
		want                int
	}{
		{order, "Accept", "application/json", 200}, {order, "Accept", "application/xml", 406},
		{order, "Content-Type", "text/plain", 415}, {order, "X-Auth-Token", "", 401},
		{"/stores/another/v2/orders/4127", "Accept", "*/*", 401}, {"/v2/orders/4127", "Accept", "*/*", 404},
		{order + "?a=%zz", "Accept", "*/*", 400},
	} {
		if got := send(test.path, test.header, test.value); got != test.want {
			t.Errorf("%s with %s: %q: got %d, want %d", test.path, test.header, test.value, got, test.want)
		}
	}
	b.want(413, "PUT", "/v2/orders/4127", `{"staff_notes":"`+strings.Repeat("x", 1<<20)+`"}`)
}
