package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/web"
)

// cookieOf is the session cookie that an answer sets.
func (a answer) cookieOf(t *testing.T) *http.Cookie {
	t.Helper()
	cookies := (&http.Response{Header: a.header}).Cookies()
	if len(cookies) != 1 {
		t.Fatalf("%d cookies, want one: %v", len(cookies), a.header.Values("Set-Cookie"))
	}
	return cookies[0]
}

// asPerson are the headers of a browser in which a person with a role is signed in.
func asPerson(role engine.Role) []string {
	return []string{"Cookie", "cartwheel_session=" + sessionToken(role), "Sec-Fetch-Site", "same-origin"}
}

const credentials = `{"email":"ada@example.com","password":"` + rightPassword + `"}`

func TestSigningInSetsACookieThatOnlyTheBrowserKnows(t *testing.T) {
	https := func(c *web.Config) { c.PublicURL = "https://cartwheel.example.com" }
	demo := func(c *web.Config) { c.PublicURL, c.Demo = "https://cartwheel.demo.example.com", true }
	for _, tt := range []struct {
		name, cookie string
		secure       bool
		change       func(*web.Config)
	}{
		{"http", "cartwheel_session", false, func(c *web.Config) { c.PublicURL = "http://127.0.0.1:8080" }},
		{"https", "__Host-cartwheel_session", true, https},
		{"demo", "cartwheel_session", false, demo},
	} {
		s := newSite(t, tt.change)
		got := s.ask("", "POST", "/api/v1/session", credentials, "Sec-Fetch-Site", "same-origin")
		c := got.cookieOf(t)
		if got.status != 200 || c.Name != tt.cookie || c.Value != newSession || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != tt.secure ||
			c.Path != "/" || c.Domain != "" || c.MaxAge != int(7*24*time.Hour/time.Second) {
			t.Errorf("%s: %d %+v", tt.name, got.status, c)
		}
		if strings.Contains(got.body, newSession) || strings.Contains(s.log.String(), newSession) || strings.Contains(s.log.String(), rightPassword) {
			t.Errorf("%s: the session or the password is told:\n%s\n%s", tt.name, got.body, s.log)
		}
		if s.engine.actor.IP != "192.0.2.1" { // httptest's
			t.Errorf("the engine was told the address %q", s.engine.actor.IP)
		}
		// The name decides: a neighbour can plant a cookie without the prefix.
		with := s.ask("", "GET", "/api/v1/session", "", "Cookie", tt.cookie+"="+sessionToken(engine.Editor))
		if with.status != 200 {
			t.Errorf("%s: %d with the cookie", tt.name, with.status)
		}
		if other := s.ask("", "GET", "/api/v1/session", "", "Cookie", "x"+tt.cookie+"="+sessionToken(engine.Editor)); other.status != 401 {
			t.Errorf("%s: %d with another cookie", tt.name, other.status)
		}
	}
	plain := newSite(t, https).ask("", "GET", "/api/v1/session", "", "Cookie", "cartwheel_session="+sessionToken(engine.Admin))
	if plain.status != 401 {
		t.Errorf("under https the plain name counts: %d", plain.status)
	}
}

func TestASessionThatTheClientBringsIsNeverAdopted(t *testing.T) {
	s := newSite(t)
	for _, brought := range []string{"a-session-that-i-have-chosen-myself", sessionToken(engine.Viewer)} {
		s.engine.calls = nil
		got := s.ask("", "POST", "/api/v1/session", credentials, "Cookie", "cartwheel_session="+brought)
		if c := got.cookieOf(t); c.Value != newSession {
			t.Errorf("brought %q, got %q", brought, c.Value)
		}
		ended := strings.Contains(strings.Join(s.engine.calls, " "), "SignOut")
		if known := brought == sessionToken(engine.Viewer); known != ended {
			t.Errorf("brought %q: the old session ended: %v, want %v", brought, ended, known)
		}
	}
}

func TestWhoYouAre(t *testing.T) {
	s := newSite(t, func(c *web.Config) { c.PublicURL = "http://cartwheel.example.com" })
	const rest = `"version":"1.2.3","time_zone":"America/Chicago","public_url":"http://cartwheel.example.com","demo":false,"needs_setup":true,"sending_stopped":false}`
	for _, tt := range []struct {
		name string
		ask  func() answer
		want string
	}{
		{"a person", func() answer { return s.ask("", "GET", "/api/v1/session", "", asPerson(engine.IntegrationManager)...) },
			`{"id":"u-integration_manager","kind":"user","name":"integration_manager@example.com","email":"integration_manager@example.com","role":"integration_manager","can":["edit","manage_integrations"],` + rest},
		{"a token", func() answer { return s.ask(engine.Viewer, "GET", "/api/v1/session", "") },
			`{"id":"viewer-token","kind":"token","name":"token viewer","role":"viewer","can":[],` + rest},
		{"a token and a person: the token", func() answer {
			return s.ask(engine.Admin, "GET", "/api/v1/session", "", asPerson(engine.Viewer)...)
		},
			`{"id":"admin-token","kind":"token","name":"token admin","role":"admin","can":["edit","manage_integrations","administer"],` + rest},
	} {
		if got := tt.ask(); got.status != 200 || strings.TrimSpace(got.body) != tt.want {
			t.Errorf("%s: %d\n%s\nwant\n%s", tt.name, got.status, got.body, tt.want)
		}
	}
	if got := s.ask("", "GET", "/api/v1/session", "", append(asPerson(engine.Admin), "Authorization", "Bearer wrong")...); got.status != 401 {
		t.Errorf("a wrong token beside a session: %d, want 401", got.status)
	}
}

