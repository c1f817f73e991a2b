package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/web"
)

func TestManyTemplatesAreRenderedAtOnce(t *testing.T) {
	s := newSite(t)
	got := s.ask(engine.Editor, "POST", "/api/v1/merge/preview", `{"trigger":{"type":"t"},"sample_id":"s1","templates":{"subject":{"template":"Hi","format":"header"},"note":{"template":"x"}}}`)
	var out struct {
		Results map[string]struct{ Output string }
	}
	got.decode(t, &out)
	if got.status != 200 || len(out.Results) != 2 || out.Results["subject"].Output != "header:Hi" || out.Results["note"].Output != "text:x" || s.engine.source.SampleID != "s1" {
		t.Errorf("%d %+v, source %+v\n%s", got.status, out, s.engine.source, got.body)
	}
	many := func(n int) string {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = fmt.Sprintf(`"t%d":{"template":"x"}`, i)
		}
		return `{"trigger":{"type":"t"},"templates":{` + strings.Join(parts, ",") + `}}`
	}
	for _, c := range []struct{ name, body, location string }{
		{"50 at once", many(50), ""},
		{"51 at once", many(51), "body.templates"},
		{"both", `{"trigger":{"type":"t"},"template":"x","templates":{"a":{"template":"x"}}}`, "body.templates"},
		{"neither", `{"trigger":{"type":"t"}}`, "body.template"},
		{"an unknown format", `{"trigger":{"type":"t"},"templates":{"a":{"template":"x","format":"rtf"}}}`, "body.templates.a.format"},
		{"two sources", `{"trigger":{"type":"t"},"template":"x","sample_id":"s","event_id":"e"}`, "body.payload"},
	} {
		got := s.ask(engine.Editor, "POST", "/api/v1/merge/preview", c.body)
		if c.location == "" {
			if got.status != 200 {
				t.Errorf("%s: %d %s", c.name, got.status, got.body)
			}
			continue
		}
		if p := got.problem(t); got.status != 422 || len(p.Errors) != 1 || p.Errors[0].Location != c.location {
			t.Errorf("%s: %d %+v, want 422 at %s", c.name, got.status, p.Errors, c.location)
		}
	}
}

func TestASampleIsKeptWhenAskedTo(t *testing.T) {
	s := newSite(t)
	const path = "/api/v1/triggers/t/sample"
	if got := s.ask(engine.Editor, "POST", path, `{"authentication_id":"store","id":251}`); got.status != 200 || got.header.Get("Location") != "" {
		t.Errorf("not kept: %d %q", got.status, got.header.Get("Location"))
	}
	got := s.ask(engine.Editor, "POST", path, `{"authentication_id":"store","id":251,"keep":true}`)
	if got.status != 200 || got.header.Get("Location") != "/api/v1/samples/sample1" || !strings.Contains(got.body, `9007199254740993`) {
		t.Errorf("kept: %d %q %s", got.status, got.header.Get("Location"), got.body)
	}
	if got := s.ask(engine.Viewer, "GET", "/api/v1/samples?trigger=t", ""); got.status != 200 || s.engine.id != "t" || !strings.Contains(got.body, `"entity":"order/251"`) {
		t.Errorf("list: %d %q %s", got.status, s.engine.id, got.body)
	}
}

func TestMailsOfATestGoToTheTester(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct{ name, send, to, location string }{
		{"nothing is ticked", `{}`, "", ""},
		{"http alone", `{"http":true,"mail_to":"x@example.com"}`, "", ""},
		{"a token says where to", `{"mail":true,"mail_to":"x@example.com"}`, "x@example.com", ""},
		{"a token says nothing", `{"mail":true}`, "", "body.send.mail_to"},
		{"two addresses", `{"mail":true,"mail_to":"x@example.com,y@example.com"}`, "", "body.send.mail_to"},
		{"a line break", `{"mail":true,"mail_to":"x@example.com\nBcc: y@example.com"}`, "", "body.send.mail_to"},
	} {
		s.engine.trial = engine.Trial{}
		got := s.ask(engine.Editor, "POST", "/api/v1/workflows/ask/test", `{"until":"call","send":`+c.send+`}`)
		if c.location != "" {
			if p := got.problem(t); got.status != 422 || p.Errors[0].Location != c.location {
				t.Errorf("%s: %d %+v", c.name, got.status, p)
			}
			continue
		}
		if got.status != 200 || s.engine.trial.MailTo != c.to || s.engine.trial.Mail != (c.to != "") || s.engine.trial.Until != "call" {
			t.Errorf("%s: %d, trial %+v", c.name, got.status, s.engine.trial)
		}
	}
}

