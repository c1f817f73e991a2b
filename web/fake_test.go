package web_test

import (
	"context"
	"encoding/json"
	"sync/atomic"
	"time"

	"cartwheel/engine"
	"cartwheel/merge"
)

// moment is when everything in these tests happens.
var moment = time.Date(2026, 3, 4, 5, 6, 7, 89e6, time.FixedZone("", 3600))

// tokens of the fake engine are the names of roles; these are their lives' ends.
const (
	expiredToken = "expired-token"
	revokedToken = "revoked-token"
)

// fakeEngine answers with fixed things and remembers what it was given.
// Set err to make every method fail with it.
type fakeEngine struct {
	err        error
	ready      error
	needsSetup bool
	receive    func(ctx context.Context, word, key string, d engine.Delivery) error
	slow       func(ctx context.Context) error // TestAuthentication waits here

	calls      []string
	definition engine.Definition
	revision   int64
	id         string
	actor      engine.Actor
	note       string
	source     engine.Source
	trial      engine.Trial
	templates  map[string]engine.PlacedTemplate
	page       engine.Page
	events     engine.EventFilter
	runs       engine.RunFilter
	workflows  engine.WorkflowFilter
	input      engine.AuthenticationInput
	patch      engine.AuthenticationPatch
	next       string
	event      engine.Event
	uses       []engine.CodeUse
	run        engine.RunView
	created    bool
	missing    bool // there is no workflow
	root       engine.ConditionNode
	audit      engine.AuditFilter
	expires    string
	settings   engine.Settings
	feed       *engine.Feed
	revoked    atomic.Bool // no token is valid any more
	rechecks   atomic.Int64
	linkUsed   bool // the one-time link of the first run
}

func newFake() *fakeEngine {
	return &fakeEngine{event: sampleEvent(), uses: sampleUses(), run: sampleRun(), feed: engine.NewFeed("boot", time.Now)}
}

func (f *fakeEngine) note1(call string) error {
	f.calls = append(f.calls, call)
	return f.err
}

func (f *fakeEngine) Receive(ctx context.Context, word, key string, d engine.Delivery) error {
	f.calls = append(f.calls, "Receive "+word+" "+key)
	if f.receive != nil {
		return f.receive(ctx, word, key, d)
	}
	return f.err
}

func (f *fakeEngine) Authenticate(_ context.Context, bearer string) (engine.Actor, error) {
	for _, role := range engine.Roles() {
		if f.revoked.Load() {
			break
		}
		if bearer == string(role) {
			return engine.Actor{Kind: engine.TokenActor, ID: bearer + "-token", Name: "token " + bearer, Role: role}, nil
		}
	}
	return engine.Actor{}, engine.Errorf(engine.Denied, "No.")
}

func (f *fakeEngine) NeedsSetup(context.Context) (bool, error) { return f.needsSetup, nil }
func (f *fakeEngine) Ready(context.Context) error              { return f.ready }

func checked() engine.Checked {
	return engine.Checked{
		Workflow: engine.Workflow{ID: "ask", Status: engine.WorkflowLive, Revision: 7, LiveVersion: 2, LastVersion: 3, Changed: true,
			CreatedAt: moment, UpdatedAt: moment,
			Draft: engine.Definition{Name: "Ask", Trigger: engine.TriggerRef{Type: "bigcommerce.order_created", AuthenticationID: "store"},
				Steps: []engine.Step{
					{ID: "call", Type: "http_request", Config: json.RawMessage(`{"url":"https://hooks.example.com/x"}`),
						Retry: &engine.Retry{Attempts: 5, Backoff: "exponential", First: "5s", Max: "1h"}},
					{ID: "vip", Type: "branch", Branches: []engine.Branch{{Name: "big", Condition: "true", Steps: []engine.Step{{ID: "end", Type: "stop"}}}}},
				}}},
		Problems: []merge.Problem{{Location: "body.steps[0].config.url", Message: "Unknown merge code.", Line: 1, Column: 4, Suggestion: "BigCommerce | Order | id"}},
	}
}

func (f *fakeEngine) CreateWorkflow(_ context.Context, id string, d engine.Definition) (engine.Checked, error) {
	f.id, f.definition = id, d
	return checked(), f.note1("CreateWorkflow")
}

func (f *fakeEngine) ReplaceWorkflow(_ context.Context, id string, revision int64, d engine.Definition) (engine.Checked, bool, error) {
	f.id, f.revision, f.definition = id, revision, d
	if revision != 0 && revision != 7 {
		return engine.Checked{}, false, engine.Errorf(engine.Stale, "It was changed meanwhile.")
	}
	return checked(), f.created, f.note1("ReplaceWorkflow")
}

