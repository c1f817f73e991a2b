package bcsim

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// FaultKind says what goes wrong.
type FaultKind int

// The faults that a Store can show.
const (
	FaultStatus     FaultKind = iota // answer Status, with Body or else the error shape of the API version
	FaultReset                       // reset the connection, no answer
	FaultHang                        // no answer until the client gives up or the store closes
	FaultSlow                        // the right answer, one byte per Pause (default 1 s)
	FaultTruncate                    // half of the right answer, then the connection breaks
	FaultHTML                        // 200 with an HTML page
	FaultText                        // Status (default 503) with plain text
	FaultEmpty                       // Status (default 200) with no body
	FaultGzipBomb                    // 200, a small gzip body that unpacks to about 1 GiB of JSON
	FaultEndless                     // 200, a JSON array that never ends
	FaultRedirect                    // Status (default 302) to URL
	FaultWrongTypes                  // the right answer, but numbers are text, text is a number and so on
)

// Fault describes an intended failure of the API. Faults are tried in the order they were added; the first that
// matches wins.
type Fault struct {
	Kind   FaultKind
	Method string // "" = any
	// Path below /stores/{hash}: "" = any, "/v2/orders/*" with * for one segment, "/v2/**" for all below.
	Path  string
	Skip  int           // matching requests let through first
	Times int           // then so many are hit, 0 = all
	For   time.Duration // ends so long after it was added, 0 = never

	Status      int    // default 500
	Body        string // FaultStatus, FaultText: exact body
	ContentType string
	Header      map[string]string
	NoRate      bool          // leave the rate-limit headers out: with 429 it means "store overloaded"
	Reset       time.Duration // X-Rate-Limit-Time-Reset-Ms of a 429, default 11.4 s
	URL         string        // FaultRedirect: Location
	Pause       time.Duration // FaultSlow: real time per byte, so that a client's real time-outs meet it

	seen  int
	until time.Time
}

type faultBook struct {
	mu   sync.Mutex
	list []*Fault
}

// Fault makes matching requests fail from now on. The returned function takes it back.
func (s *Store) Fault(f Fault) (remove func()) {
	if f.For > 0 {
		f.until = s.clock().Add(f.For)
	}
	added := &f
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = append(s.faults.list, added)
	return func() { s.faults.remove(added) }
}

// ClearFaults takes all faults back.
func (s *Store) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = nil
}

func (b *faultBook) remove(gone *Fault) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var rest []*Fault
	for _, f := range b.list {
		if f != gone {
			rest = append(rest, f)
		}
	}
	b.list = rest
}

// take returns a copy of the fault that hits the request, or nil.
func (b *faultBook) take(method, path string, now time.Time) *Fault {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.list {
		if !f.until.IsZero() && !now.Before(f.until) || f.Method != "" && f.Method != method || !pathFits(f.Path, path) {
			continue
		}
		f.seen++
		if f.seen <= f.Skip || f.Times > 0 && f.seen > f.Skip+f.Times {
			continue
		}
		hit := *f
		return &hit
	}
	return nil
}

func pathFits(pattern, path string) bool {
	if pattern == "" {
		return true
	}
	if prefix, ok := strings.CutSuffix(pattern, "/**"); ok {
		return path == prefix || strings.HasPrefix(path, prefix+"/")
	}
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != "*" && want[i] != got[i] {
			return false
		}
	}
	return true
}

// replaces says whether the right answer is not needed.
func (f *Fault) replaces() bool {
	return f.Kind != FaultSlow && f.Kind != FaultTruncate && f.Kind != FaultWrongTypes
}

// answer is what the client gets instead; kinds that need the connection are played by spoil.
func (f *Fault) answer(v3 bool) reply {
	switch f.Kind {
	case FaultHTML:
		return reply{http.StatusOK, []byte("<!doctype html><html><body><h1>Please wait</h1></body></html>"), "text/html; charset=utf-8"}
	case FaultText:
		body := or(f.Body, "The store is down for maintenance")
		return reply{or(f.Status, http.StatusServiceUnavailable), []byte(body), "text/plain"}
	case FaultEmpty:
		return reply{status: or(f.Status, http.StatusOK)}
	case FaultRedirect:
		return reply{status: or(f.Status, http.StatusFound)}
	case FaultReset, FaultHang:
		return reply{}
	case FaultGzipBomb, FaultEndless:
		return reply{status: http.StatusOK}
	}
	status := or(f.Status, http.StatusInternalServerError)
	switch {
	case f.Body != "":
		return reply{status, []byte(f.Body), f.ContentType}
	case status == http.StatusTooManyRequests && f.NoRate:
		return reply{status: status}
	case v3 || status == http.StatusTooManyRequests || status == http.StatusUnauthorized:
		return v3Error(status, http.StatusText(status)+".")
	case status == http.StatusNotFound:
		return v2NotFound()
	default:
		return v2Error(status, http.StatusText(status)+".", "")
	}
}

