package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	keptCalls    = 200
	maxCallBytes = 1 << 20
)

// caughtCall is an HTTP request that the inbox took.
type caughtCall struct {
	At      time.Time
	Method  string
	URL     string // with the inbox's own host
	Headers []string
	Body    string
	Key     string // its Idempotency-Key
	Token   string // what came of the bearer token: right, wrong or none
}

// inbox is an HTTP server on this machine that stands for whatever API a
// workflow calls: it answers 200 to everything and keeps it.
type inbox struct {
	*localServer
	token string
	now   func() time.Time
	tell  func(any) // told each caughtCall before the caller gets its answer
	calls recent[caughtCall]
}

// startInbox listens on a free port of 127.0.0.1.
func startInbox(token string, now func() time.Time, tell func(any), log *slog.Logger) (*inbox, error) {
	b := &inbox{token: token, now: now, tell: tell}
	b.calls.limit = keptCalls
	var err error
	if b.localServer, err = startLocal("127.0.0.1:0", b, log); err != nil {
		return nil, fmt.Errorf("the inbox: %w", err)
	}
	return b, nil
}

// ServeHTTP keeps the request and says so.
func (b *inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCallBytes))
	if err != nil {
		http.Error(w, "the body is larger than 1 MiB, or was cut off", http.StatusRequestEntityTooLarge)
		return
	}
	call := caughtCall{At: b.now(), Method: r.Method, URL: "http://" + r.Host + r.URL.RequestURI(), Headers: headerLines(r.Header),
		Body: string(body), Key: r.Header.Get("Idempotency-Key"), Token: b.judge(r.Header.Get("Authorization"))}
	b.calls.add(call)
	b.tell(call)
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"received": true, "bytes": len(body)}) // the caller may have gone
}

func (b *inbox) judge(authorization string) string {
	switch authorization {
	case "":
		return "none"
	case "Bearer " + b.token:
		return "right"
	default:
		return "wrong"
	}
}

// headerLines are headers by name, without credentials.
func headerLines(h http.Header) []string {
	var lines []string
	for name, values := range h {
		value := strings.Join(values, ", ")
		if name == "Authorization" {
			value = "***"
		}
		lines = append(lines, name+": "+value)
	}
	slices.Sort(lines)
	return lines
}
