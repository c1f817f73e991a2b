package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
)

//go:embed page
var pageFiles embed.FS

// pagePolicy lets a page use the one style sheet and nothing else.
const pagePolicy = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// pages are the templates by file name.
func pages() (*template.Template, error) {
	return template.New("").ParseFS(pageFiles, "page/*.html")
}

// mountPages connects the plain pages and the extra ones.
func (s *Server) mountPages() error {
	templates, err := pages()
	if err != nil {
		return fmt.Errorf("read the pages: %w", err)
	}
	index, err := render(templates, "index.html", map[string]any{"Version": s.Version, "Links": s.Links})
	if err != nil {
		return err
	}
	style, err := pageFiles.ReadFile("page/style.css")
	if err != nil {
		return fmt.Errorf("read the style sheet: %w", err)
	}
	if s.ui == nil {
		s.public("/", func(c *gin.Context) { showPage(c, http.StatusOK, index) })
	}
	s.early(http.MethodGet, "/style.css", func(c *gin.Context) { c.Data(http.StatusOK, "text/css; charset=utf-8", style) })
	return s.mountExtra()
}

// public declares a page for everybody.
func (s *Server) public(path string, handle gin.HandlerFunc) {
	s.declare(http.MethodGet, path, access{public: true})
	s.router.GET(path, handle)
}

// early declares a page for everybody that is there before there is an administrator, too.
func (s *Server) early(method, path string, handle gin.HandlerFunc) {
	s.declare(method, path, access{public: true, early: true})
	s.router.Handle(method, path, handle)
}

// mountExtra connects Config.Extra.
func (s *Server) mountExtra() error {
	for path, handler := range s.Extra {
		if !strings.HasPrefix(path, "/") || path == "/" || strings.ContainsAny(path, ":*") || isAPI(path) || isHook(path) || s.taken(path) {
			return fmt.Errorf("web: an extra page cannot have the path %q", path)
		}
		handle := func(c *gin.Context) {
			c.Header("Content-Security-Policy", pagePolicy) // the page may set its own
			handler.ServeHTTP(c.Writer, c.Request)
		}
		s.public(path, handle)
		s.public(strings.TrimSuffix(path, "/")+"/*rest", handle)
	}
	return nil
}

func (s *Server) taken(path string) bool {
	_, taken := s.access[http.MethodGet+" "+path]
	return taken
}

func render(templates *template.Template, name string, data any) ([]byte, error) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		return nil, fmt.Errorf("render %s: %w", name, err)
	}
	return b.Bytes(), nil
}

func showPage(c *gin.Context, status int, page []byte) {
	c.Header("Content-Security-Policy", pagePolicy)
	c.Data(status, "text/html; charset=utf-8", page)
}

// notFoundPage is the 404 for people.
func (s *Server) notFoundPage(c *gin.Context) {
	page, err := pageFiles.ReadFile("page/404.html")
	if err != nil {
		s.fail(c, newProblem(http.StatusNotFound, notHere))
		return
	}
	showPage(c, http.StatusNotFound, page)
}

// machinePaths never answer with a page.
var machinePaths = []string{"/healthz", "/readyz", "/metrics"}

// wantsPage tells whether a person's browser asks, outside of what machines use.
func wantsPage(r *http.Request) bool {
	path := r.URL.Path
	return r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html") &&
		!isAPI(path) && !isHook(path) && !slices.ContainsFunc(machinePaths, func(m string) bool { return path == m || strings.HasPrefix(path, m+"/") })
}
