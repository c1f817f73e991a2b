// Package outbound is the one way out. Every connection that Cartwheel opens, to
// a store, to an HTTP endpoint or to a mail server, is dialled by a Guard.
//
// The Guard looks at the address that is really dialled, after the DNS has
// answered, so that neither an odd spelling of 127.0.0.1 nor a name whose
// answer changes between check and use gets past it. Private, loopback and
// other special addresses are refused unless the operator has allowed them.
// Redirects are never followed and proxies never asked: either would send a
// request, and its credential, where nobody has checked.
//
// Failures become an engine.Error (Classify) that says which host did what and
// whether another try is worth it.
package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/netip"
	"time"

	"code.dny.dev/ssrf"
)

const (
	dialTimeout     = 10 * time.Second // connecting, and again for TLS
	idleTimeout     = 60 * time.Second
	maxHeaderBytes  = 64 << 10 // of an HTTP answer
	maxIdleConns    = 1024
	maxIdlePerHost  = 512 // as many as one store is asked at once: opening one costs more than keeping it for a minute
	defaultDeadline = 30 * time.Second

	// Of each HTTP/1 connection, idle or not, and there may be hundreds. The headers of most answers and whole requests fit; bodies pass them by.
	readBuffer  = 2 << 10
	writeBuffer = 1 << 10
)

// The kinds that Options.Observe is told.
const (
	KindHTTP = "http"
	KindSMTP = "smtp"
)

// Options are what a Guard needs; all of them may be left out.
type Options struct {
	// AllowPrivate are the ranges that may be reached although they are private, on any port.
	AllowPrivate []netip.Prefix
	Now          func() time.Time // nil: time.Now
	Resolver     *net.Resolver    // nil: the system's
	// Observe is told of every HTTP answer and SMTP conversation. status is the HTTP status or the last
	// SMTP code, 0 when there was none. May be nil; must not block.
	Observe func(kind, host string, status int, d time.Duration)
	RootCAs *x509.CertPool // nil: the system's
	// OnBreaker is told when a target ("https://hooks.example.com:443", "smtp://mail.example.com:587") is known to be
	// down (open), and when it answers again, is forgotten or was closed. May be nil; must not block.
	OnBreaker func(target string, open bool)
}

// Guard opens connections, to where it is allowed. Make it with New; it is safe for concurrent use.
type Guard struct {
	opts     Options
	special  *ssrf.Guardian
	open     *http.Transport // for anything
	plain    *http.Transport // for addresses in AllowPrivate only
	breakers *breakers       // nil: none
}

// New makes a Guard. It opens nothing.
func New(o Options) *Guard {
	if o.Now == nil {
		o.Now = time.Now
	}
	prefixes := make([]netip.Prefix, len(o.AllowPrivate))
	for i, p := range o.AllowPrivate {
		prefixes[i] = p.Masked()
	}
	o.AllowPrivate = prefixes
	g := &Guard{opts: o, special: ssrf.New(ssrf.WithAnyPort()), breakers: newBreakers(o.Now, o.OnBreaker)}
	g.open = g.transport(use{})
	g.plain = g.transport(use{privateOnly: true})
	return g
}

func (g *Guard) transport(u use) *http.Transport {
	dialer := g.dialer(u)
	return &http.Transport{
		Proxy:                  nil, // a proxy would dial for us, past the guard
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: g.opts.RootCAs, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    dialTimeout,
		ExpectContinueTimeout:  time.Second,
		ForceAttemptHTTP2:      true, // a dialer of our own turns it off otherwise
		MaxIdleConns:           maxIdleConns,
		MaxIdleConnsPerHost:    maxIdlePerHost,
		IdleConnTimeout:        idleTimeout,
		MaxResponseHeaderBytes: maxHeaderBytes,
		ReadBufferSize:         readBuffer,
		WriteBufferSize:        writeBuffer,
	}
}

// WithoutBreaker is the same guard with the same connections for who looks after the availability of its hosts itself,
// or wants a try whatever is known: every attempt is made.
func (g *Guard) WithoutBreaker() *Guard {
	bare := *g
	bare.breakers = nil
	return &bare
}

// Client returns an HTTP client behind the guard and the breaker. All clients share their idle connections. timeout is
// for the whole exchange, the body included; 0 means 30 s. Redirects come back as they are. Bodies are
// unpacked while they are read, without a limit: read them with ReadBody, and close them.
//
// While a host is known to be down, calls fail at once with an engine.Error that is Temporary and
// Free; see Classify.
func (g *Guard) Client(timeout time.Duration) *http.Client { return g.client(g.open, timeout) }

// PlainClient is Client, but reaches nothing outside AllowPrivate. A credential goes over http
// without TLS with this client only, whatever the DNS says.
func (g *Guard) PlainClient(timeout time.Duration) *http.Client { return g.client(g.plain, timeout) }

// Exchange makes one call as Client does, for who makes thousands: without http.Client's care for redirects, cookies and
// passwords in URLs, of which there are none here, it copies no headers. For the error see Classify.
func (g *Guard) Exchange(r *http.Request, timeout time.Duration) (*http.Response, error) {
	return g.watched(g.open, timeout).RoundTrip(r)
}

// PlainExchange is Exchange, but reaches nothing outside AllowPrivate, as PlainClient.
func (g *Guard) PlainExchange(r *http.Request, timeout time.Duration) (*http.Response, error) {
	return g.watched(g.plain, timeout).RoundTrip(r)
}

func (g *Guard) watched(t *http.Transport, timeout time.Duration) watched {
	if timeout <= 0 {
		timeout = defaultDeadline
	}
	return watched{g, t, timeout}
}

func (g *Guard) client(t *http.Transport, timeout time.Duration) *http.Client {
	return &http.Client{ // no Timeout: it would make a text of the error that says what is known
		Transport: g.watched(t, timeout),
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}
}

func (g *Guard) observe(kind, host string, status int, started time.Time) {
	if g.opts.Observe != nil {
		g.opts.Observe(kind, host, status, g.opts.Now().Sub(started))
	}
}

// CloseIdle closes the connections that nobody uses.
func (g *Guard) CloseIdle() {
	g.open.CloseIdleConnections()
	g.plain.CloseIdleConnections()
}

// DialContext connects to addr (host:port) behind the same guard, with the ports of mail open. network is tcp,
// tcp4 or tcp6. For the error see Classify.
func (g *Guard) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	return g.dialer(use{mail: true}).DialContext(ctx, network, addr)
}
