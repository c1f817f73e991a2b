package enginetest

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"strings"
	"sync"

	"cartwheel/engine"
	"cartwheel/merge"
)

// Types of what the harness offers.
const (
	TriggerType = "test.happened"
	ActionType  = "test_act"
)

// Trigger supplies Test | id, name, amount, email, customer_id and items.
type Trigger struct {
	mu     sync.Mutex
	values map[string]string
	errs   []error
	reads  []engine.Event
	before func(engine.Event)
	Asked  int // how often Codes was called
}

func newTrigger() *Trigger { return &Trigger{values: map[string]string{}} }

// Set gives the values of an entity, as the JSON object behind Test.
func (t *Trigger) Set(entity, object string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.values[entity] = object
}

// Fail makes the next calls of Codes end with errs, one after the other; nil is a success.
func (t *Trigger) Fail(errs ...error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.errs = append(t.errs, errs...)
}

// Before makes every call of Codes begin with f, which may wait: a store that is slow.
func (t *Trigger) Before(f func(engine.Event)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.before = f
}

// Reads are the events whose data was read without an error, in that order: an event is read only when it is its turn.
func (t *Trigger) Reads() []engine.Event {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]engine.Event(nil), t.reads...)
}

// Spec implements engine.Trigger.
func (t *Trigger) Spec() engine.Spec {
	return engine.Spec{Type: TriggerType, Title: "Something happened", Summary: "For tests.", Auth: []string{"test_source"}}
}

// Catalog implements engine.Trigger.
func (t *Trigger) Catalog(json.RawMessage) (merge.Catalog, error) {
	code := func(name string) merge.Code { return merge.MakeCode("Test", name) }
	return merge.NewCatalog("",
		merge.Entry{Code: code("id"), Type: merge.Integer, Description: "Its number.", Sample: json.Number("7")},
		merge.Entry{Code: code("name"), Type: merge.String, Description: "A name.", Sample: "Ada", Personal: true},
		merge.Entry{Code: code("amount"), Type: merge.Decimal, Description: "An amount.", Sample: "12.5000"},
		merge.Entry{Code: code("email"), Type: merge.String, Description: "An address.", Sample: "ada@example.com", Personal: true},
		merge.Entry{Code: code("customer_id"), Type: merge.Integer, Description: "Whose it is.", Sample: json.Number("3")},
		merge.Entry{Code: code("items"), Type: merge.List, Description: "Items.", Items: []merge.Entry{
			{Code: merge.MakeCode("name"), Type: merge.String, Sample: "Spade"}, {Code: merge.MakeCode("quantity"), Type: merge.Integer, Sample: json.Number("2")}}},
	), nil
}

// Sample implements engine.Sampler: any id is an entity.
func (t *Trigger) Sample(a engine.Auth, id string) (engine.Event, error) {
	return engine.Event{ID: "sample", AuthenticationID: a.ID, Trigger: TriggerType, Scope: TriggerType, Entity: id}, nil
}

// Once implements engine.Oncer.
func (t *Trigger) Once(per string) []merge.Code {
	switch per {
	case "order":
		return []merge.Code{merge.MakeCode("Test", "id")}
	case "customer":
		return []merge.Code{merge.MakeCode("Test", "customer_id"), merge.MakeCode("Test", "email")}
	}
	return nil
}

// Codes implements engine.Trigger.
func (t *Trigger) Codes(_ context.Context, e *engine.Event, _ engine.Auth, _ merge.Object, _ []merge.Code) (engine.Fetched, error) {
	t.mu.Lock()
	before := t.before
	t.mu.Unlock()
	if before != nil {
		before(*e)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.Asked++
	if len(t.errs) > 0 {
		err := t.errs[0]
		t.errs = t.errs[1:]
		if err != nil {
			return engine.Fetched{Calls: []engine.Call{{Method: "GET", Path: "/" + e.Entity, Status: 500}}}, err
		}
	}
	t.reads = append(t.reads, *e)
	object, ok := t.values[e.Entity]
	if !ok {
		object = `{"id":7,"name":"Ada","amount":"12.5000","email":"Ada@Example.com","customer_id":3,"items":[{"name":"Spade","quantity":2}]}`
	}
	o, err := merge.DecodeObject([]byte(object))
	if err != nil {
		return engine.Fetched{}, err
	}
	var root merge.Object
	root.Set("Test", o)
	return engine.Fetched{Values: root, Calls: []engine.Call{{Method: "GET", Path: "/" + e.Entity, Status: 200}}, ReadAt: e.ReceivedAt}, nil
}

// Action does what a test tells it to; without a word it succeeds.
type Action struct {
	mu       sync.Mutex
	requests []engine.Request
	do       func(context.Context, engine.Request) (engine.Result, error)
	Repeat   bool // engine.Repeater
	Begin    bool // whether Do says that it begins
}

func newAction() *Action { return &Action{Begin: true} }

// Do implements engine.Action.
func (a *Action) Do(ctx context.Context, r engine.Request) (engine.Result, error) {
	if a.Begin {
		if err := r.Begin(ctx); err != nil {
			return engine.Result{}, err
		}
	}
	a.mu.Lock()
	a.requests = append(a.requests, r)
	do := a.do
	a.mu.Unlock()
	if do != nil {
		return do(ctx, r)
	}
	return engine.Result{Output: map[string]any{"text": configText(r), "status": 200}, Request: "did " + configText(r)}, nil
}

// Script replaces what Do does.
func (a *Action) Script(do func(engine.Request) (engine.Result, error)) {
	a.ScriptContext(func(_ context.Context, r engine.Request) (engine.Result, error) { return do(r) })
}

// ScriptContext is Script for what looks at the context.
func (a *Action) ScriptContext(do func(context.Context, engine.Request) (engine.Result, error)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.do = do
}

// Requests are the requests so far.
func (a *Action) Requests() []engine.Request {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]engine.Request(nil), a.requests...)
}

