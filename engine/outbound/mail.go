package outbound

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
	"golang.org/x/net/http/httpguts"

	"cartwheel/engine"
)

const (
	signInTime  = 15 * time.Second // until the server has let us in
	deliverTime = 30 * time.Second // from then until it has taken the mail
	maxMail     = 10 << 20         // bytes as sent
	maxHeader   = 900              // bytes of a subject or another header; a line ends at 998 (RFC 5322, 2.1.1)
)

// Mail is one mail to one recipient.
type Mail struct {
	From    string // one address, with or without a name
	To      string // likewise
	ReplyTo string // likewise, or empty
	Subject string
	HTML    string            // or empty
	Text    string            // made from HTML when empty
	Headers map[string]string // more headers
	// MessageID is id@domain, without angle brackets. Equal over attempts, so that a repetition can be told.
	MessageID string
}

// Send hands m to server. It signs in first, then calls begin, which must commit that the mail may now go out, and
// only then names sender and recipient; when begin fails its error comes back and nothing is
// sent. accepted is the server's last answer ("250 2.0.0 queued as 4711").
//
// Errors: Rejected when the mail cannot be built or the server answered 5xx; Denied when it refused the sign-in;
// Temporary when it answered 4xx or was lost before the content; UnknownOutcome when it was lost
// between the first byte of the content and its answer to it. Temporary and UnknownOutcome are Free when the server is known
// to be down.
func (g *Guard) Send(ctx context.Context, server SMTP, m Mail, begin func(context.Context) error) (accepted string, err error) {
	l, err := g.seal(m)
	if err != nil {
		return "", err
	}
	server = server.withDefaults()
	p, err := g.breakers.enter(server.target(), server.Host)
	if err != nil {
		return "", err
	}
	defer p.leave(nothing)
	s, err := g.signIn(ctx, server)
	if err != nil {
		return "", s.judge(ctx, p, err)
	}
	defer s.close()
	if !l.from.isASCII() || !l.to.isASCII() {
		if ok, _ := s.client.Extension("SMTPUTF8"); !ok {
			return "", engine.Errorf(engine.Rejected, "An address has letters outside ASCII before its @, and %s does not take those. Nothing was sent.", s.server.Host)
		}
	} else {
		s.client.SkipSMTPUTF8(true)
	}
	if err := begin(ctx); err != nil {
		return "", err
	}
	accepted, err = s.deliver(l)
	return accepted, s.judge(ctx, p, err)
}

// letter is a mail as it goes over the wire.
type letter struct {
	from, to Address
	content  []byte
}

// seal checks m and writes it in MIME.
func (g *Guard) seal(m Mail) (*letter, error) {
	from, err := ParseAddress("From", m.From)
	if err != nil {
		return nil, err
	}
	to, err := ParseAddress("To", m.To)
	if err != nil {
		return nil, err
	}
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent(), mail.WithBoundary(boundary(m)))
	for _, set := range []error{msg.FromFormat(from.Name, from.Mail), msg.AddToFormat(to.Name, to.Mail)} {
		if set != nil {
			return nil, unusable(set)
		}
	}
	if err := fill(msg, m, g.opts.Now()); err != nil {
		return nil, err
	}
	var content bytes.Buffer
	if _, err := msg.WriteTo(&content); err != nil {
		return nil, &engine.Error{Code: engine.Rejected, Op: "outbound.Send", Err: err, Message: "The mail cannot be written in MIME. Nothing was sent."}
	}
	if content.Len() > maxMail {
		return nil, engine.Errorf(engine.Rejected, "The mail is larger than 10 MiB. Nothing was sent.")
	}
	return &letter{from: from, to: to, content: content.Bytes()}, nil
}

func unusable(err error) *engine.Error {
	return &engine.Error{Code: engine.Rejected, Op: "outbound.Send", Err: err,
		Message: "The sender, the recipient or Reply-To is no e-mail address that can be used. Nothing was sent."}
}

// fill sets everything but sender and recipient.
func fill(msg *mail.Msg, m Mail, now time.Time) error {
	if m.ReplyTo != "" {
		reply, err := ParseAddress("Reply-To", m.ReplyTo)
		if err != nil {
			return err
		}
		if err := msg.ReplyToFormat(reply.Name, reply.Mail); err != nil {
			return unusable(err)
		}
	}
	msg.Subject(Cut(OneLine(m.Subject), maxHeader))
	msg.SetDateWithValue(now)
	msg.SetMessageIDWithValue(m.MessageID)
	names := make([]string, 0, len(m.Headers))
	for name := range m.Headers {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if !httpguts.ValidHeaderFieldName(name) {
			return engine.Errorf(engine.Rejected, "%s is no name of a header. Nothing was sent.", Quote(name, 80))
		}
		msg.SetGenHeader(mail.Header(name), Cut(OneLine(m.Headers[name]), maxHeader))
	}
	text := m.Text
	if text == "" {
		text = TextOf(m.HTML)
	}
	msg.SetBodyString(mail.TypeTextPlain, text)
	if m.HTML != "" {
		msg.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	}
	return nil
}

// boundary makes equal mails equal byte for byte; nobody can foresee it and put it into a text.
func boundary(m Mail) string {
	sum := sha256.Sum256([]byte(m.MessageID + "\x00" + m.Text + "\x00" + m.HTML))
	return hex.EncodeToString(sum[:20])
}

// Describe is m for the run page: headers, text and HTML as they would go, but for the date.
func (m Mail) Describe() string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, OneLine(value))
		}
	}
	line("From", m.From)
	line("To", m.To)
	line("Reply-To", m.ReplyTo)
	line("Subject", m.Subject)
	if m.MessageID != "" {
		line("Message-ID", "<"+m.MessageID+">")
	}
	text := m.Text
	if text == "" {
		text = TextOf(m.HTML)
	}
	fmt.Fprintf(&b, "\n%s\n", strings.TrimRight(text, "\n"))
	if m.HTML != "" {
		fmt.Fprintf(&b, "\n--- HTML ---\n%s\n", m.HTML)
	}
	return b.String()
}
