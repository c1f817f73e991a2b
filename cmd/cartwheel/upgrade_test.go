package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"cartwheel/engine"
)

// released are the folders of testdata with recorded histories (TestRecordAHistory).
func released() []string { return []string{"schema1"} }

// unpack puts a recorded installation into a fresh folder.
func unpack(t testing.TB, name string) (dir string, golden recording) {
	t.Helper()
	dir = t.TempDir()
	key, err := os.ReadFile(filepath.Join("testdata", name, "master.key"))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "master.key"), key, 0o600)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "cartwheel.db"), unzip(t, filepath.Join("testdata", name, "cartwheel.db.gz")), 0o600)
	}
	if err == nil {
		err = json.Unmarshal(unzip(t, filepath.Join("testdata", name, "answers.json.gz")), &golden)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir, golden
}

// upgraded is the program of today on the history of a release, at the time when it was recorded.
type upgraded struct {
	*program
	golden recording
	clock  *clockwork.FakeClock
	out    *outside
}

func upgrade(t *testing.T, name string) *upgraded {
	t.Helper()
	u := &upgraded{}
	var dir string
	dir, u.golden = unpack(t, name)
	u.clock = clockwork.NewFakeClockAt(u.golden.At)
	addr := freeAddr(t)
	u.out = newOutside(t, addr)
	u.program = &program{t: t, dir: dir, log: &lockedBuffer{}, events: &ledger[Watched]{}, token: u.golden.Token, sim: u.out.sim, mail: u.out.mail, calls: u.out.calls}
	app, err := New(context.Background(), Config{Addr: addr, PublicURL: "https://" + publicHost, Data: dir, MasterKeyFile: dir + "/master.key", Durability: "full", Role: "all",
		AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}, slog.New(slog.NewJSONHandler(u.log, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Extras{Clock: u.clock, Stopwatch: func() time.Time { return time.Time{} }, Watch: func(what any) { u.events.add(Watched{what}) }})
	if err != nil {
		t.Fatal(err)
	}
	if err := app.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	u.app = app
	t.Cleanup(func() {
		if err := app.Stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return u
}

func (u *upgraded) want(status int, method, path string, in any) []byte {
	u.t.Helper()
	a := u.call(method, path, in)
	if a.status != status {
		u.t.Fatalf("%s %s: %d, want %d\n%s", method, path, a.status, status, a.body)
	}
	return a.body
}

// A history that a release has recorded reads the same, decides the same and goes on.
func TestARecordedHistoryLivesOn(t *testing.T) {
	for _, name := range released() {
		t.Run(name, func(t *testing.T) {
			u := upgrade(t, name)
			for _, part := range []struct {
				name string
				is   func(*testing.T)
			}{
				{"it reads the same", u.readsTheSame},
				{"it decides the same", u.decidesTheSame},
				{"its events replayed decide the same", u.replaysTheSame},
				{"what waited goes on", u.goesOn},
				{"its people, secrets and webhooks are known", u.opens},
			} {
				t.Run(part.name, func(t *testing.T) { u.t = t; part.is(t) })
			}
		})
	}
}

func (u *upgraded) readsTheSame(t *testing.T) {
	events, runs := 0, 0
	for _, a := range u.golden.Answers {
		var got json.RawMessage
		want := a.Body
		if a.Items != nil {
			got, want = wholeList(t, u.want, a.Path), a.Items
		} else {
			var in any
			if a.In != nil {
				in = string(a.In)
			}
			got = u.want(200, a.Method, a.Path, in)
		}
		if difference := lacks(decode(t, got), decode(t, want), ""); difference != "" {
			t.Errorf("%s %s %s: %s", a.Method, a.Path, a.In, difference)
		}
		events += strings.Count(a.Path, "/api/v1/events/")
		runs += strings.Count(a.Path, "/api/v1/runs/")
	}
	if runs < 200 || events < 50 {
		t.Errorf("only %d runs and %d events are recorded", runs, events)
	}
	t.Logf("%d answers, of them %d events and %d runs", len(u.golden.Answers), events, runs)
}

func decode(t testing.TB, raw []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	return v
}

// lacks says what of want is missing or different in got, at its place; more members are fine.
func lacks(got, want any, place string) string {
	switch want := want.(type) {
	case object:
		members, ok := got.(object)
		if !ok {
			return fmt.Sprintf("%s is %v, want an object", place, got)
		}
		for name, w := range want {
			if place == "" && name == "hooks" || strings.HasSuffix(place, "]") && name == "hooks" {
				continue // registered anew at every start
			}
			g, there := members[name]
			if !there {
				return fmt.Sprintf("%s.%s is missing; it was %v", place, name, w)
			}
			if d := lacks(g, w, place+"."+name); d != "" {
				return d
			}
		}
	case []any:
		items, ok := got.([]any)
		if ok && len(want) == 0 && strings.HasSuffix(place, ".codes") {
			return "" // a test shows what a branch asks for since schema 4
		}
		if !ok || len(items) != len(want) {
			return fmt.Sprintf("%s has %d items, want %d", place, len(items), len(want))
		}
		for i, w := range want {
			if d := lacks(items[i], w, fmt.Sprintf("%s[%d]", place, i)); d != "" {
				return d
			}
		}
	default:
		if strings.HasSuffix(place, ".request") && !strings.Contains(place, "attempts") && holdsLines(got, want) {
			return "" // what a test shows is made now: a release may send more headers
		}
		if g, w := fmt.Sprint(got), fmt.Sprint(want); strings.HasSuffix(place, "].reason") && strings.HasPrefix(g, w+" ") {
			return "" // a release may add what else there is to know
		}
		if !reflect.DeepEqual(got, want) {
			return fmt.Sprintf("%s is %v, want %v", place, got, want)
		}
	}
	return ""
}

// holdsLines tells whether got has every line of want, in their order.
func holdsLines(got, want any) bool {
	g, _ := got.(string)
	w, ok := want.(string)
	lines := strings.Split(w, "\n")
	for line := range strings.SplitSeq(g, "\n") {
		if len(lines) > 0 && line == lines[0] {
			lines = lines[1:]
		}
	}
	return ok && len(lines) == 0
}

// recordedEvent is what the tests read of a recorded event.
type recordedEvent struct {
	ID, Status, Trigger string
	Decisions           []recordedDecision
}

type recordedDecision struct {
	WorkflowID string `json:"workflow_id"`
	Version    int
	Matched    bool
	Reason     string
}

func (d recordedDecision) once() bool { return strings.Contains(d.Reason, "once per") }

func (u *upgraded) recordedEvents(t *testing.T) (all []recordedEvent) {
	for _, a := range u.golden.Answers {
		if strings.HasPrefix(a.Path, "/api/v1/events/") {
			var e recordedEvent
			if err := json.Unmarshal(a.Body, &e); err != nil {
				t.Fatal(err)
			}
			all = append(all, e)
		}
	}
	return all
}

// decidesTheSame asks the condition of each version about each event's own values again.
func (u *upgraded) decidesTheSame(t *testing.T) {
	versions, decisions := map[string]engine.Version{}, 0
	for _, e := range u.recordedEvents(t) {
		for _, d := range e.Decisions {
			ref := engine.VersionRef{WorkflowID: d.WorkflowID, Number: d.Version}
			v, known := versions[fmt.Sprint(ref)]
			if !known {
				var err error
				if v, err = u.app.store.Version(context.Background(), ref); err != nil {
					t.Fatal(err)
				}
				versions[fmt.Sprint(ref)] = v
			}
			if v.Definition.Condition == "" {
				continue
			}
			got, err := u.app.engine.CheckCondition(context.Background(), engine.ConditionInput{Condition: v.Definition.Condition, Trigger: v.Definition.Trigger, Source: engine.Source{EventID: e.ID}})
			if err != nil || got.Result == nil {
				t.Errorf("event %s, %s: %v %v", e.ID, v.Definition.Condition, err, got.Problems)
				continue
			}
			if *got.Result != d.Matched || got.Reason != d.Reason {
				t.Errorf("event %s, workflow %s, %s: got %v (%s), recorded %v (%s)", e.ID, d.WorkflowID, v.Definition.Condition, *got.Result, got.Reason, d.Matched, d.Reason)
			}
			decisions++
		}
	}
	if decisions < 500 {
		t.Errorf("only %d decisions are recorded", decisions)
	}
	t.Logf("%d decisions of %d versions", decisions, len(versions))
}

// replaysTheSame runs events again: fetched anew, decided by the workflows as they are.
func (u *upgraded) replaysTheSame(t *testing.T) {
	done := map[string]int{}
	for _, e := range u.recordedEvents(t) {
		if done[e.Trigger]++; e.Status != "done" || len(e.Decisions) == 0 || done[e.Trigger] > 2 || e.Trigger == "bigcommerce.cart_converted" {
			continue
		}
		var replay, got recordedEvent
		if err := json.Unmarshal(u.want(201, "POST", "/api/v1/events/"+e.ID+"/replay", nil), &replay); err != nil {
			t.Fatal(err)
		}
		u.waitFor("the replay is decided", func() bool {
			if err := json.Unmarshal(u.want(200, "GET", "/api/v1/events/"+replay.ID, nil), &got); err != nil {
				t.Fatal(err)
			}
			return got.Status == "done"
		})
		by := map[string]recordedDecision{}
		for _, d := range got.Decisions {
			by[d.WorkflowID] = d
		}
		for _, want := range e.Decisions {
			if got := by[want.WorkflowID]; !got.once() && !want.once() && got != want {
				t.Errorf("event %s of %s replayed: got %+v, recorded %+v", e.ID, e.Trigger, got, want)
			}
		}
	}
}

// goesOn lets the cause of each wait go away, and time pass.
func (u *upgraded) goesOn(t *testing.T) {
	runs := func(workflow, status string) (all []object) {
		if err := json.Unmarshal(wholeList(t, u.want, "/api/v1/runs?workflow_id="+workflow+"&status="+status), &all); err != nil {
			t.Fatal(err)
		}
		return all
	}
	waiting := map[string]int{}
	for _, workflow := range []string{"delays", "retries", "unsent", "renewed", "holds", "cancels"} {
		if waiting[workflow] = len(runs(workflow, "waiting")); waiting[workflow] == 0 {
			t.Fatalf("no run of %s waits", workflow)
		}
	}
	u.out.healed.Store(true)
	late := &mailSink{ledger: &ledger[letter]{}}
	late.serve(t, listenAt(t, recordedLate))
	u.want(200, "PATCH", "/api/v1/authentications/shop", object{"name": "The shop again"})
	for range 8 { // half a day at a time: what one step brings may be due before the next
		u.clock.Advance(12 * time.Hour)
		u.app.store.Wake()
		u.waitFor("what is due is done", func() bool {
			stats, err := u.app.store.Stats(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			u.app.store.Wake()
			return stats.QueueDue == 0
		})
	}
	for _, workflow := range []string{"delays", "retries", "unsent", "renewed", "cancels"} {
		if left := runs(workflow, "waiting"); len(left) > 0 {
			t.Errorf("%d runs of %s still wait: %v", len(left), workflow, left[0])
		}
		if done := len(runs(workflow, "succeeded")); done < waiting[workflow] {
			t.Errorf("%d runs of %s waited, %d have succeeded", waiting[workflow], workflow, done)
		}
	}
	if held := len(runs("holds", "waiting")); held != waiting["holds"] {
		t.Errorf("%d runs are held, %d were: only a person decides", held, waiting["holds"])
	}
	for path, want := range map[string]int{"/version-one": waiting["renewed"], "/version-two": 0, "/busy": waiting["retries"]} {
		got := 0
		for _, c := range u.out.calls.all() {
			if c.Path == path {
				got++
			}
		}
		if got != want {
			t.Errorf("%d calls of %s, want %d: a run stays on its version", got, path, want)
		}
	}
	if got := len(late.all()); got != waiting["unsent"] {
		t.Errorf("%d mails that waited for their server came, want %d", got, waiting["unsent"])
	}
	if left := u.must(200, "GET", "/api/v1/events?status=accepted", nil)["items"].([]any); len(left) > 0 {
		t.Errorf("%d events still wait: %v", len(left), left[0])
	}
	u.sameBytes(t)
}

// sameBytes: an attempt after the upgrade carries the key and the bytes of the one before.
func (u *upgraded) sameBytes(t *testing.T) {
	calls := map[string]inboxCall{}
	for _, c := range u.out.calls.all() {
		calls[c.Header.Get("Idempotency-Key")] = c
	}
	retried := 0
	for _, a := range u.golden.Answers {
		var run struct {
			ID         string
			WorkflowID string `json:"workflow_id"`
			Steps      []struct{ Attempts []struct{ Request string } }
		}
		if !strings.HasPrefix(a.Path, "/api/v1/runs/") || json.Unmarshal(a.Body, &run) != nil || run.WorkflowID != "retries" {
			continue
		}
		retried++
		c, there := calls[run.ID+"-busy"]
		if before := run.Steps[0].Attempts[0].Request; !there || c.Body == "" || !strings.Contains(before, c.Body) {
			t.Errorf("run %s sent\n%s\nand after the upgrade %q", run.ID, before, c.Body)
		}
	}
	if retried == 0 {
		t.Error("no step was tried again")
	}
}

// opens uses every sealed secret and the tokens.
func (u *upgraded) opens(t *testing.T) {
	for _, id := range []string{"shop", "sender", "bearer", "basic", "header", "oauth"} {
		if out := u.must(200, "POST", "/api/v1/authentications/"+id+"/test", nil); out["ok"] != true && id != "bearer" && id != "basic" && id != "header" {
			t.Errorf("authentication %s: %v", id, out)
		}
	}
	if status, body := look(t, u.app.URL()+"/api/v1/events?limit=1", u.golden.Viewer); status != 200 {
		t.Errorf("the viewer's token: %d %s", status, body)
	}
	u.hooks(t)
	for _, role := range []string{"admin", "editor"} {
		user, err := u.app.store.UserByEmail(context.Background(), role+"@example.com")
		if err != nil || string(user.Role) != role {
			t.Errorf("user %s: %+v, %v", role, user, err)
		}
	}
}

// hooks: the address and the secret at the store are good, and what was received before the upgrade is known.
func (u *upgraded) hooks(t *testing.T) {
	u.waitFor("the hooks are there", func() bool { return len(u.sim.Hooks()) == len(recordedTriggers()) })
	order := func(n int) (string, string) {
		id := u.sim.Orders()[n].ID
		return fmt.Sprintf("/api/v1/events?entity=order/%d", id), fmt.Sprintf(`{"scope":"store/order/created","store_id":"1003418276","data":{"type":"order","id":%d},"hash":"%040x","created_at":1795154400,"producer":"stores/k7mq2zt9ax"}`, id, n)
	}
	list, body := order(100)
	u.out.post(t, u.app.URL(), body)
	if got := len(decode(t, wholeList(t, u.want, list)).([]any)); got != 1 {
		t.Errorf("%d events of a new webhook, want 1", got)
	}
	list, _ = order(0)
	before := len(decode(t, wholeList(t, u.want, list)).([]any))
	u.sim.Emit("store/order/created", object{"type": "order", "id": u.sim.Orders()[0].ID}) // as it was recorded, to the byte
	if err := u.sim.Settle(shortContext(t)); err != nil {
		t.Fatal(err)
	}
	if after := len(decode(t, wholeList(t, u.want, list)).([]any)); after != before || before == 0 {
		t.Errorf("a webhook received before the upgrade came again: %d events, there were %d", after, before)
	}
}
