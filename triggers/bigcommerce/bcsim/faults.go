package bcsim

import (
	"strings"
	"sync"
	"time"
)

// FaultKind says what goes wrong.
type FaultKind int

// The faults that a Store can show.
const (
	FaultStatus     FaultKind = iota // answer Status, with Body or else the error shape of the API version
	FaultReset                       // reset the connection, no answer
	FaultHang                        // no answer until the client gives up or the store closes
	FaultSlow                        // the right answer, one byte per Pause (default 1 s)
	FaultTruncate                    // half of the right answer, then the connection breaks
	FaultHTML                        // 200 with an HTML page
	FaultText                        // Status (default 503) with plain text
	FaultEmpty                       // Status (default 200) with no body
	FaultGzipBomb                    // 200, a small gzip body that unpacks to about 1 GiB of JSON
	FaultEndless                     // 200, a JSON array that never ends
	FaultRedirect                    // Status (default 302) to URL
	FaultWrongTypes                  // the right answer, but numbers are text, text is a number and so on
)

// Fault describes an intended failure of the API. Faults are tried in the order they were added; the first that
// matches wins.
type Fault struct {
	Kind   FaultKind
	Method string // "" = any
	// Path below /stores/{hash}: "" = any, "/v2/orders/*" with * for one segment, "/v2/**" for all below.
	Path  string
	Skip  int           // matching requests let through first
	Times int           // then so many are hit, 0 = all
	For   time.Duration // ends so long after it was added, 0 = never

	Status      int    // default 500
	Body        string // FaultStatus, FaultText: exact body
	ContentType string
	Header      map[string]string
	NoRate      bool          // leave the rate-limit headers out: with 429 it means "store overloaded"
	Reset       time.Duration // X-Rate-Limit-Time-Reset-Ms of a 429, default 11.4 s
	URL         string        // FaultRedirect: Location
	Pause       time.Duration // FaultSlow: real time per byte, so that a client's real time-outs meet it

	seen  int
	until time.Time
}

type faultBook struct {
	mu   sync.Mutex
	list []*Fault
}

// Fault makes matching requests fail from now on. The returned function takes it back.
func (s *Store) Fault(f Fault) (remove func()) {
	if f.For > 0 {
		f.until = s.clock().Add(f.For)
	}
	added := &f
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = append(s.faults.list, added)
	return func() { s.faults.remove(added) }
}

// ClearFaults takes all faults back.
func (s *Store) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = nil
}

func (b *faultBook) remove(gone *Fault) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var rest []*Fault
	for _, f := range b.list {
		if f != gone {
			rest = append(rest, f)
		}
	}
	b.list = rest
}

// take returns a copy of the fault that hits the request, or nil.
func (b *faultBook) take(method, path string, now time.Time) *Fault {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.list {
		if !f.until.IsZero() && !now.Before(f.until) || f.Method != "" && f.Method != method || !pathFits(f.Path, path) {
			continue
		}
		f.seen++
		if f.seen <= f.Skip || f.Times > 0 && f.seen > f.Skip+f.Times {
			continue
		}
		hit := *f
		return &hit
	}
	return nil
}

func pathFits(pattern, path string) bool {
	if pattern == "" {
		return true
	}
	if prefix, ok := strings.CutSuffix(pattern, "/**"); ok {
		return path == prefix || strings.HasPrefix(path, prefix+"/")
	}
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != "*" && want[i] != got[i] {
			return false
		}
	}
	return true
}
