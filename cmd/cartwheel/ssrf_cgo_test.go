//go:build cgo

package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// getaddrinfo reads 127.1, 0x7f000001 and the like as addresses, without asking anybody.
func TestNothingInsideIsCalledByTheSystemsResolver(t *testing.T) {
	if strings.Contains(os.Getenv("GODEBUG"), "netdns=cgo") {
		nothingInsideIsCalled(t, nil)
		return
	}
	again := exec.CommandContext(shortContext(t), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	again.Env = append(os.Environ(), "GODEBUG=netdns=cgo")
	out, err := again.CombinedOutput()
	if err != nil {
		t.Fatalf("with the system's resolver: %v\n%s", err, out)
	}
	_, count, _ := strings.Cut(string(out), "S4: ")
	count, _, _ = strings.Cut(count, "\n")
	t.Logf("S4, GODEBUG=netdns=cgo in a process of its own: %s", count)
}
