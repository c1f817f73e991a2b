package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"cartwheel/engine"
	"cartwheel/web"
)

var update = flag.Bool("update", false, "rewrite openapi.json")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The real engine is what the server needs.
var _ web.Engine = (*engine.Engine)(nil)

// site is a server on a fake engine.
type site struct {
	t      *testing.T
	engine *fakeEngine
	server *web.Server
	log    *bytes.Buffer
}

func newSite(t *testing.T, change ...func(*web.Config)) *site {
	t.Helper()
	s := &site{t: t, engine: newFake(), log: &bytes.Buffer{}}
	cfg := web.Config{Engine: s.engine, Loopback: true, Version: "1.2.3", Now: func() time.Time { return moment },
		Logger: slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	for _, f := range change {
		f(&cfg)
	}
	server, err := web.New(cfg)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	s.server = server
	return s
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends a request; headers are name, value, name, value, ... An empty value takes a header away.
func (s *site) ask(role engine.Role, method, target, body string, headers ...string) answer {
	s.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequestWithContext(s.t.Context(), method, target, reader)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if role != "" {
		r.Header.Set("Authorization", "Bearer "+string(role))
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i+1] == "" {
			r.Header.Del(headers[i])
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	if strings.HasPrefix(target, streamPath) { // it would not end: one look at it is enough
		ctx, leave := context.WithCancel(r.Context())
		defer leave()
		s.server.Handler().ServeHTTP(&glance{w, leave}, r.WithContext(ctx))
		return answer{w.Code, w.Header(), w.Body.String()}
	}
	s.server.Handler().ServeHTTP(w, r)
	return answer{w.Code, w.Header(), w.Body.String()}
}

// failure is a problem+json answer.
type failure struct {
	Type, Title, Detail string
	Status              int
	Errors              []struct {
		Location, Message, Suggestion string
		Line, Column                  int
	}
}

// problem reads an answer that must be a problem.
func (a answer) problem(t *testing.T) failure {
	t.Helper()
	var f failure
	if err := json.Unmarshal([]byte(a.body), &f); err != nil {
		t.Fatalf("not a problem: %v\n%s", err, a.body)
	}
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("Content-Type %q, want application/problem+json", got)
	}
	if f.Status != a.status || f.Title == "" || f.Detail == "" || f.Type != "about:blank" {
		t.Errorf("incomplete problem (status %d): %s", a.status, a.body)
	}
	return f
}

// locations lists where the errors are.
func (f failure) locations() string {
	var all []string
	for _, e := range f.Errors {
		all = append(all, e.Location)
	}
	return strings.Join(all, " ")
}
