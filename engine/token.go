package engine

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cartwheel/engine/secret"
)

// Token is an API token; only its hash is stored.
type Token struct {
	ID         string
	Name       string
	Role       Role
	Hash       []byte // sha256
	CreatedAt  time.Time
	ExpiresAt  *time.Time
	RevokedAt  *time.Time
	LastUsedAt *time.Time
}

// Valid reports whether t is neither revoked nor expired.
func (t Token) Valid(now time.Time) bool {
	return t.RevokedAt == nil && (t.ExpiresAt == nil || now.Before(*t.ExpiresAt))
}

// touchEvery is how exactly the last use of a token is known.
const touchEvery = time.Minute

// Authenticate returns who bears a token. It is looked up each time, so that a
// revoked one is worth nothing at once. Denied: unknown, expired or revoked.
func (e *Engine) Authenticate(ctx context.Context, bearer string) (Actor, error) {
	denied := Errorf(Denied, "The token is not valid: it is unknown, expired or revoked. Make one with: cartwheel token create.")
	if len(bearer) < 20 || len(bearer) > 200 {
		return Actor{}, denied
	}
	t, err := e.Store.TokenByHash(ctx, secret.HashToken(bearer))
	if CodeOf(err) == NotFound {
		return Actor{}, denied
	}
	if err != nil {
		return Actor{}, err
	}
	now := e.now()
	if !t.Valid(now) {
		return Actor{}, denied
	}
	if t.LastUsedAt == nil || now.Sub(*t.LastUsedAt) >= touchEvery {
		if err := e.Store.TouchToken(ctx, t.ID, now); err != nil {
			e.Logger.Warn("the last use of a token was not noted", "token", t.ID, "error", logged(err))
		}
	}
	return Actor{Kind: TokenActor, ID: t.ID, Name: t.Name, Role: t.Role}, nil
}

// CreateToken makes an API token and returns it: it is shown once, only its
// hash is kept. expires 0 means never. Errors: Invalid.
func CreateToken(ctx context.Context, s UserStore, now time.Time, name string, role Role, expires time.Duration) (string, error) {
	_, token, err := IssueToken(ctx, s, now, name, role, expires)
	return token, err
}

// IssueToken is CreateToken; it returns what is kept of the token, too.
func IssueToken(ctx context.Context, s UserStore, now time.Time, name string, role Role, expires time.Duration) (Token, string, error) {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > 200 {
		return Token{}, "", invalidAt("body.name", "A token needs a name of at most 200 characters: it says what the token is for.")
	}
	if role.rank() == 0 {
		return Token{}, "", unknownRole(role)
	}
	token := "cw_" + secret.NewToken()
	t := Token{ID: newID(), Name: name, Role: role, Hash: secret.HashToken(token), CreatedAt: now}
	if expires > 0 {
		at := now.Add(expires)
		t.ExpiresAt = &at
	}
	if err := s.AddToken(ctx, t); err != nil {
		return Token{}, "", err
	}
	return t, token, nil
}

// IssueToken makes an API token. expires is a duration such as 90d, or "" for
// ever. Errors: Invalid.
func (e *Engine) IssueToken(ctx context.Context, name string, role Role, expires string) (Token, string, error) {
	var lifetime time.Duration
	if expires != "" {
		var err error
		if lifetime, err = ParseDuration(expires); err != nil || lifetime == 0 {
			return Token{}, "", invalidAt("body.expires", fmt.Sprintf("%q is no duration: write something like 90d or 12h, or leave it out for ever.", expires))
		}
	}
	return IssueToken(ctx, e.Store, e.now(), name, role, lifetime)
}

// Tokens lists the API tokens, newest first, those that are not valid any more included.
func (e *Engine) Tokens(ctx context.Context, p Page) ([]Token, string, error) {
	return e.Store.Tokens(ctx, p)
}

// RevokeToken makes a token invalid for good. Errors: NotFound, Conflict.
func (e *Engine) RevokeToken(ctx context.Context, id string) error {
	return e.Store.RevokeToken(ctx, id)
}

// FindToken returns the token with this id, or the one valid token of this name.
// Errors: NotFound; Conflict, when several have the name.
func FindToken(ctx context.Context, s UserStore, now time.Time, idOrName string) (Token, error) {
	var named []Token
	for p := (Page{Limit: 200}); ; {
		items, next, err := s.Tokens(ctx, p)
		if err != nil {
			return Token{}, err
		}
		for _, t := range items {
			if t.ID == idOrName {
				return t, nil
			}
			if t.Name == idOrName && t.Valid(now) {
				named = append(named, t)
			}
		}
		if next == "" {
			break
		}
		p.Cursor = next
	}
	switch len(named) {
	case 0:
		return Token{}, Errorf(NotFound, "There is no valid token %q. cartwheel token list shows them all.", idOrName)
	case 1:
		return named[0], nil
	}
	var ids []string
	for _, t := range named {
		ids = append(ids, t.ID)
	}
	return Token{}, Errorf(Conflict, "%d tokens are called %q: %s. Say which by its id.", len(named), idOrName, strings.Join(ids, ", "))
}
