package main

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"cartwheel/triggers/bigcommerce/bcsim"
)

// rawCase is a request as bytes; $ stands for a head that would be right. want 0: the connection ends without an answer.
type rawCase struct {
	name, request string
	want          []int
	cut           bool // the sender ends before the request does
}

// head is the request line and the headers of a signed webhook, up to those of the body.
func (m *postman) head(body []byte) string {
	at, id := time.Now().Unix(), rand.Text()
	head := "POST " + m.path + " HTTP/1.1\r\nHost: " + publicHost + "\r\n"
	for name, values := range m.header {
		head += name + ": " + values[0] + "\r\n"
	}
	return head + "webhook-id: " + id + "\r\nwebhook-timestamp: " + strconv.FormatInt(at, 10) + "\r\nwebhook-signature: " + bcsim.Sign(m.storeSecret, id, at, body) + "\r\n"
}

// tryRaw writes a request on a connection of its own and reads every answer that comes.
func (b *badInput) tryRaw(c rawCase, head string) (statuses []int, bodies string) {
	b.t.Helper()
	start := time.Now()
	statuses, bodies = b.raw(strings.ReplaceAll(c.request, "$", head), c.cut)
	b.took = append(b.took, time.Since(start))
	if len(statuses) == 0 {
		statuses = []int{0}
	}
	b.answers[statuses[0]]++
	if !slices.Contains(c.want, statuses[0]) {
		b.t.Errorf("%s %s: %v, want the first of %v\n%.200q\n%.300s", b.line, c.name, statuses, c.want, c.request, bodies)
	}
	for _, status := range statuses {
		if status >= 500 && status != http.StatusNotImplemented {
			b.t.Errorf("%s %s: %d\n%.300s", b.line, c.name, status, bodies)
		}
	}
	return statuses, bodies
}

// raw reads until the server closes. It ends its own side after the first answer, unless it was cut before: a sender
// that ends before its answer has gone, and nothing is done for it.
func (b *badInput) raw(request string, cut bool) (statuses []int, bodies string) {
	b.t.Helper()
	conn, err := net.DialTimeout("tcp", strings.TrimPrefix(b.p.app.URL(), "http://"), patience)
	if err != nil {
		b.t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	written := make(chan struct{})
	go func() {
		defer close(written)
		if _, err := io.WriteString(conn, request); err == nil && cut { // the server may have had enough before
			_ = conn.(*net.TCPConn).CloseWrite()
		}
	}()
	defer func() { conn.Close(); <-written }()
	r := bufio.NewReader(conn)
	for {
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			if ne, ok := errors.AsType[net.Error](err); ok && ne.Timeout() {
				b.t.Errorf("%s: no answer within %s: %.200q", b.line, patience, request)
			}
			return statuses, bodies
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		statuses, bodies = append(statuses, resp.StatusCode), bodies+string(body)
		_ = conn.(*net.TCPConn).CloseWrite()
	}
}

// smuggled are the 30 of B9, around a request that needs a token and does not have it.
func smuggled() (all []rawCase) {
	add := func(name, request string, want ...int) {
		all = append(all, rawCase{name: name, request: request, want: want})
	}
	get := func(target, headers string) string {
		return "GET " + target + " HTTP/1.1\r\nHost: cartwheel.example.com\r\n" + headers + "\r\n"
	}
	post := func(headers, body string) string {
		return "POST /hooks/in/KEY HTTP/1.1\r\nHost: cartwheel.example.com\r\nContent-Type: application/json\r\n" + headers + "\r\n" + body
	}
	inner := get("/api/v1/authentications", "")
	chunk := fmt.Sprintf("0\r\n\r\n%s", inner)
	// bodies whose end two readers see at two places
	add("length and chunks", post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", chunk), 400)
	add("chunks and length", post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", chunk), 400)
	add("two lengths", post("Content-Length: 2\r\nContent-Length: 3\r\n", "{}x"), 400)
	add("two lengths in one", post("Content-Length: 2, 3\r\n", "{}x"), 400)
	add("a length with a plus", post("Content-Length: +2\r\n", "{}"), 400)
	add("a length in hex", post("Content-Length: 0x2\r\n", "{}"), 400)
	add("a blank before the colon", post("Content-Length : 2\r\n", "{}"), 400)
	add("chunked twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", chunk), 400, 501)
	add("chunked with a tab", post("Transfer-Encoding:\tchunked\r\n", chunk), 400, 404)
	add("another encoding", post("Transfer-Encoding: gzip, chunked\r\n", chunk), 501)
	add("no encoding that is known", post("Transfer-Encoding: xchunked\r\n", chunk), 501)
	add("a folded header", post("X: a\r\n b\r\nContent-Length: 2\r\n", "{}"), 400, 404)
	add("line feeds alone", "GET /healthz HTTP/1.1\nHost: x\n\n", 200)
	add("a NUL in a header", get("/healthz", "X: a\x00b\r\n"), 400)
	add("a carriage return in a header", get("/healthz", "X: a\rb\r\n"), 400)
	add("a header without a name", get("/healthz", ": x\r\n"), 400)
	// targets that two readers take for two
	add("absolute form", get("http://elsewhere.example.net/api/v1/authentications", ""), 401)
	add("absolute form of another scheme", get("ftp://elsewhere.example.net/api/v1/authentications", ""), 401)
	add("two slashes", get("//api/v1/authentications", ""), 404)
	add("dots", get("/healthz/../api/v1/authentications", ""), 404)
	add("dots, encoded", get("/healthz/..%2fapi/v1/authentications", ""), 404)
	add("dots in the API, encoded", get("/api/v1/workflows/..%2fauthentications", ""), 401)
	add("dots to a file", get("/style.css/..%2f..%2f..%2f..%2fetc/passwd", ""), 404)
	add("a backslash", get(`/healthz\..\api\v1\authentications`, ""), 404)
	add("encoded letters", get("/%61pi/v1/authentications", ""), 401)
	add("a semicolon", get("/api/v1/authentications;x=/healthz", ""), 404, 401)
	// headers that turn a request into another
	add("method override", get("/healthz", "X-HTTP-Method-Override: DELETE\r\nX-Original-URL: /api/v1/authentications\r\nX-Rewrite-URL: /api/v1/authentications\r\n"), 200)
	add("two hosts", "GET /healthz HTTP/1.1\r\nHost: a.example.com\r\nHost: b.example.com\r\n\r\n", 400)
	add("no host", "GET /healthz HTTP/1.1\r\n\r\n", 400)
	add("headers of 32 KiB, net/http's 4 KiB more, and a byte", get("/healthz", "X: "+strings.Repeat("a", 32<<10+4096+1)+"\r\n"), 431)
	return all
}

// B9: no request hides in another, and none gets by the guard under another name.
func TestB9Requests(t *testing.T) {
	corpus := smuggled()
	if len(corpus) != 30 {
		t.Fatalf("%d requests, want 30", len(corpus))
	}
	p := badInputProgram(t)
	b := newBadInput(t, p, "B9")
	for _, c := range corpus {
		statuses, bodies := b.tryRaw(c, "")
		if strings.Contains(bodies, "allowed_hosts") || strings.Contains(bodies, "store_hash") || strings.Contains(bodies, "root:") {
			t.Errorf("%s: the answer tells what needs a token: %.300s", c.name, bodies)
		}
		if len(statuses) > 2 || len(statuses) == 2 && statuses[1] != http.StatusUnauthorized {
			t.Errorf("%s: %v, want what hides in a body judged by itself, if at all", c.name, statuses)
		}
	}
}
