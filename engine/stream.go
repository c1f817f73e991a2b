package engine

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Change is one thing that has changed, for people who look on. It says what to read again, and nothing personal.
type Change struct {
	Seq        int64
	Kind       ChangeKind
	ID         string // of the run, event or workflow
	WorkflowID string // of a run
	EventID    string // of a run
	Trigger    string // of an event
	Status     string
	Revision   int64 // of a workflow
	Count      int   // of attention
}

// ChangeKind is what has changed.
type ChangeKind string

// The kinds of changes.
const (
	RunChanged       ChangeKind = "run"
	EventChanged     ChangeKind = "event"
	WorkflowChanged  ChangeKind = "workflow"
	AttentionChanged ChangeKind = "attention"
)

// keptChanges is how many changes a stream that was interrupted can catch up on.
const keptChanges = 4096

// unheardFor is how long changes are kept when nobody looks on.
const unheardFor = time.Minute

// Feed hands what has changed to those who look on. While nobody does it costs one atomic load for each change.
type Feed struct {
	boot  string // an id of another start is of no use
	now   func() time.Time
	heard atomic.Bool // somebody looks on, or did a moment ago

	mu        sync.Mutex
	ring      []Change // the newest ones, oldest first; what came before has no place any more
	next      int64    // the number of the next one
	first     int64    // the oldest number that can be caught up on
	listeners map[*Listener]struct{}
	left      time.Time // when the last listener went
	closed    bool
}

// NewFeed makes a feed with a clock. boot begins its ids and differs with each start.
func NewFeed(boot string, now func() time.Time) *Feed {
	return &Feed{boot: boot, now: now, next: 1, first: 1, listeners: map[*Listener]struct{}{}}
}

// Publish tells of a change.
func (c *Feed) Publish(ch Change) {
	if c == nil || !c.heard.Load() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.listeners) == 0 && c.now().Sub(c.left) >= unheardFor {
		c.heard.Store(false)
		c.ring = nil
		return
	}
	ch.Seq = c.next
	c.next++
	if len(c.ring) >= keptChanges {
		c.ring = append(c.ring[:0], c.ring[keptChanges/4:]...)
		c.first = c.ring[0].Seq
	}
	c.ring = append(c.ring, ch)
	for l := range c.listeners {
		l.wake()
	}
}

func (c *Feed) run(r Run) {
	c.Publish(Change{Kind: RunChanged, ID: r.ID, WorkflowID: r.WorkflowID, EventID: r.EventID, Status: string(r.Status)})
}

func (c *Feed) event(id, trigger string, s EventStatus) {
	c.Publish(Change{Kind: EventChanged, ID: id, Trigger: trigger, Status: string(s)})
}

func (c *Feed) workflow(w Workflow) {
	c.Publish(Change{Kind: WorkflowChanged, ID: w.ID, Status: string(w.Status), Revision: w.Revision})
}

// Close ends every listening: the program is about to end.
func (c *Feed) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for l := range c.listeners {
		l.wake()
	}
}

// Topics say what a listener wants to hear of.
type Topics struct {
	Runs, Events, Workflows, Attention bool
	WorkflowIDs                        []string // and their runs
}

// ParseTopics reads what stands in an address: runs,events,workflow:ask. Errors: Invalid.
func ParseTopics(text string) (Topics, error) {
	var t Topics
	for topic := range strings.SplitSeq(text, ",") {
		switch id, one := strings.CutPrefix(topic, "workflow:"); {
		case one && validSlug(id) && len(t.WorkflowIDs) < maxTopics:
			t.WorkflowIDs = append(t.WorkflowIDs, id)
		case topic == "runs":
			t.Runs = true
		case topic == "events":
			t.Events = true
		case topic == "workflows":
			t.Workflows = true
		case topic == "attention":
			t.Attention = true
		default:
			return t, invalidAt("query.topics", "Write some of runs, events, workflows, attention and workflow:ID, with commas between them.")
		}
	}
	return t, nil
}

const maxTopics = 50

func (t Topics) want(c Change) bool {
	switch c.Kind {
	case RunChanged:
		return t.Runs || slices.Contains(t.WorkflowIDs, c.WorkflowID)
	case EventChanged:
		return t.Events
	case WorkflowChanged:
		return t.Workflows || slices.Contains(t.WorkflowIDs, c.ID)
	case AttentionChanged:
		return t.Attention
	}
	return false
}

// Listener hears of changes. One goroutine uses it.
type Listener struct {
	feed   *Feed
	topics Topics
	at     int64 // the number of the next change to hear of
	missed bool  // what was asked for cannot be caught up on
	woken  chan struct{}
}

// Listen begins to hear of changes: after the one with the id last, if that is known, else from now on. Close it.
func (c *Feed) Listen(t Topics, last string) *Listener {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := &Listener{feed: c, topics: t, woken: make(chan struct{}, 1)}
	if !c.heard.Load() { // what has happened meanwhile is not known
		c.next++
		c.first, c.ring = c.next, nil
		c.heard.Store(true)
	}
	l.at = c.next
	if last != "" {
		boot, seq, _ := strings.Cut(last, "-")
		n, err := strconv.ParseInt(seq, 10, 64)
		if l.missed = err != nil || boot != c.boot || n+1 < c.first || n >= c.next; !l.missed {
			l.at = n + 1
		}
	}
	c.listeners[l] = struct{}{}
	l.wake()
	return l
}

// Listen is that of the engine's feed.
func (e *Engine) Listen(t Topics, last string) *Listener { return e.feed.Listen(t, last) }

// wake says that there is something to hear.
func (l *Listener) wake() {
	select {
	case l.woken <- struct{}{}:
	default: // it has been told already
	}
}

// Woken is ready when there may be something new.
func (l *Listener) Woken() <-chan struct{} { return l.woken }

// Next returns what has changed since the last call. missed: more has changed than can be told, so read everything
// again. ended: nothing comes any more.
func (l *Listener) Next() (news []Change, missed, ended bool) {
	c := l.feed
	c.mu.Lock()
	defer c.mu.Unlock()
	missed = l.missed || l.at < c.first
	if missed {
		l.missed, l.at = false, c.next
	}
	if len(c.ring) > 0 {
		for _, ch := range c.ring[max(0, min(int64(len(c.ring)), l.at-c.ring[0].Seq)):] {
			if l.topics.want(ch) {
				news = append(news, ch)
			}
		}
	}
	l.at = c.next
	return news, missed, c.closed
}

// ID is the id of a change, for the one who comes back after it; Position that of where the listener is.
func (l *Listener) ID(c Change) string { return l.feed.boot + "-" + strconv.FormatInt(c.Seq, 10) }

// Position is the id to come back with, when there was no change yet.
func (l *Listener) Position() string {
	return l.feed.boot + "-" + strconv.FormatInt(l.at-1, 10)
}

// Close ends the listening.
func (l *Listener) Close() {
	c := l.feed
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.listeners, l)
	c.left = c.now()
}
