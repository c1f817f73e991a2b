package main

import (
	"fmt"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

// Shoppers' data may choose hosts: the metric of those that are down has a bound, and forgets those that are back.
func TestTheMetricOfHostsThatAreDownIsBounded(t *testing.T) {
	registry := prometheus.NewRegistry()
	m := newAppMetrics(registry)
	shown := func() int {
		families, err := registry.Gather()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range families {
			if f.GetName() == "cartwheel_breaker_open" {
				return len(f.GetMetric())
			}
		}
		return 0
	}
	target := func(i int) string { return fmt.Sprintf("https://shop-%d.example.com:443", i) }
	for i := range 500 {
		m.breaker(target(i), true)
	}
	if got := shown(); got != maxBroken {
		t.Errorf("%d hosts are shown of 500, want %d", got, maxBroken)
	}
	for i := range 500 {
		m.breaker(target(i), false)
	}
	m.breaker(target(7), true)
	if got := shown(); got != 1 {
		t.Errorf("%d hosts are shown after all but one are back, want 1", got)
	}
}
