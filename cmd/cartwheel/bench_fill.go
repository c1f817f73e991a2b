package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/store"
	"cartwheel/merge"
)

const (
	fillers   = 256 // goroutines that fill: their writes share commits
	fillBatch = 64  // events of one write
	shoppers  = 50_000
	logEvery  = 2 * time.Second // between two checkpoints
	// historySpan is how far back the history goes: a tenth of it is older than what is kept.
	historySpan = 100 * 24 * time.Hour
)

func historyWorkflows() []string { return []string{"history-0", "history-1", "history-2", "history-3"} }

func historyEmail(n int) string { return fmt.Sprintf("shopper%d@example.com", n%shoppers) }

// fill writes events of the past, each decided, with a finished run of one step.
func (b *bench) fill(ctx context.Context, w *world, s *subject) (err error) {
	values, err := w.shop.values()
	if err != nil {
		return err
	}
	began := time.Now()
	oldest := began.Add(-historySpan)
	h := &history{values: values, oldest: oldest, step: historySpan / time.Duration(b.history)}
	h.fresh.Store(-1)
	if h.store, err = openHistory(ctx, s, "normal", func() time.Time { return h.at(int(h.written.Load())) }); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.store.Close()) }()
	if err := h.writeAll(ctx, b.history); err != nil {
		return err
	}
	if err := h.store.Optimize(ctx); err != nil {
		return err
	}
	if err := h.store.Checkpoint(ctx); err != nil {
		return err
	}
	b.note("%d runs were written in %s", b.history, time.Since(began).Round(time.Second))
	if size := folderSize(s.data()); size > 0 {
		b.figures.add("history database", "MB", float64(size)/(1<<20), atMost(4096))
	}
	return nil
}

func folderSize(dir string) int64 {
	files, _ := filepath.Glob(filepath.Join(dir, "cartwheel.db*")) // the pattern is right
	var sum int64
	for _, f := range files {
		if info, err := os.Stat(f); err == nil {
			sum += info.Size()
		}
	}
	return sum
}

// values are an event's merge codes, as fetching would leave them.
func (s *benchShop) values() (merge.Object, error) {
	order, err := merge.DecodeObject(s.order.with("1000000000"))
	if err != nil {
		return merge.Object{}, err
	}
	customers, err := merge.DecodeObject(s.customer.with("1000000000"))
	if err != nil {
		return merge.Object{}, err
	}
	list, _ := customers.Get("data")
	rows, _ := list.([]any)
	if len(rows) == 0 {
		return merge.Object{}, fmt.Errorf("%w: the customer is not in the store's answer", errNothingFits)
	}
	var store, root merge.Object
	store.Set("Order", order)
	store.Set("Customer", rows[0])
	root.Set("BigCommerce", store)
	return root, nil
}

// with fills the holes.
func (d benchDoc) with(id string) []byte {
	var out []byte
	for i, part := range d {
		if i > 0 {
			out = append(out, id...)
		}
		out = append(out, part...)
	}
	return out
}

// history writes the past.
type history struct {
	store   *store.Store
	values  merge.Object
	oldest  time.Time
	step    time.Duration // between two events
	fresh   atomic.Int64  // the revision of a new run; -1: not known yet
	written atomic.Int64  // events so far: the store's clock
}

func (h *history) writeAll(ctx context.Context, count int) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	batches := make(chan int)
	errs := make(chan error, fillers+1)
	var work sync.WaitGroup
	for range fillers {
		work.Go(func() {
			for first := range batches {
				if err := h.write(ctx, first, min(fillBatch, count-first)); err != nil {
					errs <- err
					cancel()
					return
				}
			}
		})
	}
	log := time.Now()
	for first := 0; first < count && ctx.Err() == nil; first += fillBatch {
		if time.Since(log) > logEvery { // otherwise reading gets slower and slower
			if err := h.store.Checkpoint(ctx); err != nil {
				cancel()
				errs <- err
			}
			log = time.Now()
		}
		select {
		case batches <- first:
		case <-ctx.Done():
		}
	}
	close(batches)
	work.Wait()
	select {
	case err := <-errs:
		return fmt.Errorf("write the history: %w", err)
	default:
		return ctx.Err()
	}
}

