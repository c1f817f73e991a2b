package bigcommerce_test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cartwheel/engine"
	"cartwheel/merge"
	"cartwheel/triggers/bigcommerce"
)

var nothing merge.Object

func get(c *bigcommerce.Client, a engine.Auth) error {
	return c.Call(context.Background(), a, "GET", "/v2/time", nil, nil)
}

func limited(headers map[string]string) *store {
	return &store{answer: func(*http.Request) (reply, bool) { return reply{status: 429, header: headers}, true }}
}

func TestA429WithHeadersStopsTheStoreUntilItsReset(t *testing.T) {
	for _, tt := range []struct {
		name    string
		headers map[string]string
		wait    time.Duration
	}{
		{"the reset", map[string]string{"X-Rate-Limit-Time-Reset-Ms": "11400"}, 11400 * time.Millisecond},
		{"the longer of both", map[string]string{"X-Rate-Limit-Time-Reset-Ms": "11400", "X-Retry-After": "12"}, 12 * time.Second},
		{"X-Retry-After alone", map[string]string{"X-Retry-After": "20"}, 20 * time.Second},
		{"nonsense", map[string]string{"X-Rate-Limit-Time-Reset-Ms": "99999999999999", "X-Retry-After": "-5"}, time.Hour},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, c := limited(tt.headers), newClock()
			cl := client(s, c)
			e := asError(t, get(cl, shop()))
			if e.Code != engine.Temporary || !e.Free || e.Wait != tt.wait {
				t.Fatalf("got %s, free %v, wait %v; want temporary, free, %v", e.Code, e.Free, e.Wait, tt.wait)
			}
			c.Add(time.Second)
			second := asError(t, get(cl, shop()))
			if len(s.calls) != 1 || !second.Free || second.Wait != tt.wait-time.Second {
				t.Errorf("a second later: got %d calls, wait %v; want no call and %v", len(s.calls), second.Wait, tt.wait-time.Second)
			}
			s.answer = func(*http.Request) (reply, bool) { return reply{status: 204}, true }
			c.Add(tt.wait - time.Second)
			if err := get(cl, shop()); err != nil {
				t.Errorf("after the reset: got %v", err)
			}
		})
	}
}

func TestA429WithoutHeadersPausesLongerEachTime(t *testing.T) {
	s, c := limited(nil), newClock()
	cl := client(s, c)
	for i, want := range []time.Duration{10 * time.Second, time.Minute, 5 * time.Minute, 5 * time.Minute} {
		e := asError(t, get(cl, shop()))
		if e.Wait != want || !e.Free {
			t.Errorf("429 number %d: got wait %v, free %v; want %v", i+1, e.Wait, e.Free, want)
		}
		c.Add(want)
		c.Add(time.Second)
	}
	s.answer = func(*http.Request) (reply, bool) { return reply{status: 204}, true }
	if err := get(cl, shop()); err != nil {
		t.Fatal(err)
	}
	s.answer = limited(nil).answer
	c.Add(time.Second)
	if e := asError(t, get(cl, shop())); e.Wait != 10*time.Second {
		t.Errorf("after a success: got wait %v, want 10 s again", e.Wait)
	}
}

// quotaServer keeps a quota as the store does, in fixed windows.
type quotaServer struct {
	mu     sync.Mutex
	clock  *clock
	quota  int
	used   map[time.Time]int
	others int // calls of other apps in each window
}

func (q *quotaServer) answer(*http.Request) (reply, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.clock.Now()
	window := now.Truncate(30 * time.Second)
	q.used[window]++
	left := q.quota - q.others - q.used[window]
	return reply{status: 204, header: map[string]string{
		"X-Rate-Limit-Requests-Quota": strconv.Itoa(q.quota), "X-Rate-Limit-Requests-Left": strconv.Itoa(max(0, left)),
		"X-Rate-Limit-Time-Window-Ms": "30000", "X-Rate-Limit-Time-Reset-Ms": strconv.FormatInt(window.Add(30*time.Second).Sub(now).Milliseconds(), 10)}}, true
}

