package engine_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	"pgregory.net/rapid"

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
	"cartwheel/merge"
)

const (
	modelEvents = 200            // of one run of the model
	modelSpan   = 48 * time.Hour // over which they are delivered
	modelSteps  = 6              // moments at which anything happens
)

// occurrence is one thing that happens to an object in the model: each makes the next version of it.
type occurrence struct {
	entity, key string
	lane        int   // of entity
	step        int   // when
	closes      bool  // nothing may be done about the object from now on
	deliveries  []int // when its webhook comes, each at or after step
}

// model draws what happens, and delivers it to an engine.
type model struct {
	*rapid.T
	h      *enginetest.Harness
	name   string
	events []occurrence
	at     []time.Time // of the steps so far
	// oneByOne: the webhooks of one object do not overtake one another on their way, so that their order is known.
	oneByOne bool
}

// Each event comes one to five times, shuffled over 48 hours, from many senders at once, while reads fail. Whatever the
// order: one run per workflow and event, decisions per object in the order of arrival, and no
// action on a state that the object no longer had when it was decided.
func TestDuplicatesInAnyOrder(t *testing.T) {
	t.Parallel()
	h := enginetest.NewWith(t, time.Date(2026, 3, 4, 9, 15, 0, 0, time.UTC), func(*clockwork.FakeClock) enginetest.Parts { return enginetest.Parts{Workers: 16, Unsynced: true} })
	h.Publish("open-only", func(d *engine.Definition) { d.Condition = `Test.name == "open"` }, enginetest.Act("do", "{{ Test | id }} {{ Test | name }}"))
	h.Publish("always", nil, enginetest.Act("do", "{{ Test | id }}"))
	if err := flag.Set("rapid.checks", fmt.Sprint(size(25, 5000))); err != nil {
		t.Fatal(err)
	}
	checked := 0
	rapid.Check(t, func(rt *rapid.T) {
		checked++
		m := &model{T: rt, h: h, name: fmt.Sprint(checked)}
		m.draw()
		m.deliver()
		m.check()
	})
	t.Logf("%d runs of the model, %d events", checked, checked*modelEvents)
}

func (m *model) draw() {
	entities := rapid.IntRange(1, 60).Draw(m.T, "entities")
	for i := range modelEvents {
		entity := rapid.IntRange(1, entities).Draw(m.T, "entity")
		o := occurrence{
			entity: fmt.Sprintf("thing/%s-%d", m.name, entity), lane: entity,
			key:    fmt.Sprintf("%s-%d", m.name, i),
			step:   rapid.IntRange(0, modelSteps-1).Draw(m.T, "step"),
			closes: rapid.IntRange(0, 9).Draw(m.T, "closes") == 0,
		}
		for range rapid.IntRange(1, 5).Draw(m.T, "copies") {
			o.deliveries = append(o.deliveries, rapid.IntRange(o.step, modelSteps-1).Draw(m.T, "delivery"))
		}
		m.events = append(m.events, o)
	}
}

// state is version and name of an object after a step.
func (m *model) state(entity string, step int) (version int, name string) {
	name = "open"
	for _, o := range m.events {
		if o.entity == entity && o.step <= step {
			version++
			if o.closes {
				name = "closed"
			}
		}
	}
	return version, name
}

func (m *model) deliver() {
	senders := rapid.IntRange(1, 8).Draw(m.T, "senders")
	m.oneByOne = rapid.Bool().Draw(m.T, "one by one")
	for step := range modelSteps {
		var due []occurrence
		for _, o := range m.events {
			version, name := m.state(o.entity, step)
			m.h.Trigger.Set(o.entity, fmt.Sprintf(`{"id":%d,"name":%q}`, version, name))
			for _, d := range o.deliveries {
				if d == step {
					due = append(due, o)
				}
			}
		}
		m.at = append(m.at, m.h.Clock.Now().Add(modelSpan/modelSteps))
		m.h.Advance(modelSpan / modelSteps)
		for range rapid.IntRange(0, 3).Draw(m.T, "failures") {
			m.h.Trigger.Fail(engine.Errorf(engine.Temporary, "The store answered 503."))
		}
		m.send(rapid.Permutation(due).Draw(m.T, "order"), senders)
		m.h.Drain()
		for _, d := range []time.Duration{3 * time.Second, 10 * time.Second, 40 * time.Second} { // the reads that failed
			m.h.Advance(d)
		}
	}
}

