package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/store"
)

// editor is who acts in these tests.
var editor = engine.Actor{Kind: engine.TokenActor, ID: "tok", Name: "ci", Role: engine.Editor, IP: "192.0.2.7"}

// entries is the whole audit log, oldest first.
func (f fixture) entries() []engine.AuditEntry {
	f.t.Helper()
	var all []engine.AuditEntry
	pages(f, 200, func(p engine.Page) ([]engine.AuditEntry, string, error) {
		return f.Audit(f.ctx, engine.AuditFilter{}, p)
	},
		func(e engine.AuditEntry) string {
			all = append([]engine.AuditEntry{e}, all...)
			return ""
		})
	return all
}

// noted checks that do adds exactly one entry, and how it reads.
func (f fixture) noted(want string, do func(ctx context.Context) error) {
	f.t.Helper()
	before := len(f.entries())
	f.ok(do(engine.WithActor(f.ctx, editor)))
	all := f.entries()
	if len(all) != before+1 {
		f.t.Fatalf("%s: %d entries more, want 1", want, len(all)-before)
	}
	e := all[before]
	if got := fmt.Sprintf("%s %s/%s %s -> %s", e.Action, e.ObjectKind, e.ObjectID, e.Before, e.After); got != want {
		f.t.Errorf("got  %s\nwant %s", got, want)
	}
	e.Actor.Role = editor.Role // not noted
	if e.Actor != editor || !e.At.Equal(f.clock.now()) || e.Seq != int64(before+1) {
		f.t.Errorf("%s: entry %d by %+v at %s", want, e.Seq, e.Actor, e.At)
	}
}

// unnoted checks that do adds no entry.
func (f fixture) unnoted(code engine.Code, do func(ctx context.Context) error) {
	f.t.Helper()
	before := len(f.entries())
	f.code(code, do(engine.WithActor(f.ctx, editor)))
	if all := f.entries(); len(all) != before {
		f.t.Fatalf("got an entry %+v", all[len(all)-1])
	}
}

func credential(sealed string) engine.Authentication {
	return engine.Authentication{ID: "a", Name: "A", Type: "http_bearer", Config: json.RawMessage(`{"allowed_hosts":["x.example.com"]}`),
		Sealed: map[string][]byte{"token": []byte(sealed), "_hook_key": []byte("own")}, Last4: map[string]string{"token": "last"}}
}

