package engine

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Overview is how the whole installation stands.
type Overview struct {
	Attention     []Attention
	Queue         QueueState
	Events24h     int
	Runs24h       int
	Failed24h     int
	Waiting       int      // runs
	Series        []Bucket // by hour, oldest first
	TopErrors     []TopError
	DatabaseBytes int64
}

// QueueState is what waits for a worker.
type QueueState struct {
	Waiting  int        // jobs that are due
	OldestAt *time.Time // nil: none is due
	Age      time.Duration
}

// Bucket is one hour.
type Bucket struct {
	At                           time.Time
	Events                       int
	Succeeded, Failed, Cancelled int            // runs that ended
	P50, P95                     *time.Duration // from the webhook to the end of a run without delays; nil: there was none
}

// TopError is why runs have failed.
type TopError struct {
	Message    string // of the newest
	Count      int
	WorkflowID string
	RunID      string // the newest
	EventID    string // its event
	Link       string
}

// The overview looks back over so many hours, and is so long good for.
const (
	minHours      = 24
	maxHours      = 7 * 24
	overviewLives = 10 * time.Second
	failuresRead  = 1000
	topErrors     = 10
)

// Overview tells how everything stands, with a series of so many hours (24 to 168). It is a moment old.
func (e *Engine) Overview(ctx context.Context, hours int) (Overview, error) {
	return e.overview.get(ctx, min(max(hours, minHours), maxHours))
}

// lookBack prepares what tells how everything stands.
func (e *Engine) lookBack() {
	e.feed, e.healths = NewFeed(rand.Text()[:8], e.now), newHealths()
	e.started, e.series = newHourly(e.Store.StartedRuns), newHourly(e.bucket)
	e.standing = newRecent(standingLives, e.now, e.lookAround)
	e.overview = newRecent(overviewLives, e.now, e.look)
}

func (e *Engine) look(ctx context.Context, hours int) (o Overview, err error) {
	now := e.now()
	if o.Attention, err = e.attention(ctx); err != nil {
		return o, err
	}
	if o.Queue, err = e.queueState(ctx); err != nil {
		return o, err
	}
	if o.Series, err = e.series.last(ctx, now, hours); err != nil {
		return o, err
	}
	for _, b := range o.Series[len(o.Series)-24:] {
		o.Events24h += b.Events
	}
	s, err := e.standing.get(ctx, struct{}{})
	if err != nil {
		return o, err
	}
	for _, a := range s.activities {
		o.Runs24h += a.Runs24h
		o.Failed24h += a.Failures24h
		o.Waiting += a.Waiting
	}
	failed, err := e.Store.FailedRuns(ctx, now.Add(-24*time.Hour), failuresRead)
	if err != nil {
		return o, err
	}
	o.TopErrors = grouped(failed)
	o.DatabaseBytes, err = e.Store.Size(ctx)
	return o, err
}

func (e *Engine) queueState(ctx context.Context) (QueueState, error) {
	now := e.now()
	stats, err := e.Store.Stats(ctx)
	q := QueueState{Waiting: stats.QueueDue}
	if !stats.OldestDue.IsZero() {
		q.OldestAt, q.Age = &stats.OldestDue, max(0, now.Sub(stats.OldestDue))
	}
	return q, err
}

// bucket counts one hour.
func (e *Engine) bucket(ctx context.Context, from, to time.Time) (Bucket, error) {
	b := Bucket{At: from}
	var err error
	if b.Events, err = e.Store.ReceivedEvents(ctx, from, to); err != nil {
		return b, err
	}
	f, err := e.Store.FinishedRuns(ctx, from, to)
	if err != nil {
		return b, err
	}
	b.Succeeded, b.Failed, b.Cancelled = f.Succeeded, f.Failed, f.Cancelled
	var took []time.Duration
	for _, s := range f.Samples {
		if p, err := e.programs.get(ctx, s.Version); err == nil && !p.delays() {
			took = append(took, max(0, s.FinishedAt.Sub(s.ReceivedAt)))
		}
	}
	b.P50, b.P95 = percentile(took, 50), percentile(took, 95)
	return b, nil
}

// delays reports whether runs of p are meant to take long.
func (p *program) delays() bool {
	return slices.ContainsFunc(p.flat, func(n *node) bool { return n.Type == StepDelay && !n.off })
}

// percentile is the smallest duration that p of a hundred do not exceed.
func percentile(all []time.Duration, p int) *time.Duration {
	if len(all) == 0 {
		return nil
	}
	slices.Sort(all)
	return &all[(len(all)*p+99)/100-1]
}

// grouped puts failures with one reason together: the same workflow and words, whatever the numbers in them.
func grouped(failed []Run) []TopError {
	places := map[string]int{}
	var all []TopError
	for _, r := range failed {
		key := r.WorkflowID + "\n" + withoutNumbers(r.Reason)
		at, known := places[key]
		if !known {
			at = len(all)
			places[key] = at
			all = append(all, TopError{Message: r.Reason, WorkflowID: r.WorkflowID, RunID: r.ID, EventID: r.EventID, Link: runsLink(r.WorkflowID, RunFailed)})
		}
		all[at].Count++
	}
	slices.SortStableFunc(all, func(a, b TopError) int { return b.Count - a.Count })
	return all[:min(len(all), topErrors)]
}

func withoutNumbers(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return -1
		}
		return r
	}, s)
}
