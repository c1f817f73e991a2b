package bcsim

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// retryAfter holds the documented pauses between the attempts of one callback.
var retryAfter = []time.Duration{
	60 * time.Second, 180 * time.Second, 300 * time.Second, 600 * time.Second, 900 * time.Second, 1800 * time.Second,
	3600 * time.Second, 7200 * time.Second, 21600 * time.Second, 50400 * time.Second, 86400 * time.Second,
}

// Delivery is one attempt to deliver a callback.
type Delivery struct {
	ID          string // webhook-id: the same for all attempts of one callback to one hook
	HookID      int
	ClientID    string
	Scope       string // the concrete event
	Destination string
	Attempt     int       // 1 = first
	At          time.Time // when it ended
	Status      int       // 0 = no answer, or not sent
	Err         string    // why there was no answer
	Blocked     bool      // not sent, the domain is blocked
	Body        []byte    // as sent
}

// OK says whether the receiver took the callback.
func (d Delivery) OK() bool { return d.Status >= 200 && d.Status <= 299 }

// job is a callback on its way to one hook.
type job struct {
	id      string
	hookID  int
	scope   string
	body    []byte
	attempt int   // 1 = first
	stamp   int64 // webhook-timestamp of the first attempt
}

// sender keeps the hooks and delivers callbacks. Workers exist only while there is something to send.
type sender struct {
	cfg      Config
	accounts map[string]*Account
	client   *http.Client
	ctx      context.Context // ends with the store
	cancel   context.CancelFunc
	workers  sync.WaitGroup

	deliveries *ledger[Delivery]
	alerts     *ledger[Alert]

	mu        sync.Mutex
	habits    []EmitOption
	events    int
	callbacks int
	lastHook  int
	hooks     map[int]*hook
	emails    []string
	blocks    map[domainKey]*domain
	warned    map[string]time.Time // destination -> last 90001
	queue     []*job
	running   int
	timers    map[int]func() // stops of waiting timers
	lastTimer int
	idle      chan struct{} // closed when nothing is queued or running; nil while nobody waits
	closed    bool
}

func newSender(cfg Config, accounts map[string]*Account) *sender {
	ctx, cancel := context.WithCancel(context.Background())
	transport := &http.Transport{MaxIdleConnsPerHost: cfg.Senders, IdleConnTimeout: time.Minute}
	return &sender{
		cfg: cfg, accounts: accounts, ctx: ctx, cancel: cancel,
		client: &http.Client{
			Transport:     transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		deliveries: newLedger[Delivery](cfg.LedgerSize), alerts: newLedger[Alert](cfg.LedgerSize),
		lastHook: 31170457, hooks: map[int]*hook{}, blocks: map[domainKey]*domain{},
		warned: map[string]time.Time{}, timers: map[int]func(){},
	}
}

func (d *sender) now() time.Time { return d.cfg.Now().UTC() }

// dispatch queues a callback for every hook that asks for the scope.
func (d *sender) dispatch(scope string, body []byte, clientID string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	d.retireQuiet(now)
	for _, h := range d.sorted() {
		if clientID != "" && clientID != h.ClientID || !matches(h.Scope, scope) {
			continue
		}
		if !h.IsActive || now.Before(h.starts) {
			continue
		}
		h.last = now
		d.callbacks++
		d.push(&job{
			id: fmt.Sprintf("msg_%s_%06d", d.cfg.StoreHash, d.callbacks), hookID: h.ID,
			scope: scope, body: body, attempt: 1, stamp: now.Unix(),
		})
	}
}

// push queues a job and starts a worker for it if there may be one more. The lock is held.
func (d *sender) push(j *job) {
	if d.closed {
		return
	}
	d.queue = append(d.queue, j)
	if d.running < d.cfg.Senders {
		d.running++
		d.workers.Go(d.work)
	}
}

func (d *sender) work() {
	for j := d.take(); j != nil; j = d.take() {
		d.attempt(j)
	}
}

// take returns the next job, or nil when this worker shall end.
func (d *sender) take() *job {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.queue) == 0 || d.closed {
		d.running--
		if d.running == 0 && d.idle != nil {
			close(d.idle)
			d.idle = nil
		}
		return nil
	}
	j := d.queue[0]
	d.queue = d.queue[1:]
	return j
}

