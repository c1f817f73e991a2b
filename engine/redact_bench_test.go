package engine_test

import (
	"os"
	"testing"

	"cartwheel/engine"
	"cartwheel/merge"
)

// BenchmarkRedactValue redacts an order that holds no secret, as nearly all do.
func BenchmarkRedactValue(b *testing.B) {
	raw, err := os.ReadFile("../triggers/bigcommerce/testdata/payloads/v2_order.json")
	if err != nil {
		b.Fatal(err)
	}
	v, err := merge.Decode(raw)
	if err != nil {
		b.Fatal(err)
	}
	a := engine.NewAuth("x", "X", "bigcommerce", nil, 1, map[string]string{"access_token": "canary-access-token-0001"})
	b.ReportAllocs()
	for b.Loop() {
		a.RedactValue(v)
	}
}
