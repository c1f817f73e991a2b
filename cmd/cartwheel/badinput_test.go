package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// hangGuard is ten times what any answer may take; mostGrown is what a corpus may cost in memory that stays.
const (
	hangGuard = slower * time.Second
	mostGrown = slower * 64 << 20
)

// classes are the answers that bad input may get; every other one is a fault of ours.
//
//	200 201       it was taken, or looked at: then what is wrong with it stands in problems
//	400           not JSON, or nested deeper than 64: one error, at body
//	401 404       a webhook that is not from the store, an address that nothing has
//	405           a method that the address does not take
//	408           the body came too slowly or not at all
//	409 412       another one has the id; a condition of the header is not met
//	413 415 431   larger than 1 MiB, not plain JSON, header larger than 32 KiB
//	422           JSON that cannot be accepted: one error, naming the field
//
// The one 5xx is net/http's own 501 for a Transfer-Encoding that nobody has, as RFC 9112 (6.1) asks.
var classes = []int{200, 201, 204, 400, 401, 404, 405, 408, 409, 412, 413, 415, 422, 429, 431}

// badInput sends one corpus to a program and keeps count.
type badInput struct {
	p       *program
	t       *testing.T
	line    string // B1
	took    []time.Duration
	slowest string // the name of the case that took longest
	answers map[int]int
	before  int // bytes resident
}

func newBadInput(t *testing.T, p *program, line string) *badInput {
	t.Helper()
	b := &badInput{p: p, t: t, line: line, answers: map[int]int{}}
	debug.FreeOSMemory()
	b.before = residentMemory(t)
	t.Cleanup(b.finish)
	return b
}

// finish looks at what is left: time, memory, and a program that still serves.
func (b *badInput) finish() {
	t := b.t
	t.Helper()
	if log := b.p.log.String(); strings.Contains(log, "panic") {
		t.Errorf("%s: something panicked: %s", b.line, cutBetween(log[strings.Index(log, "panic")-1:], "", "\n"))
	}
	peak := residentMemory(t) - b.before
	b.forget()
	debug.FreeOSMemory()
	grown := residentMemory(t) - b.before
	if grown > mostGrown {
		t.Errorf("%s: the process has grown by %d MiB, want at most %d", b.line, grown>>20, mostGrown>>20)
	}
	if got := b.p.call("GET", "/api/v1/workflows?limit=1", nil); got.status != http.StatusOK {
		t.Errorf("%s: an honest request afterwards: %d %s", b.line, got.status, got.body)
	}
	slices.Sort(b.took)
	if n := len(b.took); n > 0 {
		t.Logf("%s: %d requests, answers %v, p50 %s, p99 %s, slowest %s (%.120s), memory at its peak +%d MiB, in the end %+d MiB",
			b.line, n, b.answers, b.took[n/2], b.took[n*99/100], b.took[n-1], b.slowest, peak>>20, grown>>20)
	}
}

// forget drops what the test itself has kept: the log, and what arrived outside.
func (b *badInput) forget() {
	b.p.log.mu.Lock()
	b.p.log.buf = bytes.Buffer{}
	b.p.log.mu.Unlock()
	b.p.calls.mu.Lock()
	b.p.calls.items = nil
	b.p.calls.mu.Unlock()
	b.p.events.mu.Lock()
	b.p.events.items = nil
	b.p.events.mu.Unlock()
}

// badCase is one request that is not as it should be.
type badCase struct {
	name, method, path string
	body               string
	want               []int                // statuses; none: any of classes
	location           string               // of the one error of a 422, or its beginning; "": anywhere
	many               bool                 // several places are wrong
	change             func(h http.Header)  // after the usual headers
	send               func(badCase) answer // instead of the API
}

// try sends c and checks what holds for every answer.
func (b *badInput) try(c badCase) answer {
	b.t.Helper()
	a, took := b.timed(c)
	for again := 0; took > hangGuard && again < 2; again++ { // a slow answer is a busy machine's, or every time
		a, took = b.timed(c)
	}
	b.took = append(b.took, took)
	if took == slices.Max(b.took) {
		b.slowest = c.name + ", " + c.method + " " + c.path
	}
	b.answers[a.status]++
	name := b.line + " " + c.name + ", " + c.method + " " + c.path
	if took > hangGuard {
		b.t.Errorf("%s: took %s again and again", name, took)
	}
	want := c.want
	if want == nil {
		want = classes
	}
	if !slices.Contains(want, a.status) {
		b.t.Errorf("%s: %d, want one of %v\n%.300q\n%.500s", name, a.status, want, c.body, a.body)
	}
	if strings.HasPrefix(c.path, "/api/") && a.status >= 400 {
		b.checkRefusal(name, c, a)
	}
	return a
}

