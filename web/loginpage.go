package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"cartwheel/engine"
)

// loginEngine is what the pages take on which people come in.
type loginEngine interface {
	// NeedsOwner reports whether no person is an administrator yet.
	NeedsOwner(ctx context.Context) (bool, error)
	// FirstRun says what the key of a one-time link is good for: entry, to sign in with it; else to make the owner.
	FirstRun(ctx context.Context, key string) (entry bool, err error)
	BecomeOwner(ctx context.Context, key, email, password string) (token string, who engine.Actor, err error)
	Enter(ctx context.Context, key string) (token string, who engine.Actor, err error)
}

// doorPolicy is pagePolicy for a page with a form.
const doorPolicy = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const (
	loginPath, firstRunPath, logoutPath = "/login", "/first-run", "/logout"

	startPath = "/start" // where a new owner begins
)

// door is what a page on which people come in shows.
type door struct {
	Email, Next, Key string
	// Message is about all of it, Errors about fields, by their names.
	Message string
	Errors  map[string]string
	NoOwner bool // nobody can sign in yet
	Demo    bool
	Title   string // of the page without a form
}

// mountLogin connects the pages on which people come in. They need no script, so that a broken app locks nobody out.
func (s *Server) mountLogin() (err error) {
	if s.doors, err = pages(); err != nil {
		return fmt.Errorf("read the pages: %w", err)
	}
	s.early(http.MethodGet, loginPath, s.showLogin)
	s.early(http.MethodPost, loginPath, s.login)
	s.early(http.MethodGet, firstRunPath, s.showFirstRun)
	s.early(http.MethodPost, firstRunPath, s.firstRun)
	s.early(http.MethodPost, logoutPath, s.logout)
	return nil
}

// showDoor answers with a page of the door.
func (s *Server) showDoor(c *gin.Context, status int, name string, d door) {
	d.Demo = s.Demo
	page, err := render(s.doors, name, d)
	if err != nil {
		s.fail(c, s.problem(c.Request.Context(), err))
		return
	}
	c.Header("Content-Security-Policy", doorPolicy)
	c.Data(status, contentTypes[".html"], WithTheme(c.Request, page))
}

func (s *Server) showLogin(c *gin.Context) {
	next := safeNext(c.Query("next"))
	if token := s.sessionToken(c.Request); token != "" {
		if _, err := s.Engine.AuthenticateSession(c.Request.Context(), token); err == nil {
			c.Redirect(http.StatusSeeOther, next)
			return
		}
	}
	noOwner, err := s.Engine.NeedsOwner(c.Request.Context())
	if err != nil {
		s.fail(c, s.problem(c.Request.Context(), err))
		return
	}
	s.showDoor(c, http.StatusOK, "login.html", door{Next: next, NoOwner: noOwner})
}

func (s *Server) login(c *gin.Context) {
	form, p := s.readForm(c)
	if p != nil {
		s.fail(c, p)
		return
	}
	d := door{Email: strings.TrimSpace(form.Get("email")), Next: safeNext(form.Get("next")), Errors: map[string]string{}}
	password := form.Get("password")
	if d.Email == "" {
		d.Errors["email"] = "Write your e-mail address."
	}
	if password == "" {
		d.Errors["password"] = "Write your password."
	}
	if len(d.Errors) > 0 {
		s.showDoor(c, http.StatusUnprocessableEntity, "login.html", d)
		return
	}
	s.comeIn(c, "login.html", d, d.Next, func(ctx context.Context) (string, engine.Actor, error) {
		return s.Engine.SignIn(ctx, d.Email, password)
	})
}

// comeIn begins a session and leads on to next, or shows the form again with what is wrong.
func (s *Server) comeIn(c *gin.Context, name string, d door, next string, signIn func(context.Context) (string, engine.Actor, error)) {
	if s.isSecure() && cameByPlainHTTP(c.Request) {
		d.Message = "Your browser keeps nobody signed in here, because this is not https. Open " + s.PublicURL + " instead."
		s.showDoor(c, http.StatusForbidden, name, d)
		return
	}
	token, _, err := s.begin(c.Request.Context(), signIn)
	if err != nil {
		s.refuse(c, name, d, err)
		return
	}
	c.Header("Set-Cookie", s.sessionCookie(token))
	c.Redirect(http.StatusSeeOther, next)
}

