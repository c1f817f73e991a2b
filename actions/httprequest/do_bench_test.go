package httprequest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"cartwheel/actions/httprequest"
	"cartwheel/engine"
	"cartwheel/engine/outbound"
)

// BenchmarkDo is one step, with the server that it calls.
func BenchmarkDo(b *testing.B) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"taken":true,"id":4711}`)
	}))
	b.Cleanup(s.Close)
	g := outbound.New(outbound.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	b.Cleanup(g.CloseIdle)
	bearer := engine.NewAuth("hook", "Hook", "http_bearer", []byte(`{"allowed_hosts":["127.0.0.1"]}`), 1, map[string]string{"token": secret})
	for name, auth := range map[string]engine.Auth{"open": {}, "bearer": bearer} {
		b.Run(name, func(b *testing.B) {
			a := httprequest.New(g, time.Now)
			r := request(s.URL, `{"method":"POST","url":"{URL}/","body_type":"json","body":"{\"order\":100,\"total\":30.00,\"email\":\"anna@example.com\"}"}`, auth)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := a.Do(b.Context(), r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkPreview is what a step costs before and after HTTP: its settings read, its request built and described.
func BenchmarkPreview(b *testing.B) {
	a := httprequest.New(outbound.New(outbound.Options{}), time.Now)
	r := request("https://hooks.example.com", `{"method":"POST","url":"{URL}/","body_type":"json","body":"{\"order\":100,\"total\":30.00,\"email\":\"anna@example.com\"}"}`, engine.Auth{})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.Preview(r); err != nil {
			b.Fatal(err)
		}
	}
}
