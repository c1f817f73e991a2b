package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cartwheel/triggers/bigcommerce/bcsim"
)

// Every phase, in tiny: what is printed are no figures to quote, but every line is there.
func TestBenchPrintsEveryLine(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "figures.json")
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(shortContext(t), binary(t), "bench", "--duration", "60ms", "--workflows", "100", "--backlog", "30", "--history", "100", "--dir", dir, "--json", file)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, &errs)
	}
	for _, want := range []string{"intake bare ", "intake cartwheel ", "intake ratio ", "intake decided ", "pipeline straight ", "pipeline grouped ",
		"pipeline cartwheel ", "pipeline ratio ", "latency straight at 100/s ", "latency cartwheel at 1000/s ", "slow cartwheel ",
		"workflows 1, all match ", "workflows 100, 1 match ", "workflows ratio ", "start idle ", "start empty ", "start with 30 waiting ", "history list /runs?status=failed ", "history intake ", "history retention ",
		"at least 0.50", "at most 2.50"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in the table:\n%s", want, &out)
		}
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list []figure
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if f.What == "rows removed" && f.Values[0] == 0 {
			t.Errorf("nothing of the history was old enough to go: %+v", f)
		}
		if len(f.Values) != 1 {
			t.Errorf("%s, %s: got %v, want one value for one run", f.Name, f.What, f.Values)
		}
		if f.Values[0] == 0 && f.Name == "intake cartwheel" && f.What == "webhooks/s" {
			t.Errorf("no webhook was accepted: %+v", f)
		}
	}
	left, err := filepath.Glob(filepath.Join(dir, "bench-*"))
	if len(left) > 0 || err != nil {
		t.Errorf("data folders are left behind: %v, %v", left, err)
	}
}

func TestBenchSaysWhatIsWrongWithItsFlags(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		want string // in the line
	}{
		{"no run", []string{"--runs", "0"}, "--runs"},
		{"no time", []string{"--duration", "1ms"}, "--duration"},
		{"an unknown phase", []string{"--only", "intake,nonsense"}, `"nonsense"`},
		{"too few workflows", []string{"--workflows", "10"}, "--workflows"},
		{"no backlog", []string{"--backlog", "0"}, "--backlog"},
		{"half a reference", []string{"reference"}, "straight"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := typed(t, "", append([]string{"bench"}, c.args...)...)
			if code != exitUsage || out != "" || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, c.want) {
				t.Errorf("%q: got exit code %d, output %q, errors %q; want 2 and one line with %s", c.args, code, out, errs, c.want)
			}
		})
	}
}

