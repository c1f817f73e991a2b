package httprequest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"cartwheel/actions/httprequest"
	"cartwheel/engine"
	"cartwheel/engine/outbound"
	"cartwheel/merge"
)

const (
	key    = "01890a5d-ac96-774b-bcce-b302099a8057-tell"
	secret = "s3cr3t-c4n4ry-value"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// newAction is the action, allowed to reach 127.0.0.1.
func newAction(t *testing.T) *httprequest.Action {
	t.Helper()
	g := outbound.New(outbound.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	t.Cleanup(g.CloseIdle)
	return httprequest.New(g, func() time.Time { return now })
}

// got is a request as the server saw it.
type got struct {
	method, uri, body string
	header            http.Header
}

// serve answers with h and sends what came to the channel.
func serve(t *testing.T, h http.HandlerFunc) (string, chan got) {
	t.Helper()
	seen := make(chan got, 10)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		seen <- got{r.Method, r.RequestURI, string(body), r.Header.Clone()}
		h(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, seen
}

// request is one attempt with config, whose {URL} becomes url.
func request(url, config string, auth engine.Auth) engine.Request {
	return engine.Request{Key: key, Config: json.RawMessage(strings.ReplaceAll(config, "{URL}", url)), Auth: auth, Attempt: 1,
		Begin: func(context.Context) error { return nil }}
}

func TestTheStatusDecides(t *testing.T) {
	a := newAction(t)
	for _, c := range []struct {
		status int
		header string
		code   engine.Code
		wait   time.Duration
		says   string
	}{
		{200, "", "", 0, ""}, {201, "", "", 0, ""}, {202, "", "", 0, ""}, {204, "", "", 0, ""}, {299, "", "", 0, ""},
		{301, "", engine.Rejected, 0, "redirects are not followed"}, {302, "", engine.Rejected, 0, "Found, a redirect"}, {304, "", engine.Rejected, 0, "304 Not Modified"}, {307, "", engine.Rejected, 0, ""},
		{400, "", engine.Rejected, 0, ""}, {401, "", engine.Rejected, 0, ""}, {403, "", engine.Rejected, 0, ""},
		{404, "", engine.Rejected, 0, "127.0.0.1 answered 404 Not Found: no such hook"}, {409, "", engine.Rejected, 0, ""}, {410, "", engine.Rejected, 0, ""}, {422, "", engine.Rejected, 0, ""},
		{408, "", engine.Temporary, 0, ""}, {425, "", engine.Temporary, 0, ""},
		{429, "", engine.Temporary, 0, ""}, {429, "120", engine.Temporary, 2 * time.Minute, ""}, {429, "Sun, 01 Mar 2026 12:00:30 GMT", engine.Temporary, 30 * time.Second, ""},
		{500, "60", engine.Temporary, 0, ""}, {502, "", engine.Temporary, 0, ""}, {503, "7", engine.Temporary, 7 * time.Second, ""}, {504, "", engine.Temporary, 0, ""}, {599, "", engine.Temporary, 0, "127.0.0.1 answered 599: no such hook"},
	} {
		url, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			if c.header != "" {
				w.Header().Set("Retry-After", c.header)
			}
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, "no such\n  hook")
		})
		result, err := a.Do(t.Context(), request(url, `{"url": "{URL}"}`, engine.Auth{}))
		name := fmt.Sprintf("%d %s", c.status, c.header)
		if engine.CodeOf(err) != c.code || !strings.Contains(engine.MessageOf(err), c.says) && err != nil {
			t.Errorf("%s: got %q %v; want %q with %q", name, engine.CodeOf(err), err, c.code, c.says)
		}
		if e, ok := err.(*engine.Error); ok && e.Wait != c.wait { //nolint:errorlint // Do returns it bare
			t.Errorf("%s: got wait %v, want %v", name, e.Wait, c.wait)
		}
		if result.Output["status"] != c.status || !strings.HasPrefix(result.Response, fmt.Sprint(c.status)) {
			t.Errorf("%s: got output %v and response %q, want the status in both", name, result.Output, result.Response)
		}
	}
}

