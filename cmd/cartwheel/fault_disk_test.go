package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const onSmallDisk = `mount -t tmpfs -o size=6m,mode=0700 none "$0" && head -c 2500000 /dev/zero >"$0/ballast" && data=$0 && token=$1 && shift &&
"$1" token create --name t --role admin --data "$data" >"$token" && exec "$@"`

// smallDisk puts the data folder onto a disk of 6 MB of its own, with a file in it that can be removed.
func (r *rig) smallDisk() (ballast func() string) {
	r.t.Helper()
	if out, err := exec.Command("unshare", "-rm", "true").CombinedOutput(); err != nil {
		r.t.Skipf("SKIPPED: R3 needs a disk of its own, and this system gives no user namespaces: %v %s", err, out)
	}
	if err := os.MkdirAll(r.dir, 0o700); err != nil {
		r.t.Fatal(err)
	}
	token := filepath.Join(r.t.TempDir(), "token")
	r.args = []string{"unshare", "-rm", "sh", "-c", onSmallDisk, r.dir, token}
	r.start()
	r.args = nil
	raw, err := os.ReadFile(token)
	if err != nil {
		r.t.Fatal(err)
	}
	r.token = strings.TrimSpace(string(raw))
	return func() string { // the folder is seen by the process alone
		return fmt.Sprintf("/proc/%d/root%s/ballast", r.proc.cmd.Process.Pid, r.dir)
	}
}

// With a full disk (R3) webhooks are answered 503 at once, so that the store sends them again; reading works; the log and
// /readyz say what is wrong; and when there is space again the work goes on by itself, with everything that was accepted.
func TestFullDisk(t *testing.T) {
	for round := range size(1, 50) {
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			r := newRig(t, "")
			ballast := r.smallDisk()
			r.publish()
			v := r.fire(500 + 40*round) // each fills the disk at another moment
			eventually(t, "the disk is full", func() bool { return v.answered(http.StatusServiceUnavailable) > 20 })
			v.cease()
			r.mustBeFull()
			if err := os.Remove(ballast()); err != nil {
				t.Fatal(err)
			}
			given := time.Now()
			eventually(t, "webhooks are taken again", func() bool { _, status, _, _ := r.hook(); return status == http.StatusOK })
			took := time.Since(given)
			r.settle()
			r.verify()
			if status, _ := look(t, r.base()+"/readyz", ""); status != http.StatusOK {
				t.Errorf("/readyz says %d after the disk has space again", status)
			}
			t.Logf("R3: webhooks are taken again %s after there is space", took)
		})
	}
}

// mustBeFull checks what a program does whose disk is full.
func (r *rig) mustBeFull() {
	r.t.Helper()
	refused, longest := 0, time.Duration(0)
	for range 5 { // a commit or two may still find room
		n, status, retryAfter, took := r.hook()
		longest = max(longest, took)
		switch {
		case status == http.StatusServiceUnavailable && retryAfter != "":
			refused++
		case status != http.StatusOK:
			r.t.Errorf("webhook %d with a full disk: %d, Retry-After %q", n, status, retryAfter)
		}
	}
	if refused == 0 {
		r.t.Error("webhooks are taken although the disk is full")
	}
	if longest > 10*time.Second {
		r.t.Errorf("an answer took %s", longest)
	}
	r.must(200, "GET", "/api/v1/events?limit=20", nil)
	r.must(200, "GET", "/api/v1/workflows/w", nil)
	eventually(r.t, "/readyz says no", func() bool { // its own small write may still find room
		status, _ := look(r.t, r.base()+"/readyz", "")
		return status == http.StatusServiceUnavailable
	})
	if log := r.proc.log.String(); !strings.Contains(log, `"level":"ERROR"`) || !strings.Contains(log, "full") {
		r.t.Errorf("the log does not say that the disk is full:\n%s", log)
	}
	r.t.Logf("R3: %d of 5 webhooks refused, the longest answer took %s", refused, longest)
}
