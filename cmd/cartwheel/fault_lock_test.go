package main

import (
	"context"
	"database/sql"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

// outsider is a connection of another program to the database.
func (r *rig) outsider() *sql.Conn {
	r.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(r.dir, "cartwheel.db")+"?_busy_timeout=5000")
	if err != nil {
		r.t.Fatal(err)
	}
	conn, err := db.Conn(context.Background())
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _, _ = conn.Close(), db.Close() })
	return conn
}

func (r *rig) exec(conn *sql.Conn, statement string) {
	r.t.Helper()
	if _, err := conn.ExecContext(context.Background(), statement); err != nil {
		r.t.Fatalf("%s: %v", statement, err)
	}
}

// While another program holds the database (R4), webhooks wait for 2 s at most and are answered 503; nothing piles up, and
// when the lock is gone they are taken at once.
func TestLockedDatabase(t *testing.T) {
	r := startRig(t, "")
	conn := r.outsider()
	for range size(1, 20) {
		v := r.fire(200)
		before := r.book.calledSoFar() + 100
		eventually(t, "the program works", func() bool { return r.book.calledSoFar() >= before })
		usual := r.metric("go_goroutines")
		r.exec(conn, "BEGIN EXCLUSIVE")
		most, waits := r.whileLocked(3 * time.Second)
		r.exec(conn, "COMMIT")
		free := time.Now()
		eventually(t, "webhooks are taken again", func() bool { _, status, _, _ := r.hook(); return status == http.StatusOK })
		back := time.Since(free)
		v.cease()
		if most > 2*usual+senders {
			t.Errorf("%d goroutines while the database was locked, %d before", most, usual)
		}
		slices.Sort(waits)
		if len(waits) == 0 || percentile(waits, 100) > 9*time.Second || back > 10*time.Second {
			t.Errorf("%d refused, the last after %s; back after %s", len(waits), percentile(waits, 100), back)
		}
		r.settle()
		r.verify()
		t.Logf("R4: %d webhooks refused after %s, %s at most; %d goroutines before, %d while locked; back after %s", len(waits), percentile(waits, 50), percentile(waits, 100), usual, most, back)
	}
}

// whileLocked sends webhooks for a while and returns how many goroutines there were at most and how long refusals took.
func (r *rig) whileLocked(d time.Duration) (goroutines int, waits []time.Duration) {
	var mu sync.Mutex
	var work sync.WaitGroup
	until := time.Now().Add(d)
	for range 4 {
		work.Go(func() {
			for time.Now().Before(until) {
				_, status, retryAfter, took := r.hook()
				mu.Lock()
				if status == http.StatusServiceUnavailable && retryAfter != "" {
					waits = append(waits, took)
				} else if status != http.StatusOK {
					r.t.Errorf("a webhook while the database is locked: %d, Retry-After %q", status, retryAfter)
				}
				mu.Unlock()
			}
		})
	}
	for time.Now().Before(until) {
		goroutines = max(goroutines, r.metric("go_goroutines"))
		time.Sleep(50 * time.Millisecond)
	}
	work.Wait()
	return goroutines, waits
}

// A reader that another program leaves open (R5) keeps the write-ahead log from being cut off. It stays bounded all the same,
// and is short again soon after the reader has gone.
func TestForgottenReader(t *testing.T) {
	const most, rest = 128 << 20, 8 << 20
	r := startRig(t, "")
	v := r.fire(70) // one at a time, an event is some 160 KB of log
	eventually(t, "the program works", func() bool { return r.book.calledSoFar() > 20 })
	conn := r.outsider()
	r.exec(conn, "BEGIN")
	var n int
	if err := conn.QueryRowContext(context.Background(), "SELECT count(*) FROM event").Scan(&n); err != nil {
		t.Fatal(err)
	}
	largest := int64(0)
	for until := time.Now().Add(time.Duration(size(5, 60)) * time.Second); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		largest = max(largest, r.walSize())
	}
	r.exec(conn, "ROLLBACK")
	gone := time.Now()
	v.cease()
	eventually(t, "the log is short again", func() bool { return r.walSize() <= rest })
	took := time.Since(gone)
	if size(0, 1) == 0 && largest > most {
		t.Errorf("the log grew to %d MB, want %d at most", largest>>20, most>>20)
	}
	if largest <= rest {
		t.Errorf("the log grew to %d MB only, which proves little", largest>>20)
	}
	r.settle()
	r.verify()
	t.Logf("R5: %d accepted; the log grew to %.1f MB and was at most %d MB %s after the reader had gone", r.book.acceptedSoFar(), float64(largest)/(1<<20), rest>>20, took)
}
