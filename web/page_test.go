package web_test

import (
	"errors"
	"html"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"cartwheel/engine"
	"cartwheel/web"
)

func demo(c *web.Config) {
	c.Links = []web.Link{{Path: "/demo/mailbox", Title: "Mailbox", Summary: "every mail <sent>"}}
	c.Extra = map[string]http.Handler{"/demo/mailbox": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "mails at "+html.EscapeString(r.URL.Path))
	})}
}

func TestStartPageLinksToWhatThereIs(t *testing.T) {
	s := newSite(t, demo, func(c *web.Config) { c.UI = fstest.MapFS{} }) // as if built without the app
	got := s.ask("", "GET", "/", "")
	for _, want := range []string{"1.2.3", `href="/api/docs"`, `href="/api/openapi.json"`, `href="/healthz"`, `href="/demo/mailbox"`, "every mail &lt;sent&gt;"} {
		if got.status != 200 || !strings.Contains(got.body, want) {
			t.Errorf("the page (%d) lacks %q", got.status, want)
		}
	}
	if strings.Contains(got.body, "<script") {
		t.Error("the page has a script")
	}
	for _, target := range []string{"/demo/mailbox", "/demo/mailbox/12"} {
		if extra := s.ask("", "GET", target, ""); extra.body != "mails at "+target {
			t.Errorf("%s: %d %q", target, extra.status, extra.body)
		}
	}
	if post := s.ask("", "POST", "/demo/mailbox", "{}"); post.status != 405 {
		t.Errorf("POST to an extra page: %d, want 405", post.status)
	}
}

func TestExtraPagesCannotTakeOthersPlaces(t *testing.T) {
	for _, path := range []string{"/", "/healthz", "/metrics", "/api/x", "/hooks/x", "demo", "/x/:id", "/x/*y"} {
		_, err := web.New(web.Config{Engine: newFake(), Extra: map[string]http.Handler{path: http.NotFoundHandler()}})
		if err == nil {
			t.Errorf("%q was taken", path)
		}
	}
}

func TestOnlyPeopleGetPagesForWhatIsMissing(t *testing.T) {
	s := newSite(t, func(c *web.Config) { c.UI = fstest.MapFS{} })
	tests := []struct {
		method, target, accept string
		html                   bool
	}{
		{"GET", "/nothing", "text/html,*/*", true},
		{"GET", "/nothing", "application/json", false},
		{"GET", "/nothing", "", false},
		{"POST", "/nothing", "text/html", false},
		{"GET", "/hooks/x", "text/html", false},
		{"GET", "/hooks", "text/html", false},
		{"GET", "/healthz/", "text/html", false},
	}
	for _, tt := range tests {
		got := s.ask("", tt.method, tt.target, "", "Accept", tt.accept)
		if html := strings.HasPrefix(got.header.Get("Content-Type"), "text/html"); got.status != 404 || html != tt.html {
			t.Errorf("%s %s (%s): %d %s", tt.method, tt.target, tt.accept, got.status, got.header.Get("Content-Type"))
		}
	}
}

func TestHealth(t *testing.T) {
	s := newSite(t)
	want := func(target string, status int) {
		t.Helper()
		for _, method := range []string{"GET", "HEAD"} {
			if got := s.ask("", method, target, ""); got.status != status {
				t.Errorf("%s %s: %d, want %d", method, target, got.status, status)
			}
		}
	}
	want("/healthz", 200)
	want("/readyz", 200)
	s.engine.ready = errors.New("disk full at /secret")
	want("/readyz", 503)
	if got := s.ask("", "GET", "/readyz", ""); strings.Contains(got.body, "secret") {
		t.Errorf("the answer tells the cause: %s", got.body)
	}
	s.engine.ready = nil
	s.server.SetDraining()
	want("/readyz", 503)
	want("/healthz", 200)
}

func TestMetricsTellRoutesNotPeople(t *testing.T) {
	s := newSite(t)
	s.ask(engine.Viewer, "GET", "/api/v1/events?email=shopper%40example.com", "")
	s.ask(engine.Viewer, "GET", "/api/v1/workflows/some-id", "")
	s.ask("", "POST", "/hooks/in/KEY", hook)
	s.ask("", "BREW", "/shopper@example.com", "")
	got := s.ask(engine.Viewer, "GET", "/metrics", "").body
	for _, want := range []string{
		`cartwheel_http_requests_total{method="GET",route="/api/v1/workflows/:id",status="200"} 1`,
		`cartwheel_http_requests_total{method="POST",route="/hooks/in/:key",status="200"} 1`,
		`cartwheel_http_requests_total{method="other",route="unmatched",status="404"} 1`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the figures lack %s", want)
		}
	}
	for _, bad := range []string{"shopper", "KEY", "some-id", "BREW"} {
		if strings.Contains(got, bad) {
			t.Errorf("the figures tell %q", bad)
		}
	}
}

func TestNewRefusesNonsense(t *testing.T) {
	if _, err := web.New(web.Config{}); err == nil {
		t.Error("no engine was taken")
	}
	if _, err := web.New(web.Config{Engine: newFake(), TrustedProxies: []string{"somewhere"}}); err == nil || !strings.Contains(err.Error(), "trusted proxies") {
		t.Errorf("a proxy that is no address: %v", err)
	}
}
