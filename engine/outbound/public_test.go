package outbound_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"cartwheel/engine"
	"cartwheel/engine/outbound"
)

func TestALookSaysHowFarItCame(t *testing.T) {
	allowed := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Header().Set("X-Echo", r.Header.Get("X-Ask")) }))
	t.Cleanup(secure.Close)
	_, roots := testTLS(t)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + closed.Addr().String()
	_ = closed.Close()
	dns := newResolver(t, map[string][][]string{"inside.example.com": {{"10.1.2.3"}}})
	for _, c := range []struct {
		name, address              string
		options                    outbound.Options
		addressErr, tlsErr, answer string // parts of the messages; "": fine
	}{
		{"private and not allowed", "http://127.0.0.1:8080/healthz", outbound.Options{}, "127.0.0.1 is a private address, which the store cannot reach.", "", "private"},
		{"a name that leads inside", "http://inside.example.com/healthz", outbound.Options{Resolver: dns}, "inside.example.com (10.1.2.3) is a private address", "", "private"},
		{"private, although calls to it are allowed", secure.URL, outbound.Options{AllowPrivate: allowed, RootCAs: roots}, "127.0.0.1 is a private address", "", ""},
		{"no such name", "https://nothing.example.com/", outbound.Options{Resolver: dns}, "nothing.example.com is not known to the DNS", "", "DNS"},
		{"a certificate that nobody knows", secure.URL, outbound.Options{AllowPrivate: allowed}, "", "issued by an authority that is not trusted", "not trusted"},
		{"nobody listens", nobody, outbound.Options{AllowPrivate: allowed}, "", "", "refused the connection"},
		{"no URL", "https://", outbound.Options{}, "The URL has no host", "", "no host"},
	} {
		g := outbound.New(c.options)
		t.Cleanup(g.CloseIdle)
		seen := g.Look(t.Context(), c.address, http.Header{"X-Ask": {"it"}})
		for _, part := range []struct {
			what string
			err  error
			want string
		}{{"address", seen.Address, c.addressErr}, {"TLS", seen.TLS, c.tlsErr}, {"answer", seen.Answer, c.answer}} {
			if (part.err == nil) != (part.want == "") || part.err != nil && !strings.Contains(engine.MessageOf(part.err), part.want) {
				t.Errorf("%s: %s: got %v, want %q", c.name, part.what, part.err, part.want)
			}
		}
		if c.answer == "" && (seen.Status != 200 || seen.Header.Get("X-Echo") != "it") {
			t.Errorf("%s: %+v", c.name, seen)
		}
		g.CloseIdle()
	}
}
