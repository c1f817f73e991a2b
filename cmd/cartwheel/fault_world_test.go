package main

import (
	"bytes"
	"hash/fnv"
	"io"
	"log"
	"net"
	"testing"

	"github.com/emersion/go-smtp"
)

// countingInbox is the HTTP server that workflows call; it writes into a book.
func countingInbox(t testing.TB, b *book, before func()) *lean {
	t.Helper()
	inbox, err := startLean(func(c *leanCall) {
		before()
		if id, ok := postedOrder(c.body); ok {
			sum := fnv.New64a()
			_, _ = sum.Write(headerValue(c.head, "Idempotency-Key"))
			_, _ = sum.Write(c.body)
			b.call(id-firstOrder, sum.Sum64())
		}
		c.out = append(c.out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"...)
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(inbox.close)
	return inbox
}

// headerValue is the value of a header in a raw head; nil when it is not there.
func headerValue(head []byte, name string) []byte {
	for line := range bytes.Lines(head) {
		key, value, ok := bytes.Cut(line, []byte(":"))
		if ok && bytes.EqualFold(key, []byte(name)) {
			return bytes.TrimSpace(value)
		}
	}
	return nil
}

// open is how many connections the server has.
func (s *lean) open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns)
}

// countingPost is a mail server that writes into a book; the subjects of the mails end in the number of an order.
func countingPost(t testing.TB, b *book) net.Addr {
	t.Helper()
	srv := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &countingSession{book: b}, nil }))
	srv.Domain, srv.MaxMessageBytes = "mail.example.com", 1<<20
	srv.ErrorLog = log.New(io.Discard, "", 0) // of connections that a killed program leaves
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = srv.Serve(l) }()
	t.Cleanup(func() { _, _ = srv.Close(), l.Close(); <-done })
	return l.Addr()
}

type countingSession struct {
	book *book
}

func (s *countingSession) Mail(string, *smtp.MailOptions) error { return nil }
func (s *countingSession) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (s *countingSession) Reset()                               {}
func (s *countingSession) Logout() error                        { return nil }

// Data takes a mail. One that was cut off is none.
func (s *countingSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	_, order, ok := bytes.Cut(headerValue(head, "Subject"), []byte("#"))
	id, isNumber := postedOrder(append([]byte(`"order":`), order...))
	if !ok || !isNumber {
		return &smtp.SMTPError{Code: 554, Message: "the subject names no order"}
	}
	sum := fnv.New64a()
	_, _ = sum.Write(headerValue(head, "Message-ID"))
	s.book.posted(id-firstOrder, sum.Sum64())
	return nil
}
