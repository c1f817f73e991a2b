package web

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"cartwheel/engine"
)

// readiness tells whether the database can be written to.
type readiness interface {
	Ready(ctx context.Context) error
}

// readyTime is how long the database may take to say that it is ready.
const readyTime = 2 * time.Second

// mountHealth connects what load balancers and monitoring ask for.
func (s *Server) mountHealth() {
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		for path, handle := range map[string]gin.HandlerFunc{"/healthz": s.healthz, "/readyz": s.readyz} {
			s.declare(method, path, access{public: true, always: true})
			s.router.Handle(method, path, handle)
		}
	}
	s.declare(http.MethodGet, "/metrics", access{role: engine.Viewer})
	s.router.GET("/metrics", gin.WrapH(promhttp.HandlerFor(s.Metrics, promhttp.HandlerOpts{
		ErrorLog:      slog.NewLogLogger(s.Logger.Handler(), slog.LevelWarn),
		ErrorHandling: promhttp.ContinueOnError, // a figure that cannot be had must not hide the others
	})))
}

// healthz says that the process is up, and to a look of its own that it is this one.
func (s *Server) healthz(c *gin.Context) {
	s.looks.answer(c)
	c.String(http.StatusOK, "ok\n")
}

// readyz says whether new events can be taken. It never depends on how much work waits.
func (s *Server) readyz(c *gin.Context) {
	if s.draining.Load() {
		s.fail(c, unavailable("Cartwheel is shutting down."))
		return
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), readyTime)
	defer cancel()
	if err := s.Engine.Ready(ctx); err != nil {
		s.Logger.Warn("not ready", "error", causeOf(err))
		s.fail(c, unavailable("The database cannot be written to now."))
		return
	}
	c.String(http.StatusOK, "ok\n")
}
