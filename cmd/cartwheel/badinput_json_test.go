package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// nested is one JSON value of a depth.
type nested struct {
	name  string
	depth int
	make  func(levels int) string
}

// nestings are the 20 of B1.
func nestings() (all []nested) {
	wrap := func(open, end string) func(int) string {
		return func(n int) string { return strings.Repeat(open, n) + "1" + strings.Repeat(end, n) }
	}
	for _, depth := range []int{64, 65, 1000, 10_000, 10_001, 100_000} {
		all = append(all, nested{fmt.Sprint(depth, " lists"), depth, wrap("[", "]")},
			nested{fmt.Sprint(depth, " objects"), depth, wrap(`{"a":`, "}")})
	}
	for _, depth := range []int{64, 65, 10_001} {
		all = append(all, nested{fmt.Sprint(depth, " lists left open"), -depth, func(n int) string { return strings.Repeat("[", n) }},
			nested{fmt.Sprint(depth, " lists and objects in turn"), depth, func(n int) string {
				return strings.Repeat(`[{"a":`, n/2) + strings.Repeat("[", n%2) + "1" + strings.Repeat("]", n%2) + strings.Repeat("}]", n/2)
			}})
	}
	return append(all, nested{"64 lists beside 64 lists", 64, func(n int) string {
		one := strings.Repeat("[", n-1) + strings.Repeat("]", n-1)
		return "[" + one + "," + one + "]"
	}}, nested{"20,000 objects in a list of depth 2", 0, func(int) string { return "[" + strings.Repeat("{},", 19_999) + "{}]" }})
}

// B1: JSON of every depth is taken up to 64 levels and refused beyond.
func TestB1Depths(t *testing.T) {
	corpus := nestings()
	if len(corpus) != 20 {
		t.Fatalf("%d depths, want 20", len(corpus))
	}
	p := badInputProgram(t)
	b, m := newBadInput(t, p, "B1"), p.postman("store/shipment/created")
	for i, c := range corpus {
		good := c.depth >= 0 && c.depth <= 64
		for _, s := range p.slots() {
			try := s.fill(c.name, c.make(max(c.depth, -c.depth)-s.depth), i)
			switch {
			case !good:
				try.want = []int{400}
			case s.free:
				try.want = []int{200, 201}
			default:
				try.want = []int{422}
			}
			b.try(try)
		}
		try := badCase{name: c.name, method: "POST", path: m.path, want: []int{400}, send: m.sends,
			body: m.with(c.make(max(c.depth, -c.depth) - 2))}
		if good {
			try.want = []int{200}
		}
		b.try(try)
	}
	b.settled()
}

// with is a webhook with a JSON value in it, two levels deep.
func (m *postman) with(value string) string {
	body := string(m.envelope(object{"type": "shipment", "id": 903, "orderId": 4127, "note": "@"}))
	return strings.Replace(body, `"@"`, value, 1)
}

// sends delivers a case's body as the store does.
func (m *postman) sends(c badCase) answer { return m.send([]byte(c.body), c.change) }

// settled waits until every event that was taken is decided, or waits with a reason.
func (b *badInput) settled() {
	b.t.Helper()
	b.p.waitFor(b.line+": every event is decided or says why it waits", func() bool {
		for _, e := range b.p.must(200, "GET", "/api/v1/events?status=accepted&limit=200", nil)["items"].([]any) {
			if reason, _ := e.(object)["reason"].(string); reason == "" {
				return false
			}
		}
		return true
	})
}

// badText is the inside of a JSON text and what a strict reader makes of it; a webhook's is mended where that can be done.
type badText struct {
	name, text   string
	api, webhook int
}

