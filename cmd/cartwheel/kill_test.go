package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cartwheel/triggers/bigcommerce/bcsim"
)

const (
	kills       = 6
	senders     = 16
	beforeKill  = 150 * time.Millisecond // at least; as much again at random
	perKillLoad = 300                    // webhooks accepted before each kill, at least
)

// binary builds the program as users run it.
func binary(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cartwheel")
	out, err := exec.CommandContext(shortContext(t), "go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

// process is a running "cartwheel serve".
type process struct {
	cmd *exec.Cmd
	log *lockedBuffer
}

func serveProcess(t *testing.T, path, dir, addr string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(path, "serve", "--data", dir, "--addr", addr, "--public-url", "https://"+publicHost, "--allow-private", "127.0.0.0/8", "--log-level", "warn"), log: &lockedBuffer{}}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Stderr = p.log
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.Contains(line, "http://"+addr) {
		t.Fatalf("serve printed %q, %v\n%s", line, err, p.log)
	}
	return p
}

// kill ends the process as a power cut would.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// load sends webhooks, each of its own, until it is told to stop; what was answered 200 is kept.
type load struct {
	url, secret string
	orders      []int
	serial      atomic.Int64
	mu          sync.Mutex
	accepted    [][]byte
	client      *http.Client
}

func (l *load) body(n int64) []byte {
	return fmt.Appendf(nil, `{"scope":"store/shipment/created","store_id":"1003418276","data":{"type":"shipment","id":%d,"orderId":%d},"hash":"%040x","created_at":%d,"producer":"stores/k7mq2zt9ax"}`,
		900000+n, l.orders[int(n)%len(l.orders)], n, 1758269646+n)
}

func (l *load) post(body []byte) int {
	req, err := http.NewRequest(http.MethodPost, l.url, bytes.NewReader(body))
	if err != nil {
		return 0
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Webhook-Secret", l.secret)
	resp, err := l.client.Do(req)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

func (l *load) run(ctx context.Context) {
	var wg sync.WaitGroup
	for range senders {
		wg.Go(func() {
			for ctx.Err() == nil {
				body := l.body(l.serial.Add(1))
				if l.post(body) == http.StatusOK {
					l.mu.Lock()
					l.accepted = append(l.accepted, body)
					l.mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
}

func (l *load) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.accepted)
}

// Kill -9 under load: what was answered 200 is there, each event has one run,
// and a call that is repeated carries the same key and the same bytes.
func TestKillNineLosesNothing(t *testing.T) {
	path, dir, addr := binary(t), t.TempDir(), freeAddr(t)
	calls, inbox := newInbox(t)
	sim := bcsim.New(bcsim.Config{Resolve: map[string]string{publicHost: addr}, Quota: -1})
	api := httptest.NewServer(sim)
	t.Cleanup(func() { sim.Close(); api.Close() })
	token := strings.TrimSpace(string(output(t, path, "token", "create", "--name", "t", "--role", "admin", "--data", dir)))
	proc := serveProcess(t, path, dir, addr)
	t.Cleanup(func() { proc.kill() })
	base := "http://" + addr
	l := prepareLoad(t, base, token, sim, api.URL, inbox.URL)

	for k := range kills {
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan struct{})
		before := l.count()
		go func() { defer close(done); l.run(ctx) }()
		time.Sleep(beforeKill + rand.N(beforeKill)) // the moment of the kill is what is tried
		for deadline := time.Now().Add(patience); l.count() < before+perKillLoad && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond)
		}
		proc.kill()
		stop()
		<-done
		if l.count() < before+perKillLoad {
			t.Fatalf("kill %d: only %d webhooks were accepted\n%s", k, l.count()-before, proc.log)
		}
		proc = serveProcess(t, path, dir, addr)
	}
	checkNothingLost(t, l, base, token, calls, proc)
}

func prepareLoad(t *testing.T, base, token string, sim *bcsim.Store, apiURL, inboxURL string) *load {
	t.Helper()
	want := func(status int, method, path string, in any) {
		t.Helper()
		if a := callAPI(t, base, token, method, path, in); a.status != status {
			t.Fatalf("%s %s: %d\n%s", method, path, a.status, a.body)
		}
	}
	c := sim.Config()
	want(201, "POST", "/api/v1/authentications", object{"id": "shop", "name": "Shop", "type": "bigcommerce", "config": object{"store_hash": c.StoreHash, "api_base_url": apiURL}, "secrets": object{"access_token": c.AccessToken}})
	want(201, "PUT", "/api/v1/workflows/w", object{"name": "W", "trigger": trigger("shipment_created"), "condition": "BigCommerce.Order.id > 0", "steps": []object{
		{"id": "call", "type": "http_request", "config": object{"method": "POST", "url": inboxURL, "body_type": "json", "body": `{"event":"{{ Event | id }}","order":{{ BigCommerce | Order | id }},"modified":"{{ BigCommerce | Order | date_modified }}"}`}}}})
	want(200, "POST", "/api/v1/workflows/w/publish", object{})
	deadline := time.Now().Add(patience)
	for len(sim.Hooks()) == 0 {
		if time.Now().After(deadline) {
			t.Fatal("no hook at the store")
		}
		time.Sleep(5 * time.Millisecond)
	}
	hook := sim.Hooks()[0]
	l := &load{url: strings.Replace(hook.Destination, "https://"+publicHost, base, 1), secret: hook.Headers["X-Webhook-Secret"],
		client: &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: senders}}}
	t.Cleanup(l.client.CloseIdleConnections)
	for _, o := range sim.Orders() {
		if !o.Deleted {
			l.orders = append(l.orders, o.ID)
		}
	}
	return l
}

func checkNothingLost(t *testing.T, l *load, base, token string, calls *ledger[inboxCall], proc *process) {
	t.Helper()
	list := func(path string) (items []object) {
		for cursor := ""; ; {
			a := callAPI(t, base, token, "GET", path+"limit=200&cursor="+cursor, nil)
			var page struct {
				Items      []object `json:"items"`
				NextCursor string   `json:"next_cursor"`
			}
			if err := json.Unmarshal(a.body, &page); err != nil || a.status != 200 {
				t.Fatalf("%s: %d %v %s", path, a.status, err, a.body)
			}
			items = append(items, page.Items...)
			if cursor = page.NextCursor; cursor == "" {
				return items
			}
		}
	}
	var events, runs []object
	for deadline := time.Now().Add(2 * patience); ; time.Sleep(50 * time.Millisecond) {
		pending := len(list("/api/v1/events?status=accepted&")) + len(list("/api/v1/runs?status=running&")) + len(list("/api/v1/runs?status=waiting&"))
		if pending == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d events and runs never came to an end\n%s", pending, proc.log)
		}
	}
	events, runs = list("/api/v1/events?"), list("/api/v1/runs?")
	for _, body := range l.accepted { // each is known: sending it again makes no event
		if status := l.post(body); status != http.StatusOK {
			t.Fatalf("an accepted webhook sent again: %d", status)
		}
	}
	if again := len(list("/api/v1/events?")); again != len(events) {
		t.Errorf("%d accepted events were lost", again-len(events))
	}
	perEvent := map[any]int{}
	for _, r := range runs {
		perEvent[r["event_id"]]++
		if r["status"] != "succeeded" {
			t.Errorf("run %v", r)
		}
	}
	for _, e := range events {
		if e["status"] != "done" || perEvent[e["id"]] != 1 {
			t.Errorf("event %v has %d runs", e, perEvent[e["id"]])
		}
	}
	keys, repeats := map[string]string{}, 0
	for _, c := range calls.all() {
		key := c.Header.Get("Idempotency-Key")
		if earlier, seen := keys[key]; seen {
			repeats++
			if earlier != c.Body {
				t.Errorf("the call %s was repeated with other bytes:\n%s\n%s", key, earlier, c.Body)
			}
		}
		keys[key] = c.Body
	}
	if len(keys) != len(runs) {
		t.Errorf("%d keys for %d runs", len(keys), len(runs))
	}
	t.Logf("%d kills, %d webhooks accepted, %d events, %d runs, %d repeated calls", kills, l.count(), len(events), len(runs), repeats)
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func output(t *testing.T, path string, args ...string) []byte {
	t.Helper()
	out, err := exec.CommandContext(shortContext(t), path, args...).Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		t.Fatalf("cartwheel %s: %v\n%s", strings.Join(args, " "), err, exit.Stderr)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}