// Texts are the texts of the requests so far.
func (a *Action) Texts() []string {
	texts := []string{}
	for _, r := range a.Requests() {
		texts = append(texts, configText(r))
	}
	return texts
}

// Repeats implements engine.Repeater.
func (a *Action) Repeats() bool { return a.Repeat }

// Preview implements engine.Previewer.
func (a *Action) Preview(r engine.Request) (string, error) { return "did " + configText(r), nil }

// Spec implements engine.Action.
func (a *Action) Spec() engine.Spec {
	return engine.Spec{Type: ActionType, Title: "Act", Summary: "For tests.", Auth: []string{"test_source"}, Example: json.RawMessage(`{"text":"hello"}`),
		Fields: []engine.Field{
			{Name: "text", Label: "The text", Type: engine.TextField, Required: true, Merge: true},
			{Name: "authentication_id", Label: "Authentication", Type: engine.AuthenticationField},
		}}
}

func configText(r engine.Request) string {
	var config struct{ Text string }
	_ = json.Unmarshal(r.Config, &config) // the engine made it
	return config.Text
}

// Source is an authentication type, its receiver and its subscriber.
type Source struct {
	mu         sync.Mutex
	subscribed [][]string
	url        string
	SubErr     error
}

// Spec implements engine.AuthType.
func (s *Source) Spec() engine.Spec {
	return engine.Spec{Type: "test_source", Title: "Test source", Summary: "For tests.", Fields: []engine.Field{
		{Name: "token", Label: "Token", Type: engine.TextField, Required: true, Secret: true},
		{Name: "region", Label: "Region", Type: engine.TextField},
		{Name: "zone", Label: "Zone", Type: engine.TextField}}}
}

// Normalize implements engine.AuthType.
func (s *Source) Normalize(config json.RawMessage) (json.RawMessage, []merge.Problem) {
	return config, nil
}

// Test implements engine.AuthType.
func (s *Source) Test(_ context.Context, a engine.Auth) ([]engine.Check, error) {
	return []engine.Check{{Name: "token", OK: a.Secret("token") != "wrong", Detail: "The token is " + a.Secret("token")}}, nil
}

// Intake implements engine.Subscriber.
func (s *Source) Intake() string { return "test" }

// Subscribe implements engine.Subscriber.
func (s *Source) Subscribe(_ context.Context, _ engine.Auth, url string, triggers []string) ([]engine.Hook, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.subscribed, s.url = append(s.subscribed, triggers), url
	var hooks []engine.Hook
	for _, t := range triggers {
		hooks = append(hooks, engine.Hook{ID: t, Scope: t, Active: true})
	}
	return hooks, s.SubErr
}

// Subscriptions are the lists of triggers that were subscribed to so far.
func (s *Source) Subscriptions() [][]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([][]string(nil), s.subscribed...)
}

// Parse implements engine.Receiver: the body is "<entity> <key>".
func (s *Source) Parse(d engine.Delivery, a engine.Auth) ([]engine.Event, error) {
	entity, key, ok := strings.Cut(string(d.Body), " ")
	if !ok {
		return nil, engine.Errorf(engine.Invalid, "That is no event.")
	}
	if key == "forged" {
		return nil, engine.Errorf(engine.Denied, "That is not from whom it says.")
	}
	sum := sha256.Sum256([]byte(a.ID + key))
	return []engine.Event{{Trigger: TriggerType, Scope: "test/happened", Entity: entity, Key: sum[:], Data: json.RawMessage(`{}`), Body: d.Body}}, nil
}

func lastSegment(url string) string { return url[strings.LastIndexByte(url, '/')+1:] }
