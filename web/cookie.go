package web

import (
	"net/http"
	"strings"

	"cartwheel/engine"
)

// The session cookie. Under https its name makes browsers refuse it from other places: __Host- means Secure, Path=/ and
// no Domain, so that no neighbouring host can plant one.
const (
	plainCookie  = "cartwheel_session"
	secureCookie = "__Host-cartwheel_session"
)

// isSecure tells whether browsers come by https. The demo's public address is only for its store; people come by http.
func (s *Server) isSecure() bool {
	return strings.HasPrefix(s.PublicURL, "https://") && !s.Demo
}

func (s *Server) cookieName() string {
	if s.isSecure() {
		return secureCookie
	}
	return plainCookie
}

// sessionToken is what the browser has sent as its session; "" if it has none.
func (s *Server) sessionToken(r *http.Request) string {
	cookie, err := r.Cookie(s.cookieName())
	if err != nil || len(cookie.Value) > maxToken {
		return ""
	}
	return cookie.Value
}

// sessionCookie hands a session to the browser; "" takes it away.
func (s *Server) sessionCookie(token string) string {
	//nolint:gosec // Secure wherever there is https
	c := http.Cookie{Name: s.cookieName(), Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.isSecure(),
		MaxAge: int(engine.SessionLife.Seconds())}
	if token == "" {
		c.MaxAge = -1
	}
	return c.String()
}
