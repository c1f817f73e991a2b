package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"cartwheel/engine"
)

// nest is a workflow whose step config is n levels of open around 1; the config itself lies 4 levels deep.
func nest(n int, open, shut string) string {
	return `{"name":"a","steps":[{"config":{"x":` + strings.Repeat(open, n) + "1" + strings.Repeat(shut, n) + `}}]}`
}

func TestBodiesThatAreNoGoodAreRefusedWithTheirPlace(t *testing.T) {
	big := strings.Repeat("9", 400)
	tests := []struct {
		name, body string
		status     int
		location   string
	}{
		// B1: depth
		{"64 lists", nest(60, "[", "]"), 201, ""},
		{"65 lists", nest(61, "[", "]"), 400, "body.steps[0].config.x[0][0][0]"},
		{"64 objects", nest(60, `{"x":`, "}"), 201, ""},
		{"65 objects", nest(61, `{"x":`, "}"), 400, "body.steps[0].config.x.x.x.x"},
		{"1,000 lists", nest(1000, "[", "]"), 400, "body.steps[0].config.x[0][0][0]"},
		{"10,001 lists", nest(10_001, "[", "]"), 400, "body.steps[0].config.x[0][0][0]"},
		{"100,000 lists left open", strings.Repeat("[", 100_000), 400, "body[0][0][0][0][0][0][0]"},
		// B2: text
		{"bad UTF-8", "{\"name\":\"a\xff\"}", 400, "body"},
		{"overlong slash", "{\"name\":\"\xc0\xaf\"}", 400, "body"},
		{"surrogate in UTF-8", "{\"name\":\"\xed\xa0\x80\"}", 400, "body"},
		{"byte order mark", "\ufeff{\"name\":\"a\"}", 400, "body"},
		{"raw NUL", "{\"name\":\"a\x00\"}", 400, "body"},
		{"escaped NUL", `{"name":"a\u0000"}`, 422, "body.name"},
		{"escaped NUL in a name", `{"name":"a","steps":[{"config":{"\u0000":1}}]}`, 422, "body.steps[0].config"},
		{"high surrogate alone", `{"name":"\ud800"}`, 422, "body.name"},
		{"low surrogate alone", `{"name":"\udc00x"}`, 422, "body.name"},
		{"surrogates the wrong way round", `{"name":"\udc00\ud800"}`, 422, "body.name"},
		{"pair", `{"name":"\ud83d\ude00"}`, 201, ""},
		{"right-to-left and zero width", "{\"name\":\"a\u202e\u200b\"}", 201, ""},
		{"raw line break", "{\"name\":\"a\nb\"}", 400, "body"},
		{"bad escape", `{"name":"\x41"}`, 400, "body"},
		{"short escape", `{"name":"\u12"}`, 400, "body"},
		// B3: numbers
		{"1e400 where anything goes", `{"name":"a","steps":[{"config":{"x":1e400}}]}`, 201, ""},
		{"400 digits where anything goes", `{"name":"a","steps":[{"config":{"x":` + big + `}}]}`, 201, ""},
		{"1e400 attempts", `{"name":"a","steps":[{"retry":{"attempts":1e400}}]}`, 422, "body.steps[0].retry.attempts"},
		{"2^64 attempts", `{"name":"a","steps":[{"retry":{"attempts":18446744073709551616}}]}`, 422, "body.steps[0].retry.attempts"},
		{"half an attempt", `{"name":"a","steps":[{"retry":{"attempts":1.5}}]}`, 422, "body.steps[0].retry.attempts"},
		{"attempts as text", `{"name":"a","steps":[{"retry":{"attempts":"5"}}]}`, 422, "body.steps[0].retry.attempts"},
		{"leading zero", `{"name":01}`, 400, "body"},
		{"plus", `{"name":+1}`, 400, "body"},
		{"bare point", `{"name":1.}`, 400, "body"},
		{"NaN", `{"name":NaN}`, 400, "body"},
		// B4: bodies
		{"one byte", `{`, 400, "body"},
		{"a second value", `{"name":"a"} {"name":"b"}`, 400, "body"},
		{"a comma behind", `{"name":"a"},`, 400, "body"},
		{"a comma before the end", `{"name":"a",}`, 400, "body"},
		{"single quotes", `{'name':'a'}`, 400, "body"},
		{"a comment", `{"name":"a"/*x*/}`, 400, "body"},
		{"blanks around", " \r\n\t{\"name\":\"a\"}\n ", 201, ""},
		// names
		{"twice", `{"name":"a","name":"b"}`, 422, "body.name"},
		{"twice, once escaped", `{"name":"a","n\u0061me":"b"}`, 422, "body.name"},
		{"in other letters", `{"name":"a","NAME":"b"}`, 422, "body.NAME"},
		{"in other letters, alone", `{"Name":"a"}`, 422, "body.Name body.name"},
		{"Kelvin sign", "{\"name\":\"a\",\"trigger\":{\"k\":1,\"\u212a\":2}}", 422, "body.trigger.\u212a"},
		{"twice in a config", `{"name":"a","steps":[{"config":{"url":"x","URL":"y"}}]}`, 422, "body.steps[0].config.URL"},
		{"twins among headers", `{"name":"a","steps":[{"config":{"form":{"q":"x","Q":"y"}}}]}`, 201, ""},
		{"twice among headers", `{"name":"a","steps":[{"config":{"form":{"q":"x","q":"y"}}}]}`, 422, "body.steps[0].config.form.q"},
		// fields
		{"unknown field", `{"name":"a","nmae":"b"}`, 422, "body.nmae"},
		{"unknown field in a step", `{"name":"a","steps":[{"id":"x","tpye":"stop"}]}`, 422, "body.steps[0].tpye"},
		{"prototype", `{"name":"a","__proto__":{}}`, 422, "body.__proto__"},
		{"nothing", `{}`, 422, "body.name"},
		{"null", `null`, 422, "body"},
		{"a list", `[]`, 422, "body"},
		{"a text", `"x"`, 422, "body"},
		{"name is a number", `{"name":5}`, 422, "body.name"},
		{"steps is an object", `{"name":"a","steps":{}}`, 422, "body.steps"},
		{"a step is null", `{"name":"a","steps":[null]}`, 422, "body.steps[0]"},
		{"config is a list", `{"name":"a","steps":[{"config":[]}]}`, 422, "body.steps[0].config"},
		{"name too long", `{"name":"` + strings.Repeat("x", 201) + `"}`, 422, "body.name"},
		{"two mistakes", `{"name":5,"steps":7}`, 422, "body.name body.steps"},
	}
	s := newSite(t)
	for _, tt := range tests {
		got := s.ask(engine.Admin, "POST", "/api/v1/workflows", tt.body)
		if got.status != tt.status {
			t.Errorf("%s: %d, want %d\n%.200s\n%.300s", tt.name, got.status, tt.status, tt.body, got.body)
			continue
		}
		if tt.status > 299 {
			if f := got.problem(t); f.locations() != tt.location {
				t.Errorf("%s: errors at %q, want %q\n%.200s", tt.name, f.locations(), tt.location, got.body)
			}
		}
	}
}

