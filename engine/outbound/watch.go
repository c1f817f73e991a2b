package outbound

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"cartwheel/engine"
)

// watched is the one place through which every HTTP request goes: it asks the breaker, keeps the time and reports.
type watched struct {
	g       *Guard
	t       *http.Transport
	timeout time.Duration
}

// RoundTrip makes one exchange.
func (w watched) RoundTrip(r *http.Request) (*http.Response, error) {
	host := r.URL.Hostname()
	p, err := w.g.breakers.enter(targetOf(r.URL), host)
	if err != nil {
		if r.Body != nil {
			_ = r.Body.Close() // as every RoundTripper must
		}
		return nil, err
	}
	timed, cancel := w.timed(r)
	started := w.g.opts.Now()
	resp, err := w.t.RoundTrip(timed)
	status := 0
	if resp != nil {
		status = resp.StatusCode
		dropBadLocation(r.URL, resp.Header)
	}
	w.g.observe(KindHTTP, host, status, started)
	if err != nil {
		cancel()
		return nil, p.lost(r.Context(), err)
	}
	if unavailable(status) {
		if err := p.refused(resp); err != nil {
			cancel()
			_ = resp.Body.Close() // the answer is the status
			return nil, err
		}
	}
	resp.Body = &body{ReadCloser: resp.Body, pass: p, parent: r.Context(), cancel: cancel}
	return resp, nil
}

// timed is r with w's time-out. Who has set an end of his own that comes sooner needs no second clock.
func (w watched) timed(r *http.Request) (*http.Request, context.CancelFunc) {
	if end, ok := r.Context().Deadline(); ok && time.Until(end) <= w.timeout {
		return r, func() {}
	}
	ctx, cancel := context.WithTimeout(r.Context(), w.timeout)
	return r.WithContext(ctx), cancel
}

// dropBadLocation takes away what http.Client would make an error of, although the answer did come.
func dropBadLocation(asked *url.URL, h http.Header) {
	if to := h.Get("Location"); to != "" {
		if _, bad := asked.Parse(to); bad != nil {
			h.Del("Location")
		}
	}
}

// targetOf is scheme, host and port.
func targetOf(u *url.URL) string {
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "https":
		port = "443"
	case u.Scheme == "http":
		port = "80"
	}
	return u.Scheme + "://" + net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}

// unavailable tells the answers by which a gateway says that there is nobody behind it. A 500 is the work of a
// program that runs, and often of what it was sent: it says nothing about other requests.
func unavailable(status int) bool {
	return status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout
}

// lost notes a call without an answer.
func (p *pass) lost(parent context.Context, err error) error {
	v := down
	if parent.Err() != nil || !blamesHost(err) {
		v = nothing
	}
	if wait, isDown := p.leave(v); isDown {
		return &known{err, wait}
	}
	return err
}

// refused notes an answer of a gateway; the error says that the host is known to be down. A 503 that names its time
// speaks for a program that runs, unless it is known better.
func (p *pass) refused(resp *http.Response) error {
	if resp.Header.Get("Retry-After") != "" && !p.probe {
		p.leave(nothing)
		return nil
	}
	wait, isDown := p.leave(down)
	if !isDown {
		return nil
	}
	return &engine.Error{Code: engine.Temporary, Op: "outbound.breaker", Free: true, Wait: wait, Err: fmt.Errorf("status %d", resp.StatusCode),
		Message: fmt.Sprintf("%s answered %d %s.", p.host, resp.StatusCode, http.StatusText(resp.StatusCode))}
}

// blamesHost reports whether an error of a call speaks against the host. The guard's no, a name that does not exist
// and a certificate that does not fit are matters of the configuration: they must
// not be waited for without counting.
func blamesHost(err error) bool {
	if _, ours := errors.AsType[*refusal](err); ours || describeTLS(err, "") != "" {
		return false
	}
	name, isName := errors.AsType[*net.DNSError](err)
	return !isName || !name.IsNotFound
}

// known is a failure of a host that is known to be down.
type known struct {
	err  error
	wait time.Duration
}

// Error is the failure.
func (k *known) Error() string { return k.err.Error() }

// Unwrap is the failure.
func (k *known) Unwrap() error { return k.err }

// body is an answer while it is read. Only its end says whether the host works: one that goes silent in the middle
// of every answer keeps us waiting like one that gives none.
type body struct {
	io.ReadCloser
	pass   *pass
	parent context.Context
	cancel context.CancelFunc
}

// Read reads, and judges by the end.
func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	switch {
	case err == nil:
	case errors.Is(err, io.EOF):
		b.pass.leave(works)
	default:
		err = b.pass.lost(b.parent, err)
	}
	return n, err
}

// Close ends it; who has read enough is content.
func (b *body) Close() error {
	b.pass.leave(works)
	b.cancel()
	return b.ReadCloser.Close()
}
