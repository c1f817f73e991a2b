package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"cartwheel/engine"
)

// browser keeps cookies, as a person's does, and follows where it is led.
func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Jar: jar, Transport: transport, Timeout: 20 * time.Second}
}

// visit makes one request by a browser; a form is sent as a page's own.
func visit(t *testing.T, b *http.Client, method, address string, form url.Values) (status int, body, at string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	resp, err := b.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(raw), resp.Request.URL.Path
}

const ownerPassword = "canary-owner-password"

func TestTheFirstStartPrintsALinkThatMakesTheOwner(t *testing.T) {
	dir := t.TempDir()
	serve := func() *spawned {
		t.Helper()
		return spawn(t, "serve", "--addr", "127.0.0.1:0", "--data", dir, "--public-url", "https://cartwheel.example.com", "--log-level", "debug")
	}
	c := serve()
	story := c.out.waitFor(t, "on this machine:\n  http://") // written at once with the line that follows
	base := partOf(t, story, `is ready at (http://\S+)`)
	if !strings.Contains(story, "https://cartwheel.example.com/first-run?key=") {
		t.Errorf("the public address is not printed:\n%s", story)
	}
	link := partOf(t, story, `(http://127\S+/first-run\?key=\S{43})\n`)
	key := link[strings.IndexByte(link, '=')+1:]

	b := browser(t)
	for range 2 {
		if status, page, _ := visit(t, b, "GET", link, nil); status != 200 || !strings.Contains(page, "Make the owner account") {
			t.Fatalf("the link: %d\n%s", status, page)
		}
	}
	form := url.Values{"key": {key}, "email": {"owner@example.com"}, "password": {ownerPassword}, "again": {ownerPassword}}
	status, _, at := visit(t, b, "POST", base+"/first-run", form)
	if at != "/start" || status >= 500 {
		t.Fatalf("the owner was led to %s: %d", at, status)
	}
	for method, form := range map[string]url.Values{"POST": form, "GET": nil} {
		if status, page, _ := visit(t, browser(t), method, link, form); status != http.StatusGone || !strings.Contains(page, "/login") {
			t.Errorf("%s of the used link: %d\n%s", method, status, page)
		}
	}
	// The cookie is for https, which a browser takes this machine for; Go's jar does not.
	login := callAPI(t, base, "", "POST", "/api/v1/session", object{"email": "Owner@Example.com", "password": ownerPassword})
	cookie := login.header.Get("Set-Cookie")
	if login.status != 200 || !strings.HasPrefix(cookie, "__Host-cartwheel_session=") || !strings.Contains(cookie, "Secure") || !strings.Contains(string(login.body), `"role":"admin"`) {
		t.Errorf("the owner signs in: %d %q\n%s", login.status, cookie, login.body)
	}
	c.stop()
	c.wantCode(t, exitOK)
	for name, secret := range map[string]string{"the key": key, "the password": ownerPassword, "the session": partOf(t, cookie, `session=([^;]+)`)} {
		if strings.Contains(c.err.String(), secret) {
			t.Errorf("%s is in the log", name)
		}
	}

	c = serve()
	c.out.waitFor(t, readyLine)
	c.stop()
	c.wantCode(t, exitOK)
	if strings.Contains(c.out.String(), "first-run") {
		t.Errorf("the second start prints a link:\n%s", c.out)
	}
}

// A session of an administrator, begun as a person does.
func (p *program) sessionOf(t *testing.T, role engine.Role) string {
	t.Helper()
	ctx := context.Background()
	email := string(role) + "@example.com"
	if _, err := p.app.engine.CreateUser(ctx, email, role, ownerPassword); err != nil && engine.CodeOf(err) != engine.Conflict {
		t.Fatal(err)
	}
	token, _, err := p.app.engine.SignIn(ctx, email, ownerPassword)
	if err != nil {
		t.Fatal(err)
	}
	return "__Host-cartwheel_session=" + token
}

