// Package enginetest starts a real engine on a fresh database, with a trigger
// and an action made for tests and a clock that the test moves. Tests read as
// a script: Publish, Receive, Drain, then look.
package enginetest

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"cartwheel/engine"
	"cartwheel/engine/secret"
	"cartwheel/engine/store"
	"cartwheel/merge"
)

// patience guards against a hanging test; it is never waited for otherwise.
const patience = 60 * time.Second

// Harness is an engine under test with everything around it.
type Harness struct {
	*engine.Engine
	T       testing.TB
	Store   *store.Store
	Clock   *clockwork.FakeClock
	Trigger *Trigger
	Action  *Action
	Source  *Source
	AuthID  string // of an authentication of type test_source
	dir     string
	key     string
	busy    *busyStore
	keys    int
	log     *Log
	parts   Parts
}

// New starts an engine. It is stopped with the test.
func New(t testing.TB) *Harness {
	t.Helper()
	return NewWith(t, time.Date(2026, 3, 4, 9, 15, 0, 0, time.UTC), nil)
}

// NewWith is New with a clock that shows at, and with more parts; build may be nil.
func NewWith(t testing.TB, at time.Time, build func(*clockwork.FakeClock) Parts) *Harness {
	t.Helper()
	h := &Harness{T: t, dir: t.TempDir(), key: secret.NewKey(), Trigger: newTrigger(), Action: newAction(), Source: &Source{}, log: &Log{},
		Clock: clockwork.NewFakeClockAt(at)}
	if build != nil {
		h.parts = build(h.Clock)
	}
	h.start()
	view, err := h.CreateAuthentication(context.Background(), engine.AuthenticationInput{Name: "Test source", Type: "test_source",
		Config: []byte(`{}`), Secrets: map[string]string{"token": SourceToken}})
	h.must(err)
	h.AuthID = view.ID
	return h
}

// SourceToken is the secret of the harness's authentication: a canary for leaks.
const SourceToken = "canary-source-token-7f3a9c"

func (h *Harness) start() {
	h.T.Helper()
	var err error
	h.Store, err = store.Open(context.Background(), store.Options{Dir: h.dir, Durability: h.parts.durability(), Now: h.Clock.Now, Logger: h.logger(), Exclusive: true})
	h.must(err)
	h.busy = newBusyStore(h.Store)
	h.Engine, err = h.NewEngine(h.busy)
	h.must(err)
	h.must(h.Engine.Start(context.Background()))
	engineNow, storeNow := h.Engine, h.Store
	h.T.Cleanup(func() { stop(h.T, engineNow, storeNow) })
}

// NewEngine makes another engine like the harness's, which is not started, on a store of the test's.
func (h *Harness) NewEngine(s engine.Store) (*engine.Engine, error) {
	h.T.Helper()
	box, err := secret.ParseKeys(h.key)
	h.must(err)
	return engine.New(context.Background(), engine.Config{
		Store: s, Triggers: engine.NewSet(append(h.parts.Triggers, engine.Trigger(h.Trigger))...),
		Actions:   engine.NewSet(append(h.parts.Actions, engine.Action(h.Action))...),
		AuthTypes: engine.NewSet(append(h.parts.AuthTypes, engine.AuthType(h.Source))...), Receivers: h.parts.receivers(h.Source),
		Secrets: box, Logger: h.logger(), Clock: h.Clock, Stopwatch: h.parts.Stopwatch, PublicURL: "https://cartwheel.example.com", Workers: max(4, h.parts.Workers), Mailer: h.parts.Mailer,
	})
}

func (h *Harness) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func stop(t testing.TB, e *engine.Engine, s *store.Store) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := e.Stop(ctx); err != nil {
		t.Errorf("stop the engine: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("close the store: %v", err)
	}
}

// Restart stops the engine, gracefully or (with crash) giving up what is under
// way without a word, and starts another on the same database.
func (h *Harness) Restart(crash bool) {
	h.T.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	if crash {
		cancel() // the acts under way are given up at once
	}
	defer cancel()
	h.must(h.Engine.Stop(ctx))
	h.must(h.Store.Close())
	h.start()
}

// WrongKey tries to make an engine on the harness's store with another master key.
func (h *Harness) WrongKey() error {
	box, err := secret.ParseKeys(secret.NewKey())
	h.must(err)
	_, err = engine.New(context.Background(), engine.Config{Store: h.Store, Secrets: box, Clock: h.Clock})
	return err
}

// Log is what the engine has logged.
type Log struct {
	mu   sync.Mutex
	text []byte
}

// Write implements io.Writer.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	return len(p), nil
}

// String is everything logged so far.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.text)
}

// Logged returns everything logged so far.
func (h *Harness) Logged() string { return h.log.String() }

// Dir is the data folder.
func (h *Harness) Dir() string { return h.dir }