func TestATestTakesWhatIsOnTheScreen(t *testing.T) {
	s := newSite(t)
	got := s.ask(engine.Editor, "POST", "/api/v1/workflows/ask/test", `{"definition":{"name":"Mine","trigger":{"type":"t"},"steps":[{"id":"a","type":"stop"}],"version":3,"problems":[]}}`)
	d := s.engine.trial.Definition
	if got.status != 200 || d == nil || d.Name != "Mine" || len(d.Steps) != 1 || s.engine.trial.Mail || s.engine.trial.Calls {
		t.Errorf("%d, trial %+v\n%s", got.status, s.engine.trial, got.body)
	}
	got = s.ask(engine.Editor, "POST", "/api/v1/workflows/ask/test", `{"definition":{"name":"Mine","stepps":[]}}`)
	if p := got.problem(t); got.status != 422 || p.Errors[0].Location != "body.definition.stepps" {
		t.Errorf("an unknown field: %d %+v", got.status, p)
	}
}

func TestATestMailGoesWhereItIsTold(t *testing.T) {
	s := newSite(t)
	got := s.ask(engine.IntegrationManager, "POST", "/api/v1/authentications/mail/test", `{"mail_to":"x@example.com"}`)
	if got.status != 200 || s.engine.note != "x@example.com" || !strings.Contains(got.body, `"ok":true`) {
		t.Errorf("%d %q %s", got.status, s.engine.note, got.body)
	}
	s.engine.calls = nil
	if got := s.ask(engine.IntegrationManager, "POST", "/api/v1/authentications/mail/test", `{}`); got.status != 200 || strings.Join(s.engine.calls, " ") != "TestAuthentication" {
		t.Errorf("without an address: %d %v", got.status, s.engine.calls)
	}
}

func TestPreviewPagesAreHarmless(t *testing.T) {
	now := moment
	s := newSite(t, func(c *web.Config) { c.Now = func() time.Time { return now } })
	const evil = `<script>alert(1)</script><img src="https://tracker.example.net/x.gif"><form action="https://evil.example.net"></form>`
	var made struct{ URL string }
	s.ask(engine.Editor, "POST", "/api/v1/previews", `{"html":`+quoted(evil)+`}`).decode(t, &made)
	if !strings.HasPrefix(made.URL, "/preview/") || len(made.URL) < 40 {
		t.Fatalf("url %q", made.URL)
	}
	const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:%s; base-uri 'none'; form-action 'none'; sandbox; frame-ancestors 'self'"
	for query, images := range map[string]string{"": "", "?images=1": " https:", "?images=0": ""} {
		got := s.ask("", "GET", made.URL+query, "") // the frame sends no cookie
		if got.status != 200 || got.body != evil || got.header.Get("Content-Security-Policy") != fmt.Sprintf(policy, images) ||
			got.header.Get("X-Frame-Options") != "SAMEORIGIN" || got.header.Get("Cache-Control") != "no-store" ||
			got.header.Get("Content-Type") != "text/html; charset=utf-8" || got.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v %s", query, got.status, got.header, got.body)
		}
	}
	for _, target := range []string{"/preview/" + strings.Repeat("A", 52), "/preview/" + made.URL[len("/preview/"):len(made.URL)-1], "/preview/"} {
		if got := s.ask("", "GET", target, ""); got.status != 404 || !strings.Contains(got.header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: %d", target, got.status)
		}
	}
	now = now.Add(10 * time.Minute)
	if got := s.ask("", "GET", made.URL, ""); got.status != 404 || strings.Contains(got.body, "script") {
		t.Errorf("after ten minutes: %d %s", got.status, got.body)
	}
}