// cameByPlainHTTP tells what the browser says: a proxy may have come by http although the browser did not. On this machine
// browsers keep such cookies all the same.
func cameByPlainHTTP(r *http.Request) bool {
	origin, err := url.Parse(r.Header.Get("Origin"))
	if err != nil || origin.Scheme != "http" {
		return false
	}
	host := origin.Hostname()
	return host != "localhost" && !strings.HasSuffix(host, ".localhost") && !strings.HasPrefix(host, "127.") && host != "::1"
}

// refuse shows a form again, and next to each field what is wrong with it.
func (s *Server) refuse(c *gin.Context, name string, d door, err error) {
	p := s.problem(c.Request.Context(), err)
	status := p.Status
	for header, values := range p.headers {
		c.Writer.Header()[header] = values
	}
	if d.Errors == nil {
		d.Errors = map[string]string{}
	}
	for _, place := range p.Errors {
		d.Errors[strings.TrimPrefix(place.Location, "body.")] = place.Message
	}
	switch engine.CodeOf(err) {
	case engine.Gone:
		s.showDoor(c, status, "closed.html", door{Title: "This link has done its work", Message: p.Detail})
		return
	case engine.Denied:
		if name == "login.html" { // not 403: who they are is not known
			status = http.StatusUnauthorized
			c.Header("WWW-Authenticate", `Bearer realm="cartwheel"`)
			d.Errors["password"] = p.Detail
			break
		}
		s.showDoor(c, status, "closed.html", door{Title: "This link does not open anything", Message: p.Detail})
		return
	default:
		if len(d.Errors) == 0 {
			d.Message = p.Detail
		}
	}
	s.showDoor(c, status, name, d)
}

func (s *Server) showFirstRun(c *gin.Context) {
	key := c.Query("key")
	entry, err := s.Engine.FirstRun(c.Request.Context(), key)
	if err != nil {
		s.refuse(c, "firstrun.html", door{}, err)
		return
	}
	s.showDoor(c, http.StatusOK, firstRunPage(entry), door{Key: key})
}

func firstRunPage(entry bool) string {
	if entry {
		return "enter.html"
	}
	return "firstrun.html"
}

// firstRun uses the one-time link up. Only this does: mail scanners and previews follow links with GET.
func (s *Server) firstRun(c *gin.Context) {
	form, p := s.readForm(c)
	if p != nil {
		s.fail(c, p)
		return
	}
	d := door{Key: form.Get("key"), Email: strings.TrimSpace(form.Get("email")), Errors: map[string]string{}}
	entry, err := s.Engine.FirstRun(c.Request.Context(), d.Key)
	if err != nil {
		s.refuse(c, "firstrun.html", d, err)
		return
	}
	if entry {
		s.comeIn(c, "enter.html", d, "/", func(ctx context.Context) (string, engine.Actor, error) { return s.Engine.Enter(ctx, d.Key) })
		return
	}
	password := form.Get("password")
	if password != form.Get("again") {
		d.Errors["again"] = "The two passwords differ. Write the same one twice."
		s.showDoor(c, http.StatusUnprocessableEntity, "firstrun.html", d)
		return
	}
	s.comeIn(c, "firstrun.html", d, startPath, func(ctx context.Context) (string, engine.Actor, error) {
		return s.Engine.BecomeOwner(ctx, d.Key, d.Email, password)
	})
}

// logout ends the session of the browser, if it has one.
func (s *Server) logout(c *gin.Context) {
	q := inquiryOf(c.Request.Context())
	if q.cookie != "" {
		s.endOld(c.Request.Context(), q)
	}
	c.Header("Set-Cookie", s.sessionCookie(""))
	c.Redirect(http.StatusSeeOther, loginPath)
}

// safeNext is where somebody wanted to go, if that is a page of ours; "/" otherwise.
func safeNext(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Opaque != "" || len(next) > 2000 ||
		!strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") ||
		isAPI(u.Path) || isHook(u.Path) {
		return "/"
	}
	for _, path := range []string{loginPath, firstRunPath, logoutPath} {
		if u.Path == path {
			return "/"
		}
	}
	return next
}
