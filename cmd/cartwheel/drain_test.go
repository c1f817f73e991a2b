package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"cartwheel/triggers/bigcommerce/bcsim"
)

// SIGTERM lets a step under way come to its end, exits 0 even with a client that never finishes its request, and the next
// start repeats nothing.
func TestSIGTERMDrains(t *testing.T) {
	path, dir, addr := binary(t), t.TempDir(), freeAddr(t)
	started, goOn := make(chan struct{}), make(chan struct{})
	calls := &ledger[string]{}
	target := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		calls.add(r.Header.Get("Idempotency-Key"))
		close(started)
		<-goOn
	}))
	t.Cleanup(target.Close)
	sim := bcsim.New(bcsim.Config{Resolve: map[string]string{publicHost: addr}, Quota: -1})
	api := httptest.NewServer(sim)
	t.Cleanup(func() { sim.Close(); api.Close() })
	token := string(output(t, path, "token", "create", "--name", "t", "--role", "admin", "--data", dir))
	token = token[:len(token)-1]
	proc := serveProcess(t, path, dir, addr)
	t.Cleanup(func() { proc.kill() })
	l := prepareLoad(t, "http://"+addr, token, sim, api.URL, target.URL)
	if status := l.post(l.body(1)); status != http.StatusOK {
		t.Fatalf("the webhook was answered %d", status)
	}
	<-started
	stuck, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer stuck.Close()
	if _, err := stuck.Write([]byte("POST /api/v1/workflows HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n")); err != nil {
		t.Fatal(err)
	}
	if err := proc.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) { // the listener closes while the step is at work
		c, err := net.Dial("tcp", addr)
		if err != nil {
			break
		}
		_ = c.Close()
		if time.Now().After(deadline) {
			t.Fatal("the listener stays open")
		}
	}
	close(goOn)
	if err := proc.cmd.Wait(); err != nil {
		if exit, ok := err.(*exec.ExitError); ok { //nolint:errorlint // Wait returns it as it is
			t.Fatalf("exit code %d, want 0\n%s", exit.ExitCode(), proc.log)
		}
		t.Fatal(err)
	}
	proc = serveProcess(t, path, dir, addr)
	runs := callAPI(t, "http://"+addr, token, "GET", "/api/v1/runs?status=succeeded", nil)
	if n := len(calls.all()); n != 1 || !containsRun(runs.body) {
		t.Errorf("%d calls, runs %s; want the one call noted as a success", n, runs.body)
	}
}

func containsRun(body []byte) bool { return len(body) > len(`{"items":[],"next_cursor":null}`)+20 }
