package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The program ends itself at each named point, under load: after the next start everything accepted has its effect (R1).
func TestDeathAtEveryPointLosesNothing(t *testing.T) {
	r := startRig(t, "failpoint")
	for _, point := range []string{
		"intake.before-insert:40", // nothing is there, nobody was told that it is
		"intake.committed:40",     // it is there, and the sender does not know
		"event.claimed:40",
		"step.before-send:40", // begun, not sent
		"step.after-send:40",  // sent, not noted
		"mail.accepted:5",     // the server has the mail, and we do not know
		"mail.accepted:6",
		"checkpoint:1", // at the start if the life before has left a long log, else 5 s later
	} {
		t.Run(point, func(t *testing.T) {
			r.t = t
			r.kill()
			r.env = []string{"CARTWHEEL_FAILPOINT=" + point}
			r.tryStart()
			before := r.book.acceptedSoFar()
			v := r.fire(400)
			status := r.died()
			v.cease()
			if !status.Signaled() || status.Signal() != syscall.SIGKILL {
				t.Fatalf("the process ended with %v, not at the point", status)
			}
			r.env = nil
			r.start()
			r.settle()
			r.verify()
			t.Logf("%d webhooks were accepted before the point", r.book.acceptedSoFar()-before)
		})
	}
	r.t = t
	r.kill()
	r.integrity()
}

// A death in or between migrations leaves a database that the next start migrates.
func TestDeathInAMigrationHarmsNothing(t *testing.T) {
	r := newRig(t, "failpoint")
	deaths := 0
	for {
		r.env = []string{fmt.Sprintf("CARTWHEEL_FAILPOINT=migration:%d", deaths+1)}
		if r.tryStart() {
			break
		}
		if status := r.died(); !status.Signaled() || status.Signal() != syscall.SIGKILL {
			t.Fatalf("death %d: the process ended with %v\n%s", deaths, status, r.proc.log)
		}
		deaths++
	}
	if deaths < 2 {
		t.Fatalf("the process died %d times, want before and after the first migration at least", deaths)
	}
	r.works()

	early := size(10, 500)
	for range early {
		r := newRig(t, "failpoint")
		r.cut(rand.N(60 * time.Millisecond)) // a start takes about as long
		r.start()
		r.kill()
		r.integrity()
	}
	t.Logf("%d deaths between migrations, %d at random moments of the first start", deaths, early)
}

// A death while the master key is made leaves no part of one: the next start makes another.
func TestDeathWhileTheKeyIsMadeHarmsNothing(t *testing.T) {
	r := newRig(t, "failpoint")
	key := filepath.Join(r.dir, "master.key")
	for range 2 { // the second finds what the first has left
		r.env = []string{"CARTWHEEL_FAILPOINT=master-key"}
		if r.tryStart() {
			t.Fatal("the program started, so it never made a key")
		}
		if status := r.died(); !status.Signaled() || status.Signal() != syscall.SIGKILL {
			t.Fatalf("the process ended with %v, not at the point\n%s", status, r.proc.log)
		}
		if _, err := os.Stat(key); !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("%s: %v, want that nothing has this name yet", key, err)
		}
	}
	r.env = nil
	r.start()
	if left, err := filepath.Glob(key + ".*"); err != nil || len(left) > 0 {
		t.Errorf("%v, %v: want that no part is left", left, err)
	}
	r.works()
}

// works checks that a program that was never set up can be.
func (r *rig) works() {
	r.t.Helper()
	r.createToken()
	r.publish()
	if n, status, _, _ := r.hook(); status != http.StatusOK {
		r.t.Fatalf("webhook %d was answered %d", n, status)
	}
	r.settle()
	r.verify()
	r.kill()
	r.integrity()
}

// cut starts the program and kills it after a time, however far it has come.
func (r *rig) cut(after time.Duration) {
	r.t.Helper()
	cmd := r.command()
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	time.Sleep(after)
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}

// A death in the middle of a backup leaves the database as it was, and no file that looks like a backup.
func TestDeathInABackupHarmsNothing(t *testing.T) {
	r := startRig(t, "failpoint")
	to := t.TempDir()
	backup := func(env ...string) (int, error) {
		cmd := exec.CommandContext(shortContext(t), r.path, "backup", "--data", r.dir, to)
		cmd.Env = append(os.Environ(), env...)
		err := cmd.Run()
		copies, _ := filepath.Glob(filepath.Join(to, "cartwheel-*"))
		return len(copies), err
	}
	copies, err := backup("CARTWHEEL_FAILPOINT=backup")
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != -1 || copies != 0 {
		t.Fatalf("backup: %v, %d copies; want that it is killed and leaves none", err, copies)
	}
	if copies, err := backup(); err != nil || copies != 1 {
		t.Fatalf("the next backup: %v, %d copies", err, copies)
	}
	r.kill()
	r.integrity()
}

// A link that leads nowhere is no key, and no place for one: it says so and leaves nothing behind.
func TestALinkToNowhereIsNoMasterKey(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink(filepath.Join(dir, "nowhere"), filepath.Join(dir, "master.key")); err != nil {
		t.Fatal(err)
	}
	code, _, errs := typed(t, "", "serve", "--data", dir, "--addr", "127.0.0.1:0")
	if left, err := filepath.Glob(filepath.Join(dir, "master.key.*")); code != exitUsage || !strings.Contains(errs, "leads nowhere") || err != nil || len(left) > 0 {
		t.Errorf("exit %d, %q; left behind %v, %v", code, errs, left, err)
	}
}
