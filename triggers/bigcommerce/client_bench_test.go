package bigcommerce_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"cartwheel/triggers/bigcommerce"
)

// echo answers every call alike, without a connection.
type echo struct {
	body   string
	header http.Header
}

func (e echo) Do(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: e.header, Body: io.NopCloser(strings.NewReader(e.body)), ContentLength: int64(len(e.body)), Request: r}, nil
}

// BenchmarkCall is what a call costs beside HTTP.
func BenchmarkCall(b *testing.B) {
	c := bigcommerce.NewClient(bigcommerce.Options{HTTP: echo{payload(b, "v2_order.json"), http.Header{"Content-Type": {"application/json"}}},
		Observe: func(string, string, int, int, time.Duration) {}})
	a := shop()
	b.ReportAllocs()
	for b.Loop() {
		if err := c.Call(b.Context(), a, http.MethodGet, "/v2/orders/4127", nil, nil); err != nil {
			b.Fatal(err)
		}
	}
}
