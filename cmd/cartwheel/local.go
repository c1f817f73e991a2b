package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

const localStopTime = 5 * time.Second

// localServer serves one handler until it is stopped: the simulated store, the inbox.
type localServer struct {
	url    string // http://host:port
	server *http.Server
	failed chan error // the error of a server that ended by itself
	done   chan struct{}
}

// startLocal listens on addr and serves h.
func startLocal(addr string, h http.Handler, log *slog.Logger) (*localServer, error) {
	l, err := net.Listen("tcp", addr) //nolint:noctx // listening is instant
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", addr, err)
	}
	s := &localServer{url: "http://" + l.Addr().String(), failed: make(chan error, 1), done: make(chan struct{}),
		server: &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
			IdleTimeout: time.Minute, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}}
	go func() {
		defer close(s.done)
		if err := s.server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.failed <- err
		}
	}()
	return s, nil
}

// stop lets requests under way end, for a moment.
func (s *localServer) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), localStopTime)
	defer cancel()
	if s.server.Shutdown(ctx) != nil {
		_ = s.server.Close() // what still hangs is cut off
	}
	<-s.done
}

// recent keeps the last things and numbers them from 1.
type recent[T any] struct {
	mu    sync.Mutex
	limit int
	last  int
	items []numbered[T] // oldest first
}

// numbered is a thing with its number.
type numbered[T any] struct {
	Number int
	Item   T
}

func (r *recent[T]) add(item T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last++
	r.items = append(r.items, numbered[T]{r.last, item})
	if n := len(r.items) - r.limit; n > 0 {
		r.items = slices.Delete(r.items, 0, n)
	}
}

// list is newest first.
func (r *recent[T]) list() []numbered[T] {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := slices.Clone(r.items)
	slices.Reverse(out)
	return out
}

func (r *recent[T]) get(number int) (T, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, n := range r.items {
		if n.Number == number {
			return n.Item, true
		}
	}
	var none T
	return none, false
}
