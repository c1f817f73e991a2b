package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "modernc.org/sqlite" // what is left on the disk is looked at from outside
)

// rig is the built program as a process of its own, which faults are done to, between the
// bench's store, an inbox and a mail server. All three are in this process and keep a book.
type rig struct {
	t     testing.TB
	path  string   // of the program
	args  []string // before it: another program that starts it
	flags []string // after "serve"
	env   []string
	dir   string
	addr  string
	token string

	shop   *benchShop
	inbox  *lean
	before atomic.Pointer[func()] // called with each call of a workflow, before it is noted
	book   *book
	serial atomic.Int64
	target benchTarget
	proc   *process
	ready  time.Duration // from the start of the process to its line
}

// newRig starts nothing yet. tags are the program's build tags.
func newRig(t testing.TB, tags string) *rig {
	t.Helper()
	r := &rig{t: t, path: builtWith(t, tags), dir: filepath.Join(t.TempDir(), "data"), addr: freeAddr(t), book: &book{}}
	var err error
	if r.shop, err = startBenchShop(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.shop.stop)
	r.inbox = countingInbox(t, r.book, func() {
		if f := r.before.Load(); f != nil {
			(*f)()
		}
	})
	t.Cleanup(func() { r.kill() })
	return r
}

// startRig starts the program and publishes a workflow that calls the inbox and mails about some of the orders.
func startRig(t testing.TB, tags string) *rig {
	t.Helper()
	r := newRig(t, tags)
	r.createToken()
	r.start()
	r.publish()
	return r
}

func (r *rig) createToken() {
	r.t.Helper()
	r.token = strings.TrimSpace(string(output(r.t, r.path, "token", "create", "--name", "t", "--role", "admin", "--data", r.dir)))
}

// command is how the program is started.
func (r *rig) command() *exec.Cmd {
	line := append(append([]string{}, r.args...), r.path, "serve", "--data", r.dir, "--addr", r.addr, "--public-url", "https://"+benchHost,
		"--allow-private", "127.0.0.0/8", "--log-level", "warn")
	line = append(line, r.flags...)
	cmd := exec.Command(line[0], line[1:]...)
	cmd.Env = append(os.Environ(), r.env...)
	return cmd
}

// start begins another life of the program and returns when it is ready.
func (r *rig) start() {
	r.t.Helper()
	if !r.tryStart() {
		r.t.Fatalf("the program does not start\n%s", r.proc.log)
	}
}

// tryStart is start; false: the program ended before it was ready.
func (r *rig) tryStart() bool {
	r.t.Helper()
	r.book.newLife()
	began := time.Now()
	r.proc = &process{cmd: r.command(), log: &lockedBuffer{}}
	out, err := r.proc.cmd.StdoutPipe()
	if err != nil {
		r.t.Fatal(err)
	}
	r.proc.cmd.Stderr = r.proc.log
	if err := r.proc.cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	r.ready = time.Since(began)
	return err == nil && strings.Contains(line, "http://"+r.addr)
}

// kill ends the process as a power cut would, and returns when all that it had sent has been noted.
func (r *rig) kill() {
	if r.proc != nil {
		r.proc.kill()
		r.quiet()
	}
}

// died waits until the process has ended by itself and returns how.
func (r *rig) died() syscall.WaitStatus {
	r.t.Helper()
	late := time.AfterFunc(patience, func() { _ = r.proc.cmd.Process.Kill() })
	_ = r.proc.cmd.Wait() // the state says more
	r.quiet()
	if !late.Stop() {
		r.t.Fatalf("the process did not end by itself\n%s", r.proc.log)
	}
	status, ok := r.proc.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok {
		r.t.Fatalf("the process ended with %v", r.proc.cmd.ProcessState)
	}
	return status
}

func (r *rig) quiet() {
	for deadline := time.Now().Add(patience); r.inbox.open() > 0 && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
}

func (r *rig) base() string { return "http://" + r.addr }

func (r *rig) must(status int, method, path string, in any) []byte {
	r.t.Helper()
	a := callAPI(r.t, r.base(), r.token, method, path, in)
	if a.status != status {
		r.t.Fatalf("%s %s: %d, want %d\n%s", method, path, a.status, status, a.body)
	}
	return a.body
}

// The orders that are mailed about: of those in heldMail a mail is never repeated, of those in againMail it is.
const (
	heldMail  = "BigCommerce.Order.id % 8 == 0"
	againMail = "BigCommerce.Order.id % 8 == 4"
)

