package store_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/store"
)

// childFolder names the data folder to a copy of the test program that writes until it is killed.
const childFolder = "CARTWHEEL_TEST_STORE_CHILD"

// childBody is how many bytes each of its events is large.
const childBody = "CARTWHEEL_TEST_STORE_BODY"

// childMain stores events and prints the id of each that was acknowledged.
func childMain() bool {
	dir := os.Getenv(childFolder)
	if dir == "" {
		return false
	}
	s, err := store.Open(context.Background(), store.Options{Dir: dir, Exclusive: true})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	size, _ := strconv.Atoi(os.Getenv(childBody))
	body := make([]byte, size)
	var out sync.Mutex
	var count atomic.Int64
	var writers sync.WaitGroup
	for range 16 {
		writers.Go(func() {
			for {
				id := fmt.Sprintf("%08d-%08d", os.Getpid(), count.Add(1))
				if _, err := s.AddEvents(context.Background(), engine.Event{ID: id, Trigger: shipped, AuthenticationID: shop, Key: []byte(id), Body: body}); err != nil {
					return
				}
				out.Lock()
				fmt.Println(id)
				out.Unlock()
			}
		})
	}
	writers.Wait()
	return true
}

func TestWhatWasAcknowledgedSurvivesAKill(t *testing.T) {
	dir := t.TempDir()
	f := setup(t, store.Options{Dir: dir, Exclusive: true})
	f.publish("w")
	f.ok(f.Close())
	total := 0
	for range 4 {
		ids := killedChild(t, dir, 300, 0)
		total += len(ids)
		f := setup(t, store.Options{Dir: dir, Exclusive: true})
		for _, id := range ids {
			got, err := f.Event(f.ctx, id)
			if err != nil || got.Status != engine.EventAccepted {
				t.Fatalf("event %s was acknowledged; got status %q, error %v", id, got.Status, err)
			}
		}
		stats, err := f.Stats(f.ctx)
		f.ok(err)
		if stats.QueueDepth < total {
			t.Fatalf("got %d jobs for %d acknowledged events", stats.QueueDepth, total)
		}
		f.ok(f.Close())
		checkIntegrity(t, dir)
	}
	if total < 400 {
		t.Fatalf("the children acknowledged %d events, which proves little", total)
	}
}

// A process that dies again and again before its first checkpoint is due does not leave a longer log each time.
func TestCrashesDoNotPileUpTheLog(t *testing.T) {
	const kept = 4 << 20
	dir := t.TempDir()
	f := setup(t, store.Options{Dir: dir, Exclusive: true})
	f.publish("w")
	f.ok(f.Close())
	size := func() int64 {
		info, err := os.Stat(filepath.Join(dir, "cartwheel.db-wal"))
		f.ok(err)
		return info.Size()
	}
	for range 60 {
		killedChild(t, dir, 60, 40<<10)
		if size() > kept {
			break
		}
	}
	if size() <= kept {
		t.Fatalf("the children left a log of %d bytes, which proves little", size())
	}
	f = setup(t, store.Options{Dir: dir, Exclusive: true})
	f.ok(f.SetSetting(f.ctx, "a", "b")) // comes after the checkpoint
	if got := size(); got > kept {
		t.Errorf("the log has %d bytes after the start, want %d at most", got, kept)
	}
}

// killedChild lets a child write, kills it after so many and returns the ids that it acknowledged.
func killedChild(t *testing.T, dir string, after, body int) []string {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childFolder+"="+dir, fmt.Sprint(childBody, "=", body))
	child.Stderr = os.Stderr
	pipe, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(30*time.Second, func() { _ = child.Process.Kill() })
	defer timer.Stop()
	var ids []string
	for lines := bufio.NewScanner(pipe); lines.Scan(); {
		ids = append(ids, lines.Text())
		if len(ids) == after {
			_ = child.Process.Kill() // what it still printed is read too
		}
	}
	_ = child.Wait()
	if n := len(ids); n > 0 && len(ids[n-1]) != len(ids[0]) {
		ids = ids[:n-1] // cut off by the kill
	}
	return ids
}

func checkIntegrity(t *testing.T, dir string) {
	t.Helper()
	var answer string
	if err := raw(t, dir).QueryRow("PRAGMA integrity_check").Scan(&answer); err != nil || answer != "ok" {
		t.Fatalf("integrity_check: got %q, error %v", answer, err)
	}
}
