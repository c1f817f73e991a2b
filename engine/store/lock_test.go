package store_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"cartwheel/engine"
	"cartwheel/engine/store"
)

func TestASecondEngineIsRefusedAndToldWhoIsThere(t *testing.T) {
	dir := t.TempDir()
	f := setup(t, store.Options{Dir: dir, Exclusive: true})
	_, err := store.Open(t.Context(), store.Options{Dir: dir, Exclusive: true})
	f.code(engine.Conflict, err)
	if !strings.Contains(err.Error(), strconv.Itoa(os.Getpid())) || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %q, want one line with the process id", err)
	}
	f.ok(f.Close())
	setup(t, store.Options{Dir: dir, Exclusive: true})
}

func TestAShortCommandWorksBesideAnEngine(t *testing.T) {
	dir := t.TempDir()
	engineStore := setup(t, store.Options{Dir: dir, Exclusive: true})
	command := setup(t, store.Options{Dir: dir})
	command.ok(command.SetSetting(command.ctx, "a", "b"))
	got, err := engineStore.Setting(engineStore.ctx, "a")
	command.ok(err)
	command.same("b", got)
}

func TestAShortCommandMakesTheDatabaseAndGivesTheFolderBack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder with ? and %41")
	command := setup(t, store.Options{Dir: dir})
	command.ok(command.SetSetting(command.ctx, "a", "b"))
	setup(t, store.Options{Dir: dir, Exclusive: true}) // while the command is open
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("got folder %v (%v), want mode 0700", info, err)
	}
}

func TestAShortCommandDoesNotMigrateUnderAnEngine(t *testing.T) {
	dir := t.TempDir()
	f := setup(t, store.Options{Dir: dir, Exclusive: true})
	if _, err := raw(t, dir).Exec("DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)"); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(t.Context(), store.Options{Dir: dir})
	f.code(engine.Temporary, err)
}

func TestANewerSchemaIsRefused(t *testing.T) {
	dir := t.TempDir()
	f := setup(t, store.Options{Dir: dir, Exclusive: true})
	f.ok(f.AddSchema(f.ctx, 1))
	f.ok(f.Close())
	for _, exclusive := range []bool{true, false} {
		_, err := store.Open(t.Context(), store.Options{Dir: dir, Exclusive: exclusive})
		f.code(engine.Conflict, err)
		if !strings.Contains(err.Error(), "newer") || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %q, want one line about a newer version", err)
		}
	}
}

func TestAForeignFileIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, file), []byte(strings.Repeat("not a database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(t.Context(), store.Options{Dir: dir, Exclusive: true})
	if engine.CodeOf(err) != engine.Invalid || strings.Contains(err.Error(), "\n") {
		t.Fatalf("got %v, want Invalid in one line", err)
	}
}

func TestAFolderThatIsAFileIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{path, ""} {
		if _, err := store.Open(t.Context(), store.Options{Dir: dir, Exclusive: true}); engine.CodeOf(err) != engine.Invalid {
			t.Errorf("folder %q: got %v, want Invalid", dir, err)
		}
	}
}

func TestADamagedFileIsNoticedAfterAnUncleanStop(t *testing.T) {
	dir := t.TempDir()
	f := setup(t, store.Options{Dir: dir, Exclusive: true})
	for n := range 200 {
		f.add(f.event(n, n))
	}
	f.ok(f.Close())
	path := filepath.Join(dir, file)
	data, err := os.ReadFile(path)
	f.ok(err)
	for i := len(data) - 5*4096; i < len(data)-4096; i++ {
		data[i] = 0x55
	}
	f.ok(os.WriteFile(path, data, 0o600))
	f.ok(os.WriteFile(filepath.Join(dir, "cartwheel.pid"), []byte("4711\n"), 0o600)) // as a kill leaves it
	_, err = store.Open(t.Context(), store.Options{Dir: dir, Exclusive: true})
	if err == nil || !strings.Contains(err.Error(), "damaged") || strings.Contains(err.Error(), "\n") {
		t.Fatalf("got %v, want one line about damage", err)
	}
}
