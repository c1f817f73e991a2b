package engine

import (
	"context"
	"slices"
)

// Setup says how far the installation has come: what the start page ticks off.
type Setup struct {
	Store, Hooks, Sender, Workflow, Event bool
	// StoreID and SenderID name an authentication, WorkflowID a live workflow; "" while there is none.
	StoreID, SenderID, WorkflowID string
}

// Setup looks at what there is.
func (e *Engine) Setup(ctx context.Context) (Setup, error) {
	var s Setup
	for p := (Page{Limit: 200}); ; {
		items, next, err := e.Store.Authentications(ctx, p)
		if err != nil {
			return Setup{}, err
		}
		for _, a := range items {
			e.countIn(&s, a)
		}
		if next == "" {
			break
		}
		p.Cursor = next
	}
	live, _, err := e.Store.Workflows(ctx, WorkflowFilter{Status: WorkflowLive}, Page{Limit: 1})
	if err != nil {
		return Setup{}, err
	}
	if len(live) > 0 {
		s.Workflow, s.WorkflowID = true, live[0].ID
	}
	events, _, err := e.Store.Events(ctx, EventFilter{}, Page{Limit: 1})
	if err != nil {
		return Setup{}, err
	}
	samples, _, err := e.Store.Samples(ctx, "", Page{Limit: 1})
	s.Event = len(events)+len(samples) > 0
	return s, err
}

// countIn takes an authentication into account; they come newest first, and the one with hooks counts most.
func (e *Engine) countIn(s *Setup, a Authentication) {
	t, ok := e.Config.AuthTypes.Get(a.Type)
	if !ok {
		return
	}
	if _, ok := t.(MailTester); ok && !s.Sender {
		s.Sender, s.SenderID = true, a.ID
	}
	if _, ok := t.(Subscriber); !ok || !e.startsWorkflows(a.Type) {
		return
	}
	active := a.Hooks.State == SubscriptionActive
	if !s.Store || active && !s.Hooks {
		s.Store, s.StoreID = true, a.ID
	}
	s.Hooks = s.Hooks || active
}

// startsWorkflows reports whether a trigger listens to authentications of a type.
func (e *Engine) startsWorkflows(authType string) bool {
	return slices.ContainsFunc(e.Triggers(), func(s Spec) bool { return slices.Contains(s.Auth, authType) })
}

// RepairHooks has the hooks of an authentication looked after now: what is missing or switched off is registered anew.
// Errors: NotFound; Conflict when no hooks belong to it.
func (e *Engine) RepairHooks(ctx context.Context, id string) error {
	a, err := e.Store.Authentication(ctx, id)
	if err != nil {
		return err
	}
	if _, ok := e.subscriber(a.Type); !ok {
		return Errorf(Conflict, "An authentication of type %s has no hooks: nothing sends to it.", a.Type)
	}
	triggers, err := e.Store.LiveTriggers(ctx, id)
	if err != nil {
		return err
	}
	if len(triggers) == 0 && a.Hooks.State == "" {
		return Errorf(Conflict, "No live workflow listens to this store, so it needs no hooks. Publish one.")
	}
	if err := e.Store.NoteTrial(ctx, TrialNote{Action: "authentication.repair_hooks", ID: id}); err != nil {
		return err
	}
	return e.Store.Enqueue(ctx, Job{Kind: SubscribeJob, Ref: id, Due: e.now()})
}
