package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-smtp"
)

const (
	keptMails    = 200
	maxMailBytes = 12 << 20 // more than Cartwheel sends
	maxMailPart  = 1 << 20
)

// caughtMail is a mail that the catcher took.
type caughtMail struct {
	At        time.Time
	To        string // the recipient that the server was told
	From      string // as the header says it
	ShownTo   string // likewise
	Subject   string
	MessageID string // without angle brackets
	Text      string
	HTML      string
	Problem   string // why it could not be read, if so
}

// mailCatcher is a mail server on this machine that delivers nothing: it keeps what it is given.
type mailCatcher struct {
	server *smtp.Server
	l      net.Listener
	port   int
	now    func() time.Time
	tell   func(any) // told each caughtMail before the sender gets its answer
	mails  recent[caughtMail]
	done   chan struct{}
}

// startMailCatcher listens on a free port of 127.0.0.1.
func startMailCatcher(now func() time.Time, tell func(any), log *slog.Logger) (*mailCatcher, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // listening is instant
	if err != nil {
		return nil, fmt.Errorf("the mail catcher cannot listen: %w", err)
	}
	c := &mailCatcher{l: l, port: l.Addr().(*net.TCPAddr).Port, now: now, tell: tell, done: make(chan struct{})}
	c.mails.limit = keptMails
	c.server = smtp.NewServer(c)
	c.server.Domain = "mail.demo.example.com"
	c.server.MaxMessageBytes, c.server.MaxRecipients = maxMailBytes, 10
	c.server.ReadTimeout, c.server.WriteTimeout = time.Minute, time.Minute
	c.server.EnableSMTPUTF8 = true
	c.server.ErrorLog = slog.NewLogLogger(log.Handler(), slog.LevelDebug)
	go func() {
		defer close(c.done)
		if err := c.server.Serve(l); err != nil && !errors.Is(err, smtp.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			log.Error("the mail catcher ended", "error", err)
		}
	}()
	return c, nil
}

func (c *mailCatcher) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), localStopTime)
	defer cancel()
	if c.server.Shutdown(ctx) != nil {
		_ = c.server.Close() // what still hangs is cut off
	}
	_ = c.l.Close() // the server does not know it yet when it was stopped at once
	<-c.done
}

// NewSession begins a conversation.
func (c *mailCatcher) NewSession(*smtp.Conn) (smtp.Session, error) {
	return &catching{catcher: c}, nil
}

// catching is one conversation with a sender of mail.
type catching struct {
	catcher *mailCatcher
	to      []string
}

func (s *catching) Mail(string, *smtp.MailOptions) error { s.to = nil; return nil }

func (s *catching) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = append(s.to, to)
	return nil
}

func (s *catching) Data(r io.Reader) error {
	m, err := readMail(r)
	if err != nil {
		m.Problem = err.Error()
	}
	if _, err := io.Copy(io.Discard, r); err != nil { // too large, or cut off
		return err
	}
	m.At, m.To = s.catcher.now(), strings.Join(s.to, ", ")
	s.catcher.mails.add(m)
	s.catcher.tell(m)
	return nil
}

func (s *catching) Reset()        { s.to = nil }
func (s *catching) Logout() error { return nil }

// readMail takes a MIME message apart. With an error comes what could be read.
func readMail(r io.Reader) (caughtMail, error) {
	var m caughtMail
	reader, err := mail.CreateReader(r)
	if err != nil && !message.IsUnknownCharset(err) {
		return m, fmt.Errorf("the mail is not MIME: %w", err)
	}
	h := reader.Header
	m.From, m.ShownTo = headerText(h, "From"), headerText(h, "To")
	m.Subject, _ = h.Subject()     // an unreadable one comes as it is
	m.MessageID, _ = h.MessageID() // likewise: shown, not relied on
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return m, nil
		}
		if err != nil && !message.IsUnknownCharset(err) {
			return m, fmt.Errorf("a part of the mail cannot be read: %w", err)
		}
		inline, ok := part.Header.(*mail.InlineHeader)
		if !ok {
			continue // attachments are not kept
		}
		kind, _, err := inline.ContentType()
		if err != nil {
			return m, fmt.Errorf("a part of the mail has an unreadable type: %w", err)
		}
		body, err := io.ReadAll(io.LimitReader(part.Body, maxMailPart))
		if err != nil {
			return m, fmt.Errorf("a part of the mail cannot be read: %w", err)
		}
		text := strings.ReplaceAll(string(body), "\r\n", "\n")
		switch kind {
		case "text/plain":
			m.Text = text
		case "text/html":
			m.HTML = text
		}
	}
}

// headerText is a header for people: encoded words decoded.
func headerText(h mail.Header, name string) string {
	text, err := h.Text(name)
	if err != nil {
		return h.Get(name)
	}
	return text
}
