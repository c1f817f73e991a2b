package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"cartwheel/triggers/bigcommerce/bcsim"
)

var (
	recordWith = flag.String("record-with", "", "the program of a release, to record a history with")
	recordAs   = flag.String("record-as", "", "where to keep it: a folder below testdata, named after the release's schema")
)

// recording is what a release answered about its own history.
type recording struct {
	At      time.Time  `json:"at"`
	Program string     `json:"program"`
	Token   string     `json:"token"`
	Viewer  string     `json:"viewer"`
	Answers []recorded `json:"answers"`
}

// recorded is one request and its answer; of a list all pages, as Items.
type recorded struct {
	Method string          `json:"method"`
	Path   string          `json:"path"`
	In     json.RawMessage `json:"in,omitempty"`
	Body   json.RawMessage `json:"body,omitempty"`
	Items  json.RawMessage `json:"items,omitempty"`
}

// Before a release changes the schema, its history is recorded with the program as it was:
//
//	go build -o bin/before ./cmd/cartwheel
//	go test ./cmd/cartwheel -run TestRecordAHistory -record-with ../../bin/before -record-as schema1 -timeout 20m
//
// The folder then holds the database, its master key (of no use elsewhere) and the
// answers. It is never recorded again: later releases have to read what is there.
func TestRecordAHistory(t *testing.T) {
	if *recordWith == "" || *recordAs == "" {
		t.Skip("needs -record-with, the program of a release, and -record-as, a folder below testdata")
	}
	r := &recorder{t: t, path: *recordWith, dir: t.TempDir(), addr: freeAddr(t)}
	r.out = newOutside(t, r.addr)
	r.golden.Program = strings.TrimSpace(string(output(t, r.path, "version")))
	r.golden.Token = strings.TrimSpace(string(output(t, r.path, "token", "create", "--name", "operator", "--role", "admin", "--data", r.dir)))
	r.golden.Viewer = strings.TrimSpace(string(output(t, r.path, "token", "create", "--name", "looker", "--role", "viewer", "--expires", "90d", "--data", r.dir)))
	for _, role := range []string{"admin", "editor"} {
		r.user(role)
	}
	proc := serveProcess(t, r.path, r.dir, r.addr)
	t.Cleanup(proc.kill)
	r.connect()
	r.publish()
	r.happen()
	r.settle()
	r.change()
	r.settle()
	r.golden.At = time.Now().UTC()
	if err := proc.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := proc.cmd.Wait(); err != nil {
		t.Fatalf("serve: %v\n%s", err, proc.log)
	}
	r.keep(filepath.Join("testdata", *recordAs))
}

type recorder struct {
	t      *testing.T
	path   string // of the program
	dir    string
	addr   string
	out    *outside
	golden recording
}

func (r *recorder) user(role string) {
	cmd := exec.CommandContext(shortContext(r.t), r.path, "user", "create", "--email", role+"@example.com", "--role", role, "--data", r.dir)
	cmd.Stdin = strings.NewReader("a long enough password of " + role + "\n")
	if out, err := cmd.CombinedOutput(); err != nil {
		r.t.Fatalf("user create: %v\n%s", err, out)
	}
}

func (r *recorder) call(status int, method, path string, in any) []byte {
	r.t.Helper()
	a := callAPI(r.t, "http://"+r.addr, r.golden.Token, method, path, in)
	if a.status != status {
		r.t.Fatalf("%s %s: %d, want %d\n%s", method, path, a.status, status, a.body)
	}
	return a.body
}

func (r *recorder) connect() {
	c := r.out.sim.Config()
	for _, a := range []object{
		{"id": "shop", "name": "The shop", "type": "bigcommerce", "config": object{"store_hash": c.StoreHash, "api_base_url": "http://" + recordedAPI, "signature": "if_present"},
			"secrets": object{"access_token": c.AccessToken, "client_id": c.ClientID, "client_secret": c.ClientSecret}},
		{"id": "sender", "name": "Sender", "type": "smtp", "secrets": object{}, "config": recordedSender(recordedMail)},
		{"id": "late-sender", "name": "Late sender", "type": "smtp", "secrets": object{}, "config": recordedSender(recordedLate)},
		{"id": "bearer", "name": "Bearer", "type": "http_bearer", "config": object{"allowed_hosts": []string{recordedHost}}, "secrets": object{"token": "recorded-bearer-token"}},
		{"id": "basic", "name": "Basic", "type": "http_basic", "config": object{"username": "shop", "allowed_hosts": []string{recordedHost}}, "secrets": object{"password": "recorded-basic-password"}},
		{"id": "header", "name": "Header", "type": "http_header", "config": object{"header": "X-Api-Key", "allowed_hosts": []string{recordedHost}}, "secrets": object{"value": "recorded-header-value"}},
		{"id": "oauth", "name": "OAuth", "type": "oauth2_client_credentials", "config": object{"token_url": "http://" + recordedInbox + "/token", "client_id": "recorded", "scopes": "orders.read", "allowed_hosts": []string{recordedHost}},
			"secrets": object{"client_secret": "recorded-client-secret"}},
	} {
		r.call(201, "POST", "/api/v1/authentications", a)
	}
}

