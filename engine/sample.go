package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cartwheel/merge"
)

// Sample is an object of a store that somebody fetched to build and try a workflow with. Nothing fires for it.
type Sample struct {
	ID               string
	Trigger          string
	AuthenticationID string
	Entity           string // order/251
	CreatedAt        time.Time
	Values           merge.Object // nested, as events have them; a list leaves them out
}

// Limits of what is kept: samples hold personal data, and are quickly fetched again.
const (
	MaxSamples  = 50                  // of one trigger; a new one takes the place of the oldest
	SampleLives = 30 * 24 * time.Hour // then it is gone
)

// SampleStore keeps samples.
type SampleStore interface {
	// AddSample keeps s and returns its id. One about the same entity is renewed and keeps its id; beyond
	// MaxSamples of a trigger the oldest go.
	AddSample(ctx context.Context, s Sample) (id string, err error)
	// Sample returns one, whole. NotFound when it is older than SampleLives.
	Sample(ctx context.Context, id string) (Sample, error)
	// Samples lists those of a trigger ("": all), newest first, without Values.
	Samples(ctx context.Context, trigger string, p Page) (items []Sample, next string, err error)
	DeleteSample(ctx context.Context, id string) error
}

// Sample fetches the object id of a store as the trigger's event would, now. Nothing fires, nothing is stored.
// Errors: NotFound, Invalid, Denied, Temporary.
func (e *Engine) Sample(ctx context.Context, trigger, authenticationID, id string) (merge.Object, error) {
	s, err := e.fetchSample(ctx, trigger, authenticationID, id)
	return s.Values, err
}

// KeepSample is Sample; what was fetched is kept under the id of the result.
func (e *Engine) KeepSample(ctx context.Context, trigger, authenticationID, id string) (Sample, error) {
	s, err := e.fetchSample(ctx, trigger, authenticationID, id)
	if err != nil {
		return Sample{}, err
	}
	s.ID, s.CreatedAt = newID(), e.now()
	s.ID, err = e.Store.AddSample(ctx, s)
	return s, err
}

// Samples lists the samples of a trigger ("": all), newest first, without their values.
func (e *Engine) Samples(ctx context.Context, trigger string, p Page) ([]Sample, string, error) {
	return e.Store.Samples(ctx, trigger, p)
}

// DeleteSample forgets one. Errors: NotFound.
func (e *Engine) DeleteSample(ctx context.Context, id string) error {
	return e.Store.DeleteSample(ctx, id)
}

func (e *Engine) fetchSample(ctx context.Context, trigger, authenticationID, id string) (Sample, error) {
	t, ok := e.Config.Triggers.Get(trigger)
	if !ok {
		return Sample{}, Errorf(NotFound, "There is no trigger %q.", trigger)
	}
	sampler, ok := t.(Sampler)
	if !ok {
		return Sample{}, Errorf(Invalid, "The trigger %s reads nothing from a store, so there is nothing to fetch.", trigger)
	}
	auth, err := e.auth(ctx, authenticationID)
	if CodeOf(err) == NotFound || err == nil && !slices.Contains(t.Spec().Auth, auth.Type) {
		return Sample{}, invalidAt("body.authentication_id", fmt.Sprintf("There is no authentication %q of type %s.", authenticationID, joinOr(t.Spec().Auth)))
	}
	if err != nil {
		return Sample{}, err
	}
	ev, err := sampler.Sample(auth, id)
	if err != nil {
		return Sample{}, err
	}
	catalog, err := t.Catalog(nil)
	if err != nil {
		return Sample{}, err
	}
	var want []merge.Code
	for _, entry := range catalog.Entries() {
		want = append(want, entry.Code)
	}
	fetched, err := t.Codes(ctx, &ev, auth, merge.Object{}, want)
	values, _ := auth.RedactValue(fetched.Values).(merge.Object)
	return Sample{Trigger: trigger, AuthenticationID: authenticationID, Entity: ev.Entity, Values: values}, err
}

// event is the event that a sample stands for.
func (s Sample) event() *Event {
	return &Event{ID: s.ID, AuthenticationID: s.AuthenticationID, Trigger: s.Trigger, Scope: s.Trigger, Entity: s.Entity, ReceivedAt: s.CreatedAt}
}