func (f *fakeEngine) Workflow(_ context.Context, id string) (engine.Checked, error) {
	f.id = id
	if f.missing {
		return engine.Checked{}, engine.Errorf(engine.NotFound, "There is no workflow %q.", id)
	}
	return checked(), f.note1("Workflow")
}

func (f *fakeEngine) Workflows(_ context.Context, w engine.WorkflowFilter, p engine.Page) ([]engine.Checked, string, error) {
	f.workflows, f.page = w, p
	return []engine.Checked{checked()}, f.next, f.note1("Workflows")
}

func (f *fakeEngine) PublishWorkflow(_ context.Context, by engine.Actor, id string, revision int64, note string) (engine.Checked, error) {
	f.actor, f.id, f.revision, f.note = by, id, revision, note
	return checked(), f.note1("PublishWorkflow")
}

func (f *fakeEngine) PauseWorkflow(_ context.Context, id string) (engine.Checked, error) {
	f.id = id
	return checked(), f.note1("PauseWorkflow")
}

func (f *fakeEngine) ResumeWorkflow(_ context.Context, id string) (engine.Checked, error) {
	f.id = id
	return checked(), f.note1("ResumeWorkflow")
}

func (f *fakeEngine) DeleteWorkflow(_ context.Context, id string, revision int64) error {
	f.id, f.revision = id, revision
	return f.note1("DeleteWorkflow")
}

func (f *fakeEngine) Versions(_ context.Context, id string, p engine.Page) ([]engine.Version, string, error) {
	f.id, f.page = id, p
	v, err := f.Version(context.Background(), engine.VersionRef{WorkflowID: id, Number: 2})
	return []engine.Version{v}, f.next, err
}

func (f *fakeEngine) Version(_ context.Context, ref engine.VersionRef) (engine.Version, error) {
	return engine.Version{WorkflowID: ref.WorkflowID, Number: ref.Number, Definition: checked().Draft, PublishedAt: moment,
		PublishedBy: "token editor", Note: "first"}, f.note1("Version")
}

func (f *fakeEngine) TestWorkflow(_ context.Context, id string, trial engine.Trial) (engine.TestRun, error) {
	f.id, f.source, f.trial = id, trial.Source, trial
	return engine.TestRun{Matched: true, Reason: "always", Status: engine.RunSucceeded, Steps: []engine.TestStep{{ID: "call", Type: "http_request",
		Status: engine.StepSucceeded, Config: json.RawMessage(`{"url":"https://hooks.example.com/x"}`), Request: "POST /x",
		Codes: sampleUses()}}}, f.note1("TestWorkflow")
}

func (f *fakeEngine) PreviewTemplate(_ context.Context, in engine.PreviewInput) (engine.Preview, error) {
	f.source = in.Source
	return engine.Preview{Output: string(in.Place) + ":" + in.Template, Codes: sampleUses()}, f.note1("PreviewTemplate")
}

func (f *fakeEngine) CheckCondition(_ context.Context, in engine.ConditionInput) (engine.ConditionCheck, error) {
	f.source = in.Source
	yes := true
	return engine.ConditionCheck{OK: true, Result: &yes, Reason: "because", Explanation: []engine.Comparison{
		{Expression: "a == 1", Value: json.Number("1"), Result: true, Missing: []string{"BigCommerce | Order | x"}}}}, f.note1("CheckCondition")
}

func (f *fakeEngine) Sample(_ context.Context, trigger, authenticationID, id string) (merge.Object, error) {
	f.id = trigger + "/" + authenticationID + "/" + id
	payload, _ := merge.DecodeObject([]byte(`{"BigCommerce":{"Order":{"id":9007199254740993,"total":"30.0000"}}}`))
	return payload, f.note1("Sample")
}

func (f *fakeEngine) Triggers() []engine.Spec {
	return []engine.Spec{{Type: "bigcommerce.order_created", Title: "Order created"}, {Type: "bigcommerce.cart_abandoned", Title: "Cart abandoned"}}
}

func (f *fakeEngine) TriggerCatalog(typ string) (engine.Spec, merge.Catalog, error) {
	entries := merge.NewCatalog("",
		merge.Entry{Code: "BigCommerce | Order | id", Type: merge.Integer, Description: "Number.", Sample: json.Number("100")},
		merge.Entry{Code: "BigCommerce | Products", Type: merge.List, Sample: []any{}, Items: []merge.Entry{{Code: "name", Type: merge.String, Sample: "Hat"}}},
		merge.Entry{Code: "BigCommerce | Customer | email", Type: merge.String, Sample: "shopper@example.com", Personal: true})
	return engine.Spec{Type: typ, Title: "Order created", Auth: []string{"bigcommerce"}}, entries, f.note1("TriggerCatalog")
}

