package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cartwheel/triggers/bigcommerce/bcsim"
)

// insideHosts are spellings of addresses inside; see also insideNames.
var insideHosts = []string{
	"127.0.0.1", "127.1", "127.0.1", "127.127.127.127", "0", "0.0.0.0", "localhost", "LOCALHOST", "localhost.", "2130706433", "0x7f000001",
	"0x7f.0.0.1", "017700000001", "0177.0.0.1", "127.0.0.1.", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
	"[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::]", "[fe80::1%25lo]", "[::1%25eth0]",
	"[fc00::1]", "[fd00:ec2::254]", "169.254.169.254", "2852039166", "0xA9FEA9FE", "169.254.43518", "[::ffff:169.254.169.254]",
	"100.100.100.200", "192.0.0.192", "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1",
	"255.255.255.255", "①②⑦.⓪.⓪.①", "127。0。0。1", "127%2e0%2e0%2e1", "example.com@127.0.0.1", "127.0.0.1\t", "127.0.0.1%00.example.com", "[0000::1]",
}

// insideURLs are taken as they are.
var insideURLs = []string{
	"http://169.254.169.254/latest/meta-data/", "http://example.com:80@127.0.0.1:80", "http://127.0.0.1#@example.com", "http://127.0.0.1:22",
	`http://127.0.0.1:80\@example.com`, "http://0000::1", "http:127.0.0.1/", "//127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1:6379/_INFO",
	"ftp://127.0.0.1/", "dict://127.0.0.1:11211/stats", "unix:///var/run/docker.sock", "jar:http://127.0.0.1!/",
}

// trap listens on loopback and counts who comes.
type trap struct {
	port  string
	hosts []string
	count atomic.Int64
}

func newTrap(t *testing.T) *trap {
	t.Helper()
	tr := &trap{hosts: insideHosts}
	first := tr.listen(t, "127.0.0.1:0")
	if first == nil {
		t.Fatal("nothing listens on loopback")
	}
	_, tr.port = hostPort(t, first.Addr().String())
	tr.listen(t, "[::1]:"+tr.port) // where there is IPv6
	return tr
}

func (tr *trap) listen(t *testing.T, address string) net.Listener {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			tr.count.Add(1)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return l
}

func (tr *trap) urls() (all []string) {
	for _, host := range tr.hosts {
		all = append(all, "http://"+host+":"+tr.port+"/", "https://"+strings.TrimSuffix(host, "\t")+"/")
	}
	return append(all, insideURLs...)
}

