package web

import (
	"errors"
	"mime"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"
)

const maxForm = 16 << 10

// readForm reads what a page's form has sent: from the body alone, so that nothing of it can come by a link.
func (s *Server) readForm(c *gin.Context) (url.Values, *problem) {
	media, _, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" {
		return nil, newProblem(http.StatusUnsupportedMediaType, "This takes the form of its page. Programs use POST /api/v1/session.")
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxForm)
	if err := c.Request.ParseForm(); err != nil {
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			return nil, newProblem(http.StatusRequestEntityTooLarge, "This form is too large.")
		}
		return nil, newProblem(http.StatusBadRequest, "This form cannot be read. Open the page again.")
	}
	unhurried(c)
	for name, values := range c.Request.PostForm {
		for _, v := range append(values, name) {
			if !cleanText(v) {
				return nil, newProblem(http.StatusBadRequest, "This form holds a NUL or bytes that are no UTF-8. Open the page again.")
			}
		}
	}
	return c.Request.PostForm, nil
}
