package engine_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
)

// BenchmarkEvent takes events in and decides them, with so many live workflows
// of which none matches: one event per operation, in batches, commits included.
func BenchmarkEvent(b *testing.B) {
	for _, workflows := range []int{1, 100, 1000} {
		b.Run(fmt.Sprintf("workflows=%d", workflows), func(b *testing.B) {
			h := enginetest.New(b)
			for i := range workflows {
				h.Publish(fmt.Sprintf("w%d", i), func(d *engine.Definition) {
					d.Condition = fmt.Sprintf(`Test.amount >= %d && Test.name == "Nobody %d"`, 500+i, i)
				}, enginetest.Act("do", "{{ Test | id }}"))
			}
			view, err := h.Authentication(context.Background(), h.AuthID)
			if err != nil {
				b.Fatal(err)
			}
			key := view.WebhookURL[strings.LastIndexByte(view.WebhookURL, '/')+1:]
			b.ReportAllocs()
			b.ResetTimer()
			for n := 0; n < b.N; n += benchBatch {
				receiveBatch(b, h, key, n, min(benchBatch, b.N-n))
				h.Drain()
			}
		})
	}
}

// benchBatch is how many events are under way at once.
const benchBatch = 256

// receiveBatch delivers events first to first+count, each of an entity of its own, from several senders.
func receiveBatch(b *testing.B, h *enginetest.Harness, key string, first, count int) {
	b.Helper()
	var work sync.WaitGroup
	next := make(chan int)
	for range 16 {
		work.Go(func() {
			for n := range next {
				d := engine.Delivery{Body: fmt.Appendf(nil, "thing/%d key-%d", n, n)}
				if err := h.Engine.Receive(context.Background(), "test", key, d); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for n := range count {
		next <- first + n
	}
	close(next)
	work.Wait()
}
