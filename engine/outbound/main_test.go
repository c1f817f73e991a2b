package outbound_test

import (
	"net/netip"
	"testing"

	"go.uber.org/goleak"

	"cartwheel/engine"
	"cartwheel/engine/outbound"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newGuard allows only the given ranges, and closes its connections at the end.
func newGuard(t *testing.T, o outbound.Options, allowed ...string) *outbound.Guard {
	t.Helper()
	for _, a := range allowed {
		o.AllowPrivate = append(o.AllowPrivate, netip.MustParsePrefix(a))
	}
	g := outbound.New(o)
	t.Cleanup(g.CloseIdle)
	return g
}

func wantCode(t *testing.T, input any, err error, want engine.Code) {
	t.Helper()
	if got := engine.CodeOf(err); got != want {
		t.Errorf("%v: got code %q (%v), want %q", input, got, err, want)
	}
}
