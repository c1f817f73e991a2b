package bigcommerce

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
	"time"

	"cartwheel/engine"
)

const (
	callTimeout = 30 * time.Second // one call, body included
	maxBody     = 5 << 20          // bytes of one answer, unpacked
	pageSize    = 250              // the most that V2 and V3 lists give at once
)

// Doer sends one HTTP request: the guarded client of engine/outbound. It must
// not follow redirects, since Go keeps X-Auth-Token on them.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Options are what a Client needs. Only HTTP has no default.
type Options struct {
	HTTP      Doer
	Now       func() time.Time                                                     // default time.Now
	Sleep     func(ctx context.Context, d time.Duration) error                     // waits of at most shortWait; default a timer
	UserAgent string                                                               // default "Cartwheel"
	Classify  func(err error, host string, began bool) error                       // network error -> engine.Error; default Temporary or UnknownOutcome
	Observe   func(store, resource string, status, quotaLeft int, d time.Duration) // after each call; status 0: no answer, quotaLeft -1: unknown
}

// Client speaks to the V2 and V3 APIs of all stores. It is safe for concurrent
// use; there should be one, because it keeps the budget of each store's quota.
type Client struct {
	Options
	budgets *budgets
	cache   *cache
	bodies  bodies
	rooms   sync.Pool   // of *merge.Room, for what they hold
	header  http.Header // of every call to any store; not to be changed
}

// NewClient makes a Client.
func NewClient(o Options) *Client {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.UserAgent == "" {
		o.UserAgent = "Cartwheel"
	}
	if o.Classify == nil {
		o.Classify = classify
	}
	return &Client{Options: o, budgets: newBudgets(), cache: newCache(), header: http.Header{
		"Accept":          {"application/json"}, // V2 is said to answer XML without it
		"Accept-Encoding": {"gzip"},             // what net/http would ask for itself, with a header of its own for each call
		"User-Agent":      {o.UserAgent},
	}}
}

// headerFor is the header of the calls that this token allows. All who use it share it.
func (c *Client) headerFor(token string) http.Header {
	h := make(http.Header, len(c.header)+1)
	maps.Copy(h, c.header)
	h["X-Auth-Token"] = []string{token}
	return h
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Call makes one call for a, of type "bigcommerce". path begins with /v2/ or
// /v3/ and may hold a query; in, if not nil, is sent as JSON; the answer's JSON
// goes to out, if not nil, and leaves it as it is when the answer is empty (204).
//
// Errors: Denied (401, 403), NotFound (404), Temporary (408, 425, 429, 5xx,
// network, an answer that cannot be read), Rejected (any other status), and for
// a write whose answer was lost UnknownOutcome. The store's words are in the message.
func (c *Client) Call(ctx context.Context, a engine.Auth, method, path string, in, out any) error {
	acc, err := c.accountOf(a)
	if err != nil {
		return err
	}
	var body []byte
	if in != nil {
		if body, err = json.Marshal(in); err != nil {
			return fmt.Errorf("bigcommerce.Call: encode the body of %s %s: %w", method, path, err)
		}
	}
	ans, err := c.send(ctx, acc, method, path, body)
	if err != nil || out == nil || len(ans.body) == 0 {
		return err
	}
	if err := json.Unmarshal([]byte(ans.body), out); err != nil {
		return ans.unreadable("JSON of another shape than expected", err)
	}
	return nil
}

// get reads one path; the answer's status is 2xx when the error is nil.
func (c *Client) get(ctx context.Context, acc *account, path string) (*answer, error) {
	return c.send(ctx, acc, http.MethodGet, path, nil)
}

// send makes one call within the store's budget. The answer is never nil; with
// an error it still tells, in call, what was tried (its Status 0: nothing was answered).
func (c *Client) send(ctx context.Context, acc *account, method, path string, body []byte) (*answer, error) {
	ans := &answer{acc: acc, rooms: &c.rooms, call: engine.Call{Method: method, Path: path}}
	b := c.budgets.of(acc.store())
	if err := b.enter(ctx, c.Now, c.Sleep); err != nil {
		return ans, err
	}
	err := c.fly(ctx, b, ans, body)
	if err != nil {
		return ans, err
	}
	return ans, ans.refusal(b.remaining(c.Now()))
}

// fly is one call from start to end, after its place in the budget was taken.
func (c *Client) fly(ctx context.Context, b *budget, ans *answer, body []byte) error {
	began := c.Now()
	ans.sent = true
	defer func() {
		ended := c.Now()
		b.leave(outcome{began: began, ended: ended, status: ans.call.Status, header: ans.header})
		ans.call.Millis = ended.Sub(began).Milliseconds()
		if c.Observe != nil {
			c.Observe(ans.acc.StoreHash, resourceOf(ans.call.Path), ans.call.Status, quotaLeft(ans.header), ended.Sub(began))
		}
	}()
	return c.exchange(ctx, ans, body)
}

// exchange sends the request and reads the answer into ans.
func (c *Client) exchange(ctx context.Context, ans *answer, body []byte) error {
	call, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	var written atomic.Bool
	if ans.call.Method != http.MethodGet { // of a read it does not matter
		call = httptrace.WithClientTrace(call, &httptrace.ClientTrace{WroteHeaders: func() { written.Store(true) }})
	}
	req, err := c.request(call, ans, body)
	if err != nil {
		return err
	}
	lost := func(err error) error { return c.lost(ctx, err, req, written.Load()) }
	resp, err := c.HTTP.Do(req)
	if err != nil {
		return lost(err)
	}
	defer func() { _ = resp.Body.Close() }() // it was only read
	text, err := c.bodies.read(resp)
	ans.call.Status, ans.header = resp.StatusCode, resp.Header
	if err != nil && resp.StatusCode/100 == 2 { // what the store did not allow is clear without all its words
		return lost(err)
	}
	if len(text) > maxBody {
		return ans.unreadable(fmt.Sprintf("more than %d MiB", maxBody>>20), nil)
	}
	ans.body = text
	return nil
}

func (c *Client) request(ctx context.Context, ans *answer, body []byte) (*http.Request, error) {
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, ans.call.Method, ans.acc.store()+ans.call.Path, reader)
	if err != nil {
		return nil, &engine.Error{Code: engine.Denied, Op: "bigcommerce.request", Err: err,
			Message: "The address of the store's API is no URL: check api_base_url and store_hash of the authentication."}
	}
	req.Header = ans.acc.header
	if body != nil {
		req.Header = maps.Clone(req.Header)
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

// lost turns a failure of the network into an error for people.
func (c *Client) lost(ctx context.Context, err error, req *http.Request, written bool) error {
	began := written && req.Method != http.MethodGet
	if ctx.Err() != nil && !began { // we stopped, not the store: no attempt of the store's failed
		return &engine.Error{Code: engine.Temporary, Op: "bigcommerce.send", Message: "The call was stopped before the store answered.", Free: true, Err: err}
	}
	return c.Classify(err, req.URL.Hostname(), began)
}

// classify is the default of Options.Classify.
func classify(err error, host string, began bool) error {
	if began {
		return &engine.Error{Code: engine.UnknownOutcome, Op: "bigcommerce.send", Err: err,
			Message: fmt.Sprintf("The connection to %s broke before it answered, so nobody knows whether it happened.", host)}
	}
	return &engine.Error{Code: engine.Temporary, Op: "bigcommerce.send", Err: err,
		Message: fmt.Sprintf("The store's API at %s could not be reached, or its answer broke off.", host)}
}
