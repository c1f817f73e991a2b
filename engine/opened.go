package engine

import (
	"context"
	"fmt"
	"sync"

	"cartwheel/engine/secret"
)

// auths opens authentications and keeps the opened ones, by id and revision.
type auths struct {
	box  *secret.Box
	mu   sync.Mutex
	open map[string]Auth
}

func newAuths(box *secret.Box) *auths { return &auths{box: box, open: map[string]Auth{}} }

// get opens a, or returns it as it was opened before at the same revision.
func (s *auths) get(a Authentication) (Auth, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, ok := s.open[a.ID]; ok && known.Revision == a.Revision {
		return known, nil
	}
	secrets := make(map[string]string, len(a.Sealed))
	for name, sealed := range a.Sealed {
		plain, err := s.box.Open(sealed, "authentication", a.ID, name)
		if err != nil {
			return Auth{}, fmt.Errorf("open %s of authentication %s: %w", name, a.ID, err)
		}
		secrets[name] = string(plain)
	}
	opened := NewAuth(a.ID, a.Name, a.Type, a.Config, a.Revision, secrets)
	s.open[a.ID] = opened
	return opened, nil
}

// seal seals one secret of the authentication id.
func (s *auths) seal(id, name, plain string) []byte {
	return s.box.Seal([]byte(plain), "authentication", id, name)
}

func (s *auths) forget(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, id)
}

// auth loads and opens an authentication; the zero Auth for "".
func (e *Engine) auth(ctx context.Context, id string) (Auth, error) {
	if id == "" {
		return Auth{}, nil
	}
	a, err := e.kept.authentication(ctx, id)
	if err != nil {
		return Auth{}, err
	}
	return e.auths.get(a)
}

// last4 is what is shown of a secret: nothing of one that is too short to spare four characters.
func last4(plain string) string {
	if len(plain) < 12 {
		return ""
	}
	return plain[len(plain)-4:]
}
