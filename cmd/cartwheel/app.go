package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"sync"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"golang.org/x/net/netutil"

	"cartwheel/actions"
	"cartwheel/engine"
	"cartwheel/engine/outbound"
	"cartwheel/engine/store"
	"cartwheel/triggers"
	"cartwheel/triggers/bigcommerce"
	"cartwheel/web"
)

const (
	maxConnections = 4096
	drainListener  = 100 * time.Millisecond // between "not ready" and the closing of the listener
	drainRequests  = 5 * time.Second        // for requests under way
	drainWork      = 20 * time.Second       // for these and for steps under way
	storeTimeout   = 30 * time.Second       // of one call to a store's API
)

// App is the whole program as a value: New opens and listens, Start works, Stop
// drains. Tests start the same value.
type App struct {
	cfg      Config
	log      *slog.Logger
	store    *store.Store
	engine   *engine.Engine
	guard    *outbound.Guard
	web      *web.Server
	server   *http.Server
	listener net.Listener
	served   chan error
	stopOnce sync.Once
	stopErr  error
}

// Extras are what the demo adds to the program; the zero value adds nothing.
type Extras struct {
	Watch func(any)
	Pages map[string]http.Handler
	Links []web.Link
	Demo  bool // the app says that this is the demo
	Clock clockwork.Clock
	// Stopwatch is the clock of the work limits; tests let it stand still, so that work alone decides.
	Stopwatch func() time.Time
}

// New opens the installation and listens; nothing works yet. On an error
// everything is closed again. Usage errors: the address, the key, the folder.
func New(ctx context.Context, cfg Config, log *slog.Logger, x Extras) (_ *App, err error) {
	a := &App{cfg: cfg, log: log, served: make(chan error, 1)}
	defer func() {
		if err != nil {
			_ = a.close() // the first error is the one that matters
		}
	}()
	if a.listener, err = net.Listen("tcp", cfg.Addr); err != nil { //nolint:noctx // listening is instant
		return nil, usageError{fmt.Errorf("--addr: cannot listen on %s: %w", cfg.Addr, err)}
	}
	if a.cfg.PublicURL == "" {
		a.cfg.PublicURL = "http://" + a.listener.Addr().String()
	}
	metrics := prometheus.NewRegistry()
	metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if err = a.openEngine(ctx, metrics, x); err != nil {
		return nil, err
	}
	var ui fs.FS
	if cfg.UIDir != "" {
		ui = os.DirFS(cfg.UIDir)
	}
	templates, err := readyTemplates()
	if err != nil {
		return nil, err
	}
	a.web, err = web.New(web.Config{Templates: templates, UI: ui, Demo: x.Demo, PublicURL: a.cfg.PublicURL, Engine: a.engine, Logger: log, Metrics: metrics, Version: version(),
		TrustedProxies: cfg.TrustedProxies, Loopback: isLoopback(a.listener.Addr()), Extra: x.Pages, Links: x.Links,
		Look: func(ctx context.Context, address string, header http.Header) web.Seen {
			return web.Seen(a.guard.Look(ctx, address, header))
		}})
	if err != nil {
		return nil, err
	}
	a.server = a.web.HTTPServer(cfg.Addr)
	return a, nil
}

