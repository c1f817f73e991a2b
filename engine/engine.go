// Package engine decides and remembers: the words of Cartwheel (workflow,
// version, step, run, event, authentication), the contracts that triggers,
// actions and the store keep, and the loop that takes an event from its webhook
// to the last step of its runs.
//
// An event is stored before it is acknowledged (ingest.go), its data fetched
// and every live workflow decided (expand.go), and each run worked through step
// by step (control.go, attempt.go). Between two commits lies at most one act in
// the outside world, so that a crash at any point loses nothing.
package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/prometheus/client_golang/prometheus"

	"cartwheel/engine/secret"
)

// Config is everything that an engine needs; nothing is global.
type Config struct {
	Store     Store
	Triggers  *Set[Trigger]
	Actions   *Set[Action]
	AuthTypes *Set[AuthType]
	Receivers map[string]Receiver // by the word after /hooks/
	Secrets   *secret.Box
	Logger    *slog.Logger
	Metrics   prometheus.Registerer // may be nil
	Clock     clockwork.Clock       // the clock of everything
	Stopwatch func() time.Time      // the clock of the work limits; nil means time.Now
	PublicURL string                // base of webhook links, without a final slash
	Workers   int                   // jobs at once; 0 means 640: they mostly wait for others
	Retention Retention
	Mailer    Mailer // sends alerts; may be nil
	// Watch is told what happens, for the demo's story. May be nil; must not block.
	Watch func(any)
	// Reached is told when a named point of the work is passed ("event.claimed"); fault tests end the process there. May be nil.
	Reached func(point string)
}

// Retention says how long finished history is kept. Zero members mean the defaults.
type Retention struct {
	Runs   time.Duration // runs, decisions, events: 90 days
	Bodies time.Duration // raw webhook bodies: 30 days
	Keys   time.Duration // event keys, which tell duplicates: 35 days
}

// Engine takes events to the last step of their runs. Make it with New.
type Engine struct {
	Config
	now      func() time.Time
	metrics  *metrics
	programs *programs
	kept     *kept
	catalogs catalogs
	auths    *auths
	limits   *strikes
	fills    fills
	logins   *logins
	first    firstRun
	zones    *recent[string, string]
	sending  sending

	mu       sync.Mutex
	state    state
	stopWork context.CancelFunc // no new jobs
	stopActs context.CancelFunc // acts under way are given up
	done     chan struct{}
	upkeep   *housekeeping
	draining atomic.Bool
	feed     *Feed // for those who look on
	healths  *healths
	started  *hourly[map[string]int] // runs begun, by workflow
	series   *hourly[Bucket]
	standing *recent[struct{}, *standing]
	overview *recent[int, Overview]
	// lastAttention is what needed attention at the last look of housekeeping, which alone uses it.
	lastAttention string
	// databaseDown: its last look has found that the database cannot be written to; databaseTold: when it told the owner so.
	databaseDown bool
	databaseTold time.Time
	seen         atomic.Int64 // what the clock showed when the last job was taken, in milliseconds
}

type state int

const (
	fresh state = iota
	started
	stopped
)

