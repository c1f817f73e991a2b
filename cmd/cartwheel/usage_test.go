package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// typed runs the program with args and returns what it printed and its exit code.
func typed(t *testing.T, in string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(context.Background(), args, streams{in: strings.NewReader(in), out: &o, err: &e})
	return code, o.String(), e.String()
}

func TestWhatIsWrongIsOneLineAndExitCodeTwo(t *testing.T) {
	dir := t.TempDir() + "/data"
	garbage := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(garbage, []byte("garbage\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, in string
		args     []string
		want     string // in the line
	}{
		{"an unknown command", "", []string{"frobnicate"}, `no command "frobnicate"`},
		{"an unknown flag", "", []string{"serve", "--nope"}, "--nope"},
		{"a stray argument", "", []string{"serve", "now"}, `"now"`},
		{"half a command", "", []string{"token"}, "token create"},
		{"an address without a port", "", []string{"serve", "--data", dir, "--addr", "nonsense"}, "--addr"},
		{"a port that is none", "", []string{"serve", "--data", dir, "--addr", "127.0.0.1:abc"}, "--addr"},
		{"a network that is none", "", []string{"serve", "--data", dir, "--allow-private", "10.0.0.0/99"}, "--allow-private"},
		{"a key that is none", "", []string{"serve", "--data", dir, "--addr", "127.0.0.1:0", "--master-key-file", garbage}, "master key"},
		{"a key that cannot be read", "", []string{"serve", "--data", dir, "--addr", "127.0.0.1:0", "--master-key-file", filepath.Dir(garbage)}, "master key"},
		{"another database", "", []string{"serve", "--data", dir, "--database-url", "mysql://x"}, "--database-url"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := typed(t, c.in, c.args...)
			if code != exitUsage || out != "" || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, c.want) {
				t.Errorf("%q: got exit code %d, output %q, errors %q; want 2 and one line with %s", c.args, code, out, errs, c.want)
			}
		})
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a data folder was made for a start that failed")
	}
}

func TestWhatIsWrongWithATokenOrAUserIsOneLineAndExitCodeTwo(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		name, in string
		args     []string
		want     string
	}{
		{"no role", "", []string{"token", "create", "--name", "x", "--data", dir}, "role"},
		{"an expiry that is none", "", []string{"token", "create", "--name", "x", "--role", "admin", "--expires", "soon", "--data", dir}, "--expires"},
		{"a short password", "short\n", []string{"user", "create", "--email", "a@example.com", "--role", "admin", "--data", dir}, "password"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := typed(t, c.in, c.args...)
			if code != exitUsage || out != "" || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, c.want) {
				t.Errorf("%q: got exit code %d, output %q, errors %q; want 2 and one line with %s", c.args, code, out, errs, c.want)
			}
		})
	}
}

func TestTheBareCommandShowsTheCommands(t *testing.T) {
	code, out, errs := typed(t, "")
	if code != exitOK || !strings.Contains(out, "serve") || errs != "" {
		t.Errorf("got exit code %d, output %q, errors %q", code, out, errs)
	}
}

func TestTokenCreatePrintsTheTokenAlone(t *testing.T) {
	code, out, errs := typed(t, "", "token", "create", "--name", "x", "--role", "viewer", "--expires", "90d", "--data", t.TempDir())
	if code != exitOK || len(strings.Fields(out)) != 1 || strings.Count(out, "\n") != 1 || errs != "" {
		t.Errorf("got exit code %d, output %q, errors %q; want one word on one line", code, out, errs)
	}
}
