package engine

import (
	"context"
	"crypto/sha256"
	"strings"
	"sync"
	"time"
)

// The spans that limits are about.
const (
	recipientSpan = 24 * time.Hour
	workflowSpan  = time.Hour
)

// MailCountsKept is how long a CountedMail is of use.
const MailCountsKept = recipientSpan

// Recipient stands for an address: the beginning of its SHA-256. The zero value is nobody.
type Recipient [16]byte

func recipientOf(address string) Recipient {
	if address == "" {
		return Recipient{}
	}
	sum := sha256.Sum256([]byte(strings.ToLower(address)))
	return Recipient(sum[:])
}

// CountedMail is a mail that counts for the limits of sending.
type CountedMail struct {
	StepID     string // of the run that it is stored with
	WorkflowID string
	Recipient  Recipient // nobody: the operator has chosen the address, and only the workflow's limit counts
	At         time.Time // whole milliseconds
}

// SendingStore keeps what was sent lately. Rows come and go with the changes of runs (RunChange).
type SendingStore interface {
	// CountedMails returns the mails counted since, oldest first, without their steps.
	CountedMails(ctx context.Context, since time.Time) ([]CountedMail, error)
}

// mailCounts counts the mails of the last day. The rows of the store say the same; they are read once, when the first mail
// is about to go out.
type mailCounts struct {
	store SendingStore

	mu         sync.Mutex
	loaded     bool
	limits     SendingSettings
	recipients map[Recipient]*window
	workflows  map[string]*window
	waiting    map[string]waitingSince // workflows that have no room
}

// waitingSince says when mails of a workflow had to wait.
type waitingSince struct{ first, last time.Time }

func newMailCounts(s SendingStore) *mailCounts {
	return &mailCounts{store: s, recipients: map[Recipient]*window{}, workflows: map[string]*window{}, waiting: map[string]waitingSince{}}
}

func (c *mailCounts) limit(s SendingSettings) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.limits = s.withDefaults()
}

// refusedMail says why a mail may not go out now; the zero value: it may.
type refusedMail struct {
	recipient, workflow bool
	limit               int
	wait                time.Duration // until the workflow has room
}

// take counts m, unless a limit is reached. By hand a person has said that the recipient gets it.
func (c *mailCounts) take(ctx context.Context, m *CountedMail, byHand bool) (refusedMail, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.load(ctx, m.At); err != nil {
		return refusedMail{}, err
	}
	now := m.At.UnixMilli()
	byRecipient := of(c.recipients, m.Recipient)
	byRecipient.trim(now, recipientSpan)
	if named := m.Recipient != (Recipient{}); named && !byHand && len(byRecipient.at) >= c.limits.PerRecipientDay {
		return refusedMail{recipient: true, limit: c.limits.PerRecipientDay}, nil
	}
	byWorkflow := of(c.workflows, m.WorkflowID)
	byWorkflow.trim(now, workflowSpan)
	if most := c.limits.PerWorkflowHour; len(byWorkflow.at) >= most {
		c.noteWaiting(m.WorkflowID, m.At)
		free := byWorkflow.at[len(byWorkflow.at)-most] + workflowSpan.Milliseconds()
		return refusedMail{workflow: true, limit: most, wait: time.Duration(free-now) * time.Millisecond}, nil
	}
	c.add(m)
	return refusedMail{}, nil
}

// release makes m count no more.
func (c *mailCounts) release(m *CountedMail) {
	c.mu.Lock()
	defer c.mu.Unlock()
	of(c.recipients, m.Recipient).remove(m.At.UnixMilli())
	of(c.workflows, m.WorkflowID).remove(m.At.UnixMilli())
}

func (c *mailCounts) add(m *CountedMail) {
	at := m.At.UnixMilli()
	if m.Recipient != (Recipient{}) {
		of(c.recipients, m.Recipient).add(at)
	}
	of(c.workflows, m.WorkflowID).add(at)
}

func (c *mailCounts) load(ctx context.Context, now time.Time) error {
	if c.loaded {
		return nil
	}
	earlier, err := c.store.CountedMails(ctx, now.Add(-recipientSpan))
	if err != nil {
		return err
	}
	for i := range earlier {
		c.add(&earlier[i])
	}
	c.loaded = true
	return nil
}

// noteWaiting remembers that a workflow had no room.
func (c *mailCounts) noteWaiting(workflowID string, now time.Time) {
	w := c.waiting[workflowID]
	if !w.lasts(now) {
		w.first = now
	}
	w.last = now
	c.waiting[workflowID] = w
}

// lasts reports whether mails still wait: who waits looks again every few minutes.
func (w waitingSince) lasts(now time.Time) bool {
	return now.Sub(w.last) <= roomLook+2*time.Minute
}

// full returns the workflows whose mails wait for room, with the time since when, and the limit.
func (c *mailCounts) full(now time.Time) (since map[string]time.Time, limit int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	since = map[string]time.Time{}
	for id, w := range c.waiting {
		if w.lasts(now) {
			since[id] = w.first
		}
	}
	return since, c.limits.PerWorkflowHour
}

// forget drops what no limit is about any more.
func (c *mailCounts) forget(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	forgetOld(c.recipients, now, recipientSpan)
	forgetOld(c.workflows, now, workflowSpan)
	for id, w := range c.waiting {
		if !w.lasts(now) {
			delete(c.waiting, id)
		}
	}
}

func forgetOld[K comparable](windows map[K]*window, now time.Time, span time.Duration) {
	for key, w := range windows {
		if w.trim(now.UnixMilli(), span); len(w.at) == 0 {
			delete(windows, key)
		}
	}
}

func of[K comparable](windows map[K]*window, key K) *window {
	w := windows[key]
	if w == nil {
		w = &window{}
		windows[key] = w
	}
	return w
}

// window is the times of what was counted lately, in milliseconds, oldest first.
type window struct{ at []int64 }

// trim drops what is older than span. A clock that was put back makes nobody wait longer than span.
func (w *window) trim(now int64, span time.Duration) {
	for i := len(w.at) - 1; i >= 0 && w.at[i] > now+clockSlack.Milliseconds(); i-- {
		w.at[i] = now
	}
	old := 0
	for old < len(w.at) && w.at[old] <= now-span.Milliseconds() {
		old++
	}
	w.at = w.at[old:]
}

// add puts a time in its place, which is nearly always the end.
func (w *window) add(at int64) {
	i := len(w.at)
	for i > 0 && w.at[i-1] > at {
		i--
	}
	w.at = append(w.at, 0)
	copy(w.at[i+1:], w.at[i:])
	w.at[i] = at
}

// remove takes one out that was counted at a time, or the newest when the clock was put back since.
func (w *window) remove(at int64) {
	for i := len(w.at) - 1; i >= 0; i-- {
		if w.at[i] <= at {
			w.at = append(w.at[:i], w.at[i+1:]...)
			return
		}
	}
}
