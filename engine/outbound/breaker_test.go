package outbound_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/outbound"
)

// hand is a clock that the test moves.
type hand struct{ at atomic.Int64 }

func newHand() *hand {
	h := &hand{}
	h.at.Store(time.Date(2026, 3, 4, 14, 5, 0, 0, time.UTC).UnixNano())
	return h
}

func (h *hand) now() time.Time      { return time.Unix(0, h.at.Load()).UTC() }
func (h *hand) add(d time.Duration) { h.at.Add(int64(d)) }

// flaky is an HTTP server that the test breaks.
type flaky struct {
	*httptest.Server
	mu    sync.Mutex
	calls int
	do    http.HandlerFunc // nil: 200
}

func newFlaky(t *testing.T) *flaky {
	t.Helper()
	f := &flaky{}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		f.calls++
		do := f.do
		f.mu.Unlock()
		if do != nil {
			do(w, r)
		}
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *flaky) set(do http.HandlerFunc) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.do = do
}

func (f *flaky) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls
}

func hangUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func answers(status int, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
	}
}

// halfAnAnswer breaks off in the body.
func halfAnAnswer(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "100")
	_, _ = io.WriteString(w, "half")
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

// call is one attempt as the action http_request makes it; nil: any answer that could be read.
func call(g *outbound.Guard, url string) *engine.Error {
	resp, err := g.Client(2*time.Second).Post(url, "text/plain", strings.NewReader("x"))
	if err == nil {
		_, _, err = outbound.ReadBody(resp, 1<<10)
	}
	return outbound.Classify(err, "hooks.example.com", false)
}

func watchedGuard(t *testing.T, h *hand) (*outbound.Guard, func() string) {
	t.Helper()
	var mu sync.Mutex
	var told []string
	g := newGuard(t, outbound.Options{Now: h.now, OnBreaker: func(target string, open bool) {
		mu.Lock()
		defer mu.Unlock()
		scheme, _, _ := strings.Cut(target, ":")
		told = append(told, fmt.Sprint(scheme, " ", open))
	}}, "127.0.0.1/32")
	return g, func() string {
		mu.Lock()
		defer mu.Unlock()
		return strings.Join(told, ", ")
	}
}

func TestAHostThatIsDownIsLeftAloneAndProbed(t *testing.T) {
	h, f := newHand(), newFlaky(t)
	g, told := watchedGuard(t, h)
	f.set(hangUp)
	for i := range 4 {
		if e := call(g, f.URL); e == nil || e.Free {
			t.Fatalf("attempt %d: %+v, want one that counts", i+1, e)
		}
	}
	if e := call(g, f.URL); e == nil || !e.Free || e.Code != engine.Temporary || e.Wait < 5*time.Second || e.Wait > 6*time.Second {
		t.Fatalf("attempt 5: %+v, want free and a wait of 5 s: now the host is known to be down", e)
	}
	for _, pause := range []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 4 * time.Minute, 4 * time.Minute} {
		before := f.count()
		h.add(pause - time.Millisecond)
		e := call(g, f.URL)
		if e == nil || !e.Free || e.Err != nil || f.count() != before || e.Wait <= 0 || e.Wait > pause/5+time.Second {
			t.Fatalf("before the probe after %v: %+v, %d calls; want none, and a short wait", pause, e, f.count()-before)
		}
		h.add(time.Millisecond)
		if e := call(g, f.URL); e == nil || !e.Free || e.Err == nil || f.count() != before+1 {
			t.Fatalf("probe after %v: %+v, %d calls; want one that is free", pause, e, f.count()-before)
		}
	}
	f.set(nil)
	h.add(5 * time.Minute)
	if e := call(g, f.URL); e != nil {
		t.Fatalf("the host is back: %v", e)
	}
	f.set(hangUp)
	if e := call(g, f.URL); e == nil || e.Free {
		t.Errorf("a failure after a success: %+v, want one that counts", e)
	}
	if got := told(); got != "http true, http false" {
		t.Errorf("told %q", got)
	}
}

func TestWhatSpeaksAgainstAHost(t *testing.T) {
	for _, c := range []struct {
		name string
		do   http.HandlerFunc
		down bool
	}{
		{"it hangs up", hangUp, true},
		{"its answer breaks off", halfAnAnswer, true},
		{"502", answers(502), true},
		{"503", answers(503), true},
		{"504", answers(504), true},
		{"503 with its own time", answers(503, "Retry-After", "30"), false},
		{"500, which may be about this request", answers(500), false},
		{"429", answers(429), false},
		{"404", answers(404), false},
		{"302", answers(302, "Location", "https://example.com/"), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, f := newHand(), newFlaky(t)
			g, told := watchedGuard(t, h)
			f.set(c.do)
			for range 20 {
				call(g, f.URL)
			}
			want, opened := 20, ""
			if c.down {
				want, opened = 5, "http true"
			}
			if f.count() != want || told() != opened {
				t.Errorf("%d calls, told %q; want %d, %q", f.count(), told(), want, opened)
			}
		})
	}
}