func TestTheRequestIsWhatTheConfigSays(t *testing.T) {
	a := newAction(t)
	for _, c := range []struct {
		name, config, method, uri, contentType, body string
	}{
		{"defaults", `{"url": "{URL}/a"}`, "POST", "/a", "", ""},
		{"get with query", `{"method": "GET", "url": "{URL}/a?z=1&y=%20#frag", "query": {"b": "x y&z", "a": ""}}`, "GET", "/a?z=1&y=%20&a=&b=x+y%26z", "", ""},
		{"json", `{"url": "{URL}", "body_type": "json", "body": "{\"order\": 100, \"money\": \"30.0000\"}"}`, "POST", "/", "application/json", `{"order": 100, "money": "30.0000"}`},
		{"form", `{"method": "PUT", "url": "{URL}", "body_type": "form", "form": {"b": "2 3", "a": "ä"}}`, "PUT", "/", "application/x-www-form-urlencoded", "a=%C3%A4&b=2+3"},
		{"text", `{"method": "PATCH", "url": "{URL}", "body_type": "text", "body": "hello\n"}`, "PATCH", "/", "text/plain; charset=utf-8", "hello\n"},
		{"own content type", `{"url": "{URL}", "headers": {"content-type": "application/vnd.api+json"}, "body_type": "json", "body": "1"}`, "POST", "/", "application/vnd.api+json", "1"},
		{"delete", `{"method": "DELETE", "url": "{URL}/x", "timeout": "30s"}`, "DELETE", "/x", "", ""},
		{"encoded path", `{"method": "GET", "url": "{URL}/a%2Fb/ü"}`, "GET", "/a%2Fb/%C3%BC", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			url, seen := serve(t, func(http.ResponseWriter, *http.Request) {})
			r := request(url, c.config, engine.Auth{})
			result, err := a.Do(t.Context(), r)
			if err != nil {
				t.Fatalf("do: %v", err)
			}
			g := <-seen
			if g.method != c.method || g.uri != c.uri || g.header.Get("Content-Type") != c.contentType || g.body != c.body {
				t.Errorf("got %s %s, %q, %q; want %s %s, %q, %q", g.method, g.uri, g.header.Get("Content-Type"), g.body, c.method, c.uri, c.contentType, c.body)
			}
			if g.header.Get("Idempotency-Key") != key || g.header.Get("User-Agent") != "Cartwheel" {
				t.Errorf("got headers %v, want the key %s and the agent Cartwheel", g.header, key)
			}
			if preview, err := a.Preview(r); err != nil || preview != result.Request {
				t.Errorf("preview: got %q, %v; want %q", preview, err, result.Request)
			}
		})
	}
}

func TestTheAnswerBecomesOutput(t *testing.T) {
	a := newAction(t)
	big := strings.Repeat("x", 300<<10)
	for _, c := range []struct {
		name, contentType, body, want string // want as JSON
	}{
		{"json", "application/json", `{"b": 1.0, "a": [9007199254740993]}`, `{"b":1.0,"a":[9007199254740993]}`},
		{"json with charset", "application/json; charset=utf-8", `"x"`, `"x"`},
		{"problem", "application/problem+json", `{"title": "x"}`, `{"title":"x"}`},
		{"json in plain text", "text/plain", ` [1,2] `, `[1,2]`},
		{"text", "text/plain", "hello", `"hello"`},
		{"number in plain text", "text/plain", "42", `"42"`},
		{"html", "text/html", "{not json}", `"{not json}"`},
		{"broken json", "application/json", `{"a":`, `"{\"a\":"`},
		{"deep json", "application/json", strings.Repeat("[", 100) + strings.Repeat("]", 100), `"` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `"`},
		{"nothing", "application/json", "", "null"},
		{"bad text", "text/plain", "a\xffb\x00c", "\"a\uFFFDb\uFFFDc\""},
		{"big", "text/plain", big, `"` + big[:256<<10] + `"`},
		{"big json", "application/json", `["` + big + `"]`, merge.JSON((`["` + big)[:256<<10])},
	} {
		url, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", c.contentType)
			w.Header().Add("X-Many", "1")
			w.Header().Add("X-Many", "2")
			_, _ = io.WriteString(w, c.body)
		})
		result, err := a.Do(t.Context(), request(url, `{"url": "{URL}"}`, engine.Auth{}))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := merge.JSON(result.Output["body"]); got != c.want {
			t.Errorf("%s: got %.200s, want %.200s", c.name, got, c.want)
		}
		if headers, _ := result.Output["headers"].(map[string]any); headers["x-many"] != "1, 2" || headers["content-type"] != c.contentType {
			t.Errorf("%s: got headers %v, want lower-case names and joined values", c.name, headers)
		}
		if len(result.Response) > 4<<10+3 {
			t.Errorf("%s: the response keeps %d bytes, want at most 4 KiB", c.name, len(result.Response))
		}
	}
}

