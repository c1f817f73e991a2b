package httprequest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/outbound"
	"cartwheel/merge"
)

const (
	maxBody     = 256 << 10 // kept for later steps
	redactSlack = 64 << 10  // read beyond it, so that a secret on the edge is seen whole
	maxResponse = 4 << 10   // kept for the run page
	maxExcerpt  = 200       // in a message
)

// shownHeaders are those that the run page shows: none that carries a session or a token.
var shownHeaders = []string{"Content-Type", "Date", "Location", "Retry-After", "X-Request-Id"}

// answer is what came back.
type answer struct {
	status    int
	header    http.Header
	body      string
	truncated bool
}

// read takes in an answer. A 2xx whose body is lost half way is an unknown outcome.
func read(resp *http.Response) (*answer, error) {
	body, truncated, err := outbound.ReadBody(resp, maxBody+redactSlack)
	if err != nil && resp.StatusCode/100 == 2 {
		return nil, outbound.Classify(err, resp.Request.URL.Hostname(), true)
	}
	return &answer{status: resp.StatusCode, header: resp.Header, body: string(body), truncated: truncated}, nil
}

// redact takes the credential out of everything, before anything is cut.
func (a *answer) redact(cred credential) {
	a.body = strings.ReplaceAll(strings.ToValidUTF8(cred.redact(a.body), "\uFFFD"), "\x00", "\uFFFD")
	limit := maxBody
	if a.truncated { // what was read may end within a secret
		limit = min(limit, max(0, len(a.body)-cred.longest()))
	}
	if len(a.body) > limit {
		a.body, a.truncated = strings.ToValidUTF8(a.body[:limit], ""), true
	}
	if cred.name != "" {
		a.redactJSON(cred)
	}
	for _, values := range a.header {
		for i := range values {
			values[i] = cred.redactHeader(values[i])
		}
	}
}

// redactJSON finds the credential in JSON, which can write a letter in many ways.
func (a *answer) redactJSON(cred credential) {
	v, ok := a.decoded()
	if !ok {
		return
	}
	if plain := merge.JSON(cred.redactValue(v)); plain != merge.JSON(v) {
		a.body = plain
	}
}

// output is what later steps read.
func (a *answer) output() map[string]any {
	headers := make(map[string]any, len(a.header))
	for name, values := range a.header {
		headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	return map[string]any{"status": a.status, "headers": headers, "body": a.value()}
}

// value is the body: JSON where it is JSON, else text, nil when there is none.
func (a *answer) value() any {
	if a.body == "" {
		return nil
	}
	if v, ok := a.decoded(); ok {
		return v
	}
	return a.body
}

// decoded is the body if it is JSON, by its type or its look.
func (a *answer) decoded() (any, bool) {
	kind := strings.ToLower(a.header.Get("Content-Type"))
	looks := strings.HasPrefix(kind, "text/plain") || kind == ""
	trimmed := strings.TrimSpace(a.body)
	looks = looks && len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[')
	if !strings.Contains(kind, "json") && !looks || a.truncated || len(trimmed) == 0 {
		return nil, false
	}
	v, err := merge.DecodeText(trimmed)
	return v, err == nil
}

// describe is the answer for the run page.
func (a *answer) describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", statusLine(a.status))
	for _, name := range shownHeaders {
		if values := a.header.Values(name); len(values) > 0 {
			fmt.Fprintf(&b, "%s: %s\n", name, outbound.Cut(outbound.OneLine(strings.Join(values, ", ")), 500))
		}
	}
	if a.body != "" {
		fmt.Fprintf(&b, "\n%s", a.body)
	}
	return outbound.Cut(b.String(), maxResponse)
}

// judge says what the status means: nil is success.
func (a *answer) judge(host string, now time.Time) error {
	if a.status/100 == 2 {
		return nil
	}
	e := &engine.Error{Code: engine.Rejected, Op: "httprequest.Do", Message: a.message(host)}
	if temporary(a.status) {
		e.Code = engine.Temporary
	}
	if a.status == http.StatusTooManyRequests || a.status == http.StatusServiceUnavailable {
		e.Wait = outbound.RetryAfter(a.header, now)
	}
	return e
}

func (a *answer) message(host string) string {
	m := host + " answered " + statusLine(a.status)
	if a.status/100 == 3 && a.status != http.StatusNotModified {
		m += ", a redirect, and redirects are not followed."
		if to := a.header.Get("Location"); to != "" {
			m += " Use the address it points to: " + outbound.Cut(outbound.OneLine(to), maxExcerpt)
		}
		return m
	}
	if excerpt := outbound.OneLine(strings.ToValidUTF8(outbound.Cut(a.body, 4*maxExcerpt), "")); excerpt != "" {
		return m + ": " + firstCharacters(excerpt, maxExcerpt)
	}
	return m + "."
}

func firstCharacters(s string, n int) string {
	if letters := []rune(s); len(letters) > n {
		return string(letters[:n]) + "…"
	}
	return s
}

// temporary tells the statuses that may be gone the next time.
func temporary(status int) bool {
	return status/100 == 5 || slices.Contains([]int{http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests}, status)
}

func statusLine(status int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}