// Beginning to end with the real engine: what ends a session does so at the next request.
func TestSessionsEndAtOnce(t *testing.T) {
	p := startProgram(t, nil)
	as := func(cookie string, method, path string, in any) answer {
		t.Helper()
		body := ""
		if in != nil {
			raw, err := json.Marshal(in)
			if err != nil {
				t.Fatal(err)
			}
			body = string(raw)
		}
		return p.request(t, method, path, body, func(h http.Header) {
			h.Del("Authorization")
			h.Set("Cookie", cookie)
			h.Set("Sec-Fetch-Site", "same-origin")
		})
	}
	seen := func(cookie string, want int) {
		t.Helper()
		if a := as(cookie, "GET", "/api/v1/session", nil); a.status != want {
			t.Fatalf("%d, want %d\n%s", a.status, want, a.body)
		}
	}
	admin := p.sessionOf(t, engine.Admin)
	first, second := p.sessionOf(t, engine.Editor), p.sessionOf(t, engine.Editor)
	if a := as(first, "DELETE", "/api/v1/session", nil); a.status != 204 || !strings.Contains(a.header.Get("Set-Cookie"), "Max-Age=0") {
		t.Fatalf("sign out: %d %v", a.status, a.header)
	}
	seen(first, 401)
	seen(second, 200)
	first = p.sessionOf(t, engine.Editor)
	if a := as(first, "DELETE", "/api/v1/sessions", nil); a.status != 204 {
		t.Fatalf("sign out everywhere: %d", a.status)
	}
	seen(first, 401)
	seen(second, 401)

	first, second = p.sessionOf(t, engine.Editor), p.sessionOf(t, engine.Editor)
	if a := as(first, "POST", "/api/v1/session/password", object{"current": ownerPassword, "new": "another good password"}); a.status != 204 {
		t.Fatalf("a new password: %d %s", a.status, a.body)
	}
	seen(first, 200)
	seen(second, 401)

	var editor, owner string
	for _, u := range p.must(200, "GET", "/api/v1/users", nil)["items"].([]any) {
		u := u.(object)
		if u["role"] == "editor" {
			editor = u["id"].(string)
		} else {
			owner = u["id"].(string)
		}
		if u["last_login_at"] == nil {
			t.Errorf("the last login is not known: %v", u)
		}
	}
	if a := as(admin, "PATCH", "/api/v1/users/"+editor, object{"role": "viewer"}); a.status != 200 {
		t.Fatalf("another role: %d %s", a.status, a.body)
	}
	seen(first, 401)
	for _, in := range []any{nil, object{"role": "viewer"}} {
		method := "DELETE"
		if in != nil {
			method = "PATCH"
		}
		if a := as(admin, method, "/api/v1/users/"+owner, in); a.status != 409 {
			t.Errorf("%s of the last administrator: %d %s", method, a.status, a.body)
		}
	}
	if a := as(admin, "DELETE", "/api/v1/users/"+editor, nil); a.status != 204 {
		t.Errorf("remove: %d %s", a.status, a.body)
	}
	seen(admin, 200)

	entries, raw := p.audit()
	var deeds []string
	for _, e := range entries {
		if e.Object.Kind == "user" && e.Actor.Kind == "user" {
			deeds = append([]string{e.Action + " by " + e.Actor.Name}, deeds...)
		}
	}
	want := []string{"user.login by admin@example.com"}
	for _, deed := range []string{"login", "login", "logout", "login", "logout_everywhere", "login", "login", "edit"} {
		want = append(want, "user."+deed+" by editor@example.com")
	}
	want = append(want, "user.edit by admin@example.com", "user.delete by admin@example.com")
	if strings.Join(deeds, "\n") != strings.Join(want, "\n") || strings.Contains(string(raw), ownerPassword) {
		t.Errorf("the audit log tells\n%s\nwant\n%s", strings.Join(deeds, "\n"), strings.Join(want, "\n"))
	}
}
