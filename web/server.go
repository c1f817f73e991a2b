// Package web is Cartwheel's face: the REST API under /api/v1 with its OpenAPI
// document, the webhook intake under /hooks, health, metrics and a few plain
// pages.
//
// Every request goes through the same steps (guard.go): an id, the security
// headers, recovery, the access log, the first-run lock, the check for
// cross-origin requests, authentication and the role that the route was declared
// with. A route without a declared role is refused. Operations are declared with
// [register] in one file per noun; they take what the engine offers through a
// small interface and answer with their own JSON shapes, so that a change of an
// engine type never changes the API by accident.
//
// Bodies are read and checked (body.go, checkjson.go) before anything decodes
// them, because encoding/json and huma accept more than is safe.
package web

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
)

// Engine is what the whole package needs of an engine. Each file of a noun says
// which part of it is its own.
type Engine interface {
	authenticator
	sessionEngine
	loginEngine
	userEngine
	triggerEngine
	actionEngine
	authenticationEngine
	workflowEngine
	previewEngine
	conditionEngine
	fillEngine
	sampleEngine
	setupEngine
	eventEngine
	runEngine
	overviewEngine
	settingsEngine
	streamEngine
	tokenEngine
	auditEngine
	receiver
	readiness
}

// Config is what a server is made of.
type Config struct {
	Engine  Engine
	Logger  *slog.Logger         // nil: nothing is logged
	Metrics *prometheus.Registry // served at /metrics, and told about requests; nil: a fresh one
	Version string               // of the program, for the page at /
	// PublicURL is where the world finds this server. With https the session cookie is for https only.
	PublicURL string
	Now       func() time.Time // nil: time.Now
	// TrustedProxies are the addresses or CIDRs whose X-Forwarded-For counts. Empty: nobody's.
	TrustedProxies []string
	// Loopback says that only this machine can connect. Where others can, nothing but
	// health and hooks answers until there is an administrator.
	Loopback bool
	// Links stand in the app's menu, or on the plain page at / of a program built without the app.
	Links []Link
	// UI holds the built app; nil: the one inside this program.
	UI fs.FS
	// Demo says that this is the demo: the app shows it.
	Demo bool
	// Look looks at an address of our own as from outside; nil: it cannot be done.
	Look func(ctx context.Context, address string, header http.Header) Seen
	// Tick makes the heartbeats of streams; nil: the real clock.
	Tick func(time.Duration) (<-chan time.Time, func())
	// Templates are ready-made workflows to begin with.
	Templates []Template
	// Extra are more pages, by path ("/demo/mailbox"), for GET only. Each gets the paths below its own, too.
	Extra map[string]http.Handler
}

// Link leads to one of the Extra pages.
type Link struct {
	Path    string `json:"path"`
	Title   string `json:"title"`
	Summary string `json:"summary"`
}

// Server answers HTTP requests. Make it with New.
type Server struct {
	Config
	router      *gin.Engine
	api         huma.API
	access      map[string]access // by method, blank, route
	origin      *http.CrossOriginProtection
	everyAnswer []fixedHeader
	figures     *figures
	document    func() ([]byte, error) // openapi.json
	ui          *ui                    // nil: built without the app
	doors       *template.Template
	draining    atomic.Bool
	streams     atomic.Int64  // open ones
	ending      chan struct{} // closed when the program is about to end
	ended       sync.Once
	previews    *previewPages
	looks       *looks
	ready       atomic.Bool // there is an administrator: the first-run lock is open for good
}

// Time-outs and caps of the HTTP server: a slow or greedy client costs little.
const (
	headerTimeout  = 5 * time.Second
	readTimeout    = 15 * time.Second
	writeTimeout   = 90 * time.Second // longer than any answer takes, previews that read from a slow store included
	idleTimeout    = time.Minute
	maxHeaderBytes = 32 << 10
)

// New makes a server. Errors: a trusted proxy that is no address, an extra page whose path is taken.
func New(cfg Config) (*Server, error) {
	if cfg.Engine == nil {
		return nil, errors.New("web: there is no engine")
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Metrics == nil {
		cfg.Metrics = prometheus.NewRegistry()
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Tick == nil {
		cfg.Tick = tick
	}
	prepareLibraries()
	s := &Server{
		Config:      cfg,
		ending:      make(chan struct{}),
		access:      map[string]access{},
		origin:      http.NewCrossOriginProtection(),
		everyAnswer: newEveryAnswer(),
		figures:     newFigures(cfg.Metrics),
		previews:    newPreviewPages(cfg.Now),
		looks:       newLooks(),
	}
	router, err := newRouter(cfg.TrustedProxies)
	if err != nil {
		return nil, err
	}
	s.router = router
	if err := s.mount(); err != nil {
		return nil, err
	}
	return s, nil
}

// newRouter makes a gin engine that trusts nobody and never redirects.
func newRouter(trusted []string) (*gin.Engine, error) {
	r := gin.New()
	r.RedirectTrailingSlash = false // a redirect is a failure to who sends webhooks
	r.RedirectFixedPath = false
	r.HandleMethodNotAllowed = true
	r.UseRawPath = true // %2F stays inside its segment
	// Proxies add to this one; another, such as X-Real-IP, they may pass on as the client has written it.
	r.RemoteIPHeaders = []string{"X-Forwarded-For"}
	if err := r.SetTrustedProxies(trusted); err != nil {
		return nil, fmt.Errorf("trusted proxies: write addresses or CIDRs such as 10.0.0.0/8: %w", err)
	}
	return r, nil
}

// mount connects everything that answers.
func (s *Server) mount() error {
	s.router.Use(s.observe, s.recovered, s.guard)
	s.router.NoRoute(s.noRoute)
	s.router.NoMethod(s.noMethod)
	s.mountIntake()
	s.mountHealth()
	s.mountAPI()
	if err := s.mountUI(); err != nil {
		return err
	}
	if err := s.mountLogin(); err != nil {
		return err
	}
	return s.mountPages()
}

// Handler answers every request.
func (s *Server) Handler() http.Handler { return s.router }

// HTTPServer is a server for addr with the time-outs that keep slow clients
// from harming others. The caller listens, limits the connections and shuts it down.
func (s *Server) HTTPServer(addr string) *http.Server {
	return &http.Server{
		Addr:              addr,
		Handler:           s.Handler(),
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(s.Logger.Handler(), slog.LevelDebug),
	}
}

// SetDraining makes /readyz answer 503 from now on: the program is about to end.
func (s *Server) SetDraining() {
	s.draining.Store(true)
	s.ended.Do(func() { close(s.ending) }) // streams would never end by themselves
}

// OpenAPI is the document served at /api/openapi.json.
func (s *Server) OpenAPI() ([]byte, error) { return s.document() }