func recordedSender(addr string) object {
	_, port, _ := strings.Cut(addr, ":")
	return object{"host": recordedHost, "port": json.Number(port), "from": "Shop <shop@example.com>", "encryption": "none"}
}

func (r *recorder) publish() {
	ids, all := recordedWorkflows()
	for _, id := range ids {
		saved := r.call(201, "PUT", "/api/v1/workflows/"+id, all[id])
		if !bytes.Contains(saved, []byte(`"problems":[]`)) {
			r.t.Errorf("%s: %s", id, saved)
			continue
		}
		r.call(200, "POST", "/api/v1/workflows/"+id+"/publish", object{"note": "first"})
	}
	if r.t.Failed() {
		r.t.FailNow()
	}
	r.call(201, "PUT", "/api/v1/workflows/a-draft", object{"name": "A draft", "trigger": trigger("order_created"), "condition": "BigCommerce.Order.frist > 1", "steps": []object{}})
	r.call(200, "POST", "/api/v1/workflows/paused/pause", nil)
	r.until("hooks for every trigger", func() bool { return len(r.out.sim.Hooks()) == len(recordedTriggers()) })
}

func (r *recorder) until(what string, ok func() bool) {
	r.t.Helper()
	for deadline := time.Now().Add(5 * time.Minute); !ok(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			r.t.Fatalf("%s: not within five minutes", what)
		}
	}
}

// happen lets the store send what it sends. Nothing in the store changes, so that a later replay reads the same.
func (r *recorder) happen() {
	sim := r.out.sim
	orders := slices.DeleteFunc(sim.Orders(), func(o bcsim.Order) bool { return o.Deleted })
	sim.Fault(bcsim.Fault{Path: fmt.Sprintf("/v2/orders/%d", orders[60].ID), Status: 401})
	sim.Fault(bcsim.Fault{Path: fmt.Sprintf("/v2/orders/%d", orders[61].ID), Status: 503})
	sim.Emit("store/order/created", object{"type": "order", "id": 999999}) // gone: it ends after two minutes
	for _, o := range orders[60:62] {
		sim.Emit("store/order/created", object{"type": "order", "id": o.ID})
		sim.Emit("store/order/updated", object{"type": "order", "id": o.ID}) // waits behind
	}
	for i, o := range orders[:12] {
		sim.Emit("store/order/created", object{"type": "order", "id": o.ID}, bcsim.Copies(1+i%3/2))
	}
	for _, o := range orders[26:34] {
		sim.Emit("store/order/updated", object{"type": "order", "id": o.ID})
		sim.Emit("store/order/statusUpdated", object{"type": "order", "id": o.ID, "status": object{"previous_status_id": 0, "new_status_id": o.StatusID}})
	}
	shipments, converted := 0, 0
	for _, o := range orders {
		for _, id := range o.Shipments {
			if shipments++; shipments <= 14 {
				sim.Emit("store/shipment/created", object{"type": "shipment", "id": id, "orderId": o.ID})
			}
		}
		if o.CartID != "" && o.CartID != "f17b117a-ff2c-4af8-be49-7d7c7d99932d" {
			if converted++; converted <= 7 {
				sim.Emit("store/cart/converted", object{"type": "cart", "id": o.CartID, "orderId": o.ID})
			}
		}
	}
	for _, c := range sim.Carts()[:14] {
		sim.Emit("store/cart/abandoned", object{"type": "cart", "id": c.ID, "token": c.Token})
	}
	if err := sim.Settle(shortContext(r.t)); err != nil {
		r.t.Fatal(err)
	}
	r.out.post(r.t, "http://"+r.addr, `{"scope":"store/product/updated","store_id":"1003418276","data":{"type":"product","id":77},"hash":"00000000000000000000000000000000000000aa","created_at":1795154400,"producer":"stores/k7mq2zt9ax"}`)
}

// change lets people change things afterwards.
func (r *recorder) change() {
	r.call(200, "PUT", "/api/v1/workflows/renewed", object{"name": "Renewed", "trigger": trigger("cart_converted"), "steps": []object{recordedCall("second", "/version-two", `{"version":2}`)}})
	r.call(200, "POST", "/api/v1/workflows/renewed/publish", object{"note": "second"})
	r.call(200, "PUT", "/api/v1/workflows/fails", object{"name": "Fails, changed", "trigger": trigger("cart_converted"), "steps": []object{}})
	r.call(204, "DELETE", "/api/v1/workflows/deleted", nil)
	for _, run := range r.list("/api/v1/runs?workflow_id=cancels")[:2] {
		r.call(200, "POST", "/api/v1/runs/"+run["id"].(string)+"/cancel", nil)
	}
	events := r.list("/api/v1/events?trigger=bigcommerce.order_created&status=done")
	for _, e := range events[:1] {
		r.call(201, "POST", "/api/v1/events/"+e["id"].(string)+"/replay", nil)
	}
}

