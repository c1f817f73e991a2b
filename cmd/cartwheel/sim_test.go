package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"cartwheel/triggers/bigcommerce/bcsim"
)

func TestSimServesAStoreAndItsControl(t *testing.T) {
	defer goleak.VerifyNone(t)
	c := spawn(t, "sim", "--addr", "127.0.0.1:0", "--seed", "3", "--store-hash", "abc123", "--token", "a-token", "--client-secret", "a-secret", "--sign")
	line := c.out.waitFor(t, "/sim/ lists what there is")
	base := partOf(t, line, `api_base_url (http://\S+)`)
	for _, want := range []string{"store_hash abc123", "access_token a-token", "client_secret a-secret"} {
		if !strings.Contains(line, want) {
			t.Errorf("the first line lacks %q: %s", want, line)
		}
	}
	if status, body := look(t, base+"/stores/abc123/v2/store", ""); status != http.StatusUnauthorized {
		t.Errorf("the API without a token: %d %s", status, body)
	}
	if status, body := look(t, base+"/sim/", ""); status != http.StatusOK || !strings.Contains(body, `"store_hash": "abc123"`) {
		t.Errorf("GET /sim/: %d %s", status, body)
	}
	c.stop()
	c.wantCode(t, exitOK)
}

func TestSimRefusesWhatCannotWork(t *testing.T) {
	for name, args := range map[string][]string{
		"an address that is none": {"--addr", "nowhere"},
		"a host without address":  {"--addr", "127.0.0.1:0", "--resolve", "cartwheel.example.com"},
		"an address without port": {"--addr", "127.0.0.1:0", "--resolve", "cartwheel.example.com=127.0.0.1"},
		"a flag that is none":     {"--colour", "red"},
	} {
		c := spawn(t, append([]string{"sim"}, args...)...)
		c.wantCode(t, exitUsage)
		if got := c.err.String(); strings.Count(got, "\n") != 1 {
			t.Errorf("%s: got %q, want one line", name, got)
		}
	}
}

// simBench is a control API with a store behind it whose hooks reach got.
type simBench struct {
	*httptest.Server
	store *bcsim.Store
}

func newSimBench(t *testing.T) simBench {
	t.Helper()
	hooks := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	store := bcsim.New(bcsim.Config{Seed: 1, HashCoversTime: true, Resolve: map[string]string{"*": strings.TrimPrefix(hooks.URL, "http://")}})
	server := httptest.NewServer(simHandler(store))
	t.Cleanup(func() { server.Close(); store.Close(); hooks.Close() })
	for _, scope := range []string{"store/shipment/*", "store/order/*", "store/cart/*"} {
		body := fmt.Sprintf(`{"scope": %q, "destination": "https://hooks.example.com/h", "is_active": true, "headers": {"X-Secret": "canary"}}`, scope)
		req, _ := http.NewRequest(http.MethodPost, server.URL+store.BasePath()+"/v3/hooks", strings.NewReader(body))
		req.Header.Set("X-Auth-Token", store.Config().AccessToken)
		req.Header.Set("Content-Type", "application/json")
		res, err := server.Client().Do(req)
		if err != nil || res.StatusCode != http.StatusOK && res.StatusCode != http.StatusCreated {
			t.Fatalf("register a hook for %s: %v %v", scope, res, err)
		}
		_ = res.Body.Close()
	}
	return simBench{server, store}
}

// post asks for an act and returns its answer.
func (c simBench) post(t *testing.T, path string) (int, map[string]any) {
	t.Helper()
	status, body := lookBy(t, http.MethodPost, c.URL+path, "")
	var answer map[string]any
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		t.Fatalf("%s: %v in %s", path, err, body)
	}
	return status, answer
}

// wantEvent waits until the store has delivered an event of the scope.
func (c simBench) wantEvent(t *testing.T, scope string) {
	t.Helper()
	err := c.store.Wait(t.Context(), func(all []bcsim.Delivery) bool {
		for _, d := range all {
			if d.Scope == scope && d.OK() {
				return true
			}
		}
		return false
	})
	if err != nil {
		t.Errorf("no event %s: %v", scope, err)
	}
	c.store.ResetDeliveries()
}