// badTexts are the 60 of B2.
func badTexts() (all []badText) {
	add := func(api, webhook int, texts ...string) {
		for _, s := range texts {
			all = append(all, badText{fmt.Sprintf("%.40q", s), s, api, webhook})
		}
	}
	// no UTF-8: half characters, overlong ones, surrogates, beyond the last, no character at all
	add(400, 200, "\xff", "\xfe", "\x80", "a\xc3", "\xc3(", "\xe2\x82", "\xe2(\xa1", "\xf0\x9f\x98", "\xf0\x28\x8c\xbc", "\xc0\xaf", "\xc0\x80", "\xe0\x80\xaf",
		"\xf0\x80\x80\xaf", "\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80", "\xed\xa0\x80", "\xed\xbf\xbf", "\xed\xa0\xbd\xed\xb8\x80", "\xf4\x90\x80\x80", "\xff\xfe\x00a"[:2]+"a")
	// what JSON does not allow within a text
	add(400, 400, "\x00", "a\x00b", "\x01", "\x1f", "a\nb", "a\rb", "a\tb", `\x41`, `\u12`, `\u12g4`, `\'`, `\U0001f600`)
	// NUL and half pairs, escaped
	add(422, 200, `\u0000`, `a\u0000b`, `\ud800`, `\udc00`, `\udc00\ud800`, `\ud83dx`, `x\udfff`, `\ud800\u0041`)
	// strange, and text like any other
	add(0, 200, "\ufeff", `\ufeff`, "\u202egnp.exe", "\u200b", "\u200d\u200c\u2060", "\u2028", "\u2029", "\u0085", "\u007f", "\ufffd", "\uffff", "\U0010ffff", `\ud83d\ude00`, "\U0001f469\u200d\U0001f469\u200d\U0001f467",
		"e\u0301", "\u00e9", "\u0430dmin", "\u2066\u2069\u202a", "\U000e0041", strings.Repeat("\u0301", 500))
	return all
}

// B2: bytes and characters that are no text are refused where a person sends them, and mended where a store does.
func TestB2Texts(t *testing.T) {
	corpus := badTexts()
	if len(corpus) != 60 {
		t.Fatalf("%d texts, want 60", len(corpus))
	}
	p := badInputProgram(t)
	b, m := newBadInput(t, p, "B2"), p.postman("store/shipment/created")
	for i, c := range corpus {
		for _, s := range p.slots() {
			try := s.fill(c.name, `"`+c.text+`"`, i)
			if c.api != 0 {
				try.want = []int{c.api}
			} else if s.free {
				try.want = []int{200, 201}
			}
			b.try(try)
		}
		b.try(badCase{name: c.name, method: "POST", path: m.path, want: []int{c.webhook}, send: m.sends, body: m.with(`"` + c.text + `"`)})
		b.tryQueries(c.name, c.text)
	}
	b.settled()
}

// tryQueries puts a value into every parameter of every list.
func (b *badInput) tryQueries(name, value string) {
	b.t.Helper()
	for list, parameters := range map[string][]string{
		"workflows": {"limit", "cursor", "status", "authentication_id", "q"}, "authentications": {"limit", "cursor"}, "triggers": {"limit"}, "actions": {"cursor"},
		"events": {"limit", "cursor", "trigger", "entity", "email", "status", "authentication_id"}, "runs": {"limit", "cursor", "workflow_id", "status", "event_id", "email", "authentication_id"},
		"workflows/live/versions": {"limit", "cursor"}, "audit": {"limit", "cursor", "actor", "action", "object"}, "tokens": {"cursor"},
	} {
		for _, parameter := range parameters {
			b.try(badCase{name: name, method: "GET", path: "/api/v1/" + list + "?" + parameter + "=" + url.QueryEscape(value), want: []int{200, 422}, location: "query." + parameter})
		}
	}
	b.try(badCase{name: name, method: "GET", path: "/api/v1/runs?" + url.QueryEscape(value) + "=1", want: []int{200, 422}, location: "query"})
}

// badNumber is one number of B3.
type badNumber struct {
	text  string
	valid bool // as JSON
}

// badNumbers are the 40 of B3.
func badNumbers() (all []badNumber) {
	digits := strings.Repeat("9", 400)
	for _, s := range []string{"1e400", "-1e400", "1e-400", "-0", "0", "-0.0", "0e0", "0E+5", "9007199254740993", "-9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "18446744073709551616",
		digits, "-" + digits, "0." + digits, digits + "." + digits, "1e999999999", "1e-999999999", "1.0000000000000000000000001", "4.9e-324", "1.7976931348623157e308", `"1"`, `"01"`, "1", "1.0", "1e0", `"1e3"`, `" 1 "`} {
		all = append(all, badNumber{s, true})
	}
	for _, s := range []string{"01", "-01", "+1", "1.", ".5", "0x10", "1e", "--1", "NaN", "Infinity"} {
		all = append(all, badNumber{s, false})
	}
	return all
}

