package bcsim

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const bodyLimit = 1 << 20

// Request is one entry of the ledger of API requests.
type Request struct {
	ID       string // X-Request-Id of the answer
	At       time.Time
	Method   string
	Path     string // below /stores/{hash}, "/v2/orders/4127"
	Query    string
	ClientID string // "" if the token is unknown
	Status   int    // 0 if the answer was cut off on purpose
	Fault    bool   // answered by a Fault
	Body     []byte // of a write
}

// Requests lists the API requests so far, oldest first.
func (s *Store) Requests() []Request { return s.requests.all() }

// ResetRequests empties the ledger of API requests.
func (s *Store) ResetRequests() { s.requests.reset() }

// WaitRequests returns nil as soon as enough says so of the API requests so far, or the context's error.
func (s *Store) WaitRequests(ctx context.Context, enough func([]Request) bool) error {
	return s.requests.wait(ctx, enough)
}

// call is one request on its way to a handler. Writing handlers have a change with the store's write lock held,
// reading ones the read lock.
type call struct {
	*change
	r       *http.Request
	v3      bool
	account *Account
	args    []string // path segments that stand for {}
	query   url.Values
	body    []byte
}

// ServeHTTP answers one API request.
func (s *Store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := s.clock()
	record := Request{
		ID: fmt.Sprintf("%032x", s.serial.Add(1)), At: now, Method: r.Method, Query: r.URL.RawQuery,
	}
	hash, path, known := splitPath(r.URL.Path)
	record.Path = path
	var err error
	if r.Body != nil && r.Method != http.MethodGet {
		record.Body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	}
	account := s.accounts[r.Header.Get("X-Auth-Token")]
	if account != nil && hash == s.cfg.StoreHash {
		record.ClientID = account.ClientID
	}
	c := &call{change: &change{s: s, now: now}, r: r, v3: strings.HasPrefix(path, "/v3/"), account: account, body: record.Body}
	w.Header().Set("X-Request-Id", record.ID)
	fault := s.faults.take(r.Method, path, now)
	left := s.limiter.take(now)

	var answer reply
	switch {
	case fault != nil && fault.replaces():
		answer = fault.answer(c.v3)
	case !known:
		answer = reply{status: http.StatusNotFound, body: []byte("Not Found"), ctype: "text/plain; charset=utf-8"}
	case err != nil:
		answer = c.fail(http.StatusRequestEntityTooLarge, "The request body is too large.")
	case account == nil || hash != s.cfg.StoreHash:
		answer = v3Error(http.StatusUnauthorized, "The access token is not valid for this store.")
	case !left.ok:
		answer = v3Error(http.StatusTooManyRequests, "Too many requests.")
	default:
		answer = s.route(c, path)
	}
	record.Status, record.Fault = answer.status, fault != nil
	if fault != nil {
		s.spoil(w, r, *fault, left, answer, &record)
		return
	}
	left.write(w.Header())
	s.requests.add(record)
	answer.write(w)
}

// splitPath takes "/stores/{hash}/v2/orders" apart.
func splitPath(path string) (hash, rest string, ok bool) {
	tail, ok := strings.CutPrefix(path, "/stores/")
	if !ok {
		return "", path, false
	}
	hash, rest, ok = strings.Cut(tail, "/")
	return hash, "/" + rest, ok
}

func (a reply) write(w http.ResponseWriter) {
	if len(a.body) > 0 {
		w.Header().Set("Content-Type", or(a.ctype, "application/json"))
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the client may have gone
}

// acceptable says whether the client takes JSON.
func acceptable(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	return accept == "" || strings.Contains(accept, "json") || strings.Contains(accept, "*/*") ||
		strings.Contains(accept, "application/*")
}

// badMedia refuses a body that does not say it is JSON.
func badMedia(c *call) bool {
	return len(c.body) > 0 && !strings.Contains(c.r.Header.Get("Content-Type"), "json")
}
