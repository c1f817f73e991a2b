package engine

import (
	"context"
	"encoding/json"

	"cartwheel/merge"
)

// Action does one thing outside. It knows nothing of runs.
type Action interface {
	Spec() Spec
	// Do acts. Error codes: Temporary is tried again (Wait: not before),
	// UnknownOutcome holds the step or repeats it, everything else fails it with the Message.
	// A Result with what was sent and answered may come with an error, for the run page.
	Do(ctx context.Context, r Request) (Result, error)
}

// Request is what one attempt is given.
type Request struct {
	Key     string          // run + step: equal over attempts and restarts; pass it on (Idempotency-Key, Message-ID)
	Config  json.RawMessage // rendered, checked against Spec.Fields, stored with the attempt: equal over attempts
	Auth    Auth            // the zero Auth when the step names none
	Attempt int             // counts from 1
	Depth   int             // how many workflows called one another before this one; pass it on, one more (X-Cartwheel-Depth)
	// Begin must be called when the next thing that the action does may take
	// effect. What fails or crashes before is plain, what crashes after is an
	// unknown outcome. On an error from Begin nothing may be done: return it.
	Begin func(ctx context.Context) error
}

// Result is what an attempt brought.
type Result struct {
	Output   map[string]any // later steps read it as Steps | <step> | ...; values as merge.FromGo takes them
	Request  string         // what was sent, for the run page; the engine redacts it
	Response string         // what was answered, likewise
}

// Repeater is an Action whose attempts may be repeated when their outcome is
// unknown, because the other side can tell a repetition by its key.
type Repeater interface {
	Repeats() bool
}

// ConfigChecker is an Action that knows more about its literal config than its Spec can say.
// Only fields without templates are worth a look; locations are relative to the config ("url").
type ConfigChecker interface {
	CheckConfig(config json.RawMessage) []merge.Problem
}

// Previewer is an Action that can show what it would send.
type Previewer interface {
	// Preview returns the Request text that Do would put into its Result for r. No I/O.
	Preview(r Request) (string, error)
}