func (f *fakeEngine) Actions() []engine.Spec {
	return []engine.Spec{{Type: "http_request", Title: "Call", Fields: []engine.Field{{Name: "url", Type: engine.URLField, Required: true}},
		Example: json.RawMessage(`{"url":"https://hooks.example.com/x"}`)}}
}

func (f *fakeEngine) Action(string) (engine.Spec, error) { return f.Actions()[0], f.note1("Action") }

func (f *fakeEngine) AuthTypes() []engine.Spec {
	return []engine.Spec{{Type: "bigcommerce", Title: "Store", Fields: []engine.Field{
		{Name: "store_hash"}, {Name: "access_token", Secret: true}, {Name: "client_secret", Secret: true}}}}
}

func view() engine.AuthenticationView {
	return engine.AuthenticationView{UsedBy: []string{"ask"}, WebhookURL: "https://flows.example.com/hooks/bigcommerce/KEY",
		Authentication: engine.Authentication{ID: "store", Name: "Store", Type: "bigcommerce", Config: json.RawMessage(`{"store_hash":"abc"}`),
			Sealed: map[string][]byte{"access_token": {1}, "_hook_key": {2}}, Last4: map[string]string{"access_token": "wxyz"}, Intake: []byte{1},
			Revision: 3, Hooks: engine.Subscription{State: "active", CheckedAt: moment, Hooks: []engine.Hook{{ID: "1", Scope: "store/order/created", Active: true}}},
			CreatedAt: moment, UpdatedAt: moment},
		HealthState: engine.HealthFailing, Health: engine.Health{OKAt: &moment, FailedAt: &moment, Error: "No mailbox shopper@example.com.", TestedAt: &moment}}
}

func (f *fakeEngine) CreateAuthentication(_ context.Context, in engine.AuthenticationInput) (engine.AuthenticationView, error) {
	f.input = in
	return view(), f.note1("CreateAuthentication")
}

func (f *fakeEngine) UpdateAuthentication(_ context.Context, id string, revision int64, p engine.AuthenticationPatch) (engine.AuthenticationView, error) {
	f.id, f.revision, f.patch = id, revision, p
	return view(), f.note1("UpdateAuthentication")
}

func (f *fakeEngine) Authentication(context.Context, string) (engine.AuthenticationView, error) {
	return view(), f.note1("Authentication")
}

func (f *fakeEngine) Authentications(_ context.Context, p engine.Page) ([]engine.AuthenticationView, string, error) {
	f.page = p
	return []engine.AuthenticationView{view()}, f.next, f.note1("Authentications")
}

func (f *fakeEngine) DeleteAuthentication(_ context.Context, _ string, revision int64) error {
	f.revision = revision
	return f.note1("DeleteAuthentication")
}

func (f *fakeEngine) TestAuthentication(ctx context.Context, _ string) ([]engine.Check, error) {
	if f.slow != nil {
		if err := f.slow(ctx); err != nil {
			return nil, err
		}
	}
	return []engine.Check{{Name: "sign-in", OK: true, Detail: "fine"}, {Name: "orders", Detail: "scope missing"}}, f.note1("TestAuthentication")
}

func sampleUses() []engine.CodeUse {
	return []engine.CodeUse{
		{Code: "BigCommerce | Order | total", Value: "30.0000", Status: engine.CodeOK},
		{Code: "BigCommerce | Order | id", Value: json.Number("9007199254740993"), Status: engine.CodeOK},
		{Code: "BigCommerce | Order | note", Value: nil, Status: engine.CodeMissing},
		{Code: "BigCommerce | Customer | email", Value: "shopper@example.com", Status: engine.CodeOK, Personal: true},
		{Code: "BigCommerce | Customer | first_name", Value: "Zoe", Status: engine.CodeOK, Personal: true},
	}
}

