package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"cartwheel/engine"
	"cartwheel/merge"
	"cartwheel/web"
)

// submit sends a form as the page's own browser does.
func (s *site) submit(path string, form url.Values, headers ...string) answer {
	s.t.Helper()
	return s.ask("", "POST", path, form.Encode(), append([]string{"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin"}, headers...)...)
}

// attributes are those of the element with an id.
func (a answer) attributes(t *testing.T, id string) map[string]string {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(a.body))
	for z.Next() != html.ErrorToken {
		found := map[string]string{}
		for _, attr := range z.Token().Attr {
			found[attr.Key] = attr.Val
		}
		if found["id"] == id {
			return found
		}
	}
	t.Fatalf("there is no #%s on the page:\n%s", id, a.body)
	return nil
}

func TestTheLoginPageSignsIn(t *testing.T) {
	s := newSite(t)
	page := s.ask("", "GET", "/login?next=%2Fruns%3Fstatus%3Dfailed", "")
	if page.status != 200 || !strings.Contains(page.body, `name="next" value="/runs?status=failed"`) {
		t.Fatalf("%d\n%s", page.status, page.body)
	}
	if csp := page.header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "form-action 'self'") ||
		strings.Contains(csp, "script") || strings.Contains(page.body, "<script") || strings.Contains(page.body, "style=") {
		t.Errorf("the page may run scripts: %s", csp)
	}
	if got := page.attributes(t, "email")["autocomplete"] + " " + page.attributes(t, "password")["autocomplete"]; got != "username current-password" {
		t.Errorf("a password manager is told %q", got)
	}
	got := s.submit("/login", url.Values{"email": {" ada@example.com "}, "password": {rightPassword}, "next": {"/runs?status=failed"}})
	if c := got.cookieOf(t); got.status != 303 || got.header.Get("Location") != "/runs?status=failed" || c.Value != newSession || !c.HttpOnly {
		t.Errorf("%d %v", got.status, got.header)
	}
	if again := s.ask("", "GET", "/login?next=/runs", "", asPerson(engine.Viewer)...); again.status != 303 || again.header.Get("Location") != "/runs" {
		t.Errorf("who is signed in: %d %v", again.status, again.header)
	}
}

func TestTheLoginPageLeadsNowhereElse(t *testing.T) {
	s := newSite(t)
	for _, next := range []string{"https://elsewhere.example.net/", "//elsewhere.example.net", "/\\elsewhere.example.net", "\\\\elsewhere.example.net", "javascript:alert(1)", "runs", "",
		"/login", "/logout", "/first-run?key=x", "/api/v1/runs", "/hooks/in/x", "http:/runs", "/\telsewhere", "/a\r\nSet-Cookie: x=y", "/%zz"} {
		got := s.submit("/login", url.Values{"email": {"ada@example.com"}, "password": {rightPassword}, "next": {next}})
		if got.status != 303 || got.header.Get("Location") != "/" {
			t.Errorf("next %q leads to %q", next, got.header.Get("Location"))
		}
	}
}

func TestTheLoginPageSaysWhatIsWrongAndKeepsTheAddress(t *testing.T) {
	s := newSite(t)
	form := func(email, password string) url.Values {
		return url.Values{"email": {email}, "password": {password}, "next": {"/runs"}}
	}
	for _, tt := range []struct {
		name, email, password, field string
		status                       int
	}{
		{"a wrong password", "ada@example.com", "wrong", "password", 401},
		{"no password", "ada@example.com", "", "password", 422},
		{"no address", "", rightPassword, "email", 422},
	} {
		got := s.submit("/login", form(tt.email, tt.password))
		if field := got.attributes(t, tt.field); got.status != tt.status || field["aria-invalid"] != "true" || field["aria-describedby"] != tt.field+"-error" {
			t.Errorf("%s: %d %v", tt.name, got.status, field)
		}
		got.attributes(t, tt.field+"-error")
		if got.attributes(t, "email")["value"] != tt.email || got.attributes(t, "password")["value"] != "" || !strings.Contains(got.body, `name="next" value="/runs"`) {
			t.Errorf("%s: the form is not as it was:\n%s", tt.name, got.body)
		}
		if got.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %v", tt.name, got.header)
		}
	}
	late := engine.Errorf(engine.Throttled, "Too many wrong passwords. Try again in 30 seconds.")
	late.Wait = 30 * time.Second
	s.engine.err = late
	got := s.submit("/login", form(`"><script>alert(1)</script>@example.com`, "wrong"))
	if got.status != 429 || got.header.Get("Retry-After") != "30" || !strings.Contains(got.body, "30 seconds") || strings.Contains(got.body, "<script>") {
		t.Errorf("throttled: %d %v\n%s", got.status, got.header, got.body)
	}
}

