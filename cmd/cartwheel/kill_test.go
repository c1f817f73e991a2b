package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// builds holds the program as users run it, once per build tag.
type builds struct {
	mu    sync.Mutex
	dir   string
	paths map[string]string
}

var built = &builds{paths: map[string]string{}}

// remove deletes the programs; TestMain calls it.
func (b *builds) remove() {
	if b.dir != "" {
		_ = os.RemoveAll(b.dir)
	}
}

// binary builds the program as users run it.
func binary(t testing.TB) string { return builtWith(t, "") }

func builtWith(t testing.TB, tags string) string {
	t.Helper()
	built.mu.Lock()
	defer built.mu.Unlock()
	if path := built.paths[tags]; path != "" {
		return path
	}
	if built.dir == "" {
		dir, err := os.MkdirTemp("", "cartwheel-test")
		if err != nil {
			t.Fatal(err)
		}
		built.dir = dir
	}
	path := filepath.Join(built.dir, "cartwheel"+tags)
	out, err := exec.CommandContext(shortContext(t), "go", "build", "-tags", tags, "-o", path, ".").CombinedOutput()
	if err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	built.paths[tags] = path
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

// load sends single webhooks to one hook.
type load struct {
	url, secret string
	client      *http.Client
}

// post returns the answer's status, 0 when there is none.
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

// killCount is how often the program is killed; CARTWHEEL_KILLS changes the long form.
func killCount(t testing.TB) int {
	t.Helper()
	long := 2000
	if text := os.Getenv("CARTWHEEL_KILLS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatalf("CARTWHEEL_KILLS is %q; it must be a number from 1", text)
		}
		long = n
	}
	return size(20, long)
}

// Kill -9 at random moments under load (R1): what was answered 200 has its effect, nothing is stuck, a call is repeated with the
// same key and the same bytes and once per death at most, a mail with the same Message-ID or held, and the database is whole.
func TestKillNineLosesNothing(t *testing.T) {
	const rate = 1000 // offered webhooks a second
	kills, perKill := killCount(t), size(760, 0)
	r := startRig(t, "")
	v, began := r.fire(rate), time.Now()
	var firsts, starts []time.Duration
	var log int64 // the greatest that a death has left
	for k := range kills {
		eventually(t, "the program takes webhooks", func() bool { return r.book.acceptedSoFar() >= (k+1)*perKill })
		if k%4 > 0 { // every fourth time it is killed before or while it takes up its work
			eventually(t, "the first action after the start", func() bool { return r.book.firstCall() > 0 })
			firsts = append(firsts, r.book.firstCall())
		}
		time.Sleep(20*time.Millisecond + rand.N(180*time.Millisecond)) // the moment is what is tried
		r.kill()
		log = max(log, r.walSize())
		r.start()
		starts = append(starts, r.ready)
	}
	v.cease()
	loaded := time.Since(began)
	r.settle()
	r.verify()
	r.book.read(func(b *book) {
		if want := kills * perKill; b.accepted < want {
			t.Errorf("%d webhooks were accepted, want %d", b.accepted, want)
		}
		if b.repeats > kills*768 {
			t.Errorf("%d repeats for %d kills of 768 workers", b.repeats, kills)
		}
		t.Logf("R1: %d kills, %d accepted in %.1f s under load (%d/s offered), %d repeats; all done after %.1f s", kills, b.accepted, loaded.Seconds(), rate, b.repeats, time.Since(began).Seconds())
	})
	slices.Sort(firsts)
	slices.Sort(starts)
	t.Logf("R1: ready after %s, %s at most; first action after %s, %s at most", percentile(starts, 50), percentile(starts, 100), percentile(firsts, 50), percentile(firsts, 100))
	if t.Logf("R1: the write-ahead log had %d MB at most", log>>20); log > 256<<20 { // one short life makes up to 120 MB
		t.Error("the log grows from death to death")
	}
	if worst := percentile(firsts, 100); worst > 10*time.Second {
		t.Errorf("a first action came %s after the start", worst)
	}
	if n := v.answered(0) + v.answered(200) + v.answered(503); n != len(v.took)+v.answered(0) {
		t.Errorf("there were other answers than 200 and 503: %v", v.answers)
	}
	r.kill()
	r.integrity()
}

func freeAddr(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func output(t testing.TB, path string, args ...string) []byte {
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