func (b *badInput) timed(c badCase) (answer, time.Duration) {
	b.t.Helper()
	start := time.Now()
	if c.send != nil {
		a := c.send(c)
		return a, time.Since(start)
	}
	req, err := http.NewRequestWithContext(shortContext(b.t), c.method, b.p.app.URL()+c.path, strings.NewReader(c.body))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+b.p.token)
	if c.method != http.MethodGet {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.change != nil {
		c.change(req.Header)
	}
	return exchange(b.t, req), time.Since(start)
}

// checkRefusal wants a problem that says what is wrong and, for what was sent, exactly one place.
func (b *badInput) checkRefusal(name string, c badCase, a answer) {
	b.t.Helper()
	var p struct {
		Status int
		Detail string
		Errors []struct{ Location, Message string }
	}
	if err := json.Unmarshal(a.body, &p); err != nil || a.header.Get("Content-Type") != "application/problem+json" || p.Status != a.status || p.Detail == "" {
		b.t.Errorf("%s: %d is no problem: %v\n%.300s", name, a.status, err, a.body)
		return
	}
	if a.status != http.StatusBadRequest && a.status != http.StatusUnprocessableEntity {
		return
	}
	if len(p.Errors) != 1 && !(c.many && len(p.Errors) > 0) || p.Errors[0].Message == "" || p.Errors[0].Location == "" {
		b.t.Errorf("%s: errors %+v, want one with its place\n%.300q", name, p.Errors, c.body)
		return
	}
	want := c.location
	if a.status == http.StatusBadRequest {
		want = "body"
	}
	if !strings.HasPrefix(p.Errors[0].Location, want) {
		b.t.Errorf("%s: the error is at %q, want it at %q\n%.300q", name, p.Errors[0].Location, want, c.body)
	}
	if len(p.Errors[0].Location) > 300 || len(a.body) > 64<<10 {
		b.t.Errorf("%s: an answer of %d bytes, its location of %d; want it short", name, len(a.body), len(p.Errors[0].Location))
	}
}

// slot is a place of a request that takes a JSON value, written @.
type slot struct {
	name, method, path, body string
	depth                    int    // of lists and objects around @
	free                     bool   // takes any JSON
	location                 string // of errors about @
}

// slots has at least one place of every operation that takes a body.
func (p *program) slots() []slot {
	payload := `{"BigCommerce":{"Order":{"customer_message":@}}}`
	trigger := `"trigger":{"type":"bigcommerce.shipment_created","authentication_id":"shop"}`
	return []slot{
		{"a setting of a step", "PUT", "/api/v1/workflows/draft", `{"name":"a",` + trigger + `,"steps":[{"id":"a","type":"http_request","config":{"x":@}}]}`, 4, true, "body.steps[0].config.x"},
		{"a header of a step", "POST", "/api/v1/workflows", `{"id":"made-#","name":"a","steps":[{"id":"a","type":"http_request","config":{"headers":{"X-A":@}}}]}`, 5, true, "body.steps[0].config.headers"},
		{"a workflow's name", "PUT", "/api/v1/workflows/draft", `{"name":@}`, 1, false, "body.name"},
		{"a condition", "PUT", "/api/v1/workflows/draft", `{"name":"a","condition":@}`, 1, false, "body.condition"},
		{"attempts", "PUT", "/api/v1/workflows/draft", `{"name":"a","steps":[{"retry":{"attempts":@}}]}`, 4, false, "body.steps[0].retry.attempts"},
		{"a version to cancel", "POST", "/api/v1/workflows/live/cancel-runs", `{"version":@}`, 1, false, "body.version"},
		{"a time zone", "PUT", "/api/v1/settings", `{"alerts":{"enabled":false},"time_zone":@}`, 1, false, "body.time_zone"},
		{"where alerts go", "PUT", "/api/v1/settings", `{"alerts":{"enabled":false,"to":@}}`, 2, false, "body.alerts.to"},
		{"a note", "POST", "/api/v1/workflows/live/publish", `{"note":@}`, 1, false, "body.note"},
		{"a test's payload", "POST", "/api/v1/workflows/live/test", `{"payload":` + payload + `}`, 4, true, "body.payload"},
		{"a preview's payload", "POST", "/api/v1/merge/preview", `{"template":"{{ BigCommerce | Order | customer_message }}",` + trigger + `,"payload":` + payload + `}`, 4, true, "body.payload"},
		{"one of many templates", "POST", "/api/v1/merge/preview", `{"templates":{"a":{"template":@}},` + trigger + `}`, 3, false, "body.templates.a.template"},
		{"a definition that is tried", "POST", "/api/v1/workflows/live/test", `{"definition":{"name":"a","steps":[{"id":"a","type":"http_request","config":{"x":@}}]}}`, 5, true, "body.definition"},
		{"where a test's mails go", "POST", "/api/v1/workflows/live/test", `{"send":{"mail":true,"mail_to":@}}`, 2, false, "body.send.mail_to"},
		{"where a test mail goes", "POST", "/api/v1/authentications/sender/test", `{"mail_to":@}`, 1, false, "body.mail_to"},
		{"a preview's HTML", "POST", "/api/v1/previews", `{"html":@}`, 1, false, "body.html"},
		{"a template", "POST", "/api/v1/merge/preview", `{"template":@,` + trigger + `}`, 1, false, "body.template"},
		{"a check's payload", "POST", "/api/v1/conditions/check", `{"condition":"has(BigCommerce.Order.customer_message)",` + trigger + `,"payload":` + payload + `}`, 4, true, "body.payload"},
		{"a checked condition", "POST", "/api/v1/conditions/check", `{"condition":@,` + trigger + `}`, 1, false, "body.condition"},
		{"a condition's text", "POST", "/api/v1/conditions/parse", `{"condition":@,` + trigger + `}`, 1, false, "body.condition"},
		{"a row's value", "POST", "/api/v1/conditions/format", `{"rules":{"kind":"group","combinator":"and","rules":[{"kind":"rule","code":"BigCommerce.Order.id","operator":"eq","value":@}]},` + trigger + `}`, 4, true, "body.rules"},
		{"a row's expression", "POST", "/api/v1/conditions/format", `{"rules":{"kind":"group","combinator":"and","rules":[{"kind":"raw","text":@}]},` + trigger + `}`, 4, false, "body.rules.rules[0].text"},
		{"a sample's id", "POST", "/api/v1/triggers/bigcommerce.shipment_created/sample", `{"authentication_id":"shop","id":@}`, 1, false, "body.id"},
		{"allowed hosts", "POST", "/api/v1/authentications", `{"id":"made-#","name":"a","type":"http_bearer","config":{"allowed_hosts":@},"secrets":{"token":"0123456789"}}`, 2, false, "body.config"},
		{"a secret", "PATCH", "/api/v1/authentications/hooks", `{"secrets":{"token":@}}`, 2, false, "body.secrets.token"},
		{"an address to sign in with", "POST", "/api/v1/session", `{"email":@,"password":"wrong but long enough"}`, 1, false, "body.email"},
		{"a password now", "POST", "/api/v1/session/password", `{"current":@,"new":"another long password"}`, 1, false, "body.current"},
		{"a person's address", "POST", "/api/v1/users", `{"email":@,"role":"viewer","password":"a long enough password"}`, 1, false, "body.email"},
		{"a person's password", "PATCH", "/api/v1/users/none", `{"password":@}`, 1, false, "body.password"},
		{"a token's name", "POST", "/api/v1/tokens", `{"name":@,"role":"viewer"}`, 1, false, "body.name"},
		{"a token's end", "POST", "/api/v1/tokens", `{"name":"a","role":"viewer","expires":@}`, 1, false, "body.expires"},
		{"a config", "PATCH", "/api/v1/authentications/hooks", `{"config":{"allowed_hosts":@}}`, 2, false, "body.config"},
	}
}

