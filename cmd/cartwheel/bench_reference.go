package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
)

// referenceOptions are what the reference programs are told.
type referenceOptions struct {
	store   string // the API with the store's path: …/stores/HASH
	token   string
	inbox   string
	workers int // events worked on at once
	dir     string
}

// newReference makes the programs that Cartwheel is compared with. They are what
// one would write in an afternoon, and each is one process, as Cartwheel is.
func newReference(s streams) *cobra.Command {
	cmd := &cobra.Command{Use: "reference", Short: "Run a program to compare with", Hidden: true, RunE: needReference}
	for _, r := range []struct {
		name, short string
		make        func(context.Context, referenceOptions) (http.Handler, func() error, error)
	}{
		{"bare", "reads the webhook and answers", newBare},
		{"straight", "answers, fetches, compares, posts; keeps nothing", newStraight},
		{"grouped", "the same, after the webhook is synced to a file", newGrouped},
	} {
		var o referenceOptions
		sub := &cobra.Command{Use: r.name, Short: r.short, RunE: func(cmd *cobra.Command, _ []string) error {
			h, end, err := r.make(cmd.Context(), o)
			if err != nil {
				return err
			}
			return errors.Join(runReference(cmd.Context(), r.name, h, s), end())
		}}
		f := sub.Flags()
		f.StringVar(&o.store, "store", "", "address of the store's API, with /stores/HASH")
		f.StringVar(&o.token, "token", "", "access token of the store")
		f.StringVar(&o.inbox, "inbox", "", "where to post to")
		f.IntVar(&o.workers, "workers", 64, "events worked on at once")
		f.StringVar(&o.dir, "dir", ".", "folder of the file")
		cmd.AddCommand(sub)
	}
	return cmd
}

func needReference(*cobra.Command, []string) error {
	return usageError{errors.New("say which: bare, straight or grouped")}
}

func runReference(ctx context.Context, name string, h http.Handler, s streams) error {
	log := (&Config{LogFormat: "text"}).logger(s.err)
	server, err := startLocal("127.0.0.1:0", h, log)
	if err != nil {
		return err
	}
	defer server.stop()
	if _, err := fmt.Fprintf(s.out, "Reference %s%s%s\n", name, readyLine, server.url); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-server.failed:
		return err
	}
}

// newBare reads the body and answers.
func newBare(context.Context, referenceOptions) (http.Handler, func() error, error) {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			w.WriteHeader(http.StatusBadRequest)
		}
	}), func() error { return nil }, nil
}

// straight is the straight-line program: it answers, then reads the order and its
// customer, compares, and posts. What it has not done when it stops is lost.
type straight struct {
	referenceOptions
	client *http.Client
	queue  chan []byte
	work   sync.WaitGroup
}

func newStraight(ctx context.Context, o referenceOptions) (http.Handler, func() error, error) {
	s := startStraight(ctx, o)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		s.queue <- body
	}), s.stop, nil
}

func startStraight(ctx context.Context, o referenceOptions) *straight {
	t := &http.Transport{MaxIdleConns: 2 * o.workers, MaxIdleConnsPerHost: o.workers}
	s := &straight{referenceOptions: o, client: &http.Client{Transport: t, Timeout: 30 * time.Second}, queue: make(chan []byte, 4096)}
	ctx = context.WithoutCancel(ctx) // what was begun is brought to its end
	for range o.workers {
		s.work.Go(func() {
			for body := range s.queue {
				if err := s.handle(ctx, body); err != nil {
					fmt.Fprintln(os.Stderr, "reference:", err)
				}
			}
		})
	}
	return s
}

// stop ends it. The server must have stopped.
func (s *straight) stop() error {
	close(s.queue)
	s.work.Wait()
	s.client.CloseIdleConnections()
	return nil
}

// handle is what it does about one webhook.
func (s *straight) handle(ctx context.Context, body []byte) error {
	var hook struct {
		Data struct {
			ID int64 `json:"id"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &hook); err != nil {
		return err
	}
	var order struct {
		ID         int64  `json:"id"`
		CustomerID int64  `json:"customer_id"`
		Total      string `json:"total_inc_tax"`
	}
	if err := s.get(ctx, "/v2/orders/"+strconv.FormatInt(hook.Data.ID, 10), &order); err != nil {
		return err
	}
	var customers struct {
		Data []struct {
			Email string `json:"email"`
		} `json:"data"`
	}
	if err := s.get(ctx, "/v3/customers?id:in="+strconv.FormatInt(order.CustomerID, 10), &customers); err != nil {
		return err
	}
	total, err := strconv.ParseFloat(order.Total, 64)
	if err != nil {
		return err
	}
	if total <= benchThreshold || len(customers.Data) == 0 || !strings.Contains(customers.Data[0].Email, "@") {
		return nil
	}
	return s.post(ctx, fmt.Appendf(nil, `{"order":%d,"total":%.2f,"email":%q}`, order.ID, total, customers.Data[0].Email))
}

// benchThreshold is what an order must be worth to be posted.
const benchThreshold = 1

func (s *straight) get(ctx context.Context, path string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.store+path, nil)
	if err != nil {
		return err
	}
	req.Header.Set("X-Auth-Token", s.token)
	req.Header.Set("Accept", "application/json")
	return s.do(req, into)
}

func (s *straight) post(ctx context.Context, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.inbox, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	return s.do(req, nil)
}

func (s *straight) do(req *http.Request, into any) error {
	resp, err := s.client.Do(req) //nolint:gosec // the bench's own store and inbox
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s", req.Method, req.URL.Path, resp.Status)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(raw, into)
}

// grouped is straight with the least that keeps an accepted webhook: a file that
// is synced before the answer, once for all who wait.
type grouped struct {
	*straight
	file *os.File
	line chan groupedCall
	done chan struct{}
}

type groupedCall struct {
	body []byte
	kept chan error
}

func newGrouped(ctx context.Context, o referenceOptions) (http.Handler, func() error, error) {
	f, err := os.OpenFile(filepath.Join(o.dir, "webhooks.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, err
	}
	g := &grouped{straight: startStraight(ctx, o), file: f, line: make(chan groupedCall, 256), done: make(chan struct{})}
	go g.write()
	return g, g.stop, nil
}

// ServeHTTP keeps the webhook, answers, and leaves the rest to straight.
func (g *grouped) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	call := groupedCall{body, make(chan error, 1)}
	g.line <- call
	if <-call.kept != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	g.queue <- body
}

// write takes whoever waits, writes and syncs once, and tells them all.
func (g *grouped) write() {
	defer close(g.done)
	for call := range g.line {
		batch := []groupedCall{call}
		for more := true; more && len(batch) < 256; {
			select {
			case next, ok := <-g.line:
				if more = ok; ok {
					batch = append(batch, next)
				}
			default:
				more = false
			}
		}
		var buf []byte
		for _, c := range batch {
			buf = append(append(buf, c.body...), '\n')
		}
		_, err := g.file.Write(buf)
		if err == nil {
			err = g.file.Sync()
		}
		for _, c := range batch {
			c.kept <- err
		}
	}
}

func (g *grouped) stop() error {
	close(g.line)
	<-g.done
	return errors.Join(g.straight.stop(), g.file.Close())
}
