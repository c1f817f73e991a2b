package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"cartwheel/engine"
	"cartwheel/engine/store"
)

// size is how much a test does: the short form, or with CARTWHEEL_SOAK=1 the long one.
func size(short, long int) int {
	if os.Getenv("CARTWHEEL_SOAK") == "1" {
		return long
	}
	return short
}

// In a time limit of CI only hanging shows: it is ten times the goal.
const guard = 10

var historyStatuses = []engine.RunStatus{engine.RunSucceeded, engine.RunSucceeded, engine.RunSucceeded, engine.RunFailed, engine.RunSucceeded, engine.RunWaiting, engine.RunCancelled}

const historyWorkflows = 20

// fillHistory makes runs of as many events, whose bodies hold so much padding, over a span of time, in its order. Some wait, some have not ended.
func (f fixture) fillHistory(runs, padding int, span time.Duration) {
	f.t.Helper()
	for w := range historyWorkflows {
		f.publish(fmt.Sprintf("w%02d", w))
	}
	const together = 200
	for from := 0; from < runs; from += together {
		var events []engine.Event
		for n := from; n < min(from+together, runs); n++ {
			e := f.event(n, n%max(1, runs/3)) // three of each order, far apart
			e.ID = fmt.Sprintf("event-%08d", n)
			e.Body = []byte(fmt.Sprintf(`{"scope":"store/shipment/created","data":{"type":"shipment","id":%d},"padding":"%0*d"}`, n, padding, n))
			events = append(events, e)
		}
		f.add(events...)
		var hands errgroup.Group
		hands.SetLimit(32)
		for _, e := range events {
			hands.Go(func() error { return f.decideAndEnd(e) })
		}
		f.ok(hands.Wait())
		f.clock.add(span * together / time.Duration(runs))
		if from%(16*together) == 0 {
			f.ok(f.Checkpoint(f.ctx)) // a long log makes reading slow; the engine does it every five seconds
		}
	}
	f.ok(f.Checkpoint(f.ctx))
	f.ok(f.Optimize(f.ctx))
}

func (f fixture) decideAndEnd(e engine.Event) error {
	var n int
	if _, err := fmt.Sscanf(e.ID, "event-%d", &n); err != nil {
		return err
	}
	id, status := fmt.Sprintf("run-%08d", n), historyStatuses[n%len(historyStatuses)]
	_, err := f.SaveDecisions(f.ctx, engine.Decided{EventID: e.ID, Decisions: []engine.Decision{fired(fmt.Sprintf("w%02d", n%historyWorkflows), id)}, Matches: []engine.Match{{}},
		Emails: []string{fmt.Sprintf("shopper%d@example.com", n/7)}, Job: eventJob(e, 1)})
	if err != nil || status == engine.RunSucceeded && n%5 == 0 {
		return err // still running
	}
	c := engine.RunChange{RunID: id, Revision: 1, Status: status, Job: runJob(id, 1),
		Steps: []engine.StepState{{StepID: "a", Status: engine.StepSucceeded, Output: []byte(`{"ok":true}`)}, {StepID: "b", Status: engine.StepSucceeded}}}
	if status == engine.RunWaiting {
		later := f.clock.now().Add(1000 * day)
		c.NextAttemptAt, c.Next = &later, &later
	} else {
		c.FinishedAt = ref(f.clock.now())
	}
	_, err = f.SaveRun(f.ctx, c)
	return err
}

// lists is every list with every combination of its filters, of things that are there and of things that are not.
func (f fixture) lists(runs int) map[string]func(engine.Page) (int, string, error) {
	all := map[string]func(engine.Page) (int, string, error){}
	pick := func(mask, bit int, there bool, value string) string {
		switch {
		case mask&bit == 0:
			return ""
		case there:
			return value
		}
		return "nothing-like-it"
	}
	for mask := range 16 {
		for _, there := range []bool{true, false} {
			n := runs * 2 / 3
			for _, status := range []engine.EventStatus{"", engine.EventAccepted, engine.EventDone, engine.EventFailed} {
				e := engine.EventFilter{Trigger: pick(mask, 1, there, shipped), Entity: pick(mask, 2, there, fmt.Sprintf("order/%d", n%max(1, runs/3))), AuthenticationID: pick(mask, 4, there, shop),
					Email: pick(mask, 8, there, fmt.Sprintf("shopper%d@example.com", n/7)), Status: status}
				all[fmt.Sprintf("events %+v", e)] = func(p engine.Page) (int, string, error) {
					items, next, err := f.Events(f.ctx, e, p)
					return len(items), next, err
				}
			}
			for _, status := range []engine.RunStatus{"", engine.RunRunning, engine.RunWaiting, engine.RunSucceeded, engine.RunFailed, engine.RunCancelled} {
				r := engine.RunFilter{WorkflowID: pick(mask, 1, there, "w07"), EventID: pick(mask, 2, there, fmt.Sprintf("event-%08d", n)), AuthenticationID: pick(mask, 4, there, shop),
					Email: pick(mask, 8, there, fmt.Sprintf("shopper%d@example.com", n/7)), Status: status}
				all[fmt.Sprintf("runs %+v", r)] = func(p engine.Page) (int, string, error) {
					items, next, err := f.Runs(f.ctx, r, p)
					return len(items), next, err
				}
			}
		}
	}
	return all
}

