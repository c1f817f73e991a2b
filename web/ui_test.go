package web_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"cartwheel/web"
)

// app is a small build of the web UI.
func app(c *web.Config) {
	c.UI = fstest.MapFS{
		"index.html":         {Data: []byte("<!doctype html>\n<html lang=\"en\">\n  <head>\n    <title>Cartwheel</title>\n  </head>\n  <body></body>\n</html>\n")},
		"assets/index-ab.js": {Data: []byte("export {};\n" + strings.Repeat("// the same again\n", 50))},
		"icon.svg":           {Data: []byte("<svg/>")},
		"licenses.md":        {Data: []byte("# Licences\n")},
	}
}

func TestTheAppStandsAtEveryAddressOfAPerson(t *testing.T) {
	s := newSite(t, app)
	for _, target := range []string{"/", "/workflows", "/workflows/ask-after-shipment", "/runs?status=failed"} {
		got := s.ask("viewer", "GET", target, "", "Accept", "text/html")
		if got.status != 200 || !strings.Contains(got.body, `id="boot"`) {
			t.Errorf("%s: %d %.120s", target, got.status, got.body)
		}
		if cache := got.header.Get("Cache-Control"); cache != "no-store" {
			t.Errorf("%s: Cache-Control %q: a kept page would have the nonce of another header", target, cache)
		}
	}
}

func TestOthersAddressesNeverAnswerWithTheApp(t *testing.T) {
	s := newSite(t, app)
	for _, target := range []string{"/api/v1/nothing", "/api/nothing", "/hooks/nothing", "/healthz/x", "/nothing.png", "/assets/none.js", "/licenses.md"} {
		got := s.ask("viewer", "GET", target, "", "Accept", "text/html")
		if strings.Contains(got.body, `id="boot"`) {
			t.Errorf("%s answers %d with the app", target, got.status)
		}
	}
	if got := s.ask("viewer", "GET", "/workflows", "", "Accept", "application/json"); got.status != 404 {
		t.Errorf("a program gets %d, want 404", got.status)
	}
}

func TestWithoutASessionTheAppLeadsToTheLogin(t *testing.T) {
	s := newSite(t, app)
	got := s.ask("", "GET", "/runs?status=failed", "", "Accept", "text/html")
	if want := "/login?next=%2Fruns%3Fstatus%3Dfailed"; got.status != 303 || got.header.Get("Location") != want {
		t.Errorf("%d to %q, want 303 to %q", got.status, got.header.Get("Location"), want)
	}
}

func TestThePageOfTheAppRunsNoScriptOfItsOwn(t *testing.T) {
	s := newSite(t, app, func(c *web.Config) { c.Links = []web.Link{{Path: "/x", Title: "</script><script>alert(1)"}} })
	first := s.ask("viewer", "GET", "/", "", "Accept", "text/html", "Cookie", "cartwheel_theme=dark")
	second := s.ask("viewer", "GET", "/", "", "Accept", "text/html", "Cookie", `cartwheel_theme="><script>`)
	policy := first.header.Get("Content-Security-Policy")
	nonce := regexp.MustCompile(`style-src 'self' 'nonce-([A-Z0-9]+)'`).FindStringSubmatch(policy)
	if nonce == nil || strings.Contains(policy, "unsafe") || strings.Contains(policy, "script-src") || !strings.HasPrefix(policy, "default-src 'self';") {
		t.Fatalf("policy: %s", policy)
	}
	if second.header.Get("Content-Security-Policy") == policy {
		t.Error("two pages have the same nonce")
	}
	block := regexp.MustCompile(`<script type="application/json" id="boot">(.*?)</script>`).FindStringSubmatch(first.body)
	var boot struct {
		Nonce string `json:"nonce"`
		Links []web.Link
	}
	if block == nil || json.Unmarshal([]byte(block[1]), &boot) != nil || boot.Nonce != nonce[1] || len(boot.Links) != 1 {
		t.Errorf("the data block does not fit the header: %v", block)
	}
	if strings.Count(first.body, "<script") != 1 {
		t.Errorf("a title became a script: %s", first.body)
	}
	if !strings.Contains(first.body, `<html lang="en" class="dark"`) || strings.Contains(second.body, "class=") {
		t.Error("the cookie's colours are not those of the page, or a forged cookie is written into it")
	}
}

func TestFilesOfTheAppAreKeptForEverAndCompressed(t *testing.T) {
	s := newSite(t, app)
	got := s.ask("", "GET", "/assets/index-ab.js", "", "Accept-Encoding", "gzip")
	if got.header.Get("Cache-Control") != "public, max-age=31536000, immutable" || got.header.Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("headers: %v", got.header)
	}
	r, err := gzip.NewReader(strings.NewReader(got.body))
	if err != nil {
		t.Fatalf("not compressed: %v", err)
	}
	plain, err := io.ReadAll(r)
	if err != nil || !strings.HasPrefix(string(plain), "export {};") {
		t.Errorf("%v: %q", err, plain)
	}
	if again := s.ask("", "GET", "/assets/index-ab.js", "", "Accept-Encoding", "identity"); again.body != string(plain) {
		t.Errorf("without compression: %q", again.body)
	}
	if missing := s.ask("", "GET", "/assets/../index.html", ""); missing.status == http.StatusOK && strings.Contains(missing.body, "boot") {
		t.Error("a path out of the folder was followed")
	}
}
