package outbound

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"cartwheel/engine"
)

// publicTime is how long our own address may take to answer.
const publicTime = 10 * time.Second

// Seen is what a look at an address from here has shown, as far as it came. What failed is an engine.Error.
type Seen struct {
	Address error // it is no public address, or its name leads nowhere
	TLS     error // the encryption or the certificate
	Answer  error // nobody answered
	Status  int
	Header  http.Header
}

// Look fetches address as somebody from outside would: with the guard, without the breaker, whatever --allow-private says
// about calls. What was not come to is nil in Seen, with Answer saying why.
func (g *Guard) Look(ctx context.Context, address string, header http.Header) Seen {
	u, err := CheckURL(address)
	if err != nil {
		return Seen{Address: err, Answer: err}
	}
	ctx, cancel := context.WithTimeout(ctx, publicTime)
	defer cancel()
	var mu sync.Mutex // the trace may be called by several goroutines at once
	var reached string
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) {
		mu.Lock()
		defer mu.Unlock()
		reached = i.Conn.RemoteAddr().String()
	}})
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		err = badURL("The URL cannot be called.")
		return Seen{Address: err, Answer: err}
	}
	req.Header = header.Clone()
	resp, err := g.WithoutBreaker().Client(publicTime).Do(req)
	mu.Lock()
	defer mu.Unlock()
	if err != nil {
		return missed(err, u)
	}
	defer resp.Body.Close()
	return Seen{Address: g.private(u.Hostname(), reached), Status: resp.StatusCode, Header: resp.Header}
}

// missed sorts a failure by how far the look has come.
func missed(err error, u *url.URL) Seen {
	host := u.Hostname()
	failure := error(Classify(err, host, false))
	if r, ours := errors.AsType[*refusal](err); ours && r.why == special {
		notPublic := notPublic(host, r.address)
		return Seen{Address: notPublic, Answer: notPublic}
	}
	inner := err
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		inner = wrapped.Err
	}
	switch {
	case describeName(inner, host) != "":
		return Seen{Address: failure, Answer: failure}
	case describeTLS(inner, host) != "":
		return Seen{TLS: failure, Answer: failure}
	default:
		return Seen{Answer: failure}
	}
}

// private says that the address behind host is not one of the public internet, although calls to it are allowed.
func (g *Guard) private(host, reached string) error {
	address, err := netip.ParseAddrPort(reached)
	if err != nil { // an answer without a connection: cannot be
		return notPublic(host, reached)
	}
	ip := address.Addr().Unmap().WithZone("")
	if g.special.SafeAddr(ip) == nil {
		return nil
	}
	return notPublic(host, ip.String())
}

func notPublic(host, address string) error {
	if net.ParseIP(host) == nil {
		address = named(host, address)
	}
	return &engine.Error{Code: engine.Rejected, Op: "outbound.Look", Message: fmt.Sprintf("%s is a private address, which the store cannot reach.", address)}
}
