package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// screen is an output that others can wait for.
type screen struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{}
}

func newScreen() *screen { return &screen{changed: make(chan struct{}, 1)} }

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case s.changed <- struct{}{}:
	default:
	}
	return s.text.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// waitFor returns all that was written once it contains text.
func (s *screen) waitFor(t *testing.T, text string) string {
	t.Helper()
	late := time.After(30 * time.Second)
	for {
		if all := s.String(); strings.Contains(all, text) {
			return all
		}
		select {
		case <-s.changed:
		case <-late:
			t.Fatalf("waited in vain for %q; the output was:\n%s", text, s.String())
		}
	}
}

// spawned is a cartwheel command that runs in this process.
type spawned struct {
	out, err *screen
	stop     context.CancelFunc
	code     chan int
}

func spawn(t *testing.T, args ...string) *spawned {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	c := &spawned{out: newScreen(), err: newScreen(), stop: cancel, code: make(chan int, 1)}
	go func() { c.code <- run(ctx, args, streams{in: strings.NewReader(""), out: c.out, err: c.err}) }()
	t.Cleanup(cancel)
	return c
}

// wantCode waits for the end.
func (c *spawned) wantCode(t *testing.T, want int) {
	t.Helper()
	select {
	case got := <-c.code:
		if got != want {
			t.Errorf("exit code %d, want %d; errors:\n%s", got, want, c.err)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("the command did not end")
	}
}

// look fetches url without keeping a connection; token "" sends none.
func look(t testing.TB, url, token string) (int, string) {
	t.Helper()
	return lookBy(t, http.MethodGet, url, token)
}

func lookBy(t testing.TB, method, url, token string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Close = true
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	res, err := (&http.Client{Transport: transport, Timeout: 10 * time.Second}).Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, url, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// partOf returns what the expression's group matches in the story.
func partOf(t *testing.T, story, expression string) string {
	t.Helper()
	m := regexp.MustCompile(expression).FindStringSubmatch(story)
	if m == nil {
		t.Fatalf("%s is not in the story:\n%s", expression, story)
	}
	return m[1]
}
