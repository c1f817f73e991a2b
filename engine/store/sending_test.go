package store_test

import (
	"fmt"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/store"
)

// Mails are counted by the commits that begin and take back their attempts, and forgotten a day later.
func TestMailsAreCountedWithTheirRuns(t *testing.T) {
	f := setup(t, store.Options{Exclusive: true})
	mail := func(step string, recipient byte) *engine.CountedMail {
		return &engine.CountedMail{StepID: step, WorkflowID: "w", Recipient: engine.Recipient{recipient}, At: f.clock.now()}
	}
	f.publish("w")
	e := f.event(1, 1)
	f.add(e)
	decided := engine.Decided{EventID: e.ID, Decisions: []engine.Decision{fired("w", "run-1")}, Job: eventJob(e, 1),
		Matches: []engine.Match{{Start: &engine.RunChange{Status: engine.RunRunning, Hold: true, Counted: mail("first", 1)}}}}
	if _, err := f.SaveDecisions(f.ctx, decided); err != nil {
		t.Fatal(err)
	}
	f.counted("01")

	f.clock.add(time.Hour)
	second := mail("second", 2)
	revision, err := f.SaveRun(f.ctx, engine.RunChange{RunID: "run-1", Revision: 1, Status: engine.RunRunning, Hold: true, Counted: second})
	f.ok(err)
	f.counted("01 02")
	_, err = f.SaveRun(f.ctx, engine.RunChange{RunID: "run-1", Revision: 1, Status: engine.RunRunning, Hold: true, Counted: mail("late", 3)})
	f.code(engine.Conflict, err)
	f.counted("01 02")

	f.clock.add(23*time.Hour + time.Minute)
	now := f.clock.now()
	_, err = f.deleteOld(now.Add(-90*day), now.Add(-30*day), now.Add(-35*day), 100)
	f.ok(err)
	f.counted("02")

	_, err = f.SaveRun(f.ctx, engine.RunChange{RunID: "run-1", Revision: revision, Status: engine.RunWaiting, Hold: true, Uncounted: second})
	f.ok(err)
	f.counted("")
}

// counted checks the recipients of the mails that count, oldest first.
func (f fixture) counted(want string) {
	f.t.Helper()
	all, err := f.CountedMails(f.ctx, time.Time{})
	f.ok(err)
	got := ""
	for i, m := range all {
		if i > 0 {
			got += " "
		}
		got += fmt.Sprintf("%02x", m.Recipient[0])
		if m.WorkflowID != "w" || m.At.IsZero() {
			f.t.Errorf("got %+v, want a mail of w with its time", m)
		}
	}
	if got != want {
		f.t.Errorf("counted are %q, want %q", got, want)
	}
}
