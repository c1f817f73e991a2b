package actions_test

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"cartwheel/actions"
	"cartwheel/engine"
	"cartwheel/engine/outbound"
)

// canary is a secret that must never be seen again.
const canary = "canary/5f1e+c0ffee=secret"

// world is the outside: an HTTP server that echoes what it is sent, and a mail server.
type world struct {
	deps actions.Deps
	http *httptest.Server
	mail *sink
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{http: httptest.NewServer(http.HandlerFunc(echo)), mail: newSink(t)}
	guard := outbound.New(outbound.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	w.deps = actions.Deps{Out: guard, Now: time.Now}
	t.Cleanup(func() { guard.CloseIdle(); w.http.Close() })
	return w
}

// echo answers with everything it got, in every form; /token gives an access token, ?status= chooses the status.
func echo(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/token" {
		_, _ = fmt.Fprintf(w, `{"access_token": %q, "token_type": "bearer", "expires_in": 3600}`, canary+"-token")
		return
	}
	body, _ := io.ReadAll(r.Body)
	var said []string
	for name, values := range r.Header {
		for _, v := range values {
			w.Header().Add("X-Echo", v)
			_, bare, _ := strings.Cut(v, " ")
			for _, s := range []string{v, bare} {
				said = append(said, name+": "+s, url.QueryEscape(s), hex.EncodeToString([]byte(s)), base64.StdEncoding.EncodeToString([]byte(s)))
			}
			if decoded, err := base64.StdEncoding.DecodeString(bare); err == nil {
				said = append(said, string(decoded))
			}
		}
	}
	if r.URL.Query().Get("status") == "400" {
		w.WriteHeader(http.StatusBadRequest)
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"headers": said, "body": string(body)})
}

// auth is an authentication of a type with canaries for all its secrets, and a config that fits this world.
func (w *world) auth(t *testing.T, typ engine.AuthType) engine.Auth {
	t.Helper()
	spec := typ.Spec()
	var config map[string]any
	if err := json.Unmarshal(spec.Example, &config); err != nil {
		t.Fatalf("example of %s: %v", spec.Type, err)
	}
	secrets := map[string]string{}
	for _, f := range spec.Fields {
		if f.Secret {
			secrets[f.Name] = canary
		}
	}
	if _, ok := config["allowed_hosts"]; ok {
		config["allowed_hosts"] = []string{"127.0.0.1"}
	}
	if _, ok := config["token_url"]; ok {
		config["token_url"] = w.http.URL + "/token"
	}
	if spec.Type == outbound.SMTPType {
		config["host"], config["port"], config["encryption"] = "127.0.0.1", w.mail.port, "none"
	}
	raw, _ := json.Marshal(config)
	normal, problems := typ.Normalize(raw)
	if problems != nil {
		t.Fatalf("%s: normalize %s: %v", spec.Type, raw, problems)
	}
	return engine.NewAuth("auth-1", "My "+spec.Type, spec.Type, normal, 1, secrets)
}

// config is an action's Example, aimed at this world.
func (w *world) config(t *testing.T, raw json.RawMessage, query string) json.RawMessage {
	t.Helper()
	var config map[string]any
	if err := json.Unmarshal(raw, &config); err != nil {
		t.Fatalf("example %s: %v", raw, err)
	}
	if _, ok := config["url"]; ok {
		config["url"] = w.http.URL + "/vip" + query
	}
	out, _ := json.Marshal(config)
	return out
}

// sink is a mail server that takes everything from who knows the canary, and keeps it.
type sink struct {
	port   int
	refuse bool // signing in, with the password in the answer

	mu    sync.Mutex
	mails []string
}

func newSink(t *testing.T) *sink {
	t.Helper()
	s := &sink{}
	server := smtp.NewServer(s)
	server.Domain, server.AllowInsecureAuth = "mail.example.com", true
	server.ErrorLog = log.New(io.Discard, "", 0)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen: %v", err)
	}
	s.port = l.Addr().(*net.TCPAddr).Port
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(l) }()
	t.Cleanup(func() { _, _ = server.Close(), l.Close(); <-done }) // Close before Serve knows the listener leaves it open
	return s
}

// NewSession begins a conversation.
func (s *sink) NewSession(*smtp.Conn) (smtp.Session, error) { return &mailSession{sink: s}, nil }

type mailSession struct {
	sink     *sink
	signedIn bool
	from, to string
}

func (m *mailSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (m *mailSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, _, password string) error {
		if m.sink.refuse || password != canary {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "not with " + password}
		}
		m.signedIn = true
		return nil
	}), nil
}

func (m *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	if !m.signedIn {
		return errors.New("sign in first")
	}
	m.from = from
	return nil
}

func (m *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error { m.to = to; return nil }

func (m *mailSession) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	m.sink.mu.Lock()
	defer m.sink.mu.Unlock()
	m.sink.mails = append(m.sink.mails, m.from+" > "+m.to+"\n"+string(text))
	return err
}

func (m *mailSession) Reset()        {}
func (m *mailSession) Logout() error { return nil }

func begin(context.Context) error { return nil }
