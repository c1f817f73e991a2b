package store_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/store"
)

func backUp(f fixture, dir, to string) store.Backup {
	f.t.Helper()
	b, err := store.WriteBackup(f.ctx, store.BackupOptions{Data: dir, To: to, Now: f.clock.now})
	f.ok(err)
	return b
}

func restore(f fixture, from, to string, force bool) (store.Restored, error) {
	return store.Restore(f.ctx, store.RestoreOptions{From: from, Data: to, Force: force, Now: f.clock.now, CheckKey: func(string) error { return nil }})
}

// A backup under load holds everything that was accepted before it began, keeps the writer busy for no moment, and
// becomes a working database again.
func TestABackupUnderLoadRestores(t *testing.T) {
	dir, to, back := t.TempDir(), t.TempDir(), t.TempDir()
	f := setup(t, store.Options{Dir: dir, Exclusive: true})
	f.publish("w")
	for n := range size(8, 4000) { // something to copy
		events := make([]engine.Event, 250)
		for i := range events {
			events[i] = f.event(n*250+i, i)
			events[i].Body = []byte(strings.Repeat("x", 2000))
		}
		f.add(events...)
	}
	ctx, stop := context.WithCancel(t.Context())
	l := startLoad(ctx, f, 4*time.Millisecond)
	var before []string
	for range size(2, 50) {
		l.until(f, len(l.ids())+200)
		before = l.ids()
		f.clock.add(time.Second) // each has a name of its own
		b := backUp(f, dir, to)
		if b.Bytes < 1e6 || b.Schema == 0 {
			t.Errorf("backup %+v", b)
		}
	}
	stop()
	stall := l.wait()
	if stall > guard*100*time.Millisecond {
		t.Errorf("a write took %s while the copy was made", stall)
	}
	r, err := restore(f, to, back, false)
	f.ok(err)
	again := setup(t, store.Options{Dir: back, Exclusive: true, Now: f.clock.now})
	for _, id := range before {
		if _, err := again.Event(again.ctx, id); err != nil {
			t.Fatalf("event %s was accepted before the backup began: %v", id, err)
		}
	}
	again.add(again.event(900_000_000, 1)) // it works
	if files, _ := filepath.Glob(filepath.Join(to, "*")); len(files) != size(2, 50) {
		t.Errorf("the folder holds %v", files)
	}
	t.Logf("%d events accepted before the last backup, %d in all; longest write %s; restored from %s", len(before), len(l.ids()), stall, filepath.Base(r.From))
}

// load adds events, each of its hands with a pause in between, until its context ends.
type load struct {
	mu    sync.Mutex
	added []string
	worst time.Duration
	done  sync.WaitGroup
	err   error
}

func startLoad(ctx context.Context, f fixture, pause time.Duration) *load {
	l := &load{}
	var serial atomic.Int64
	for range 8 {
		l.done.Go(func() {
			for ctx.Err() == nil {
				e := f.event(100_000_000+int(serial.Add(1)), 7)
				e.Entity = "" // nobody's: they do not wait for each other
				began := time.Now()
				_, err := f.AddEvents(context.WithoutCancel(ctx), e)
				l.note(e.ID, time.Since(began), err)
				time.Sleep(pause)
			}
		})
	}
	return l
}

func (l *load) note(id string, took time.Duration, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.worst = max(l.worst, took)
	if l.err = errors.Join(l.err, err); err == nil {
		l.added = append(l.added, id)
	}
}

func (l *load) ids() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.added)
}

func (l *load) until(f fixture, n int) {
	f.t.Helper()
	for deadline := time.Now().Add(time.Minute); len(l.ids()) < n; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			f.t.Fatalf("only %d events were added", len(l.ids()))
		}
	}
}

// wait returns the longest time that one write took.
func (l *load) wait() time.Duration {
	l.done.Wait()
	return l.worst
}

func TestABackupIsWholeAndPrivate(t *testing.T) {
	dir, to := t.TempDir(), filepath.Join(t.TempDir(), "new", "backups [1]")
	f := setup(t, store.Options{Dir: dir, Exclusive: true})
	f.add(f.event(1, 1))
	f.ok(os.WriteFile(filepath.Join(dir, "master.key"), []byte("a secret"), 0o600))
	b := backUp(f, dir, to)
	info, err := os.Stat(b.Path)
	f.ok(err)
	if info.Mode().Perm() != 0o600 || filepath.Base(b.Path) != "cartwheel-20260504T120000Z.db" {
		t.Errorf("%s has mode %s", b.Path, info.Mode())
	}
	entries, err := os.ReadDir(to)
	f.ok(err)
	if len(entries) != 1 {
		t.Errorf("the folder of the backup holds %v, want one file: no key, nothing half-done", entries)
	}
	_, err = store.WriteBackup(f.ctx, store.BackupOptions{Data: dir, To: to, Now: f.clock.now})
	f.code(engine.Conflict, err) // the same second, the same name
	f.ok(f.Close())
	f.clock.add(time.Minute)
	backUp(f, dir, to) // nothing runs now
	_, err = store.WriteBackup(f.ctx, store.BackupOptions{Data: t.TempDir(), To: to, Now: f.clock.now})
	f.code(engine.Invalid, err) // there is no database
	if entries, _ := os.ReadDir(to); len(entries) != 2 {
		t.Errorf("the folder of the backups holds %v", entries)
	}
}

