package main

import (
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// appMetrics are the figures of the parts that know nothing of Prometheus.
type appMetrics struct {
	batch     prometheus.Histogram
	late      prometheus.Counter
	calls     *prometheus.CounterVec
	quota     *prometheus.GaugeVec
	durations *prometheus.HistogramVec
	broken    *prometheus.GaugeVec

	// The counters and histograms of calls, as they were found by their labels: to look them up costs more than to count.
	ofStore, ofKind sync.Map

	mu   sync.Mutex
	down map[string]bool // targets that are shown as broken
}

// storeCall and callKind are the labels of a call.
type (
	storeCall struct {
		store, resource string
		status          int
	}
	callKind struct {
		kind   string
		status int
	}
)

// maxBroken bounds the targets that are shown: shoppers' data may choose hosts.
const maxBroken = 100

func newAppMetrics(r prometheus.Registerer) *appMetrics {
	m := &appMetrics{
		batch: prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "cartwheel", Name: "commit_batch_size",
			Help: "Writes that went into one commit.", Buckets: []float64{1, 2, 4, 8, 16, 32, 64, 128, 256}}),
		late: prometheus.NewCounter(prometheus.CounterOpts{Namespace: "cartwheel", Name: "late_signatures_total",
			Help: "Webhooks whose signature was right but older than five minutes."}),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "cartwheel", Name: "store_api_calls_total",
			Help: "Calls to a store's API, by resource and status (0: no answer)."}, []string{"store", "resource", "status"}),
		quota: prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "cartwheel", Name: "store_api_quota_left",
			Help: "Calls that the store's quota leaves in its window."}, []string{"store"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "cartwheel", Name: "outbound_seconds",
			Help: "Time of outbound calls, by kind and status.", Buckets: prometheus.DefBuckets}, []string{"kind", "status"}),
		broken: prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "cartwheel", Name: "breaker_open",
			Help: "1 for each host that is known to be down, so that attempts wait without being counted."}, []string{"target"}),
		down: map[string]bool{},
	}
	r.MustRegister(m.batch, m.late, m.calls, m.quota, m.durations, m.broken)
	return m
}

// breaker shows the targets that are known to be down, and those only.
func (m *appMetrics) breaker(target string, open bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case !open:
		delete(m.down, target)
		m.broken.DeleteLabelValues(target)
	case len(m.down) < maxBroken:
		m.down[target] = true
		m.broken.WithLabelValues(target).Set(1)
	}
}

func (m *appMetrics) commit(batch int) { m.batch.Observe(float64(batch)) }

func (m *appMetrics) store(store, resource string, status, left int, _ time.Duration) {
	remembered(&m.ofStore, storeCall{store, resource, status}, func() prometheus.Counter {
		return m.calls.WithLabelValues(store, resource, strconv.Itoa(status))
	}).Inc()
	if left >= 0 {
		m.quota.WithLabelValues(store).Set(float64(left))
	}
}

func (m *appMetrics) outbound(kind, _ string, status int, d time.Duration) {
	remembered(&m.ofKind, callKind{kind, status}, func() prometheus.Observer {
		return m.durations.WithLabelValues(kind, strconv.Itoa(status))
	}).Observe(d.Seconds())
}

// remembered is what make made for key at first.
func remembered[K comparable, V any](in *sync.Map, key K, make func() V) V {
	if known, ok := in.Load(key); ok {
		return known.(V) //nolint:forcetypeassert // nothing else is stored there
	}
	made := make()
	in.Store(key, made)
	return made
}
