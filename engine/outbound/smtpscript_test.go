package outbound_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"cartwheel/engine/outbound"
)

// The stages of a conversation at which a mailServer can be told what to do.
const (
	atGreeting = "greeting"
	atEHLO     = "EHLO"
	atAuth     = "AUTH"
	atMail     = "MAIL"
	atRcpt     = "RCPT"
	atData     = "DATA"
	inContent  = "content" // after its first line
	afterDot   = "dot"     // the answer to the whole content
)

// cut closes the connection instead of answering; hang keeps silent until the other side has gone.
const (
	cut  = "cut"
	hang = "hang"
)

// mailServer speaks just enough SMTP, and misbehaves where its script says so.
type mailServer struct {
	script   map[string]string // stage to reply, cut or hang
	ehlo     []string          // extensions
	secure   *tls.Config       // for STARTTLS, and from the start with tls
	fromByte bool              // TLS from the first byte
	reached  chan string       // gets the stage at which it hangs

	listener net.Listener
	wg       sync.WaitGroup

	mu       sync.Mutex
	commands []string
	messages []string
}

func (s *mailServer) start(t *testing.T) outbound.SMTP {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen: %v", err)
	}
	if s.fromByte {
		l = tls.NewListener(l, s.secure)
	}
	s.listener, s.reached = l, make(chan string, 1)
	s.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.wg.Go(func() { s.talk(c) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); s.wg.Wait() })
	_, port, _ := net.SplitHostPort(l.Addr().String())
	n, _ := strconv.Atoi(port)
	return outbound.SMTP{Host: "127.0.0.1", Port: n, Encryption: outbound.EncryptNone, From: "Shop <shop@example.com>"}
}

// talk is one conversation.
func (s *mailServer) talk(c net.Conn) {
	defer func() { _ = c.Close() }()
	r := bufio.NewReader(c)
	if !s.reply(c, r, atGreeting, "220 mail.example.com ready") {
		return
	}
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		s.note(line)
		switch verb, _, _ := strings.Cut(strings.ToUpper(line), " "); verb {
		case atEHLO:
			lines := append([]string{"mail.example.com"}, s.ehlo...)
			text := ""
			for i, l := range lines {
				text += map[bool]string{true: "250 ", false: "250-"}[i == len(lines)-1] + l + "\r\n"
			}
			if !s.reply(c, r, atEHLO, strings.TrimSuffix(text, "\r\n")) {
				return
			}
		case "STARTTLS":
			_, _ = fmt.Fprint(c, "220 go\r\n")
			c = tls.Server(c, s.secure)
			r = bufio.NewReader(c)
		case atData:
			if !s.reply(c, r, atData, "354 go on") || s.scripted(atData) == "" && !s.content(c, r) {
				return
			}
		case "QUIT":
			_, _ = fmt.Fprint(c, "221 bye\r\n")
			return
		case atAuth:
			if !s.reply(c, r, atAuth, "235 2.7.0 welcome") {
				return
			}
		default:
			if !s.reply(c, r, verb, "250 2.1.0 fine") {
				return
			}
		}
	}
}

func (s *mailServer) content(c net.Conn, r *bufio.Reader) bool {
	var text strings.Builder
	for {
		line, err := r.ReadString('\n')
		if err != nil || s.scripted(inContent) == cut {
			return false
		}
		if line == ".\r\n" {
			break
		}
		text.WriteString(strings.TrimPrefix(line, "."))
	}
	s.mu.Lock()
	s.messages = append(s.messages, text.String())
	s.mu.Unlock()
	return s.reply(c, r, afterDot, "250 2.0.0 queued as 4711")
}

func (s *mailServer) reply(c net.Conn, r *bufio.Reader, stage, ordinary string) bool {
	switch text := s.scripted(stage); text {
	case cut:
		return false
	case hang:
		s.reached <- stage
		_, _ = r.ReadByte() // until the connection ends
		return false
	case "":
		_, err := fmt.Fprint(c, ordinary+"\r\n")
		return err == nil
	default:
		_, err := fmt.Fprint(c, text+"\r\n")
		return err == nil
	}
}

func (s *mailServer) scripted(stage string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.script[stage]
}

// set changes the script: "" for an ordinary answer.
func (s *mailServer) set(stage, reply string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script[stage] = reply
}

func (s *mailServer) note(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commands = append(s.commands, line)
}

// heard are the commands that begin with verb.
func (s *mailServer) heard(verb string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var lines []string
	for _, c := range s.commands {
		if strings.HasPrefix(strings.ToUpper(c), verb) {
			lines = append(lines, c)
		}
	}
	return lines
}

func (s *mailServer) mails() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.messages...)
}

// testTLS is a certificate for 127.0.0.1 and the roots that trust it.
func testTLS(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	s := httptest.NewTLSServer(http.NotFoundHandler())
	defer s.Close()
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return &tls.Config{Certificates: s.TLS.Certificates, MinVersion: tls.VersionTLS12}, roots
}
