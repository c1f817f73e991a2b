package engine_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/store"
)

// fullDisk is a store that can be read only while its disk is full.
type fullDisk struct {
	*store.Store
	full  atomic.Bool
	slow  atomic.Bool // every other look finds it busy
	looks atomic.Int64
}

func (d *fullDisk) write() error {
	if d.full.Load() {
		return engine.Errorf(engine.Temporary, "The disk is full.")
	}
	return nil
}

func (d *fullDisk) Ready(context.Context) error {
	if d.looks.Add(1)%2 == 0 && d.slow.Load() {
		return engine.Errorf(engine.Temporary, "The database is busy.")
	}
	return d.write()
}

func (d *fullDisk) ClaimAlert(ctx context.Context, cause string, since time.Time) (bool, error) {
	if err := d.write(); err != nil {
		return false, err
	}
	return d.Store.ClaimAlert(ctx, cause, since)
}

func (d *fullDisk) DropAlert(ctx context.Context, cause string) error {
	if err := d.write(); err != nil {
		return err
	}
	return d.Store.DropAlert(ctx, cause)
}

// Otherwise the alerts would end without a word.
func TestTheMailServerOfTheAlertsStays(t *testing.T) {
	h, _ := withPost(t)
	alertTo(t, h)
	if err := h.DeleteAuthentication(t.Context(), "mail", 0); engine.CodeOf(err) != engine.Conflict {
		t.Fatalf("got %v, want a conflict", err)
	}
	if err := h.SaveSettings(t.Context(), engine.Settings{Alerts: engine.AlertSettings{AuthenticationID: "mail", To: "owner@example.com"}}); err != nil {
		t.Fatal(err)
	}
	if err := h.DeleteAuthentication(t.Context(), "mail", 0); err != nil {
		t.Fatal("no alerts go out through it:", err)
	}
}

// Nothing can be noted then, and that is just what the owner has to know.
func TestTheOwnerIsToldOfADatabaseThatCannotBeWrittenTo(t *testing.T) {
	h, post := withPost(t)
	alertTo(t, h)
	if err := h.Engine.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	disk := &fullDisk{Store: h.Store}
	disk.slow.Store(true)
	e, err := h.NewEngine(disk)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := e.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	look := func(n int64) {
		t.Helper()
		n += disk.looks.Load()
		h.Await("what needs attention is looked at", func() bool { h.Clock.Advance(time.Minute); return disk.looks.Load() >= n })
	}
	look(6)
	if got := post.subjects(); got != "" {
		t.Fatalf("got %q, want no mail about a slow moment", got)
	}
	post.fail(engine.Errorf(engine.Temporary, "The mail server is down."))
	disk.slow.Store(false)
	disk.full.Store(true)
	look(3)
	post.fail(nil) // what did not go out is tried again
	look(5)
	if got := post.subjects(); got != "Cartwheel: The database cannot be written to" {
		t.Fatalf("got %q, want one mail", got)
	}
	h.Clock.Advance(25 * time.Hour)
	look(3)
	if got := post.subjects(); got != "Cartwheel: The database cannot be written to; Cartwheel: The database cannot be written to" {
		t.Fatalf("a day later: %q, want another mail", got)
	}
}