var auditSpecs = []spec{
	{"every change of a workflow is noted with what differs", func(f fixture) {
		w := engine.Workflow{ID: "w", Draft: definition("One", shipped, shop)}
		f.noted(`workflow.create workflow/w  -> {"live_version":0,"name":"One","status":"draft","steps":null,"trigger":{"type":"bigcommerce.shipment_created","authentication_id":"shop"}}`,
			func(ctx context.Context) error { _, err := f.AddWorkflow(ctx, w); return err })
		w.Draft.Name, w.Draft.Condition = "Two", "true"
		f.noted(`workflow.edit workflow/w {"name":"One"} -> {"condition":"true","name":"Two"}`,
			func(ctx context.Context) error { _, err := f.SaveDraft(ctx, w); return err })
		f.noted(`workflow.publish workflow/w {"live_version":0,"status":"draft"} -> {"live_version":1,"status":"live"}`,
			func(ctx context.Context) error { _, _, err := f.Publish(ctx, w, engine.Version{}); return err })
		f.noted(`workflow.pause workflow/w {"status":"live"} -> {"status":"paused"}`,
			func(ctx context.Context) error { _, err := f.SetStatus(ctx, "w", engine.WorkflowPaused); return err })
		f.noted(`workflow.resume workflow/w {"status":"paused"} -> {"status":"live"}`,
			func(ctx context.Context) error { _, err := f.SetStatus(ctx, "w", engine.WorkflowLive); return err })
		f.noted(`workflow.delete workflow/w {"condition":"true","live_version":1,"name":"Two","status":"live","steps":null,"trigger":{"type":"bigcommerce.shipment_created","authentication_id":"shop"}} -> `,
			func(ctx context.Context) error { return f.DeleteWorkflow(ctx, "w", 0) })
	}},
	{"every change of an authentication is noted without its secrets", func(f fixture) {
		const state = `{"config":{"allowed_hosts":["x.example.com"]},"name":"A","secrets":{"token":{"set":true}},"type":"http_bearer"}`
		f.noted(`authentication.create authentication/a  -> `+state, func(ctx context.Context) error { return f.AddAuthentication(ctx, credential("one")) })
		f.noted(`authentication.edit authentication/a {"secrets":{"token":{"set":true}}} -> {"secrets":{"token":{"set":true,"changed":true}}}`,
			func(ctx context.Context) error { _, err := f.SaveAuthentication(ctx, credential("two")); return err })
		bare := credential("")
		delete(bare.Sealed, "token")
		f.noted(`authentication.edit authentication/a {"secrets":{"token":{"set":true}}} -> {"secrets":{}}`,
			func(ctx context.Context) error { _, err := f.SaveAuthentication(ctx, bare); return err })
		bare.Name = "B"
		f.noted(`authentication.edit authentication/a {"name":"A"} -> {"name":"B"}`,
			func(ctx context.Context) error { _, err := f.SaveAuthentication(ctx, bare); return err })
		f.noted(`authentication.delete authentication/a {"config":{"allowed_hosts":["x.example.com"]},"name":"B","secrets":{},"type":"http_bearer"} -> `,
			func(ctx context.Context) error { return f.DeleteAuthentication(ctx, "a", 0) })
	}},
	{"users, tokens and settings are noted", func(f fixture) {
		f.noted(`user.create user/u  -> {"email":"ada@example.com","password":{"set":true},"role":"admin"}`, func(ctx context.Context) error {
			return f.AddUser(ctx, engine.User{ID: "u", Email: "Ada@example.com", Role: engine.Admin, PasswordHash: "$argon2id$x"})
		})
		until := f.clock.now().Add(time.Hour)
		f.noted(`token.create token/t  -> {"expires_at":"2026-05-04T13:00:00Z","name":"ci","revoked_at":null,"role":"viewer"}`, func(ctx context.Context) error {
			return f.AddToken(ctx, engine.Token{ID: "t", Name: "ci", Role: engine.Viewer, Hash: []byte{1}, ExpiresAt: &until})
		})
		f.noted(`token.revoke token/t {"revoked_at":null} -> {"revoked_at":"2026-05-04T12:00:00Z"}`, func(ctx context.Context) error { return f.RevokeToken(ctx, "t") })
		f.noted(`setting.edit setting/s  -> {"value":"1"}`, func(ctx context.Context) error { return f.SetSetting(ctx, "s", "1") })
		f.noted(`setting.edit setting/s {"value":"1"} -> {"value":"2"}`, func(ctx context.Context) error { return f.SetSetting(ctx, "s", "2") })
		f.noted(`setting.edit setting/key_check  -> {"set":true}`, func(ctx context.Context) error { return f.SetSetting(ctx, "key_check", "x") })
		n := len(f.entries())
		f.ok(f.SetSetting(f.ctx, "s", "3")) // Cartwheel's own bookkeeping
		f.ok(f.TouchToken(f.ctx, "t", f.clock.now()))
		f.ok(f.Ready(f.ctx))
		f.same(n, len(f.entries()))
	}},
	{"a run that a person retries or cancels is noted", func(f fixture) {
		f.publish("w")
		r := f.run(f.event(1, 1), "w", "r")
		f.unnoted("", func(ctx context.Context) (err error) { // a worker's
			r.Revision, err = f.SaveRun(ctx, engine.RunChange{RunID: "r", Revision: r.Revision, Status: engine.RunFailed, Job: engine.Job{Kind: engine.RunJob, Ref: "r", Gen: 1}})
			return err
		})
		f.noted(`run.retry run/r {"status":"failed"} -> {"status":"running","step":"s"}`, func(ctx context.Context) (err error) {
			r.Revision, err = f.SaveRun(ctx, engine.RunChange{RunID: "r", Revision: r.Revision, Status: engine.RunRunning, Steps: []engine.StepState{{StepID: "s"}}, Next: ref(f.clock.now())})
			return err
		})
		f.unnoted("", func(ctx context.Context) (err error) { // a worker's
			r.Revision, err = f.SaveRun(ctx, engine.RunChange{RunID: "r", Revision: r.Revision, Status: engine.RunWaiting, Job: engine.Job{Kind: engine.RunJob, Ref: "r", Gen: 2}})
			return err
		})
		f.unnoted(engine.Conflict, func(ctx context.Context) error {
			_, err := f.SaveRun(ctx, engine.RunChange{RunID: "r", Revision: 1000, Status: engine.RunCancelled})
			return err
		})
		f.noted(`run.cancel run/r {"status":"waiting"} -> {"status":"cancelled"}`, func(ctx context.Context) error {
			_, err := f.SaveRun(ctx, engine.RunChange{RunID: "r", Revision: r.Revision, Status: engine.RunCancelled, FinishedAt: ref(f.clock.now())})
			return err
		})
	}},
	{"an event that a person replays is noted, others are not", func(f fixture) {
		f.unnoted("", func(ctx context.Context) error { _, err := f.AddEvents(ctx, f.event(1, 1)); return err })
		again := f.event(2, 1)
		again.ReplayOf = "event-000001"
		f.noted(`event.replay event/event-000001  -> {"event_id":"event-000002","trigger":"bigcommerce.shipment_created"}`,
			func(ctx context.Context) error { _, err := f.AddEvents(ctx, again); return err })
	}},
	{"what is refused is not noted", func(f fixture) {
		f.publish("w", using("a"))
		f.ok(f.AddAuthentication(f.ctx, credential("x")))
		f.ok(f.AddToken(f.ctx, engine.Token{ID: "t", Hash: []byte{1}}))
		f.ok(f.RevokeToken(f.ctx, "t"))
		for name, c := range map[string]struct {
			code engine.Code
			do   func(ctx context.Context) error
		}{
			"taken": {engine.Conflict, func(ctx context.Context) error { _, err := f.AddWorkflow(ctx, engine.Workflow{ID: "w"}); return err }},
			"stale draft": {engine.Stale, func(ctx context.Context) error {
				_, err := f.SaveDraft(ctx, engine.Workflow{ID: "w", Revision: 99})
				return err
			}},
			"stale publish": {engine.Stale, func(ctx context.Context) error {
				_, _, err := f.Publish(ctx, engine.Workflow{ID: "w", Revision: 99}, engine.Version{})
				return err
			}},
			"no workflow": {engine.NotFound, func(ctx context.Context) error { return f.DeleteWorkflow(ctx, "none", 0) }},
			"no status":   {engine.NotFound, func(ctx context.Context) error { _, err := f.SetStatus(ctx, "none", engine.WorkflowLive); return err }},
			"same id":     {engine.Conflict, func(ctx context.Context) error { return f.AddAuthentication(ctx, credential("y")) }},
			"in use":      {engine.Conflict, func(ctx context.Context) error { return f.DeleteAuthentication(ctx, "a", 0) }},
			"stale": {engine.Stale, func(ctx context.Context) error {
				a := credential("z")
				a.Revision = 99
				_, err := f.SaveAuthentication(ctx, a)
				return err
			}},
			"same token": {engine.Conflict, func(ctx context.Context) error { return f.AddToken(ctx, engine.Token{ID: "t", Hash: []byte{1}}) }},
			"revoked":    {engine.Conflict, func(ctx context.Context) error { return f.RevokeToken(ctx, "t") }},
			"no token":   {engine.NotFound, func(ctx context.Context) error { return f.RevokeToken(ctx, "none") }},
		} {
			f.t.Log(name)
			f.unnoted(c.code, c.do)
		}
	}},
	{"without an actor it was Cartwheel itself", func(f fixture) {
		f.publish("w")
		f.same(engine.Actor{Kind: engine.SystemActor, Name: "cartwheel"}, f.entries()[0].Actor)
	}},
	{"what is too long is noted by its hash", func(f fixture) {
		w := engine.Workflow{ID: "w", Draft: definition(strings.Repeat("x", 70<<10), shipped, shop)}
		_, err := f.AddWorkflow(f.ctx, w)
		f.ok(err)
		got := string(f.entries()[0].After)
		if len(got) > 200 || !strings.Contains(got, `"too_long":true`) || !strings.Contains(got, `"sha256":"`) {
			f.t.Errorf("got %.300s", got)
		}
		f.verified(1)
	}},
	{"entries are listed by filters and pages, newest first", func(f fixture) {
		for i := range 6 {
			actor := editor
			actor.Name = []string{"ci", "ada"}[i%2]
			f.ok(f.SetSetting(engine.WithActor(f.ctx, actor), fmt.Sprint("s", i/2), fmt.Sprint(i)))
		}
		f.publish("s0")
		for filter, want := range map[engine.AuditFilter]string{
			{}:                                         "[8 7 6 5 4 3 2 1]",
			{Actor: "ada"}:                             "[6 4 2]",
			{Actor: "cartwheel", Action: "nothing"}:    "[]",
			{Action: "workflow.publish"}:               "[8]",
			{ObjectKind: "setting"}:                    "[6 5 4 3 2 1]",
			{ObjectKind: "setting", ObjectID: "s1"}:    "[4 3]",
			{ObjectID: "s0"}:                           "[8 7 2 1]",
			{Actor: "ci", ObjectID: "s2"}:              "[5]",
			{Actor: "' OR 1=1 --", ObjectKind: "user"}: "[]",
		} {
			got := pages(f, 1, func(p engine.Page) ([]engine.AuditEntry, string, error) { return f.Audit(f.ctx, filter, p) },
				func(e engine.AuditEntry) string { return fmt.Sprint(e.Seq) })
			if fmt.Sprint(got) != want {
				f.t.Errorf("filter %+v: got %v, want %s", filter, got, want)
			}
		}
		badCursors(f, func(p engine.Page) error { _, _, err := f.Audit(f.ctx, engine.AuditFilter{}, p); return err })
	}},
	{"many at once keep the chain", func(f fixture) {
		const writers, each = 8, 25
		var group sync.WaitGroup
		for w := range writers {
			group.Go(func() {
				for i := range each {
					if err := f.SetSetting(engine.WithActor(f.ctx, editor), fmt.Sprint("w", w), fmt.Sprint(i)); err != nil {
						f.t.Error(err)
					}
				}
				if r, err := f.VerifyAudit(f.ctx); err != nil || r.Wrong != 0 {
					f.t.Errorf("while others write: %v %v", r, err)
				}
			})
		}
		group.Wait()
		f.verified(writers * each)
	}},
	{"tokens are listed newest first", func(f fixture) {
		for i := range 5 {
			f.ok(f.AddToken(f.ctx, engine.Token{ID: fmt.Sprint("t", i), Name: "n", Role: engine.Viewer, Hash: []byte{byte(i)}, CreatedAt: f.clock.now()}))
			f.clock.add(time.Duration(i%2) * time.Second)
		}
		f.ok(f.RevokeToken(f.ctx, "t3"))
		got := pages(f, 2, func(p engine.Page) ([]engine.Token, string, error) { return f.Tokens(f.ctx, p) },
			func(k engine.Token) string { return fmt.Sprint(k.ID, k.RevokedAt != nil) })
		f.same("[t4false t3true t2false t1false t0false]", fmt.Sprint(got))
		badCursors(f, func(p engine.Page) error { _, _, err := f.Tokens(f.ctx, p); return err })
	}},
}

