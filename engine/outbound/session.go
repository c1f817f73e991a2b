package outbound

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/wneessen/go-mail/smtp"

	"cartwheel/engine"
)

const maxSession = 1 << 20 // bytes that a mail server may say in one conversation

// session is one conversation with a mail server. go-mail's own Client is not used for it: it does not tell
// at which command a connection was lost, and that decides between "try again" and "may have been sent".
type session struct {
	g       *Guard
	server  SMTP
	ctx     context.Context // of this conversation
	cancel  func()
	conn    net.Conn
	client  *smtp.Client
	started time.Time
	code    int  // the last one answered, for Observe
	lost    bool // nothing more may be said: a line now could end a half-sent mail
	named   bool // the sender was taken: what is refused from here on may be the fault of this mail
}

// signIn connects, encrypts and signs in. With an error the session has ended; what is left of it can judge.
func (g *Guard) signIn(ctx context.Context, server SMTP) (*session, error) {
	s, err := g.connect(ctx, server)
	if err != nil {
		return s, err
	}
	for _, step := range []func() error{s.encrypt, s.authenticate} {
		if err := step(); err != nil {
			s.close()
			return s, err
		}
	}
	return s, nil
}

// connect dials and hears the greeting; with EncryptTLS under TLS. With an error the session has ended.
func (g *Guard) connect(parent context.Context, server SMTP) (*session, error) {
	ctx, cancel := context.WithTimeout(parent, signInTime+deliverTime)
	s := &session{g: g, server: server, ctx: ctx, cancel: cancel, started: g.opts.Now()}
	dialCtx, stop := context.WithTimeout(ctx, signInTime)
	defer stop()
	dialer := g.dialer(use{mail: true, privateOnly: server.Encryption == EncryptNone})
	conn, err := dialer.DialContext(dialCtx, "tcp", server.address())
	if err != nil {
		cancel()
		s.report()
		return s, Classify(err, server.Host, false)
	}
	// Closing the connection is what makes a waiting read return when ctx ends.
	detach := context.AfterFunc(ctx, func() { _ = conn.Close() })
	s.cancel = func() { detach(); cancel() }
	s.conn = &quota{Conn: conn}
	_ = conn.SetDeadline(time.Now().Add(signInTime)) // the first read tells if it failed
	if err := s.greet(dialCtx); err != nil {
		s.close()
		return s, err
	}
	return s, nil
}

func (s *session) greet(ctx context.Context) error {
	conn := s.conn
	if s.server.Encryption == EncryptTLS {
		secure := tls.Client(conn, s.tlsConfig())
		if err := secure.HandshakeContext(ctx); err != nil {
			return s.failed(err, false)
		}
		conn = secure
	}
	client, err := smtp.NewClient(conn, s.server.Host)
	if err != nil {
		return s.failed(err, false)
	}
	s.client = client
	if err := client.Hello(s.name()); err != nil {
		return s.failed(err, false)
	}
	return nil
}

// name is who we are in EHLO: an address literal (RFC 5321, 4.1.3), which tells nothing about the machine's names.
func (s *session) name() string {
	host, _, err := net.SplitHostPort(s.conn.LocalAddr().String())
	switch {
	case err != nil:
		return "localhost"
	case strings.Contains(host, ":"):
		host, _, _ = strings.Cut(host, "%") // no zone
		return "[IPv6:" + host + "]"
	default:
		return "[" + host + "]"
	}
}

func (s *session) tlsConfig() *tls.Config {
	return &tls.Config{ServerName: s.server.Host, RootCAs: s.g.opts.RootCAs, MinVersion: tls.VersionTLS12}
}

func (s *session) encrypt() error {
	if s.server.Encryption != EncryptSTARTTLS {
		return nil
	}
	if ok, _ := s.client.Extension("STARTTLS"); !ok {
		return engine.Errorf(engine.Rejected, "%s does not offer STARTTLS on port %d, and mail is not sent unencrypted. Choose the encryption tls (usually port 465) or another server.", s.server.Host, s.server.Port)
	}
	if err := s.client.StartTLS(s.tlsConfig()); err != nil {
		return s.failed(err, false)
	}
	return nil
}

func (s *session) authenticate() error {
	if s.server.Username == "" {
		return nil
	}
	_, offered := s.client.Extension("AUTH")
	mechanism := s.mechanism(strings.Fields(strings.ToUpper(offered)))
	if mechanism == nil {
		return engine.Errorf(engine.Rejected, "%s offers no way to sign in that Cartwheel knows (PLAIN, LOGIN, CRAM-MD5). Check the port and the encryption, or leave the user name empty.", s.server.Host)
	}
	err := s.client.Auth(mechanism)
	if err == nil {
		return nil
	}
	if reply, ok := errors.AsType[*textproto.Error](err); ok && reply.Code >= 500 {
		s.code = reply.Code
		return &engine.Error{Code: engine.Denied, Op: "outbound.signIn", Err: err,
			Message: s.server.Host + " refused the sign-in: " + s.words(reply) + " Check the user name and the password of the authentication."}
	}
	return s.failed(err, false)
}

