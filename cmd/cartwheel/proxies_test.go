package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"
)

// restartBehind starts the program anew on its data, with these proxies trusted and an empty log.
func (p *program) restartBehind(proxies ...string) {
	p.t.Helper()
	if err := p.app.Stop(); err != nil {
		p.t.Fatal(err)
	}
	cfg := p.app.cfg
	cfg.TrustedProxies = proxies
	p.log = &lockedBuffer{}
	app, err := New(context.Background(), cfg, slog.New(slog.NewJSONHandler(p.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Extras{})
	if err != nil {
		p.t.Fatal(err)
	}
	if err := app.Start(context.Background()); err != nil {
		p.t.Fatal(err)
	}
	p.app = app
	p.t.Cleanup(func() { _ = app.Stop() })
}

// clientOf makes one request with these headers and returns the client that the log names.
func (p *program) clientOf(t *testing.T, header http.Header) string {
	t.Helper()
	a := p.request(t, "GET", "/api/v1/runs", "", func(h http.Header) {
		for name, values := range header {
			h[http.CanonicalHeaderKey(name)] = values
		}
	})
	id := a.header.Get("X-Request-Id")
	for line := range strings.SplitSeq(p.log.String(), "\n") {
		var entry struct {
			ID     string `json:"request_id"`
			Client string `json:"client"`
		}
		if json.Unmarshal([]byte(line), &entry) == nil && entry.ID == id && entry.Client != "" {
			return entry.Client
		}
	}
	t.Fatalf("the log has no line for %s\n%s", id, p.log)
	return ""
}

// Whoever claims to be somebody else is written down as who he is.
func TestForgedForwardingHeadersAreNotBelieved(t *testing.T) {
	p := startProgram(t, nil)
	const forged, told = "203.0.113.9", "198.51.100.7"
	claims := map[string]http.Header{
		"X-Forwarded-For": {"X-Forwarded-For": {forged}}, "twice": {"X-Forwarded-For": {forged, forged}}, "Forwarded": {"Forwarded": {"for=" + forged}},
		"X-Real-IP": {"X-Real-Ip": {forged}}, "True-Client-IP": {"True-Client-Ip": {forged}}, "CF-Connecting-IP": {"Cf-Connecting-Ip": {forged}}, "Fly-Client-IP": {"Fly-Client-Ip": {forged}},
		"X-Client-IP": {"X-Client-Ip": {forged}}, "X-Cluster-Client-IP": {"X-Cluster-Client-Ip": {forged}}, "X-Originating-IP": {"X-Originating-Ip": {forged}}, "X-Appengine-Remote-Addr": {"X-Appengine-Remote-Addr": {forged}},
		"an address of ours": {"X-Forwarded-For": {"127.0.0.1, " + forged}}, "a line break": {"X-Forwarded-For": {forged + "\t\"client\":\"x\""}}, "a host": {"X-Forwarded-Host": {"evil.example.net"}, "X-Forwarded-Proto": {"https"}},
	}
	for name, h := range claims {
		if got := p.clientOf(t, h); got != "127.0.0.1" {
			t.Errorf("nobody is trusted, %s: the log says %q, want the socket's 127.0.0.1", name, got)
		}
	}
	p.restartBehind("10.0.0.0/8")
	for name, h := range claims {
		if got := p.clientOf(t, h); got != "127.0.0.1" {
			t.Errorf("another proxy is trusted, %s: the log says %q, want the socket's 127.0.0.1", name, got)
		}
	}
	p.restartBehind("127.0.0.0/8", "10.0.0.0/8")
	trusted := []struct {
		name string
		h    http.Header
		want string
	}{
		{"by the proxy", http.Header{"X-Forwarded-For": {told}}, told},
		{"behind a claim of the client", http.Header{"X-Forwarded-For": {forged + ", " + told}}, told},
		{"in a header of its own", http.Header{"X-Forwarded-For": {forged, told}}, told},
		{"through two proxies", http.Header{"X-Forwarded-For": {forged + ", " + told + ", 10.1.2.3"}}, told},
		{"IPv6", http.Header{"X-Forwarded-For": {"2001:db8::9"}}, "2001:db8::9"},
		{"what is no address", http.Header{"X-Forwarded-For": {"unknown"}}, "127.0.0.1"},
		{"what is no address, with another header of the client", http.Header{"X-Forwarded-For": {"unknown"}, "X-Real-Ip": {forged}}, "127.0.0.1"},
		{"only another header of the client", http.Header{"X-Real-Ip": {forged}}, "127.0.0.1"},
		{"Forwarded", http.Header{"Forwarded": {"for=" + forged}}, "127.0.0.1"},
	}
	for _, c := range trusted {
		if got := p.clientOf(t, c.h); got != c.want {
			t.Errorf("told %s: the log says %q, want %q", c.name, got, c.want)
		}
	}
	t.Logf("T10: %d forged headers without and with another trusted proxy, %d through one, 0 believed", 2*len(claims), len(trusted))
}
