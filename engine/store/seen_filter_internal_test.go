package store

import (
	"crypto/sha256"
	"fmt"
	"testing"
)

func TestASeenFilterNeverDeniesAndSeldomErrs(t *testing.T) {
	hash := func(n int) seenHash {
		sum := sha256.Sum256(fmt.Appendf(nil, "%d", n))
		return seenHash(sum[:])
	}
	hashes := make([]seenHash, seenRun)
	for i := range hashes {
		hashes[i] = hash(i)
	}
	f := newSeenFilter(hashes)
	for i, h := range hashes {
		if !f.mayHold(h) {
			t.Fatalf("hash %d is in it and denied", i)
		}
	}
	wrong := 0
	for i := range 100_000 {
		if f.mayHold(hash(len(hashes) + i)) {
			wrong++
		}
	}
	if wrong > 30 {
		t.Errorf("%d of 100,000 that are not in it are said to be, want about 4", wrong)
	}
	if newSeenFilter(nil).mayHold(hash(1)) {
		t.Error("an empty filter holds something")
	}
}
