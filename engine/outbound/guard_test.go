package outbound_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/outbound"
)

// internalServer is what nobody may reach. It counts connections.
type internalServer struct {
	net.Listener
	count atomic.Int32
}

func newInternal(t *testing.T, addr string) *internalServer {
	t.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Skipf("this machine cannot listen on %s: %v", addr, err)
	}
	s := &internalServer{Listener: l}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.count.Add(1)
			_ = c.Close()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
		if n := s.count.Load(); n != 0 {
			t.Errorf("the internal server got %d connections, want 0", n)
		}
	})
	return s
}

func (s *internalServer) port() string {
	_, port, _ := net.SplitHostPort(s.Addr().String())
	return port
}

// ssrfHosts are spellings of addresses inside, and names that lead there.
var ssrfHosts = []string{
	"127.0.0.1", "127.1", "127.0.1", "127.127.127.127", "0", "0.0.0.0", "localhost", "LOCALHOST", "localhost.",
	"2130706433", "0x7f000001", "0x7f.0.0.1", "017700000001", "0177.0.0.1", "127.0.0.1.", "[::1]", "[::]",
	"[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
	"[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::]", "[fe80::1%25lo]", "[::1%25eth0]", "[fc00::1]",
	"[fd00:ec2::254]", "169.254.169.254", "2852039166", "0xA9FEA9FE", "169.254.43518", "[::ffff:169.254.169.254]",
	"100.100.100.200", "192.0.0.192", "metadata.google.internal", "10.0.0.1", "172.16.0.1", "192.168.0.1",
	"100.64.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "①②⑦.⓪.⓪.①", "127。0。0。1",
	"127%2e0%2e0%2e1", "example.com@127.0.0.1", "127.0.0.1\t", "127.0.0.1%00.example.com", "[0000::1]",
	"127.0.0.1.nip.io", "rebind.test", "cname-internal.test", "aaaa-only.test", "mixed.test",
}

// ssrfURLs are sent as they are.
var ssrfURLs = []string{
	"http://169.254.169.254/latest/meta-data/", "http://example.com:80@127.0.0.1:80", "http://127.0.0.1#@example.com",
	"http://127.0.0.1:22", `http://127.0.0.1:80\@example.com`, "http://0000::1", "http:127.0.0.1/", "//127.0.0.1/", "file:///etc/passwd",
	"gopher://127.0.0.1:6379/_INFO", "ftp://127.0.0.1/", "dict://127.0.0.1:11211/stats", "unix:///var/run/docker.sock",
	"jar:http://127.0.0.1!/",
}

// libc is how getaddrinfo reads the short, octal, hexadecimal and decimal spellings.
func libc() map[string][][]string {
	m := map[string][][]string{}
	for _, name := range []string{"127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "017700000001", "0177.0.0.1", "127.0.0.1.nip.io", "cname-internal.test", "rebind.test"} {
		m[name] = [][]string{{"127.0.0.1"}}
	}
	for _, name := range []string{"2852039166", "0xa9fea9fe", "169.254.43518", "metadata.google.internal"} {
		m[name] = [][]string{{"169.254.169.254"}}
	}
	m["0"] = [][]string{{"0.0.0.0"}}
	m["aaaa-only.test"] = [][]string{{"::1"}}
	m["mixed.test"] = [][]string{{"10.0.0.1", "127.0.0.1", "::1", "fd00::1"}}
	return m
}

func TestNothingInsideIsReached(t *testing.T) {
	internal := newInternal(t, "127.0.0.1:0")
	for name, answers := range map[string]map[string][][]string{"strict resolver": {}, "resolver like libc": libc()} {
		t.Run(name, func(t *testing.T) {
			g := newGuard(t, outbound.Options{Resolver: newResolver(t, answers)})
			var urls []string
			for _, h := range ssrfHosts {
				urls = append(urls, "http://"+h, "http://"+strings.TrimSuffix(h, "\t")+":"+internal.port()+"/")
			}
			for _, raw := range append(urls, ssrfURLs...) {
				err := get(g, raw)
				var dns *net.DNSError
				if code := engine.CodeOf(err); code != engine.Invalid && code != engine.Rejected && !errors.As(err, &dns) {
					t.Errorf("%q: got %v (%s), want it refused or unknown to the DNS", raw, err, code)
				}
			}
		})
	}
}

// get calls raw as an action does.
func get(g *outbound.Guard, raw string) error {
	u, err := outbound.CheckURL(raw)
	if err != nil {
		return err
	}
	resp, err := g.Client(5 * time.Second).Get(u.String())
	if err != nil {
		return outbound.Classify(err, u.Hostname(), false)
	}
	_ = resp.Body.Close()
	return nil
}