// testWorld is a store and an inbox for a reference.
func testWorld(t *testing.T) *world {
	t.Helper()
	w, err := newWorld(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// serveReference runs a reference in this process and returns where it is.
func serveReference(t *testing.T, kind string, w *world) (target benchTarget, stop func()) {
	t.Helper()
	c := spawn(t, "bench", "reference", kind, "--store", w.storeURL(), "--token", string(w.shop.token), "--inbox", w.inbox.url+"/", "--dir", w.dir)
	_, addr, _ := strings.Cut(strings.TrimSpace(c.out.waitFor(t, "\n")), "http://")
	s := w.shop.sim.Config()
	return benchTarget{addr: addr, path: "/", secret: "s", clientSecret: s.ClientSecret, scope: usedScope, store: s.StoreHash}, func() {
		c.stop()
		c.wantCode(t, exitOK)
	}
}

func TestTheReferencesPostEachOrderOnceAndOnlyGroupedKeepsIt(t *testing.T) {
	for kind, keeps := range map[string]bool{"straight": false, "grouped": true} {
		t.Run(kind, func(t *testing.T) {
			w := testWorld(t)
			target, stop := serveReference(t, kind, w)
			const events = 300
			at := newCampaign(1_000_000_000, events, 0, 1)
			w.inbox.current.Store(at)
			g := &gun{target: target, campaign: at}
			if err := g.volley(t.Context()); err != nil {
				t.Fatal(err)
			}
			stop() // what was accepted is brought to its end
			if at.arrived.Load() != events || at.more.Load() != 0 || g.accepted.Load() != events {
				t.Errorf("%d accepted, %d posted, %d too often; want %d, %d, 0", g.accepted.Load(), at.arrived.Load(), at.more.Load(), events, events)
			}
			if calls := w.shop.calls.Load(); calls != 2*events {
				t.Errorf("%d calls to the store, want %d", calls, 2*events)
			}
			kept, _ := os.ReadFile(filepath.Join(w.dir, "webhooks.log"))
			if lines := bytes.Count(kept, []byte("\n")); keeps && lines != events || !keeps && lines != 0 {
				t.Errorf("%d webhooks are in the file", lines)
			}
		})
	}
}

func TestTheBareReferenceAsksNobody(t *testing.T) {
	w := testWorld(t)
	target, stop := serveReference(t, "bare", w)
	g := &gun{target: target, campaign: newCampaign(1_000_000_000, 100, 0, 1)}
	if err := g.volley(t.Context()); err != nil {
		t.Fatal(err)
	}
	stop()
	if g.accepted.Load() != 100 || w.shop.calls.Load() != 0 {
		t.Errorf("%d accepted, %d calls; want 100 and none", g.accepted.Load(), w.shop.calls.Load())
	}
}

// What a shot sends is a webhook as the store signs it, another one for every order.
func TestAShotIsASignedWebhook(t *testing.T) {
	target := benchTarget{path: "/hooks/bigcommerce/key", secret: "hush", clientSecret: "client", scope: usedScope, store: "k7mq2zt9ax"}
	s := newShot(target)
	hashes := map[any]bool{}
	for _, order := range []int64{1_000_000_000, 1_234_567_890} {
		req, body := parseShot(t, s.load(order))
		var hook struct {
			Scope, Hash, Producer string
			Data                  struct{ ID int64 }
		}
		if err := json.Unmarshal(body, &hook); err != nil {
			t.Fatalf("%v: %s", err, body)
		}
		if hook.Data.ID != order || hook.Scope != usedScope || hook.Producer != "stores/k7mq2zt9ax" || len(hook.Hash) != 40 {
			t.Errorf("order %d: got %s", order, body)
		}
		stamp := json.Number(req.Header.Get("webhook-timestamp"))
		seconds, err := stamp.Int64()
		if want := bcsim.Sign("client", req.Header.Get("webhook-id"), seconds, body); err != nil || req.Header.Get("webhook-signature") != want {
			t.Errorf("order %d: signature %q, want %q", order, req.Header.Get("webhook-signature"), want)
		}
		if req.Header.Get("X-Webhook-Secret") != "hush" || req.URL.Path != target.path {
			t.Errorf("order %d: got %v %s", order, req.Header, req.URL)
		}
		hashes[hook.Hash] = true
	}
	if len(hashes) != 2 {
		t.Errorf("two orders have the hashes %v", hashes)
	}
}

func parseShot(t *testing.T, raw []byte) (*http.Request, []byte) {
	t.Helper()
	req, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		t.Fatal(err)
	}
	return req, body
}

// The bench's store answers as the simulated store does, but for any order.
func TestTheBenchStoreKnowsEveryOrder(t *testing.T) {
	w := testWorld(t)
	for _, c := range []struct {
		path, token string
		status      int
		want        string // in the body
	}{
		{"/v2/orders/1000000007", string(w.shop.token), 200, `{"id":1000000007,"customer_id":1000000007,`},
		{"/v3/customers?id:in=1000000007", string(w.shop.token), 200, `{"data":[{"id":1000000007,`},
		{"/v2/store", string(w.shop.token), 200, `"currency":"USD"`},
		{"/v2/orders/1000000007", "wrong", 401, ""},
		{"/v2/orders/none", string(w.shop.token), 404, ""},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.storeURL()+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Auth-Token", c.token)
		req.Header.Set("Accept", "application/json")
		req.Close = true
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatalf("%s: %v", c.path, err)
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != c.status || err != nil || !strings.Contains(string(body), c.want) || c.status == 200 && !json.Valid(body) {
			t.Errorf("%s: got %d, %v, %s; want %d with %s", c.path, resp.StatusCode, err, body, c.status, c.want)
		}
	}
}

func TestFiguresShowMediansAndGoals(t *testing.T) {
	f := newFigures()
	for _, v := range []float64{0.2, 0.9, 0.5} {
		f.add("intake ratio", "of bare, rate", v, atLeast(0.3))
		f.add("start idle", "MB", 100*v, atMost(40))
	}
	f.add("start empty", "ms", 7, nil)
	f.add("start more", "ms", 0, atMost(3))
	table := f.table()
	for _, want := range []string{"0.50  0.20 to 0.90  at least 0.30  ok\n", "50.0  20.0 to 90.0  at most 40.0   missed\n", "start empty   ms               7.00\n", "at most 3.00   not measured\n"} {
		if !strings.Contains(table, want) {
			t.Errorf("%q is not in the table:\n%s", want, table)
		}
	}
	if even := (&figure{Values: []float64{4, 1, 2, 3}}).median(); even != 2.5 {
		t.Errorf("the median of 1 to 4 is %v", even)
	}
}

// At a fixed rate the time counts from when a webhook was to be sent, not from when it could be.
func TestTheTimeOfAnEventCountsFromItsTurn(t *testing.T) {
	w := testWorld(t)
	target, stop := serveReference(t, "straight", w)
	w.shop.delay.Store(int64(30 * time.Millisecond))
	at := newCampaign(1_000_000_000, 20, 0, 1)
	w.inbox.current.Store(at)
	g := &gun{target: target, campaign: at}
	if err := g.march(context.Background(), 200); err != nil {
		t.Fatal(err)
	}
	stop()
	times := at.times(0)
	if len(times) != 20 || percentile(times, 0) < 60*time.Millisecond {
		t.Errorf("got %v; want 20 times of two calls of 30ms or more", times)
	}
	if last := time.Duration(at.due[19].Load()); last != lead+19*5*time.Millisecond {
		t.Errorf("event 19 had its turn at %s", last)
	}
}
