package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"cartwheel/engine"
	"cartwheel/triggers/bigcommerce/bcsim"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) { built.remove(); os.Exit(code) }), goleak.IgnoreTopFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreTopFunction("net/http.(*persistConn).writeLoop"))
}

// publicHost is how the simulated store knows the program: it delivers to https on 443 only.
const publicHost = "cartwheel.example.com"

// program is the whole of Cartwheel under test, beside a simulated store, a mail server and an inbox.
type program struct {
	t      testing.TB
	app    *App
	dir    string
	log    *lockedBuffer
	token  string // of an admin
	sim    *bcsim.Store
	api    *httptest.Server // the simulated store's API
	mail   *mailSink
	calls  *ledger[inboxCall]
	inbox  *httptest.Server
	events *ledger[Watched]
}

// Watched is something that the engine told.
type Watched struct{ What any }

type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// startProgram starts everything; change may alter the configuration of the simulated store.
func startProgram(t testing.TB, change func(*bcsim.Config)) *program {
	t.Helper()
	p := &program{t: t, dir: t.TempDir(), log: &lockedBuffer{}, events: &ledger[Watched]{}, mail: newMailSink(t, "", "")}
	p.calls, p.inbox = newInbox(t)
	p.start()
	cfg := bcsim.Config{Resolve: map[string]string{publicHost: strings.TrimPrefix(p.app.URL(), "http://")}, Quota: -1, Sign: true}
	if change != nil {
		change(&cfg)
	}
	p.sim = bcsim.New(cfg)
	p.api = httptest.NewServer(p.sim)
	t.Cleanup(func() { p.sim.Close(); p.api.Close() })
	return p
}

// start opens the program on p's data folder.
func (p *program) start() {
	p.t.Helper()
	cfg := Config{Addr: "127.0.0.1:0", PublicURL: "https://" + publicHost, Data: p.dir, MasterKeyFile: p.dir + "/master.key", Durability: "full", Role: "all",
		AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	log := slog.New(slog.NewJSONHandler(p.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	app, err := New(context.Background(), cfg, log, Extras{Watch: func(what any) { p.events.add(Watched{what}) }, Stopwatch: func() time.Time { return time.Time{} }})
	if err != nil {
		p.t.Fatal(err)
	}
	if err := app.Start(context.Background()); err != nil {
		p.t.Fatal(err)
	}
	p.app = app
	p.t.Cleanup(func() {
		if err := app.Stop(); err != nil {
			p.t.Errorf("stop: %v", err)
		}
	})
	p.token, err = engine.CreateToken(context.Background(), app.store, time.Now(), "test", engine.Admin, 0)
	if err != nil {
		p.t.Fatal(err)
	}
}

// answer is a response of the API.
type answer struct {
	status int
	body   []byte
	header http.Header
}

// call makes one API call; in is marshalled unless it is a string, which is sent as it is.
func (p *program) call(method, path string, in any) answer {
	p.t.Helper()
	return callAPI(p.t, p.app.URL(), p.token, method, path, in)
}

func callAPI(t testing.TB, base, token, method, path string, in any) answer {
	t.Helper()
	var body io.Reader
	switch in := in.(type) {
	case nil:
	case string:
		body = strings.NewReader(in)
	default:
		raw, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		body = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(shortContext(t), method, base+path, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(firstMessage(resp))
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, raw, resp.Header}
}

// must makes an API call that has to end with status, and returns the decoded answer.
func (p *program) must(status int, method, path string, in any) map[string]any {
	p.t.Helper()
	a := p.call(method, path, in)
	if a.status != status {
		p.t.Fatalf("%s %s: %d, want %d\n%s", method, path, a.status, status, a.body)
	}
	out := map[string]any{}
	if len(a.body) > 0 {
		if err := json.Unmarshal(a.body, &out); err != nil {
			p.t.Fatalf("%s %s: %v\n%s", method, path, err, a.body)
		}
	}
	return out
}

// object is a JSON object in a test.
type object = map[string]any

// connect makes the three authentications shop, sender and hooks over the API.
func (p *program) connect() {
	p.t.Helper()
	c := p.sim.Config()
	p.must(201, "POST", "/api/v1/authentications", object{"id": "shop", "name": "The shop", "type": "bigcommerce",
		"config":  object{"store_hash": "https://api.bigcommerce.com/stores/" + c.StoreHash + "/v3/", "api_base_url": p.api.URL, "signature": "required"},
		"secrets": object{"access_token": c.AccessToken, "client_id": c.ClientID, "client_secret": c.ClientSecret}})
	host, port := hostPort(p.t, p.mail.addr)
	p.must(201, "POST", "/api/v1/authentications", object{"id": "sender", "name": "Sender", "type": "smtp",
		"config": object{"host": host, "port": json.Number(port), "from": "Shop <shop@example.com>", "encryption": "none"}, "secrets": object{}})
	p.must(201, "POST", "/api/v1/authentications", object{"id": "hooks", "name": "Hooks", "type": "http_bearer",
		"config": object{"allowed_hosts": []string{"127.0.0.1"}}, "secrets": object{"token": "canary-bearer-token-5d1e"}})
}

// publish saves and publishes a workflow and waits until its hook is at the store.
func (p *program) publish(id string, w object) {
	p.t.Helper()
	c := p.must(201, "PUT", "/api/v1/workflows/"+id, w)
	if problems, _ := c["problems"].([]any); len(problems) > 0 {
		p.t.Fatalf("workflow %s has problems: %v", id, problems)
	}
	p.must(200, "POST", "/api/v1/workflows/"+id+"/publish", object{"note": "first"})
	p.waitFor("the hooks are active", func() bool {
		hooks, _ := p.must(200, "GET", "/api/v1/authentications/shop", nil)["hooks"].(object)
		return hooks["state"] == "active" && len(p.app.live(p.t)) == len(p.sim.Hooks())
	})
}

// live lists the triggers that the store must send for.
func (a *App) live(t testing.TB) []string {
	live, err := a.store.LiveTriggers(context.Background(), "shop")
	if err != nil {
		t.Fatal(err)
	}
	return live
}

// waitFor looks again and again at what has no signal of its own: another program's or the API's state.
func (p *program) waitFor(what string, ok func() bool) {
	p.t.Helper()
	for deadline := time.Now().Add(patience); !ok(); {
		if time.Now().After(deadline) {
			p.t.Fatalf("%s: not within %s\n%s", what, patience, p.log)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// expanded waits for the nth decided event and returns its id.
func (p *program) expanded(n int) string {
	p.t.Helper()
	var found []engine.Expanded
	p.events.wait(p.t, fmt.Sprintf("decided event %d", n), func(items []Watched) bool {
		found = nil
		for _, item := range items {
			if e, ok := item.What.(engine.Expanded); ok {
				found = append(found, e)
			}
		}
		return len(found) >= n
	})
	return found[n-1].Event.ID
}
