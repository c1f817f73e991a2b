package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"cartwheel/engine"
)

// authenticator knows who asks.
type authenticator interface {
	// Authenticate returns who a token belongs to. Denied: nobody, or no more.
	Authenticate(ctx context.Context, bearer string) (engine.Actor, error)
	// AuthenticateSession returns whose session a token is. Denied: nobody's, or no more.
	AuthenticateSession(ctx context.Context, token string) (engine.Actor, error)
	// RecheckSession is AuthenticateSession for a browser that only listens: no use of the session.
	RecheckSession(ctx context.Context, token string) (engine.Actor, error)
	// NeedsSetup reports whether there is no administrator yet.
	NeedsSetup(ctx context.Context) (bool, error)
}

// maxToken is longer than any token; more is not worth hashing.
const maxToken = 512

// locked refuses everything while there is no administrator and others than
// this machine can connect: whoever came first could take the installation over.
func (s *Server) locked(ctx context.Context) *problem {
	if s.Loopback || s.ready.Load() {
		return nil
	}
	needed, err := s.Engine.NeedsSetup(ctx)
	if err != nil {
		return s.problem(ctx, err)
	}
	if !needed {
		s.ready.Store(true)
		return nil
	}
	return newProblem(http.StatusForbidden, "There is no administrator yet. Open the link that cartwheel serve has printed at its start: it makes the owner. "+
		"Or, for the API alone, run on the machine of Cartwheel: cartwheel token create --name NAME --role admin. "+
		"Then send the token that it prints as Authorization: Bearer TOKEN.")
}

// identify finds out who asks: by the token, or, where none was sent, by the session of the browser.
func (s *Server) identify(c *gin.Context) *problem {
	actor, p := s.who(c, s.Engine.AuthenticateSession)
	if p != nil {
		return p
	}
	actor.IP = c.ClientIP()
	inquiryOf(c.Request.Context()).actor = actor
	c.Request = c.Request.WithContext(engine.WithActor(c.Request.Context(), actor)) // for the audit log
	return nil
}

// who asks; bySession looks at the session of the browser.
func (s *Server) who(c *gin.Context, bySession func(context.Context, string) (engine.Actor, error)) (engine.Actor, *problem) {
	ctx := c.Request.Context()
	if len(c.Request.Header.Values("Authorization")) == 0 {
		if token := s.sessionToken(c.Request); token != "" {
			actor, err := bySession(ctx, token)
			return actor, s.refused(ctx, err, `Bearer realm="cartwheel"`, "Your session has ended. Sign in again.")
		}
	}
	token, ok := bearer(c.Request.Header)
	if !ok {
		return engine.Actor{}, unauthorized(`Bearer realm="cartwheel"`,
			"You are not signed in. Sign in at /login, or send a token as Authorization: Bearer TOKEN; cartwheel token create makes one.")
	}
	actor, err := s.Engine.Authenticate(ctx, token)
	return actor, s.refused(ctx, err, `Bearer realm="cartwheel", error="invalid_token"`,
		"This token is not known, has expired or was revoked. Use another one; cartwheel token create makes one.")
}

// refused is the answer to who is nobody; nil when there was no error.
func (s *Server) refused(ctx context.Context, err error, challenge, detail string) *problem {
	switch engine.CodeOf(err) {
	case "":
		return nil
	case engine.Denied, engine.NotFound, engine.Invalid:
		return unauthorized(challenge, detail)
	default:
		return s.problem(ctx, err)
	}
}

// bearer takes the token out of the one Authorization header.
func bearer(h http.Header) (string, bool) {
	values := h.Values("Authorization")
	if len(values) != 1 {
		return "", false
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	token = strings.TrimSpace(token)
	return token, strings.EqualFold(scheme, "Bearer") && token != "" && len(token) <= maxToken
}

func unauthorized(challenge, detail string) *problem {
	p := newProblem(http.StatusUnauthorized, detail)
	p.headers = http.Header{"Www-Authenticate": {challenge}}
	return p
}
