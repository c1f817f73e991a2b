package main

import "testing"

func TestThereIsRoomForGarbageUnderLoadOnly(t *testing.T) {
	const mb = 1 << 20
	for name, c := range map[string]struct {
		live, stacks uint64
		busy         bool
		want         int
	}{
		"idle":                        {8 * mb, 2 * mb, false, 100},
		"before the first collection": {0, 2 * mb, true, 100},
		"small heap":                  {6 * mb, 2 * mb, true, 400},
		"middle heap":                 {18 * mb, 2 * mb, true, 200},
		"thousands that wait":         {18 * mb, 16 * mb, true, 100},
		"nearly a large heap":         {31 * mb, 2 * mb, true, 100},
		"large heap":                  {200 * mb, 2 * mb, true, 150},
		"large heap without work":     {200 * mb, 2 * mb, false, 100},
	} {
		if got := roomFor(c.live, c.stacks, c.busy); got != c.want {
			t.Errorf("%s: got %d %%, want %d %%", name, got, c.want)
		}
	}
}

func TestTheLimitOfMemoryGrowsWithWhatLives(t *testing.T) {
	const mb = 1 << 20
	for _, live := range []uint64{0, 10 * mb, 40 * mb, 400 * mb, 4000 * mb} {
		if got := limitFor(live, live/4); got < 72*mb || uint64(got) < 2*live {
			t.Errorf("%d MB live: a limit of %d MB leaves too little room", live/mb, got/mb)
		}
	}
	if got := limitFor(40*mb, 14*mb); got < 145*mb { // a thousand workflows: with 110 MB the heap was collected all the time
		t.Errorf("40 MB live and 14 MB of stacks: a limit of %d MB keeps the heap from having its room", got/mb)
	}
	if got := limitFor(22*mb, 20*mb); got > 80*mb { // thousands of events that wait for a slow store
		t.Errorf("22 MB live and 20 MB of stacks: a limit of %d MB is more than they need", got/mb)
	}
}
