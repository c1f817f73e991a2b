package outbound_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/outbound"
)

func TestCheckURL(t *testing.T) {
	for _, c := range []struct{ raw, want string }{ // want "": refused
		{"https://hooks.example.com/vip?a=1&b=%20", "https://hooks.example.com/vip?a=1&b=%20"},
		{"https://HOOKS.Example.COM.:8443/x", "https://hooks.example.com:8443/x"},
		{"https://müller.example.com/ä", "https://xn--mller-kva.example.com/%C3%A4"},
		{"https://example.com/a%2Fb/ü{}?q=ü|%7c", "https://example.com/a%2Fb/%C3%BC%7B%7D?q=%C3%BC%7C%7c"},
		{"http://a_b.example.com", "http://a_b.example.com"},
		{"https://example.com/x#part", "https://example.com/x"},
		{"https://[2001:DB8::1]:8080/", "https://[2001:db8::1]:8080/"},
		{"https://[2001:db8::1]/", "https://[2001:db8::1]/"},
		{"", ""}, {"example.com", ""}, {"https://", ""}, {"https:///path", ""}, {"https://:80/", ""}, {"ftp://example.com", ""},
		{"https://user:hunter22@example.com", ""}, {"https://@example.com", ""}, {"https://exa mple.com", ""}, {"https://example.com/a b", ""},
		{"https://example.com/\r\nX: y", ""}, {"https://example.com/\x00", ""}, {"https://example.com:99999/", ""}, {"https://example.com:0/", ""},
		{"https://example.com/\u2028", ""}, {"https://" + strings.Repeat("a", 9000), ""}, {"https://ex*ample.com", ""},
	} {
		u, err := outbound.CheckURL(c.raw)
		if c.want == "" {
			wantCode(t, c.raw, err, engine.Invalid)
			if strings.Contains(engine.MessageOf(err), "hunter22") {
				t.Errorf("%q: the message repeats the password: %v", c.raw, err)
			}
			continue
		}
		if err != nil || u.String() != c.want {
			t.Errorf("%q: got %v, %v; want %s", c.raw, u, err, c.want)
		}
	}
}

func TestReadBodyStopsAtItsLimit(t *testing.T) {
	for _, c := range []struct {
		size, limit, want int
		truncated         bool
	}{{0, 10, 0, false}, {9, 10, 9, false}, {10, 10, 10, false}, {11, 10, 10, true}, {5, 0, 0, true}} {
		resp := &http.Response{Body: io.NopCloser(strings.NewReader(strings.Repeat("x", c.size)))}
		body, truncated, err := outbound.ReadBody(resp, int64(c.limit))
		if len(body) != c.want || truncated != c.truncated || err != nil {
			t.Errorf("%d bytes, limit %d: got %d, %v, %v; want %d, %v", c.size, c.limit, len(body), truncated, err, c.want, c.truncated)
		}
	}
}

func TestAGzipBombIsNotUnpacked(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for range 16 {
		_, _ = z.Write(make([]byte, 1<<20))
	}
	_ = z.Close()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(bomb.Bytes())
	}))
	defer s.Close()
	g := newGuard(t, outbound.Options{}, "127.0.0.1/32")
	resp, err := g.Client(0).Get(s.URL)
	if err != nil {
		t.Fatalf("get: %v", err)
	}
	body, truncated, err := outbound.ReadBody(resp, 1<<20)
	if len(body) != 1<<20 || !truncated || err != nil {
		t.Errorf("got %d bytes, truncated %v, %v; want 1 MiB, true, nil", len(body), truncated, err)
	}
	g.CloseIdle()
}

func TestAnEndlessAnswerEndsWithTheTimeout(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "x")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}))
	defer s.Close()
	g := newGuard(t, outbound.Options{}, "127.0.0.1/32")
	resp, err := g.Client(50 * time.Millisecond).Get(s.URL)
	if err != nil {
		t.Fatalf("get: %v", err)
	}
	_, _, err = outbound.ReadBody(resp, 1<<20)
	wantCode(t, "lost while reading", outbound.Classify(err, "x.example.com", true), engine.UnknownOutcome)
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		value string
		want  time.Duration
	}{
		{"", 0}, {"0", 0}, {"120", 2 * time.Minute}, {" 7 ", 7 * time.Second}, {"86401", 24 * time.Hour}, {"99999999999999999999", 24 * time.Hour},
		{"-5", 0}, {"soon", 0}, {"1.5", 0},
		{"Sun, 01 Mar 2026 12:01:00 GMT", time.Minute}, {"Sun, 01 Mar 2026 11:00:00 GMT", 0}, {"Fri, 01 Jan 2100 00:00:00 GMT", 24 * time.Hour},
	} {
		if got := outbound.RetryAfter(http.Header{"Retry-After": {c.value}}, now); got != c.want {
			t.Errorf("Retry-After %q: got %v, want %v", c.value, got, c.want)
		}
	}
}

func TestClassify(t *testing.T) {
	ours := engine.Errorf(engine.Denied, "No.")
	for _, c := range []struct {
		err   error
		began bool
		code  engine.Code
		says  string
	}{
		{nil, false, "", ""},
		{ours, true, engine.Denied, "No."},
		{&url.Error{Op: "Get", URL: "https://x.example.com/?key=hunter22", Err: syscall.ECONNREFUSED}, false, engine.Temporary, "x.example.com refused the connection"},
		{syscall.ECONNRESET, false, engine.Temporary, "closed the connection"},
		{io.ErrUnexpectedEOF, true, engine.UnknownOutcome, "may have taken effect: x.example.com closed the connection"},
		{context.DeadlineExceeded, false, engine.Temporary, "x.example.com did not answer in time."},
		{context.Canceled, true, engine.UnknownOutcome, "was stopped"},
		{&net.DNSError{Err: "no such host", Name: "x.example.com", IsNotFound: true}, false, engine.Temporary, "check the spelling"},
		{&net.DNSError{Err: "timeout", IsTimeout: true}, false, engine.Temporary, "The DNS gave no answer"},
		{http.ErrSchemeMismatch, false, engine.Temporary, "does not speak TLS"},
		{errors.New("hunter22"), false, engine.Temporary, "The connection to x.example.com failed."},
	} {
		got := outbound.Classify(c.err, "x.example.com", c.began)
		if c.err == nil {
			if got != nil {
				t.Errorf("nil: got %v, want nil", got)
			}
			continue
		}
		if got.Code != c.code || !strings.Contains(got.Message, c.says) || strings.Contains(got.Message, "hunter22") {
			t.Errorf("%v, began %v: got %s %q; want %s with %q", c.err, c.began, got.Code, got.Message, c.code, c.says)
		}
		if cause := got.Err; cause != nil && strings.Contains(cause.Error(), "key=") {
			t.Errorf("%v: the cause repeats the URL: %v", c.err, cause)
		}
	}
}