func TestANameThatTurnsInwardAfterACheckIsRefused(t *testing.T) {
	internal := newInternal(t, "127.0.0.1:0")
	resolver := newResolver(t, map[string][][]string{"rebind.test": {{"203.0.113.1"}, {"127.0.0.1"}}})
	if first, err := resolver.LookupHost(context.Background(), "rebind.test"); err != nil || first[0] != "203.0.113.1" {
		t.Fatalf("first answer: got %v, %v; want 203.0.113.1", first, err)
	}
	err := get(newGuard(t, outbound.Options{Resolver: resolver}), "http://rebind.test:"+internal.port())
	wantCode(t, "rebind.test", err, engine.Rejected)
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	internal := newInternal(t, "127.0.0.1:0")
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, location := range []string{"http://" + internal.Addr().String() + "/", "http://[::1", "//127.0.0.1:" + internal.port()} {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", location)
				w.WriteHeader(status)
			}))
			g := newGuard(t, outbound.Options{}, "127.0.0.0/8")
			resp, err := g.Client(0).Post(s.URL, "text/plain", strings.NewReader("x"))
			if err != nil {
				t.Fatalf("%d to %s: got %v, want the answer itself", status, location, err)
			}
			_ = resp.Body.Close()
			if resp.StatusCode != status {
				t.Errorf("%d to %s: got %d, want %d", status, location, resp.StatusCode, status)
			}
			g.CloseIdle()
			s.Close()
		}
	}
}

func TestAllowPrivateOpensItsRangeOnAnyPort(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }))
	defer s.Close()
	for _, c := range []struct {
		allowed string
		want    engine.Code
	}{{"127.0.0.1/32", ""}, {"127.0.0.0/8", ""}, {"127.9.9.9/8", ""}, {"127.0.0.2/32", engine.Rejected}, {"10.0.0.0/8", engine.Rejected}} {
		g := newGuard(t, outbound.Options{}, c.allowed)
		wantCode(t, c.allowed, get(g, s.URL), c.want)
		g.CloseIdle()
	}
}

func TestPlainClientStaysWithinAllowPrivate(t *testing.T) {
	g := newGuard(t, outbound.Options{}, "127.0.0.1/32")
	for _, addr := range []string{"8.8.8.8:80", "127.0.0.2:80", "[2606:4700::1]:80"} {
		resp, err := g.PlainClient(time.Second).Get("http://" + addr)
		if err == nil {
			_ = resp.Body.Close()
		}
		wantCode(t, addr, outbound.Classify(err, addr, false), engine.Rejected)
	}
}

func TestPortsOfOtherServicesAreRefused(t *testing.T) {
	if !slices.IsSorted(outbound.BlockedPorts()) {
		t.Fatal("the blocked ports are not sorted, so they cannot be searched")
	}
	for _, c := range []struct {
		port       uint16
		http, mail bool
	}{{80, false, false}, {443, false, false}, {8443, false, false}, {25, true, false}, {465, true, false}, {587, true, false}, {22, true, true}, {6000, true, true}, {10080, true, true}} {
		if got := outbound.BlockedPort(c.port, false); got != c.http {
			t.Errorf("port %d for HTTP: got blocked %v, want %v", c.port, got, c.http)
		}
		if got := outbound.BlockedPort(c.port, true); got != c.mail {
			t.Errorf("port %d for mail: got blocked %v, want %v", c.port, got, c.mail)
		}
	}
	wantCode(t, "port 6000", get(newGuard(t, outbound.Options{}), "http://8.8.8.8:6000"), engine.Rejected)
}

func TestObserveSeesEveryAnswer(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	defer s.Close()
	var seen []string
	g := newGuard(t, outbound.Options{Observe: func(kind, host string, status int, _ time.Duration) {
		seen = append(seen, fmt.Sprintf("%s %s %d", kind, host, status))
	}}, "127.0.0.1/32")
	_ = get(g, s.URL)
	_ = get(g, "http://127.0.0.2:1")
	if want := []string{"http 127.0.0.1 404", "http 127.0.0.2 0"}; !slices.Equal(seen, want) {
		t.Errorf("got %v, want %v", seen, want)
	}
}

func TestTLSIsCheckedAgainstTheGivenRoots(t *testing.T) {
	s := httptest.NewTLSServer(http.NotFoundHandler())
	defer s.Close()
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains about the handshake
	err := get(newGuard(t, outbound.Options{}, "127.0.0.1/32"), s.URL)
	wantCode(t, s.URL, err, engine.Temporary)
	if !strings.Contains(engine.MessageOf(err), "not trusted") {
		t.Errorf("got %q, want it to say that the certificate is not trusted", engine.MessageOf(err))
	}
	if err := get(newGuard(t, outbound.Options{RootCAs: s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}, "127.0.0.1/32"), s.URL); err != nil {
		t.Errorf("with its root: got %v, want no error", err)
	}
}
