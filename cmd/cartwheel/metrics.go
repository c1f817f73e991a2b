package main

import (
	"strconv"
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
}

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
	}
	r.MustRegister(m.batch, m.late, m.calls, m.quota, m.durations)
	return m
}

func (m *appMetrics) commit(batch int) { m.batch.Observe(float64(batch)) }

func (m *appMetrics) store(store, resource string, status, left int, _ time.Duration) {
	m.calls.WithLabelValues(store, resource, strconv.Itoa(status)).Inc()
	if left >= 0 {
		m.quota.WithLabelValues(store).Set(float64(left))
	}
}

func (m *appMetrics) outbound(kind, _ string, status int, d time.Duration) {
	m.durations.WithLabelValues(kind, strconv.Itoa(status)).Observe(d.Seconds())
}
