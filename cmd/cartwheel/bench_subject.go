package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"cartwheel/triggers/bigcommerce/bcsim"
)

// world is what a measured program has around it.
type world struct {
	shop  *benchShop
	inbox *benchInbox
	dir   string // for the program's data
}

func newWorld(parent string) (*world, error) {
	w := &world{}
	var err error
	if w.shop, err = startBenchShop(); err != nil {
		return nil, err
	}
	if w.inbox, err = startBenchInbox(); err != nil {
		w.shop.stop()
		return nil, err
	}
	if w.dir, err = os.MkdirTemp(parent, "bench-"); err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

func (w *world) close() error {
	w.shop.stop()
	w.inbox.close()
	if w.dir == "" {
		return nil
	}
	return os.RemoveAll(w.dir)
}

// storeURL is the store's API, with its path.
func (w *world) storeURL() string { return w.shop.url + "/stores/" + w.shop.sim.Config().StoreHash }

// subject is a Cartwheel that is measured: a fresh one, set up over its own API as a person would.
type subject struct {
	*child
	w       *world
	exe     string
	token   string
	addr    string
	profile string // file for a CPU profile; "": none
	hook    benchTarget
}

// The ids that the bench gives.
const (
	benchAuth    = "bench"
	benchTrigger = "bigcommerce.order_created"
	quietTrigger = "bigcommerce.order_updated"
	// unusedScope has no workflow: its events are stored and done.
	unusedScope = "store/customer/updated"
	usedScope   = "store/order/created"
	quietScope  = "store/order/updated"
)

// newSubject starts Cartwheel on an empty folder.
func newSubject(ctx context.Context, w *world, exe, profile string) (*subject, error) {
	s := &subject{w: w, exe: exe, profile: profile}
	token, err := startChild(ctx, exe, "token", "create", "--name", "bench", "--role", "admin", "--data", s.data())
	if err != nil {
		return nil, err
	}
	line, _ := token.out.ReadString('\n') // without a line it has an error
	if err := token.wait(); err != nil {
		return nil, err
	}
	s.token = strings.TrimSpace(line)
	if err := s.start(ctx, "127.0.0.1:0"); err != nil {
		return nil, err
	}
	if s.addr, err = s.ready(); err != nil {
		s.kill()
		return nil, err
	}
	return s, nil
}

func (s *subject) data() string { return filepath.Join(s.w.dir, "data") }

// start runs "cartwheel serve" on s's folder; it may not be ready yet.
func (s *subject) start(ctx context.Context, addr string) (err error) {
	args := []string{"serve", "--data", s.data(), "--addr", addr, "--public-url", "https://" + benchHost,
		"--allow-private", "127.0.0.0/8", "--log-level", "warn"}
	if s.profile != "" {
		args = append(args, "--cpu-profile", s.profile)
	}
	s.child, err = startChild(ctx, s.exe, args...)
	return err
}

type benchObject = map[string]any

// connect makes the authentication.
func (s *subject) connect(ctx context.Context) error {
	c := s.w.shop.sim.Config()
	return s.call(ctx, http.StatusCreated, http.MethodPost, "/api/v1/authentications", benchObject{"id": benchAuth, "name": "Bench store", "type": "bigcommerce",
		"config":  benchObject{"store_hash": c.StoreHash, "api_base_url": s.w.shop.url, "signature": "required"},
		"secrets": benchObject{"access_token": c.AccessToken, "client_id": c.ClientID, "client_secret": c.ClientSecret}}, nil)
}

// workflow is one that posts an order and its customer to the inbox when its condition holds.
func (s *subject) workflow(id, trigger, condition string) benchObject {
	return s.posting(id, trigger, condition,
		`{"order":{{ BigCommerce | Order | id }},"total":{{ BigCommerce | Order | total_inc_tax :: number 2 }},"email":"{{ BigCommerce | Customer | email }}"}`)
}

// posting is a workflow that posts body to the inbox.
func (s *subject) posting(id, trigger, condition, body string) benchObject {
	return benchObject{"name": "Bench " + id, "trigger": benchObject{"type": trigger, "authentication_id": benchAuth}, "condition": condition,
		"steps": []benchObject{{"id": "post", "type": "http_request", "config": benchObject{"method": http.MethodPost, "url": s.w.inbox.url + "/", "body_type": "json", "body": body}}}}
}

// publish saves a workflow and makes it live.
func (s *subject) publish(ctx context.Context, id string, definition benchObject) error {
	err := s.call(ctx, http.StatusCreated, http.MethodPut, "/api/v1/workflows/"+id, definition, nil)
	if err != nil {
		return err
	}
	return s.call(ctx, http.StatusOK, http.MethodPost, "/api/v1/workflows/"+id+"/publish", benchObject{}, nil)
}

// aim waits until the store knows where to send the webhooks of scope, and takes the address and the secret from there.
func (s *subject) aim(ctx context.Context, scope string) error {
	deadline := time.Now().Add(childPatience)
	for {
		for _, h := range s.w.shop.sim.Hooks() {
			if h.Scope == scope {
				return s.take(h)
			}
		}
		if time.Now().After(deadline) {
			return s.fault(fmt.Errorf("it registered no webhook for %s", scope))
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *subject) take(h bcsim.Hook) error {
	u, err := url.Parse(h.Destination)
	if err != nil {
		return fmt.Errorf("the webhook's destination: %w", err)
	}
	c := s.w.shop.sim.Config()
	s.hook = benchTarget{addr: s.addr, path: u.Path, secret: h.Headers["X-Webhook-Secret"], clientSecret: c.ClientSecret, scope: h.Scope, store: c.StoreHash}
	return nil
}

// target is where webhooks of a scope go.
func (s *subject) target(scope string) benchTarget {
	t := s.hook
	t.addr, t.scope = s.addr, scope
	return t
}

// call makes one call of the API. The answer goes to out, if not nil.
func (s *subject) call(ctx context.Context, want int, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://"+s.addr+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return s.fault(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return s.fault(err)
	case resp.StatusCode != want:
		return fmt.Errorf("%s %s: %s\n%s", method, path, resp.Status, raw)
	case out == nil:
		return nil
	}
	if text, ok := out.(*string); ok {
		*text = string(raw)
		return nil
	}
	return json.Unmarshal(raw, out)
}

// queued is how many jobs Cartwheel has to do.
func (s *subject) queued(ctx context.Context) (int, error) {
	var page string
	if err := s.call(ctx, http.StatusOK, http.MethodGet, "/metrics", nil, &page); err != nil {
		return 0, err
	}
	for line := range strings.Lines(page) {
		if value, ok := strings.CutPrefix(line, "cartwheel_queue_jobs "); ok {
			n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			return int(n), err
		}
	}
	return 0, errors.New("/metrics has no cartwheel_queue_jobs")
}

// idle waits until all work is done.
func (s *subject) idle(ctx context.Context) error {
	deadline := time.Now().Add(2 * childPatience)
	for {
		n, err := s.queued(ctx)
		if n == 0 || err != nil {
			return err
		}
		if time.Now().After(deadline) {
			return s.fault(fmt.Errorf("it still has %d jobs to do", n))
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// freeAddress is an address of this machine that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // listening is instant
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
