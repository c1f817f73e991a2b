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

func TestHookAnswersHaveTheKeysOfTheSamples(t *testing.T) {
	var samples map[string]json.RawMessage
	if err := json.Unmarshal(file(t, "testdata/v3_hooks.json"), &samples); err != nil {
		t.Fatal(err)
	}
	b := setup(t)
	created := b.want(200, "POST", "/v3/hooks", string(samples["create_request"]))
	if diff := cmp.Diff(keys(t, samples["create_response"]), keys(t, created.body)); diff != "" {
		t.Errorf("create (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(keys(t, samples["list_response"]), keys(t, b.get("/v3/hooks").body)); diff != "" {
		t.Errorf("list (-want +got):\n%s", diff)
	}
}

func TestHookRules(t *testing.T) {
	b := setup(t)
	b.hook("store/order/created", hookURL)
	b.hook("store/hook/deliveryException", "https://other.example.net/health")
	long := strings.Repeat("x", 65)
	for _, test := range []struct{ name, body, field string }{
		{"no scope", `{"destination":"https://a.example.com/"}`, "scope"},
		{"no destination", `{"scope":"store/order/created"}`, "destination"},
		{"unknown scope", `{"scope":"store/order/creatd","destination":"https://a.example.com/"}`, "scope"},
		{"undocumented wildcard", `{"scope":"store/*","destination":"https://a.example.com/"}`, "scope"},
		{"plain http", `{"scope":"store/order/created","destination":"http://a.example.com/"}`, "destination"},
		{"another port", `{"scope":"store/order/created","destination":"https://a.example.com:8443/"}`, "destination"},
		{"no host", `{"scope":"store/order/created","destination":"https:///x"}`, "destination"},
		{"duplicate", `{"scope":"store/order/created","destination":"` + hookURL + `"}`, "destination"},
		{"second exception hook", `{"scope":"store/hook/deliveryException","destination":"https://b.example.com/"}`, "scope"},
		{"destination of the exception hook", `{"scope":"store/order/updated","destination":"https://other.example.net/health"}`, "destination"},
		{"long header name", `{"scope":"store/order/updated","destination":"https://a.example.com/","headers":{"` + long + `":"x"}}`, "headers"},
		{"header with a line break", `{"scope":"store/order/updated","destination":"https://a.example.com/","headers":{"A":"x\r\nB: y"}}`, "headers"},
	} {
		var got struct{ Errors map[string]string }
		b.want(422, "POST", "/v3/hooks", test.body).into(t, &got)
		if got.Errors[test.field] == "" {
			t.Errorf("%s: errors %v do not name %s; input %s", test.name, got.Errors, test.field, test.body)
		}
	}
	b.want(400, "POST", "/v3/hooks", `{"scope":`)
}

func TestAtMostTenHooksPerScope(t *testing.T) {
	b := setup(t)
	for i := range 10 {
		b.hook("store/order/*", fmt.Sprintf("https://hooks.example.com/%d", i))
	}
	b.want(422, "POST", "/v3/hooks", map[string]any{"scope": "store/order/*", "destination": "https://hooks.example.com/10"})
	b.hook("store/order/created", "https://hooks.example.com/10")
}

func TestHookLife(t *testing.T) {
	b := setup(t)
	id := b.hook("store/order/created", hookURL)
	path := fmt.Sprintf("/v3/hooks/%d", id)
	var got struct{ Data map[string]any }
	b.get(path).into(t, &got)
	if got.Data["headers"] != nil || got.Data["is_active"] != true || got.Data["events_history_enabled"] != false {
		t.Errorf("new hook: got %v", got.Data)
	}
	b.clock.Advance(time.Hour)
	b.want(200, "PUT", path, `{"is_active":false,"headers":{"X-Webhook-Secret":"s"}}`).into(t, &got)
	if got.Data["is_active"] != false || got.Data["updated_at"] == got.Data["created_at"] {
		t.Errorf("updated hook: got %v", got.Data)
	}
	b.want(422, "PUT", path, `{"destination":"http://hooks.example.com/"}`)
	if hook := b.store.Hooks()[0]; hook.Destination != hookURL {
		t.Errorf("a refused update changed the hook: %+v", hook)
	}
	b.want(200, "DELETE", path, nil).into(t, &got)
	if got.Data["id"] != float64(id) {
		t.Errorf("delete returned %v, want the hook", got.Data)
	}
	gone := b.want(404, "GET", path, nil)
	if want := fmt.Sprintf("Webhook with id [%d] not found", id); !strings.Contains(string(gone.body), want) {
		t.Errorf("got %s, want %s", gone.body, want)
	}
}

func TestHookListFiltersAndPages(t *testing.T) {
	b := setup(t)
	for i := range 5 {
		b.hook("store/cart/*", fmt.Sprintf("https://hooks.example.com/%d", i))
	}
	off := b.hook("store/order/created", hookURL)
	b.want(200, "PUT", fmt.Sprintf("/v3/hooks/%d", off), `{"is_active":false}`)
	for query, want := range map[string]int{
		"": 6, "?is_active=false": 1, "?is_active=true": 5, "?scope=store/order/created": 1,
		"?destination=https://hooks.example.com/3": 1, "?limit=4": 4, "?limit=4&page=2": 2, "?limit=4&page=3": 0,
	} {
		var got struct {
			Data []bcsim.Hook
			Meta struct{ Pagination struct{ Total, Count int } }
		}
		b.get("/v3/hooks"+query).into(t, &got)
		if len(got.Data) != want || got.Meta.Pagination.Count != want {
			t.Errorf("%q: got %d hooks, count %d, want %d", query, len(got.Data), got.Meta.Pagination.Count, want)
		}
	}
	b.want(422, "GET", "/v3/hooks?page=0", nil)
}

func TestHooksAreVisibleToTheirAccountOnly(t *testing.T) {
	b := setup(t, func(c *bcsim.Config) {
		c.Tokens = map[string]bcsim.Account{
			"second": {ClientID: "client2", Scopes: []string{}},
			"third":  {ClientID: "client2", Scopes: []string{}},
		}
	})
	mine := b.hook("store/order/created", hookURL)
	b.token = "second"
	if got := b.get("/v3/hooks"); !strings.Contains(string(got.body), `"data":[]`) {
		t.Errorf("another account sees %s", got.body)
	}
	b.want(404, "GET", fmt.Sprintf("/v3/hooks/%d", mine), nil)
	b.want(404, "PUT", fmt.Sprintf("/v3/hooks/%d", mine), `{"is_active":false}`)
	b.want(404, "DELETE", fmt.Sprintf("/v3/hooks/%d", mine), nil)
	theirs := b.hook("store/order/created", hookURL)
	b.token = "third"
	b.want(200, "GET", fmt.Sprintf("/v3/hooks/%d", theirs), nil)
	b.want(403, "GET", "/v2/orders/4127", nil)
}

func TestHookAdmin(t *testing.T) {
	b := setup(t)
	b.hook("store/order/created", hookURL)
	b.want(204, "PUT", "/v3/hooks/admin", `{"emails":["ops@example.com"]}`)
	b.want(422, "PUT", "/v3/hooks/admin", `{}`)
	var got struct {
		Data struct {
			Emails  []string
			Hooks   []struct{ Status string } `json:"hooks_list"`
			Blocked []any                     `json:"blocked_domains"`
		}
	}
	b.get("/v3/hooks/admin").into(t, &got)
	if len(got.Data.Emails) != 1 || len(got.Data.Hooks) != 1 || got.Data.Hooks[0].Status != "active" || got.Data.Blocked == nil {
		t.Errorf("got %+v", got.Data)
	}
}

func TestAHookStartsLateAndStopsAfterQuietDays(t *testing.T) {
	b := setup(t, func(c *bcsim.Config) { c.HookStartDelay = time.Minute })
	b.hook("store/order/*", hookURL)
	emit := func() int {
		b.store.Emit("store/order/updated", map[string]any{"type": "order", "id": 4127})
		return b.scopes()["store/order/updated"]
	}
	if got := emit(); got != 0 {
		t.Errorf("a new hook got %d callbacks at once", got)
	}
	b.clock.Advance(time.Minute)
	if got := emit(); got != 1 {
		t.Errorf("after a minute: got %d callbacks, want 1", got)
	}
	b.clock.Advance(89 * 24 * time.Hour)
	if got := emit(); got != 1 {
		t.Errorf("after 89 days: got %d callbacks, want 1", got)
	}
	b.clock.Advance(91 * 24 * time.Hour)
	if got := emit(); got != 0 || b.store.Hooks()[0].IsActive {
		t.Errorf("after 91 quiet days: got %d callbacks, active %v", got, b.store.Hooks()[0].IsActive)
	}
	b.want(200, "PUT", fmt.Sprintf("/v3/hooks/%d", b.store.Hooks()[0].ID), `{"is_active":true}`)
	if got := emit(); got != 1 {
		t.Errorf("reactivated: got %d callbacks, want 1", got)
	}
}
