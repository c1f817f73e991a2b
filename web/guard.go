package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"cartwheel/engine"
	"cartwheel/merge"
)

// access is how a route was declared: for everybody, or for a role and those above it.
type access struct {
	public bool
	// always: answers before there is an administrator, too, and looks at nothing but what it needs.
	always bool
	// early: answers before there is an administrator, too.
	early bool
	role  engine.Role
}

// declare says who may use a route. A route that nobody declared is refused.
func (s *Server) declare(method, route string, a access) { s.access[method+" "+route] = a }

// inquiry is what is known about the request under way.
type inquiry struct {
	name   string // by which logs and the answer call it; made when somebody asks for it
	actor  engine.Actor
	client string // the address of who asks
	cookie string // the session that the browser has sent, unchecked
}

// id is what logs and the answer call it by. The goroutine of the request asks.
func (q *inquiry) id() string {
	if q.name == "" {
		q.name = rand.Text()
	}
	return q.name
}

type inquiryKey struct{}

// inquiryOf returns what is known about the request of ctx.
func inquiryOf(ctx context.Context) *inquiry {
	if q, ok := ctx.Value(inquiryKey{}).(*inquiry); ok {
		return q
	}
	return &inquiry{}
}

// actorOf returns who asks; without a name and a role where nobody signed in.
func actorOf(ctx context.Context) engine.Actor { return inquiryOf(ctx).actor }

const apiPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// fixedHeader is a header that every answer has. Its name is in canonical form, and its value is shared: it is replaced, never added to.
type fixedHeader struct {
	name  string
	value []string
}

func newEveryAnswer() []fixedHeader {
	return []fixedHeader{
		{"Content-Security-Policy", []string{apiPolicy}},
		{"X-Content-Type-Options", []string{"nosniff"}},
		{"Referrer-Policy", []string{"no-referrer"}},
		{"X-Frame-Options", []string{"DENY"}}, // for browsers that do not know frame-ancestors
		{"Cross-Origin-Resource-Policy", []string{"same-origin"}},
		{"Cache-Control", []string{"no-store"}},
	}
}

// observe gives the request its id, the answer its security headers, and writes
// the access log and the figures when it is done.
func (s *Server) observe(c *gin.Context) {
	start, q := s.Now(), &inquiry{}
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), inquiryKey{}, q))
	h := c.Writer.Header()
	for _, fixed := range s.everyAnswer {
		h[fixed.name] = fixed.value
	}
	if !isHook(c.Request.URL.Path) { // a webhook's answer carries nothing that its sender does not need
		h.Set("X-Request-Id", q.id())
	}
	c.Next()
	took := s.Now().Sub(start)
	route := routeOf(c)
	s.figures.observe(route, c.Request.Method, c.Writer.Status(), took)
	level := logLevel(c.FullPath(), c.Writer.Status())
	if level == slog.LevelWarn && errors.Is(c.Request.Context().Err(), context.Canceled) {
		level = slog.LevelInfo // the client has gone: a browser that went on to another page
	}
	if !s.Logger.Enabled(c.Request.Context(), level) {
		return
	}
	s.Logger.LogAttrs(c.Request.Context(), level, "request",
		slog.String("request_id", q.id()), slog.String("method", methodName(c.Request.Method)), slog.String("route", route),
		slog.Int("status", c.Writer.Status()), slog.Int("bytes", max(0, c.Writer.Size())),
		slog.Int64("ms", took.Milliseconds()), slog.String("client", c.ClientIP()), slog.String("actor", q.actor.Name))
}

// routeOf names the route for logs and figures: its template, so that neither
// hook keys nor anything else that was typed into a path stands there.
func routeOf(c *gin.Context) string {
	if route := c.FullPath(); route != "" {
		return route
	}
	return "unmatched"
}

// logLevel keeps what happens all the time out of the ordinary log.
func logLevel(route string, status int) slog.Level {
	switch {
	case status >= http.StatusInternalServerError:
		return slog.LevelWarn
	case status < http.StatusBadRequest && !strings.HasPrefix(route, "/api/v1/"):
		return slog.LevelDebug
	default:
		return slog.LevelInfo
	}
}