func TestFormsComeInTheirBodyOnly(t *testing.T) {
	s := newSite(t)
	for _, tt := range []struct {
		name, target, body, kind string
		want                     int
	}{
		{"in the address", "/login?email=ada%40example.com&password=a+right+password", "", "application/x-www-form-urlencoded", 422},
		{"JSON", "/login", credentials, "application/json", 415},
		{"text", "/login", "email=a&password=b", "text/plain", 415},
		{"no UTF-8", "/login", "email=%ff&password=b", "application/x-www-form-urlencoded", 400},
		{"half an escape", "/login", "email=%f", "application/x-www-form-urlencoded", 400},
		{"endless", "/login", "email=a&password=" + strings.Repeat("x", 20<<10), "application/x-www-form-urlencoded", 413},
	} {
		if got := s.ask("", "POST", tt.target, tt.body, "Content-Type", tt.kind); got.status != tt.want || len(s.engine.calls) > 0 {
			t.Errorf("%s: %d, want %d (%v)", tt.name, got.status, tt.want, s.engine.calls)
		}
	}
}

func TestSigningOutWithTheForm(t *testing.T) {
	s := newSite(t)
	got := s.submit("/logout", nil, "Cookie", "cartwheel_session="+sessionToken(engine.Editor))
	if c := got.cookieOf(t); got.status != 303 || got.header.Get("Location") != "/login" || c.MaxAge >= 0 || s.engine.actor.Session != "s-editor" {
		t.Errorf("%d %v as %+v", got.status, got.header, s.engine.actor)
	}
	s.engine.calls = nil
	if got := s.submit("/logout", nil); got.status != 303 || len(s.engine.calls) > 0 {
		t.Errorf("nobody: %d, %v", got.status, s.engine.calls)
	}
}

func TestTheFirstRunMakesTheOwner(t *testing.T) {
	s := newSite(t, func(c *web.Config) { c.Loopback = false })
	s.engine.needsSetup = true
	if got := s.ask("", "GET", "/login", ""); got.status != 200 || !strings.Contains(got.body, "cartwheel serve") {
		t.Errorf("the login page does not say what to do: %d\n%s", got.status, got.body)
	}
	for range 2 { // GET does not use the link up
		page := s.ask("", "GET", "/first-run?key="+firstKey, "")
		if page.status != 200 || !strings.Contains(page.body, `name="key" value="`+firstKey+`"`) || page.attributes(t, "password")["autocomplete"] != "new-password" {
			t.Fatalf("%d\n%s", page.status, page.body)
		}
	}
	form := url.Values{"key": {firstKey}, "email": {"ada@example.com"}, "password": {rightPassword}, "again": {"another"}}
	if got := s.submit("/first-run", form); got.status != 422 || got.attributes(t, "again")["aria-invalid"] != "true" || got.attributes(t, "email")["value"] != "ada@example.com" || len(s.engine.calls) > 0 {
		t.Errorf("two passwords: %d %v\n%s", got.status, s.engine.calls, got.body)
	}
	form.Set("again", rightPassword)
	got := s.submit("/first-run", form)
	if c := got.cookieOf(t); got.status != 303 || got.header.Get("Location") != "/start" || c.Value != newSession || s.engine.note != firstKey+" ada@example.com" {
		t.Errorf("%d %v %q", got.status, got.header, s.engine.note)
	}
	if again := s.submit("/first-run", form); again.status != 410 || again.header.Get("Set-Cookie") != "" || !strings.Contains(again.body, `href="/login"`) {
		t.Errorf("the second time: %d\n%s", again.status, again.body)
	}
	if wrong := s.ask("", "GET", "/first-run?key=wrong", ""); wrong.status != 403 || !strings.Contains(wrong.body, "<h1>") {
		t.Errorf("a wrong key: %d\n%s", wrong.status, wrong.body)
	}
	if strings.Contains(s.log.String(), firstKey) {
		t.Errorf("the key is in the log:\n%s", s.log)
	}
}

