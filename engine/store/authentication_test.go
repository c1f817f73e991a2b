package store_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"cartwheel/engine"
)

func newAuthentication(id string) engine.Authentication {
	return engine.Authentication{ID: id, Name: "My " + id, Type: "bigcommerce", Config: json.RawMessage(`{"store_hash":"abc"}`),
		Sealed: map[string][]byte{"access_token": {0, 255, 7}}, Last4: map[string]string{"access_token": "k9ZQ"}, Intake: []byte("hash of " + id)}
}

var authenticationSpecs = []spec{
	{"an authentication comes back as it was stored", func(f fixture) {
		a := newAuthentication(shop)
		f.ok(f.AddAuthentication(f.ctx, a))
		a.Revision, a.CreatedAt, a.UpdatedAt = 1, f.clock.now(), f.clock.now()
		got, err := f.Authentication(f.ctx, shop)
		f.ok(err)
		f.same(a, got)
		got, err = f.AuthenticationByIntake(f.ctx, a.Intake)
		f.ok(err)
		f.same(a, got)
		f.code(engine.Conflict, f.AddAuthentication(f.ctx, a))
		_, err = f.Authentication(f.ctx, "none")
		f.code(engine.NotFound, err)
		_, err = f.AuthenticationByIntake(f.ctx, []byte("none"))
		f.code(engine.NotFound, err)
	}},
	{"authentications that take no webhooks do not get in each other's way", func(f fixture) {
		for _, id := range []string{"a", "b"} {
			a := newAuthentication(id)
			a.Intake, a.Sealed, a.Last4 = nil, nil, nil
			f.ok(f.AddAuthentication(f.ctx, a))
		}
		_, err := f.AuthenticationByIntake(f.ctx, nil)
		f.code(engine.NotFound, err)
	}},
	{"a change counts revisions, asks for jobs and wakes the events that wait for it", func(f fixture) {
		f.publish("w")
		a := newAuthentication(shop)
		f.ok(f.AddAuthentication(f.ctx, a))
		e := f.event(1, 1)
		f.add(e)
		e.Reason = "The store refuses the token."
		f.ok(f.SaveWait(f.ctx, e, eventJob(e, 1)))
		f.jobs(0, 0)
		f.clock.add(time.Minute)
		a.Revision, a.Name, a.Sealed["client_id"] = 1, "New", []byte{1}
		got, err := f.SaveAuthentication(f.ctx, a, engine.Job{Kind: engine.SubscribeJob, Ref: shop})
		f.ok(err)
		if got.Name != "New" || got.Revision != 2 || len(got.Sealed) != 2 || !got.UpdatedAt.After(got.CreatedAt) {
			f.t.Fatalf("got %+v", got)
		}
		f.jobs(2, 2)
		_, err = f.SaveAuthentication(f.ctx, a)
		f.code(engine.Stale, err)
		_, err = f.SaveAuthentication(f.ctx, newAuthentication("none"))
		f.code(engine.NotFound, err)
	}},
	{"a subscription's state is no new revision, and its job moves", func(f fixture) {
		f.ok(f.AddAuthentication(f.ctx, newAuthentication(shop)))
		f.ok(f.Enqueue(f.ctx, engine.Job{Kind: engine.SubscribeJob, Ref: shop}))
		held := engine.Job{Kind: engine.SubscribeJob, Ref: shop, Gen: 1}
		state := engine.Subscription{State: engine.SubscriptionFailed, Reason: "403", Hooks: []engine.Hook{{ID: "7", Scope: "store/order/*", Active: true}}, CheckedAt: f.clock.now()}
		f.ok(f.SaveSubscription(f.ctx, shop, state, held, ref(f.clock.now().Add(time.Minute))))
		f.jobs(1, 0)
		got, err := f.Authentication(f.ctx, shop)
		f.ok(err)
		f.same(state, got.Hooks)
		f.same(int64(1), got.Revision)
		f.ok(f.SaveSubscription(f.ctx, shop, state, held, nil))
		f.jobs(0, 0)
		f.code(engine.NotFound, f.SaveSubscription(f.ctx, "none", state, held, nil))
	}},
	{"an authentication that a draft or a live version uses, however deep, is not deleted", func(f fixture) {
		for _, id := range []string{shop, "mail", "deep", "free"} {
			f.ok(f.AddAuthentication(f.ctx, newAuthentication(id)))
		}
		branch := engine.Step{ID: "b", Type: engine.StepBranch, Branches: []engine.Branch{{Name: "x", Steps: []engine.Step{{ID: "c", Type: engine.StepBranch, Otherwise: []engine.Step{using("deep")}}}}}}
		w := f.publish("w", using("mail"), branch)
		w.Draft.Steps = nil
		w, err := f.SaveDraft(f.ctx, w) // the live version still uses them
		f.ok(err)
		for id, want := range map[string]string{shop: "[w]", "mail": "[w]", "deep": "[w]", "free": "[]"} {
			used, err := f.UsedBy(f.ctx, id)
			f.ok(err)
			f.same(want, fmt.Sprint(used))
		}
		err = f.DeleteAuthentication(f.ctx, "deep", 1)
		f.code(engine.Conflict, err)
		if !strings.Contains(err.Error(), "w") {
			f.t.Fatalf("got %q, want the workflow named", err)
		}
		_, err = f.Authentication(f.ctx, "deep")
		f.ok(err)
		f.code(engine.Stale, f.DeleteAuthentication(f.ctx, "free", 9))
		f.ok(f.DeleteAuthentication(f.ctx, "free", 1))
		f.code(engine.NotFound, f.DeleteAuthentication(f.ctx, "free", 1))
		_, _, err = f.Publish(f.ctx, w, engine.Version{})
		f.ok(err)
		f.ok(f.DeleteAuthentication(f.ctx, "deep", 0))
		f.ok(f.DeleteWorkflow(f.ctx, "w", 0))
		f.ok(f.DeleteAuthentication(f.ctx, shop, 0))
	}},
	{"authentications are listed newest first", func(f fixture) {
		for _, id := range []string{"a", "b", "c"} {
			f.ok(f.AddAuthentication(f.ctx, newAuthentication(id)))
		}
		f.clock.add(time.Second)
		f.ok(f.AddAuthentication(f.ctx, newAuthentication("0")))
		list := func(p engine.Page) ([]engine.Authentication, string, error) { return f.Authentications(f.ctx, p) }
		f.same("[0 c b a]", fmt.Sprint(pages(f, 1, list, func(a engine.Authentication) string { return a.ID })))
		badCursors(f, func(p engine.Page) error { _, _, err := list(p); return err })
	}},
}