// spoil writes the answer the way the fault wants it.
func (s *Store) spoil(w http.ResponseWriter, r *http.Request, f Fault, left allowance, answer reply, record *Request) {
	if f.Kind == FaultStatus && answer.status == http.StatusTooManyRequests {
		left.left, left.ok, left.reset = 0, false, or(f.Reset, 11_400*time.Millisecond)
	}
	if !f.NoRate {
		left.write(w.Header())
	}
	for name, value := range f.Header {
		w.Header().Set(name, value)
	}
	s.requests.add(*record)
	switch f.Kind {
	case FaultReset:
		reset(w)
	case FaultHang:
		select {
		case <-r.Context().Done():
		case <-s.closed:
		}
		panic(http.ErrAbortHandler)
	case FaultSlow:
		s.drip(w, r, answer, or(f.Pause, time.Second))
	case FaultTruncate:
		w.Header().Set("Content-Length", strconv.Itoa(len(answer.body)+1))
		answer.body = answer.body[:len(answer.body)/2]
		answer.write(w)
		flush(w)
		panic(http.ErrAbortHandler)
	case FaultGzipBomb:
		s.bomb(w)
	case FaultEndless:
		s.endless(w)
	case FaultWrongTypes:
		answer.body = twist(answer.body)
		answer.write(w)
	case FaultRedirect:
		w.Header().Set("Location", f.URL)
		answer.write(w)
	default:
		answer.write(w)
	}
}

// reset closes the connection so that the peer sees a reset, where the connection allows it.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // best effort, the close below breaks the connection anyway
	}
	_ = conn.Close()
}

func flush(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() }

func (s *Store) drip(w http.ResponseWriter, r *http.Request, answer reply, pause time.Duration) {
	w.Header().Set("Content-Type", or(answer.ctype, "application/json"))
	w.WriteHeader(answer.status)
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	for _, b := range answer.body {
		if _, err := w.Write([]byte{b}); err != nil {
			return
		}
		flush(w)
		select {
		case <-ticker.C:
		case <-r.Context().Done():
			return
		case <-s.closed:
			return
		}
	}
}

func (s *Store) isClosed() bool {
	select {
	case <-s.closed:
		return true
	default:
		return false
	}
}

// bomb sends 1,024 gzip members of 1 MiB of blanks each, about 1 KiB on the wire per member.
func (s *Store) bomb(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Encoding", "gzip")
	w.WriteHeader(http.StatusOK)
	member := squeeze(bytes.Repeat([]byte{' '}, 1<<20))
	for range 1024 {
		if _, err := w.Write(member); err != nil || s.isClosed() {
			return
		}
	}
	_, _ = w.Write(squeeze([]byte("{}")))
}

func squeeze(plain []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(plain) // a bytes.Buffer does not fail
	_ = z.Close()
	return b.Bytes()
}

func (s *Store) endless(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	part := bytes.Repeat([]byte(`{"id":1,"name":"again"},`), 400)
	_, err := w.Write([]byte{'['})
	for err == nil && !s.isClosed() {
		_, err = w.Write(part)
	}
}

// twist keeps the outline of a body and swaps the types of its values.
func twist(body []byte) []byte {
	var value any
	if json.Unmarshal(body, &value) != nil {
		return body
	}
	return encode(twisted(value, 0))
}

func twisted(value any, depth int) any {
	switch v := value.(type) {
	case map[string]any:
		if depth > 2 {
			return []any{}
		}
		for key, inner := range v {
			v[key] = twisted(inner, depth+1)
		}
		return v
	case []any:
		if depth > 1 {
			return obj{}
		}
		for i := range v {
			v[i] = twisted(v[i], depth+1)
		}
		return v
	case string:
		return 7
	case float64:
		return []string{"seven"}
	case bool:
		return obj{{"yes", v}}
	default:
		return "null"
	}
}