// B3: numbers of every size go through as they came where anything goes, and are refused at their field elsewhere.
func TestB3Numbers(t *testing.T) {
	corpus := badNumbers()
	if len(corpus) != 40 {
		t.Fatalf("%d numbers, want 40", len(corpus))
	}
	p := badInputProgram(t)
	b, m := newBadInput(t, p, "B3"), p.postman("store/shipment/created")
	for i, c := range corpus {
		name := fmt.Sprintf("%.30s", c.text)
		for _, s := range p.slots() {
			try := s.fill(name, c.text, i)
			if !c.valid {
				try.want = []int{400}
			} else if s.free {
				try.want = []int{200, 201}
			}
			b.try(try)
		}
		for _, body := range m.numbered(c.text) {
			try := badCase{name: name, method: "POST", path: m.path, want: []int{400}, send: m.sends, body: body}
			if c.valid {
				try.want = []int{200}
			}
			b.try(try)
		}
		b.tryQueries(name, strings.Trim(c.text, `"`))
		b.try(badCase{name: name, method: "GET", path: "/api/v1/workflows/live/versions/" + url.PathEscape(c.text), want: []int{200, 404, 422}, location: "path.version"})
	}
	b.settled()
	for text, want := range map[string]string{"9007199254740993": "9007199254740993", "1e400": "1e400", "-0": "-0", strings.Repeat("9", 400): strings.Repeat("9", 400), "1.0": "1.0"} {
		in := fmt.Sprintf(`{"template":"{{ BigCommerce | Order | id }}","trigger":{"type":"bigcommerce.order_created"},"payload":{"BigCommerce":{"Order":{"id":%s}}}}`, text)
		var got struct{ Output string } // the values hold numbers that are none for Go
		if err := json.Unmarshal(p.call("POST", "/api/v1/merge/preview", in).body, &got); err != nil || got.Output != want {
			t.Errorf("%.40s comes out as %.40q, %v; want it as it came", text, got.Output, err)
		}
	}
}

// numbered are webhooks with a number in each of the places where the store has one.
func (m *postman) numbered(number string) (bodies []string) {
	for _, place := range []string{`"id":903`, `"orderId":4127`, `"created_at":`} {
		body := string(m.envelope(object{"type": "shipment", "id": 903, "orderId": 4127}))
		if place == `"created_at":` {
			place = fmt.Sprint(place, 1_790_000_000+m.nextID)
		}
		name, _, _ := strings.Cut(place, ":")
		bodies = append(bodies, strings.Replace(body, place, name+":"+number, 1))
	}
	return bodies
}

// badBody is one body of B4 with its headers; chunked and broken ones go over a connection of their own.
type badBody struct {
	name, body   string
	api, webhook []int
	change       func(http.Header)
}

// badBodies are those of B4 that an HTTP client sends, for any body that would be taken.
func badBodies(t *testing.T, good string) []badBody {
	t.Helper()
	pad := func(n int) string { return good[:len(good)-1] + strings.Repeat(" ", n-len(good)) + "}" }
	header := func(name string, values ...string) func(http.Header) {
		return func(h http.Header) { h[name] = values }
	}
	is := func(status ...int) []int { return status }
	ok := is(200, 201)
	return []badBody{
		{"nothing", "", is(400), is(400), nil},
		{"one byte", "x", is(400), is(400), nil},
		{"a blank", " ", is(400), is(400), nil},
		{"a brace", "{", is(400), is(400), nil},
		{"a byte less than 1 MiB", pad(1<<20 - 1), ok, is(200), nil},
		{"1 MiB", pad(1 << 20), ok, is(200), nil},
		{"a byte more than 1 MiB", pad(1<<20 + 1), is(413), is(413), nil},
		{"5 MB", pad(5_000_000), is(413), is(413), nil},
		{"gzip", string(zipped(t, []byte(good))), is(415), is(415), header("Content-Encoding", "gzip")},
		{"gzip that is not said", string(zipped(t, []byte(good))), is(400), is(400), nil},
		{"said to be deflate", good, is(415), is(415), header("Content-Encoding", "deflate")},
		{"a gzip bomb", string(zipped(t, []byte(pad(4<<20)))), is(415), is(415), header("Content-Encoding", "gzip")},
		{"two values", good + good, is(400), is(400), nil},
		{"a comma behind", good + ",", is(400), is(400), nil},
		{"a NUL behind", good + "\x00", is(400), is(400), nil},
		{"a BOM before", "\xef\xbb\xbf" + good, is(400), is(400), nil},
		{"multipart", good, is(415), is(415), header("Content-Type", "multipart/form-data; boundary=x")},
	}
}