// send delivers from several goroutines at once.
func (m *model) send(due []occurrence, senders int) {
	send := m.h.Sender()
	queues := make([]chan occurrence, senders)
	failed := make(chan error, senders)
	var wg sync.WaitGroup
	for i := range queues {
		queues[i] = make(chan occurrence, len(due))
		wg.Go(func() {
			for o := range queues[i] {
				if err := send(o.entity, o.key); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	for i, o := range due {
		if m.oneByOne {
			i = o.lane
		}
		queues[i%senders] <- o
	}
	for _, q := range queues {
		close(q)
	}
	wg.Wait()
	if len(failed) > 0 {
		m.Fatalf("a webhook was not accepted: %v", <-failed)
	}
}

func (m *model) check() {
	read := map[string][]string{}
	for _, e := range m.h.Trigger.Reads() {
		read[e.Entity] = append(read[e.Entity], e.ID)
	}
	entities := map[string]int{}
	copies := map[string]int{}
	for _, o := range m.events {
		entities[o.entity]++
		copies[o.entity] += len(o.deliveries)
	}
	for entity, want := range entities {
		stored, _, err := m.h.Engine.Events(context.Background(), engine.EventFilter{Entity: entity}, engine.Page{Limit: 200})
		if err != nil {
			m.Fatal(err)
		}
		seen := len(stored)
		for _, e := range stored {
			seen += e.Duplicates
			m.checkEvent(e.ID)
		}
		if len(stored) != want || seen != copies[entity] {
			m.Errorf("%s: %d events from %d deliveries, want %d from %d", entity, len(stored), seen, want, copies[entity])
		}
		if m.oneByOne {
			m.checkOrder(entity, read[entity], stored)
		}
	}
}

// checkOrder: events are read, hence decided, in the order in which they came (stored is newest first).
func (m *model) checkOrder(entity string, read []string, stored []engine.Event) {
	var came []string
	for _, e := range slices.Backward(stored) {
		came = append(came, e.ID)
	}
	if !slices.Equal(read, came) {
		m.Errorf("%s: read in the order %v, came in the order %v", entity, read, came)
	}
}

func (m *model) checkEvent(id string) {
	e := m.h.GetEvent(id)
	if e.Status != engine.EventDone || e.DecidedAt == nil || len(e.Decisions) != 2 {
		m.Errorf("event %s is %s %q with %d decisions", id, e.Status, e.Reason, len(e.Decisions))
		return
	}
	version, name := m.state(e.Entity, m.stepOf(*e.DecidedAt))
	runs, _, err := m.h.Store.Runs(context.Background(), engine.RunFilter{EventID: id}, engine.Page{Limit: 10})
	if err != nil {
		m.Fatal(err)
	}
	of := map[string]int{}
	for _, r := range runs {
		of[r.WorkflowID]++
		if r.Status != engine.RunSucceeded {
			m.Errorf("run %s of event %s is %s %q", r.ID, id, r.Status, r.Reason)
		}
	}
	open := 0
	if name == "open" {
		open = 1
	}
	got, _ := e.Values.Lookup(merge.MakeCode("Test", "id"))
	if of["always"] != 1 || of["open-only"] != open || got != json.Number(fmt.Sprint(version)) {
		m.Errorf("event %s of %s: runs %v, version %v; want version %d, which is %s", id, e.Entity, of, got, version, name)
	}
}

// stepOf is the step that was the last one at a time.
func (m *model) stepOf(at time.Time) int {
	step := 0
	for i, begin := range m.at {
		if !at.Before(begin.Truncate(time.Millisecond)) {
			step = i
		}
	}
	return step
}
