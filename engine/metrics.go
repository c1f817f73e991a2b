package engine

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics counts what the engine does. No label holds anything a shopper or a store typed.
type metrics struct {
	received  *prometheus.CounterVec // trigger, result
	finished  *prometheus.CounterVec // trigger, status
	decisions *prometheus.CounterVec // matched
	runs      *prometheus.CounterVec // status
	steps     *prometheus.CounterVec // type, status
	attempts  *prometheus.CounterVec // type, code
}

func newMetrics(r prometheus.Registerer) *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "cartwheel", Name: name, Help: help}, labels)
		if r != nil {
			r.MustRegister(c)
		}
		return c
	}
	return &metrics{
		received:  counter("events_received_total", "Events that came in, by trigger and result (stored, duplicate).", "trigger", "result"),
		finished:  counter("events_finished_total", "Events that were decided or failed.", "trigger", "status"),
		decisions: counter("decisions_total", "Decisions of workflows about events.", "matched"),
		runs:      counter("runs_finished_total", "Runs that came to an end, by status.", "status"),
		steps:     counter("steps_total", "Steps that came to an end or were held, by type and status.", "type", "status"),
		attempts:  counter("attempts_total", "Attempts of actions, by type and error code (ok when there was none).", "type", "code"),
	}
}

// queueCollector asks the store for its figures when they are scraped.
type queueCollector struct {
	store Upkeep
	now   func() time.Time
	depth *prometheus.Desc
	due   *prometheus.Desc
	age   *prometheus.Desc
}

func newQueueCollector(store Upkeep, now func() time.Time) *queueCollector {
	desc := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc("cartwheel_queue_"+name, help, nil, nil)
	}
	return &queueCollector{store: store, now: now,
		depth: desc("jobs", "Jobs in the queue, due or not."),
		due:   desc("jobs_due", "Jobs in the queue that are due."),
		age:   desc("oldest_due_seconds", "How long the oldest due job has been waiting."),
	}
}

// Describe implements prometheus.Collector.
func (c *queueCollector) Describe(ch chan<- *prometheus.Desc) {
	ch <- c.depth
	ch <- c.due
	ch <- c.age
}

// Collect implements prometheus.Collector.
func (c *queueCollector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	stats, err := c.store.Stats(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(c.depth, err)
		return
	}
	age := 0.0
	if !stats.OldestDue.IsZero() {
		age = max(0, c.now().Sub(stats.OldestDue).Seconds())
	}
	ch <- prometheus.MustNewConstMetric(c.depth, prometheus.GaugeValue, float64(stats.QueueDepth))
	ch <- prometheus.MustNewConstMetric(c.due, prometheus.GaugeValue, float64(stats.QueueDue))
	ch <- prometheus.MustNewConstMetric(c.age, prometheus.GaugeValue, age)
}
