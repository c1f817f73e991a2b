package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cartwheel/engine/secret"
)

// A backup is made beside the working program, goes into another folder, and with the key put back goes on there.
func TestABackupMovesAnInstallation(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	p.publish("w", object{"name": "W", "trigger": trigger("shipment_created"), "steps": []object{
		{"id": "call", "type": "http_request", "config": object{"method": "POST", "url": p.inbox.URL, "authentication_id": "hooks", "body_type": "text", "body": "{{ BigCommerce | Order | id }}"}}}})
	p.sim.Emit("store/shipment/created", object{"type": "shipment", "id": 903, "orderId": 4127})
	p.calls.wait(t, "the call", count[inboxCall](1))
	event := p.expanded(1)

	to, back := t.TempDir(), filepath.Join(t.TempDir(), "data")
	code, out, errs := typed(t, "", "backup", to, "--data", p.dir)
	if code != exitOK || errs != "" || !strings.HasPrefix(out, to) || !strings.Contains(out, "The master key is not in it") {
		t.Fatalf("backup: exit code %d, output %q, errors %q", code, out, errs)
	}
	key, err := os.ReadFile(p.dir + "/master.key")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range filesIn(t, to) {
		if raw, err := os.ReadFile(file); err != nil || strings.Contains(string(raw), strings.TrimSpace(string(key))) {
			t.Errorf("%s holds the master key, or cannot be read: %v", file, err)
		}
	}
	code, out, errs = typed(t, "", "restore", to, "--data", back)
	if code != exitOK || errs != "" || !strings.Contains(out, "put its file back as "+back+"/master.key") {
		t.Fatalf("restore: exit code %d, output %q, errors %q", code, out, errs)
	}
	if err := p.app.Stop(); err != nil {
		t.Fatal(err)
	}
	if code, _, errs = typed(t, "", "serve", "--data", back, "--addr", "127.0.0.1:0"); code != exitUsage || !strings.Contains(errs, "master key") {
		t.Errorf("serve without the key: exit code %d, errors %q", code, errs)
	}
	if err := os.WriteFile(back+"/master.key", key, 0o600); err != nil {
		t.Fatal(err)
	}
	p.dir = back
	p.start()
	if got := p.must(200, "GET", "/api/v1/events/"+event, nil); got["status"] != "done" {
		t.Errorf("the event in the restored installation: %v", got)
	}
	if status, body := look(t, p.app.URL()+"/api/v1/workflows/w", p.token); status != 200 || !strings.Contains(body, `"live"`) {
		t.Errorf("the workflow in the restored installation: %d %s", status, body)
	}
}

func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s: %v", dir, err)
	}
	return files
}

func TestWhatIsWrongWithABackupIsOneLineAndExitCodeTwo(t *testing.T) {
	p := startProgram(t, nil)
	to, stranger, empty := t.TempDir(), t.TempDir(), t.TempDir()
	if code, _, errs := typed(t, "", "backup", to, "--data", p.dir); code != exitOK {
		t.Fatal(errs)
	}
	if err := os.WriteFile(stranger+"/master.key", []byte(secret.NewKey()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		args []string
		want string // in the line
	}{
		{"no folder", []string{"backup", "--data", p.dir}, "takes one argument"},
		{"two folders", []string{"backup", to, to, "--data", p.dir}, "takes one argument"},
		{"nothing to copy", []string{"backup", to, "--data", empty}, "There is no database"},
		{"no backup", []string{"restore", empty, "--data", empty}, "There is no backup"},
		{"no such folder", []string{"restore", empty + "/none", "--data", empty}, "check that it exists"},
		{"an engine that works", []string{"restore", to, "--data", p.dir, "--force"}, "Another Cartwheel"},
		{"another key", []string{"restore", to, "--data", stranger}, "not the one that this backup was sealed with"},
		{"kept too short", []string{"serve", "--data", empty, "--keep-runs", "23h"}, "--keep-runs"},
		{"kept for no time", []string{"serve", "--data", empty, "--keep-bodies", "soon"}, "--keep-bodies"},
		{"room for no event", []string{"serve", "--data", empty, "--max-waiting", "0"}, "--max-waiting"},
		{"webhooks kept longer than events", []string{"serve", "--data", empty, "--keep-runs", "5d", "--keep-bodies", "6d"}, "--keep-bodies"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := typed(t, "", c.args...)
			if code != exitUsage || out != "" || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, c.want) {
				t.Errorf("%q: got exit code %d, output %q, errors %q; want 2 and one line with %s", c.args, code, out, errs, c.want)
			}
		})
	}
	if left, _ := filepath.Glob(stranger + "/*.db*"); len(left) > 0 {
		t.Errorf("a refused restore left %v", left)
	}
}
