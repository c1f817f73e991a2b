package web

import (
	"context"
	"crypto/rand"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"cartwheel/engine"
)

// What previews may take of the memory.
const (
	previewLives    = 10 * time.Minute
	maxPreviews     = 200
	maxPreviewBytes = 32 << 20 // of all together
)

// previewPolicy lets a preview show itself: no script, no form, nothing from elsewhere, in a sandbox without an origin.
// previewImages is for who asked for the images of other hosts.
const (
	previewPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; sandbox; frame-ancestors 'self'"
	previewImages = "default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; base-uri 'none'; form-action 'none'; sandbox; frame-ancestors 'self'"
)

// previewPages keeps HTML for the frame that shows it, for a while and in memory. The address is the key: the
// frame is in a sandbox and sends no cookie.
type previewPages struct {
	now   func() time.Time
	mu    sync.Mutex
	pages map[string]previewPage
	order []string // oldest first
	bytes int
}

type previewPage struct {
	html    string
	expires time.Time
}

func newPreviewPages(now func() time.Time) *previewPages {
	return &previewPages{now: now, pages: map[string]previewPage{}}
}

// add keeps html and returns its key. The oldest make room.
func (p *previewPages) add(html string) string {
	token := rand.Text() + rand.Text()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pages[token] = previewPage{html, p.now().Add(previewLives)}
	p.order = append(p.order, token)
	p.bytes += len(html)
	for len(p.order) > 1 && (len(p.order) > maxPreviews || p.bytes > maxPreviewBytes || p.old(p.order[0])) {
		p.bytes -= len(p.pages[p.order[0]].html)
		delete(p.pages, p.order[0])
		p.order = p.order[1:]
	}
	return token
}

func (p *previewPages) old(token string) bool { return !p.now().Before(p.pages[token].expires) }

func (p *previewPages) get(token string) (html string, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	page, ok := p.pages[token]
	return page.html, ok && !p.old(token)
}

func (s *Server) mountPreviewPages() {
	register(s, route{method: http.MethodPost, path: "/previews", role: engine.Editor, id: "makePreview",
		summary:     "Keep HTML for a frame that shows it",
		description: "The address answers for ten minutes to whoever has it, with a policy that lets nothing run and nothing be fetched; with ?images=1 images of other hosts are."}, s.makePreview)
	s.public("/preview/:token", s.showPreview)
}

type previewPageInput struct {
	Body struct {
		HTML string `json:"html" doc:"At most 1 MiB with the rest of the request."`
	} `nameHint:"PreviewPageRequest"`
}

// previewPageJSON says where a preview is.
type previewPageJSON struct {
	URL string `json:"url" doc:"For the src of a frame."`
}

func (s *Server) makePreview(_ context.Context, in *previewPageInput) (*struct{ Body previewPageJSON }, error) {
	return &struct{ Body previewPageJSON }{previewPageJSON{URL: "/preview/" + s.previews.add(in.Body.HTML)}}, nil
}

// showPreview answers a frame. What is not there answers like any other address.
func (s *Server) showPreview(c *gin.Context) {
	html, ok := s.previews.get(c.Param("token"))
	if !ok {
		c.String(http.StatusNotFound, "This preview is over. Open it again from the editor.\n")
		return
	}
	policy := previewPolicy
	if c.Query("images") == "1" {
		policy = previewImages
	}
	c.Header("Content-Security-Policy", policy)
	c.Header("X-Frame-Options", "SAMEORIGIN")
	c.Data(http.StatusOK, "text/html; charset=utf-8", []byte(html))
}
