//go:build cgo

package outbound_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"cartwheel/engine"
	"cartwheel/engine/outbound"
)

func TestTheSystemsResolverLeadsNowhereInside(t *testing.T) {
	if !strings.Contains(os.Getenv("GODEBUG"), "netdns=cgo") { // Go's own resolver would ask a name server for 127.1
		again := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		again.Env = append(os.Environ(), "GODEBUG=netdns=cgo")
		if out, err := again.CombinedOutput(); err != nil {
			t.Errorf("with the system's resolver: %v\n%s", err, out)
		}
		return
	}
	internal := newInternal(t, "127.0.0.1:0")
	g := newGuard(t, outbound.Options{})
	for _, h := range []string{"127.1", "127.0.1", "0", "2130706433", "0x7f000001", "0x7f.0.0.1", "017700000001", "0177.0.0.1", "localhost", "2852039166", "0xA9FEA9FE", "169.254.43518"} {
		wantCode(t, h, get(g, "http://"+h+":"+internal.port()), engine.Rejected)
	}
}