func TestBrokenJSONIsToldWithLineAndColumn(t *testing.T) {
	f := newSite(t).ask(engine.Admin, "POST", "/api/v1/workflows", "{\n \"näme\": x}").problem(t)
	if len(f.Errors) != 1 || f.Errors[0].Line != 2 || f.Errors[0].Column != 10 {
		t.Errorf("got %+v, want line 2, column 10", f.Errors)
	}
}

func TestReadOnlyMembersMayBeSentBack(t *testing.T) {
	s := newSite(t)
	got := s.ask(engine.Admin, "GET", "/api/v1/workflows/ask", "")
	back := s.ask(engine.Admin, "PUT", "/api/v1/workflows/other", got.body)
	if back.status != 200 || s.engine.id != "other" || s.engine.definition.Name != "Ask" || len(s.engine.definition.Steps) != 2 {
		t.Errorf("PUT of an answer: %d, id %q, %+v\n%s", back.status, s.engine.id, s.engine.definition, back.body)
	}
	auth := s.ask(engine.Admin, "GET", "/api/v1/authentications/store", "")
	back = s.ask(engine.Admin, "PATCH", "/api/v1/authentications/store", auth.body)
	if back.status != 200 || len(s.engine.patch.Secrets) != 0 || *s.engine.patch.Name != "Store" {
		t.Errorf("PATCH of an answer: %d, %+v\n%s", back.status, s.engine.patch, back.body)
	}
	strange := s.ask(engine.Admin, "POST", "/api/v1/workflows", `{"name":"a","status":["x"],"version":{},"live_version":"y","problems":1}`)
	if strange.status != 201 {
		t.Errorf("read-only members of any kind: %d, want 201\n%s", strange.status, strange.body)
	}
}

