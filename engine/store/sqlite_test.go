package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/store"
)

const file = "cartwheel.db"

// raw opens the database behind the store's back.
func raw(t *testing.T, dir string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: filepath.Join(dir, file)}).String())
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func openBenchmark(b *testing.B) *store.Store {
	b.Helper()
	s, err := store.Open(b.Context(), store.Options{Dir: b.TempDir(), Exclusive: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	w, err := s.AddWorkflow(b.Context(), engine.Workflow{ID: "w", Draft: definition("W", shipped, shop)})
	if err == nil {
		_, _, err = s.Publish(b.Context(), w, engine.Version{})
	}
	if err != nil {
		b.Fatal(err)
	}
	b.SetParallelism(32)
	return s
}

var workers atomic.Int64

func newWorker() int64 { return workers.Add(1) }

func TestSQLiteIsNewEnoughAndSetAsPromised(t *testing.T) {
	dir := t.TempDir()
	setup(t, store.Options{Dir: dir, Exclusive: true})
	var version, mode string
	db := raw(t, dir)
	if err := db.QueryRow("SELECT sqlite_version()").Scan(&version); err != nil {
		t.Fatal(err)
	}
	if !atLeast(version, "3.51.3") { // older ones could damage the file when the log is reset
		t.Errorf("got SQLite %s, want 3.51.3 or newer", version)
	}
	if err := db.QueryRow("PRAGMA journal_mode").Scan(&mode); err != nil || mode != "wal" {
		t.Errorf("got journal mode %q (%v), want wal", mode, err)
	}
	for name, want := range map[string]os.FileMode{"": 0o700 | os.ModeDir, file: 0o600, file + "-wal": 0o600, "cartwheel.pid": 0o600} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if name != "" && info.Mode() != want {
			t.Errorf("%s: got mode %v, want %v", name, info.Mode(), want)
		}
	}
}

func atLeast(version, least string) bool {
	a, b := strings.Split(version, "."), strings.Split(least, ".")
	for i := range b {
		x, _ := strconv.Atoi(a[i])
		y, _ := strconv.Atoi(b[i])
		if x != y {
			return x > y
		}
	}
	return true
}

// The SQLite driver is translated C code and works with one version of its library only.
func TestLibcIsTheOneThatSQLiteAsksFor(t *testing.T) {
	wants := moduleVersion(t, goList(t, "-m", "-f", "{{.GoMod}}", "modernc.org/sqlite"))
	has := goList(t, "-m", "-f", "{{.Version}}", "modernc.org/libc")
	if has != wants {
		t.Errorf("go.mod has modernc.org/libc %s; modernc.org/sqlite asks for %s", has, wants)
	}
}

func goList(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("go", append([]string{"list"}, args...)...).Output()
	if err != nil {
		t.Skipf("the go command is missing or has no modules: %v", err)
	}
	return strings.TrimSpace(string(out))
}

func moduleVersion(t *testing.T, goMod string) string {
	t.Helper()
	text, err := os.ReadFile(goMod)
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`modernc\.org/libc (v\S+)`).FindSubmatch(text)
	if m == nil {
		t.Fatalf("%s names no modernc.org/libc", goMod)
	}
	return string(m[1])
}

func TestALockFromOutsideIsTemporaryAndPasses(t *testing.T) {
	dir := t.TempDir()
	f := setup(t, store.Options{Dir: dir, Exclusive: true})
	other := raw(t, dir)
	if _, err := other.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	failed := make(chan error, 8)
	begun := time.Now()
	for i := range cap(failed) {
		go func() { failed <- f.SetSetting(f.ctx, fmt.Sprint(i), "x") }()
	}
	for range cap(failed) {
		f.code(engine.Temporary, <-failed)
	}
	if took := time.Since(begun); took > 3*time.Second {
		t.Errorf("the writes waited %v, want about 2 s", took)
	}
	if err := f.Ready(f.ctx); engine.CodeOf(err) != engine.Temporary {
		t.Errorf("Ready: got %v, want Temporary", err)
	}
	if _, err := f.Stats(f.ctx); err != nil {
		t.Errorf("reading goes on: got %v", err)
	}
	if _, err := other.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	f.ok(f.SetSetting(f.ctx, "0", "y"))
}