func TestAFifthOfTheQuotaIsLeftToOthers(t *testing.T) {
	for _, tt := range []struct{ quota, others, most int }{{150, 0, 120}, {150, 50, 70}, {10, 0, 8}, {1, 0, 1}} {
		t.Run(fmt.Sprintf("%d with %d of others", tt.quota, tt.others), func(t *testing.T) {
			c := newClock()
			q := &quotaServer{clock: c, quota: tt.quota, others: tt.others, used: map[time.Time]int{}}
			s := &store{answer: q.answer}
			cl := client(s, c)
			for range 3000 {
				err := get(cl, shop())
				c.Add(20 * time.Millisecond)
				if err == nil {
					continue
				}
				if e := asError(t, err); !e.Free || e.Wait <= 0 || e.Wait > 30*time.Second {
					t.Fatalf("got %v, wait %v", e, e.Wait)
				}
			}
			for window, n := range q.used {
				if n > tt.most {
					t.Errorf("window %v: %d calls, want at most %d", window, n, tt.most)
				}
			}
			if len(q.used) < 2 || q.used[newClock().Now()] < tt.most-1 {
				t.Errorf("got %v, want the allowed part used in each window", q.used)
			}
		})
	}
}

func TestShortWaitsAreWaitedOut(t *testing.T) {
	c := newClock()
	q := &quotaServer{clock: c, quota: 10, used: map[time.Time]int{}}
	s := &store{answer: q.answer}
	cl := client(s, c)
	for range 8 {
		if err := get(cl, shop()); err != nil {
			t.Fatal(err)
		}
	}
	c.Add(28500 * time.Millisecond)
	if err := get(cl, shop()); err != nil || c.slept != 1500*time.Millisecond {
		t.Errorf("got %v after a wait of %v, want a call after 1.5 s", err, c.slept)
	}
}

func TestTheBudgetBelongsToTheStore(t *testing.T) {
	s, c := limited(map[string]string{"X-Retry-After": "60"}), newClock()
	cl := client(s, c)
	_ = get(cl, shop())
	twin := engine.NewAuth("twin", "Twin", "bigcommerce", shop().Config, 1, map[string]string{"access_token": "another-token"})
	_ = get(cl, twin)
	if len(s.calls) != 1 {
		t.Errorf("another account of the store: got %d calls, want 1", len(s.calls))
	}
	_ = get(cl, auth(`{"store_hash":"other"}`))
	if len(s.calls) != 2 {
		t.Errorf("another store: got %d calls, want 2", len(s.calls))
	}
}

// rounds asks a store for many objects at once, time after time, and returns how many calls were
// under way at most in each round of a second.
func rounds(t *testing.T, n, calls int, status func(round int) int) (most []int) {
	t.Helper()
	var mu sync.Mutex
	most = make([]int, n)
	flying, round := 0, 0
	slow := doer(func(r *http.Request) (*http.Response, error) {
		mu.Lock()
		flying++
		most[round] = max(most[round], flying)
		answer := status(round)
		mu.Unlock()
		time.Sleep(time.Second)
		mu.Lock()
		defer mu.Unlock()
		flying--
		return &http.Response{StatusCode: answer, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
	})
	cl := bigcommerce.NewClient(bigcommerce.Options{HTTP: slow})
	for i := range n {
		mu.Lock()
		round = i
		mu.Unlock()
		var wg sync.WaitGroup
		for range calls {
			wg.Go(func() {
				if err := get(cl, shop()); err != nil {
					asError(t, err)
				}
			})
		}
		wg.Wait()
	}
	return most
}

func TestAStoreThatAnswersWellIsAskedMoreAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		most := rounds(t, 4, 2000, func(int) int { return http.StatusNoContent })
		if most[0] < 8 || most[0] > 64 || most[1] < 2*most[0] || most[3] != 512 {
			t.Errorf("got %v calls at once, want 8 to begin with, doubled with each round of answers, 512 at most", most)
		}
	})
}

func TestAStoreThatSuffersIsAskedLessAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		most := rounds(t, 12, 200, func(round int) int {
			if round < 3 {
				return http.StatusNoContent
			}
			return http.StatusServiceUnavailable
		})
		if most[2] < 100 || most[11] > 16 {
			t.Errorf("got %v calls at once, want many while it answers and few when it does not", most)
		}
	})
}

func TestACallThatGetsNoSlotIsFreeAndComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stuck := doer(func(r *http.Request) (*http.Response, error) {
			time.Sleep(20 * time.Second)
			return &http.Response{StatusCode: http.StatusNoContent, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
		})
		cl := bigcommerce.NewClient(bigcommerce.Options{HTTP: stuck})
		var late atomic.Int64
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if err := get(cl, shop()); err != nil {
					if e := asError(t, err); e.Free && e.Wait > 0 {
						late.Add(1)
					}
				}
			})
		}
		wg.Wait()
		if late.Load() != 12 {
			t.Errorf("got %d sent back, want the 12 for whom there was no slot", late.Load())
		}
	})
}

type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(r *http.Request) (*http.Response, error) { return d(r) }