func TestARestoreRefusesWhatItWouldSpoil(t *testing.T) {
	dir, to := t.TempDir(), t.TempDir()
	f := setup(t, store.Options{Dir: dir, Exclusive: true})
	f.add(f.event(1, 1))
	b := backUp(f, dir, to)
	f.add(f.event(2, 2))
	_, err := restore(f, to, dir, true)
	f.code(engine.Conflict, err) // an engine works there
	f.ok(f.Close())
	_, err = restore(f, to, dir, false)
	f.code(engine.Conflict, err) // there is a database

	damaged := filepath.Join(t.TempDir(), "damaged.db")
	raw, err := os.ReadFile(b.Path)
	f.ok(err)
	for i := len(raw) / 2; i < len(raw)/2+9000; i++ {
		raw[i] ^= 0x55
	}
	f.ok(os.WriteFile(damaged, raw, 0o600))
	_, err = restore(f, damaged, dir, true)
	f.code(engine.Invalid, err)
	_, err = restore(f, t.TempDir(), dir, true)
	f.code(engine.Invalid, err) // no backup there
	wrongKey := fmt.Errorf("not this key")
	_, err = store.Restore(f.ctx, store.RestoreOptions{From: to, Data: dir, Force: true, Now: f.clock.now, CheckKey: func(string) error { return wrongKey }})
	if !errors.Is(err, wrongKey) {
		t.Errorf("with the wrong key: %v", err)
	}
	still := setup(t, store.Options{Dir: dir, Exclusive: true})
	for _, id := range []string{"event-000001", "event-000002"} {
		if _, err := still.Event(still.ctx, id); err != nil {
			t.Errorf("after all those refusals: %v", err)
		}
	}
	f.ok(still.Close())

	r, err := restore(f, to, dir, true)
	f.ok(err)
	now := setup(t, store.Options{Dir: dir, Exclusive: true})
	_, err = now.Event(now.ctx, "event-000002")
	f.code(engine.NotFound, err) // it came after the backup
	aside := t.TempDir()
	f.ok(os.Rename(r.Moved, filepath.Join(aside, "cartwheel.db")))
	old := setup(t, store.Options{Dir: aside, Exclusive: true})
	if _, err := old.Event(old.ctx, "event-000002"); err != nil {
		t.Errorf("what was moved aside: %v", err)
	}
	if _, err := os.Stat(r.Moved + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a log was left: %v", err)
	}
}

func TestABackupOfANewerReleaseIsRefused(t *testing.T) {
	dir, to := t.TempDir(), t.TempDir()
	f := setup(t, store.Options{Dir: dir, Exclusive: true})
	f.ok(f.AddSchema(f.ctx, 100))
	backUp(f, dir, to) // copying needs no understanding
	_, err := restore(f, to, t.TempDir(), false)
	f.code(engine.Conflict, err)
	if !strings.Contains(err.Error(), "newer Cartwheel") {
		t.Errorf("got %v", err)
	}
}

// Over a gigabyte pages are copied as they are. Commits meanwhile neither get into the copy nor make it start again.
func TestPagesAreCopiedWhileOthersWrite(t *testing.T) {
	dir, to := t.TempDir(), t.TempDir()
	f := setup(t, store.Options{Dir: dir, Exclusive: true})
	f.publish("w")
	for n := range 160 {
		e := f.event(n, n)
		e.Body = []byte(strings.Repeat("x", 500_000))
		f.add(e)
	}
	ctx, stop := context.WithCancel(t.Context())
	l := startLoad(ctx, f, 0)
	l.until(f, 50)
	before := l.ids()
	copied := filepath.Join(to, "cartwheel.db")
	patience, cancel := context.WithTimeout(f.ctx, 20*time.Second)
	defer cancel()
	f.ok(store.CopyPages(patience, filepath.Join(dir, "cartwheel.db"), copied))
	stop()
	if stall := l.wait(); stall > guard*100*time.Millisecond {
		t.Errorf("a write took %s while the copy was made", stall)
	}
	again := setup(t, store.Options{Dir: to, Exclusive: true})
	checkIntegrity(t, to)
	for _, id := range append(before, "event-000159") {
		if _, err := again.Event(again.ctx, id); err != nil {
			t.Fatalf("event %s: %v", id, err)
		}
	}
}
