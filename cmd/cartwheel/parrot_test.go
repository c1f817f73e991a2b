package main

import (
	"bufio"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
)

// echoes are the forms in which other systems are likely to repeat a secret.
func echoes(secret, user string) map[string]string {
	plainJSON := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(secret)
	percent := url.QueryEscape(secret)
	script := strings.NewReplacer("+", "%20", "%27", "'", "%21", "!", "%28", "(", "%29", ")", "%2A", "*").Replace(percent)
	pair := user + ":" + secret
	return map[string]string{
		"plain":                   secret,
		"JSON of Go":              jsonText(secret),
		"JSON":                    plainJSON,
		"JSON of PHP":             strings.ReplaceAll(plainJSON, "/", `\/`),
		"HTML of Go":              html.EscapeString(secret),
		"HTML of PHP":             strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#039;").Replace(secret),
		"HTML of Python":          strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#x27;").Replace(secret),
		"query":                   percent,
		"path":                    url.PathEscape(secret),
		"encodeURIComponent":      script,
		"percent in small":        lowerPercent(percent),
		"percent but the slashes": strings.ReplaceAll(percent, "%2F", "/"),
		"hex":                     hex.EncodeToString([]byte(secret)),
		"HEX":                     strings.ToUpper(hex.EncodeToString([]byte(secret))),
		"base64":                  base64.StdEncoding.EncodeToString([]byte(secret)),
		"base64 for URLs":         base64.RawURLEncoding.EncodeToString([]byte(secret)),
		"pair":                    "Basic " + base64.StdEncoding.EncodeToString([]byte(pair)),
		"encoded pair":            base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(user) + ":" + url.QueryEscape(secret))),
		"plain sign-in":           base64.StdEncoding.EncodeToString([]byte("\x00" + user + "\x00" + secret)),
	}
}

// inURL writes the values into a query.
func inURL(values []string) string { return url.Values{"key": values}.Encode() }

// lowerPercent writes %2F as %2f.
func lowerPercent(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:i+3], strings.ToLower(string(b[i+1:i+3])))
		}
	}
	return string(b)
}

// parrotModes are the ways in which a parrot answers an HTTP call.
var parrotModes = []string{"text", "json", "html", "names", "refused", "moved", "failed", "rough", "long", "edge"}

// parrot repeats what it is told: an HTTP server, a token endpoint and mail servers.
type parrot struct {
	t     testing.TB
	birds aviary
	http  *httptest.Server
	smtp  map[string]string // by what they do -> address
	inbox string
	count atomic.Int64
}

func newParrot(t testing.TB, birds aviary) *parrot {
	p := &parrot{t: t, birds: birds, smtp: map[string]string{}}
	p.http = httptest.NewServer(http.HandlerFunc(p.answer))
	t.Cleanup(p.http.Close)
	p.inbox = p.http.URL
	for _, mode := range []string{"signin", "later", "sender", "recipient", "content", "taken"} {
		p.smtp[mode] = p.mailServer(mode)
	}
	return p
}

func (p *parrot) asked() int64 { return p.count.Load() }

// heard is what a request told that is worth repeating: as it is, and in every form.
func (p *parrot) heard(r *http.Request) (plain, lines []string) {
	values := []string{r.Header.Get("Authorization"), r.Header.Get("X-Api-Key"), r.FormValue("client_secret")}
	for _, value := range values {
		if value == "" {
			continue
		}
		secret, user := strings.TrimPrefix(value, "Bearer "), ""
		if name, password, ok := r.BasicAuth(); ok && strings.HasPrefix(value, "Basic ") {
			user, secret = name, password
			if plain, err := url.QueryUnescape(password); err == nil && strings.HasPrefix(r.URL.Path, "/token/") {
				secret = plain
				user, _ = url.QueryUnescape(name)
			}
		}
		plain = append(plain, value, secret, base64.StdEncoding.EncodeToString([]byte(secret)))
		lines = append(lines, value)
		for _, text := range echoes(secret, user) {
			lines = append(lines, text)
		}
		for _, text := range echoes(value, user) {
			lines = append(lines, text)
		}
	}
	return plain, lines
}

