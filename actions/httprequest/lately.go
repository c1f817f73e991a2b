package httprequest

import (
	"sync"

	"cartwheel/engine"
)

// lately keeps, for each authentication, what redacts its credential as it was sent the last time: it is made of all the
// ways in which the credential may be echoed, which costs more than the whole call. The zero value keeps nothing yet.
type lately struct {
	mu   sync.Mutex
	byID map[string]lastSent // there are never more than authentications
}

type lastSent struct {
	value, token string
	redacts      engine.Auth
}

// kept is c with what redacted it before, if it is sent as before.
func (l *lately) kept(c credential) credential {
	l.mu.Lock()
	defer l.mu.Unlock()
	if last, ok := l.byID[c.auth.ID]; ok && last.value == c.value && last.token == c.token {
		c.sent = last.redacts
		return c
	}
	if l.byID == nil {
		l.byID = map[string]lastSent{}
	}
	l.byID[c.auth.ID] = lastSent{c.value, c.token, c.sent}
	return c
}
