package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/store"
)

const (
	historyLooks  = 40 // how often each list is read, at most
	historyPages  = 5  // pages of each reading
	historyRounds = 5  // of intake, in turn with an empty database
)

// withHistory measures with many runs in the database: lists, intake, start and retention.
func (b *bench) withHistory(ctx context.Context) error {
	setUp := func(_ *world, s *subject) error {
		for _, id := range historyWorkflows() {
			if err := s.publish(ctx, id, s.workflow(id, benchTrigger, pipelineCondition)); err != nil {
				return err
			}
		}
		return s.aim(ctx, usedScope)
	}
	return b.withSubject(ctx, "history", setUp, func(w *world, s *subject) error {
		if err := s.stop(); err != nil {
			return err
		}
		if err := b.fill(ctx, w, s); err != nil {
			return err
		}
		_, first, err := b.restart(ctx, s)
		if err != nil {
			return err
		}
		b.figures.add("history start", "ms to the first accepted webhook", ms(first), atMost(2000))
		if err := errors.Join(s.idle(ctx), b.historyLists(ctx, s), b.historyIntake(ctx, s), s.stop()); err != nil {
			return err
		}
		return b.historyRetention(ctx, s)
	})
}

// historyIntake measures intake in turn with the intake of an empty database, so that both have the same machine.
func (b *bench) historyIntake(ctx context.Context, s *subject) error {
	return b.withSubject(ctx, "history-empty", onePipeline(ctx), func(_ *world, empty *subject) error {
		var rates, p99s, ratios []float64
		for range historyRounds {
			without, _, err := b.take(ctx, empty.child, empty.target(unusedScope))
			if err != nil {
				return err
			}
			with, times, err := b.take(ctx, s.child, s.target(unusedScope))
			if err != nil {
				return err
			}
			rates, p99s = append(rates, with.perSecond), append(p99s, ms(percentile(times, 99)))
			ratios = append(ratios, over(with.perSecond, without.perSecond))
		}
		b.figures.add("history intake", "webhooks/s", middle(rates), nil)
		b.figures.add("history intake", "ms p99 of the answer", middle(p99s), nil)
		b.figures.add("history intake", "of an empty database's, rate", middle(ratios), atLeast(0.9))
		b.note("intake, rounds: %.0f webhooks/s, %.2f of the empty database's", rates, ratios)
		return nil
	})
}

// middle is the median of an odd number of values.
func middle(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// historyLists reads the first pages of each list with each filter, again and again.
func (b *bench) historyLists(ctx context.Context, s *subject) error {
	shopper := url.QueryEscape(historyEmail(7))
	for _, query := range []string{
		"/runs", "/runs?workflow_id=history-0", "/runs?status=failed", "/runs?status=waiting", "/runs?status=succeeded", "/runs?authentication_id=" + benchAuth,
		"/runs?email=" + shopper, "/runs?email=nobody%40example.org", "/runs?workflow_id=history-1&status=failed", "/runs?status=failed&email=" + shopper,
		"/events", "/events?trigger=" + benchTrigger, "/events?status=done", "/events?status=failed", "/events?entity=order%2F1000000007",
		"/events?authentication_id=" + benchAuth, "/events?email=" + shopper, "/events?email=nobody%40example.org", "/events?trigger=" + quietTrigger,
		"/events?trigger=" + benchTrigger + "&status=failed",
	} {
		var times []time.Duration
		for range max(5, min(historyLooks, b.history/1000)) {
			took, err := s.readPages(ctx, query)
			if err != nil {
				return err
			}
			times = append(times, took...)
		}
		slices.Sort(times)
		b.figures.add("history list "+query, "ms p95", ms(percentile(times, 95)), atMost(100))
	}
	return nil
}

// readPages reads the first pages of a list and returns how long each took.
func (s *subject) readPages(ctx context.Context, query string) ([]time.Duration, error) {
	var times []time.Duration
	cursor := ""
	for range historyPages {
		path := "/api/v1" + query
		if cursor != "" {
			mark := "?"
			if strings.Contains(path, "?") {
				mark = "&"
			}
			path += mark + "cursor=" + url.QueryEscape(cursor)
		}
		var page struct {
			NextCursor string `json:"next_cursor"`
		}
		began := time.Now()
		if err := s.call(ctx, http.StatusOK, http.MethodGet, path, nil, &page); err != nil {
			return nil, err
		}
		times = append(times, time.Since(began))
		if cursor = page.NextCursor; cursor == "" {
			break
		}
	}
	return times, nil
}

// historyRetention removes the part of the history that is too old, as housekeeping does, and measures how long a
// write beside it waits.
func (b *bench) historyRetention(ctx context.Context, s *subject) (err error) {
	st, err := openHistory(ctx, s, "full", time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	waited := longestWrite(ctx, st)
	defer waited() // when it fails, too
	began := time.Now()
	rows, err := engine.Retention{}.DeleteHistory(ctx, st, began, func(d time.Duration) bool {
		time.Sleep(d)
		return ctx.Err() == nil
	})
	if err = errors.Join(err, ctx.Err()); err != nil {
		return err
	}
	b.figures.add("history retention", "rows removed", float64(rows), nil)
	b.figures.add("history retention", "rows/s", over(float64(rows), time.Since(began).Seconds()), nil)
	b.figures.add("history retention", "ms that a write waited at most", ms(waited()), atMost(100))
	return nil
}

// longestWrite writes one small thing after the other, as webhooks do, until the returned function is called; that
// tells how long the slowest took.
func longestWrite(ctx context.Context, st *store.Store) (end func() time.Duration) {
	stop, done := make(chan struct{}), make(chan time.Duration)
	go func() {
		var longest time.Duration
		for {
			select {
			case <-stop:
				done <- longest
				return
			case <-time.After(time.Millisecond):
			}
			at := time.Now()
			if err := st.SetSetting(ctx, "bench", at.Format(time.RFC3339Nano)); err == nil {
				longest = max(longest, time.Since(at))
			}
		}
	}()
	return sync.OnceValue(func() time.Duration {
		close(stop)
		return <-done
	})
}

// openHistory opens the folder of a Cartwheel that has stopped.
func openHistory(ctx context.Context, s *subject, durability string, now func() time.Time) (*store.Store, error) {
	st, err := store.Open(ctx, store.Options{Dir: s.data(), Durability: durability, Now: now, Exclusive: true})
	if err != nil {
		return nil, fmt.Errorf("open the database of the history: %w", err)
	}
	return st, nil
}