func (p *parrot) answer(w http.ResponseWriter, r *http.Request) {
	p.count.Add(1)
	plain, lines := p.heard(r)
	for i, line := range lines {
		if !strings.ContainsAny(line, "\r\n\x00") {
			w.Header().Add(fmt.Sprintf("X-Echo-%d", i%5), line)
			w.Header().Set("X-Request-Id", line)
		}
	}
	text := strings.Join(lines, "\n")
	switch mode := strings.TrimPrefix(r.URL.Path, "/"); mode {
	case "handed-on":
		body, _ := io.ReadAll(r.Body)
		p.birds.absent(p.t, "an answer that was handed on", body)
	case "json":
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(object{"said": text, "list": lines})
	case "names":
		w.Header().Set("Content-Type", "application/json")
		named := object{}
		for _, line := range lines {
			named[line] = object{line: []string{line}}
		}
		raw, _ := json.Marshal(named)
		_, _ = io.WriteString(w, strings.ReplaceAll(string(raw), "/", `\/`))
	case "html", "text":
		w.Header().Set("Content-Type", "text/"+strings.Replace(mode, "text", "plain", 1))
		_, _ = io.WriteString(w, text)
	case "refused":
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, strings.Repeat("x", 150)+text)
	case "moved":
		w.Header().Set("Location", "https://elsewhere.example.com/?"+inURL(plain))
		w.WriteHeader(http.StatusTemporaryRedirect)
	case "failed":
		http.Error(w, text, http.StatusInternalServerError)
	case "rough":
		p.rough(w, text)
	case "long":
		_, _ = io.WriteString(w, strings.Repeat(text+"\n", 1+300_000/(len(text)+1)))
	case "edge": // the last form is cut wherever reading ends
		_, _ = io.WriteString(w, strings.Repeat(strings.Join(lines[:1], "")+" ", 600_000/(len(lines[0])+1)))
	default:
		p.token(w, strings.TrimPrefix(mode, "token/"), text, plain)
	}
}

// rough answers with something that is no HTTP.
func (p *parrot) rough(w http.ResponseWriter, text string) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		p.t.Errorf("hijack: %v", err)
		return
	}
	_, _ = io.WriteString(conn, strings.ReplaceAll(text, "\n", " ")+"\r\n\r\n") // the client may have gone
	_ = conn.Close()
}

// token is a token endpoint that tells too much.
func (p *parrot) token(w http.ResponseWriter, mode, text string, plain []string) {
	w.Header().Set("Content-Type", "application/json")
	switch mode {
	case "good":
		_ = json.NewEncoder(w).Encode(object{"access_token": p.birds.secret("issued"), "token_type": "Bearer", "expires_in": 3600, "echo": text})
	case "invalid":
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(object{"error": text, "error_description": text})
	case "away":
		w.Header().Set("Location", "/token/good?"+inURL(plain))
		w.WriteHeader(http.StatusTemporaryRedirect)
	case "rough":
		p.rough(w, text)
	default:
		http.Error(w, text, http.StatusBadGateway)
	}
}

// mailServer is an SMTP server that repeats the sign-in at the stage mode.
func (p *parrot) mailServer(mode string) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		p.t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			p.count.Add(1)
			p.converse(conn, mode)
		}
	}()
	p.t.Cleanup(func() { _ = l.Close(); <-done })
	return l.Addr().String()
}

// converse speaks as much SMTP as is needed; it answers code at the stage mode with everything it has heard.
func (p *parrot) converse(conn net.Conn, mode string) {
	defer conn.Close()
	var heard []string
	say := func(stage string, code int, text string) {
		lines := []string{text}
		if stage == mode {
			lines = append([]string{text}, heard...)
		}
		for i, line := range lines {
			sep := map[bool]string{true: " ", false: "-"}[i == len(lines)-1]
			fmt.Fprintf(conn, "%d%s%s\r\n", code, sep, line)
		}
	}
	codes := map[string]int{"signin": 535, "later": 454, "sender": 553, "recipient": 550, "content": 554, "taken": 250}
	code := func(stage string, good int) int {
		if stage == mode {
			return codes[stage]
		}
		return good
	}
	say("", 220, "ready")
	in := bufio.NewReader(conn)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		switch verb, rest, _ := strings.Cut(strings.ToUpper(line), " "); verb {
		case "EHLO":
			fmt.Fprint(conn, "250-mail.example.com\r\n250 AUTH PLAIN LOGIN\r\n")
		case "AUTH":
			heard = p.signIn(line)
			stage := "signin"
			if mode == "later" {
				stage = mode
			}
			say(stage, code(stage, 235), "sign-in:")
		case "MAIL":
			say("sender", code("sender", 250), "sender:")
		case "RCPT":
			say("recipient", code("recipient", 250), "recipient:")
		case "DATA":
			say("", 354, "go on")
			for line != ".\r\n" && err == nil {
				line, err = in.ReadString('\n')
			}
			stage := "content"
			if mode == "taken" {
				stage = mode
			}
			say(stage, code(stage, 250), "content:")
		case "QUIT":
			say("", 221, "bye")
			return
		default:
			say("", 500, "what is "+rest)
		}
	}
}

func (p *parrot) signIn(line string) []string {
	encoded := line[strings.LastIndexByte(line, ' ')+1:]
	plain, err := base64.StdEncoding.DecodeString(encoded)
	parts := strings.Split(string(plain), "\x00")
	if err != nil || len(parts) != 3 {
		p.t.Errorf("sign-in %q", line)
		return nil
	}
	heard := []string{line, encoded, strings.Repeat("x", 150) + encoded}
	for _, text := range echoes(parts[2], parts[1]) {
		heard = append(heard, text)
	}
	return heard
}

// newAnswering is an HTTP server that always answers with this JSON.
func newAnswering(t testing.TB, body string) (address string) {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}
