package bigcommerce_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cartwheel/engine"
	"cartwheel/triggers/bigcommerce"
	"cartwheel/triggers/bigcommerce/bcsim"
)

const hookURL = "https://cartwheel.example.com/hooks/bigcommerce/key-1"

func (s *sim) subscribe(triggers ...string) ([]engine.Hook, error) {
	return bigcommerce.NewAuthType(s.client).Subscribe(context.Background(), s.auth, hookURL, triggers)
}

// writes lists the changes made to hooks, as METHOD and path without ids.
func (s *sim) writes() []string {
	var out []string
	for _, r := range s.Requests() {
		if r.Method != http.MethodGet {
			out = append(out, r.Method)
		}
	}
	return out
}

// act calls the API past the client, as somebody else would.
func (s *sim) act(t *testing.T, method, path, body string) {
	t.Helper()
	r := httptest.NewRequest(method, s.BasePath()+path, strings.NewReader(body))
	r.Header.Set("X-Auth-Token", token)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
}

func scopes(hooks []bcsim.Hook) []string {
	var out []string
	for _, h := range hooks {
		out = append(out, h.Scope)
	}
	slices.Sort(out)
	return out
}

func TestSubscribeMakesOneHookPerScope(t *testing.T) {
	s := newSim(t, bcsim.Config{})
	got, err := s.subscribe("bigcommerce.shipment_created", "bigcommerce.cart_converted", "bigcommerce.shipment_created")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"store/cart/converted", "store/shipment/created"}, scopes(s.Hooks())); diff != "" {
		t.Errorf("scopes (-want +got):\n%s", diff)
	}
	for i, h := range s.Hooks() {
		if h.Destination != hookURL || !h.IsActive || h.Headers["X-Webhook-Secret"] != hookSecret {
			t.Errorf("got hook %+v", h)
		}
		if !got[i].Active || got[i].ID == "" {
			t.Errorf("got reported %+v", got[i])
		}
	}
	before := len(s.writes())
	if _, err := s.subscribe("bigcommerce.cart_converted", "bigcommerce.shipment_created"); err != nil || len(s.writes()) != before {
		t.Errorf("again: error %v, writes %v; want none", err, s.writes()[before:])
	}
}