// rawBodies are the rest of B4: what is wrong lies in how the body is sent. $ is the path with its headers.
func rawBodies(good string) []rawCase {
	size := strconv.Itoa(len(good))
	head := "$"
	chunked := head + "Transfer-Encoding: chunked\r\n\r\n"
	return []rawCase{
		{"10 MB", head + "Content-Length: 10000000\r\n\r\n" + strings.Repeat(" ", 10_000_000), []int{413, 0}, false},
		{"chunked without end", chunked + strings.Repeat(fmt.Sprintf("10000\r\n%s\r\n", strings.Repeat(" ", 1<<16)), 200), []int{413, 0}, false},
		{"chunked", chunked + fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(good), good), []int{200, 201}, false},
		{"chunked, broken off", chunked + fmt.Sprintf("%x\r\n%s\r\n", len(good), good), []int{400}, true},
		{"a chunk of no size", chunked + "zz\r\n" + good + "\r\n0\r\n\r\n", []int{400}, false},
		{"a chunk larger than the world", chunked + "ffffffffffffffffff\r\n" + good + "\r\n0\r\n\r\n", []int{400}, false},
		{"shorter than said", head + "Content-Length: 1000\r\n\r\n" + good, []int{400}, true},
		{"longer than said", head + "Content-Length: " + strconv.Itoa(len(good)-1) + "\r\n\r\n" + good, []int{400}, false},
		{"a negative length", head + "Content-Length: -" + size + "\r\n\r\n" + good, []int{400}, false},
	}
}

// B4: bodies of every size and shape get the answer that was promised.
func TestB4Bodies(t *testing.T) {
	p := badInputProgram(t)
	b, m := newBadInput(t, p, "B4"), p.postman("store/shipment/created")
	good := `{"name":"a","steps":[]}`
	if n := len(badBodies(t, good)) + len(rawBodies(good)); n < 25 {
		t.Fatalf("%d bodies, want 25 or more", n)
	}
	for path, body := range map[string]string{"PUT /api/v1/workflows/draft": good, "POST /api/v1/conditions/check": `{"condition":"true","trigger":{"type":"bigcommerce.order_created"}}`} {
		method, path, _ := strings.Cut(path, " ")
		for _, c := range badBodies(t, body) {
			b.try(badCase{name: c.name, method: method, path: path, body: c.body, want: c.api, location: "body", change: c.change})
		}
	}
	for _, c := range badBodies(t, string(m.envelope(object{"type": "shipment", "id": 903, "orderId": 4127}))) {
		b.try(badCase{name: c.name, method: "POST", path: m.path, body: c.body, want: c.webhook, send: m.sends, change: c.change})
	}
	for _, c := range rawBodies(good) {
		b.tryRaw(c, "PUT /api/v1/workflows/draft HTTP/1.1\r\nHost: "+publicHost+"\r\nAuthorization: Bearer "+p.token+"\r\nContent-Type: application/json\r\n")
	}
	body := string(m.envelope(object{"type": "shipment", "id": 903, "orderId": 4127}))
	for _, c := range rawBodies(body) {
		b.tryRaw(c, m.head([]byte(body)))
	}
	b.settled()
}
