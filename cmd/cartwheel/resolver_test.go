package main

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// nameServer answers questions from a table: name to addresses. A name with several entries gives them one
// question after the other, as who rebinds a name does; other names do not exist.
type nameServer struct {
	mu      sync.Mutex
	answers map[string][][]string
	asked   atomic.Int64
}

// resolveBy makes the whole process ask a name server with these answers until the test ends.
func resolveBy(t *testing.T, answers map[string][][]string) *nameServer {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, done, before := &nameServer{answers: answers}, make(chan struct{}), net.DefaultResolver
	go func() { defer close(done); s.serve(conn) }()
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
	t.Cleanup(func() {
		net.DefaultResolver = before
		_ = conn.Close()
		<-done
	})
	return s
}

func (s *nameServer) serve(conn net.PacketConn) {
	buf := make([]byte, 1500)
	for {
		n, from, err := conn.ReadFrom(buf)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
			continue
		}
		s.answer(&m)
		if packed, err := m.Pack(); err == nil {
			_, _ = conn.WriteTo(packed, from)
		}
	}
}

func (s *nameServer) answer(m *dnsmessage.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := m.Questions[0]
	m.Response, m.Authoritative, m.RecursionAvailable, m.Additionals = true, true, true, nil
	name := strings.ToLower(strings.TrimSuffix(q.Name.String(), "."))
	rounds, known := s.answers[name]
	if !known {
		m.RCode = dnsmessage.RCodeNameError
		return
	}
	s.asked.Add(1)
	for _, text := range rounds[0] {
		addr := netip.MustParseAddr(text)
		header := dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET}
		switch {
		case q.Type == dnsmessage.TypeA && addr.Is4():
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AResource{A: addr.As4()}})
		case q.Type == dnsmessage.TypeAAAA && addr.Is6():
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AAAAResource{AAAA: addr.As16()}})
		}
	}
	if len(rounds) > 1 && q.Type == dnsmessage.TypeA {
		s.answers[name] = append(rounds[1:], rounds[0]) // and round again
	}
}

// insideNames are names that lead inside.
var insideNames = []string{"127.0.0.1.nip.io", "metadata.google.internal", "rebind.test", "cname-internal.test", "aaaa-only.test", "mixed.test", "half-public.test"}

// likeLibc is how getaddrinfo reads the short, octal, hexadecimal and decimal spellings, and what the names lead to.
func likeLibc() map[string][][]string {
	inside := [][]string{{"127.0.0.1"}}
	m := map[string][][]string{"0": {{"0.0.0.0"}}, "aaaa-only.test": {{"::1"}}, "mixed.test": {{"10.0.0.1", "127.0.0.1", "::1", "fd00::1"}},
		"half-public.test": {{"203.0.113.1", "127.0.0.1", "2001:db8::1", "::1"}}, "rebind.test": {{"203.0.113.1"}, {"127.0.0.1"}}}
	for _, name := range []string{"127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "017700000001", "0177.0.0.1", "127.0.0.1.nip.io", "cname-internal.test"} {
		m[name] = inside
	}
	for _, name := range []string{"2852039166", "0xa9fea9fe", "169.254.43518", "metadata.google.internal"} {
		m[name] = [][]string{{"169.254.169.254"}}
	}
	return m
}
