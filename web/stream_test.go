package web_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/web"
)

const streamPath = "/api/v1/stream"

// glance is a client that leaves after the first message.
type glance struct {
	*httptest.ResponseRecorder
	leave func()
}

// Flush takes the message and leaves.
func (g *glance) Flush() {
	g.ResponseRecorder.Flush()
	g.leave()
}

// pulse is a clock of streams that only the test moves.
type pulse struct{ beats, checks chan time.Time }

func newPulse() *pulse { return &pulse{make(chan time.Time), make(chan time.Time)} }

func (p *pulse) tick(d time.Duration) (<-chan time.Time, func()) {
	if d == time.Minute {
		return p.checks, func() {}
	}
	return p.beats, func() {}
}

// stream is a real client.
type stream struct {
	t     *testing.T
	lines *bufio.Reader
	leave func()
}

// watch opens a stream; headers are name, value, ...
func watch(t *testing.T, address, query string, headers ...string) *stream {
	t.Helper()
	ctx, leave := context.WithCancel(t.Context())
	t.Cleanup(leave)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+streamPath+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer viewer")
	for i := 0; i+1 < len(headers); i += 2 {
		if r.Header.Set(headers[i], headers[i+1]); headers[i+1] == "" {
			r.Header.Del(headers[i])
		}
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" || resp.Header.Get("X-Accel-Buffering") != "no" || resp.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %v", resp.StatusCode, resp.Header)
	}
	return &stream{t, bufio.NewReader(resp.Body), leave}
}

// next is the next message, its lines joined by a bar; "end" at the end.
func (s *stream) next() string {
	s.t.Helper()
	var lines []string
	for {
		line, err := s.lines.ReadString('\n')
		if err != nil {
			return "end"
		}
		if line == "\n" {
			return strings.Join(lines, "|")
		}
		lines = append(lines, strings.TrimSuffix(line, "\n"))
	}
}

func (s *stream) want(messages ...string) {
	s.t.Helper()
	for _, want := range messages {
		if got := s.next(); got != want {
			s.t.Fatalf("heard %q, want %q", got, want)
		}
	}
}

func streaming(t *testing.T) (*site, *pulse, string) {
	t.Helper()
	p := newPulse()
	s := newSite(t, func(c *web.Config) { c.Tick = p.tick })
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	return s, p, serve(t, s, nil)
}

func TestAStreamTellsResumesAndBeats(t *testing.T) {
	s, p, address := streaming(t)
	first := watch(t, address, "")
	first.want("retry: 2000|id: boot-1|event: hello|data: {}")
	feed := s.engine.feed
	feed.Publish(engine.Change{Kind: engine.RunChanged, ID: "r1", WorkflowID: "w", EventID: "e", Status: "running"})
	first.want(`id: boot-2|event: run|data: {"event_id":"e","id":"r1","status":"running","workflow_id":"w"}`)
	p.beats <- time.Time{}
	first.want(": still here")
	first.leave()
	feed.Publish(engine.Change{Kind: engine.EventChanged, ID: "e2", Trigger: "bigcommerce.order_created", Status: "done"})
	feed.Publish(engine.Change{Kind: engine.WorkflowChanged, ID: "w", Status: "live", Revision: 3})
	feed.Publish(engine.Change{Kind: engine.AttentionChanged, Count: 2})
	back := watch(t, address, "?topics=runs,events,workflow:w,attention", "Last-Event-ID", "boot-2")
	back.want("retry: 2000|id: boot-2|event: hello|data: {}", `id: boot-3|event: event|data: {"id":"e2","status":"done","trigger":"bigcommerce.order_created"}`,
		`id: boot-4|event: workflow|data: {"id":"w","revision":3,"status":"live"}`, `id: boot-5|event: attention|data: {"count":2}`)
	narrow := watch(t, address, "?topics=attention&last_event_id=boot-3")
	narrow.want("retry: 2000|id: boot-3|event: hello|data: {}", `id: boot-5|event: attention|data: {"count":2}`)
	lost := watch(t, address, "", "Last-Event-ID", "earlier-7")
	if got := lost.next(); !strings.Contains(got, "hello") {
		t.Fatalf("heard %q", got)
	}
	lost.want("id: boot-5|event: reset|data: {}")
}

func TestAStreamEndsWithItsSession(t *testing.T) {
	s, p, address := streaming(t)
	l := watch(t, address, "")
	l.next()
	p.checks <- time.Time{} // still allowed
	s.engine.feed.Publish(engine.Change{Kind: engine.AttentionChanged, Count: 1})
	if got := l.next(); !strings.Contains(got, "attention") {
		t.Fatalf("heard %q", got)
	}
	s.engine.revoked.Store(true)
	p.checks <- time.Time{}
	l.want("end")
}

// A stream that counted as a use would keep whoever leaves a window open signed in.
func TestAStreamIsNoUseOfItsSession(t *testing.T) {
	s, p, address := streaming(t)
	l := watch(t, address, "", "Authorization", "", "Cookie", "cartwheel_session="+sessionToken(engine.Viewer))
	l.next()
	p.checks <- time.Time{}
	p.beats <- time.Time{} // the check is over
	l.want(": still here")
	if n := s.engine.rechecks.Load(); n != 1 {
		t.Errorf("the session was looked at %d times, want once and without using it", n)
	}
	s.engine.revoked.Store(true)
	p.checks <- time.Time{}
	l.want("end")
}

func TestStreamsEndWhenTheProgramDoes(t *testing.T) {
	s, _, address := streaming(t)
	l := watch(t, address, "")
	l.next()
	s.server.SetDraining()
	s.server.SetDraining()
	l.want("end")
	closed, _, address := streaming(t)
	l = watch(t, address, "")
	l.next()
	closed.engine.feed.Close()
	l.want("end")
}

func TestTooManyStreamsAreRefused(t *testing.T) {
	s, _, address := streaming(t)
	var open []*stream
	for range 100 {
		l := watch(t, address, "")
		l.next()
		open = append(open, l)
	}
	got := s.ask(engine.Viewer, "GET", streamPath, "")
	if p := got.problem(t); p.Status != http.StatusTooManyRequests || got.header.Get("Retry-After") == "" {
		t.Fatalf("%d %s", got.status, got.body)
	}
	for _, l := range open {
		l.leave()
	}
	for s.ask(engine.Viewer, "GET", streamPath, "").status != 200 { // as soon as the server has noticed
	}
	if got := s.ask(engine.Viewer, "GET", streamPath+"?topics=everything", ""); got.status != 422 || got.problem(t).locations() != "query.topics" {
		t.Errorf("%d %s", got.status, got.body)
	}
}

// A write deadline for answers that end would cut every stream off.
func TestAStreamOutlivesTheWriteDeadline(t *testing.T) {
	p := newPulse()
	s := newSite(t, func(c *web.Config) { c.Tick = p.tick })
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	l := watch(t, serve(t, s, func(h *http.Server) { h.WriteTimeout, h.ReadTimeout = 50*time.Millisecond, 50*time.Millisecond }), "")
	l.next()
	time.Sleep(100 * time.Millisecond) // the deadline passes: nothing signals it
	for n := range 3 {
		s.engine.feed.Publish(engine.Change{Kind: engine.AttentionChanged, Count: n})
		l.want("id: boot-" + strconv.Itoa(n+2) + "|event: attention|data: {\"count\":" + strconv.Itoa(n) + "}")
	}
}