func TestSimControlCausesEvents(t *testing.T) {
	c := newSimBench(t)
	for _, step := range []struct{ path, scope string }{
		{"/sim/ship", "store/shipment/created"},
		{"/sim/order?email=anna@example.com&lines=3&addresses=2&currency=USD", "store/order/created"},
		{"/sim/ship?order=ORDER", "store/shipment/created"},
		{"/sim/status?order=ORDER&status=10", "store/order/statusUpdated"},
		{"/sim/archive?order=ORDER", "store/order/archived"},
		{"/sim/cart?email=anna@example.com&lines=2", "store/cart/created"},
		{"/sim/abandon?cart=CART", "store/cart/abandoned"},
		{"/sim/convert?cart=CART", "store/cart/converted"},
		{"/sim/abandon", "store/cart/abandoned"},
		{"/sim/convert", "store/cart/converted"},
		{"/sim/cart", "store/cart/created"},
		{"/sim/delete?cart=CART", "store/cart/deleted"},
	} {
		path := strings.NewReplacer("ORDER", fmt.Sprint(c.store.Orders()[len(c.store.Orders())-1].ID),
			"CART", c.store.Carts()[len(c.store.Carts())-1].ID).Replace(step.path)
		if status, answer := c.post(t, path); status != http.StatusOK || len(answer) == 0 {
			t.Fatalf("%s: %d %v", path, status, answer)
		}
		c.wantEvent(t, step.scope)
	}
	c.post(t, "/sim/abandon")
	c.wantEvent(t, "store/cart/abandoned")
}

func TestSimControlListsWithoutSecrets(t *testing.T) {
	c := newSimBench(t)
	c.post(t, "/sim/order")
	if err := c.store.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"/sim/": `"scope": "store/order/*"`, "/sim/deliveries": `"scope": "store/order/created"`} {
		status, body := look(t, c.URL+path, "")
		if status != http.StatusOK || !strings.Contains(body, want) || strings.Contains(body, "canary") {
			t.Errorf("%s: %d, want %q and no secret in\n%s", path, status, want, body)
		}
	}
}

func TestSimControlSaysWhatIsWrong(t *testing.T) {
	c := newSimBench(t)
	for path, want := range map[string]int{
		"/sim/dance":                            http.StatusNotFound,
		"/sim/ship?order=x":                     http.StatusBadRequest,
		"/sim/ship?order=-4":                    http.StatusBadRequest,
		"/sim/ship?order=999999":                http.StatusNotFound,
		"/sim/status?status=2":                  http.StatusBadRequest,
		"/sim/status?order=4127&status=99":      http.StatusUnprocessableEntity,
		"/sim/archive":                          http.StatusBadRequest,
		"/sim/order?addresses=1000000":          http.StatusBadRequest,
		"/sim/order?customer=999999":            http.StatusNotFound,
		"/sim/cart?lines=1000000":               http.StatusBadRequest,
		"/sim/abandon?cart=none":                http.StatusNotFound,
		"/sim/convert?cart=none":                http.StatusNotFound,
		"/sim/delete":                           http.StatusBadRequest,
		"/sim/":                                 http.StatusMethodNotAllowed,
		"/sim/deliveries":                       http.StatusMethodNotAllowed,
		"/sim/order?lines=99999999999999999999": http.StatusBadRequest,
	} {
		if status, answer := c.post(t, path); status != want || answer["error"] == "" {
			t.Errorf("%s: %d %v, want %d and an error", path, status, answer, want)
		}
	}
	if status, _ := look(t, c.URL+"/sim/ship", ""); status != http.StatusMethodNotAllowed {
		t.Errorf("GET of an act: %d, want 405", status)
	}
}

func TestShopFindsWhatTheStoryNeeds(t *testing.T) {
	for seed := range uint64(5) {
		s := shop{bcsim.New(bcsim.Config{Seed: seed})}
		defer s.Close()
		if c, err := s.foreigner(); err != nil || c.FirstName == "" || c.FirstName[0] < 0x80 {
			t.Errorf("seed %d: a foreigner: %+v, %v", seed, c, err)
		}
		large, err := s.cartWorth(520, 5000, bcsim.CartOptions{Email: "a@example.com", Lines: 3})
		if err != nil || large.Currency != "USD" {
			t.Errorf("seed %d: a large cart: %+v, %v", seed, large, err)
		}
		if _, err := s.cartWorth(1e9, 2e9, bcsim.CartOptions{}); err == nil {
			t.Errorf("seed %d: a cart worth a billion was found", seed)
		}
	}
}
