package httprequest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"cartwheel/actions/httprequest"
	"cartwheel/engine"
	"cartwheel/engine/outbound"
	"cartwheel/merge"
)

func beginThat(called *bool, err error) func(context.Context) error {
	return func(context.Context) error { *called = true; return err }
}

// authServer gives tokens token-1, token-2, … and takes only those that it has not withdrawn.
type authServer struct {
	*httptest.Server
	mu       sync.Mutex
	issued   int
	bad      map[string]bool
	calls    int
	postOnly bool
	answer   func(http.ResponseWriter) // instead of a token
}

func newAuthServer(t *testing.T) *authServer {
	t.Helper()
	s := &authServer{bad: map[string]bool{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", s.token)
	mux.HandleFunc("/api", s.api)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func (s *authServer) token(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	user, password, _ := r.BasicAuth()
	if s.postOnly {
		user, password = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	w.Header().Set("Content-Type", "application/json")
	switch {
	case s.answer != nil:
		s.answer(w)
	case user != "cartwheel" || password != secret || r.PostFormValue("grant_type") != "client_credentials" || r.PostFormValue("scope") != "a b":
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = fmt.Fprintf(w, `{"error": "invalid_client", "error_description": %q}`, "not "+password)
	default:
		s.issued++
		_, _ = fmt.Fprintf(w, `{"access_token": "access-token-%d", "token_type": "Bearer", "expires_in": 600}`, s.issued)
	}
}

func (s *authServer) api(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if s.bad[token] || token == "" {
		w.WriteHeader(http.StatusUnauthorized)
	}
	_, _ = fmt.Fprint(w, "you sent "+token)
}

func (s *authServer) auth(revision int64) engine.Auth {
	config, _ := json.Marshal(map[string]any{"token_url": s.URL + "/token", "client_id": "cartwheel", "scopes": "a b"})
	return engine.NewAuth("auth-1", "My API", "oauth2_client_credentials", config, revision, map[string]string{"client_secret": secret})
}

func (s *authServer) counts() (issued, calls int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.issued, s.calls
}

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.t }

func (c *clock) move(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.t = c.t.Add(d) }

func newClocked(t *testing.T) (*httprequest.Action, *clock) {
	t.Helper()
	g := outbound.New(outbound.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	t.Cleanup(g.CloseIdle)
	c := &clock{t: now}
	return httprequest.New(g, c.now), c
}

func (s *authServer) call(t *testing.T, a *httprequest.Action, auth engine.Auth) error {
	t.Helper()
	result, err := a.Do(t.Context(), request(s.URL, `{"url": "{URL}/api"}`, auth))
	if text := result.Request + result.Response + merge.JSON(result.Output) + engine.MessageOf(err); strings.Contains(text, "access-token") || strings.Contains(text, secret) {
		t.Errorf("a token or secret came back: %s", text)
	}
	return err
}

func (s *authServer) want(t *testing.T, when string, issued, calls int) {
	t.Helper()
	if i, c := s.counts(); i != issued || c != calls {
		t.Errorf("%s: got %d tokens and %d calls, want %d and %d", when, i, c, issued, calls)
	}
}

func TestATokenIsKeptUntilShortlyBeforeItsEnd(t *testing.T) {
	s := newAuthServer(t)
	a, c := newClocked(t)
	for range 3 {
		if err := s.call(t, a, s.auth(1)); err != nil {
			t.Fatalf("call: %v", err)
		}
	}
	s.want(t, "three calls", 1, 3)
	c.move(539 * time.Second)
	_ = s.call(t, a, s.auth(1))
	s.want(t, "61 s before the end", 1, 4)
	c.move(time.Second)
	_ = s.call(t, a, s.auth(1))
	s.want(t, "60 s before the end", 2, 5)
	_ = s.call(t, a, s.auth(2))
	s.want(t, "a changed authentication", 3, 6)
}

func TestManyCallsFetchOneToken(t *testing.T) {
	s := newAuthServer(t)
	a, _ := newClocked(t)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if err := s.call(t, a, s.auth(1)); err != nil {
				t.Errorf("call: %v", err)
			}
		})
	}
	wg.Wait()
	s.want(t, "20 calls at once", 1, 20)
}

func TestAWithdrawnTokenIsReplacedOnce(t *testing.T) {
	s := newAuthServer(t)
	s.bad["access-token-1"] = true
	a, _ := newClocked(t)
	if err := s.call(t, a, s.auth(1)); err != nil {
		t.Errorf("got %v, want success with the second token", err)
	}
	s.want(t, "one withdrawn", 2, 2)
	s.bad["access-token-2"], s.bad["access-token-3"] = true, true
	if err := s.call(t, a, s.auth(1)); engine.CodeOf(err) != engine.Rejected {
		t.Errorf("all withdrawn: got %v, want it rejected", err)
	}
	s.want(t, "all withdrawn", 3, 4)
}

func TestTheClientMayGoIntoTheBody(t *testing.T) {
	s := newAuthServer(t)
	s.postOnly = true
	a, _ := newClocked(t)
	if err := s.call(t, a, s.auth(1)); err != nil {
		t.Errorf("got %v, want success", err)
	}
}

func TestWhatATokenEndpointMayAnswer(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		body   string
		code   engine.Code
	}{
		{"refused", 401, `{"error": "invalid_client", "error_description": "` + secret + `"}`, engine.Denied},
		{"scope", 400, `{"error": "invalid_scope"}`, engine.Denied},
		{"forbidden", 403, `no`, engine.Denied},
		{"busy", 503, ``, engine.Temporary},
		{"limit", 429, ``, engine.Temporary},
		{"redirect", 302, ``, engine.Rejected},
		{"no json", 200, `<html>`, engine.Rejected},
		{"no token", 200, `{"token_type": "bearer"}`, engine.Rejected},
		{"line break in the token", 200, `{"access_token": "a\r\nX: y"}`, engine.Rejected},
		{"other kind", 200, `{"access_token": "abc", "token_type": "mac"}`, engine.Rejected},
		{"endless", 200, `{"access_token": "` + strings.Repeat("x", 1<<20) + `"}`, engine.Rejected},
		{"text lifetime", 200, `{"access_token": "access-token-x", "expires_in": "3600"}`, ""},
		{"odd lifetime", 200, `{"access_token": "access-token-x", "expires_in": {}}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newAuthServer(t)
			s.answer = func(w http.ResponseWriter) { w.WriteHeader(c.status); _, _ = fmt.Fprint(w, c.body) }
			a, _ := newClocked(t)
			began := false
			r := request(s.URL, `{"url": "{URL}/api"}`, s.auth(1))
			r.Begin = beginThat(&began, nil)
			_, err := a.Do(t.Context(), r)
			if engine.CodeOf(err) != c.code || began != (c.code == "") {
				t.Errorf("got %q %v, began %v; want %q", engine.CodeOf(err), err, began, c.code)
			}
			if strings.Contains(engine.MessageOf(err), secret) {
				t.Errorf("the message repeats the secret: %v", err)
			}
		})
	}
}

func TestTheTokenURLGoesThroughTheGuard(t *testing.T) {
	a, _ := newClocked(t)
	config := `{"token_url": "http://169.254.169.254/token", "client_id": "c", "allowed_hosts": ["127.0.0.1"]}`
	_, err := a.Do(t.Context(), request("http://127.0.0.1:1", `{"url": "{URL}"}`, auth("oauth2_client_credentials", config, "client_secret", secret)))
	if engine.CodeOf(err) != engine.Rejected {
		t.Errorf("got %v, want it rejected", err)
	}
}

func TestTheTestOfAnOAuthClientFetchesAToken(t *testing.T) {
	s := newAuthServer(t)
	g := outbound.New(outbound.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	defer g.CloseIdle()
	types := httprequest.AuthTypes(g, time.Now)
	typ := types[len(types)-1]
	for _, want := range []bool{true, false} {
		checks, err := typ.Test(t.Context(), s.auth(1))
		if err != nil || len(checks) != 1 || checks[0].OK != want {
			t.Errorf("got %+v, %v; want one check, ok %v", checks, err, want)
		}
		s.mu.Lock()
		s.answer = func(w http.ResponseWriter) { w.WriteHeader(http.StatusUnauthorized) }
		s.mu.Unlock()
	}
}