func sampleEvent() engine.Event {
	return engine.Event{ID: "ev1", AuthenticationID: "store", Trigger: "bigcommerce.order_created", Scope: "store/order/created", Entity: "order/251",
		OccurredAt: moment, ReceivedAt: moment, Status: engine.EventDone, Duplicates: 1, ReadAt: &moment,
		Body:  []byte(`{"scope":"store/order/created","data":{"id":9007199254740993,"note":"for Zoe"}}`),
		Calls: []engine.Call{{Method: "GET", Path: "/v3/customers?email%3Ain=shopper%40example.com", Status: 200, Millis: 4}},
		Decisions: []engine.Decision{
			{WorkflowID: "ask", Version: 2, Matched: true, Reason: "BigCommerce.Order.total >= 5 was true (30.0000)", RunID: "run1"},
			{WorkflowID: "zoe", Version: 1, Reason: `BigCommerce | Customer | first_name == "Ann" was false (it was "Zoe")`},
			{WorkflowID: "odd", Version: 1, Reason: "a step of Zoe failed"},
		}}
}

func (f *fakeEngine) Event(context.Context, string) (engine.Event, error) {
	return f.event, f.note1("Event")
}

func (f *fakeEngine) Events(_ context.Context, e engine.EventFilter, p engine.Page) ([]engine.Event, string, error) {
	f.events, f.page = e, p
	return []engine.Event{f.event}, f.next, f.note1("Events")
}

func (f *fakeEngine) ReplayEvent(_ context.Context, id string) (engine.Event, error) {
	e := sampleEvent()
	e.ID, e.ReplayOf = "ev2", id
	return e, f.note1("ReplayEvent")
}

func (f *fakeEngine) EventCodes(engine.Event) []engine.CodeUse { return f.uses }

func sampleRun() engine.RunView {
	return engine.RunView{
		Run: engine.Run{ID: "run1", WorkflowID: "ask", Version: 2, EventID: "ev1", Entity: "order/251", Status: engine.RunFailed,
			Reason: "mail.example.com refused shopper@example.com", Revision: 9, CreatedAt: moment, FinishedAt: &moment},
		Steps: []engine.StepView{
			{Type: "http_request", StepState: engine.StepState{StepID: "call", Status: engine.StepFailed, Output: json.RawMessage(`{"body":{"n":1.50}}`),
				Attempts: []engine.Attempt{{Number: 1, StartedAt: moment, FinishedAt: &moment, Error: "no such user Zoe <shopper@example.com>",
					Request: "POST / Zoe", Response: "550 Zoe"}}}},
			{Type: "stop", StepState: engine.StepState{StepID: "end", Status: engine.StepSkipped}},
		}}
}

func (f *fakeEngine) Run(_ context.Context, id string) (engine.RunView, error) {
	f.id = id
	return f.run, f.note1("Run")
}

func (f *fakeEngine) Runs(_ context.Context, r engine.RunFilter, p engine.Page) ([]engine.Run, string, error) {
	f.runs, f.page = r, p
	return []engine.Run{f.run.Run}, f.next, f.note1("Runs")
}

func (f *fakeEngine) RetryRun(_ context.Context, id string) (engine.RunView, error) {
	f.id = id
	return f.run, f.note1("RetryRun")
}

func (f *fakeEngine) CancelRun(_ context.Context, id string) (engine.RunView, error) {
	f.id = id
	return f.run, f.note1("CancelRun")
}

func sampleToken() engine.Token {
	return engine.Token{ID: "tok1", Name: "ci", Role: engine.Viewer, Hash: []byte{1}, CreatedAt: moment, ExpiresAt: &moment, LastUsedAt: &moment}
}

func (f *fakeEngine) IssueToken(ctx context.Context, name string, role engine.Role, expires string) (engine.Token, string, error) {
	f.actor, f.note, f.id, f.expires = engine.ActorOf(ctx), name, string(role), expires
	return sampleToken(), "cw_NEW", f.note1("IssueToken")
}

func (f *fakeEngine) Tokens(_ context.Context, p engine.Page) ([]engine.Token, string, error) {
	f.page = p
	return []engine.Token{sampleToken()}, f.next, f.note1("Tokens")
}

func (f *fakeEngine) RevokeToken(ctx context.Context, id string) error {
	f.actor, f.id = engine.ActorOf(ctx), id
	return f.note1("RevokeToken")
}

func (f *fakeEngine) Audit(_ context.Context, a engine.AuditFilter, p engine.Page) ([]engine.AuditEntry, string, error) {
	f.audit, f.page = a, p
	return []engine.AuditEntry{{Seq: 7, At: moment, Actor: engine.Actor{Kind: engine.TokenActor, ID: "tok1", Name: "ci", IP: "192.0.2.1"}, Action: "workflow.delete",
		ObjectKind: "workflow", ObjectID: "ask", Before: json.RawMessage(`{"name":"Ask"}`), Prev: []byte{1}, Hash: []byte{2}}}, f.next, f.note1("Audit")
}
