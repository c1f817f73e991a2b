package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"

	"cartwheel/engine"
)

// Classify turns a failed call to host into what people read and the engine acts on. An engine.Error stays as it is, the
// guard's no is Rejected, every other failure Temporary; but once the request has begun to go out (began) its
// outcome is UnknownOutcome. nil stays nil. What a host that is known to be down has failed at is Free, and
// waits for the breaker's next try.
func Classify(err error, host string, began bool) *engine.Error {
	if err == nil {
		return nil
	}
	if k, ok := errors.AsType[*known](err); ok {
		e := *Classify(k.err, host, began)
		e.Free, e.Wait = true, k.wait
		return &e
	}
	if e, ok := errors.AsType[*engine.Error](err); ok {
		return e
	}
	if r, ok := errors.AsType[*refusal](err); ok {
		return r.engineError(host)
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err // its text repeats the whole URL, which does not belong into logs
	}
	if began {
		return &engine.Error{Code: engine.UnknownOutcome, Op: "outbound", Err: err,
			Message: fmt.Sprintf("The answer of %s was lost, so what was sent may have taken effect: %s.", host, describe(err, host))}
	}
	return &engine.Error{Code: engine.Temporary, Op: "outbound", Err: err, Message: sentence(describe(err, host)) + "."}
}

// describe says what happened, without a full stop.
func describe(err error, host string) string {
	if s := describeName(err, host); s != "" {
		return s
	}
	if s := describeTLS(err, host); s != "" {
		return s
	}
	timeout, isNet := errors.AsType[net.Error](err)
	switch {
	case errors.Is(err, context.Canceled):
		return "the call to " + host + " was stopped before it ended"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), isNet && timeout.Timeout():
		return host + " did not answer in time"
	case errors.Is(err, syscall.ECONNREFUSED):
		return host + " refused the connection; check the host and the port, and whether the service is running"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return host + " cannot be reached from this network"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF),
		errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return host + " closed the connection before its answer was complete"
	default:
		return "the connection to " + host + " failed"
	}
}

func describeName(err error, host string) string {
	dns, ok := errors.AsType[*net.DNSError](err)
	switch {
	case !ok:
		return ""
	case dns.IsNotFound:
		return host + " is not known to the DNS; check the spelling of the host"
	default:
		return "the DNS gave no answer for " + host
	}
}

func describeTLS(err error, host string) string {
	_, authority := errors.AsType[x509.UnknownAuthorityError](err)
	_, name := errors.AsType[x509.HostnameError](err)
	invalid, isInvalid := errors.AsType[x509.CertificateInvalidError](err)
	_, record := errors.AsType[tls.RecordHeaderError](err)
	_, alert := errors.AsType[tls.AlertError](err)
	switch {
	case authority:
		return "the TLS certificate of " + host + " was issued by an authority that is not trusted here"
	case name:
		return "the TLS certificate of " + host + " is for another host"
	case isInvalid && invalid.Reason == x509.Expired:
		return "the TLS certificate of " + host + " has expired or is not valid yet"
	case isInvalid:
		return "the TLS certificate of " + host + " is not valid"
	case record, errors.Is(err, http.ErrSchemeMismatch):
		return host + " does not speak TLS on this port; check the port"
	case alert:
		return host + " and Cartwheel could not agree on a TLS connection"
	default:
		return ""
	}
}

// sentence begins s with a capital, unless a host name begins it.
func sentence(s string) string {
	if rest, ok := strings.CutPrefix(s, "the "); ok {
		return "The " + rest
	}
	return s
}
