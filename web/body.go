package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

// Caps of a request's body.
const (
	maxBody  = 1 << 20
	maxDrain = 8 << 20 // of a body that is too large: read and thrown away, so that its sender sees the answer
)

const tooLarge = "The body is larger than 1 MiB. Send less at once."

// readBody reads a JSON body whole. nil, nil: there is none.
// It checks nothing but size, content type and encoding: 413, 415, 408, 400.
func readBody(c *gin.Context) ([]byte, *problem) {
	r := c.Request
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	typed := jsonTyped(r.Header)
	body, err := readUpTo(r.Body, maxBody+1, r.ContentLength)
	switch {
	case err != nil:
		return nil, unreadable(err)
	case len(body) > maxBody:
		// What cannot be told apart from an attack ends here; the connection goes with it.
		if n, err := io.Copy(io.Discard, io.LimitReader(r.Body, maxDrain-maxBody)); err != nil || n == maxDrain-maxBody {
			c.Header("Connection", "close")
		}
		return nil, newProblem(http.StatusRequestEntityTooLarge, tooLarge)
	case len(body) > 0 && !typed:
		return nil, newProblem(http.StatusUnsupportedMediaType,
			"The body must be JSON in UTF-8, not compressed: send it with Content-Type: application/json and without Content-Encoding.")
	}
	unhurried(c)
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body, nil
}

// maxExpected is how many bytes are set aside for what a request says of its length, before they have come.
const maxExpected = 16 << 10

// readUpTo reads at most limit bytes of from, with room for as many as are said to come.
func readUpTo(from io.Reader, limit, said int64) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(int(min(max(said, 0), maxExpected)) + bytes.MinRead) // and room to see the end without growing
	_, err := b.ReadFrom(io.LimitReader(from, limit))
	return b.Bytes(), err
}

// unhurried lifts the time limit of reading once everything is read: when it
// strikes later it would end the request although the client is not slow.
func unhurried(c *gin.Context) {
	// Not every writer has a deadline (tests' recorders have none); then nothing needs lifting.
	_ = http.NewResponseController(c.Writer).SetReadDeadline(time.Time{})
}

// unreadable says why a body could not be read.
func unreadable(err error) *problem {
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return newProblem(http.StatusRequestTimeout, "The body came too slowly. Send it again.")
	}
	return newProblem(http.StatusBadRequest, "The body broke off before its end. Send it again, with the right Content-Length.")
}

// jsonTyped tells whether the headers promise plain JSON: application/json, in UTF-8, not compressed.
func jsonTyped(h http.Header) bool {
	if e := h.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return false
	}
	types := h["Content-Type"]
	if len(types) != 1 {
		return false
	}
	if types[0] == "application/json" { // as nearly everybody writes it
		return true
	}
	media, params, err := mime.ParseMediaType(types[0])
	if err != nil || media != "application/json" {
		return false
	}
	charset := params["charset"]
	return charset == "" || strings.EqualFold(charset, "utf-8")
}
