package main

import (
	"context"
	"os/user"
	"path/filepath"
	"strings"
	"testing"

	"cartwheel/engine/store"
)

// A token is worth nothing from the moment it is revoked, by the API or at the command line beside the running program.
func TestARevokedTokenIsRefusedAtOnce(t *testing.T) {
	p := startProgram(t, nil)
	make := func(name string) (id, token string) {
		made := p.must(201, "POST", "/api/v1/tokens", object{"name": name, "role": "editor"})
		return made["id"].(string), made["token"].(string)
	}
	valid := func(token string, want int) {
		t.Helper()
		for range 3 {
			if a := callAPI(t, p.app.URL(), token, "GET", "/api/v1/workflows", nil); a.status != want {
				t.Fatalf("%d, want %d\n%s", a.status, want, a.body)
			}
		}
	}
	byID, first := make("by the API")
	valid(first, 200)
	p.must(204, "DELETE", "/api/v1/tokens/"+byID, nil)
	valid(first, 401)
	p.must(409, "DELETE", "/api/v1/tokens/"+byID, nil)
	p.must(404, "DELETE", "/api/v1/tokens/none", nil)

	named, second := make("by name")
	valid(second, 200)
	if code, out, errs := typed(t, "", "token", "revoke", "by name", "--data", p.dir); code != exitOK || !strings.Contains(out, named) || errs != "" {
		t.Fatalf("token revoke: %d %q %q", code, out, errs)
	}
	valid(second, 401)
	for _, entry := range p.must(200, "GET", "/api/v1/tokens", nil)["items"].([]any) {
		e := entry.(object)
		if revoked := e["revoked_at"] != nil; revoked != (e["id"] == byID || e["id"] == named) {
			t.Errorf("the list says %v", e)
		}
		for name, value := range e {
			if text, _ := value.(string); strings.Contains(text, "cw_") {
				t.Errorf("the list shows a token in %s", name)
			}
		}
	}
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	if e := p.newestEntry(); e.Action != "token.revoke" || e.Actor.Kind != "command" || e.Actor.Name != me.Username || e.IP != "" {
		t.Errorf("the audit log says %+v, want the command of %s", e, me.Username)
	}
}

func TestTokensAreListedAndRevokedAtTheCommandLine(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	for _, args := range [][]string{{"token", "list"}, {"token", "revoke", "x"}, {"audit", "verify"}} {
		if code, out, errs := typed(t, "", append(args, "--data", dir)...); code != exitUsage || out != "" || !strings.Contains(errs, "no database") {
			t.Errorf("%v without an installation: %d %q %q", args, code, out, errs)
		}
	}
	for _, name := range []string{"twin", "twin", "\x1b[31mred"} {
		if code, _, errs := typed(t, "", "token", "create", "--name", name, "--role", "viewer", "--expires", "90d", "--data", dir); code != exitOK {
			t.Fatal(errs)
		}
	}
	_, list, _ := typed(t, "", "token", "list", "--data", dir)
	if strings.Count(list, "\n") != 4 || strings.Count(list, " valid ") != 3 || strings.Contains(list, "\x1b") || strings.Contains(list, "cw_") {
		t.Errorf("the list is\n%s", list)
	}
	id, _, _ := strings.Cut(strings.Split(list, "\n")[2], " ") // the second newest: a twin
	for _, c := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"a name that two have", []string{"twin"}, exitUsage, id},
		{"an id", []string{id}, exitOK, "Revoked"},
		{"an id again", []string{id}, exitUsage, "revoked already"},
		{"a name that one valid token has", []string{"twin"}, exitOK, "Revoked"},
		{"a name that no valid token has", []string{"twin"}, exitFault, "token list"},
		{"nothing", nil, exitUsage, "say which token"},
		{"two", []string{"a", "b"}, exitUsage, "say which token"},
	} {
		code, out, errs := typed(t, "", append(append([]string{"token", "revoke"}, c.args...), "--data", dir)...)
		if code != c.code || !strings.Contains(out+errs, c.want) {
			t.Errorf("%s: %d %q %q, want %d and %q", c.name, code, out, errs, c.code, c.want)
		}
	}
}

func TestAuditVerifyNamesTheFirstEntryThatIsWrong(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a", "b", "c"} {
		if code, _, errs := typed(t, "", "token", "create", "--name", name, "--role", "viewer", "--data", dir); code != exitOK {
			t.Fatal(errs)
		}
	}
	if code, out, errs := typed(t, "", "audit", "verify", "--data", dir); code != exitOK || out != "3 entries, chain intact\n" || errs != "" {
		t.Errorf("%d %q %q", code, out, errs)
	}
	st, err := store.Open(context.Background(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	// Whoever sets the head back makes the last entry one too many.
	if err := st.SetSetting(context.Background(), "_audit_head", "2 00"); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	code, out, errs := typed(t, "", "audit", "verify", "--data", dir)
	if code != exitFault || out != "" || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, "entry 3") {
		t.Errorf("%d %q %q, want exit code 1 and one line that names entry 3", code, out, errs)
	}
}
