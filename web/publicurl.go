package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"cartwheel/engine"
)

// Seen is what a look at our own address from outside has shown. What was not come to is nil.
type Seen struct {
	Address error // it is not public, or its name leads nowhere
	TLS     error // the encryption or the certificate
	Answer  error // nobody answered
	Status  int
	Header  http.Header
}

// lookHeader carries a question to /healthz, and the answer back: only for a question that this process asks just now, so
// that a stranger learns nothing by asking.
const lookHeader = "X-Cartwheel-Look"

// looks are the questions under way with their answers.
type looks struct {
	mu      sync.Mutex
	answers map[string]string
}

func newLooks() *looks { return &looks{answers: map[string]string{}} }

// begin makes a question and its answer; done forgets them.
func (l *looks) begin() (question, answer string, done func()) {
	question, answer = rand.Text(), rand.Text()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answers[question] = answer
	return question, answer, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.answers, question)
	}
}

func (l *looks) answer(c *gin.Context) {
	question := c.GetHeader(lookHeader)
	if question == "" {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if answer, ok := l.answers[question]; ok {
		c.Header(lookHeader, answer)
	}
}

// publicURLJSON says whether a store can reach us.
type publicURLJSON struct {
	OK     bool           `json:"ok"`
	URL    string         `json:"url"`
	Checks []engine.Check `json:"checks"`
}

const tunnelHint = "Put a reverse proxy with a certificate in front of Cartwheel, or use a tunnel such as cloudflared or ngrok, and start Cartwheel with --public-url and that address."

func (s *Server) checkPublicURL(ctx context.Context, _ *struct{}) (*struct{ Body publicURLJSON }, error) {
	out := publicURLJSON{URL: s.PublicURL, OK: true}
	if s.Demo {
		out.Checks = []engine.Check{{Name: "Demo", OK: true, Detail: "The demo's simulated store runs on this machine and reaches " + s.PublicURL + " directly. A real store needs https on port 443."}}
		return &struct{ Body publicURLJSON }{out}, nil
	}
	u := parsedURL(s.PublicURL)
	if u.Hostname() == "" {
		out.OK, out.Checks = false, []engine.Check{{Name: "https", Detail: "There is no public URL that can be read. " + tunnelHint}}
		return &struct{ Body publicURLJSON }{out}, nil
	}
	out.Checks = append(s.checkForm(u), s.checkReach(ctx, u)...)
	for _, c := range out.Checks {
		out.OK = out.OK && c.OK
	}
	return &struct{ Body publicURLJSON }{out}, nil
}

// parsedURL is an empty URL for what cannot be read.
func parsedURL(text string) *url.URL {
	if u, err := url.Parse(text); err == nil {
		return u
	}
	return &url.URL{}
}

// checkForm looks at the address as it is written.
func (s *Server) checkForm(u *url.URL) []engine.Check {
	secure := engine.Check{Name: "https", OK: u.Scheme == "https", Detail: "The address begins with https://."}
	if !secure.OK {
		secure.Detail = "The address begins with " + u.Scheme + "://, and BigCommerce sends webhooks only to https. " + tunnelHint
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	usual := engine.Check{Name: "Port", OK: port == "443", Detail: "It is on port 443."}
	if !usual.OK {
		usual.Detail = fmt.Sprintf("It is on port %s, and BigCommerce sends only to port 443. %s", port, tunnelHint)
	}
	return []engine.Check{secure, usual}
}

// checkReach calls the address and looks who answers.
func (s *Server) checkReach(ctx context.Context, u *url.URL) []engine.Check {
	const address, certificate, answer = "Public address", "Certificate", "Answer"
	if s.Look == nil {
		return []engine.Check{{Name: address, Detail: "This program cannot look at its own address."}}
	}
	question, want, done := s.looks.begin()
	defer done()
	seen := s.Look(ctx, strings.TrimSuffix(s.PublicURL, "/")+"/healthz", http.Header{lookHeader: {question}})
	if seen.Address != nil {
		return []engine.Check{{Name: address, Detail: engine.MessageOf(seen.Address) + " " + tunnelHint}}
	}
	checks := []engine.Check{{Name: address, OK: true, Detail: u.Hostname() + " is not a private address."}}
	if u.Scheme == "https" {
		checks = append(checks, checkCertificate(certificate, u, seen))
		if seen.TLS != nil {
			return checks
		}
	}
	return append(checks, checkAnswer(answer, u, seen, want))
}

func checkCertificate(name string, u *url.URL, seen Seen) engine.Check {
	switch {
	case seen.TLS != nil:
		return engine.Check{Name: name, Detail: engine.MessageOf(seen.TLS) + " BigCommerce refuses it as well: use a certificate of a known authority, for this very host, with its intermediate certificates."}
	case seen.Answer != nil:
		return engine.Check{Name: name, Detail: "It could not be looked at, because nobody answered."}
	default:
		return engine.Check{Name: name, OK: true, Detail: "The certificate of " + u.Hostname() + " is valid."}
	}
}

func checkAnswer(name string, u *url.URL, seen Seen, want string) engine.Check {
	switch {
	case seen.Answer != nil:
		return engine.Check{Name: name, Detail: engine.MessageOf(seen.Answer) + " Check that the tunnel or reverse proxy runs. From some networks an address of their own cannot be called; then look from elsewhere."}
	case seen.Status != http.StatusOK || seen.Header.Get(lookHeader) != want:
		return engine.Check{Name: name, Detail: fmt.Sprintf("%s answers (%d), but it is not this Cartwheel. Let the tunnel or reverse proxy lead to the address that Cartwheel listens on.", u.Host, seen.Status)}
	default:
		return engine.Check{Name: name, OK: true, Detail: "This Cartwheel answers there."}
	}
}
