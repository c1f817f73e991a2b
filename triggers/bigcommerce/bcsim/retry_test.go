package bcsim_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"cartwheel/triggers/bigcommerce/bcsim"

	"github.com/google/go-cmp/cmp"
)

func containsAll(text string, parts ...string) bool {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}

func TestRetryScheduleAndDeactivation(t *testing.T) {
	b := setup(t)
	b.hook("store/order/*", hookURL)
	b.want(204, "PUT", "/v3/hooks/admin", `{"emails":["ops@example.com"]}`)
	b.hooks.answer(503)
	b.store.Emit("store/order/updated", map[string]int{"id": 1})
	b.settle()
	schedule := []int{60, 180, 300, 600, 900, 1800, 3600, 7200, 21600, 50400, 86400}
	for i, seconds := range schedule {
		pause := time.Duration(seconds) * time.Second
		b.clock.Advance(pause - time.Second)
		b.settle()
		if got := len(b.store.Deliveries()); got != i+1 {
			t.Fatalf("a second before retry %d: got %d attempts", i+1, got)
		}
		b.clock.Advance(time.Second)
		b.settle()
	}
	var pauses []int
	got := b.store.Deliveries()
	for i := 1; i < len(got); i++ {
		pauses = append(pauses, int(got[i].At.Sub(got[i-1].At).Seconds()))
		if got[i].Attempt != i+1 || got[i].ID != got[0].ID || got[i].Status != 503 {
			t.Errorf("attempt %d: %+v", i+1, got[i])
		}
	}
	if diff := cmp.Diff(schedule, pauses); diff != "" {
		t.Errorf("pauses (-want +got):\n%s", diff)
	}
	if b.store.Hooks()[0].IsActive || b.store.Pending() != 0 {
		t.Errorf("after the last retry: active %v, %d pending", b.store.Hooks()[0].IsActive, b.store.Pending())
	}
	if alerts := b.store.Alerts(); len(alerts) != 1 || alerts[0].To[0] != "ops@example.com" {
		t.Errorf("alerts: %+v", alerts)
	}
	if !containsAll(string(b.get("/v3/hooks/admin").body), `"status":"deactivated"`) {
		t.Errorf("admin does not show the hook as deactivated")
	}
}

func TestARetrySucceedsAndEnds(t *testing.T) {
	b := setup(t)
	b.hook("store/order/*", hookURL)
	b.hooks.answer(302) // a redirect is a failure too
	b.store.Emit("store/order/updated", map[string]int{"id": 1})
	b.settle()
	b.hooks.answer(204)
	b.clock.Advance(time.Minute)
	b.settle()
	got := b.store.Deliveries()
	if len(got) != 2 || got[0].Status != 302 || !got[1].OK() || b.store.Pending() != 0 {
		t.Errorf("got %+v, %d pending", got, b.store.Pending())
	}
}

func TestADeletedHookGetsNoRetry(t *testing.T) {
	b := setup(t)
	id := b.hook("store/order/*", hookURL)
	b.hooks.answer(500)
	b.store.Emit("store/order/updated", map[string]int{"id": 1})
	b.settle()
	b.want(200, "DELETE", fmt.Sprintf("/v3/hooks/%d", id), nil)
	b.clock.Advance(time.Minute)
	b.settle()
	if got := len(b.hooks.all()); got != 1 {
		t.Errorf("got %d attempts, want 1", got)
	}
}

func TestDomainBlock(t *testing.T) {
	b := setup(t)
	b.hook("store/order/*", "https://hooks.example.com/webhook-1")
	b.hook("store/cart/*", "https://hooks.example.com/webhook-2")
	b.hook("store/shipment/*", "https://other.example.net/")
	emit := func(scope string, n int) {
		for range n {
			b.store.Emit(scope, map[string]int{"id": 1})
		}
		b.settle()
	}
	emit("store/order/updated", 88)
	b.hooks.answer(500)
	emit("store/order/updated", 11) // 88 of 99: too few requests to judge
	b.hooks.answer(200)
	if got := b.scopes()["store/order/updated"]; got != 99 {
		t.Fatalf("got %d deliveries before the block, want 99", got)
	}
	b.hooks.answer(500)
	emit("store/order/updated", 1) // 88 of 100
	b.hooks.answer(200)
	b.store.ResetDeliveries()
	emit("store/cart/updated", 1)
	emit("store/shipment/created", 1)
	for _, d := range b.store.Deliveries() {
		if blocked := strings.Contains(d.Destination, "hooks.example.com"); d.Blocked != blocked {
			t.Errorf("%s blocked %v, want %v", d.Destination, d.Blocked, blocked)
		}
	}
	var admin struct {
		Data struct {
			Blocked []struct {
				Destination string
				TimeLeft    int `json:"time_left"`
			} `json:"blocked_domains"`
		}
	}
	b.get("/v3/hooks/admin").into(t, &admin)
	if len(admin.Data.Blocked) != 1 || admin.Data.Blocked[0].Destination != "hooks.example.com" || admin.Data.Blocked[0].TimeLeft != 180 {
		t.Errorf("blocked domains: %+v", admin.Data.Blocked)
	}
	b.clock.Advance(time.Minute)
	b.settle()
	b.clock.Advance(2 * time.Minute) // the block ends, new events flow
	b.store.ResetDeliveries()
	emit("store/cart/created", 1)
	if got := b.store.Deliveries(); len(got) == 0 || !got[len(got)-1].OK() {
		t.Errorf("after the block: %+v", got)
	}
	b.clock.Advance(time.Minute) // second retry of what was put off: 60 s + 180 s after its event
	b.settle()
	if b.store.Pending() != 0 {
		t.Errorf("%d callbacks are still owed", b.store.Pending())
	}
}

func TestDeliveryExceptions(t *testing.T) {
	b := setup(t)
	failing := b.hook("store/order/*", "https://elsewhere.example.org/") // unmapped: never answers
	b.hook("store/hook/deliveryException", hookURL)
	for range 3 {
		b.store.Emit("store/order/updated", map[string]int{"id": 1})
	}
	for range 13 {
		b.settle()
		b.clock.Advance(24 * time.Hour)
	}
	b.settle()
	codes := map[float64]int{}
	for _, cb := range b.hooks.all() {
		var e struct {
			Scope string
			Data  struct {
				ID   int
				Code float64 `json:"error_code"`
			}
		}
		if err := json.Unmarshal(cb.body, &e); err != nil || e.Scope != "store/hook/deliveryException" || e.Data.ID != failing {
			t.Fatalf("%s: %v", cb.body, err)
		}
		codes[e.Data.Code]++
	}
	if codes[90001] == 0 || codes[90001] > 13 || codes[90002] == 0 {
		t.Errorf("got codes %v, want 90001 at most once per 10 minutes and 90002", codes)
	}
}

func TestCloseDropsRetriesAndMayComeTwice(t *testing.T) {
	b := setup(t)
	b.hook("store/order/*", hookURL)
	b.hooks.answer(500)
	b.store.Emit("store/order/updated", map[string]int{"id": 1})
	b.settle()
	b.store.Close()
	b.store.Close()
	b.clock.Advance(time.Hour)
	b.store.Emit("store/order/updated", map[string]int{"id": 1}, bcsim.Late(time.Second))
	b.clock.Advance(time.Hour)
	if got := len(b.hooks.all()); got != 1 {
		t.Errorf("got %d callbacks after Close, want none", got-1)
	}
}
