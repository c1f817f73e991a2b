package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
)

// lean is an HTTP/1.1 server for the bench's own side. It does as little as can be,
// since what it spends is missing to the program that is measured beside it.
type lean struct {
	url      string // http://host:port
	listener net.Listener
	answer   func(*leanCall)

	mu    sync.Mutex
	conns map[net.Conn]struct{} // nil when it is closed
	work  sync.WaitGroup
}

const (
	maxLeanHead = 64 << 10
	maxLeanBody = 1 << 20
)

// leanCall is one request, and its answer. The slices are used again for the next request of the connection.
type leanCall struct {
	head   []byte // the request line and the headers, as they came
	target []byte
	body   []byte
	out    []byte // the whole response
}

// startLean listens on this machine. answer is called for every request, from many goroutines.
func startLean(answer func(*leanCall)) (*lean, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // listening is instant
	if err != nil {
		return nil, fmt.Errorf("listen on this machine: %w", err)
	}
	s := &lean{url: "http://" + l.Addr().String(), listener: l, answer: answer, conns: map[net.Conn]struct{}{}}
	s.work.Go(s.accept)
	return s, nil
}

func (s *lean) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return // closed
		}
		if !s.keep(conn) {
			_ = conn.Close()
			return
		}
		s.work.Go(func() { s.serve(conn) })
	}
}

func (s *lean) keep(conn net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conns == nil {
		return false
	}
	s.conns[conn] = struct{}{}
	return true
}

func (s *lean) serve(conn net.Conn) {
	defer func() {
		_ = conn.Close()
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.conns, conn)
	}()
	br := bufio.NewReaderSize(conn, 4<<10)
	var c leanCall
	for c.read(br) == nil {
		c.out = c.out[:0]
		s.answer(&c)
		if _, err := conn.Write(c.out); err != nil {
			return
		}
	}
}

// close cuts all connections and waits until nothing is answered any more.
func (s *lean) close() {
	_ = s.listener.Close()
	s.mu.Lock()
	for conn := range s.conns {
		_ = conn.Close()
	}
	s.conns = nil
	s.mu.Unlock()
	s.work.Wait()
}

var errLean = errors.New("the request is too long or has no length")

// read takes the next request. Bodies need a Content-Length.
func (c *leanCall) read(br *bufio.Reader) error {
	c.head = c.head[:0]
	length := 0
	for {
		line, err := br.ReadSlice('\n')
		if err != nil {
			return err
		}
		c.head = append(c.head, line...)
		if n, ok := headerLength(line); ok {
			length = n
		}
		if length > maxLeanBody || len(c.head) > maxLeanHead {
			return errLean
		}
		if len(line) <= 2 {
			break
		}
	}
	_, rest, _ := bytes.Cut(c.head, []byte(" "))
	c.target, _, _ = bytes.Cut(rest, []byte(" "))
	if cap(c.body) < length {
		c.body = make([]byte, length)
	}
	c.body = c.body[:length]
	_, err := io.ReadFull(br, c.body)
	return err
}

// headerLength reads a Content-Length line.
func headerLength(line []byte) (int, bool) {
	const name = "content-length:"
	if len(line) <= len(name) || line[0]|0x20 != 'c' || !bytes.EqualFold(line[:len(name)], []byte(name)) {
		return 0, false
	}
	n, err := strconv.Atoi(string(bytes.TrimSpace(line[len(name):])))
	return n, err == nil && n >= 0
}

// reply writes an answer of JSON that is put together from parts.
func (c *leanCall) reply(parts ...[]byte) {
	length := 0
	for _, p := range parts {
		length += len(p)
	}
	c.out = append(c.out, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "...)
	c.out = strconv.AppendInt(c.out, int64(length), 10)
	c.out = append(c.out, "\r\n\r\n"...)
	for _, p := range parts {
		c.out = append(c.out, p...)
	}
}

// pass hands the request to an ordinary handler: the slow way, for what is not measured.
func (c *leanCall) pass(h http.Handler) {
	whole := append(bytes.Clone(c.head), c.body...)
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(whole)))
	if err != nil {
		c.out = append(c.out, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"...)
		return
	}
	w := &leanWriter{header: http.Header{}, status: http.StatusOK}
	h.ServeHTTP(w, r)
	var head bytes.Buffer
	w.header.Set("Content-Length", strconv.Itoa(w.body.Len()))
	_, _ = fmt.Fprintf(&head, "HTTP/1.1 %d %s\r\n", w.status, http.StatusText(w.status)) // memory takes everything
	_ = w.header.Write(&head)
	c.out = append(append(append(c.out, head.Bytes()...), "\r\n"...), w.body.Bytes()...)
}

// leanWriter keeps an answer until its length is known.
type leanWriter struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (w *leanWriter) Header() http.Header { return w.header }

// WriteHeader implements http.ResponseWriter.
func (w *leanWriter) WriteHeader(status int) { w.status = status }

// Write implements http.ResponseWriter.
func (w *leanWriter) Write(p []byte) (int, error) { return w.body.Write(p) }