func (r *recorder) list(path string) (items []object) {
	r.t.Helper()
	if err := json.Unmarshal(wholeList(r.t, r.call, path), &items); err != nil {
		r.t.Fatal(err)
	}
	return items
}

// wholeList gathers all pages of a list.
func wholeList(t testing.TB, call func(status int, method, path string, in any) []byte, path string) json.RawMessage {
	t.Helper()
	all, more := []json.RawMessage{}, "?"
	if strings.Contains(path, "?") {
		more = "&"
	}
	for cursor := ""; ; {
		var page struct {
			Items      []json.RawMessage `json:"items"`
			NextCursor string            `json:"next_cursor"`
		}
		if err := json.Unmarshal(call(200, "GET", path+more+"limit=37&cursor="+cursor, nil), &page); err != nil {
			t.Fatal(err)
		}
		all = append(all, page.Items...)
		if cursor = page.NextCursor; cursor == "" {
			raw, err := json.Marshal(all)
			if err != nil {
				t.Fatal(err)
			}
			return raw
		}
	}
}

// settle asks for everything until it stays as it is.
func (r *recorder) settle() {
	r.t.Helper()
	r.until("nothing moves any more", func() bool {
		for _, e := range r.list("/api/v1/events?status=accepted") {
			if strings.HasSuffix(fmt.Sprint(e["entity"]), "/999999") || e["reason"] == nil {
				return false
			}
		}
		if len(r.list("/api/v1/runs?status=running")) > 0 {
			return false
		}
		before := r.ask()
		r.golden.Answers = r.ask()
		return reflect.DeepEqual(before, r.golden.Answers)
	})
}

// ask makes every request whose answer is kept.
func (r *recorder) ask() []recorded {
	r.t.Helper()
	var all []recorded
	one := func(method, path string, in any) {
		raw, err := json.Marshal(in)
		if err != nil {
			r.t.Fatal(err)
		}
		if in == nil {
			raw = nil
		}
		all = append(all, recorded{Method: method, Path: path, In: raw, Body: r.call(200, method, path, in)})
	}
	lists := func(paths ...string) {
		for _, path := range paths {
			all = append(all, recorded{Method: "GET", Path: path, Items: wholeList(r.t, r.call, path)})
		}
	}
	events, runs := r.list("/api/v1/events"), r.list("/api/v1/runs")
	lists("/api/v1/events", "/api/v1/runs", "/api/v1/workflows", "/api/v1/authentications", "/api/v1/workflows?status=paused", "/api/v1/workflows?q=once", "/api/v1/workflows/renewed/versions", "/api/v1/workflows/deleted/versions")
	for _, e := range events {
		one("GET", "/api/v1/events/"+e["id"].(string), nil)
	}
	for _, run := range runs {
		one("GET", "/api/v1/runs/"+run["id"].(string), nil)
	}
	for _, o := range r.out.sim.Orders()[:4] {
		lists("/api/v1/events?email="+o.Email, "/api/v1/runs?email="+o.Email, "/api/v1/events?entity="+fmt.Sprintf("order/%d", o.ID))
	}
	for _, status := range []string{"accepted", "done", "failed"} {
		lists("/api/v1/events?status=" + status)
	}
	for _, status := range []string{"running", "waiting", "succeeded", "failed", "cancelled"} {
		lists("/api/v1/runs?status=" + status)
	}
	for _, name := range recordedTriggers() {
		lists("/api/v1/events?authentication_id=shop&trigger=bigcommerce." + name)
	}
	ids, _ := recordedWorkflows()
	for _, id := range slices.DeleteFunc(ids, func(id string) bool { return id == "deleted" }) {
		one("GET", "/api/v1/workflows/"+id, nil)
	}
	lists("/api/v1/runs?workflow_id=acts", "/api/v1/runs?workflow_id=deleted")
	for _, e := range events {
		if id := map[any]string{"bigcommerce.shipment_created": "acts", "bigcommerce.order_status_updated": "branches", "bigcommerce.order_updated": "credentials"}[e["trigger"]]; id != "" && e["status"] == "done" {
			one("POST", "/api/v1/workflows/"+id+"/test", object{"event_id": e["id"]})
		}
	}
	return all
}

// keep writes the folder.
func (r *recorder) keep(folder string) {
	t := r.t
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile(filepath.Join(r.dir, "master.key"))
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "master.key"), key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(r.dir, "*-wal")); len(left) > 0 {
		t.Fatalf("%s is not in the database", left)
	}
	db, err := os.ReadFile(filepath.Join(r.dir, "cartwheel.db"))
	if err != nil {
		t.Fatal(err)
	}
	answers, err := json.Marshal(r.golden)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"cartwheel.db.gz": db, "answers.json.gz": answers} {
		small := zip(t, content)
		if err := os.WriteFile(filepath.Join(folder, name), small, 0o600); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes of %d", name, len(small), len(content))
	}
}

func zip(t *testing.T, content []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func unzip(t testing.TB, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