// openEngine opens the store and the key and wires triggers and actions: the only place that knows them all.
func (a *App) openEngine(ctx context.Context, metrics *prometheus.Registry, x Extras) error {
	err := checkKey(a.cfg.MasterKeyFile) // before anything is made
	if err != nil {
		return err
	}
	m, point := newAppMetrics(metrics), reached()
	a.store, err = store.Open(ctx, store.Options{Dir: a.cfg.Data, Durability: a.cfg.Durability, Now: now(x.Clock),
		MaxWaiting: a.cfg.MaxWaiting, Logger: a.log, Exclusive: true, OnCommit: m.commit, Reached: point})
	if err != nil {
		return usageError{err}
	}
	_, err = a.store.Setting(ctx, "key_check")
	box, err := loadKey(a.cfg.MasterKeyFile, engine.CodeOf(err) == engine.NotFound, point)
	if err != nil {
		return err
	}
	a.guard = outbound.New(outbound.Options{AllowPrivate: a.cfg.AllowPrivate, Observe: m.outbound, Now: now(x.Clock), OnBreaker: m.breaker})
	stores := a.guard.WithoutBreaker() // a store's events have a schedule and a budget of their own
	source := triggers.Deps{BigCommerce: bigcommerce.NewClient(bigcommerce.Options{
		HTTP: storeClient{stores}, Now: now(x.Clock), UserAgent: "Cartwheel/" + release, Observe: m.store,
		Classify: func(err error, host string, began bool) error { return outbound.Classify(err, host, began) },
	}), LateSignature: func(time.Duration) { m.late.Inc() }}
	target := actions.Deps{Out: a.guard, Now: now(x.Clock)}
	a.engine, err = engine.New(ctx, engine.Config{
		Store:     a.store,
		Triggers:  engine.NewSet(triggers.All(source)...),
		Actions:   engine.NewSet(actions.All(target)...),
		AuthTypes: engine.NewSet(append(triggers.AuthTypes(source), actions.AuthTypes(target)...)...),
		Receivers: triggers.Receivers(source),
		Secrets:   box,
		Logger:    a.log,
		Metrics:   metrics,
		Clock:     x.Clock,
		Stopwatch: x.Stopwatch,
		PublicURL: a.cfg.PublicURL,
		Retention: a.cfg.Retention,
		Mailer:    actions.Mailer(target),
		Watch:     x.Watch,
		Reached:   point,
	})
	if engine.CodeOf(err) == engine.Invalid {
		return usageError{err}
	}
	return err
}

// storeClient speaks to stores. Without TLS a token goes to allowed private addresses only.
type storeClient struct{ out *outbound.Guard }

// Do sends one request.
func (c storeClient) Do(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme == "http" {
		return c.out.PlainExchange(r, storeTimeout)
	}
	return c.out.Exchange(r, storeTimeout)
}

func now(c clockwork.Clock) func() time.Time {
	if c == nil {
		return time.Now
	}
	return c.Now
}

func isLoopback(addr net.Addr) bool {
	ap, err := netip.ParseAddrPort(addr.String())
	return err == nil && ap.Addr().Unmap().IsLoopback()
}

// URL is where the program answers on this machine.
func (a *App) URL() string { return "http://" + a.listener.Addr().String() }

// Start takes up unfinished work and serves. It returns at once.
func (a *App) Start(ctx context.Context) error {
	if err := a.engine.Start(ctx); err != nil {
		return err
	}
	limited := netutil.LimitListener(a.listener, maxConnections)
	go func() { a.served <- a.server.Serve(limited) }()
	return nil
}

// Failed delivers the error of a server that ended by itself.
func (a *App) Failed() <-chan error { return a.served }

// Stop drains: first /readyz says no, then the listener closes, then steps
// under way come to their end (20 s at most; the rest is taken up at the next
// start), then the database is closed. It works twice and before Start.
func (a *App) Stop() error {
	a.stopOnce.Do(func() {
		a.web.SetDraining()
		time.Sleep(drainListener) // load balancers look at /readyz in the meantime
		ctx, cancel := context.WithTimeout(context.Background(), drainWork)
		defer cancel()
		a.stopErr = errors.Join(a.closeServer(ctx), a.engine.Stop(ctx), a.close())
	})
	return a.stopErr
}

// closeServer lets requests under way be answered for a while, then cuts them off.
func (a *App) closeServer(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, drainRequests)
	defer cancel()
	err := a.server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return a.server.Close()
	}
	return err
}

// close gives back what is open.
func (a *App) close() error {
	var errs []error
	if a.guard != nil {
		a.guard.CloseIdle()
	}
	if a.listener != nil {
		if err := a.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if a.store != nil {
		errs = append(errs, a.store.Close())
	}
	return errors.Join(errs...)
}
