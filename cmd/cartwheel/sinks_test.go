package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-smtp"
)

// patience guards against a hanging test; nothing waits for it otherwise.
const patience = 60 * time.Second

// ledger collects what arrives somewhere and lets tests wait for it without sleeping.
type ledger[T any] struct {
	mu    sync.Mutex
	items []T
	more  chan struct{}
}

func (l *ledger[T]) add(item T) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.items = append(l.items, item)
	if l.more != nil {
		close(l.more)
		l.more = nil
	}
}

func (l *ledger[T]) all() []T {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]T(nil), l.items...)
}

// wait returns the items as soon as enough says so.
func (l *ledger[T]) wait(t testing.TB, what string, enough func([]T) bool) []T {
	t.Helper()
	deadline := time.After(patience)
	for {
		l.mu.Lock()
		items := append([]T(nil), l.items...)
		if l.more == nil {
			l.more = make(chan struct{})
		}
		more := l.more
		l.mu.Unlock()
		if enough(items) {
			return items
		}
		select {
		case <-more:
		case <-deadline:
			t.Fatalf("%s did not come within %s; there are %d: %+v", what, patience, len(items), items)
		}
	}
}

func count[T any](n int) func([]T) bool { return func(items []T) bool { return len(items) >= n } }

// inboxCall is one HTTP call that arrived.
type inboxCall struct {
	Method, Path, Query, Body string
	Header                    http.Header
}

// newInbox is an HTTP server that answers 200 with a small JSON object.
func newInbox(t testing.TB) (*ledger[inboxCall], *httptest.Server) {
	calls := &ledger[inboxCall]{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(io.LimitReader(r.Body, 4<<20))
		calls.add(inboxCall{r.Method, r.URL.Path, r.URL.RawQuery, string(body), r.Header.Clone()})
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"ok":true,"number":%d}`, len(calls.all()))
	}))
	t.Cleanup(srv.Close)
	return calls, srv
}

// letter is one mail that arrived.
type letter struct {
	From       string
	To         []string
	Subject    string
	Header     mail.Header
	Text, HTML string
	Raw        string
}

// mailSink is a real SMTP server that keeps what it is given.
type mailSink struct {
	*ledger[letter]
	addr           string
	user, password string
}

func newMailSink(t testing.TB, user, password string) *mailSink {
	t.Helper()
	s := &mailSink{ledger: &ledger[letter]{}, user: user, password: password}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.serve(t, l)
	return s
}

func (s *mailSink) serve(t testing.TB, l net.Listener) {
	srv := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &mailSession{sink: s}, nil }))
	srv.Domain, srv.AllowInsecureAuth, srv.MaxMessageBytes = "mail.example.com", true, 8<<20
	s.addr = l.Addr().String()
	done := make(chan struct{})
	go func() { defer close(done); _ = srv.Serve(l) }()
	t.Cleanup(func() { _, _ = srv.Close(), l.Close(); <-done }) // Close before Serve knows the listener leaves it open
}

type mailSession struct {
	sink *mailSink
	from string
	to   []string
}

func (s *mailSession) Mail(from string, _ *smtp.MailOptions) error { s.from = from; return nil }
func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error   { s.to = append(s.to, to); return nil }
func (s *mailSession) Reset()                                      { s.from, s.to = "", nil }
func (s *mailSession) Logout() error                               { return nil }

func (s *mailSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	l := letter{From: s.from, To: s.to, Raw: string(raw)}
	m, err := mail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	l.Header = m.Header
	l.Subject, _ = m.Header.Subject()
	for {
		part, err := m.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		body, _ := io.ReadAll(part.Body)
		kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if kind == "text/html" {
			l.HTML = string(body)
		} else {
			l.Text = string(body)
		}
	}
	s.sink.add(l)
	return nil
}

func hostPort(t testing.TB, addr string) (string, string) {
	t.Helper()
	host, port, err := net.SplitHostPort(strings.TrimPrefix(addr, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	return host, port
}

func shortContext(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}
