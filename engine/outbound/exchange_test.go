package outbound_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cartwheel/engine/outbound"
)

func TestTheSoonerEndCounts(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "x")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}))
	defer s.Close()
	g := newGuard(t, outbound.Options{}, "127.0.0.1/32")
	const soon, late = 50 * time.Millisecond, time.Minute
	for name, c := range map[string]struct{ callers, clients time.Duration }{"the caller's": {soon, late}, "the client's": {late, soon}} {
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), c.callers)
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := g.Client(c.clients).Do(req)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, _, err := outbound.ReadBody(resp, 1<<20); err == nil || time.Since(began) > late/2 {
			t.Errorf("%s: got %v after %v; want an error after %v", name, err, time.Since(began), soon)
		}
		cancel()
	}
}

func TestWhatIsLongerThanABufferPasses(t *testing.T) {
	long := strings.Repeat("long ", 4<<10)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Sent", r.Header.Get("X-Long"))
		_, _ = w.Write(body)
	}))
	defer s.Close()
	g := newGuard(t, outbound.Options{}, "127.0.0.1/32")
	for range 2 { // the second over the same connection
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL, strings.NewReader(long))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Long", strings.TrimSpace(long))
		resp, err := g.Client(0).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, truncated, err := outbound.ReadBody(resp, 1<<20)
		if string(body) != long || resp.Header.Get("X-Sent") != strings.TrimSpace(long) || truncated || err != nil {
			t.Errorf("got %d bytes and a header of %d, %v, %v; want what was sent", len(body), len(resp.Header.Get("X-Sent")), truncated, err)
		}
	}
}

func TestWhatAnAnswerSaysOfItsLengthIsNotTrusted(t *testing.T) {
	for _, said := range []int64{-1, 0, 3, 4, 1 << 40} {
		resp := &http.Response{ContentLength: said, Body: io.NopCloser(strings.NewReader("word"))}
		body, truncated, err := outbound.ReadBody(resp, 1<<30)
		if string(body) != "word" || cap(body) > 64<<10 || truncated || err != nil {
			t.Errorf("%d: got %q in %d bytes, %v, %v; want word in a few", said, body, cap(body), truncated, err)
		}
	}
}
