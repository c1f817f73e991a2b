package bigcommerce_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
	"cartwheel/triggers/bigcommerce"
	"cartwheel/triggers/bigcommerce/bcsim"
)

// size is how much of a long test is done: the short form with every push, an eighth of it under the race detector, the
// long form with CARTWHEEL_SOAK=1.
func size(short, long int) int {
	switch {
	case os.Getenv("CARTWHEEL_SOAK") == "1":
		return long
	case underRace:
		return max(short/8, 1)
	default:
		return short
	}
}

// direct sends requests to the simulated store without a network, as fast as a virtual clock wants it. An answer
// that takes longer than patience of real time is a time-out.
type direct struct {
	store    http.Handler
	patience time.Duration
}

// Do makes one exchange.
func (d direct) Do(r *http.Request) (_ *http.Response, err error) {
	ctx, cancel := context.WithTimeout(r.Context(), d.patience)
	defer cancel()
	rec := httptest.NewRecorder()
	defer func() {
		if p := recover(); p != nil { // http.ErrAbortHandler: a reset, or an answer that breaks off
			err = io.ErrUnexpectedEOF
		}
	}()
	in := r.Clone(ctx)
	if in.Body == nil {
		in.Body = http.NoBody
	}
	d.store.ServeHTTP(rec, in)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return rec.Result(), nil
}

// shopWorld is an engine with the BigCommerce triggers beside a simulated store, both on one clock.
type shopWorld struct {
	*enginetest.Harness
	sim    *bcsim.Store
	shop   string // the authentication
	orders []int
	events map[int]string // by order
	client *bigcommerce.Client
}

func newShopWorld(t *testing.T, quota, orders int) *shopWorld {
	t.Helper()
	w := &shopWorld{events: map[int]string{}}
	w.Harness = enginetest.NewWith(t, time.Date(2026, 3, 4, 9, 15, 0, 0, time.UTC), func(clock *clockwork.FakeClock) enginetest.Parts {
		w.sim = bcsim.New(bcsim.Config{Quota: quota, Now: clock.Now, AccessToken: token,
			After: func(time.Duration, func()) func() { return func() {} }}) // its webhooks are not needed: the test delivers its own
		w.client = bigcommerce.NewClient(bigcommerce.Options{HTTP: direct{w.sim, 100 * time.Millisecond}, Now: clock.Now,
			Sleep: func(context.Context, time.Duration) error { return nil }})
		return enginetest.Parts{Triggers: bigcommerce.Triggers(w.client), AuthTypes: []engine.AuthType{bigcommerce.NewAuthType(w.client)},
			Receivers: map[string]engine.Receiver{bigcommerce.AuthName: bigcommerce.Receiver{}}, Workers: 16, Unsynced: true}
	})
	t.Cleanup(w.sim.Close)
	for range orders {
		id, err := w.sim.NewOrder(bcsim.OrderOptions{Lines: 1})
		if err != nil {
			t.Fatal(err)
		}
		w.orders = append(w.orders, id)
	}
	view, err := w.CreateAuthentication(context.Background(), engine.AuthenticationInput{Name: "Shop", Type: bigcommerce.AuthName,
		Config:  json.RawMessage(`{"store_hash":"` + w.sim.Config().StoreHash + `","signature":"off"}`),
		Secrets: map[string]string{"access_token": token, "client_id": w.sim.Config().ClientID}})
	if err != nil {
		t.Fatal(err)
	}
	w.shop = view.ID
	w.Publish("w", func(d *engine.Definition) {
		d.Trigger = engine.TriggerRef{Type: "bigcommerce.order_created", AuthenticationID: w.shop}
	}, enginetest.Act("do", "{{ BigCommerce | Order | id }}"))
	w.Drain()
	return w
}

// deliver sends the webhooks of orders, from several senders at once.
func (w *shopWorld) deliver(t *testing.T, orders ...int) {
	t.Helper()
	hooks := w.sim.Hooks()
	if len(hooks) != 1 {
		t.Fatalf("%d hooks at the store, want 1", len(hooks))
	}
	key := hooks[0].Destination[strings.LastIndexByte(hooks[0].Destination, '/')+1:]
	header := http.Header{}
	for name, value := range hooks[0].Headers {
		header.Set(name, value)
	}
	queue := make(chan int)
	var wg sync.WaitGroup
	var failed sync.Map
	for range 8 {
		wg.Go(func() {
			for id := range queue {
				body := fmt.Appendf(nil, `{"scope":"store/order/created","store_id":%q,"data":{"type":"order","id":%d},"hash":"h%d","created_at":%d,"producer":"stores/%s"}`,
					bcsim.StoreID, id, id, w.Clock.Now().Unix(), w.sim.Config().StoreHash)
				if err := w.Engine.Receive(context.Background(), bigcommerce.AuthName, key, engine.Delivery{Body: bytes.Clone(body), Header: header}); err != nil {
					failed.Store(id, err)
				}
			}
		})
	}
	for _, id := range orders {
		queue <- id
	}
	close(queue)
	wg.Wait()
	failed.Range(func(id, err any) bool {
		t.Fatalf("the webhook of order %v: %v", id, err)
		return false
	})
	w.Drain()
	for _, e := range w.AllEvents() {
		var id int
		if _, err := fmt.Sscanf(e.Entity, "order/%d", &id); err == nil {
			w.events[id] = e.ID
		}
	}
}

// eventOf is the event of an order.
func (w *shopWorld) eventOf(order int) engine.Event { return w.GetEvent(w.events[order]) }

// reads are the times at which the store was asked for an order and did not answer 429.
func (w *shopWorld) reads() map[int][]time.Time {
	times := map[int][]time.Time{}
	for _, r := range w.sim.Requests() {
		var id int
		if n, _ := fmt.Sscanf(r.Path, "/v2/orders/%d", &id); n == 1 && r.Status != http.StatusTooManyRequests {
			times[id] = append(times[id], r.At)
		}
	}
	return times
}
