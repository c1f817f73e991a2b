package web_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/web"
)

func TestEveryAnswerHasTheSecurityHeaders(t *testing.T) {
	s := newSite(t)
	for _, target := range []string{"GET /", "GET /nothing", "GET /style.css", "GET /healthz", "GET /readyz", "GET /metrics", "GET /api/docs",
		"GET /api/v1/runs", "GET /api/v1/nothing", "PUT /api/v1/runs", "POST /hooks/in/KEY", "GET /hooks/in/KEY"} {
		method, path, _ := strings.Cut(target, " ")
		for _, role := range []engine.Role{"", engine.Viewer} {
			h := s.ask(role, method, path, "").header
			nothing := "default-src 'none'"
			if target == "GET /" && role != "" {
				nothing = "default-src 'self'" // the app's page: ui_test.go
			}
			if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, nothing) || !strings.Contains(csp, "frame-ancestors 'none'") {
				t.Errorf("%s as %q: policy %q", target, role, csp)
			}
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "Server": ""} {
				if got := h.Get(name); got != want {
					t.Errorf("%s as %q: %s %q, want %q", target, role, name, got, want)
				}
			}
		}
	}
}

func TestRequestsFromOtherSitesAreRefused(t *testing.T) {
	s := newSite(t)
	tests := []struct {
		name    string
		headers []string
		want    int
	}{
		{"no browser", nil, 201},
		{"same origin", []string{"Sec-Fetch-Site", "same-origin"}, 201},
		{"cross-site", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"same-site", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"foreign origin", []string{"Origin", "https://elsewhere.example.net"}, 403},
		{"own origin", []string{"Origin", "http://example.com"}, 201},
		{"null origin", []string{"Origin", "null"}, 403},
	}
	for _, tt := range tests {
		if got := s.ask(engine.Admin, "POST", "/api/v1/workflows", `{"name":"a"}`, tt.headers...); got.status != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got.status, tt.want)
		}
	}
}

func TestHeadersDoNotChangeTheMethodOrTheAddress(t *testing.T) {
	s := newSite(t)
	got := s.ask(engine.Editor, "GET", "/api/v1/runs", "", "X-HTTP-Method-Override", "DELETE", "X-Original-URL", "/api/v1/events", "X-Rewrite-URL", "/api/v1/events")
	if got.status != 200 || strings.Join(s.engine.calls, " ") != "Runs" {
		t.Errorf("got %d after %v, want 200 after Runs", got.status, s.engine.calls)
	}
	if !strings.Contains(s.log.String(), `"client":"192.0.2.1"`) { // httptest's
		t.Errorf("log: %s", s.log)
	}
	s.log.Reset()
	s.ask(engine.Viewer, "GET", "/api/v1/runs?email=shopper%40example.com", "", "X-Forwarded-For", "203.0.113.9", "X-Real-Ip", "203.0.113.9")
	if log := s.log.String(); strings.Contains(log, "203.0.113.9") || strings.Contains(log, "shopper") {
		t.Errorf("the log believes a header or tells a parameter: %s", log)
	}
	proxied := newSite(t, func(c *web.Config) { c.TrustedProxies = []string{"192.0.2.0/24"} })
	proxied.ask(engine.Viewer, "GET", "/api/v1/runs", "", "X-Forwarded-For", "203.0.113.9")
	if !strings.Contains(proxied.log.String(), `"client":"203.0.113.9"`) {
		t.Errorf("a trusted proxy is not believed: %s", proxied.log)
	}
}

func TestTextThatDatabasesDoNotTakeIsRefused(t *testing.T) {
	s := newSite(t)
	for target, want := range map[string]int{"/api/v1/events?entity=a%00b": 422, "/api/v1/events?entity=%ff": 422, "/api/v1/events?entity=%zz": 422,
		"/api/v1/events/a%00b": 404, "/api/v1/events/%ff": 404, "/api/v1/events?entity=%F0%9F%98%80": 200} {
		if got := s.ask(engine.Viewer, "GET", target, ""); got.status != want {
			t.Errorf("%s: %d, want %d", target, got.status, want)
		}
	}
}

func TestPanicsTellNothing(t *testing.T) {
	s := newSite(t)
	s.engine.slow = func(context.Context) error { panic(errors.New("secret-in-panic")) }
	got := s.ask(engine.Admin, "POST", "/api/v1/authentications/store/test", "", "Cookie", "session=abc", "X-Auth-Token", "store-token")
	if f := got.problem(t); f.Status != 500 || strings.Contains(got.body, "secret-in-panic") || got.header.Get("X-Request-Id") == "" {
		t.Errorf("got %d %s", got.status, got.body)
	}
	log := s.log.String()
	if !strings.Contains(log, "a request panicked") || strings.Contains(log, "session=abc") || strings.Contains(log, "store-token") || strings.Contains(log, "Bearer") {
		t.Errorf("log: %s", log)
	}
}

