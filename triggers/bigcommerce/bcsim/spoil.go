package bcsim

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net"
	"net/http"
	"strconv"
	"time"
)

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