// attempt delivers once, records the outcome and plans what follows.
func (d *sender) attempt(j *job) {
	d.mu.Lock()
	current := d.hooks[j.hookID]
	if current == nil || !current.IsActive {
		d.mu.Unlock()
		return // deleted or switched off since: nothing is owed any more
	}
	h := hook{Hook: current.view()}
	blocked := d.isBlocked(&h, d.now())
	d.mu.Unlock()

	record := Delivery{
		ID: j.id, HookID: h.ID, ClientID: h.ClientID, Scope: j.scope, Destination: h.Destination,
		Attempt: j.attempt, Blocked: blocked, Body: j.body,
	}
	if !blocked {
		status, err := d.post(&h, j)
		if record.Status = status; err != nil {
			record.Err = err.Error()
		}
	}
	record.At = d.now()
	if d.ctx.Err() == nil {
		d.settle(j, record)
	}
}

// settle counts the outcome, plans the next attempt and then shows the record, so that who saw it can move the clock.
func (d *sender) settle(j *job, record Delivery) {
	d.mu.Lock()
	defer d.mu.Unlock()
	h := d.hooks[j.hookID]
	if h != nil && !record.Blocked {
		d.count(h, record.OK(), record.At)
	}
	if h != nil && !record.OK() {
		d.retry(h, *j, record)
	}
	d.deliveries.add(record)
	d.cfg.Logger.Debug("callback", "hook", record.HookID, "scope", record.Scope, "attempt", record.Attempt,
		"status", record.Status, "blocked", record.Blocked)
}

// retry plans the next attempt or, after the last, switches the hook off. The lock is held.
func (d *sender) retry(h *hook, j job, record Delivery) {
	if j.attempt > len(retryAfter) {
		d.deactivate(h, record.At)
		d.except(h, 90002, "All retries failed, the hook is being disabled.")
		return
	}
	wait := retryAfter[j.attempt-1]
	j.attempt++
	d.after(wait, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.push(&j)
	})
	if last, ok := d.warned[h.Destination]; !ok || record.At.Sub(last) >= 10*time.Minute {
		d.warned[h.Destination] = record.At
		d.except(h, 90001, "The delivery failed and will be tried again.")
	}
}

// except tells the account's deliveryException hook. The lock is held.
func (d *sender) except(h *hook, code int, message string) {
	if h.Scope == exceptionScope {
		return
	}
	data := obj{{"type", "webhook"}, {"id", h.ID}, {"error_code", code}, {"message", message}}
	e := event{scope: exceptionScope, data: data, clientID: h.ClientID}
	d.after(0, func() { d.send(e) })
}

// post sends one attempt. A redirect is an answer like any other, hence a failure.
func (d *sender) post(h *hook, j *job) (int, error) {
	target, host, err := d.resolve(h.Destination)
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(d.ctx, d.cfg.CallbackTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(j.body))
	if err != nil {
		return 0, err
	}
	req.Host = host
	req.Header = h.header()
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "*/*")
	if d.cfg.Sign {
		d.sign(req, h, j)
	}
	res, err := d.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = res.Body.Close() }() // the status is all that counts
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10))
	return res.StatusCode, nil
}

func (d *sender) sign(req *http.Request, h *hook, j *job) {
	stamp := j.stamp
	if !d.cfg.KeepTimestamp {
		stamp = d.now().Unix()
	}
	secret := ""
	for _, account := range d.accounts {
		if account.ClientID == h.ClientID {
			secret = account.ClientSecret
		}
	}
	req.Header.Set("Webhook-Id", j.id)
	req.Header.Set("Webhook-Timestamp", strconv.FormatInt(stamp, 10))
	req.Header.Set("Webhook-Signature", Sign(secret, j.id, stamp, j.body))
}

var errUnmapped = errors.New("no local address is mapped to the destination's host (see Config.Resolve)")

// resolve finds the address to call and the Host header to send.
func (d *sender) resolve(destination string) (target, host string, err error) {
	u, err := url.Parse(destination)
	if err != nil {
		return "", "", fmt.Errorf("parse the destination: %w", err)
	}
	host = u.Host
	name := strings.ToLower(u.Hostname())
	for _, key := range []string{name, name + ":443", "*"} {
		if local, ok := d.cfg.Resolve[key]; ok {
			u.Scheme, u.Host = "http", local
			return u.String(), host, nil
		}
	}
	if d.cfg.AllowAnyDestination {
		return destination, host, nil
	}
	return "", "", errUnmapped
}
