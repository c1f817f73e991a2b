package engine

import (
	"context"
	"testing"
	"time"
)

// nothingSent is a store of the first day.
type nothingSent struct{}

func (nothingSent) CountedMails(context.Context, time.Time) ([]CountedMail, error) { return nil, nil }

// A clock that was ahead, and is put right, makes nobody wait longer than a limit's own time.
func TestLimitsOutliveAClockThatIsPutBack(t *testing.T) {
	counts := newMailCounts(nothingSent{})
	counts.limit(SendingSettings{PerRecipientDay: 2, PerWorkflowHour: 3})
	ahead := time.Date(2027, 3, 4, 9, 15, 0, 0, time.UTC)
	right := ahead.AddDate(-1, 0, 0)
	for _, c := range []struct {
		name      string
		at        time.Time
		recipient string
		want      refusedMail
	}{
		{"ahead", ahead, "a@example.com", refusedMail{}},
		{"ahead", ahead.Add(time.Minute), "A@Example.com", refusedMail{}},
		{"one too many", ahead.Add(2 * time.Minute), "a@example.com", refusedMail{recipient: true, limit: 2}},
		{"put right", right, "a@example.com", refusedMail{recipient: true, limit: 2}},
		{"somebody else", right, "b@example.com", refusedMail{}},
		{"the workflow is full", right.Add(time.Minute), "c@example.com", refusedMail{workflow: true, limit: 3, wait: 59 * time.Minute}},
		{"an hour later", right.Add(time.Hour), "c@example.com", refusedMail{}},
		{"a day later", right.Add(24 * time.Hour), "a@example.com", refusedMail{}},
	} {
		got, err := counts.take(t.Context(), &CountedMail{StepID: "mail", WorkflowID: "w", Recipient: recipientOf(c.recipient), At: c.at}, false)
		if err != nil || got != c.want {
			t.Errorf("%s: got %+v %v, want %+v", c.name, got, err, c.want)
		}
	}
	counts.forget(right.Add(72 * time.Hour))
	if len(counts.recipients)+len(counts.workflows)+len(counts.waiting) != 0 {
		t.Errorf("after three days %d recipients and %d workflows are remembered", len(counts.recipients), len(counts.workflows))
	}
}
