package bcsim_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cartwheel/triggers/bigcommerce/bcsim"

	"github.com/google/go-cmp/cmp"
)

func TestSignatureOfTheDocumentedVector(t *testing.T) {
	body := `{"scope":"store/shipment/created","store_id":"1025646","data":{"type":"shipment","id":12,"orderId":251},"hash":"8b98021cb0faa7e3a58a0e4182d3696a4bdd24ab","created_at":1561482857,"producer":"stores/abc123"}`
	got := bcsim.Sign("client-secret-123", "msg_1", 1561482857, []byte(body))
	if want := "v1,LyipcldS9aZjFomSC4k1GRihmBxR2RdVnWqdoCcgKfc="; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestCallbacksCarryTheEnvelopeAndTheHookHeaders(t *testing.T) {
	b := setup(t)
	b.want(200, "POST", "/v3/hooks", map[string]any{
		"scope": "store/shipment/created", "destination": hookURL, "headers": map[string]string{"X-Webhook-Secret": "s3"},
	})
	data := map[string]any{"type": "shipment", "id": 903, "orderId": 4127}
	orders := map[string]bool{}
	for range 3 {
		orders[keysOf(t, b.store.Emit("store/shipment/created", data))] = true
	}
	b.settle()
	if len(orders) < 2 {
		t.Errorf("the key order never varies: %v", orders)
	}
	got := b.hooks.all()
	if len(got) != 3 {
		t.Fatalf("got %d callbacks, want 3", len(got))
	}
	for _, cb := range got {
		if cb.host != "hooks.example.com" || cb.path != "/hooks/bigcommerce/abc" || cb.header.Get("X-Webhook-Secret") != "s3" {
			t.Errorf("host %q path %q secret %q", cb.host, cb.path, cb.header.Get("X-Webhook-Secret"))
		}
		var env map[string]any
		if err := json.Unmarshal(cb.body, &env); err != nil {
			t.Fatal(err)
		}
		hash, _ := env["hash"].(string)
		if env["store_id"] != "1003418276" || env["producer"] != "stores/k7mq2zt9ax" || len(hash) != 40 ||
			env["created_at"] != float64(start.Unix()) {
			t.Errorf("envelope %s", cb.body)
		}
	}
}

func keysOf(t *testing.T, body []byte) string {
	t.Helper()
	text, err := json.Marshal(outer(keys(t, body), ".data."))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestCallbacksLookLikeTheSamples(t *testing.T) {
	b := setup(t)
	for _, name := range []string{"shipment_created", "cart_converted", "cart_abandoned", "channel_cart_converted"} {
		var want, got struct {
			Scope, Hash, Producer string
			StoreID               string `json:"store_id"`
			Data                  map[string]any
			CreatedAt             int64 `json:"created_at"`
		}
		sample := file(t, "testdata/webhook_"+name+".json")
		if err := json.Unmarshal(sample, &want); err != nil {
			t.Fatal(err)
		}
		body := b.store.Emit(want.Scope, want.Data, bcsim.Hash(want.Hash), bcsim.CreatedAt(time.Unix(want.CreatedAt, 0)))
		if err := json.Unmarshal(body, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	b.hook("store/cart/abandoned", hookURL)
	if err := b.store.AbandonCart(cartIn); err != nil {
		t.Fatal(err)
	}
	b.settle()
	if got := b.store.Deliveries()[0].Body; !containsAll(string(got), `"token":"f23466cb0cdc1683190cd40026449eeb"`, cartIn) {
		t.Errorf("the abandoned seed cart says %s", got)
	}
}

func TestASilentReceiverCountsAsAFailure(t *testing.T) {
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	defer silent.Close()
	b := setup(t, func(c *bcsim.Config) {
		c.CallbackTimeout = 50 * time.Millisecond
		c.Resolve = map[string]string{"*": strings.TrimPrefix(silent.URL, "http://")}
	})
	b.hook("store/order/*", hookURL)
	b.store.Emit("store/order/updated", map[string]int{"id": 1})
	b.settle()
	if got := b.store.Deliveries(); len(got) != 1 || got[0].Status != 0 || got[0].Err == "" || b.store.Pending() != 1 {
		t.Errorf("got %+v, %d pending", got, b.store.Pending())
	}
}

func TestCallbackVariants(t *testing.T) {
	cart := map[string]any{"type": "cart", "id": cartIn, "token": "abc"}
	tests := []struct {
		name    string
		scope   string
		data    any
		options []bcsim.EmitOption
		absent  string // key of envelope or data that must be missing
		want    string // scope
	}{
		{"no token", "store/cart/abandoned", cart, []bcsim.EmitOption{bcsim.NoToken()}, "token", "store/cart/abandoned"},
		{"no status", "store/order/statusUpdated", map[string]any{"id": 1, "status": 2}, []bcsim.EmitOption{bcsim.NoStatus()}, "status", "store/order/statusUpdated"},
		{"no created_at", "store/cart/abandoned", cart, []bcsim.EmitOption{bcsim.NoCreatedAt()}, "created_at", "store/cart/abandoned"},
		{"channel-scoped", "store/cart/converted", cart, []bcsim.EmitOption{bcsim.ChannelShape(1402855)}, "type", "store/channel/1402855/cart/converted"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := setup(t)
			var got map[string]any
			body := b.store.Emit(test.scope, test.data, test.options...)
			if err := json.Unmarshal(body, &got); err != nil {
				t.Fatal(err)
			}
			data, _ := got["data"].(map[string]any)
			_, outside := got[test.absent]
			_, inside := data[test.absent]
			if outside || inside || got["scope"] != test.want {
				t.Errorf("got %s, want scope %s without %s", body, test.want, test.absent)
			}
		})
	}
	b := setup(t)
	if got := string(b.store.Emit("store/cart/converted", cart, bcsim.ChannelShape(7))); !containsAll(got, `"data":{"cart_id":"`+cartIn+`"}`) {
		t.Errorf("channel shape: got %s", got)
	}
}

func TestDuplicatesLateAndHash(t *testing.T) {
	for _, covers := range []bool{false, true} {
		b := setup(t, func(c *bcsim.Config) { c.HashCoversTime = covers })
		b.hook("store/order/*", hookURL)
		first := b.store.Emit("store/order/updated", map[string]int{"id": 1}, bcsim.Copies(2))
		b.store.Emit("store/order/created", map[string]int{"id": 2}, bcsim.Late(time.Hour))
		if got := b.scopes(); got["store/order/updated"] != 2 || got["store/order/created"] != 0 {
			t.Errorf("got %v, want two copies and the late one missing", got)
		}
		b.clock.Advance(time.Hour)
		if got := b.scopes(); got["store/order/created"] != 1 {
			t.Errorf("an hour later: got %v", got)
		}
		again := b.store.Emit("store/order/updated", map[string]int{"id": 1})
		if same := hashOf(t, first) == hashOf(t, again); same == covers {
			t.Errorf("HashCoversTime %v: equal hashes at different times: %v", covers, same)
		}
	}
}

func hashOf(t *testing.T, body []byte) string {
	t.Helper()
	var e struct{ Hash string }
	if err := json.Unmarshal(body, &e); err != nil {
		t.Fatal(err)
	}
	return e.Hash
}

func TestWildcardsReachDeeperEvents(t *testing.T) {
	tests := []struct {
		hook, event string
		want        int
	}{
		{"store/cart/*", "store/cart/lineItem/created", 1},
		{"store/cart/*", "store/cart/converted", 1},
		{"store/cart/lineItem/*", "store/cart/converted", 0},
		{"store/order/*", "store/shipment/created", 0},
		{"store/channel/1402855/order/*", "store/channel/1402855/order/created", 1},
		{"store/channel/1402855/order/*", "store/channel/1/order/created", 0},
		{"store/channel/*", "store/channel/updated", 1},
		{"store/channel/*", "store/channel/1/cart/created", 0},
	}
	for _, test := range tests {
		b := setup(t)
		b.hook(test.hook, hookURL)
		b.store.Emit(test.event, map[string]int{"id": 1})
		if got := b.scopes()[test.event]; got != test.want {
			t.Errorf("hook %s, event %s: got %d callbacks, want %d", test.hook, test.event, got, test.want)
		}
	}
}

func TestActsFireTheirEvents(t *testing.T) {
	tests := []struct {
		name string
		act  func(b *bench) error
		want map[string]int
	}{
		{"ship", func(b *bench) error {
			_, err := b.store.Ship(4131)
			return err
		}, map[string]int{
			"store/shipment/created": 1, "store/order/updated": 1, "store/order/statusUpdated": 1,
			"store/channel/1/order/updated": 1, "store/channel/1/order/statusUpdated": 1,
		}},
		{"convert a cart", func(b *bench) error {
			_, err := b.store.ConvertCart(cartIn)
			return err
		}, map[string]int{
			"store/order/created": 1, "store/cart/converted": 1,
			"store/channel/1/order/created": 1, "store/channel/1/cart/converted": 1,
		}},
		{"abandon a cart", func(b *bench) error { return b.store.AbandonCart(cartGuest) },
			map[string]int{"store/cart/abandoned": 1, "store/channel/1402855/cart/abandoned": 1}},
		{"delete a cart", func(b *bench) error { return b.store.DeleteCart(cartIn) },
			map[string]int{"store/cart/deleted": 1, "store/channel/1/cart/deleted": 1}},
		{"order by hand", func(b *bench) error {
			_, err := b.store.NewOrder(bcsim.OrderOptions{Source: "manual"})
			return err
		}, map[string]int{"store/order/created": 1, "store/channel/1/order/created": 1}},
		{"same status again", func(b *bench) error { return b.store.SetStatus(4127, 2) },
			map[string]int{"store/order/updated": 1, "store/channel/1/order/updated": 1}},
		{"archive", func(b *bench) error { return b.store.ArchiveOrder(4127) },
			map[string]int{"store/order/archived": 1, "store/channel/1/order/archived": 1}},
		{"customer", func(b *bench) error { return b.store.UpdateCustomer(318, map[string]any{"notes": "x"}) },
			map[string]int{"store/customer/updated": 1}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := setup(t)
			for _, scope := range []string{
				"store/order/*", "store/cart/*", "store/shipment/*", "store/customer/*", "store/channel/1/order/*",
				"store/channel/1/cart/*", "store/channel/1402855/cart/*",
			} {
				b.hook(scope, hookURL)
			}
			if err := test.act(b); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, b.scopes()); diff != "" {
				t.Errorf("callbacks (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSignedCallbacksVerify(t *testing.T) {
	for _, keep := range []bool{false, true} {
		b := setup(t, func(c *bcsim.Config) { c.Sign, c.KeepTimestamp, c.ClientSecret = true, keep, "client-secret-123" })
		b.hook("store/order/*", hookURL)
		b.hooks.answer(500)
		b.store.Emit("store/order/updated", map[string]int{"id": 1})
		b.settle()
		b.clock.Advance(time.Minute)
		b.settle()
		got := b.hooks.all()
		if len(got) != 2 {
			t.Fatalf("got %d attempts, want 2", len(got))
		}
		for i, cb := range got {
			stamp := start.Unix()
			if i == 1 && !keep {
				stamp += 60
			}
			want := bcsim.Sign("client-secret-123", cb.header.Get("webhook-id"), stamp, cb.body)
			if cb.header.Get("webhook-signature") != want || cb.header.Get("webhook-id") != got[0].header.Get("webhook-id") {
				t.Errorf("keep %v, attempt %d: got %s, want %s", keep, i+1, cb.header.Get("webhook-signature"), want)
			}
		}
	}
}

func TestHabitsChangeTheCallbacksOfActs(t *testing.T) {
	b := setup(t)
	b.hook("store/cart/*", hookURL)
	b.store.Habits(bcsim.NoToken(), bcsim.NoCreatedAt(), bcsim.Copies(2))
	if err := b.store.AbandonCart(cartIn); err != nil {
		t.Fatal(err)
	}
	b.settle()
	for _, d := range b.store.Deliveries() {
		if containsAll(string(d.Body), "token") || containsAll(string(d.Body), "created_at") {
			t.Errorf("got %s", d.Body)
		}
	}
	if got := b.scopes()["store/cart/abandoned"]; got != 2 {
		t.Errorf("got %d copies, want 2", got)
	}
}

func TestNothingIsSentToUnmappedHosts(t *testing.T) {
	b := setup(t)
	b.hook("store/order/*", "https://elsewhere.example.org/hook")
	b.store.Emit("store/order/updated", map[string]int{"id": 1})
	b.settle()
	got := b.store.Deliveries()
	if len(got) != 1 || got[0].Status != 0 || got[0].Err == "" || b.store.Pending() != 1 {
		t.Errorf("got %+v and %d pending, want one failed attempt and a retry", got, b.store.Pending())
	}
}

func TestWaitAndWaitRequests(t *testing.T) {
	b := setup(t)
	b.hook("store/order/*", hookURL)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	done := make(chan error)
	go func() {
		done <- b.store.Wait(ctx, func(d []bcsim.Delivery) bool { return len(d) == 1 && d[0].OK() })
	}()
	b.store.Emit("store/order/updated", map[string]int{"id": 1})
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := b.store.WaitRequests(ctx, func(r []bcsim.Request) bool { return len(r) == 1 }); err != nil {
		t.Error(err)
	}
	ended, end := context.WithCancel(ctx)
	end()
	if err := b.store.Wait(ended, func([]bcsim.Delivery) bool { return false }); err == nil {
		t.Error("Wait ignored its context")
	}
}