func TestWhatCannotBeSentIsNotBegun(t *testing.T) {
	a := newAction(t)
	for _, c := range []struct {
		name, config string
		code         engine.Code
		says         string
	}{
		{"no url", `{}`, engine.Invalid, "empty"},
		{"scheme", `{"url": "ftp://example.com"}`, engine.Invalid, "https://"},
		{"user in url", `{"url": "https://u:p@example.com"}`, engine.Invalid, "authentication"},
		{"json", `{"url": "{URL}", "body_type": "json", "body": "{\"a\": }"}`, engine.Rejected, "line 1, column 7: The body is not valid JSON"},
		{"no json", `{"url": "{URL}", "body_type": "json"}`, engine.Rejected, "not valid JSON"},
		{"header with a line break", `{"url": "{URL}", "headers": {"X-A": "a\r\nX-B: b"}}`, engine.Rejected, "X-A"},
		{"header with NUL", `{"url": "{URL}", "headers": {"X-A": "a\u0000"}}`, engine.Rejected, "X-A"},
		{"header name", `{"url": "{URL}", "headers": {"X A": "a"}}`, engine.Invalid, "no name of a header"},
		{"our header", `{"url": "{URL}", "headers": {"idempotency-key": "mine"}}`, engine.Invalid, "Idempotency-Key"},
		{"depth header", `{"url": "{URL}", "headers": {"x-cartwheel-depth": "0"}}`, engine.Invalid, "X-Cartwheel-Depth"},
		{"host header", `{"url": "{URL}", "headers": {"Host": "evil.example.com"}}`, engine.Invalid, "Host"},
		{"length header", `{"url": "{URL}", "headers": {"Content-Length": "0"}}`, engine.Invalid, "Content-Length"},
		{"timeout", `{"url": "{URL}", "timeout": "31s"}`, engine.Invalid, "30s"},
		{"method", `{"url": "{URL}", "method": "G T"}`, engine.Invalid, "method"},
		{"not ours", `{"url": 7}`, engine.Invalid, "Save the workflow again"},
	} {
		t.Run(c.name, func(t *testing.T) {
			url, seen := serve(t, func(http.ResponseWriter, *http.Request) {})
			_, err := a.Do(t.Context(), request(url, c.config, engine.Auth{}))
			if engine.CodeOf(err) != c.code || !strings.Contains(engine.MessageOf(err), c.says) {
				t.Errorf("got %q %v; want %q with %q", engine.CodeOf(err), err, c.code, c.says)
			}
			if len(seen) != 0 {
				t.Errorf("the server got %v, want nothing", <-seen)
			}
		})
	}
}

