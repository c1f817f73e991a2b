package engine

import (
	"fmt"
	"testing"
	"time"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func TestTheThrottleRemembersALimitedNumberOfKeys(t *testing.T) {
	th := newThrottle()
	for range freeGuesses {
		th.enter(noon, "as ada@example.com")
	}
	for i := range 3 * maxThrottled / 2 {
		th.enter(noon.Add(time.Duration(i)*time.Millisecond), fmt.Sprint(i))
	}
	if len(th.keys) > maxThrottled {
		t.Errorf("%d keys, want at most %d", len(th.keys), maxThrottled)
	}
	if _, wait := th.enter(noon.Add(time.Minute), fmt.Sprint(3*maxThrottled/2-1)); wait != 0 || th.keys[fmt.Sprint(3*maxThrottled/2-1)].wrong != 2 {
		t.Error("the newest key was forgotten, not the oldest")
	}
	if th.keys["as ada@example.com"] != nil {
		t.Error("the oldest key is still there")
	}
}

func TestTheThrottleForgetsWhatIsLongAgo(t *testing.T) {
	th := newThrottle()
	for range freeGuesses - 1 {
		th.enter(noon, "x")
	}
	if _, wait := th.enter(noon.Add(guessesKept), "x"); wait != 0 {
		t.Fatalf("wait %s", wait)
	}
	if _, wait := th.enter(noon.Add(guessesKept), "x"); wait != 0 {
		t.Errorf("the guesses of an hour ago still count: wait %s", wait)
	}
}

func TestAGuessThatIsGivenBackCountsForNothing(t *testing.T) {
	th := newThrottle()
	for range 100 {
		g, wait := th.enter(noon, "from", "as")
		if wait != 0 {
			t.Fatalf("wait %s", wait)
		}
		g.giveBack("from", "as")
	}
	for range freeGuesses {
		th.enter(noon, "from", "as")
	}
	late := noon.Add(firstWait)
	g, _ := th.enter(late, "from", "as")
	g.giveBack("from")
	g.forget("as")
	if _, wait := th.enter(late, "from"); wait != 0 {
		t.Errorf("who was right has to wait %s", wait)
	}
	if _, wait := th.enter(late, "from"); wait != 2*firstWait {
		t.Errorf("the wrong ones before are forgotten: wait %s, want %s", wait, 2*firstWait)
	}
}

func TestAClockThatIsPutBackKeepsNobodyOut(t *testing.T) {
	th := newThrottle()
	for range freeGuesses {
		th.enter(noon, "x")
	}
	early := noon.Add(-365 * 24 * time.Hour)
	if _, wait := th.enter(early, "x"); wait != longestWait {
		t.Errorf("wait %s, want %s", wait, longestWait)
	}
	if _, wait := th.enter(early.Add(longestWait), "x"); wait != 0 {
		t.Errorf("who has waited as told waits %s more", wait)
	}
}