func TestOnlyFailuresInARowCount(t *testing.T) {
	h, f := newHand(), newFlaky(t)
	g, told := watchedGuard(t, h)
	for range 10 {
		f.set(hangUp)
		for range 4 {
			call(g, f.URL)
		}
		f.set(nil)
		call(g, f.URL)
	}
	if told() != "" || f.count() != 50 {
		t.Errorf("told %q after %d calls", told(), f.count())
	}
}

func TestAQuietShopLearnsItFromThreeFailuresAMinuteApart(t *testing.T) {
	h, f := newHand(), newFlaky(t)
	g, told := watchedGuard(t, h)
	f.set(hangUp)
	for range 3 {
		call(g, f.URL)
		h.add(31 * time.Second)
	}
	if told() != "http true" {
		t.Errorf("told %q after three failures over a minute", told())
	}
}

func TestTheMistakesOfTheConfigurationAreNotWaitedFor(t *testing.T) {
	h := newHand()
	secure := httptest.NewTLSServer(http.NotFoundHandler()) // its certificate is trusted by nobody here
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	defer secure.Close()
	for name, url := range map[string]string{"a private address": "http://10.1.2.3/", "a certificate": secure.URL} {
		g, told := watchedGuard(t, h)
		for range 8 {
			if e := call(g, url); e == nil || e.Free {
				t.Fatalf("%s: %+v, want an error that counts", name, e)
			}
		}
		if told() != "" {
			t.Errorf("%s: told %q", name, told())
		}
	}
}

func TestOneProbeAtATime(t *testing.T) {
	h, f := newHand(), newFlaky(t)
	g, _ := watchedGuard(t, h)
	f.set(hangUp)
	for range 5 {
		call(g, f.URL)
	}
	h.add(7 * time.Second)
	arrived, release := make(chan struct{}), make(chan struct{})
	f.set(func(http.ResponseWriter, *http.Request) { close(arrived); <-release })
	result := make(chan *engine.Error, 1)
	go func() { result <- call(g, f.URL) }()
	<-arrived
	for range 20 {
		if e := call(g, f.URL); e == nil || !e.Free || e.Wait != 10*time.Second {
			t.Fatalf("beside the probe: %+v", e)
		}
	}
	close(release)
	if e := <-result; e != nil || f.count() != 6 {
		t.Fatalf("the probe: %v, %d calls", e, f.count())
	}
	f.set(nil)
	if e := call(g, f.URL); e != nil {
		t.Errorf("after it: %v", e)
	}
}

func TestAStoppedProbeLeavesItsPlace(t *testing.T) {
	h, f := newHand(), newFlaky(t)
	g, _ := watchedGuard(t, h)
	f.set(hangUp)
	for range 5 {
		call(g, f.URL)
	}
	h.add(7 * time.Second)
	ctx, cancel := context.WithCancel(t.Context())
	f.set(func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, f.URL, nil)
	resp, err := g.Client(0).Do(req)
	if err == nil {
		_ = resp.Body.Close()
		t.Fatal("an answer came")
	}
	if e := outbound.Classify(err, "hooks.example.com", false); e.Free || !errors.Is(err, context.Canceled) {
		t.Errorf("the stopped probe: %+v", e)
	}
	f.set(nil)
	if e := call(g, f.URL); e != nil {
		t.Errorf("the next: %v", e)
	}
}

func TestAProbeWhoseAnswerIsLostMayHaveTakenEffect(t *testing.T) {
	h, f := newHand(), newFlaky(t)
	g, _ := watchedGuard(t, h)
	f.set(hangUp)
	for range 5 {
		call(g, f.URL)
	}
	h.add(7 * time.Second)
	resp, err := g.Client(0).Get(f.URL)
	if err == nil {
		_ = resp.Body.Close()
	}
	if e := outbound.Classify(err, "hooks.example.com", true); e.Code != engine.UnknownOutcome || !e.Free || e.Wait < 30*time.Second {
		t.Errorf("%+v, want an unknown outcome that is free", e)
	}
}

func TestHostsAndPortsAreTheirOwn(t *testing.T) {
	h, a, b := newHand(), newFlaky(t), newFlaky(t)
	g, _ := watchedGuard(t, h)
	a.set(hangUp)
	for range 6 {
		call(g, a.URL)
	}
	if e := call(g, b.URL); e != nil || a.count() != 5 {
		t.Errorf("the other port: %v; the first had %d calls", e, a.count())
	}
	if e := call(g.WithoutBreaker(), a.URL); e == nil || e.Free || a.count() != 6 {
		t.Errorf("without the breaker: %+v, %d calls; want a try that counts", e, a.count())
	}
}