func (f fixture) verified(want int64) {
	f.t.Helper()
	r, err := f.VerifyAudit(f.ctx)
	f.ok(err)
	f.same(engine.AuditReport{Entries: want}, r)
}

// A row that somebody with the database in his hands has changed, taken out or put in is found, and named.
func TestTamperingWithTheAuditLogIsFound(t *testing.T) {
	const middle, newest = 600, 1100 // more than one chunk of the walk
	f := setup(t, store.Options{Exclusive: true, Durability: "normal"})
	var group sync.WaitGroup
	for w := range 20 {
		group.Go(func() {
			for i := range newest / 20 {
				if err := f.SetSetting(engine.WithActor(f.ctx, editor), fmt.Sprint("w", w), fmt.Sprint(i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	f.verified(newest)
	f.ok(f.Write(f.ctx, func(exec func(string, ...any) error) error {
		return exec(`CREATE TABLE untouched AS SELECT * FROM audit`)
	}))
	for _, c := range []struct {
		name, statement string
		wrong           int64
	}{
		{"the time", `UPDATE audit SET at = at + 1 WHERE seq = 600`, middle},
		{"the kind of actor", `UPDATE audit SET actor_kind = 'system' WHERE seq = 600`, middle},
		{"the actor's id", `UPDATE audit SET actor_id = 'x' WHERE seq = 600`, middle},
		{"the actor's name", `UPDATE audit SET actor_name = 'eve' WHERE seq = 600`, middle},
		{"the address", `UPDATE audit SET ip = '' WHERE seq = 600`, middle},
		{"the action", `UPDATE audit SET action = 'setting.look' WHERE seq = 600`, middle},
		{"the kind of object", `UPDATE audit SET object_kind = 'x' WHERE seq = 600`, middle},
		{"the object", `UPDATE audit SET object_id = 'x' WHERE seq = 600`, middle},
		{"before", `UPDATE audit SET before_json = '' WHERE seq = 600`, middle},
		{"after", `UPDATE audit SET after_json = after_json || ' ' WHERE seq = 600`, middle},
		{"text moved between fields", `UPDATE audit SET before_json = before_json || after_json, after_json = '' WHERE seq = 600`, middle},
		{"the link", `UPDATE audit SET prev = x'00' WHERE seq = 600`, middle},
		{"the hash", `UPDATE audit SET hash = x'00' WHERE seq = 600`, middle},
		{"the first taken out", `DELETE FROM audit WHERE seq = 1`, 1},
		{"one taken out", `DELETE FROM audit WHERE seq = 600`, middle},
		{"one taken out at the end of a chunk", `DELETE FROM audit WHERE seq = 500`, 500},
		{"the newest taken out", `DELETE FROM audit WHERE seq = 1100`, newest},
		{"all taken out", `DELETE FROM audit`, 1},
		{"the number of the newest changed", `UPDATE audit SET seq = 1101 WHERE seq = 1100`, newest},
		{"one put in at the end", `INSERT INTO audit SELECT 1101, at, actor_kind, actor_id, actor_name, ip, action, object_kind, object_id, before_json, after_json, prev, hash FROM audit WHERE seq = 600`, newest + 1},
	} {
		f.ok(f.Write(f.ctx, func(exec func(string, ...any) error) error { return exec(c.statement) }))
		r, err := f.VerifyAudit(f.ctx)
		f.ok(err)
		if r.Wrong != c.wrong || r.Entries != c.wrong-1 || r.Why == "" {
			t.Errorf("%s: got %+v (%s), want entry %d", c.name, r, r, c.wrong)
		}
		f.ok(f.Write(f.ctx, func(exec func(string, ...any) error) error {
			return errors.Join(exec(`DELETE FROM audit WHERE seq > 1100`), exec(`INSERT OR REPLACE INTO audit SELECT * FROM (SELECT * FROM untouched EXCEPT SELECT * FROM audit)`))
		}))
	}
	f.verified(newest)
}

// Whoever takes the newest rows out and lets Cartwheel go on is found too: numbers and links go on from where they were.
func TestRowsTakenOutAreMissedLaterToo(t *testing.T) {
	f := setup(t, store.Options{Exclusive: true})
	for i := range 5 {
		f.ok(f.SetSetting(engine.WithActor(f.ctx, editor), "s", fmt.Sprint(i)))
	}
	f.ok(f.Write(f.ctx, func(exec func(string, ...any) error) error { return exec(`DELETE FROM audit WHERE seq >= 4`) }))
	f.ok(f.SetSetting(engine.WithActor(f.ctx, editor), "s", "later"))
	r, err := f.VerifyAudit(f.ctx)
	f.ok(err)
	f.same(engine.AuditReport{Entries: 3, Wrong: 4, Why: "is missing"}, r)
}

// Whoever changes a row and makes its hash anew is found by the row that follows.
func TestARowWithAHashMadeAnewIsFound(t *testing.T) {
	f := setup(t, store.Options{Exclusive: true})
	for i := range 3 {
		f.ok(f.SetSetting(engine.WithActor(f.ctx, editor), "s", fmt.Sprint(i)))
	}
	forged := f.entries()[1]
	forged.Actor.Name = "eve"
	f.ok(f.Write(f.ctx, func(exec func(string, ...any) error) error {
		return exec(`UPDATE audit SET actor_name = $1, hash = $2 WHERE seq = 2`, forged.Actor.Name, forged.Sum())
	}))
	r, err := f.VerifyAudit(f.ctx)
	f.ok(err)
	f.same(engine.AuditReport{Entries: 2, Wrong: 3, Why: "does not follow from the one before"}, r)
}

// Whoever writes a row whose own hashes are right is found by the number that is kept beside the log.
func TestARowPutInWithRightHashesIsFound(t *testing.T) {
	f := setup(t, store.Options{Exclusive: true})
	for i := range 3 {
		f.ok(f.SetSetting(engine.WithActor(f.ctx, editor), "s", fmt.Sprint(i)))
	}
	forged := f.entries()[2]
	forged.Seq, forged.Prev, forged.Action = 4, forged.Hash, "workflow.delete"
	forged.Hash = forged.Sum()
	f.ok(f.Write(f.ctx, func(exec func(string, ...any) error) error {
		return exec(`INSERT INTO audit SELECT 4, at, actor_kind, actor_id, actor_name, ip, $1, object_kind, object_id, before_json, after_json, $2, $3 FROM audit WHERE seq = 3`,
			forged.Action, forged.Prev, forged.Hash)
	}))
	r, err := f.VerifyAudit(f.ctx)
	f.ok(err)
	f.same(engine.AuditReport{Entries: 3, Wrong: 4, Why: "is not the one that was written last"}, r)
}
