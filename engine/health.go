package engine

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// Health is whether an authentication works, as far as its last test and its use have shown.
type Health struct {
	OKAt     *time.Time // when it last worked
	FailedAt *time.Time // when it was last refused
	Error    string     // what was said then
	TestedAt *time.Time
	TestedOK bool
}

// The states of a Health.
const (
	HealthOK       = "ok"
	HealthFailing  = "failing"
	HealthUnknown  = "unknown"  // it was changed since
	HealthUntested = "untested" // neither tested nor used yet
)

// State says it in a word; changed is when the authentication was last changed.
func (h Health) State(changed time.Time) string {
	last := func(t *time.Time) time.Time {
		if t == nil {
			return time.Time{}
		}
		return *t
	}
	ok, failed := last(h.OKAt), last(h.FailedAt)
	switch {
	case ok.IsZero() && failed.IsZero():
		return HealthUntested
	case failed.After(ok) && !failed.Before(changed):
		return HealthFailing
	case !ok.Before(failed) && !ok.Before(changed):
		return HealthOK
	}
	return HealthUnknown
}

// HealthStore keeps the health of authentications.
type HealthStore interface {
	Healths(ctx context.Context) (map[string]Health, error)
	// SaveHealths adds what is known newly: nil members stay as they were. Authentications that are gone are passed over.
	SaveHealths(ctx context.Context, news map[string]Health) error
}

// healthEvery is how often what use has shown is written at most.
const healthEvery = time.Minute

// healths collects what use shows, in memory: the work never waits for it.
type healths struct {
	mu    sync.Mutex
	known map[string]Health // since the start
	news  map[string]Health // not written yet
}

func newHealths() *healths {
	return &healths{known: map[string]Health{}, news: map[string]Health{}}
}

// note takes down that an authentication worked (message "") or was refused.
func (h *healths) note(id, message string, at time.Time) {
	if id == "" {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	known := h.known[id]
	if message == "" {
		if known.OKAt != nil && at.Sub(*known.OKAt) < healthEvery && (known.FailedAt == nil || known.FailedAt.Before(*known.OKAt)) {
			return // nothing new, which is the usual thing
		}
		h.add(id, Health{OKAt: &at})
		return
	}
	h.add(id, Health{FailedAt: &at, Error: message})
}

// tested takes down the result of a test.
func (h *healths) tested(id, message string, at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := Health{TestedAt: &at, TestedOK: message == ""}
	if n.TestedOK {
		n.OKAt = &at
	} else {
		n.FailedAt, n.Error = &at, message
	}
	h.add(id, n)
}

func (h *healths) add(id string, n Health) {
	h.known[id], h.news[id] = h.known[id].with(n), h.news[id].with(n)
}

// with is h with what n knows newly.
func (h Health) with(n Health) Health {
	if n.OKAt != nil {
		h.OKAt = n.OKAt
	}
	if n.FailedAt != nil {
		h.FailedAt, h.Error = n.FailedAt, n.Error
	}
	if n.TestedAt != nil {
		h.TestedAt, h.TestedOK = n.TestedAt, n.TestedOK
	}
	return h
}

func (h *healths) forget(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.known, id)
	delete(h.news, id)
}

// saveHealth writes what is new.
func (e *Engine) saveHealth(ctx context.Context) error {
	h := e.healths
	h.mu.Lock()
	news := h.news
	h.news = map[string]Health{}
	h.mu.Unlock()
	if len(news) == 0 {
		return nil
	}
	err := e.Store.SaveHealths(ctx, news)
	if err != nil { // for the next time
		h.mu.Lock()
		defer h.mu.Unlock()
		for id, n := range news {
			h.news[id] = n.with(h.news[id])
		}
	}
	return err
}

// health is that of every authentication that has any.
func (e *Engine) health(ctx context.Context) (map[string]Health, error) {
	stored, err := e.Store.Healths(ctx)
	if err != nil {
		return nil, err
	}
	e.healths.mu.Lock()
	defer e.healths.mu.Unlock()
	for id, n := range e.healths.known {
		stored[id] = stored[id].with(n)
	}
	return stored, nil
}

// used notes what an attempt has shown about its authentication: that it was taken or refused, if anything.
func (e *Engine) used(a Auth, refused, worked bool, message string) {
	switch {
	case a.ID == "":
	case refused:
		e.healths.note(a.ID, a.Redact(message), e.now())
	case worked:
		e.healths.note(a.ID, "", e.now())
	}
}

// refusal tells whether the other side did not take the authentication.
func refusal(r Result, failure error) bool {
	if CodeOf(failure) == Denied {
		return true
	}
	status, _ := r.Output["status"].(int)
	return status == 401 || status == 403
}

// testedWith notes the result of a test.
func (e *Engine) testedWith(id string, checks []Check) {
	message := ""
	for _, c := range checks {
		if !c.OK {
			message = c.Name + ": " + c.Detail
			break
		}
	}
	e.healths.tested(id, message, e.now())
	e.standing.forget()
}

// inactive names the scopes of hooks that the store has switched off, sorted.
func (s Subscription) inactive() []string {
	scopes := map[string]bool{}
	for _, h := range s.Hooks {
		if !h.Active {
			scopes[h.Scope] = true
		}
	}
	return slices.Sorted(maps.Keys(scopes))
}
