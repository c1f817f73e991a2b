package web

import (
	"context"
	"net/http"

	"cartwheel/engine"
	"cartwheel/merge"
)

// eventEngine is what the operations on events take.
type eventEngine interface {
	Event(ctx context.Context, id string) (engine.Event, error)
	Events(ctx context.Context, f engine.EventFilter, p engine.Page) ([]engine.Event, string, error)
	ReplayEvent(ctx context.Context, id string) (engine.Event, error)
	EventCodes(e engine.Event) []engine.CodeUse
}

// eventJSON is an event in a list.
type eventJSON struct {
	ID               string  `json:"id"`
	Trigger          string  `json:"trigger"`
	Scope            string  `json:"scope"`
	Entity           string  `json:"entity" doc:"What it is about: order/251, cart/ID, customer/7."`
	AuthenticationID string  `json:"authentication_id"`
	ReceivedAt       string  `json:"received_at" format:"date-time"`
	OccurredAt       *string `json:"occurred_at" format:"date-time"`
	Status           string  `json:"status" enum:"accepted,done,failed"`
	Reason           string  `json:"reason,omitempty" doc:"Why it waits, or failed, or made no run."`
	NextAttemptAt    *string `json:"next_attempt_at,omitempty" format:"date-time"`
	Duplicates       int     `json:"duplicates" doc:"How often it came again."`
	ReplayOf         string  `json:"replay_of,omitempty" doc:"The event that it repeats."`
}

// eventDetailJSON adds what only one event shows.
type eventDetailJSON struct {
	ID               string            `json:"id"`
	Trigger          string            `json:"trigger"`
	Scope            string            `json:"scope"`
	Entity           string            `json:"entity"`
	AuthenticationID string            `json:"authentication_id"`
	ReceivedAt       string            `json:"received_at" format:"date-time"`
	OccurredAt       *string           `json:"occurred_at" format:"date-time"`
	Status           string            `json:"status" enum:"accepted,done,failed"`
	Reason           string            `json:"reason,omitempty"`
	NextAttemptAt    *string           `json:"next_attempt_at,omitempty" format:"date-time"`
	Duplicates       int               `json:"duplicates"`
	ReplayOf         string            `json:"replay_of,omitempty"`
	Note             string            `json:"note,omitempty" doc:"What was mended in the webhook's body."`
	ReadAt           *string           `json:"read_at" format:"date-time" doc:"When the store was asked: the values may be newer than the event."`
	MergeCodes       rawObject         `json:"merge_codes" doc:"The wire values, by merge code, of every object fetched."`
	Decisions        []engine.Decision `json:"decisions"`
	APICalls         []engine.Call     `json:"api_calls" doc:"What reading from the store cost."`
	Body             rawAny            `json:"body" doc:"The webhook's body as it came; null when it was deleted, and for viewers."`
	Runs             []otherRunJSON    `json:"runs"`
}

func (s *Server) mountEvents() {
	register(s, route{method: http.MethodGet, path: "/events", role: engine.Viewer, id: "listEvents",
		summary: "List events, newest first"}, s.listEvents)
	register(s, route{method: http.MethodGet, path: "/events/{id}", role: engine.Viewer, id: "getEvent",
		summary: "Show an event with its merge codes and decisions", description: "For viewers personal codes read ***."}, s.getEvent)
	register(s, route{method: http.MethodPost, path: "/events/{id}/replay", role: engine.Editor, id: "replayEvent", status: http.StatusCreated,
		summary: "Run an event again", description: "As a new event, with replay_of."}, s.replayEvent)
}

type eventsInput struct {
	Paging
	Trigger          string `query:"trigger" maxLength:"100"`
	Entity           string `query:"entity" maxLength:"200" doc:"Such as order/251, cart/ID; customer/7 finds the events about that customer's orders and carts, too."`
	Email            string `query:"email" maxLength:"320"`
	Status           string `query:"status" enum:"accepted,done,failed"`
	AuthenticationID string `query:"authentication_id" maxLength:"100" doc:"The store."`
	Period
}

func (s *Server) listEvents(ctx context.Context, in *eventsInput) (*listOutput[eventJSON], error) {
	f := engine.EventFilter{Trigger: in.Trigger, Entity: in.Entity, Email: in.Email,
		AuthenticationID: in.AuthenticationID, Status: engine.EventStatus(in.Status)}
	f.From, f.To = in.From, in.To
	items, next, err := s.Engine.Events(ctx, f, in.page())
	mask := maskFor(ctx, nil)
	return listOf(items, next, err, func(e engine.Event) eventJSON {
		shown := showEvent(e)
		shown.Reason = mask.text(shown.Reason)
		return shown
	})
}

type eventOutput struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     eventDetailJSON
}

func (s *Server) getEvent(ctx context.Context, in *oneInput) (*eventOutput, error) {
	e, err := s.Engine.Event(ctx, in.ID)
	return s.eventAnswer(ctx, e, err)
}

func (s *Server) replayEvent(ctx context.Context, in *oneInput) (*eventOutput, error) {
	e, err := s.Engine.ReplayEvent(ctx, in.ID)
	out, err := s.eventAnswer(ctx, e, err)
	if err == nil {
		out.Location = locationOf("events", e.ID)
	}
	return out, err
}

func (s *Server) eventAnswer(ctx context.Context, e engine.Event, err error) (*eventOutput, error) {
	if err != nil {
		return nil, err
	}
	uses := s.Engine.EventCodes(e)
	mask := maskFor(ctx, uses)
	var values merge.Object
	for _, u := range uses {
		values.Set(string(u.Code), mask.value(u))
	}
	decisions := make([]engine.Decision, len(e.Decisions))
	for i, d := range e.Decisions {
		d.Reason = mask.text(d.Reason)
		decisions[i] = d
	}
	base := showEvent(e)
	out := &eventOutput{Body: eventDetailJSON{ID: base.ID, Trigger: base.Trigger, Scope: base.Scope, Entity: base.Entity,
		AuthenticationID: base.AuthenticationID, ReceivedAt: base.ReceivedAt, OccurredAt: base.OccurredAt, Status: base.Status,
		Reason: mask.text(base.Reason), NextAttemptAt: base.NextAttemptAt, Duplicates: base.Duplicates, ReplayOf: base.ReplayOf,
		Note: e.Note, ReadAt: stampOf(e.ReadAt), MergeCodes: rawOf(values), Decisions: decisions, APICalls: mask.calls(e.Calls)}}
	if !mask.on {
		out.Body.Body = rawAny(e.Body)
	}
	runs, _, err := s.Engine.Runs(ctx, engine.RunFilter{EventID: e.ID}, engine.Page{Limit: 200})
	if err != nil {
		return nil, err
	}
	out.Body.Runs = showOthers(runs)
	out.ETag, err = fingerprint(out.Body)
	return out, err
}

func showEvent(e engine.Event) eventJSON {
	return eventJSON{ID: e.ID, Trigger: e.Trigger, Scope: e.Scope, Entity: e.Entity, AuthenticationID: e.AuthenticationID,
		ReceivedAt: stamp(e.ReceivedAt), OccurredAt: stampOf(&e.OccurredAt), Status: string(e.Status), Reason: e.Reason,
		NextAttemptAt: stampOf(e.NextAttemptAt), Duplicates: e.Duplicates, ReplayOf: e.ReplayOf}
}
