package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"cartwheel/merge"
)

// A workflow that mails on every order meets a bulk import: the operator can stop everything that leaves, and limits say
// how many mails a recipient and a workflow may have. What waits for either is not lost and goes on by itself.

// SendingSettings say whether steps act, and how many mails may go out. A limit of 0 means the default.
type SendingSettings struct {
	Stopped         bool `json:"stopped"`
	PerRecipientDay int  `json:"per_recipient_day,omitempty"` // mails to one address in 24 hours
	PerWorkflowHour int  `json:"per_workflow_hour,omitempty"` // mails of one workflow in an hour
}

const (
	defaultPerRecipientDay = 100
	defaultPerWorkflowHour = 10_000
	mostMails              = 1_000_000
)

func (s SendingSettings) withDefaults() SendingSettings {
	if s.PerRecipientDay == 0 {
		s.PerRecipientDay = defaultPerRecipientDay
	}
	if s.PerWorkflowHour == 0 {
		s.PerWorkflowHour = defaultPerWorkflowHour
	}
	return s
}

func (s SendingSettings) problems() []merge.Problem {
	var problems []merge.Problem
	for _, limit := range []struct {
		name string
		n    int
	}{{"per_recipient_day", s.PerRecipientDay}, {"per_workflow_hour", s.PerWorkflowHour}} {
		if limit.n < 0 || limit.n > mostMails {
			problems = append(problems, merge.Problem{Location: "body.sending." + limit.name,
				Message: "Write a number from 1 to 1,000,000, or leave it out for the default."})
		}
	}
	return problems
}

// sending is what every step asks before it acts.
type sending struct {
	stopped atomic.Bool
	mails   *mailCounts
	saving  sync.Mutex // what is stored last is what holds
}

// readSending makes the stored settings hold.
func (e *Engine) readSending(ctx context.Context) error {
	e.sending.mails = newMailCounts(e.Store)
	s, err := e.Settings(ctx)
	if err == nil {
		e.sending.set(s.Sending)
	}
	return err
}

// set makes what was chosen hold, and reports whether sending was stopped or started by it.
func (s *sending) set(chosen SendingSettings) (switched bool) {
	s.mails.limit(chosen)
	return s.stopped.Swap(chosen.Stopped) != chosen.Stopped
}

// SendingStopped reports whether steps are kept from acting.
func (e *Engine) SendingStopped() bool { return e.sending.stopped.Load() }

const sendingStopped = "Sending is stopped in the settings."

// Who waits for the settings or for room looks again so soon, not all at the same moment.
const (
	stopLook = 50 * time.Second // with a fifth more: a minute
	roomLook = 4 * time.Minute
)

// halted is what an attempt that may not begin comes back with: it is none.
func halted() *Error {
	return &Error{Code: Temporary, Op: "engine.act", Message: sendingStopped, Free: true, Wait: spread(stopLook)}
}

// Addresser is an Action that writes a mail to one person, who stands in the field to of its config.
type Addresser interface {
	// Recipient returns the bare address that a rendered config writes to; "": it is none, and Do says so.
	Recipient(config json.RawMessage) string
}

// recipientField is the field of an Addresser that names the recipient.
const recipientField = "to"

// chosenRecipient reports whether the operator himself has written the address down: that is his own choice.
func (c *config) chosenRecipient() bool {
	for _, f := range c.fields {
		if f.Name == recipientField && f.text != nil && len(f.text.Codes()) > 0 {
			return false
		}
	}
	return true
}

// recipient is whose limit the step's mail counts for.
func (n *node) recipient(rendered json.RawMessage) Recipient {
	if n.config.chosenRecipient() {
		return Recipient{}
	}
	return recipientOf(n.mail.Recipient(rendered))
}

// countMail counts a mail before its first attempt begins. One too many for its recipient is held for a person, one too many
// for the workflow waits until there is room.
func (w *worker) countMail(ctx context.Context, n *node, s *StepState) (waits bool, err error) {
	if n.mail == nil || len(s.Attempts) > 0 {
		return false, nil
	}
	m := &CountedMail{StepID: n.ID, WorkflowID: w.run.WorkflowID, Recipient: n.recipient(s.Request), At: w.now().Truncate(time.Millisecond)}
	refused, err := w.sending.mails.take(ctx, m, s.ByHand)
	switch {
	case err != nil:
		return true, err
	case refused.recipient:
		return true, w.hold(ctx, n, fmt.Sprintf("The recipient has had %s in 24 hours, which is the limit (Settings, Sending). Retry sends it, cancel leaves it.",
			mails(refused.limit)))
	case refused.workflow:
		wait := min(refused.wait, spread(roomLook))
		return w.waitFree(ctx, n, s, &Error{Wait: wait}, fmt.Sprintf("This workflow has sent %s within an hour, which is the limit (Settings, Sending). It goes on by itself.",
			mails(refused.limit)))
	}
	w.mail.counting = m
	return false, nil
}

// mailCount is what a worker has to write down about the mail that it is at.
type mailCount struct {
	counting   *CountedMail // with the next commit
	counted    *CountedMail // is stored
	uncounting *CountedMail // did not go out: with the next commit it does not count any more
}

// into adds to c what it has to store.
func (m *mailCount) into(c *RunChange) { c.Counted, c.Uncounted = m.counting, m.uncounting }

// takeBack: the attempt that the mail was counted for was none.
func (m *mailCount) takeBack() { m.uncounting, m.counted = m.counted, nil }

// saved notes that the commit is made.
func (m *mailCount) saved(all *mailCounts) {
	if m.counting != nil {
		m.counted, m.counting = m.counting, nil
	}
	if m.uncounting != nil {
		all.release(m.uncounting)
		m.uncounting = nil
	}
}

// dropped notes that the commit which would have counted the mail will not be made.
func (m *mailCount) dropped(all *mailCounts) {
	if m.counting != nil {
		all.release(m.counting)
		m.counting = nil
	}
}

// mails is "1,000 mails".
func mails(n int) string {
	if n == 1 {
		return "1 mail"
	}
	return inThousands(n) + " mails"
}

// inThousands is "1,000,000".
func inThousands(n int) string {
	digits := strconv.Itoa(n)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}