// write stores one batch of events and brings each to its end.
func (h *history) write(ctx context.Context, first, count int) error {
	events := make([]engine.Event, count)
	for i := range events {
		events[i] = h.event(first + i)
	}
	if _, err := h.store.AddEvents(ctx, events...); err != nil {
		return err
	}
	for i, e := range events {
		if err := h.finish(ctx, e, first+i); err != nil {
			return err
		}
	}
	h.written.Add(int64(count))
	return nil
}

func (h *history) at(n int) time.Time { return h.oldest.Add(time.Duration(n) * h.step) }

func (h *history) event(n int) engine.Event {
	order, at := 1_000_000_000+n%100_000, h.at(n)
	data := fmt.Sprintf(`{"type":"order","id":%d}`, order)
	key := sha256.Sum256([]byte(data + at.String()))
	return engine.Event{ID: historyID(at, n, 0), AuthenticationID: benchAuth, Trigger: benchTrigger, Scope: usedScope, Entity: fmt.Sprintf("order/%d", order),
		Key: key[:], WebhookID: fmt.Sprintf("msg_history%09d", n), Data: json.RawMessage(data), Body: fmt.Appendf(nil, `{"scope":%q,"data":%s,"created_at":%d}`, usedScope, data, at.Unix()),
		OccurredAt: at, ReceivedAt: at}
}

// historyID is a UUIDv7 of that time.
func historyID(at time.Time, n, kind int) string {
	return fmt.Sprintf("%08x-%04x-7%03x-8%03x-%012x", at.UnixMilli()>>16, at.UnixMilli()&0xffff, kind, 0, n)
}

// revision is that of a new run, which is the same for all.
func (h *history) revision(ctx context.Context, run string) (int64, error) {
	if known := h.fresh.Load(); known >= 0 {
		return known, nil
	}
	r, err := h.store.Run(ctx, run)
	if err == nil {
		h.fresh.Store(r.Revision)
	}
	return r.Revision, err
}

// finish decides an event, with a run that ends.
func (h *history) finish(ctx context.Context, e engine.Event, n int) error {
	workflows := historyWorkflows()
	run := historyID(e.ReceivedAt, n, 1)
	decisions := make([]engine.Decision, len(workflows))
	for i, id := range workflows {
		decisions[i] = engine.Decision{WorkflowID: id, Version: 1, Reason: "BigCommerce | Order | total_inc_tax is 127.5400, not > 500."}
	}
	fired := &decisions[n%len(workflows)]
	fired.Matched, fired.RunID, fired.Reason = true, run, "BigCommerce | Order | total_inc_tax is 127.5400, > 1."
	_, err := h.store.SaveDecisions(ctx, engine.Decided{EventID: e.ID, Decisions: decisions, Matches: []engine.Match{{Decision: n % len(workflows)}}, Values: h.values, ReadAt: &e.ReceivedAt,
		Calls:  []engine.Call{{Method: "GET", Path: "/v2/orders/1000000000", Status: 200, Millis: 87}, {Method: "GET", Path: "/v3/customers?id:in=1000000000", Status: 200, Millis: 91}},
		Emails: []string{historyEmail(n)}, Job: engine.Job{Kind: engine.EventJob, Ref: e.ID, Gen: 1}})
	if err != nil {
		return err
	}
	revision, err := h.revision(ctx, run)
	if err != nil {
		return err
	}
	change := engine.RunChange{RunID: run, Revision: revision, Status: engine.RunSucceeded, FinishedAt: &e.ReceivedAt, Job: engine.Job{Kind: engine.RunJob, Ref: run, Gen: 1},
		Steps: []engine.StepState{{StepID: "post", Status: engine.StepSucceeded, Output: json.RawMessage(`{"status":200,"headers":{"content-type":"application/json"},"body":{"ok":true}}`),
			Request:  json.RawMessage(`{"method":"POST","url":"https://crm.example.com/","body_type":"json","body":"{}"}`),
			Attempts: []engine.Attempt{{Number: 1, StartedAt: e.ReceivedAt, FinishedAt: &e.ReceivedAt, Request: "POST https://crm.example.com/", Response: "200 OK"}}}}}
	if n%25 == 0 {
		change.Status, change.Reason, change.Steps[0].Status = engine.RunFailed, "The other side answered 400.", engine.StepFailed
	}
	_, err = h.store.SaveRun(ctx, change)
	return err
}