// New checks cfg and the master key against the store. It starts nothing.
func New(ctx context.Context, cfg Config) (*Engine, error) {
	if cfg.Clock == nil {
		cfg.Clock = clockwork.NewRealClock()
	}
	if cfg.Workers == 0 {
		cfg.Workers = 640
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Stopwatch == nil {
		cfg.Stopwatch = time.Now
	}
	cfg.Retention = cfg.Retention.withDefaults()
	if err := checkKey(ctx, cfg.Store, cfg.Secrets); err != nil {
		return nil, err
	}
	e := &Engine{Config: cfg, now: cfg.Clock.Now, metrics: newMetrics(cfg.Metrics), limits: &strikes{}, logins: newLogins()}
	e.programs = newPrograms(e)
	e.kept = newKept(cfg.Store)
	e.zones = newRecent(zoneKept, e.now, e.toldZone)
	e.auths = newAuths(cfg.Secrets)
	e.lookBack()
	if err := e.readSending(ctx); err != nil {
		return nil, err
	}
	if cfg.Metrics != nil {
		cfg.Metrics.MustRegister(newQueueCollector(cfg.Store, e.now))
	}
	return e, nil
}

// checkKey makes sure that the master key is the one this store was sealed with; on a new store it leaves the check.
func checkKey(ctx context.Context, s Store, box *secret.Box) error {
	const name = "key_check"
	check, err := s.Setting(ctx, name)
	if CodeOf(err) == NotFound {
		return s.SetSetting(ctx, name, box.NewCheck())
	}
	if err != nil {
		return fmt.Errorf("read the key check: %w", err)
	}
	if err := box.VerifyCheck(check); err != nil {
		return &Error{Code: Invalid, Op: "engine.New", Err: err,
			Message: "The master key is not the one that this data was sealed with. Give the right key file with --master-key-file, or start with another data folder."}
	}
	return nil
}

// Start takes up everything unfinished and begins to work. It returns at once.
func (e *Engine) Start(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.state != fresh {
		return errors.New("engine: started twice")
	}
	upkeep, err := e.startHousekeeping(ctx)
	if err != nil {
		return err
	}
	e.upkeep = upkeep
	// Two contexts: the first ends the taking of jobs, the second the acts under way.
	acts, stopActs := context.WithCancel(context.WithoutCancel(ctx))
	work, stopWork := context.WithCancel(acts)
	e.stopWork, e.stopActs, e.done, e.state = stopWork, stopActs, make(chan struct{}), started
	go func() {
		defer close(e.done)
		handle := func(_ context.Context, j Job) error { return e.handle(acts, j) }
		if err := e.Store.Work(work, e.Workers, handle); err != nil && work.Err() == nil {
			e.Logger.Error("the queue stopped", "error", err)
		}
	}()
	return nil
}

// Stop lets the work under way come to a safe point until ctx ends, then gives
// it up: it is taken up again at the next start. Stop works twice and before Start.
func (e *Engine) Stop(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.state != started {
		e.state = stopped
		return nil
	}
	e.state = stopped
	e.draining.Store(true)
	e.feed.Close()
	e.stopWork()
	select {
	case <-e.done:
	case <-ctx.Done():
		e.stopActs()
		<-e.done
	}
	e.stopActs()
	err := e.upkeep.stop()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveLimit)
	defer cancel()
	if err := e.saveHealth(last); err != nil {
		e.Logger.Warn("which authentications work was not noted", "error", logged(err))
	}
	return err
}

// handle does one job.
func (e *Engine) handle(ctx context.Context, j Job) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
		if err != nil && ctx.Err() == nil {
			e.Logger.Error("a job failed and is tried again", "kind", j.Kind, "ref", j.Ref, "error", logged(err))
		}
	}()
	if err := e.noticeClock(ctx); err != nil {
		return err
	}
	switch j.Kind {
	case EventJob:
		return e.expand(ctx, j)
	case RunJob:
		return e.work(ctx, j)
	case SubscribeJob:
		return e.subscribe(ctx, j)
	default:
		e.Logger.Error("a job of an unknown kind was dropped", "kind", j.Kind, "ref", j.Ref)
		return e.Store.FinishJob(ctx, j)
	}
}

// logged is an error for the log: with its cause, which is never shown to people.
func logged(err error) error {
	if e, ok := errors.AsType[*Error](err); ok && e.Err != nil {
		return fmt.Errorf("%s: %w", e.Message, e.Err)
	}
	return err
}

// reached reports to Reached.
func (e *Engine) reached(point string) {
	if e.Reached != nil {
		e.Reached(point)
	}
}

// tell reports to Watch.
func (e *Engine) tell(what any) {
	if e.Watch != nil {
		e.Watch(what)
	}
}

// Ready reports whether events can be taken.
func (e *Engine) Ready(ctx context.Context) error {
	if e.draining.Load() {
		return Errorf(Temporary, "Cartwheel is shutting down.")
	}
	return e.Store.Ready(ctx)
}
