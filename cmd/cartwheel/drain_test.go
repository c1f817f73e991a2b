package main

import (
	"errors"
	"net"
	"net/http"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"
)

// SIGTERM lets a step under way come to its end, exits 0 even with a client that never finishes its request, and the next
// start repeats nothing.
func TestSIGTERMDrains(t *testing.T) {
	r := startRig(t, "")
	started, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	before := func() { once.Do(func() { close(started); <-goOn }) }
	r.before.Store(&before)
	if n, status, _, _ := r.hook(); status != http.StatusOK {
		t.Fatalf("webhook %d was answered %d", n, status)
	}
	<-started
	stuck, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer stuck.Close()
	if _, err := stuck.Write([]byte("POST /api/v1/workflows HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n")); err != nil {
		t.Fatal(err)
	}
	r.terminate()
	eventually(t, "the listener closes while the step is at work", func() bool {
		c, err := net.Dial("tcp", r.addr)
		if err == nil {
			_ = c.Close()
		}
		return err != nil
	})
	close(goOn)
	if status := r.died(); status.ExitStatus() != 0 {
		t.Fatalf("exit code %d, want 0\n%s", status.ExitStatus(), r.proc.log)
	}
	r.start()
	r.settle()
	if done := r.list("/api/v1/runs?status=succeeded"); len(done) != 1 || r.book.calledSoFar() != 1 {
		t.Errorf("%d calls, runs %v; want the one call noted as a success", r.book.calledSoFar(), done)
	}
	r.verify()
}

func (r *rig) terminate() {
	r.t.Helper()
	if err := r.proc.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		r.t.Fatal(err)
	}
}

// SIGTERM under load, again and again (R13): first /readyz says no, then the listener closes, then the steps under way end,
// the exit code is 0, nothing is repeated and nothing is lost.
func TestRestartsUnderLoadRepeatNothing(t *testing.T) {
	restarts := size(10, 200)
	r := startRig(t, "")
	v := r.fire(600)
	var stops []time.Duration
	announced := 0
	for k := range restarts {
		atWork := r.book.calledSoFar() + 50
		eventually(t, "the program works", func() bool { return r.book.calledSoFar() >= atWork })
		began, answers := time.Now(), make(chan []int, 1)
		r.terminate()
		go func() { answers <- readiness(r.base()) }()
		if status := r.died(); status.ExitStatus() != 0 {
			t.Fatalf("restart %d: exit code %d, want 0\n%s", k, status.ExitStatus(), r.proc.log)
		}
		stops = append(stops, time.Since(began))
		seen := <-answers
		if slices.Contains(seen, http.StatusServiceUnavailable) {
			announced++
		}
		if !slices.IsSortedFunc(seen, func(a, b int) int { return a - b }) {
			t.Errorf("restart %d: /readyz answered %v; after the first 503 nothing else may come", k, seen)
		}
		r.start()
	}
	v.cease()
	r.settle()
	r.verify()
	if 2*announced < restarts { // on a busy machine nobody may have asked in the tenth of a second
		t.Errorf("/readyz said no before the listener closed in %d of %d restarts", announced, restarts)
	}
	r.book.read(func(b *book) {
		if b.repeats > 0 {
			t.Errorf("%d calls were repeated", b.repeats)
		}
	})
	slices.Sort(stops)
	t.Logf("R13: %d restarts, announced in %d, from SIGTERM to the end %s, %s at most", restarts, announced, percentile(stops, 50), percentile(stops, 100))
}

// readiness asks /readyz over a new connection each time, until none is taken any more.
func readiness(base string) (answers []int) {
	transport := &http.Transport{DisableKeepAlives: true}
	client := &http.Client{Timeout: 10 * time.Second, Transport: transport}
	for {
		resp, err := client.Get(base + "/readyz")
		if errors.Is(err, syscall.ECONNREFUSED) {
			return answers
		}
		if err != nil {
			continue // cut off between accepting and answering
		}
		_ = resp.Body.Close()
		answers = append(answers, resp.StatusCode)
	}
}