// What is called learns how many workflows have called one another, in every attempt the same.
func TestEveryCallTellsItsDepth(t *testing.T) {
	url, seen := serve(t, func(http.ResponseWriter, *http.Request) {})
	a := newAction(t)
	for depth, want := range map[int]string{0: "1", 1: "2", 5: "6"} {
		for range 2 {
			r := request(url, `{"url": "{URL}"}`, engine.Auth{})
			r.Depth = depth
			if _, err := a.Do(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			if got := (<-seen).header.Values("X-Cartwheel-Depth"); len(got) != 1 || got[0] != want {
				t.Errorf("depth %d: got %q, want %q", depth, got, want)
			}
			if preview, err := a.Preview(r); err != nil || !strings.Contains(preview, "X-Cartwheel-Depth: "+want+"\n") {
				t.Errorf("depth %d: preview %q, %v", depth, preview, err)
			}
		}
	}
}

func TestWhenBeginFailsNothingIsSent(t *testing.T) {
	url, seen := serve(t, func(http.ResponseWriter, *http.Request) {})
	r := request(url, `{"url": "{URL}"}`, engine.Auth{})
	r.Begin = func(context.Context) error { return engine.Errorf(engine.Conflict, "cancelled") }
	_, err := newAction(t).Do(t.Context(), r)
	if engine.CodeOf(err) != engine.Conflict || len(seen) != 0 {
		t.Errorf("got %v and %d requests, want Begin's error and none", err, len(seen))
	}
}

func TestALostAnswerIsAnUnknownOutcome(t *testing.T) {
	a := newAction(t)
	hijack := func(say string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			c, _, _ := w.(http.Hijacker).Hijack()
			_, _ = io.WriteString(c, say)
			_ = c.Close()
		}
	}
	for _, c := range []struct {
		name   string
		h      http.HandlerFunc
		config string
		code   engine.Code
	}{
		{"cut before the answer", hijack(""), `{"url": "{URL}"}`, engine.UnknownOutcome},
		{"cut in the headers", hijack("HTTP/1.1 200 OK\r\nContent-"), `{"url": "{URL}"}`, engine.UnknownOutcome},
		{"cut in the body", hijack("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), `{"url": "{URL}"}`, engine.UnknownOutcome},
		{"cut in the body of a refusal", hijack("HTTP/1.1 404 Not Found\r\nContent-Length: 10\r\n\r\nabc"), `{"url": "{URL}"}`, engine.Rejected},
		{"not HTTP", hijack("hello\r\n\r\n"), `{"url": "{URL}"}`, engine.UnknownOutcome},
		{"silent", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, `{"url": "{URL}", "timeout": "1s"}`, engine.UnknownOutcome},
	} {
		t.Run(c.name, func(t *testing.T) {
			url, _ := serve(t, c.h)
			_, err := a.Do(t.Context(), request(url, c.config, engine.Auth{}))
			if engine.CodeOf(err) != c.code {
				t.Errorf("got %q %v, want %q", engine.CodeOf(err), err, c.code)
			}
		})
	}
	s := httptest.NewServer(nil)
	s.Close()
	if _, err := a.Do(t.Context(), request(s.URL, `{"url": "{URL}"}`, engine.Auth{})); engine.CodeOf(err) != engine.Temporary {
		t.Errorf("nobody listens: got %v, want a temporary error", err)
	}
	if _, err := a.Do(t.Context(), request("", `{"url": "http://127.0.0.2:1/"}`, engine.Auth{})); engine.CodeOf(err) != engine.Rejected || !strings.Contains(engine.MessageOf(err), "--allow-private") {
		t.Errorf("private address: got %v, want it rejected with what to do", err)
	}
	if !a.Repeats() {
		t.Error("got Repeats false, want true: the key tells a repetition")
	}
}

func TestALostCallIsNotRepeatedUnseen(t *testing.T) {
	a := newAction(t)
	answers := make(chan bool, 3) // false: hang up
	answers <- true
	answers <- false
	answers <- true
	url, seen := serve(t, func(http.ResponseWriter, *http.Request) {
		if !<-answers {
			panic(http.ErrAbortHandler)
		}
	})
	r := request(url, `{"url": "{URL}", "body_type": "text", "body": "x"}`, engine.Auth{})
	if _, err := a.Do(t.Context(), r); err != nil { // leaves a connection behind, which the next call takes
		t.Fatal(err)
	}
	if _, err := a.Do(t.Context(), r); engine.CodeOf(err) != engine.UnknownOutcome {
		t.Errorf("got %v, want an unknown outcome", err)
	}
	if len(seen) != 2 {
		t.Errorf("got %d calls for two attempts", len(seen))
	}
}

func TestCheckConfigFindsWhatIsWrongLiterally(t *testing.T) {
	a := newAction(t)
	for _, c := range []struct{ name, config, want string }{ // want: locations
		{"fine", `{"url": "https://example.com/{{ a }}", "headers": {"X-A": "{{ b }}"}, "body_type": "json", "body": "{{ c }}"}`, ""},
		{"url", `{"url": "example.com"}`, "url"},
		{"template in url", `{"url": "{{ Webhook | url }}"}`, ""},
		{"headers in order", `{"url": "https://example.com", "headers": {"Host": "x", "X B": "y", "X-C": "a\nb"}}`, "headers.Host headers.X B headers.X-C"},
		{"depth header", `{"url": "https://example.com", "headers": {"x-cartwheel-depth": "{{ a }}"}}`, "headers.x-cartwheel-depth"},
		{"timeout", `{"url": "https://example.com", "timeout": "5m"}`, "timeout"},
		{"body without type", `{"url": "https://example.com", "body": "x"}`, "body"},
		{"form without type", `{"url": "https://example.com", "form": {"a": "b"}}`, "form"},
		{"bad json", `{"url": "https://example.com", "body_type": "json", "body": "{"}`, "body"},
	} {
		var places []string
		for _, p := range a.CheckConfig(json.RawMessage(c.config)) {
			places = append(places, p.Location)
			if p.Message == "" {
				t.Errorf("%s: a problem without a message", c.name)
			}
		}
		if got := strings.Join(places, " "); got != c.want {
			t.Errorf("%s: got problems at %q, want %q", c.name, got, c.want)
		}
	}
}