// recovered turns a panic into an answer that tells nothing about it.
func (s *Server) recovered(c *gin.Context) {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		if err, ok := r.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(r)
		}
		if c.Request.Context().Err() != nil { // the client has gone; nobody reads an answer
			c.Abort()
			return
		}
		s.Logger.Error("a request panicked", "request_id", inquiryOf(c.Request.Context()).id(),
			"route", routeOf(c), "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
		if isHook(c.Request.URL.Path) {
			s.fail(c, unavailable("Cartwheel could not take this now. Send it again later."))
			return
		}
		s.fail(c, newProblem(http.StatusInternalServerError, internalDetail))
	}()
	c.Next()
}

// guard lets a request through to its route, or says why not: the first-run
// lock, cross-origin requests, authentication, unreadable paths, the role.
func (s *Server) guard(c *gin.Context) {
	rule, declared := s.access[c.Request.Method+" "+c.FullPath()]
	if !declared && isOpenSpace(c) {
		rule, declared = access{public: true, always: isHook(c.Request.URL.Path)}, true
	}
	if p := s.admit(c, rule); p != nil {
		if p.Status == http.StatusForbidden && wantsPage(c.Request) && s.locked(c.Request.Context()) != nil {
			c.Redirect(http.StatusSeeOther, loginPath) // it says what to do
			c.Abort()
			return
		}
		s.fail(c, p)
		return
	}
	if rule.public {
		return
	}
	if c.FullPath() == "" { // NoRoute or NoMethod answers
		return
	}
	if actor := actorOf(c.Request.Context()); !declared || !actor.Role.Allows(rule.role) {
		s.fail(c, newProblem(http.StatusForbidden, roleDetail(rule.role)))
	}
}

// admit makes the checks that do not depend on the role.
func (s *Server) admit(c *gin.Context, rule access) *problem {
	if rule.always { // hooks and health look at nothing but what they need
		return nil
	}
	q := inquiryOf(c.Request.Context())
	q.client, q.cookie = c.ClientIP(), s.sessionToken(c.Request)
	if p := s.locked(c.Request.Context()); p != nil && !rule.early {
		return p
	}
	if s.origin.Check(c.Request) != nil {
		return newProblem(http.StatusForbidden, "This request comes from another site. Send it from the page itself, or without a browser.")
	}
	if !rule.public {
		if p := s.identify(c); p != nil {
			return p
		}
	}
	return readable(c.Request)
}

// roleDetail says which role is needed.
func roleDetail(need engine.Role) string {
	if need == "" {
		return "Nobody may do this."
	}
	var able []string
	for _, r := range engine.Roles() {
		if r.Allows(need) {
			able = append(able, string(r))
		}
	}
	who := able[len(able)-1]
	if others := able[:len(able)-1]; len(others) > 0 {
		who = strings.Join(others, ", ") + " or " + who
	}
	return fmt.Sprintf("This needs the role %s. Ask somebody with the role %s.", need, who)
}

// readable refuses paths and parameters that hold NUL or no UTF-8: databases do not take them.
func readable(r *http.Request) *problem {
	if !cleanText(r.URL.Path) {
		return newProblem(http.StatusNotFound, notHere)
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return invalid(merge.Problem{Location: "query", Message: "The parameters cannot be read. Write name=value&name=value with %XX for special characters."})
	}
	for name, list := range values {
		for _, v := range append(list, name) {
			if !cleanText(v) {
				return invalid(merge.Problem{Location: inQuery(name), Message: "A parameter holds a NUL or bytes that are no UTF-8. Take them out."})
			}
		}
	}
	return nil
}

// inQuery is the place of a parameter, unless its name is unreadable, too.
func inQuery(name string) string {
	if !cleanText(name) {
		return "query"
	}
	return shorten("query." + name)
}

func cleanText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// isOpenSpace tells whether a request without a route is nobody's secret: outside of the API.
func isOpenSpace(c *gin.Context) bool {
	return c.FullPath() == "" && !isAPI(c.Request.URL.Path)
}

func isAPI(path string) bool  { return path == "/api" || strings.HasPrefix(path, "/api/") }
func isHook(path string) bool { return path == "/hooks" || strings.HasPrefix(path, "/hooks/") }
