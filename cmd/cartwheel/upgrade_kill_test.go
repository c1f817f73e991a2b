package main

import (
	"bytes"
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sqlOf opens the database in dir beside the program; there is no other way to see its schema from outside.
func sqlOf(t *testing.T, dir string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "cartwheel.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func schemaOf(t *testing.T, db *sql.DB) (version int) {
	t.Helper()
	if err := db.QueryRow(`SELECT max(version_id) FROM goose_db_version`).Scan(&version); err != nil {
		t.Fatal(err)
	}
	return version
}

// A database of a newer program is refused with one line, by every command, and left as it was.
func TestADowngradeIsRefused(t *testing.T) {
	dir, _ := unpack(t, released()[0])
	db := sqlOf(t, dir)
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9000, 1)`); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"serve", "--addr", "127.0.0.1:0"}, {"token", "create", "--name", "x", "--role", "admin"}} {
		code, out, errs := typed(t, "", append(args, "--data", dir)...)
		if code != exitUsage || out != "" || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, "newer Cartwheel (schema 9000;") {
			t.Errorf("%q: got exit code %d, output %q, errors %q; want 2 and one line that names the schema", args, code, out, errs)
		}
	}
	var runs int
	if err := db.QueryRow(`SELECT count(*) FROM run`).Scan(&runs); err != nil || runs < 200 || schemaOf(t, db) != 9000 {
		t.Errorf("%d runs are left, %v", runs, err)
	}
}

// Kill -9 at any moment of the migration leaves a database that migrates at the next start.
func TestAMigrationSurvivesKills(t *testing.T) {
	path, newest := binary(t), 0
	start := func(dir string) *exec.Cmd {
		cmd := exec.Command(path, "serve", "--data", dir, "--addr", "127.0.0.1:0", "--log-level", "error")
		cmd.Stdout, cmd.Stderr = newScreen(), newScreen()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	dir, golden := unpack(t, released()[0])
	enlarge(t, dir, size(12, 400))
	began := time.Now()
	whole := start(copyOf(t, dir))
	whole.Stdout.(*screen).waitFor(t, "ready")
	took := time.Since(began)
	_ = whole.Process.Kill()
	_ = whole.Wait()
	before, after := 0, 0
	kills := size(4, 200)
	for k := range kills {
		here := copyOf(t, dir)
		first := start(here)
		time.Sleep(took * time.Duration(k+1) / time.Duration(kills+1)) // the moment of the kill is what is tried
		_ = first.Process.Kill()
		_ = first.Wait()
		db := sqlOf(t, here)
		old := schemaOf(t, db)
		again := start(here)
		again.Stdout.(*screen).waitFor(t, "ready")
		_ = again.Process.Kill()
		_ = again.Wait()
		var intact string
		if err := db.QueryRow(`PRAGMA integrity_check`).Scan(&intact); err != nil || intact != "ok" {
			t.Fatalf("kill %d of %d: integrity %q, %v", k, kills, intact, err)
		}
		newest = schemaOf(t, db)
		if old == newest {
			after++
		} else {
			before++
		}
		_ = db.Close()
		checkUpgraded(t, path, here, golden)
	}
	if before == 0 {
		t.Errorf("all %d kills came after the migration, which proves little; it took %s", kills, took)
	}
	t.Logf("schema %d, start with migration %s; %d kills before its end, %d after", newest, took, before, after)
}

// enlarge makes the history so many times as long, so that migrating it takes a while.
func enlarge(t *testing.T, dir string, times int) {
	t.Helper()
	db := sqlOf(t, dir)
	defer db.Close()
	var all string
	if err := db.QueryRow(`SELECT group_concat(name, ', ') FROM pragma_table_info('event') WHERE name <> 'id'`).Scan(&all); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
		INSERT INTO event (id, `+all+`) SELECT '00-' || i || '-' || id, `+all+` FROM event, n WHERE status = 'done'`, times); err != nil {
		t.Fatal(err)
	}
}

func copyOf(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

// checkUpgraded looks at a few runs that were recorded.
func checkUpgraded(t *testing.T, path, dir string, golden recording) {
	t.Helper()
	addr := freeAddr(t)
	proc := serveProcess(t, path, dir, addr)
	defer proc.kill()
	checked := 0
	for i, a := range golden.Answers {
		if i%61 != 0 || !strings.HasPrefix(a.Path, "/api/v1/runs/") || !bytes.Contains(a.Body, []byte(`"succeeded"`)) {
			continue
		}
		got := callAPI(t, "http://"+addr, golden.Token, a.Method, a.Path, nil)
		if d := lacks(decode(t, got.body), decode(t, a.Body), ""); got.status != 200 || d != "" {
			t.Fatalf("%s: %d %s", a.Path, got.status, d)
		}
		checked++
	}
	if checked == 0 {
		t.Error("no run was looked at")
	}
}