func isHeldMail(n int64) bool  { return (firstOrder+n)%8 == 0 }
func isAgainMail(n int64) bool { return (firstOrder+n)%8 == 4 }

// publish connects the program with the world and publishes the workflow.
func (r *rig) publish() {
	r.t.Helper()
	c := r.shop.sim.Config()
	host, port := hostPort(r.t, countingPost(r.t, r.book).String())
	r.must(201, "POST", "/api/v1/authentications", object{"id": "shop", "name": "Shop", "type": "bigcommerce",
		"config": object{"store_hash": c.StoreHash, "api_base_url": r.shop.url}, "secrets": object{"access_token": c.AccessToken}})
	r.must(201, "POST", "/api/v1/authentications", object{"id": "post", "name": "Post", "type": "smtp",
		"config": object{"host": host, "port": json.Number(port), "from": "shop@example.com", "encryption": "none"}, "secrets": object{}})
	r.must(200, "PUT", "/api/v1/settings", object{"alerts": object{"enabled": false}, "sending": object{"stopped": false, "per_workflow_hour": 1_000_000}})
	mail := func(id, onUnknown string) object {
		return object{"id": id, "type": "send_survey", "on_unknown": onUnknown, "config": object{"authentication_id": "post",
			"to": "shopper{{ BigCommerce | Order | id }}@example.net", "subject": "Order #{{ BigCommerce | Order | id }}",
			"message": "<p>How was it?</p>", "survey_url": "https://survey.example.com/s/1"}}
	}
	r.must(201, "PUT", "/api/v1/workflows/w", object{"name": "W", "trigger": trigger("order_created"), "condition": "BigCommerce.Order.id > 0", "steps": []object{
		{"id": "call", "type": "http_request", "config": object{"method": "POST", "url": r.inbox.url + "/", "body_type": "json", "body": `{"order":{{ BigCommerce | Order | id }},"at":"{{ Event | received_at }}"}`}},
		{"id": "some", "type": "branch", "branches": []object{
			{"name": "held", "condition": heldMail, "steps": []object{mail("once", "hold")}},
			{"name": "again", "condition": againMail, "steps": []object{mail("again", "repeat")}}}, "otherwise": []object{}}}})
	r.must(200, "POST", "/api/v1/workflows/w/publish", object{})
	eventually(r.t, "the hook is at the store", func() bool { return len(r.shop.sim.Hooks()) > 0 })
	hook := r.shop.sim.Hooks()[0]
	r.target = benchTarget{addr: r.addr, path: strings.TrimPrefix(hook.Destination, "https://"+benchHost),
		secret: hook.Headers["X-Webhook-Secret"], scope: hook.Scope, store: c.StoreHash}
}

// hook sends one webhook about an order of its own and returns its number, the answer's status (0: none), its Retry-After and the time it took.
func (r *rig) hook() (n int64, status int, retryAfter string, took time.Duration) {
	r.t.Helper()
	n = r.serial.Add(1) - 1
	s := newShot(r.target)
	s.load(firstOrder + n)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.base()+r.target.path, bytes.NewReader(s.body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Webhook-Secret", r.target.secret)
	req.Close = true
	began := time.Now()
	resp, err := http.DefaultClient.Do(req)
	took = time.Since(began)
	if err != nil {
		return n, 0, "", took
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusOK {
		r.book.accept(n)
	}
	return n, resp.StatusCode, resp.Header.Get("Retry-After"), took
}

// metric is the value of a figure without labels.
func (r *rig) metric(name string) int {
	r.t.Helper()
	for line := range bytes.Lines(r.must(200, "GET", "/metrics", nil)) {
		if value, ok := bytes.CutPrefix(line, []byte(name+" ")); ok {
			f, err := strconv.ParseFloat(strings.TrimSpace(string(value)), 64)
			if err != nil {
				r.t.Fatalf("%s", line)
			}
			return int(f)
		}
	}
	r.t.Fatalf("there is no figure %s", name)
	return 0
}

// integrity looks for damage in what the program has left on the disk. It must have ended.
func (r *rig) integrity() {
	r.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(r.dir, "cartwheel.db"))
	if err != nil {
		r.t.Fatal(err)
	}
	defer db.Close()
	var answer string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&answer); err != nil || answer != "ok" {
		r.t.Errorf("integrity_check: got %q, error %v", answer, err)
	}
}

// walSize is the length of the write-ahead log.
func (r *rig) walSize() int64 {
	info, err := os.Stat(filepath.Join(r.dir, "cartwheel.db-wal"))
	if err != nil {
		return 0
	}
	return info.Size()
}
