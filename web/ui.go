package web

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"
)

// ui serves the app for people: one page for every address that is nobody else's, and the files that it loads.
type ui struct {
	files fs.FS
	// zipped remembers each file compressed, from its first request on.
	zipped sync.Map // name -> func() ([]byte, error)
}

// The app's files have names that change with what is in them; the others may change with every release.
const (
	assetCaching = "public, max-age=31536000, immutable"
	otherCaching = "no-cache"
)

// appPolicy is what the app's page may do: nothing from elsewhere, no script in the page, styles only with the nonce.
const appPolicy = "default-src 'self'; style-src 'self' 'nonce-%s'; img-src 'self' data:; object-src 'none'; base-uri 'self'; " +
	"form-action 'self'; frame-ancestors 'none'"

// contentTypes are our own: the machine's tables differ.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".json": "application/json", ".md": "text/plain; charset=utf-8", ".svg": "image/svg+xml", ".woff2": "font/woff2",
}

// newUI reads what is served. A build without the app (tag no_ui) has no files: then nil.
func newUI(files fs.FS) (*ui, error) {
	_, err := fs.Stat(files, "index.html")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the web UI: %w", err)
	}
	return &ui{files: files}, nil
}

// mountUI connects the files of the app. Its page stands where nothing else does: see noRoute.
func (s *Server) mountUI() error {
	files := s.UI
	if files == nil {
		files = builtUI()
	}
	app, err := newUI(files)
	if err != nil || app == nil {
		return err
	}
	s.ui = app
	for _, route := range []string{"/assets/*name", "/icon.svg", "/licenses.md"} {
		s.public(route, app.file)
	}
	s.public("/", s.app)
	return nil
}

// file answers with one file, compressed where the client can read that.
func (u *ui) file(c *gin.Context) {
	name := strings.TrimPrefix(path.Clean(c.Request.URL.Path), "/")
	content, err := fs.ReadFile(u.files, name)
	if err != nil {
		c.String(http.StatusNotFound, "There is no such file.\n")
		return
	}
	h := c.Writer.Header()
	h.Set("Cache-Control", otherCaching)
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", assetCaching)
	}
	h.Set("Vary", "Accept-Encoding")
	kind, known := contentTypes[path.Ext(name)]
	if !known {
		kind = "application/octet-stream"
	}
	if strings.Contains(c.Request.Header.Get("Accept-Encoding"), "gzip") {
		if packed, err := u.compressed(name, content); err == nil {
			h.Set("Content-Encoding", "gzip")
			content = packed
		}
	}
	c.Data(http.StatusOK, kind, content)
}

// compressed packs a file at its first request.
func (u *ui) compressed(name string, content []byte) ([]byte, error) {
	pack, _ := u.zipped.LoadOrStore(name, sync.OnceValues(func() ([]byte, error) {
		var b bytes.Buffer
		w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			return nil, err
		}
		_, err = w.Write(content)
		err = errors.Join(err, w.Close())
		return b.Bytes(), err
	}))
	return pack.(func() ([]byte, error))()
}

// bootData is what the app's page carries for its script; a data block is no script to the policy.
type bootData struct {
	Version string `json:"version"`
	Nonce   string `json:"nonce"`
	Demo    bool   `json:"demo"`
	Links   []Link `json:"links"`
}

// app answers with the app's page, or leads to where one signs in. The page is never kept by the browser: its nonce must be
// that of its header.
func (s *Server) app(c *gin.Context) {
	if s.identify(c) != nil {
		c.Redirect(http.StatusSeeOther, "/login?next="+url.QueryEscape(c.Request.URL.RequestURI()))
		return
	}
	page, nonce, err := s.ui.page(c.Request, bootData{Version: s.Version, Demo: s.Demo, Links: s.Links})
	if err != nil {
		s.fail(c, s.problem(c.Request.Context(), err))
		return
	}
	c.Header("Content-Security-Policy", fmt.Sprintf(appPolicy, nonce))
	c.Data(http.StatusOK, contentTypes[".html"], page)
}

// page completes index.html: where relative addresses begin, the data, and the chosen colours.
func (u *ui) page(r *http.Request, boot bootData) (page []byte, nonce string, err error) {
	index, err := fs.ReadFile(u.files, "index.html") // anew: while the app is developed, it changes
	if err != nil {
		return nil, "", err
	}
	boot.Nonce = rand.Text()
	data, err := json.Marshal(boot) // escapes < and >, so that nothing ends the block
	if err != nil {
		return nil, "", err
	}
	head := `<head>` + "\n    " + `<base href="/" />` + "\n    " + `<script type="application/json" id="boot">` + string(data) + `</script>`
	page = bytes.Replace(index, []byte("<head>"), []byte(head), 1)
	return WithTheme(r, page), boot.Nonce, nil
}

// hasUI tells whether a request that nothing else answers is for the app: a person's, for no file.
func (s *Server) hasUI(r *http.Request) bool {
	lower := strings.ToLower(r.URL.Path) // nobody is to take /API for the API
	return s.ui != nil && wantsPage(r) && !isAPI(lower) && !isHook(lower) && !strings.Contains(path.Base(lower), ".")
}
