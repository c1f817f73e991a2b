package store_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/go-cmp/cmp"

	"cartwheel/engine"
)

func using(authentication string) engine.Step {
	return engine.Step{ID: "s-" + authentication, Type: "http_request", Config: json.RawMessage(`{"authentication_id":"` + authentication + `","url":"https://example.com"}`)}
}

var workflowSpecs = []spec{
	{"a workflow goes from draft to live, changed, paused and deleted", func(f fixture) {
		w, err := f.AddWorkflow(f.ctx, engine.Workflow{ID: "w", Draft: definition("One", shipped, shop, using("mail"))})
		f.ok(err)
		want := engine.Workflow{ID: "w", Draft: w.Draft, Status: engine.WorkflowDraft, Revision: 1, Changed: true, CreatedAt: f.clock.now(), UpdatedAt: f.clock.now(), UpdatedBy: "cartwheel"}
		f.same(want, w)
		live, v, err := f.Publish(f.ctx, w, engine.Version{PublishedBy: "Ada", Note: "first"}, engine.Job{Kind: engine.SubscribeJob, Ref: shop})
		f.ok(err)
		want.Status, want.Revision, want.LiveVersion, want.LastVersion, want.Changed = engine.WorkflowLive, 2, 1, 1, false
		f.same(want, live)
		f.same(engine.Version{WorkflowID: "w", Number: 1, Definition: w.Draft, PublishedAt: f.clock.now(), PublishedBy: "Ada", Note: "first"}, v)
		f.jobs(1, 1)
		live.Draft.Name = "Two"
		changed, err := f.SaveDraft(f.ctx, live)
		f.ok(err)
		if !changed.Changed || changed.Draft.Name != "Two" || changed.Revision != 3 || changed.LiveVersion != 1 {
			f.t.Fatalf("got %+v", changed)
		}
		live.Draft.Name, live.Revision = "One", 0
		back, err := f.SaveDraft(f.ctx, live)
		f.ok(err)
		if back.Changed {
			f.t.Fatal("a draft equal to the newest version is no change")
		}
		paused, err := f.SetStatus(f.ctx, "w", engine.WorkflowPaused)
		f.ok(err)
		if paused.Status != engine.WorkflowPaused || paused.Revision != 5 {
			f.t.Fatalf("got %+v", paused)
		}
		f.ok(f.DeleteWorkflow(f.ctx, "w", 5))
		_, err = f.Workflow(f.ctx, "w")
		f.code(engine.NotFound, err)
		_, err = f.Version(f.ctx, engine.VersionRef{WorkflowID: "w", Number: 1})
		f.ok(err)
	}},
	{"a stale revision changes nothing", func(f fixture) {
		w := f.publish("w")
		w.Revision = 1
		_, err := f.SaveDraft(f.ctx, w)
		f.code(engine.Stale, err)
		_, _, err = f.Publish(f.ctx, w, engine.Version{})
		f.code(engine.Stale, err)
		f.code(engine.Stale, f.DeleteWorkflow(f.ctx, "w", 1))
	}},
	{"what is not there cannot be changed", func(f fixture) {
		_, err := f.SaveDraft(f.ctx, engine.Workflow{ID: "none"})
		f.code(engine.NotFound, err)
		_, _, err = f.Publish(f.ctx, engine.Workflow{ID: "none"}, engine.Version{})
		f.code(engine.NotFound, err)
		_, err = f.SetStatus(f.ctx, "none", engine.WorkflowLive)
		f.code(engine.NotFound, err)
		f.code(engine.NotFound, f.DeleteWorkflow(f.ctx, "none", 0))
		_, _, err = f.Versions(f.ctx, "none", engine.Page{})
		f.code(engine.NotFound, err)
		_, err = f.Version(f.ctx, engine.VersionRef{WorkflowID: "none", Number: 1})
		f.code(engine.NotFound, err)
	}},
	{"an id is taken until it is deleted, and then goes on with its history", func(f fixture) {
		w := f.publish("w")
		_, err := f.AddWorkflow(f.ctx, w)
		f.code(engine.Conflict, err)
		f.ok(f.DeleteWorkflow(f.ctx, "w", w.Revision))
		again, err := f.AddWorkflow(f.ctx, engine.Workflow{ID: "w", Draft: definition("Again", shipped, shop)})
		f.ok(err)
		if again.Status != engine.WorkflowDraft || again.LiveVersion != 0 || again.Revision <= w.Revision {
			f.t.Fatalf("got %+v after %+v", again, w)
		}
		_, v, err := f.Publish(f.ctx, again, engine.Version{})
		f.ok(err)
		if v.Number != 2 {
			f.t.Fatalf("got version %d, want 2", v.Number)
		}
	}},
	{"only a published workflow can be live or paused", func(f fixture) {
		_, err := f.AddWorkflow(f.ctx, engine.Workflow{ID: "w"})
		f.ok(err)
		_, err = f.SetStatus(f.ctx, "w", engine.WorkflowLive)
		f.code(engine.Conflict, err)
		_, err = f.SetStatus(f.ctx, "w", engine.WorkflowDraft)
		f.code(engine.Invalid, err)
	}},
	{"a definition that is no JSON is refused", func(f fixture) {
		_, err := f.AddWorkflow(f.ctx, engine.Workflow{ID: "w", Draft: engine.Definition{Steps: []engine.Step{{Config: json.RawMessage(`{"`)}}}})
		f.code(engine.Invalid, err)
	}},
	{"versions are listed newest first", func(f fixture) {
		w := f.publish("w")
		for range 4 {
			var err error
			w, _, err = f.Publish(f.ctx, w, engine.Version{})
			f.ok(err)
		}
		f.ok(f.DeleteWorkflow(f.ctx, "w", 0))
		got := pages(f, 2, func(p engine.Page) ([]engine.Version, string, error) { return f.Versions(f.ctx, "w", p) },
			func(v engine.Version) string { return fmt.Sprint(v.Number) })
		f.same("[5 4 3 2 1]", fmt.Sprint(got))
		badCursors(f, func(p engine.Page) error { _, _, err := f.Versions(f.ctx, "w", p); return err })
	}},
	{"live versions and triggers are those of live workflows of the authentication", func(f fixture) {
		f.publish("b")
		f.clock.add(time.Second)
		f.publish("a")
		f.publish("paused")
		_, err := f.SetStatus(f.ctx, "paused", engine.WorkflowPaused)
		f.ok(err)
		f.publish("gone")
		f.ok(f.DeleteWorkflow(f.ctx, "gone", 0))
		w, err := f.Workflow(f.ctx, "b") // a draft on another trigger is not live
		f.ok(err)
		w.Draft.Trigger.Type = "webhook"
		_, err = f.SaveDraft(f.ctx, w)
		f.ok(err)
		refs, err := f.LiveVersions(f.ctx, shipped, shop)
		f.ok(err)
		f.same([]engine.VersionRef{{WorkflowID: "b", Number: 1}, {WorkflowID: "a", Number: 1}}, refs)
		none, err := f.LiveVersions(f.ctx, shipped, "other")
		f.ok(err)
		f.same(0, len(none))
		triggers, err := f.LiveTriggers(f.ctx, shop)
		f.ok(err)
		f.same([]string{shipped}, triggers)
	}},
	{"workflows are listed newest first, by filters and pages", func(f fixture) {
		for i, name := range []string{"Umfrage Größe", "Alarm 100%", "Cart", "VIP ÜBER 500"} {
			_, err := f.AddWorkflow(f.ctx, engine.Workflow{ID: fmt.Sprint("w", i), Draft: definition(name, shipped, []string{shop, "other"}[i%2])})
			f.ok(err)
			f.clock.add(time.Duration(i%2) * time.Second) // some of the same moment
		}
		w, err := f.Workflow(f.ctx, "w2")
		f.ok(err)
		_, _, err = f.Publish(f.ctx, w, engine.Version{})
		f.ok(err)
		for filter, want := range map[engine.WorkflowFilter]string{
			{}:                               "[w3 w2 w1 w0]",
			{Status: engine.WorkflowLive}:    "[w2]",
			{AuthenticationID: "other"}:      "[w3 w1]",
			{Query: "GRÖSSE"}:                "[]",
			{Query: "größe"}:                 "[w0]",
			{Query: "über"}:                  "[w3]",
			{Query: "100%"}:                  "[w1]",
			{Query: "%"}:                     "[w1]",
			{Query: "_"}:                     "[]",
			{Query: "W2"}:                    "[w2]",
			{Query: "a", Status: "draft"}:    "[w1 w0]",
			{Query: `\`, Status: "draft"}:    "[]",
			{Query: "' OR 1=1", Status: "x"}: "[]",
		} {
			got := pages(f, 1, func(p engine.Page) ([]engine.Workflow, string, error) { return f.Workflows(f.ctx, filter, p) },
				func(w engine.Workflow) string { return w.ID })
			if fmt.Sprint(got) != want {
				f.t.Errorf("filter %+v: got %v, want %s", filter, got, want)
			}
		}
		badCursors(f, func(p engine.Page) error { _, _, err := f.Workflows(f.ctx, engine.WorkflowFilter{}, p); return err })
	}},
}

func (f fixture) same(want, got any) {
	f.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		f.t.Fatalf("-want +got:\n%s", diff)
	}
}