// fill makes the request with a value in its place; no two are the same.
func (s slot) fill(name, value string, n int) badCase {
	return badCase{name: s.name + ": " + name, method: s.method, path: s.path, location: s.location,
		body: strings.Replace(strings.ReplaceAll(s.body, "#", strconv.Itoa(n)), "@", value, 1)}
}

// badInputProgram is a program with a live workflow that uses a good deal of an event.
func badInputProgram(t *testing.T) *program {
	t.Helper()
	p := startProgram(t, nil)
	p.connect()
	p.publish("live", object{"name": "Live", "trigger": trigger("shipment_created"), "condition": `has(BigCommerce.Order.id)`, "steps": []object{
		{"id": "call", "type": "http_request", "config": object{"method": "POST", "url": p.inbox.URL + "/x", "body_type": "json",
			"body": `{"id": {{ BigCommerce | Order | id }}, "message": "{{ BigCommerce | Order | customer_message }}"}`}}}})
	return p
}

// Every operation that takes a body has a place in the table, so that no new one is forgotten.
func TestBadInputReachesEveryOperationWithABody(t *testing.T) {
	p := startProgram(t, nil)
	var document struct {
		Paths map[string]map[string]struct {
			RequestBody any `json:"requestBody"`
		}
	}
	if err := json.Unmarshal(p.call("GET", "/api/openapi.json", nil).body, &document); err != nil {
		t.Fatal(err)
	}
	fits := func(path string, s slot) bool {
		want, got := strings.Split(path, "/"), strings.Split(s.path, "/")
		return slices.EqualFunc(want, got, func(w, g string) bool { return w == g || strings.HasPrefix(w, "{") })
	}
	found := 0
	for path, item := range document.Paths {
		for method, op := range item {
			if op.RequestBody == nil {
				continue
			}
			found++
			if !slices.ContainsFunc(p.slots(), func(s slot) bool { return s.method == strings.ToUpper(method) && fits(path, s) }) {
				t.Errorf("%s %s takes a body and has no slot: add one", strings.ToUpper(method), path)
			}
		}
	}
	if found < 9 {
		t.Errorf("%d operations take a body; the document is read wrongly", found)
	}
}
