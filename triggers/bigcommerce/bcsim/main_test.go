package bcsim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"cartwheel/triggers/bigcommerce/bcsim"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var start = time.Date(2025, 9, 22, 8, 0, 0, 0, time.UTC)

const (
	hookURL   = "https://hooks.example.com/hooks/bigcommerce/abc"
	cartGuest = "16712159-8beb-479e-882f-20b4e065429d"
	cartIn    = "1b8e69e0-b6d2-438c-be80-4588be180a1f"
)

// bench is a store on a virtual clock, its API behind a real listener and a receiver for its callbacks.
type bench struct {
	*testing.T
	store *bcsim.Store
	clock *bcsim.Clock
	api   *httptest.Server
	hooks *receiver
	token string
}

func setup(t *testing.T, change ...func(*bcsim.Config)) *bench {
	t.Helper()
	clock, hooks := bcsim.NewClock(start), newReceiver(t)
	cfg := bcsim.Config{
		Now: clock.Now, After: clock.After, Scopes: bcsim.ModifyScopes(), Quota: -1,
		Resolve: map[string]string{"hooks.example.com": hooks.address(), "other.example.net": hooks.address()},
	}
	for _, f := range change {
		f(&cfg)
	}
	store := bcsim.New(cfg)
	api := httptest.NewServer(store)
	api.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	t.Cleanup(func() { store.Close(); api.Close() })
	return &bench{t, store, clock, api, hooks, store.Config().AccessToken}
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

func (b *bench) do(method, path string, body any) answer {
	b.Helper()
	a, err := b.try(method, path, body)
	if err != nil {
		b.Fatalf("%s %s: %v", method, path, err)
	}
	return a
}

func (b *bench) try(method, path string, body any) (answer, error) {
	b.Helper()
	var reader io.Reader
	if text, ok := body.(string); ok {
		reader = strings.NewReader(text)
	} else if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			b.Fatal(err)
		}
		reader = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(b.Context(), method, b.api.URL+b.store.BasePath()+path, reader)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("X-Auth-Token", b.token)
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := b.api.Client().Do(req)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(res.Body, 16<<20))
	return answer{res.StatusCode, res.Header, raw}, err
}

func (b *bench) get(path string) answer { b.Helper(); return b.do(http.MethodGet, path, nil) }

// want fails unless the request answers the status.
func (b *bench) want(status int, method, path string, body any) answer {
	b.Helper()
	a := b.do(method, path, body)
	if a.status != status {
		b.Fatalf("%s %s %v\n got %d %s\nwant %d", method, path, body, a.status, a.body, status)
	}
	return a
}

func (a answer) into(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal(a.body, v); err != nil {
		t.Fatalf("%s: %v", a.body, err)
	}
}

// hook registers a hook and returns its id.
func (b *bench) hook(scope, destination string) int {
	b.Helper()
	var out struct{ Data bcsim.Hook }
	b.want(200, "POST", "/v3/hooks", map[string]any{"scope": scope, "destination": destination, "is_active": true}).into(b, &out)
	return out.Data.ID
}

// settle waits until all callbacks that are due were tried.
func (b *bench) settle() {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), 20*time.Second)
	defer cancel()
	if err := b.store.Settle(ctx); err != nil {
		b.Fatalf("callbacks did not settle: %v", err)
	}
}

// scopes returns the scopes delivered so far as a set with counts and forgets them.
func (b *bench) scopes() map[string]int {
	b.Helper()
	b.settle()
	out := map[string]int{}
	for _, d := range b.store.Deliveries() {
		out[d.Scope]++
	}
	b.store.ResetDeliveries()
	return out
}

// receiver takes callbacks and answers what it is told.
type receiver struct {
	server *httptest.Server
	mu     sync.Mutex
	status int
	got    []callback
}

type callback struct {
	header http.Header
	host   string
	path   string
	body   []byte
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{status: 200}
	r.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got = append(r.got, callback{req.Header, req.Host, req.URL.Path, body})
		w.WriteHeader(r.status)
	}))
	t.Cleanup(r.server.Close)
	return r
}

func (r *receiver) address() string { return strings.TrimPrefix(r.server.URL, "http://") }

func (r *receiver) answer(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

func (r *receiver) all() []callback {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]callback(nil), r.got...)
}

func file(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func compact(t testing.TB, raw []byte) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, raw); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return b.String()
}
