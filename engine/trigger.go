package engine

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"cartwheel/merge"
)

// Trigger is one thing that a workflow can start from.
type Trigger interface {
	Spec() Spec
	// Catalog lists every merge code that this trigger can supply under config
	// (the engine adds Event | ... and Steps | ...). config may be nil.
	Catalog(config json.RawMessage) (merge.Catalog, error)
	// Codes loads what e refers to, no more than want needs and nothing that
	// have holds already, and returns it nested: {"BigCommerce": {"Order": {...}}}.
	// Whole objects come back, wire values and nulls included.
	// On an error the values read so far are returned with it. Error codes:
	// NotFound: the event's own object is not there (yet): asked again some times, then the event fails.
	// Gone: likewise, but then the event is done without runs, and Message is the reason.
	// Temporary: ask again after Wait (Free: counts as no attempt). Denied: wait until the authentication changes.
	Codes(ctx context.Context, e *Event, a Auth, have merge.Object, want []merge.Code) (Fetched, error)
}

// Fetched is what Trigger.Codes has read.
type Fetched struct {
	Values merge.Object
	Calls  []Call    // what it cost
	ReadAt time.Time // when; zero if nothing was read
}

// Call is one call to a store's API, for people to see.
type Call struct {
	Method   string `json:"method"`
	Path     string `json:"path"` // with its query
	Status   int    `json:"status,omitempty"`
	Millis   int64  `json:"millis"`
	Attempts int    `json:"attempts,omitempty"` // when more than one
}

// Oncer is a Trigger whose events are about things that a workflow may want to run once for.
type Oncer interface {
	// Once returns the codes that name the thing for once_per (shipment, order,
	// cart, customer): the first that is neither missing, empty nor 0 counts.
	// nil: this trigger has no such thing.
	Once(per string) []merge.Code
}

// Sampler is a Trigger that can make an event about any object of the store (for POST /triggers/{type}/sample).
type Sampler interface {
	// Sample makes the event that the object called id would cause. Invalid: id is no such id.
	Sample(a Auth, id string) (Event, error)
}

// Receiver answers /hooks/<word>/{key}.
type Receiver interface {
	// Parse checks and reads one delivery; no I/O. The events need
	// AuthenticationID, Trigger, Scope, Entity, Key, Data and Body; the engine sets the rest.
	// Denied: not from whom it says. Invalid: not what we know.
	// No events and no error: fine, but not for us.
	Parse(d Delivery, a Auth) ([]Event, error)
}

// Delivery is one webhook request as it came.
type Delivery struct {
	Header http.Header
	Body   []byte // at most 1 MiB, well-formed JSON
	At     time.Time
}

// AuthType is a kind of authentication.
type AuthType interface {
	Spec() Spec
	// Normalize checks a config beyond its Spec's Fields and returns it in the form in which it is kept.
	Normalize(config json.RawMessage) (json.RawMessage, []merge.Problem)
	// Test says, check by check, what works. It really connects, and changes nothing.
	Test(ctx context.Context, a Auth) ([]Check, error)
}

// Check is one line of an authentication's test.
type Check struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"` // what was seen; what to do when it is not ok
}

// Runner is a Trigger that makes events by itself until ctx ends (schedule).
type Runner interface {
	Run(ctx context.Context, emit func(context.Context, Event) error) error
}

// Subscriber is an AuthType whose source must be told what to send.
type Subscriber interface {
	// Intake is the word after /hooks/ under which its Receiver is known ("bigcommerce").
	Intake() string
	// Subscribe makes the source send exactly these triggers to url, with a.HookSecret().
	// Safe to repeat; an empty list unsubscribes (create, reactivate, repair, delete hooks).
	// The hooks are returned as far as they are known, with an error too.
	Subscribe(ctx context.Context, a Auth, url string, triggers []string) ([]Hook, error)
}

// Hook is one subscription at a source, for people to see.
type Hook struct {
	ID     string `json:"id"`
	Scope  string `json:"scope"`
	Active bool   `json:"active"`
}