func TestRefusedSignIns(t *testing.T) {
	s := newSite(t)
	wrong := s.ask("", "POST", "/api/v1/session", `{"email":"ada@example.com","password":"another"}`)
	if f := wrong.problem(t); f.Status != 401 || f.locations() != "body.password" || wrong.header.Get("Set-Cookie") != "" || wrong.header.Get("WWW-Authenticate") == "" {
		t.Errorf("a wrong password: %d %s %v", wrong.status, wrong.body, wrong.header)
	}
	late := engine.Errorf(engine.Throttled, "Too many wrong passwords. Try again in 90 seconds.")
	late.Wait = 89500 * time.Millisecond
	s.engine.err = late
	slow := s.ask("", "POST", "/api/v1/session", credentials)
	if f := slow.problem(t); f.Status != 429 || slow.header.Get("Retry-After") != "90" || !strings.Contains(f.Detail, "90 seconds") {
		t.Errorf("throttled: %d %q %s", slow.status, slow.header.Get("Retry-After"), slow.body)
	}
	for _, body := range []string{`{}`, `{"email":"","password":"x"}`, `{"email":"a@example.com"}`, `{"email":"a@example.com","password":"` + strings.Repeat("x", 1025) + `"}`} {
		if got := s.ask("", "POST", "/api/v1/session", body); got.status != 422 {
			t.Errorf("%.40s: %d, want 422", body, got.status)
		}
	}
}

func TestSigningOutTakesTheCookieAway(t *testing.T) {
	for path, call := range map[string]string{"/api/v1/session": "SignOut", "/api/v1/sessions": "SignOutEverywhere"} {
		s := newSite(t)
		got := s.ask("", "DELETE", path, "", asPerson(engine.Viewer)...)
		if c := got.cookieOf(t); got.status != 204 || c.Name != "cartwheel_session" || c.MaxAge >= 0 || c.Value != "" || c.Path != "/" {
			t.Errorf("%s: %d %+v", path, got.status, c)
		}
		if strings.Join(s.engine.calls, " ") != call || s.engine.actor.Session != "s-viewer" {
			t.Errorf("%s: %v as %+v", path, s.engine.calls, s.engine.actor)
		}
	}
}

func TestPeopleAreShownWithoutTheirPasswords(t *testing.T) {
	s := newSite(t)
	const ada = `{"id":"u1","email":"ada@example.com","role":"editor","created_at":"2026-03-04T04:06:07.089Z","last_login_at":"2026-03-04T05:06:07.089Z"}`
	for _, tt := range []struct {
		method, path, body string
		status             int
		want, note         string
	}{
		{"GET", "/api/v1/users", "", 200, `{"items":[` + ada + `],"next_cursor":null}`, ""},
		{"POST", "/api/v1/users", `{"email":"ada@example.com","role":"editor","password":"` + rightPassword + `"}`, 201, ada, "ada@example.com editor " + rightPassword},
		{"PATCH", "/api/v1/users/u1", `{"role":"viewer"}`, 200, ada, "viewer "},
		{"PATCH", "/api/v1/users/u1", `{"password":"` + rightPassword + `"}`, 200, ada, " " + rightPassword},
		{"DELETE", "/api/v1/users/u1", "", 204, "", ""},
	} {
		s.engine.note = ""
		got := s.ask("", tt.method, tt.path, tt.body, asPerson(engine.Admin)...)
		if got.status != tt.status || strings.TrimSpace(got.body) != tt.want || s.engine.note != tt.note {
			t.Errorf("%s %s: %d %s (%q)", tt.method, tt.path, got.status, got.body, s.engine.note)
		}
	}
	for body, location := range map[string]string{`{"email":"a@example.com","role":"owner","password":"` + rightPassword + `"}`: "body.role",
		`{"email":"a@example.com","role":"admin","password":"short"}`: "body.password", `{"role":"admin","password":"` + rightPassword + `"}`: "body.email"} {
		if got := s.ask(engine.Admin, "POST", "/api/v1/users", body); got.status != 422 || got.problem(t).locations() != location {
			t.Errorf("%s: %d %s", body, got.status, got.body)
		}
	}
}

// What another site can have a browser send is refused at every address that changes something, sessions included.
func TestOtherSitesCannotUseASession(t *testing.T) {
	s := newSite(t)
	foreign := map[string][]string{
		"cross-site": {"Sec-Fetch-Site", "cross-site"}, "same-site": {"Sec-Fetch-Site", "same-site"},
		"another origin": {"Origin", "https://elsewhere.example.net"}, "no origin to speak of": {"Origin", "null"},
		"another port": {"Origin", "http://example.com:81"}, "an origin with our name in it": {"Origin", "http://example.com.example.net"},
	}
	var routes []string
	for _, op := range operations(t, s) {
		if op.method != http.MethodGet {
			routes = append(routes, op.method+" "+op.path)
		}
	}
	if len(routes) < 20 {
		t.Fatalf("%d routes change something", len(routes))
	}
	tried := 0
	for _, route := range append(routes, "POST /login", "POST /first-run", "POST /logout") {
		method, target := targetOf(route)
		for name, headers := range foreign {
			for _, body := range []string{bodies[route], ""} {
				s.engine.calls = nil
				got := s.ask("", method, target, body, append([]string{"Cookie", "cartwheel_session=" + sessionToken(engine.Admin)}, headers...)...)
				if got.status != 403 || len(s.engine.calls) > 0 || got.header.Get("Set-Cookie") != "" {
					t.Errorf("%s from %s: %d, the engine was asked %v", route, name, got.status, s.engine.calls)
				}
				tried++
			}
		}
	}
	t.Logf("%d routes, %d requests, all refused", len(routes)+3, tried)
}
