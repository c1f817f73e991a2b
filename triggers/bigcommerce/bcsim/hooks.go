package bcsim

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Hook is a webhook as GET /v3/hooks/{id} shows it.
type Hook struct {
	ID          int               `json:"id"`
	ClientID    string            `json:"client_id"`
	StoreHash   string            `json:"store_hash"`
	Scope       string            `json:"scope"`
	Destination string            `json:"destination"`
	Headers     map[string]string `json:"headers"` // null when none were given
	IsActive    bool              `json:"is_active"`
	CreatedAt   int64             `json:"created_at"` // Unix seconds, as UpdatedAt
	UpdatedAt   int64             `json:"updated_at"`
}

// hook is a Hook with what the store keeps to itself.
type hook struct {
	Hook
	starts   time.Time // silent until then
	last     time.Time // latest matching event, or when it was made or last changed
	disabled bool      // by the store, not by its owner
}

// The documented limits of hooks.
const (
	hooksPerScope   = 10
	quietDays       = 90
	headersPerHook  = 64
	headerNameSize  = 64
	headerValueSize = 8 << 10
	exceptionScope  = "store/hook/deliveryException"
)

// hookInput is the body of POST and PUT; nil means not given.
type hookInput struct {
	Scope       *string            `json:"scope"`
	Destination *string            `json:"destination"`
	IsActive    *bool              `json:"is_active"`
	Headers     *map[string]string `json:"headers"`
}

// Hooks lists the hooks of all accounts by id.
func (s *Store) Hooks() []Hook {
	s.sender.mu.Lock()
	defer s.sender.mu.Unlock()
	s.sender.retireQuiet(s.clock())
	var out []Hook
	for _, h := range s.sender.sorted() {
		out = append(out, h.view())
	}
	return out
}

func (h *hook) view() Hook {
	out := h.Hook
	out.Headers = maps.Clone(h.Headers)
	return out
}

func (d *sender) sorted() []*hook {
	return slices.SortedFunc(maps.Values(d.hooks), func(a, b *hook) int { return cmp.Compare(a.ID, b.ID) })
}

// retireQuiet deactivates hooks that saw no matching event for 90 days. The lock is held.
func (d *sender) retireQuiet(now time.Time) {
	for _, h := range d.hooks {
		if h.IsActive && now.Sub(h.last) > quietDays*24*time.Hour {
			h.IsActive, h.disabled, h.UpdatedAt = false, true, now.Unix()
		}
	}
}

// problem is why a hook was refused: a field and what is wrong with it.
type problem struct{ field, text string }

// putHook checks and applies input to h, a new hook or a copy of an existing one, and keeps it. The lock is held.
func (d *sender) putHook(h hook, in hookInput, now time.Time) (*hook, *problem) {
	if in.Scope != nil {
		h.Scope = *in.Scope
	}
	if in.Destination != nil {
		h.Destination = *in.Destination
	}
	if in.Headers != nil {
		h.Headers = *in.Headers
	}
	if in.IsActive != nil {
		h.IsActive, h.disabled = *in.IsActive, false
	}
	if p := d.checkHook(&h); p != nil {
		return nil, p
	}
	if h.ID == 0 {
		d.lastHook++
		h.ID, h.CreatedAt, h.starts = d.lastHook, now.Unix(), now.Add(d.cfg.HookStartDelay)
	}
	h.UpdatedAt, h.last = now.Unix(), now
	d.hooks[h.ID] = &h
	return &h, nil
}

func (d *sender) checkHook(h *hook) *problem {
	switch {
	case h.Scope == "":
		return &problem{"scope", "error.path.missing."}
	case h.Destination == "":
		return &problem{"destination", "error.path.missing."}
	case !knownScope(h.Scope):
		return &problem{"scope", "The scope is not one of the supported webhook events."}
	case !d.destinationAllowed(h.Destination):
		return &problem{"destination", "The destination must be an HTTPS address on port 443."}
	}
	if p := checkHeaders(h.Headers); p != nil {
		return p
	}
	return d.checkNeighbours(h)
}

// checkNeighbours applies the rules between hooks of one account.
func (d *sender) checkNeighbours(h *hook) *problem {
	same := 0
	for _, other := range d.hooks {
		if other.ID == h.ID || other.ClientID != h.ClientID {
			continue
		}
		exception := h.Scope == exceptionScope || other.Scope == exceptionScope
		switch {
		case exception && h.Scope == other.Scope:
			return &problem{"scope", "Only one hook for " + exceptionScope + " is allowed."}
		case h.Destination == other.Destination && exception:
			return &problem{"destination", "A hook for " + exceptionScope + " needs a destination of its own."}
		case h.Destination == other.Destination && h.Scope == other.Scope:
			return &problem{"destination", "A hook with this scope and destination already exists."}
		case h.Scope == other.Scope:
			same++
		}
	}
	if same >= hooksPerScope {
		return &problem{"scope", "At most 10 hooks are allowed for one scope."}
	}
	return nil
}

func checkHeaders(headers map[string]string) *problem {
	if len(headers) > headersPerHook {
		return &problem{"headers", "At most 64 headers are allowed."}
	}
	for name, value := range headers {
		if name == "" || len(name) > headerNameSize || len(value) > headerValueSize {
			return &problem{"headers", "A header name has 1 to 64 bytes and its value at most 8 KB."}
		}
		if !validHeader(name, value) {
			return &problem{"headers", "A header holds characters that are not allowed."}
		}
	}
	return nil
}

func validHeader(name, value string) bool {
	for _, c := range []byte(name) {
		if c <= ' ' || c >= 0x7f || c == ':' {
			return false
		}
	}
	for _, c := range []byte(value) {
		if c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

func (d *sender) destinationAllowed(destination string) bool {
	u, err := url.Parse(destination)
	if err != nil || u.Hostname() == "" || u.User != nil {
		return false
	}
	if d.cfg.AllowAnyDestination && u.Scheme == "http" {
		return true
	}
	return u.Scheme == "https" && (u.Port() == "" || u.Port() == "443" || d.cfg.AllowAnyDestination)
}

// deactivate is what the store does after the last retry failed. The lock is held.
func (d *sender) deactivate(h *hook, now time.Time) {
	h.IsActive, h.disabled, h.UpdatedAt = false, true, now.Unix()
	d.alert(now, "hook "+h.Scope+" to "+h.Destination+" was deactivated after its last retry")
}

// Alert is an e-mail that the store would send to the addresses of PUT /v3/hooks/admin.
type Alert struct {
	At   time.Time
	To   []string
	Text string
}

// Alerts lists the e-mails about blocked domains and deactivated hooks.
func (s *Store) Alerts() []Alert { return s.sender.alerts.all() }

func (d *sender) alert(now time.Time, text string) {
	d.alerts.add(Alert{At: now, To: slices.Clone(d.emails), Text: text})
}

// header turns a hook's own headers into a request's.
func (h *hook) header() http.Header {
	out := http.Header{}
	for name, value := range h.Headers {
		out.Set(name, value)
	}
	return out
}
