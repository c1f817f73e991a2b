package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// figures counts requests. The labels are the routes' templates: nothing that anybody typed.
type figures struct {
	requests *prometheus.CounterVec   // route, method, status
	seconds  *prometheus.HistogramVec // route, method
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
	method = methodName(method)
	f.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	f.seconds.WithLabelValues(route, method).Observe(took.Seconds())
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
