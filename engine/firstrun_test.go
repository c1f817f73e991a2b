package engine_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
)

const linkKey = "a-key-of-forty-three-characters-aaaaaaaaaaa"

func TestTheLinkOfTheFirstRunMakesOneOwnerOnce(t *testing.T) {
	h := enginetest.New(t)
	ctx := context.Background()
	open := func(key string, want engine.Code) {
		t.Helper()
		if entry, err := h.FirstRun(ctx, key); engine.CodeOf(err) != want || entry {
			t.Fatalf("got %v, %v, want %q", entry, err, want)
		}
	}
	open(linkKey, engine.Denied) // before it was offered
	h.OfferFirstRun(linkKey)
	open("", engine.Denied)
	open(linkKey+"a", engine.Denied)
	open(linkKey, "")
	open(linkKey, "") // to look at it does not use it up
	for name, c := range map[string][2]string{"no address": {"ada", adaPassword}, "a short password": {adaEmail, "short"}} {
		if _, _, err := h.BecomeOwner(ctx, linkKey, c[0], c[1]); engine.CodeOf(err) != engine.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := h.BecomeOwner(ctx, linkKey+"a", adaEmail, adaPassword); engine.CodeOf(err) != engine.Denied {
		t.Errorf("a wrong key: %v", err)
	}
	token, who, err := h.BecomeOwner(ctx, linkKey, adaEmail, adaPassword)
	if err != nil || who.Role != engine.Admin || who.Name != adaEmail {
		t.Fatalf("got %+v, %v", who, err)
	}
	signedIn(t, h, token, "")
	open(linkKey, engine.Gone)
	open("an old key", engine.Gone)
	if _, _, err := h.BecomeOwner(ctx, linkKey, "eve@example.com", adaPassword); engine.CodeOf(err) != engine.Gone {
		t.Errorf("the second time: %v, want gone", err)
	}
	if users, _, err := h.Users(ctx, engine.Page{}); err != nil || len(users) != 1 {
		t.Errorf("%d users, %v, want the owner alone", len(users), err)
	}
}

func TestTwoAtOnceMakeOneOwner(t *testing.T) {
	h := enginetest.New(t)
	h.OfferFirstRun(linkKey)
	var group sync.WaitGroup
	var mu sync.Mutex
	codes := map[engine.Code]int{}
	for _, email := range []string{"a@example.com", "b@example.com", "c@example.com"} {
		group.Go(func() {
			_, _, err := h.BecomeOwner(context.Background(), linkKey, email, adaPassword)
			mu.Lock()
			defer mu.Unlock()
			codes[engine.CodeOf(err)]++
		})
	}
	group.Wait()
	if codes[""] != 1 || codes[engine.Gone] != 2 {
		t.Errorf("got %v, want one owner and two who are late", codes)
	}
}

func TestTheLinkOfTheFirstRunGetsOld(t *testing.T) {
	h := enginetest.New(t)
	h.OfferFirstRun(linkKey)
	h.Clock.Advance(24*time.Hour - time.Millisecond)
	if _, err := h.FirstRun(context.Background(), linkKey); err != nil {
		t.Fatal(err)
	}
	h.Clock.Advance(time.Millisecond)
	if _, err := h.FirstRun(context.Background(), linkKey); engine.CodeOf(err) != engine.Gone {
		t.Errorf("after a day: %v, want gone", err)
	}
}

func TestTheLinkOfTheDemoSignsInOnce(t *testing.T) {
	h, u := people(t)
	ctx := context.Background()
	h.OfferEntry(linkKey, u.ID)
	if entry, err := h.FirstRun(ctx, linkKey); err != nil || !entry {
		t.Fatalf("got %v, %v", entry, err)
	}
	if _, _, err := h.BecomeOwner(ctx, linkKey, "eve@example.com", adaPassword); engine.CodeOf(err) != engine.Denied {
		t.Errorf("it makes an owner: %v", err)
	}
	token, who, err := h.Enter(ctx, linkKey)
	if err != nil || who.ID != u.ID {
		t.Fatalf("got %+v, %v", who, err)
	}
	signedIn(t, h, token, "")
	if _, _, err := h.Enter(ctx, linkKey); engine.CodeOf(err) != engine.Gone {
		t.Errorf("the second time: %v, want gone", err)
	}
}