func TestAReaderThatIsLeftOpenDoesNotStopCheckpoints(t *testing.T) {
	dir := t.TempDir()
	f := setup(t, store.Options{Dir: dir, Exclusive: true})
	reader := raw(t, dir)
	if _, err := reader.Exec("BEGIN; SELECT count(*) FROM setting"); err != nil {
		t.Fatal(err)
	}
	big := strings.Repeat("x", 4<<20)
	for range 18 { // over the size from which the log is cut off
		f.ok(f.SetSetting(f.ctx, "big", big))
	}
	begun := time.Now()
	f.ok(f.Checkpoint(f.ctx))
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("the checkpoint kept the writer for %v", took)
	}
	if _, err := reader.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	f.ok(f.Checkpoint(f.ctx))
	info, err := os.Stat(filepath.Join(dir, file+"-wal"))
	f.ok(err)
	if info.Size() > 8<<20 {
		t.Errorf("got a log of %d bytes after the checkpoint", info.Size())
	}
}

func TestAnUnknownDurabilityIsRefused(t *testing.T) {
	_, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), Durability: "fast"})
	if engine.CodeOf(err) != engine.Invalid {
		t.Fatalf("got %v, want Invalid", err)
	}
	f := setup(t, store.Options{Durability: "normal"})
	f.ok(f.SetSetting(f.ctx, "a", "b"))
}

func TestAnotherProgramsDatabaseIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	db, err := sql.Open("sqlite", filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), "CREATE TABLE recipe (name TEXT)"); err != nil {
		t.Fatal(err)
	}
	for _, exclusive := range []bool{true, false} {
		_, err := store.Open(t.Context(), store.Options{Dir: dir, Exclusive: exclusive})
		if engine.CodeOf(err) != engine.Invalid || !strings.Contains(err.Error(), "no database of Cartwheel") {
			t.Errorf("exclusive %t: got %v, want Invalid", exclusive, err)
		}
	}
	var tables int
	if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil || tables != 1 {
		t.Errorf("got %d tables (%v), want the one that was there", tables, err)
	}
}

func TestAReadGivesUpWithItsContext(t *testing.T) {
	f := setup(t, store.Options{Exclusive: true})
	ctx, cancel := context.WithCancel(f.ctx)
	cancel()
	_, err := f.Event(ctx, "x")
	f.code(engine.Temporary, err)
}

// plan is how SQLite would run q.
func plan(t *testing.T, db *sql.DB, q string) []string {
	t.Helper()
	rows, err := db.Query("EXPLAIN QUERY PLAN " + q)
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	defer func() { _ = rows.Close() }()
	var steps []string
	for rows.Next() {
		var a, b, c any
		var step string
		if err := rows.Scan(&a, &b, &c, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return steps
}

func TestAFullDiskIsTemporaryAndPasses(t *testing.T) {
	f := setup(t, store.Options{Exclusive: true})
	limit := func(pages int) {
		f.ok(f.Write(f.ctx, func(exec func(string, ...any) error) error {
			return exec(fmt.Sprint("PRAGMA max_page_count = ", pages))
		}))
	}
	limit(1) // no more pages than there are
	release := blocked(f)
	small, large := make(chan error, 1), make(chan error, 1)
	go func() { large <- f.SetSetting(f.ctx, "large", strings.Repeat("x", 1<<20)) }()
	go func() { small <- f.SetSetting(f.ctx, "small", "x") }()
	release()
	if err := <-large; engine.CodeOf(err) != engine.Temporary || !strings.Contains(err.Error(), "disk is full") {
		t.Errorf("got %v, want Temporary and that the disk is full", err)
	}
	stored := <-small // in the same batch or another one: what it says must be so
	_, err := f.Setting(f.ctx, "small")
	if (stored == nil) != (err == nil) {
		t.Errorf("the small write answered %v, reading it %v", stored, err)
	}
	limit(1 << 20)
	f.ok(f.SetSetting(f.ctx, "large", strings.Repeat("x", 1<<20)))
}