// Publish creates and publishes a workflow on the test trigger.
func (h *Harness) Publish(id string, change func(*engine.Definition), steps ...engine.Step) {
	h.T.Helper()
	d := engine.Definition{Name: id, Trigger: engine.TriggerRef{Type: TriggerType, AuthenticationID: h.AuthID}, Steps: steps}
	if change != nil {
		change(&d)
	}
	ctx := context.Background()
	_, _, err := h.ReplaceWorkflow(ctx, id, 0, d)
	h.must(err)
	_, err = h.PublishWorkflow(ctx, engine.Actor{Name: "test", Role: engine.Editor}, id, 0, "")
	if err != nil {
		if e, ok := err.(*engine.Error); ok { //nolint:errorlint // shown in full
			h.T.Fatalf("publish %s: %v %+v", id, err, e.Problems)
		}
	}
	h.must(err)
}

// Act is a step of the test action.
func Act(id, text string) engine.Step {
	return engine.Step{ID: id, Type: ActionType, Config: []byte(fmt.Sprintf(`{"text":%s}`, merge.JSON(text)))}
}

// Receive delivers one webhook about an entity ("thing/1") and returns the event's id.
func (h *Harness) Receive(entity string) string {
	h.T.Helper()
	h.keys++
	before := h.newest()
	h.must(h.Deliver(entity, fmt.Sprint("key-", h.keys)))
	after := h.newest()
	if before == after {
		h.T.Fatalf("the webhook for %s made no event", entity)
	}
	return after
}

// Deliver delivers a webhook with a key of its own: the same key is the same event.
func (h *Harness) Deliver(entity, key string) error {
	view, err := h.Authentication(context.Background(), h.AuthID)
	h.must(err)
	return h.Engine.Receive(context.Background(), "test", lastSegment(view.WebhookURL), engine.Delivery{Body: []byte(entity + " " + key)})
}

func (h *Harness) newest() string {
	items, _, err := h.Engine.Events(context.Background(), engine.EventFilter{}, engine.Page{Limit: 1})
	h.must(err)
	if len(items) == 0 {
		return ""
	}
	return items[0].ID
}

// Drain waits until nothing is due any more.
func (h *Harness) Drain() {
	h.T.Helper()
	if err := h.busy.drain(); err != nil {
		h.T.Fatalf("%v\n%s", err, h.Logged())
	}
}

// Advance moves the clock and drains.
func (h *Harness) Advance(d time.Duration) {
	h.T.Helper()
	h.Clock.Advance(d)
	h.Store.Wake()
	h.Drain()
}

// GetEvent returns an event that must be there.
func (h *Harness) GetEvent(id string) engine.Event {
	h.T.Helper()
	ev, err := h.Engine.Event(context.Background(), id)
	h.must(err)
	return ev
}

// Decision is the decision of a workflow about an event.
func (h *Harness) Decision(eventID, workflow string) engine.Decision {
	h.T.Helper()
	for _, d := range h.GetEvent(eventID).Decisions {
		if d.WorkflowID == workflow {
			return d
		}
	}
	h.T.Fatalf("workflow %s has not decided about event %s: %+v", workflow, eventID, h.GetEvent(eventID))
	return engine.Decision{}
}

// RunOf is the run of a workflow for an event.
func (h *Harness) RunOf(eventID, workflow string) engine.RunView {
	h.T.Helper()
	d := h.Decision(eventID, workflow)
	if d.RunID == "" {
		h.T.Fatalf("workflow %s made no run: %s", workflow, d.Reason)
	}
	run, err := h.Run(context.Background(), d.RunID)
	h.must(err)
	return run
}

// Step is one step of a run.
func (h *Harness) Step(run engine.RunView, id string) engine.StepView {
	h.T.Helper()
	for _, s := range run.Steps {
		if s.StepID == id {
			return s
		}
	}
	h.T.Fatalf("the run has no step %s", id)
	return engine.StepView{}
}

func (h *Harness) must(err error) {
	h.T.Helper()
	if err != nil {
		h.T.Fatal(err)
	}
}

// busyStore tells when the queue has nothing due left.
type busyStore struct {
	*store.Store
	mu       sync.Mutex
	active   int           // jobs being handled
	finished chan struct{} // closed and renewed whenever a job has been handled
}

func newBusyStore(s *store.Store) *busyStore {
	return &busyStore{Store: s, finished: make(chan struct{})}
}

// Work handles jobs and signals the end of each.
func (b *busyStore) Work(ctx context.Context, workers int, handle func(context.Context, engine.Job) error) error {
	return b.Store.Work(ctx, workers, func(ctx context.Context, j engine.Job) error {
		b.mu.Lock()
		b.active++
		b.mu.Unlock()
		defer func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.active--
			close(b.finished)
			b.finished = make(chan struct{})
		}()
		return handle(ctx, j)
	})
}

func (b *busyStore) drain() error {
	deadline := time.After(patience)
	for {
		b.mu.Lock()
		next, active := b.finished, b.active
		b.mu.Unlock()
		var stats engine.Stats
		if active == 0 { // otherwise there is more to come, whatever is due
			var err error
			if stats, err = b.Stats(context.Background()); err != nil {
				return err
			}
			if stats.QueueDue == 0 {
				return nil
			}
		}
		select {
		case <-next:
		case <-deadline:
			return fmt.Errorf("%d jobs are still due after %s", stats.QueueDue, patience)
		}
	}
}
