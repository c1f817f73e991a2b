package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"cartwheel/engine"
)

// authenticator knows who holds a token.
type authenticator interface {
	// Authenticate returns who a token belongs to. Denied: nobody, or no more.
	Authenticate(ctx context.Context, bearer string) (engine.Actor, error)
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
	return newProblem(http.StatusForbidden, "There is no administrator yet. On the machine of Cartwheel, run: "+
		"cartwheel token create --name NAME --role admin. Then send the token that it prints as Authorization: Bearer TOKEN.")
}

// identify finds out who asks.
func (s *Server) identify(c *gin.Context) *problem {
	token, ok := bearer(c.Request.Header)
	if !ok {
		return unauthorized(`Bearer realm="cartwheel"`, "A token is missing. Send it as Authorization: Bearer TOKEN; cartwheel token create makes one.")
	}
	actor, err := s.Engine.Authenticate(c.Request.Context(), token)
	switch engine.CodeOf(err) {
	case "":
		actor.IP = c.ClientIP()
		inquiryOf(c.Request.Context()).actor = actor
		c.Request = c.Request.WithContext(engine.WithActor(c.Request.Context(), actor)) // for the audit log
		return nil
	case engine.Denied, engine.NotFound, engine.Invalid:
		return unauthorized(`Bearer realm="cartwheel", error="invalid_token"`,
			"This token is not known, has expired or was revoked. Use another one; cartwheel token create makes one.")
	default:
		return s.problem(c.Request.Context(), err)
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
