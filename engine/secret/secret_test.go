package secret_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"cartwheel/engine/secret"
)

func box(t *testing.T, lines ...string) *secret.Box {
	t.Helper()
	b, err := secret.ParseKeys(strings.Join(lines, "\n"))
	if err != nil {
		t.Fatalf("ParseKeys: %v", err)
	}
	return b
}

func TestSealedBytesOpenOnlyAtTheirPlace(t *testing.T) {
	b := box(t, secret.NewKey())
	sealed := b.Seal([]byte("hunter2hunter2"), "authentication", "shop", "access_token")
	if bytes.Contains(sealed, []byte("hunter2")) {
		t.Fatal("the plain text stands in the sealed bytes")
	}
	flipped := bytes.Clone(sealed)
	flipped[len(flipped)-1] ^= 1
	cases := []struct {
		name             string
		sealed           []byte
		table, id, field string
		want             string
	}{
		{"its place", sealed, "authentication", "shop", "access_token", "hunter2hunter2"},
		{"another row", sealed, "authentication", "shop2", "access_token", ""},
		{"another field", sealed, "authentication", "shop", "client_secret", ""},
		{"another table", sealed, "user", "shop", "access_token", ""},
		{"parts that join alike", sealed, "authentication", "sho", "paccess_token", ""},
		{"a flipped bit", flipped, "authentication", "shop", "access_token", ""},
		{"too short", sealed[:20], "authentication", "shop", "access_token", ""},
		{"empty", nil, "authentication", "shop", "access_token", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := b.Open(c.sealed, c.table, c.id, c.field)
			if c.want == "" && !errors.Is(err, secret.ErrOpen) {
				t.Errorf("Open = %q, %v; want ErrOpen", got, err)
			}
			if c.want != "" && (err != nil || string(got) != c.want) {
				t.Errorf("Open = %q, %v; want %q", got, err, c.want)
			}
		})
	}
}

func TestANewKeyOpensWhatTheOldOneSealed(t *testing.T) {
	oldKey, newKey := secret.NewKey(), secret.NewKey()
	sealed := box(t, oldKey).Seal([]byte("x"), "a", "b", "c")
	if _, err := box(t, newKey).Open(sealed, "a", "b", "c"); !errors.Is(err, secret.ErrOpen) {
		t.Errorf("the new key alone: %v, want ErrOpen", err)
	}
	both := box(t, newKey, oldKey)
	if got, err := both.Open(sealed, "a", "b", "c"); err != nil || string(got) != "x" {
		t.Errorf("both keys: %q, %v", got, err)
	}
	if both.KeyID() != box(t, newKey).KeyID() {
		t.Error("the first key is not the one that seals")
	}
}

func TestCheckRefusesAnotherKey(t *testing.T) {
	b := box(t, secret.NewKey())
	check := b.NewCheck()
	if err := b.VerifyCheck(check); err != nil {
		t.Errorf("its own key: %v", err)
	}
	for name, text := range map[string]string{"garbage": "!!", "empty": "", "other": box(t, secret.NewKey()).NewCheck()} {
		if err := b.VerifyCheck(text); !errors.Is(err, secret.ErrOpen) {
			t.Errorf("%s: %v, want ErrOpen", name, err)
		}
	}
}

func TestParseKeysNamesTheLineAndNotTheKey(t *testing.T) {
	good := secret.NewKey()
	for name, text := range map[string]string{
		"nothing": "\n# only a comment\n", "short": "cartwheel-key-1:AAAA", "no label": good[16:], "second line": good + "\nsecretsecret",
	} {
		_, err := secret.ParseKeys(text)
		if err == nil || strings.Contains(err.Error(), "secretsecret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPasswords(t *testing.T) {
	hash, err := secret.HashPassword("correct horse")
	if err != nil {
		t.Fatal(err)
	}
	if !secret.CheckPassword("correct horse", hash) || secret.CheckPassword("correct hors", hash) {
		t.Error("the right password must match, another must not")
	}
	for _, bad := range []string{"", "$argon2id$v=19$m=1,t=1,p=0$AA$AA", "plain", strings.Replace(hash, "m=65536", "m=9999999", 1)} {
		if secret.CheckPassword("correct horse", bad) {
			t.Errorf("matched the malformed hash %q", bad)
		}
	}
	if _, err := secret.HashPassword(strings.Repeat("x", 2000)); err == nil {
		t.Error("a password of 2000 bytes was hashed")
	}
}

func TestTokensDiffer(t *testing.T) {
	a, b := secret.NewToken(), secret.NewToken()
	if a == b || len(a) != 43 || bytes.Equal(secret.HashToken(a), secret.HashToken(b)) {
		t.Errorf("tokens %q and %q", a, b)
	}
}

func BenchmarkSealOpen(b *testing.B) {
	box, err := secret.ParseKeys(secret.NewKey())
	if err != nil {
		b.Fatal(err)
	}
	plain := []byte("an access token of ordinary length, 40 c")
	for b.Loop() {
		if _, err := box.Open(box.Seal(plain, "authentication", "shop", "access_token"), "authentication", "shop", "access_token"); err != nil {
			b.Fatal(err)
		}
	}
}
