package engine

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// subscribeRetry is when the registration of hooks is tried again at the latest.
const subscribeRetry = 30 * time.Minute

func (e *Engine) subscriber(authType string) (Subscriber, bool) {
	t, ok := e.Config.AuthTypes.Get(authType)
	if !ok {
		return nil, false
	}
	s, ok := t.(Subscriber)
	return s, ok
}

// webhookURL is where the source of an authentication sends to.
func (e *Engine) webhookURL(s Subscriber, a Auth) string {
	return strings.TrimSuffix(e.PublicURL, "/") + "/hooks/" + s.Intake() + "/" + a.HookKey()
}

// subscribeJobs asks for the hooks of authentications to be looked after, and marks them as pending.
func (e *Engine) subscribeJobs(ctx context.Context, ids ...string) []Job {
	var jobs []Job
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		a, err := e.Store.Authentication(ctx, id)
		if err != nil {
			continue // a deleted authentication has no hooks any more
		}
		t, ok := e.Config.AuthTypes.Get(a.Type)
		if !ok {
			continue
		}
		jobs = append(jobs, e.subscribeJobsOf(t, id)...)
	}
	return jobs
}

func (e *Engine) subscribeJobsOf(t AuthType, id string) []Job {
	if _, ok := t.(Subscriber); !ok {
		return nil
	}
	return []Job{{Kind: SubscribeJob, Ref: id, Due: e.now()}}
}

// subscribe makes the source of an authentication send what its live workflows need, no more.
func (e *Engine) subscribe(ctx context.Context, j Job) error {
	stored, err := e.Store.Authentication(ctx, j.Ref)
	if CodeOf(err) == NotFound {
		return e.Store.FinishJob(ctx, j)
	}
	if err != nil {
		return err
	}
	s, ok := e.subscriber(stored.Type)
	if !ok {
		return e.Store.FinishJob(ctx, j)
	}
	auth, err := e.auths.get(stored)
	if err != nil {
		return err
	}
	triggers, err := e.Store.LiveTriggers(ctx, auth.ID)
	if err != nil {
		return err
	}
	if len(triggers) == 0 && stored.Hooks.State == "" {
		return e.Store.FinishJob(ctx, j) // nothing was ever registered
	}
	hooks, err := s.Subscribe(ctx, auth, e.webhookURL(s, auth), triggers)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil { // that hooks can be made says nothing about the rest
		e.used(auth, CodeOf(err) == Denied, false, MessageOf(err))
	}
	return e.subscribed(ctx, j, auth, triggers, hooks, stored.Hooks, err)
}

// subscribed notes how the registration went, and when it is tried again.
func (e *Engine) subscribed(ctx context.Context, j Job, auth Auth, triggers []string, hooks []Hook, before Subscription, failure error) error {
	now := e.now()
	state := Subscription{State: SubscriptionActive, Hooks: hooks, CheckedAt: now}
	var next *time.Time
	if len(triggers) == 0 {
		state.State = ""
	}
	if failure != nil {
		state.State, state.Reason = SubscriptionFailed, auth.Redact(MessageOf(failure))
		wait := subscribeRetry
		if e, ok := errors.AsType[*Error](failure); ok && e.Code == Temporary {
			state.State = SubscriptionPending
			wait = max(e.Wait, pendingWait(before, now))
		}
		at := now.Add(wait)
		next = &at
		e.Logger.Warn("the hooks of a store could not be registered", "authentication", auth.ID, "error", auth.Redact(logged(failure).Error()))
	}
	defer e.standing.forget()
	return e.Store.SaveSubscription(ctx, auth.ID, state, j, next)
}

// pendingWait doubles from 2 s on while the state stays pending.
func pendingWait(before Subscription, now time.Time) time.Duration {
	if before.State != SubscriptionPending || before.CheckedAt.IsZero() {
		return 2 * time.Second
	}
	return min(max(2*now.Sub(before.CheckedAt), 2*time.Second), subscribeRetry)
}

// checkSubscriptions asks for every authentication with live workflows to be looked after.
func (e *Engine) checkSubscriptions(ctx context.Context) error {
	for p := (Page{Limit: 200}); ; {
		items, next, err := e.Store.Authentications(ctx, p)
		if err != nil {
			return err
		}
		for _, a := range items {
			if t, ok := e.Config.AuthTypes.Get(a.Type); ok && a.Hooks.State != "" {
				if err := e.Store.Enqueue(ctx, e.subscribeJobsOf(t, a.ID)...); err != nil {
					return err
				}
			}
		}
		if next == "" {
			return nil
		}
		p.Cursor = next
	}
}
