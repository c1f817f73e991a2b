package cond_test

import (
	"fmt"
	"testing"
	"time"

	"cartwheel/engine/cond"
	"cartwheel/merge"
)

// BenchmarkJudge asks a thousand conditions about one event: none holds.
func BenchmarkJudge(b *testing.B) {
	conditions := make([]*cond.Condition, 999)
	for i := range conditions {
		conditions[i] = mustCompile(b, []string{
			fmt.Sprintf(`BigCommerce.Order.total_inc_tax > %d`, 1_000_000+i),
			fmt.Sprintf(`BigCommerce.Order.status == "Town %d" && BigCommerce.Order.id > 2`, i),
			fmt.Sprintf(`BigCommerce.Order.id == %d || BigCommerce.Order.billing_address.email == "shopper%d@example.org"`, 1_000_000+i, i),
		}[i%3], scope())
	}
	e := env(b)
	e.Meter = merge.NewMeter(time.Now)
	b.ReportAllocs()
	for b.Loop() {
		var j cond.Judge
		for _, c := range conditions {
			e.Meter.Restart()
			if result, reason, err := j.Decide(c, e); err != nil || result {
				b.Fatal(reason, err)
			}
		}
	}
}