func TestNothingIsEchoed(t *testing.T) {
	const canary = "canary-0123456789"
	s := newSite(t)
	for i, body := range []string{
		`{"name":"a","type":"x","secrets":{"access_token":["` + canary + `"]}}`,
		`{"name":["` + canary + `"],"type":"x"}`,
		`{"name":"a","type":"x","secrets":"` + canary + `"}`,
		`{"name":"a","type":"x","secrets":{"access_token":"` + canary + `"`,
		`"` + canary + `"`,
		`{"name":"a","type":"x","config":"` + canary + `"}`,
	} {
		got := s.ask(engine.Admin, "POST", "/api/v1/authentications", body)
		if got.status < 400 || strings.Contains(got.body, canary) {
			t.Errorf("body %d: %d %s", i, got.status, got.body)
		}
	}
	s.engine.err = fmt.Errorf("boom %s", canary)
	if got := s.ask(engine.Admin, "GET", "/api/v1/runs", ""); got.status != 500 || strings.Contains(got.body, canary) {
		t.Errorf("internal error: %d %s", got.status, got.body)
	}
}

func TestBodiesMustBePlainJSONOfAtMostOneMebibyte(t *testing.T) {
	pad := func(n int) string { return `{"name":"a"` + strings.Repeat(" ", n-len(`{"name":"a"}`)) + "}" }
	tests := []struct {
		name, body string
		headers    []string
		want       int
	}{
		{"json", `{"name":"a"}`, nil, 201},
		{"json in UTF-8", `{"name":"a"}`, []string{"Content-Type", "application/json; charset=UTF-8"}, 201},
		{"json in Latin 1", `{"name":"a"}`, []string{"Content-Type", "application/json; charset=iso-8859-1"}, 415},
		{"no type", `{"name":"a"}`, []string{"Content-Type", ""}, 415},
		{"text", `{"name":"a"}`, []string{"Content-Type", "text/plain"}, 415},
		{"form", `name=a`, []string{"Content-Type", "application/x-www-form-urlencoded"}, 415},
		{"multipart", `{"name":"a"}`, []string{"Content-Type", "multipart/form-data; boundary=x"}, 415},
		{"something+json", `{"name":"a"}`, []string{"Content-Type", "application/vnd.x+json"}, 415},
		{"cbor", `{"name":"a"}`, []string{"Content-Type", "application/cbor"}, 415},
		{"nonsense", `{"name":"a"}`, []string{"Content-Type", ";;"}, 415},
		{"compressed", "\x1f\x8b\x08", []string{"Content-Encoding", "gzip"}, 415},
		{"exactly the limit", pad(1 << 20), nil, 201},
		{"a byte more", pad(1<<20 + 1), nil, 413},
		{"none", "", nil, 400},
	}
	s := newSite(t)
	for _, tt := range tests {
		if got := s.ask(engine.Admin, "POST", "/api/v1/workflows", tt.body, tt.headers...); got.status != tt.want {
			t.Errorf("%s: %d, want %d\n%.300s", tt.name, got.status, tt.want, got.body)
		}
	}
}

func TestOperationsWithoutABodyTakeNone(t *testing.T) {
	s := newSite(t)
	for body, want := range map[string]int{"": 200, "{}": 200, " { } ": 200, `{"note":"x"}`: 422, `[1]`: 422, `{`: 400} {
		if got := s.ask(engine.Editor, "POST", "/api/v1/workflows/ask/pause", body); got.status != want {
			t.Errorf("body %q: %d, want %d", body, got.status, want)
		}
	}
	if got := s.ask(engine.Editor, "POST", "/api/v1/workflows/ask/pause", "x=1", "Content-Type", "text/plain"); got.status != http.StatusUnsupportedMediaType {
		t.Errorf("text: %d, want 415", got.status)
	}
}