func TestWhatIsWrongWithTheOwnerStandsNextToTheField(t *testing.T) {
	s := newSite(t)
	s.engine.err = &engine.Error{Code: engine.Invalid, Message: "This is no e-mail address.", Problems: []merge.Problem{{Location: "body.email", Message: "This is no e-mail address."}}}
	got := s.submit("/first-run", url.Values{"key": {firstKey}, "email": {"ada"}, "password": {rightPassword}, "again": {rightPassword}})
	if field := got.attributes(t, "email"); got.status != 422 || field["aria-describedby"] != "email-error" || field["value"] != "ada" || !strings.Contains(got.body, "This is no e-mail address.") {
		t.Errorf("%d %v\n%s", got.status, field, got.body)
	}
}

func TestTheDemosLinkSignsIn(t *testing.T) {
	s := newSite(t, func(c *web.Config) { c.Demo = true })
	page := s.ask("", "GET", "/first-run?key="+firstKey+"-demo", "")
	if page.status != 200 || !strings.Contains(page.body, "Enter the demo") || strings.Contains(page.body, `type="password"`) {
		t.Fatalf("%d\n%s", page.status, page.body)
	}
	got := s.submit("/first-run", url.Values{"key": {firstKey + "-demo"}})
	if c := got.cookieOf(t); got.status != 303 || got.header.Get("Location") != "/" || c.Value != newSession || strings.Join(s.engine.calls, " ") != "Enter" {
		t.Errorf("%d %v %v", got.status, got.header, s.engine.calls)
	}
}

func TestBrowsersThatWouldDropTheCookieAreTold(t *testing.T) {
	s := newSite(t, func(c *web.Config) { c.PublicURL = "https://cartwheel.example.com" })
	form := url.Values{"email": {"ada@example.com"}, "password": {rightPassword}}
	for origin, want := range map[string]int{"http://192.0.2.5:8080": 403, "http://127.0.0.1:8080": 303, "http://localhost:8080": 303, "https://cartwheel.example.com": 303} {
		got := s.submit("/login", form, "Origin", origin)
		if got.status != want || want == 403 && !strings.Contains(got.body, "Open https://cartwheel.example.com instead") {
			t.Errorf("from %s: %d, want %d\n%s", origin, got.status, want, got.body)
		}
	}
}

func TestThePagesTakeTheColoursThatSomebodyChose(t *testing.T) {
	s := newSite(t)
	for cookie, want := range map[string]string{
		"cartwheel_theme=dark":       `<html lang="en" class="dark">`,
		"cartwheel_theme=light":      `<html lang="en" class="light">`,
		"cartwheel_theme=system":     `<html lang="en">`,
		`cartwheel_theme="><script>`: `<html lang="en">`,
		"":                           `<html lang="en">`,
	} {
		page := s.ask("", "GET", "/login", "", "Cookie", cookie)
		if page.status != 200 || !strings.Contains(page.body, want) {
			t.Errorf("with %q: %d, %.80s; want %s in it", cookie, page.status, page.body, want)
		}
	}
}
