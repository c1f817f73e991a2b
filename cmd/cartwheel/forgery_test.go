package main

import (
	"bytes"
	"compress/gzip"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// parcel is what is signed: a body, and the key of the store that sends it.
type parcel struct {
	key  string
	body []byte
}

// sign makes a signature of the Standard Webhooks, for any key, id and time.
func (m parcel) sign(key, id, at string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(id + "." + at + "."))
	mac.Write(m.body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func unix(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }

// forgery is one delivery that differs from what the store would send.
type forgery struct {
	name   string
	want   int
	stored bool // it is an event
	body   func([]byte) []byte
	change func(h http.Header, m parcel)
}

func stamp(h http.Header, id string, at time.Time) {
	h.Set("webhook-id", id)
	h.Set("webhook-timestamp", unix(at))
}

func forgeries(now time.Time) []forgery {
	signed := func(id string, at time.Time, write func(mac string) []string) func(http.Header, parcel) {
		return func(h http.Header, m parcel) {
			stamp(h, id, at)
			h["Webhook-Signature"] = write(m.sign(m.key, id, unix(at)))
		}
	}
	// timed writes the time as it likes, and signs that.
	timed := func(id, at string) func(http.Header, parcel) {
		return func(h http.Header, m parcel) {
			h.Set("webhook-id", id)
			h.Set("webhook-timestamp", at)
			h.Set("webhook-signature", "v1,"+m.sign(m.key, id, at))
		}
	}
	// under signs with another key.
	under := func(id string, other func(key string) string) func(http.Header, parcel) {
		return func(h http.Header, m parcel) {
			stamp(h, id, now)
			h.Set("webhook-signature", "v1,"+m.sign(other(m.key), id, unix(now)))
		}
	}
	plain := func(mac string) []string { return []string{"v1," + mac} }
	set := func(name, value string) func(http.Header, parcel) {
		return func(h http.Header, _ parcel) { h.Set(name, value) }
	}
	drop := func(name string) func(http.Header, parcel) {
		return func(h http.Header, _ parcel) { h.Del(name) }
	}
	replace := func(old, text string) func([]byte) []byte {
		return func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(old), []byte(text)) }
	}
	all := []forgery{
		{"under the key of nobody", 401, false, nil, under("d1", func(string) string { return "" })},
		{"under what the key decodes to", 401, false, nil, under("d2", func(key string) string {
			raw, _ := base64.RawStdEncoding.DecodeString(key)
			return string(raw)
		})},
		{"under the encoded key", 401, false, nil, under("d3", func(key string) string { return base64.StdEncoding.EncodeToString([]byte(key)) })},
		{"under the key with a prefix", 401, false, nil, under("d4", func(key string) string { return "whsec_" + key })},
		{"under half the key", 401, false, nil, under("d5", func(key string) string { return key[:len(key)/2] })},
		{"of the head alone", 401, false, nil, func(h http.Header, m parcel) {
			stamp(h, "d6", now)
			h.Set("webhook-signature", "v1,"+parcel{m.key, nil}.sign(m.key, "d6", unix(now)))
		}},
		{"of the body alone", 401, false, nil, func(h http.Header, m parcel) {
			mac := hmac.New(sha256.New, []byte(m.key))
			mac.Write(m.body)
			h.Set("webhook-signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
		}},
		{"nothing but zeros", 401, false, nil, set("webhook-signature", "v1,"+base64.StdEncoding.EncodeToString(make([]byte, 32)))},
		{"no base64", 401, false, nil, set("webhook-signature", "v1,"+strings.Repeat("!", 44))},
		{"signed in hexadecimal", 401, false, nil, signed("e1", now, func(m string) []string {
			raw, _ := base64.StdEncoding.DecodeString(m)
			return []string{"v1," + hex.EncodeToString(raw)}
		})},
		{"the last bits of the base64 changed", 401, false, nil, signed("e2", now, func(m string) []string {
			return []string{"v1," + m[:42] + string(m[42]+1) + "="} // decodes to the same bytes where a decoder is lenient
		})},
		{"a blank in the signature", 401, false, nil, signed("e3", now, func(m string) []string { return []string{"v1, " + m} })},
		{"a tab before the signature", 200, true, nil, signed("e4", now, func(m string) []string { return []string{"\tv1," + m} })},
		{"a version in capitals", 401, false, nil, signed("e5", now, func(m string) []string { return []string{"V1," + m} })},
		{"a comma between two signatures", 401, false, nil, signed("e6", now, func(m string) []string { return []string{"v1,AAAA,v1," + m} })},
		{"the right one after sixteen wrong ones", 401, false, nil, signed("e7", now, func(m string) []string { return []string{strings.Repeat("v1,AAAA ", 16) + "v1," + m} })},
		{"30 KiB of signatures", 401, false, nil, signed("e8", now, func(m string) []string { return []string{strings.Repeat("v1,AAAA ", 3500) + "v1," + m} })},
		{"a time with a blank", 401, false, nil, timed("f2", unix(now)+" 0")},
		{"a time with a point", 401, false, nil, timed("f3", unix(now)+".0")},
		{"a time in milliseconds", 401, false, nil, timed("f4", strconv.FormatInt(now.UnixMilli(), 10))},
		{"a time before all time", 401, false, nil, timed("f5", "-1")},
		{"the time zero", 401, false, nil, timed("f6", "0")},
		{"a time that overflows", 401, false, nil, timed("f7", "9223372036854775808")},
		{"an id that is too long", 401, false, nil, signed(strings.Repeat("i", 257), now, plain)},
		{"an id as long as ids may be", 200, true, nil, signed(strings.Repeat("i", 256), now, plain)},
		{"two secret headers, the second is right", 401, false, nil, func(h http.Header, _ parcel) {
			h["X-Webhook-Secret"] = []string{"wrong", h.Get("X-Webhook-Secret")}
		}},
		{"half the secret header", 401, false, nil, func(h http.Header, _ parcel) {
			h.Set("X-Webhook-Secret", h.Get("X-Webhook-Secret")[:21])
		}},
		{"more than the secret header", 401, false, nil, func(h http.Header, _ parcel) {
			h.Set("X-Webhook-Secret", h.Get("X-Webhook-Secret")+"A")
		}},
		{"the secret header in small letters", 401, false, nil, func(h http.Header, _ parcel) {
			h.Set("X-Webhook-Secret", strings.ToLower(h.Get("X-Webhook-Secret")))
		}},
		{"the producer twice", 401, false, replace(`"producer":"`, `"producer":"stores/other","producer":"`), nil},
		{"a member added", 401, false, replace(`"data":{`, `"data":{"extra":1,`), nil},
	}
	return append(all, []forgery{
		{"as the store sends it", 200, true, nil, nil},
		{"no secret header", 401, false, nil, drop("X-Webhook-Secret")},
		{"an empty secret header", 401, false, nil, set("X-Webhook-Secret", "")},
		{"a wrong secret header", 401, false, nil, set("X-Webhook-Secret", strings.Repeat("a", 43))},
		{"no signature", 401, false, nil, drop("webhook-signature")},
		{"an empty signature", 401, false, nil, set("webhook-signature", "")},
		{"v1, and nothing", 401, false, nil, set("webhook-signature", "v1,")},
		{"v1a,", 401, false, nil, set("webhook-signature", "v1a,")},
		{"a signature without its version", 401, false, nil, signed("a1", now, func(m string) []string { return []string{m} })},
		{"another version", 401, false, nil, signed("a2", now, func(m string) []string { return []string{"v2," + m} })},
		{"a truncated signature", 401, false, nil, signed("a3", now, func(m string) []string { return []string{"v1," + m[:22]} })},
		{"a truncated signature that decodes", 401, false, nil, signed("a4", now, func(m string) []string { return []string{"v1," + m[:20]} })},
		{"one byte of the signature", 401, false, nil, signed("a5", now, func(m string) []string { return []string{"v1," + m[:4]} })},
		{"a longer signature", 401, false, nil, signed("a6", now, func(m string) []string { return []string{"v1," + m + "AAAA"} })},
		{"a signature for URLs", 401, false, nil, signed("a7", now, func(m string) []string {
			return []string{"v1," + strings.NewReplacer("+", "-", "/", "_", "=", "").Replace(m)}
		})},
		{"two signatures, the second is right", 200, true, nil, signed("a8", now, func(m string) []string { return []string{"v1,AAAA v1," + m} })},
		{"two headers, the second is right", 200, true, nil, signed("a9", now, func(m string) []string { return []string{"v1,AAAA", "v1," + m} })},
		{"two signatures, both wrong", 401, false, nil, signed("b1", now, func(m string) []string { return []string{"v1,AAAA v1," + m[:40]} })},
		{"of another id", 401, false, nil, func(h http.Header, m parcel) {
			stamp(h, "b2", now)
			h.Set("webhook-signature", "v1,"+m.sign(m.key, "b3", unix(now)))
		}},
		{"of another time", 401, false, nil, func(h http.Header, m parcel) {
			stamp(h, "b4", now)
			h.Set("webhook-signature", "v1,"+m.sign(m.key, "b4", unix(now.Add(time.Second))))
		}},
		{"an id with a dot moves the border", 401, false, nil, func(h http.Header, m parcel) {
			stamp(h, "b5."+unix(now), now)
			h.Set("webhook-signature", "v1,"+m.sign(m.key, "b5", unix(now)))
		}},
		{"an id with a dot, signed so", 200, true, nil, signed("b6.7", now, plain)},
		{"no id", 401, false, nil, drop("webhook-id")},
		{"no time", 401, false, nil, drop("webhook-timestamp")},
		{"a time that is none", 401, false, nil, set("webhook-timestamp", "soon")},
		{"4:59 old", 200, true, nil, signed("c1", now.Add(-299*time.Second), plain)},
		{"5:01 old, as after retries", 200, true, nil, signed("c2", now.Add(-301*time.Second), plain)},
		{"a day old", 200, true, nil, signed("c3", now.Add(-24*time.Hour), plain)},
		{"4:50 ahead", 200, true, nil, signed("c4", now.Add(290*time.Second), plain)},
		{"5:30 ahead", 401, false, nil, signed("c5", now.Add(330*time.Second), plain)},
		{"one byte changed", 401, false, replace("4127", "4128"), nil},
		{"encoded anew", 401, false, replace(`":`, `": `), nil},
		{"a blank at the end", 401, false, func(b []byte) []byte { return append(b, ' ') }, nil},
		{"cut by a byte", 400, false, func(b []byte) []byte { return b[:len(b)-1] }, nil},
	}...)
}

// Nothing but the store's own webhooks becomes an event.
func TestForgedWebhooksAreRefused(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	p.publish("w", object{"name": "W", "trigger": trigger("shipment_created"), "steps": []object{{"id": "end", "type": "stop"}}})
	m := p.postman("store/shipment/created")
	data := object{"type": "shipment", "id": 903, "orderId": 4127}
	stored, tried := 0, 0
	check := func(name string, a answer, want int, isStored bool) {
		t.Helper()
		tried++
		if isStored {
			stored++
		}
		if a.status != want {
			t.Errorf("%s: %d, want %d\n%s", name, a.status, want, a.body)
		}
		if got := p.eventCount(); got != stored {
			t.Errorf("%s: %d events, want %d", name, got, stored)
			stored = got
		}
	}
	for _, f := range forgeries(time.Now()) {
		signed := m.envelope(data)
		sent := signed
		if f.body != nil {
			sent = f.body(bytes.Clone(signed))
		}
		a := m.send(sent, func(h http.Header) {
			if f.body != nil { // the signature is that of the store's own body
				id, at := h.Get("webhook-id"), time.Now()
				stamp(h, id, at)
				h.Set("webhook-signature", "v1,"+parcel{m.storeSecret, signed}.sign(m.storeSecret, id, unix(at)))
			}
			if f.change != nil {
				f.change(h, parcel{m.storeSecret, sent})
			}
		})
		check(f.name, a, f.want, f.stored)
	}
	original := m.envelope(data)
	named := func(body []byte) func(http.Header) {
		at := time.Now()
		return func(h http.Header) {
			stamp(h, "replayed", at)
			h.Set("webhook-signature", "v1,"+parcel{m.storeSecret, body}.sign(m.storeSecret, "replayed", unix(at)))
		}
	}
	same := named(original)
	check("an original", m.send(original, same), 200, true)
	check("a replay", m.send(original, same), 200, false)
	check("a replay under another id", m.send(original, nil), 200, false)
	again := m.envelope(data)
	check("another event under the same id", m.send(again, named(again)), 200, false)
	stranger := *m
	stranger.storeHash = "otherstore"
	check("another producer", stranger.send(stranger.envelope(data), nil), 401, false)
	stranger = *m
	stranger.storeSecret = "another store's client secret"
	check("another store's key", stranger.send(stranger.envelope(data), nil), 401, false)
	stranger = *m
	stranger.path = "/hooks/bigcommerce/" + strings.Repeat("A", 43)
	check("an unknown address", stranger.send(stranger.envelope(data), nil), 404, false)
	check("the other word", p.strangerAt("/hooks/in/"+strings.TrimPrefix(m.path, "/hooks/bigcommerce/"), m, data), 404, false)
	check("a slash at the end", p.strangerAt(m.path+"/", m, data), 200, true)
	p.otherStore(t, m, data, check)
	t.Logf("T1: %d deliveries, %d of them right and stored, %d refused or known", tried, stored, tried-stored)
}

func (p *program) strangerAt(path string, m *postman, data object) answer {
	other := *m
	other.path = path
	a := other.send(other.envelope(data), nil)
	m.nextID = other.nextID
	return a
}

// otherStore connects a second store and mixes up the two.
func (p *program) otherStore(t *testing.T, m *postman, data object, check func(string, answer, int, bool)) {
	t.Helper()
	p.must(201, "POST", "/api/v1/authentications", object{"id": "second", "name": "Second", "type": "bigcommerce",
		"config":  object{"store_hash": "second1", "api_base_url": p.api.URL, "signature": "required"},
		"secrets": object{"access_token": "0123456789abcdef", "client_secret": "the second store's secret"}})
	url := p.must(200, "GET", "/api/v1/authentications/second", nil)["webhook_url"].(string)
	other := *m
	other.path = strings.TrimPrefix(url, "https://"+publicHost)
	check("the first store's webhook at the second's address", other.send(other.envelope(data), nil), 401, false)
	other.storeSecret, other.storeHash = "the second store's secret", "second1"
	check("the first store's secret header at the second's address", other.send(other.envelope(data), nil), 401, false)
	other.path = m.path
	check("the second store's webhook at the first's address", other.send(other.envelope(data), nil), 401, false)
	m.nextID = other.nextID
}

func (p *program) eventCount() int {
	p.t.Helper()
	return len(p.must(200, "GET", "/api/v1/events?limit=200", nil)["items"].([]any))
}

// sized pads a webhook to n bytes.
func (m *postman) sized(n int) []byte {
	body := m.envelope(object{"type": "shipment", "id": 903, "orderId": 4127, "pad": "@"})
	return bytes.Replace(body, []byte("@"), bytes.Repeat([]byte("x"), n-len(body)+1), 1)
}

// deep nests data so that the deepest value is at this depth.
func (m *postman) deep(depth int, open, end string) []byte {
	body := m.envelope(object{"type": "shipment", "id": 903, "orderId": 4127, "deep": "@"})
	inner := strings.Repeat(open, depth-2) + "1" + strings.Repeat(end, depth-2)
	return bytes.Replace(body, []byte(`"@"`), []byte(inner), 1)
}

// Bodies of every size, depth and kind get the answer that was promised, and cost no memory.
func TestBodiesGetTheAnswersPromised(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	p.publish("w", object{"name": "W", "trigger": trigger("shipment_created"), "steps": []object{{"id": "end", "type": "stop"}}})
	m := p.postman("store/shipment/created")
	replace := func(old, text string) []byte {
		return bytes.ReplaceAll(m.envelope(object{"type": "shipment", "id": 903, "orderId": 4127, "note": "@"}), []byte(old), []byte(text))
	}
	typed := func(kind string) func(http.Header) {
		return func(h http.Header) { h.Set("Content-Type", kind) }
	}
	before, stored := residentMemory(t), 0
	for _, c := range []struct {
		name   string
		want   int
		body   []byte
		change func(http.Header)
	}{
		{"nothing", 400, nil, nil},
		{"one byte", 400, []byte("x"), nil},
		{"one brace", 400, []byte("{"), nil},
		{"a number", 400, []byte("1"), nil},
		{"null", 400, []byte("null"), nil},
		{"a list", 400, []byte("[]"), nil},
		{"an empty object", 400, []byte("{}"), nil},
		{"1 MiB - 1", 200, m.sized(1<<20 - 1), nil},
		{"1 MiB", 200, m.sized(1 << 20), nil},
		{"1 MiB + 1", 413, m.sized(1<<20 + 1), nil},
		{"7 MiB", 413, m.sized(7 << 20), nil},
		{"depth 63", 200, m.deep(63, "[", "]"), nil},
		{"depth 64", 200, m.deep(64, "[", "]"), nil},
		{"depth 65", 400, m.deep(65, "[", "]"), nil},
		{"objects of depth 64", 200, m.deep(64, `{"a":`, "}"), nil},
		{"objects of depth 65", 400, m.deep(65, `{"a":`, "}"), nil},
		{"depth 100,000", 400, m.deep(100_000, "[", "]"), nil},
		{"100,000 brackets alone", 400, bytes.Repeat([]byte("["), 100_000), nil},
		{"gzip", 415, zipped(t, replace("@", "x")), func(h http.Header) { h.Set("Content-Encoding", "gzip") }},
		{"said to be gzip", 415, replace("@", "x"), func(h http.Header) { h.Set("Content-Encoding", "gzip") }},
		{"gzip that is not said", 400, zipped(t, replace("@", "x")), nil},
		{"text", 415, replace("@", "x"), typed("text/plain")},
		{"a form", 415, replace("@", "x"), typed("application/x-www-form-urlencoded")},
		{"multipart", 415, replace("@", "x"), typed("multipart/form-data; boundary=x")},
		{"JSON of another kind", 415, replace("@", "x"), typed("application/ld+json")},
		{"no type", 415, replace("@", "x"), func(h http.Header) { h.Del("Content-Type") }},
		{"two types", 415, replace("@", "x"), func(h http.Header) { h["Content-Type"] = []string{"application/json", "text/plain"} }},
		{"UTF-16", 415, replace("@", "x"), typed("application/json; charset=utf-16")},
		{"JSON in UTF-8", 200, replace("@", "x"), typed("application/json; charset=utf-8")},
		{"a NUL as \\u0000", 200, replace("@", `\u0000`), nil},
		{"a NUL byte in a text", 400, replace("@", "\x00"), nil},
		{"a NUL byte outside", 400, replace(`"@"`, "1\x00"), nil},
		{"invalid UTF-8", 200, replace("@", "\xff\xfe"), nil},
		{"an overlong slash", 200, replace("@", "\xc0\xaf"), nil},
		{"half a surrogate pair", 200, replace("@", `\ud800`), nil},
		{"a BOM", 400, append([]byte("\xef\xbb\xbf"), replace("@", "x")...), nil},
		{"something after the end", 400, append(replace("@", "x"), "{}"...), nil},
		{"1e400", 200, replace(`"@"`, "1e400"), nil},
		{"NaN", 400, replace(`"@"`, "NaN"), nil},
		{"2^64", 200, replace(`"@"`, "18446744073709551616"), nil},
		{"leading zeros", 400, replace(`"@"`, "01"), nil},
		{"a member named twice", 200, replace(`"note"`, `"id"`), nil},
		{"a lone comma", 400, replace(`"@"`, `"x",`), nil},
	} {
		a := m.send(c.body, c.change)
		if a.status != c.want {
			t.Errorf("%s: %d, want %d\n%.300s", c.name, a.status, c.want, a.body)
		}
		if a.status == 200 {
			stored++
		} else if a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %s, want a problem", c.name, a.header.Get("Content-Type"))
		}
		if got := p.eventCount(); got != stored {
			t.Errorf("%s: %d events, want %d", c.name, got, stored)
			stored = got
		}
	}
	if a, broken := m.flood(10 << 20); !broken && a.status != 413 {
		t.Errorf("10 MB: %d, want 413 or the end of the connection", a.status)
	}
	p.waitFor("all events are decided", func() bool {
		return len(p.must(200, "GET", "/api/v1/events?status=accepted", nil)["items"].([]any)) == 0
	})
	if grown := residentMemory(t) - before; grown > 200<<20 {
		t.Errorf("the process has grown by %d MiB", grown>>20)
	}
}

// flood sends n bytes; the server may end the connection before it has read them all.
func (m *postman) flood(n int) (a answer, broken bool) {
	req, err := http.NewRequestWithContext(shortContext(m.p.t), http.MethodPost, m.p.app.URL()+m.path, bytes.NewReader(make([]byte, n)))
	if err != nil {
		m.p.t.Fatal(err)
	}
	req.Header = m.header.Clone()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, true
	}
	defer resp.Body.Close()
	return answer{status: resp.StatusCode}, false
}

func zipped(t *testing.T, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// residentMemory is what the process holds now, in bytes; 0 where the system does not tell.
func residentMemory(t *testing.T) int {
	t.Helper()
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(raw))
	pages, err := strconv.Atoi(fields[1])
	if err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}