// restartWithin starts the program anew on its data, with these networks allowed.
func (p *program) restartWithin(networks ...netip.Prefix) {
	p.t.Helper()
	if err := p.app.Stop(); err != nil {
		p.t.Fatal(err)
	}
	cfg := p.app.cfg
	cfg.AllowPrivate = networks
	log := slog.New(slog.NewJSONHandler(p.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	app, err := New(context.Background(), cfg, log, Extras{Watch: func(what any) { p.events.add(Watched{what}) }})
	if err != nil {
		p.t.Fatal(err)
	}
	if err := app.Start(context.Background()); err != nil {
		p.t.Fatal(err)
	}
	p.app = app
	p.t.Cleanup(func() { _ = app.Stop() })
}

// postman delivers webhooks as the store does, or not quite.
type postman struct {
	p           *program
	path        string
	header      http.Header
	scope       string
	nextID      int
	storeHash   string
	storeSecret string
}

// postman takes the address and the header from the hook for scope at the store.
func (p *program) postman(scope string) *postman {
	p.t.Helper()
	for _, h := range p.sim.Hooks() {
		if h.Scope != scope {
			continue
		}
		m := &postman{p: p, scope: scope, path: strings.TrimPrefix(h.Destination, "https://"+publicHost), header: http.Header{"Content-Type": {"application/json"}},
			storeHash: p.sim.Config().StoreHash, storeSecret: p.sim.Config().ClientSecret}
		for name, value := range h.Headers {
			m.header.Set(name, value)
		}
		return m
	}
	p.t.Fatalf("no hook for %s", scope)
	return nil
}

// envelope is a webhook's body; no two are the same event.
func (m *postman) envelope(data any) []byte {
	m.nextID++
	raw, err := json.Marshal(object{"scope": m.scope, "store_id": bcsim.StoreID, "data": data, "created_at": 1_790_000_000 + m.nextID,
		"producer": "stores/" + m.storeHash, "hash": fmt.Sprintf("hash%d", m.nextID)})
	if err != nil {
		m.p.t.Fatal(err)
	}
	return raw
}

// send delivers a body, signed unless change takes the signature away.
func (m *postman) send(body []byte, change func(http.Header)) answer {
	m.p.t.Helper()
	stamp := time.Now().Unix()
	id := rand.Text()
	req, err := http.NewRequestWithContext(shortContext(m.p.t), http.MethodPost, m.p.app.URL()+m.path, strings.NewReader(string(body)))
	if err != nil {
		m.p.t.Fatal(err)
	}
	req.Header = m.header.Clone()
	req.Header.Set("webhook-id", id)
	req.Header.Set("webhook-timestamp", strconv.FormatInt(stamp, 10))
	req.Header.Set("webhook-signature", bcsim.Sign(m.storeSecret, id, stamp, body))
	if change != nil {
		change(req.Header)
	}
	return exchange(m.p.t, req)
}

// Without --allow-private nothing inside is reached, whoever names the address and whatever the DNS makes of it.
func TestNothingInsideIsCalledWithoutLeave(t *testing.T) {
	resolvers := map[string]map[string][][]string{"names lead inside": likeLibc()}
	if size(0, 1) > 0 {
		resolvers["no name is known"] = map[string][][]string{}
	}
	for name, answers := range resolvers {
		t.Run(name, func(t *testing.T) {
			known := len(answers) > 0 // the server turns them round, also when nobody waits for it any more
			server := resolveBy(t, answers)
			nothingInsideIsCalled(t, insideNames)
			if known && server.asked.Load() < 100 {
				t.Errorf("the name server was asked %d times, so most names were not tried", server.asked.Load())
			}
		})
	}
}

// nothingInsideIsCalled takes every spelling, and these names, to every place that takes an address.
func nothingInsideIsCalled(t *testing.T, names []string) {
	t.Helper()
	p := startProgram(t, nil)
	p.connect()
	tr := newTrap(t)
	tr.hosts = append(slices.Clone(insideHosts), names...)
	var steps []object
	for i, u := range tr.urls() {
		steps = append(steps, object{"id": fmt.Sprintf("call-%d", i), "type": "http_request", "on_error": "continue", "retry": object{"attempts": 1},
			"config": object{"method": "GET", "url": `{{ Steps | call-0 | body ?? ` + strconv.Quote(u) + ` }}`}})
	}
	mail := object{"authentication_id": "sender", "to": "a@example.com", "subject": "x", "text": "x"}
	steps[0]["config"] = object{"method": "GET", "url": "http://127.0.0.1:" + tr.port}
	steps = append(steps, object{"id": "mail", "type": "send_email", "on_error": "continue", "retry": object{"attempts": 1}, "config": mail})
	through := p.insideAuthentications(t, tr)
	p.publish("inside", object{"name": "Inside", "trigger": trigger("shipment_created"), "steps": steps})
	p.publish("through", object{"name": "Through", "trigger": trigger("shipment_created"), "steps": through})
	p.publish("reads", object{"name": "Reads", "trigger": trigger("order_updated"), "condition": "BigCommerce.Order.id > 0", "steps": steps[:1]})
	shipped, updated := p.postman("store/shipment/created"), p.postman("store/order/updated")
	p.restartWithin()
	asked, sent := len(p.sim.Requests()), len(p.mail.all())

	for _, m := range []*postman{shipped, updated} {
		if a := m.send(m.envelope(object{"type": "order", "id": 903, "orderId": 4127}), nil); a.status != 200 {
			t.Fatalf("delivery: %d %s", a.status, a.body)
		}
	}
	for id, steps := range map[string][]object{"inside": steps, "through": through} {
		for i, s := range p.onlyRun(id)["steps"].([]any) {
			s := s.(object)
			reason, _ := s["reason"].(string)
			if s["status"] != "failed" || reason == "" {
				t.Errorf("step %d %v of %s: %v %q, want it failed with a reason", i, steps[i]["config"], id, s["status"], reason)
			}
		}
	}
	tests := p.testInside(t, tr)
	tests += p.readInside(t)
	if tr.count.Load() != 0 || len(p.sim.Requests()) != asked || len(p.mail.all()) != sent {
		t.Errorf("%d connections to the trap, %d calls to the store, %d mails; want none", tr.count.Load(), len(p.sim.Requests())-asked, len(p.mail.all())-sent)
	}
	t.Logf("S4: %d hosts and %d whole URLs, %d steps, %d tests, samples and previews, %d connections", len(tr.hosts), len(insideURLs), len(steps)+len(through), tests, tr.count.Load())
}

// insideAuthentications makes a mail server and a token endpoint at every host, and returns steps that use them.
func (p *program) insideAuthentications(t *testing.T, tr *trap) (steps []object) {
	t.Helper()
	for i, host := range tr.hosts {
		for _, a := range []struct {
			typ, step       string
			config, secrets object
			use             object
		}{
			{"smtp", "send_email", object{"host": strings.Trim(host, "[]"), "port": json.Number(tr.port), "from": "a@example.com", "encryption": []string{"none", "starttls", "tls"}[i%3]}, object{},
				object{"to": "a@example.com", "subject": "x", "text": "x"}},
			{"oauth2_client_credentials", "http_request", object{"token_url": "http://" + host + ":" + tr.port + "/token", "client_id": "x", "allowed_hosts": []string{"127.0.0.1"}}, object{"client_secret": "0123456789"},
				object{"method": "GET", "url": "http://127.0.0.1:" + tr.port + "/"}},
		} {
			id := fmt.Sprintf("%s-%d", strings.ReplaceAll(a.step, "_", "-"), i)
			made := p.call("POST", "/api/v1/authentications", object{"id": id, "name": "x", "type": a.typ, "config": a.config, "secrets": a.secrets})
			if made.status == http.StatusUnprocessableEntity {
				continue
			}
			if made.status != http.StatusCreated {
				t.Errorf("%s %v: %d %s", a.typ, a.config, made.status, made.body)
				continue
			}
			a.use["authentication_id"] = id
			steps = append(steps, object{"id": id, "type": a.step, "on_error": "continue", "retry": object{"attempts": 1}, "config": a.use})
		}
	}
	return steps
}

// readInside has everything read from the store, which is inside, while its event waits.
func (p *program) readInside(t *testing.T) (tried int) {
	t.Helper()
	event := ""
	p.waitFor("the event that needs the store says why it waits", func() bool {
		for _, e := range p.must(200, "GET", "/api/v1/events", nil)["items"].([]any) {
			if reason, _ := e.(object)["reason"].(string); strings.Contains(reason, "--allow-private") {
				event = e.(object)["id"].(string)
				return true
			}
		}
		return false
	})
	updated := object{"type": "bigcommerce.order_updated"}
	for path, in := range map[string]object{
		"/workflows/reads/test": {"event_id": event}, "/conditions/check": {"condition": "BigCommerce.Order.id > 0", "trigger": updated, "event_id": event},
		"/merge/preview": {"template": "{{ BigCommerce | Order | status }}", "trigger": updated, "event_id": event},
		"/triggers/bigcommerce.order_created/sample": {"authentication_id": "shop", "id": 4127}, "/authentications/shop/test": nil,
	} {
		tried++
		var body any
		if in != nil {
			body = in
		}
		if a := p.call("POST", "/api/v1"+path, body); a.status >= 500 && a.status != http.StatusServiceUnavailable {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	tried++ // publishing registers a hook, which is a call to the store
	p.must(201, "PUT", "/api/v1/workflows/more", object{"name": "More", "trigger": trigger("order_created"), "steps": []object{{"id": "end", "type": "stop"}}})
	p.must(200, "POST", "/api/v1/workflows/more/publish", object{})
	p.waitFor("the hook cannot be registered, and says why", func() bool {
		hooks, _ := p.must(200, "GET", "/api/v1/authentications/shop", nil)["hooks"].(object)
		return hooks["state"] != "active" && strings.Contains(fmt.Sprint(hooks["reason"]), "--allow-private")
	})
	return tried
}

// onlyRun waits until the one run of a workflow has ended.
func (p *program) onlyRun(workflow string) (run object) {
	p.t.Helper()
	p.waitFor(workflow+" has run", func() bool {
		runs := p.must(200, "GET", "/api/v1/runs?workflow_id="+workflow, nil)["items"].([]any)
		if len(runs) == 0 || runs[0].(object)["finished_at"] == nil {
			return false
		}
		run = p.must(200, "GET", "/api/v1/runs/"+runs[0].(object)["id"].(string), nil)
		return true
	})
	return run
}

// testInside has the button "test" try every address in every place that takes one.
func (p *program) testInside(t *testing.T, tr *trap) (n int) {
	t.Helper()
	try := func(typ string, config, secrets object) {
		t.Helper()
		n++
		id := fmt.Sprintf("inside-%d", n)
		made := p.call("POST", "/api/v1/authentications", object{"id": id, "name": "x", "type": typ, "config": config, "secrets": secrets})
		if made.status == http.StatusUnprocessableEntity {
			return
		}
		if made.status != http.StatusCreated {
			t.Errorf("%s %v: %d %s", typ, config, made.status, made.body)
			return
		}
		a := p.call("POST", "/api/v1/authentications/"+id+"/test", nil)
		var out struct{ OK bool }
		if err := json.Unmarshal(a.body, &out); err != nil || a.status != http.StatusOK || out.OK {
			t.Errorf("test of %s %v: %d %s, want 200 and not ok", typ, config, a.status, a.body)
		}
		if typ == "bigcommerce" {
			n++
			if a := p.call("POST", "/api/v1/triggers/bigcommerce.order_created/sample", object{"authentication_id": id, "id": 4127}); a.status < 400 {
				t.Errorf("a sample of %v: %d %s, want it refused", config, a.status, a.body)
			}
		}
	}
	for _, u := range tr.urls() {
		try("bigcommerce", object{"store_hash": "k7mq2zt9ax", "api_base_url": u}, object{"access_token": "0123456789"})
		try("oauth2_client_credentials", object{"token_url": u, "client_id": "x"}, object{"client_secret": "0123456789"})
	}
	for i, host := range tr.hosts {
		encryption := []string{"none", "starttls", "tls"}[i%3]
		try("smtp", object{"host": strings.Trim(host, "[]"), "port": json.Number(tr.port), "from": "a@example.com", "encryption": encryption}, object{})
		try("http_bearer", object{"allowed_hosts": []string{host}}, object{"token": "0123456789"})
	}
	for _, id := range []string{"shop", "sender", "hooks"} {
		if out := p.must(200, "POST", "/api/v1/authentications/"+id+"/test", nil); out["ok"] != false {
			t.Errorf("test of %s: %v, want not ok", id, out)
		}
	}
	return n
}

// A redirect is an answer, never an order: neither the call nor its credential goes on.
func TestRedirectsLeadNowhere(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	tr := newTrap(t)
	redirecting := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, err := strconv.Atoi(strings.Trim(r.URL.Path, "/"))
		if err != nil { // the test of a credential asks for /
			status = http.StatusFound
		}
		w.Header().Set("Location", "http://127.0.0.1:"+tr.port+"/inside")
		w.WriteHeader(status)
	}))
	t.Cleanup(redirecting.Close)
	statuses := []int{301, 302, 303, 307, 308}
	var steps []object
	for _, status := range statuses {
		token := fmt.Sprintf("token-%d", status)
		p.must(201, "POST", "/api/v1/authentications", object{"id": token, "name": token, "type": "oauth2_client_credentials",
			"config":  object{"token_url": fmt.Sprintf("%s/%d", redirecting.URL, status), "client_id": "x", "allowed_hosts": []string{"127.0.0.1"}},
			"secrets": object{"client_secret": "0123456789"}})
		if out := p.must(200, "POST", "/api/v1/authentications/"+token+"/test", nil); out["ok"] != false {
			t.Errorf("a token endpoint that answers %d: %v", status, out)
		}
		for _, auth := range []string{"hooks", token} {
			steps = append(steps, object{"id": fmt.Sprintf("call-%d-%s", status, auth), "type": "http_request", "on_error": "continue",
				"config": object{"method": "POST", "url": fmt.Sprintf("%s/%d", redirecting.URL, status), "authentication_id": auth, "body_type": "text", "body": "x"}})
		}
	}
	p.publish("moved", object{"name": "Moved", "trigger": trigger("shipment_created"), "steps": steps})
	p.sim.Emit("store/shipment/created", object{"type": "shipment", "id": 903, "orderId": 4127})
	for i, s := range p.onlyRun("moved")["steps"].([]any) {
		if reason, _ := s.(object)["reason"].(string); s.(object)["status"] != "failed" || !strings.Contains(reason, strconv.Itoa(statuses[i/2])) {
			t.Errorf("step %s: %v %q, want it failed with %d", steps[i]["id"], s.(object)["status"], reason, statuses[i/2])
		}
	}
	p.storeMovesAway(t, statuses, tr)
	if n := tr.count.Load(); n != 0 {
		t.Errorf("%d connections to where the redirects point, want none", n)
	}
}

// storeMovesAway has the store answer with redirects; its token must not follow.
func (p *program) storeMovesAway(t *testing.T, statuses []int, tr *trap) {
	t.Helper()
	p.publish("reads", object{"name": "Reads", "trigger": trigger("order_updated"), "condition": "BigCommerce.Order.id > 0", "steps": []object{{"id": "end", "type": "stop"}}})
	for _, status := range statuses {
		remove := p.sim.Fault(bcsim.Fault{Kind: bcsim.FaultRedirect, Status: status, URL: "http://127.0.0.1:" + tr.port + "/stolen"})
		out := p.must(200, "POST", "/api/v1/authentications/shop/test", nil)
		if out["ok"] != false || !strings.Contains(fmt.Sprint(out["checks"]), strconv.Itoa(status)) {
			t.Errorf("the test of a store that answers %d: %v", status, out)
		}
		if a := p.call("POST", "/api/v1/triggers/bigcommerce.order_created/sample", object{"authentication_id": "shop", "id": 4127}); a.status < 400 {
			t.Errorf("a sample of a store that answers %d: %d %s", status, a.status, a.body)
		}
		order := p.sim.Orders()[slices.Index(statuses, status)].ID
		p.sim.Emit("store/order/updated", object{"type": "order", "id": order})
		p.waitFor("the event says why it waits", func() bool {
			for _, e := range p.must(200, "GET", fmt.Sprintf("/api/v1/events?entity=order/%d", order), nil)["items"].([]any) {
				if reason, _ := e.(object)["reason"].(string); strings.Contains(reason, strconv.Itoa(status)) {
					return true
				}
			}
			return false
		})
		remove()
	}
}
