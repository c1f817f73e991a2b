package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"cartwheel/engine"
)

// mountDocuments freezes the OpenAPI document and serves it, with the page that
// is made from it. Nothing may be registered afterwards.
func (s *Server) mountDocuments() error {
	raw, err := json.Marshal(s.api.OpenAPI())
	if err != nil {
		return fmt.Errorf("write the OpenAPI document: %w", err)
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, raw, "", " "); err != nil {
		return fmt.Errorf("write the OpenAPI document: %w", err)
	}
	pretty.WriteByte('\n')
	s.document = pretty.Bytes()
	templates, err := pages()
	if err != nil {
		return fmt.Errorf("read the pages: %w", err)
	}
	docs, err := render(templates, "docs.html", manualOf(s.api.OpenAPI()))
	if err != nil {
		return err
	}
	s.documented("/api/openapi.json", func(c *gin.Context) { c.Data(http.StatusOK, "application/json", s.document) })
	s.documented("/api/docs", func(c *gin.Context) { showPage(c, http.StatusOK, docs) })
	return nil
}

// documented declares a document for everybody with a token.
func (s *Server) documented(path string, handle gin.HandlerFunc) {
	s.declare(http.MethodGet, path, access{role: engine.Viewer})
	s.router.GET(path, handle)
}