func TestPreviewPagesTakeLittleMemory(t *testing.T) {
	s := newSite(t)
	make1 := func(html string) string {
		var made struct{ URL string }
		s.ask(engine.Editor, "POST", "/api/v1/previews", `{"html":`+quoted(html)+`}`).decode(t, &made)
		return made.URL
	}
	there := func(url string) bool { return s.ask("", "GET", url, "").status == 200 }
	first := make1("first")
	var last string
	for i := range 199 {
		last = make1(fmt.Sprint(i))
	}
	if !there(first) || !there(last) {
		t.Error("of 200 one is missing")
	}
	make1("one more")
	if there(first) || !there(last) {
		t.Error("the 201st does not take the place of the first")
	}
	large := strings.Repeat("x", 1_000_000)
	kept := make1(large)
	for range 33 {
		last = make1(large)
	}
	if there(kept) || !there(last) {
		t.Error("34 MB are kept")
	}
	if got := s.ask(engine.Editor, "POST", "/api/v1/previews", `{"html":"`+strings.Repeat("x", 1<<20)+`"}`); got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("more than 1 MiB: %d", got.status)
	}
}

func quoted(s string) string {
	return `"` + strings.NewReplacer(`"`, `\"`).Replace(s) + `"`
}

// A look at our own address: who asks /healthz with a made-up question learns nothing.
func TestThePublicURLIsLookedAt(t *testing.T) {
	var site *site
	proxy := func(_ context.Context, address string, header http.Header) web.Seen {
		if address != "https://flows.example.com/healthz" {
			t.Errorf("looked at %s", address)
		}
		got := site.ask("", "GET", "/healthz", "", "X-Cartwheel-Look", header.Get("X-Cartwheel-Look"))
		return web.Seen{Status: got.status, Header: got.header}
	}
	other := func(_ context.Context, _ string, header http.Header) web.Seen {
		return web.Seen{Status: 200, Header: header.Clone()} // a server that sends back what it is sent
	}
	failing := func(seen web.Seen) func(context.Context, string, http.Header) web.Seen {
		return func(context.Context, string, http.Header) web.Seen { return seen }
	}
	refusal := engine.Errorf(engine.Rejected, "It is private.")
	for _, c := range []struct {
		name, url string
		look      func(context.Context, string, http.Header) web.Seen
		want      string // name+ or name- of each check
	}{
		{"all is well", "https://flows.example.com", proxy, "https+ Port+ Public address+ Certificate+ Answer+"},
		{"somebody else answers", "https://flows.example.com", other, "https+ Port+ Public address+ Certificate+ Answer-"},
		{"a private address", "http://127.0.0.1:8080", failing(web.Seen{Address: refusal, Answer: refusal}), "https- Port- Public address-"},
		{"another port", "https://flows.example.com:8443", failing(web.Seen{Answer: refusal}), "https+ Port- Public address+ Certificate- Answer-"},
		{"a bad certificate", "https://flows.example.com", failing(web.Seen{TLS: refusal, Answer: refusal}), "https+ Port+ Public address+ Certificate-"},
		{"no address", "", proxy, "https-"},
	} {
		site = newSite(t, func(cfg *web.Config) { cfg.PublicURL, cfg.Look = c.url, c.look })
		var out struct {
			OK     bool
			Checks []engine.Check
		}
		site.ask(engine.IntegrationManager, "POST", "/api/v1/setup/public-url", "{}").decode(t, &out)
		var got []string
		ok := true
		for _, check := range out.Checks {
			sign := map[bool]string{true: "+", false: "-"}[check.OK]
			got, ok = append(got, check.Name+sign), ok && check.OK
			if check.Detail == "" {
				t.Errorf("%s: %s says nothing", c.name, check.Name)
			}
		}
		if strings.Join(got, " ") != c.want || out.OK != ok {
			t.Errorf("%s: got %v %v, want %s", c.name, out.OK, got, c.want)
		}
	}
	for _, question := range []string{"", "x", strings.Repeat("A", 26)} {
		if got := site.ask("", "GET", "/healthz", "", "X-Cartwheel-Look", question); got.header.Get("X-Cartwheel-Look") != "" || got.body != "ok\n" {
			t.Errorf("a stranger asks %q: %v", question, got.header)
		}
	}
}

// decode reads a JSON answer.
func (a answer) decode(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), v); err != nil {
		t.Fatalf("%d, not JSON: %v\n%s", a.status, err, a.body)
	}
}
