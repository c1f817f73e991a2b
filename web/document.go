package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"cartwheel/engine"
)

// mountDocuments serves the OpenAPI document and the page that is made from it. They are made when somebody asks for them
// and kept: together they are a sixth of the memory of a program that has nothing to do. Nothing may be registered afterwards.
func (s *Server) mountDocuments() {
	s.document = sync.OnceValues(func() ([]byte, error) { return writeDocument(s.api.OpenAPI()) })
	docs := sync.OnceValues(func() ([]byte, error) {
		templates, err := pages()
		if err != nil {
			return nil, fmt.Errorf("read the pages: %w", err)
		}
		return render(templates, "docs.html", manualOf(s.api.OpenAPI()))
	})
	s.documented("/api/openapi.json", s.document, func(c *gin.Context, doc []byte) { c.Data(http.StatusOK, "application/json", doc) })
	s.documented("/api/docs", docs, func(c *gin.Context, page []byte) { showPage(c, http.StatusOK, page) })
}

// writeDocument is the OpenAPI document as it is served.
func writeDocument(api *huma.OpenAPI) ([]byte, error) {
	raw, err := json.Marshal(api)
	if err != nil {
		return nil, fmt.Errorf("write the OpenAPI document: %w", err)
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, raw, "", " "); err != nil {
		return nil, fmt.Errorf("write the OpenAPI document: %w", err)
	}
	pretty.WriteByte('\n')
	return bytes.Clone(pretty.Bytes()), nil
}

// documented declares a document for everybody with a token.
func (s *Server) documented(path string, document func() ([]byte, error), show func(*gin.Context, []byte)) {
	s.declare(http.MethodGet, path, access{role: engine.Viewer})
	s.router.GET(path, func(c *gin.Context) {
		doc, err := document()
		if err != nil {
			s.fail(c, s.problem(c.Request.Context(), err))
			return
		}
		show(c, doc)
	})
}