// serve runs a site on a real listener.
func serve(t *testing.T, s *site, change func(*http.Server)) string {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.Config = s.server.HTTPServer("")
	if change != nil {
		change(server.Config)
	}
	server.Start()
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// exchange writes a raw request and reads the answer's status.
func exchange(t *testing.T, addr, head string, body io.Reader) int {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, head+"\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if body != nil {
		if _, err := io.Copy(conn, body); err != nil {
			t.Errorf("the body could not be sent whole: %v", err)
		}
	}
	if half, ok := conn.(*net.TCPConn); ok {
		_ = half.CloseWrite()
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("%.60q: no answer: %v", head, err)
	}
	defer func() { _ = answer.Body.Close() }()
	return answer.StatusCode
}

func TestSendersOfLargeBodiesSeeThe413(t *testing.T) {
	addr := serve(t, newSite(t), nil)
	const eightMiB = 8 << 20
	head := fmt.Sprintf("POST /hooks/in/KEY HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d", eightMiB-1)
	if got := exchange(t, addr, head, strings.NewReader(strings.Repeat(" ", eightMiB-1))); got != 413 {
		t.Errorf("8 MiB: %d, want 413", got)
	}
	chunked := "POST /hooks/in/KEY HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked"
	chunk := "10000\r\n" + strings.Repeat(" ", 0x10000) + "\r\n"
	if got := exchange(t, addr, chunked, strings.NewReader(strings.Repeat(chunk, 20)+"0\r\n\r\n")); got != 413 {
		t.Errorf("chunked: %d, want 413", got)
	}
}

func TestOddRequestsAreRefused(t *testing.T) {
	s := newSite(t)
	addr := serve(t, s, nil)
	tests := []struct {
		name, head, body string
		want             int
	}{
		{"length and chunks", "POST /hooks/in/KEY HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n", 200},
		{"two lengths", "POST /hooks/in/KEY HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\nContent-Length: 3", "{}", 400},
		{"length too great", "POST /hooks/in/KEY HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 20", "{}", 400},
		{"unknown coding", "POST /hooks/in/KEY HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip", "", 501},
		{"no host", "GET /healthz HTTP/1.1", "", 400},
		{"absolute address", "GET http://elsewhere.example.net/api/v1/runs HTTP/1.1\r\nHost: x", "", 401},
		{"climbing", "GET /style.css/../api/v1/runs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer viewer", "", 404},
		{"escaped climbing", "GET /demo/..%2fapi/v1/runs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer viewer", "", 404},
		{"escaped name", "GET /%61pi/v1/runs HTTP/1.1\r\nHost: x", "", 401},
		{"headers of 40 KiB", "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: " + strings.Repeat("x", 40<<10), "", 431},
		{"invented method", "BREW /api/v1/runs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer admin", "", 405},
		{"two tokens", "GET /api/v1/runs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer viewer\r\nAuthorization: Bearer admin", "", 401},
	}
	for _, tt := range tests {
		if got := exchange(t, addr, tt.head, strings.NewReader(tt.body)); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestSlowWorkIsNotEndedByTheTimeLimitOfReading(t *testing.T) {
	s := newSite(t)
	var ended error
	s.engine.slow = func(ctx context.Context) error {
		select {
		case <-ctx.Done():
			ended = ctx.Err()
		case <-time.After(400 * time.Millisecond):
		}
		return nil
	}
	addr := serve(t, s, func(h *http.Server) { h.ReadTimeout = 100 * time.Millisecond })
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+addr+"/api/v1/authentications/store/test", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer admin")
	r.Header.Set("Content-Type", "application/json")
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	got, err := (&http.Client{Transport: transport}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = got.Body.Close()
	if got.StatusCode != http.StatusOK || ended != nil {
		t.Errorf("got %d, the work's context ended with %v", got.StatusCode, ended)
	}
}

func TestServerHasItsTimeLimits(t *testing.T) {
	h := newSite(t).server.HTTPServer("127.0.0.1:0")
	if h.ReadHeaderTimeout != 5*time.Second || h.ReadTimeout != 15*time.Second || h.IdleTimeout != time.Minute || h.WriteTimeout == 0 || h.MaxHeaderBytes != 32<<10 {
		t.Errorf("got %+v", h)
	}
}