func TestAClockThatIsPutBackKeepsNobodyWaiting(t *testing.T) {
	for name, jump := range map[string]time.Duration{"an hour": -time.Hour, "a year": -365 * 24 * time.Hour} {
		h, f := newHand(), newFlaky(t)
		g, _ := watchedGuard(t, h)
		f.set(hangUp)
		for range 5 {
			call(g, f.URL)
		}
		h.add(jump)
		if e := call(g, f.URL); e == nil || e.Wait > 5*time.Minute || f.count() != 6 {
			t.Errorf("%s back: %+v, %d calls; want a probe and a short wait", name, e, f.count())
		}
		f.set(nil)
		h.add(time.Minute)
		if e := call(g, f.URL); e != nil {
			t.Errorf("%s back: %v", name, e)
		}
	}
}

func TestTheMessageSaysSinceWhenAndUntilWhen(t *testing.T) {
	h, f := newHand(), newFlaky(t)
	g, _ := watchedGuard(t, h)
	f.set(hangUp)
	for range 5 {
		call(g, f.URL)
	}
	got := call(g, f.URL).Message
	if !strings.HasPrefix(got, "127.0.0.1 has not worked since 14:05:00 UTC. The next try is at 14:05:0") {
		t.Errorf("got %q", got)
	}
	h.add(26 * time.Hour)
	call(g, f.URL) // a probe
	if got := call(g, f.URL).Message; !strings.HasPrefix(got, "127.0.0.1 has not worked since 4 Mar 2026 14:05:00 UTC. The next try is at 16:05:") {
		t.Errorf("a day later: got %q", got)
	}
}

// Every stage of a conversation, ten times: how many of them reach the server, and whether they count.
func TestWhatSpeaksAgainstAMailServer(t *testing.T) {
	for _, c := range []struct {
		stage, reply string
		down         bool
	}{
		{atGreeting, "421 busy", true},
		{atGreeting, "554 go away", false},
		{atGreeting, cut, true},
		{atAuth, "454 4.7.0 try later", true},
		{atAuth, "535 5.7.8 bad credentials", false},
		{atMail, "451 4.3.0 later", true},
		{atMail, "550 5.7.1 not you", false},
		{atRcpt, "450 4.2.1 mailbox busy", false},
		{atRcpt, "421 closing", true},
		{atData, cut, true},
		{inContent, cut, true},
		{afterDot, "451 4.3.0 later", false},
		{afterDot, "421 closing", true},
		{afterDot, cut, true},
	} {
		t.Run(c.stage+" "+c.reply[:3], func(t *testing.T) {
			server := &mailServer{script: map[string]string{c.stage: c.reply}, ehlo: []string{"AUTH PLAIN"}}
			smtp := server.start(t)
			smtp.Username, smtp.Password = "shop", "canary-password-1"
			g, told := watchedGuard(t, newHand())
			var free []int
			for i := range 10 {
				_, err := g.Send(t.Context(), smtp, sampleMail(), begun(new(int)))
				if e, _ := errors.AsType[*engine.Error](err); e == nil {
					t.Fatalf("attempt %d: %v", i+1, err)
				} else if e.Free {
					free = append(free, i+1)
				}
			}
			want, opened := []int(nil), ""
			if c.down {
				want, opened = []int{5, 6, 7, 8, 9, 10}, "smtp true"
			}
			if !slices.Equal(free, want) || told() != opened {
				t.Errorf("free are %v, told %q; want %v, %q", free, told(), want, opened)
			}
		})
	}
}

func TestATestOfTheMailServerLetsThoseGoOnWhoWait(t *testing.T) {
	server := &mailServer{script: map[string]string{atGreeting: cut}}
	smtp := server.start(t)
	g, told := watchedGuard(t, newHand())
	for range 5 {
		_, _ = g.Send(t.Context(), smtp, sampleMail(), begun(new(int)))
	}
	server.set(atGreeting, "")
	if _, err := g.Send(t.Context(), smtp, sampleMail(), begun(new(int))); err == nil {
		t.Fatal("sent although it is not yet time for a probe")
	}
	for _, check := range g.CheckSMTP(t.Context(), smtp) {
		if !check.OK {
			t.Fatalf("%+v", check)
		}
	}
	if _, err := g.Send(t.Context(), smtp, sampleMail(), begun(new(int))); err != nil || told() != "smtp true, smtp false" {
		t.Errorf("after the test: %v, told %q", err, told())
	}
}

// Shoppers' data may choose hosts: what is known of them does not grow for ever.
func TestTheBreakerForgets(t *testing.T) {
	h, f := newHand(), newFlaky(t)
	g := newGuard(t, outbound.Options{Now: h.now}, "127.0.0.0/8")
	for i := range 1000 {
		if e := call(g, fmt.Sprintf("http://127.1.%d.%d:47/", i/250, 1+i%250)); e == nil { // nobody listens there
			t.Fatal("an answer came")
		}
	}
	f.set(hangUp)
	for range 10 {
		call(g, f.URL)
	}
	full := f.count()
	h.add(2 * time.Hour)
	for range 10 {
		call(g, f.URL)
	}
	if full != 10 || f.count() != 15 {
		t.Errorf("%d calls while the table is full, %d after: want 10 and 5", full, f.count()-full)
	}
}