// mechanism is the way to sign in that is surest to work. The connection is encrypted, or private by the operator's word.
func (s *session) mechanism(offered []string) smtp.Auth {
	user, password, host := s.server.Username, s.server.Password, s.server.Host
	switch {
	case slices.Contains(offered, "PLAIN"):
		return smtp.PlainAuth("", user, password, host, true)
	case slices.Contains(offered, "LOGIN"):
		return smtp.LoginAuth(user, password, host, true)
	case slices.Contains(offered, "CRAM-MD5"):
		return smtp.CRAMMD5Auth(user, password)
	default:
		return nil
	}
}

// deliver says MAIL, RCPT and DATA.
func (s *session) deliver(l *letter) (accepted string, err error) {
	_ = s.conn.SetDeadline(time.Now().Add(deliverTime)) // the next read tells if it failed
	if err := s.client.Mail("<" + l.from.Mail + ">"); err != nil {
		return "", s.failed(err, false)
	}
	s.named = true
	if err := s.client.Rcpt("<" + l.to.Mail + ">"); err != nil {
		return "", s.failed(err, false)
	}
	w, err := s.client.Data()
	if err != nil {
		return "", s.failed(err, false)
	}
	if _, err := w.Write(l.content); err != nil {
		return "", s.failed(err, true)
	}
	if err := w.Close(); err != nil {
		return "", s.failed(err, true)
	}
	s.code = 250
	accepted = "250"
	if d, ok := w.(*smtp.DataCloser); ok {
		accepted = strings.TrimSpace("250 " + Cut(OneLine(s.server.redact(d.ServerResponse())), 200))
	}
	return accepted, nil
}

// failed classifies err; began: the content has begun to go out and was not answered.
func (s *session) failed(err error, began bool) error {
	if reply, ok := errors.AsType[*textproto.Error](err); ok {
		return s.refused(reply)
	}
	s.lost = true
	if cause := s.ctx.Err(); cause != nil {
		err = errors.Join(cause, err) // the closed connection is only how it showed
	}
	return Classify(err, s.server.Host, began)
}

// judge tells the breaker how a delivery went, and says of err whether the server is known to be down.
func (s *session) judge(ctx context.Context, p *pass, err error) error {
	wait, isDown := p.leave(s.verdict(ctx, err))
	if e, ok := errors.AsType[*engine.Error](err); ok && isDown {
		spared := *e
		spared.Free, spared.Wait = true, wait
		return &spared
	}
	return err
}

// verdict: a server that refuses for the moment before it knows whose mail it is, or hangs up, is down for every mail.
// What it refuses after that counts for this mail alone, but for 421, with which it closes down (RFC 5321, 3.8).
func (s *session) verdict(ctx context.Context, err error) verdict {
	reply, answered := errors.AsType[*textproto.Error](err)
	switch {
	case err == nil:
		return works
	case answered && (reply.Code == 421 || reply.Code/100 == 4 && !s.named):
		return down
	case answered:
		return works
	case ctx.Err() != nil, engine.CodeOf(err) == engine.Rejected, !blamesHost(err):
		return nothing
	default:
		return down
	}
}

// refused is an answer that says no.
func (s *session) refused(reply *textproto.Error) error {
	s.code = reply.Code
	e := &engine.Error{Code: engine.Rejected, Op: "outbound.smtp", Err: reply, Message: s.server.Host + " answered " + s.words(reply)}
	switch {
	case reply.Code/100 == 4:
		e.Code = engine.Temporary
	case reply.Code == 530 || reply.Code == 534 || reply.Code == 535 || reply.Code == 538:
		e.Code = engine.Denied
		e.Message += " Check the user name, the password and the encryption of the authentication."
	}
	return e
}

// words is what a server said: "550 5.1.1 no such user."
func (s *session) words(reply *textproto.Error) string {
	text := strings.TrimRight(OneLine(fmt.Sprintf("%d %s", reply.Code, s.server.redact(reply.Msg))), ".")
	return Cut(text, 200) + "."
}

// close says good-bye if there is somebody to say it to, and always ends the connection.
func (s *session) close() {
	if s.client != nil && !s.lost && s.ctx.Err() == nil {
		_ = s.conn.SetDeadline(time.Now().Add(time.Second))
		_ = s.client.Quit() // the mail is out, or not; this changes nothing
	}
	s.cancel()
	_ = s.conn.Close()
	s.report()
}

func (s *session) report() { s.g.observe(KindSMTP, s.server.Host, s.code, s.started) }

// quota is a connection whose other side may not talk for ever: the reader behind it gathers whole lines.
type quota struct {
	net.Conn
	heard atomic.Int64
}

// Read reads while the quota lasts.
func (q *quota) Read(p []byte) (int, error) {
	n, err := q.Conn.Read(p)
	if q.heard.Add(int64(n)) > maxSession {
		return 0, errors.New("outbound: the mail server talks too much")
	}
	return n, err
}