func TestSubscribeRepairs(t *testing.T) {
	for _, tt := range []struct {
		name   string
		damage string // body of a PUT
	}{
		{"a sleeping hook", `{"is_active":false}`},
		{"a wrong secret", `{"headers":{"X-Webhook-Secret":"old"}}`},
		{"no headers", `{"headers":null}`},
		{"both", `{"is_active":false,"headers":{}}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSim(t, bcsim.Config{})
			made, err := s.subscribe("bigcommerce.order_created")
			if err != nil {
				t.Fatal(err)
			}
			s.act(t, http.MethodPut, "/v3/hooks/"+made[0].ID, tt.damage)
			if _, err := s.subscribe("bigcommerce.order_created"); err != nil {
				t.Fatal(err)
			}
			h := s.Hooks()
			if len(h) != 1 || !h[0].IsActive || h[0].Headers["X-Webhook-Secret"] != hookSecret {
				t.Errorf("got %+v", h)
			}
		})
	}
}

func TestSubscribeWakesHooksAfterNinetyQuietDays(t *testing.T) {
	s := newSim(t, bcsim.Config{})
	if _, err := s.subscribe("bigcommerce.order_created"); err != nil {
		t.Fatal(err)
	}
	s.clock.Advance(91 * 24 * time.Hour)
	if s.Hooks()[0].IsActive {
		t.Fatal("the store kept the hook awake")
	}
	if _, err := s.subscribe("bigcommerce.order_created"); err != nil || !s.Hooks()[0].IsActive {
		t.Errorf("error %v, hooks %+v", err, s.Hooks())
	}
}

func TestSubscribeDeletesOnlyOurs(t *testing.T) {
	s := newSim(t, bcsim.Config{})
	s.act(t, http.MethodPost, "/v3/hooks", `{"scope":"store/order/created","destination":"https://erp.example.com/in","is_active":true}`)
	s.act(t, http.MethodPost, "/v3/hooks", `{"scope":"store/order/created","destination":"https://cartwheel.example.com/hooks/bigcommerce/older-key","is_active":true}`)
	if _, err := s.subscribe("bigcommerce.order_created", "bigcommerce.cart_abandoned"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.subscribe("bigcommerce.cart_abandoned"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"store/cart/abandoned", "store/order/created", "store/order/created"}, scopes(s.Hooks())); diff != "" {
		t.Errorf("scopes (-want +got):\n%s", diff)
	}
	got, err := s.subscribe()
	if err != nil || len(got) != 0 || len(s.Hooks()) != 2 {
		t.Errorf("unsubscribed: got %v, error %v, left %+v; want the two of others", got, err, s.Hooks())
	}
}

func TestSubscribeReadsAllPages(t *testing.T) {
	s := &store{}
	page := strings.TrimSuffix(strings.Repeat(`{"id":1,"scope":"x","destination":"https://erp.example.com"},`, 250), ",")
	pages := []reply{ok(`{"data":[` + page + `]}`), ok(`{"data":[{"id":9,"scope":"store/order/created","destination":"` + hookURL + `/","headers":{"x-webhook-secret":"` + hookSecret + `"},"is_active":true}]}`)}
	s.answer = func(*http.Request) (reply, bool) {
		next := pages[0]
		pages = pages[1:]
		return next, true
	}
	got, err := bigcommerce.NewAuthType(client(s, newClock())).Subscribe(context.Background(), shop(), hookURL, []string{"bigcommerce.order_created"})
	if err != nil || len(got) != 1 || got[0].ID != "9" || len(s.calls) != 2 {
		t.Errorf("got %v after %v, error %v; want hook 9 by two pages and no change", got, s.calls, err)
	}
}

func TestSubscribeTellsWhatTheStoreRefused(t *testing.T) {
	s := newSim(t, bcsim.Config{})
	for i := range 10 { // the store allows ten hooks per scope
		s.act(t, http.MethodPost, "/v3/hooks", `{"scope":"store/order/created","destination":"https://erp.example.com/`+string(rune('a'+i))+`","is_active":true}`)
	}
	got, err := s.subscribe("bigcommerce.order_created", "bigcommerce.shipment_created")
	e := asError(t, err)
	if e.Code != engine.Rejected || !strings.Contains(e.Message, "store/order/created") || !strings.Contains(e.Message, "--public-url") {
		t.Errorf("got %s %q", e.Code, e.Message)
	}
	if len(got) != 1 || got[0].Scope != "store/shipment/created" {
		t.Errorf("got %v, want the other hook made all the same", got)
	}
	if _, err := bigcommerce.NewAuthType(s.client).Subscribe(context.Background(), s.auth, "http://127.0.0.1:8080/hooks/bigcommerce/k", []string{"bigcommerce.cart_abandoned"}); engine.CodeOf(err) != engine.Rejected {
		t.Errorf("a destination that is not https: got %v, want rejected", err)
	}
	if _, err := s.subscribe("bigcommerce.nonsense"); engine.CodeOf(err) != engine.Invalid {
		t.Errorf("an unknown trigger: got %v, want invalid", err)
	}
}

// A hook made meanwhile by another process is found instead of failing.
func TestSubscribeSurvivesADuplicate(t *testing.T) {
	for name, answer := range map[string]reply{
		"422":         {status: 422, body: `{"status":422,"title":"duplicate"}`},
		"answer lost": {status: 200, body: `{"data":{"id"`},
	} {
		t.Run(name, func(t *testing.T) {
			listed := `{"data":[]}`
			s := &store{}
			s.answer = func(r *http.Request) (reply, bool) {
				switch r.Method {
				case http.MethodGet:
					return ok(listed), true
				case http.MethodPost:
					listed = `{"data":[{"id":5,"scope":"store/order/created","destination":"` + hookURL + `","headers":null,"is_active":false}]}`
					return answer, true
				}
				return ok(`{"data":{}}`), true
			}
			got, err := bigcommerce.NewAuthType(client(s, newClock())).Subscribe(context.Background(), shop(), hookURL, []string{"bigcommerce.order_created"})
			if err != nil || len(got) != 1 || !got[0].Active {
				t.Errorf("got %v, error %v after %v", got, err, s.calls)
			}
		})
	}
}

func TestCreateAnswersOfBothShapesAreRead(t *testing.T) {
	for name, answer := range map[string]reply{
		"wrapped, 200": ok(pick(t, payload(t, "v3_hooks.json"), "create_response")),
		"bare, 201":    {status: 201, body: pick(t, payload(t, "v3_hooks.json"), "create_response", "data")},
	} {
		s := &store{replies: map[string]reply{"GET /v3/hooks": ok(`{"data":[]}`), "POST /v3/hooks": answer}}
		got, err := bigcommerce.NewAuthType(client(s, newClock())).Subscribe(context.Background(), shop(), hookURL, []string{"bigcommerce.shipment_created"})
		if err != nil || len(got) != 1 || got[0].ID != "31170458" || !got[0].Active {
			t.Errorf("%s: got %v, error %v", name, got, err)
		}
	}
}

// The whole way: hook registered, something happens, the callback is checked and read.
func TestCallbacksOfTheSimulatedStoreAreUnderstood(t *testing.T) {
	events := make(chan engine.Event, 100)
	var a engine.Auth
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got, err := bigcommerce.Receiver{}.Parse(engine.Delivery{Header: r.Header, Body: body, At: time.Now()}, a)
		if err != nil {
			t.Errorf("%s: %v", body, err)
			w.WriteHeader(http.StatusUnauthorized)
		}
		for _, e := range got {
			events <- e
		}
	}))
	defer receiver.Close()
	s := newSim(t, bcsim.Config{Sign: true, Resolve: map[string]string{"*": strings.TrimPrefix(receiver.URL, "http://")}})
	config := strings.Replace(string(s.auth.Config), "{", `{"signature":"required",`, 1)
	s.auth = auth(config, "client_secret", s.Config().ClientSecret)
	a = s.auth
	if _, err := s.subscribe("bigcommerce.shipment_created", "bigcommerce.order_updated"); err != nil {
		t.Fatal(err)
	}
	order, err := s.NewOrder(bcsim.OrderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Ship(order); err != nil {
		t.Fatal(err)
	}
	e := <-events
	for e.Trigger != "bigcommerce.shipment_created" {
		e = <-events
	}
	got, err := trigger(t, s.client, e.Trigger).Codes(context.Background(), &e, s.auth, nothing, codes("Shipment | order_id", "Order | id"))
	if err != nil || value(t, got, "Shipment | order_id") != value(t, got, "Order | id") {
		t.Errorf("got %v, error %v", got.Values, err)
	}
}