// With a long history every list answers fast, whatever it is filtered by, and the start does not depend on it.
func TestALongHistoryStaysFast(t *testing.T) {
	runs, dir := size(historyRuns, 1_000_000), t.TempDir()
	f := setup(t, store.Options{Dir: dir, Exclusive: true, Durability: "normal"})
	fillBegan := time.Now()
	f.fillHistory(runs, 400, 60*day)
	filled := time.Since(fillBegan)
	var slowest []string
	var times []time.Duration
	for name, list := range f.lists(runs) {
		took := f.time(name, list)
		times = append(times, took...)
		if worst := slices.Max(took); worst > 100*time.Millisecond {
			slowest = append(slowest, fmt.Sprintf("%6.0f ms %s", worst.Seconds()*1000, name))
		}
	}
	slices.Sort(times)
	p95 := times[len(times)*95/100]
	if p95 > guard*100*time.Millisecond || slices.Max(times) > guard*100*time.Millisecond {
		t.Errorf("lists take %s (p95), at most %s", p95, slices.Max(times))
	}
	slices.Sort(slowest)
	f.ok(f.Close())
	began := time.Now()
	again := setup(t, store.Options{Dir: dir, Exclusive: true, Now: f.clock.now})
	boot := time.Since(began)
	if boot > 2*time.Second {
		t.Errorf("the start takes %s with %d runs", boot, runs)
	}
	stats, err := again.Stats(again.ctx)
	again.ok(err)
	t.Logf("%d runs in %.1f s; %d pages of lists: p50 %s, p95 %s, most %s; over 100 ms:\n%s\nopened again in %s; %d jobs; %.0f MB", runs, filled.Seconds(), len(times), times[len(times)/2], p95, slices.Max(times),
		strings.Join(slowest, "\n"), boot, stats.QueueDepth, float64(fileSize(t, dir))/1e6)
}

// time takes the first page, the second and one by an old cursor.
func (f fixture) time(name string, list func(engine.Page) (int, string, error)) (took []time.Duration) {
	f.t.Helper()
	p := engine.Page{Limit: 50}
	for range 3 {
		began := time.Now()
		n, next, err := list(p)
		took = append(took, time.Since(began))
		if err != nil || n > 50 {
			f.t.Fatalf("%s: %d items, %v", name, n, err)
		}
		if p.Cursor = next; next == "" {
			break
		}
	}
	return took
}

func fileSize(t *testing.T, dir string) int64 {
	t.Helper()
	info, err := os.Stat(filepath.Join(dir, "cartwheel.db"))
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// No list, whatever its filters, reads a whole table or sorts: each walks an index from the newest on. Only what one
// event or one shopper has is sorted, and what waits to be decided, which is little.
func TestListsWalkAnIndex(t *testing.T) {
	dir := t.TempDir()
	setup(t, store.Options{Dir: dir, Exclusive: true})
	db := raw(t, dir)
	queries := store.EveryList()
	filtered := regexp.MustCompile(`(trigger_type|entity|authentication_id|workflow_id|event_id|email) = |<> '|status = '`) // not by "done" or "succeeded" alone
	ofFew := regexp.MustCompile(`(event_id|email) = \$`)
	own := regexp.MustCompile(`SCAN (m|era|e USING (COVERING )?INDEX event_(failed|undecided))$`) // all of it belongs to the list, or nearly
	lookUp := regexp.MustCompile(`^SEARCH [re] `)
	ofOne := regexp.MustCompile(`[( ](id|event_id)=\?`)
	for _, q := range queries {
		few := ofFew.MatchString(q)
		for _, step := range plan(t, db, regexp.MustCompile(`\$\d+`).ReplaceAllString(q, "'x'")) {
			whole := strings.HasPrefix(step, "SCAN") && !own.MatchString(step) && filtered.MatchString(q) // without a filter the table's own order is the list's
			sorts := strings.Contains(step, "TEMP B-TREE") && !few && !strings.Contains(q, "status = 'accepted'")
			strays := few && lookUp.MatchString(step) && !ofOne.MatchString(step) // into the rows of everybody else
			if whole || sorts || strays {
				t.Errorf("%s\n%s", q, step)
			}
		}
	}
	t.Logf("%d queries", len(queries))
}
