package engine

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"cartwheel/merge"
)

// FillRates says how often the merge codes of a trigger had a value lately.
type FillRates struct {
	Events int // that were looked at
	Codes  map[merge.Code]FillRate
}

// FillRate is about one merge code.
type FillRate struct {
	Seen   int // events for which its object was read, or is known not to be there
	Filled int // events in which it was neither missing nor empty
}

// Absenter is a Trigger that can tell an object that is not there (a guest's
// customer) from one that nobody read.
type Absenter interface {
	// Absent reports whether values show that there is no root.
	Absent(values merge.Object, root merge.Code) bool
}

const (
	fillEvents = 200 // the latest of a trigger
	fillAge    = time.Minute
	fewAge     = 5 * time.Second // of rates that stand on few events: the next ones matter
	maxFills   = 1000            // kept at once
)

// fills keeps fill rates for a minute: they cost as many reads as there are events.
type fills struct {
	mu      sync.Mutex
	known   map[fillKey]fill
	loading singleflight.Group
}

type fillKey struct{ trigger, authenticationID string }

type fill struct {
	rates FillRates
	at    time.Time
}

// FillRates looks at the latest done events of a trigger, of one store or (with "") of all. Errors: NotFound (the trigger).
func (e *Engine) FillRates(ctx context.Context, trigger, authenticationID string) (FillRates, error) {
	t, ok := e.Config.Triggers.Get(trigger)
	if !ok {
		return FillRates{}, Errorf(NotFound, "There is no trigger %q.", trigger)
	}
	key := fillKey{trigger, authenticationID}
	if rates, ok := e.fills.get(key, e.now()); ok {
		return rates, nil
	}
	loaded, err, _ := e.fills.loading.Do(trigger+"\x00"+authenticationID, func() (any, error) {
		rates, err := e.countFilled(context.WithoutCancel(ctx), t, key) // others wait for it, too
		if err == nil {
			e.fills.put(key, fill{rates, e.now()})
		}
		return rates, err
	})
	rates, _ := loaded.(FillRates)
	return rates, err
}

func (f *fills) get(key fillKey, now time.Time) (FillRates, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	kept, ok := f.known[key]
	limit := fillAge
	if kept.rates.Events < enoughSeen {
		limit = fewAge
	}
	age := now.Sub(kept.at)
	return kept.rates, ok && age >= 0 && age < limit
}

func (f *fills) put(key fillKey, kept fill) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.known == nil || len(f.known) >= maxFills {
		f.known = map[fillKey]fill{}
	}
	f.known[key] = kept
}

func (e *Engine) countFilled(ctx context.Context, t Trigger, key fillKey) (FillRates, error) {
	rates := FillRates{Codes: map[merge.Code]FillRate{}}
	catalog, err := e.catalogs.of(t, nil)
	if err != nil {
		return rates, err
	}
	events, _, err := e.Store.Events(ctx, EventFilter{Trigger: key.trigger, AuthenticationID: key.authenticationID, Status: EventDone}, Page{Limit: fillEvents})
	if err != nil {
		return rates, err
	}
	for _, listed := range events {
		ev, err := e.Store.Event(ctx, listed.ID)
		if CodeOf(err) == NotFound {
			continue // retention was quicker
		}
		if err != nil {
			return rates, err
		}
		if ev.Values.Len() > 0 {
			rates.Events++
			rates.count(t, catalog, ev.Values)
		}
	}
	return rates, nil
}

// count adds one event.
func (r *FillRates) count(t Trigger, catalog merge.Catalog, values merge.Object) {
	absenter, _ := t.(Absenter)
	for _, entry := range catalog.Entries() {
		if entry.Code.Root() == eventRoot {
			continue // the engine's own are always there
		}
		object := objectOf(entry.Code)
		value, read := values.Lookup(entry.Code) // an object has all its members, empty ones too
		if !read && (absenter == nil || !absenter.Absent(values, object)) {
			continue
		}
		rate := r.Codes[entry.Code]
		rate.Seen++
		if !merge.IsEmpty(value) {
			rate.Filled++
		}
		r.Codes[entry.Code] = rate
	}
}

// objectOf is the object or list that is read as a whole and holds code: its first two segments.
func objectOf(code merge.Code) merge.Code {
	segments := code.Segments()
	return merge.MakeCode(segments[:min(len(segments), 2)]...)
}
