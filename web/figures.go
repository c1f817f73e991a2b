package web

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// figures counts requests. The labels are the routes' templates: nothing that anybody typed.
type figures struct {
	requests *prometheus.CounterVec   // route, method, status
	seconds  *prometheus.HistogramVec // route, method
	lines    sync.Map                 // of *figureLine by figureKey: to look labels up costs more than to count
}

// figureKey is what a request is counted by. There are a few for each route.
type figureKey struct {
	route, method string
	status        int
}

type figureLine struct {
	requests prometheus.Counter
	seconds  prometheus.Observer
}

func newFigures(r prometheus.Registerer) *figures {
	f := &figures{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "cartwheel", Name: "http_requests_total",
			Help: "HTTP requests answered, by route, method and status."}, []string{"route", "method", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "cartwheel", Name: "http_request_seconds",
			Help:    "How long answering HTTP requests took, by route and method.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}}, []string{"route", "method"}),
	}
	r.MustRegister(f.requests, f.seconds)
	return f
}

func (f *figures) observe(route, method string, status int, took time.Duration) {
	line := f.line(figureKey{route, methodName(method), status})
	line.requests.Inc()
	line.seconds.Observe(took.Seconds())
}

func (f *figures) line(key figureKey) *figureLine {
	if known, ok := f.lines.Load(key); ok {
		return known.(*figureLine) //nolint:forcetypeassert // nothing else is stored there
	}
	line := &figureLine{f.requests.WithLabelValues(key.route, key.method, strconv.Itoa(key.status)), f.seconds.WithLabelValues(key.route, key.method)}
	f.lines.Store(key, line)
	return line
}

// methodName keeps invented methods out of labels and logs.
func methodName(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	default:
		return "other"
	}
}
