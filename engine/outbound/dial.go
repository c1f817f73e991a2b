package outbound

import (
	"fmt"
	"net"
	"net/netip"
	"syscall"

	"cartwheel/engine"
)

// use says what a connection is for.
type use struct {
	mail        bool // the ports of mail are open
	privateOnly bool // nothing outside AllowPrivate
}

// dialer checks each address just before it is connected to: after the DNS, and again for every address a name has.
func (g *Guard) dialer(u use) *net.Dialer {
	return &net.Dialer{
		Timeout:  dialTimeout,
		Resolver: g.opts.Resolver,
		Control: func(network, address string, _ syscall.RawConn) error {
			return g.check(network, address, u)
		},
	}
}

func (g *Guard) check(network, address string, u use) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil || network != "tcp4" && network != "tcp6" {
		return &refusal{address: address, why: special}
	}
	ip := target.Addr().Unmap().WithZone("")
	switch {
	case g.AllowsPlain(ip):
		return nil
	case u.privateOnly:
		return &refusal{address: ip.String(), why: exposed}
	case g.special.SafeAddr(ip) != nil:
		return &refusal{address: ip.String(), why: special}
	case blockedPort(target.Port(), u.mail):
		return &refusal{address: ip.String(), port: target.Port(), why: port}
	default:
		return nil
	}
}

// AllowsPlain reports whether addr is one that the operator has allowed although it is private. Only there may
// credentials travel unencrypted. PlainClient and Encryption none keep to it by themselves.
func (g *Guard) AllowsPlain(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	for _, p := range g.opts.AllowPrivate {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

// refusal is the guard's no.
type refusal struct {
	address string
	port    uint16
	why     reason
}

type reason int

const (
	special reason = iota // private, loopback, or otherwise not the public internet
	exposed               // public, but the connection would be unencrypted
	port                  // not a port for this
)

// Error names the address, for logs.
func (r *refusal) Error() string {
	return fmt.Sprintf("outbound: %s is refused (%d)", r.address, r.why)
}

// engineError says it to people.
func (r *refusal) engineError(host string) *engine.Error {
	e := &engine.Error{Code: engine.Rejected, Op: "outbound.dial", Err: r}
	switch r.why {
	case exposed:
		e.Message = fmt.Sprintf("%s is not in a network given with --allow-private, so credentials may not be sent to it unencrypted. Use https, or for mail starttls or tls.", host)
	case port:
		e.Message = fmt.Sprintf("Port %d of %s is refused: it belongs to another kind of service, and web browsers block it too. Use another port.", r.port, host)
	default:
		e.Message = fmt.Sprintf("%s is a private address. If Cartwheel may call it, start it with --allow-private and its network.", named(host, r.address))
	}
	return e
}

func named(host, address string) string {
	if host == address {
		return host
	}
	return fmt.Sprintf("%s (%s)", host, address)
}
