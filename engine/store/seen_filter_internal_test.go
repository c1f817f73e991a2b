package store

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"testing"
)

func testHash(n int) seenHash {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d", n))
	return seenHash(sum[:])
}

// heldBy are the runs of a group that may hold a hash.
func heldBy(g *runGroup, h seenHash) (runs []int64) {
	g.mayHold(placesOf(h), func(n int64) bool {
		runs = append(runs, n)
		return false
	})
	return runs
}

func TestFiltersNeverDenyAndSeldomErr(t *testing.T) {
	g := newRunGroup()
	for run := range groupRuns {
		if g.full() {
			t.Fatalf("it is full with %d runs", run)
		}
		hashes := make([]seenHash, seenRun)
		for i := range hashes {
			hashes[i] = testHash(run*seenRun + i)
		}
		g.add(int64(1000+run), newFilter(hashes))
	}
	if !g.full() {
		t.Error("it takes more runs than a word has bits")
	}
	for i := 0; i < groupRuns*seenRun; i += 7 {
		if want := int64(1000 + i/seenRun); !slices.Contains(heldBy(g, testHash(i)), want) {
			t.Fatalf("hash %d is in run %d, which denies it", i, want)
		}
	}
	wrong := 0
	for i := range 20_000 {
		wrong += len(heldBy(g, testHash(groupRuns*seenRun+i)))
	}
	if wrong > 20 { // of 1.28 million answers
		t.Errorf("%d times a run says that it holds what it does not, want about 1", wrong)
	}
	if runs := heldBy(newRunGroup(), testHash(1)); runs != nil {
		t.Errorf("an empty group holds something: %v", runs)
	}
}
