package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cartwheel/triggers/bigcommerce/bcsim"
)

// The addresses of everything outside stand in recorded histories: in configs, in
// stored requests. So they are the same when a history is recorded and when it is
// taken up again: a loopback address of its own, below the ports that systems give out.
const (
	recordedHost  = "127.73.19.4"
	recordedAPI   = recordedHost + ":18780"
	recordedInbox = recordedHost + ":18781"
	recordedMail  = recordedHost + ":18725"
	recordedLate  = recordedHost + ":18726" // a mail server that is down while the history is recorded
)

// recordedNow is the time at the simulated store: with its seed it makes the data.
func recordedNow() time.Time { return time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC) }

const recordedSeed = 16

// outside is everything around a recorded installation: the store, an inbox and mail servers.
type outside struct {
	sim    *bcsim.Store
	calls  *ledger[inboxCall]
	mail   *mailSink
	healed atomic.Bool // the inbox's /busy takes calls
}

// newOutside starts the outside at the recorded addresses. addr is where the program listens.
func newOutside(t *testing.T, addr string) *outside {
	t.Helper()
	o := &outside{calls: &ledger[inboxCall]{}, mail: &mailSink{ledger: &ledger[letter]{}}}
	o.sim = bcsim.New(bcsim.Config{Seed: recordedSeed, Now: recordedNow, Resolve: map[string]string{publicHost: addr}, Quota: -1, Sign: true})
	t.Cleanup(o.sim.Close)
	serveAt(t, recordedAPI, o.sim)
	serveAt(t, recordedInbox, http.HandlerFunc(o.answer))
	o.mail.serve(t, listenAt(t, recordedMail))
	return o
}

// listenAt waits for a fixed address: another run of the tests may have it for a moment.
func listenAt(t *testing.T, addr string) net.Listener {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skipf("needs the loopback address %s, which only Linux has without set-up", addr)
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		l, err := net.Listen("tcp", addr)
		if err == nil {
			return l
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

func serveAt(t *testing.T, addr string, h http.Handler) {
	t.Helper()
	srv := httptest.NewUnstartedServer(h)
	_ = srv.Listener.Close()
	srv.Listener = listenAt(t, addr)
	srv.Start()
	t.Cleanup(srv.Close)
}

// answer is the inbox: each path has its fate.
func (o *outside) answer(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	o.calls.add(inboxCall{r.Method, r.URL.Path, r.URL.RawQuery, string(body), r.Header.Clone()})
	w.Header().Set("Content-Type", "application/json")
	switch {
	case r.URL.Path == "/token":
		fmt.Fprint(w, `{"access_token":"recorded-access-token","token_type":"Bearer","expires_in":3600}`)
	case r.URL.Path == "/nobody":
		http.Error(w, `{"error":"there is nobody of this name"}`, http.StatusNotFound)
	case r.URL.Path == "/busy" && !o.healed.Load():
		http.Error(w, "come back later", http.StatusServiceUnavailable)
	case r.URL.Path == "/silent":
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = conn.Close()
		}
	default:
		fmt.Fprint(w, `{"ok":true,"amount":"100.50","code":"01234","count":100,"when":"2026-03-01T10:00:00Z","list":["a","b"],"deep":{"x":{"y":1}},"big":12345678901234567890123,"none":null}`)
	}
}

// post sends one webhook to the program as the store would, whether a hook asks for its scope or not.
func (o *outside) post(t *testing.T, base, body string) {
	t.Helper()
	hook := o.sim.Hooks()[0]
	l := &load{url: strings.Replace(hook.Destination, "https://"+publicHost, base, 1), secret: hook.Headers["X-Webhook-Secret"],
		client: &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}}
	if status := l.post([]byte(body)); status != http.StatusOK {
		t.Fatalf("webhook %s: %d", body, status)
	}
}
