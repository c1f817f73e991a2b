package web

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"cartwheel/engine"
	"cartwheel/merge"
)

// problem is an error as it is answered: problem+json of RFC 9457.
type problem struct {
	Type   string          `json:"type" doc:"Always about:blank: title and status say what kind of problem it is."`
	Title  string          `json:"title" doc:"The status in words."`
	Status int             `json:"status" doc:"The HTTP status."`
	Detail string          `json:"detail" doc:"What is wrong and what to do about it."`
	Errors []merge.Problem `json:"errors" doc:"The places that are wrong, as far as they can be told."`

	headers http.Header
	cause   error
}

const (
	problemType    = "application/problem+json"
	internalDetail = "Something went wrong inside Cartwheel. The server's log says more under this request's X-Request-Id."
	notHere        = "There is nothing at this address. The operations are listed at /api/docs."
	maxErrors      = 100 // more than anybody reads
)

// statusOf is the one map from the engine's codes to HTTP. What is missing is an internal error.
var statusOf = map[engine.Code]int{
	engine.Invalid:   http.StatusUnprocessableEntity,
	engine.NotFound:  http.StatusNotFound,
	engine.Gone:      http.StatusGone,
	engine.Conflict:  http.StatusConflict,
	engine.Stale:     http.StatusPreconditionFailed,
	engine.Denied:    http.StatusForbidden,
	engine.Rejected:  http.StatusUnprocessableEntity, // another system refused; its reason is the message
	engine.Temporary: http.StatusServiceUnavailable,
	engine.Throttled: http.StatusTooManyRequests,
}

func newProblem(status int, detail string) *problem {
	return &problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail, Errors: []merge.Problem{}}
}

// invalid is JSON, or a parameter, that cannot be accepted.
func invalid(errs ...merge.Problem) *problem {
	return newProblem(http.StatusUnprocessableEntity, "What was sent cannot be accepted. The errors say where and why.").with(errs)
}

// unavailable asks to try again.
func unavailable(detail string) *problem {
	p := newProblem(http.StatusServiceUnavailable, detail)
	p.headers = http.Header{"Retry-After": {"5"}}
	return p
}

// with adds places, up to a sensible number, and returns p.
func (p *problem) with(errs []merge.Problem) *problem {
	if len(errs) > maxErrors {
		errs = errs[:maxErrors]
	}
	p.Errors = append(p.Errors, errs...)
	return p
}

// saying replaces the detail and returns p.
func (p *problem) saying(detail string) *problem {
	p.Detail = detail
	return p
}

// Error makes a problem usable as an error.
func (p *problem) Error() string { return p.Detail }

// Unwrap returns what was the matter, for logs.
func (p *problem) Unwrap() error { return p.cause }

// GetStatus tells huma the status.
func (p *problem) GetStatus() int { return p.Status }

// GetHeaders tells huma more headers of the answer.
func (p *problem) GetHeaders() http.Header { return p.headers }

// ContentType tells huma what the answer is.
func (p *problem) ContentType(string) string { return problemType }

// problem turns any error into what may be answered, and logs what may not.
func (s *Server) problem(ctx context.Context, err error) *problem {
	if p, ok := errors.AsType[*problem](err); ok {
		return p
	}
	status, known := statusOf[engine.CodeOf(err)]
	if !known {
		if ctx.Err() == nil {
			s.Logger.Error("a request failed", "request_id", inquiryOf(ctx).id(), "error", causeOf(err))
		}
		return newProblem(http.StatusInternalServerError, internalDetail)
	}
	p := newProblem(status, engine.MessageOf(err))
	p.cause = err
	if e, ok := errors.AsType[*engine.Error](err); ok {
		p = p.with(e.Problems)
		if status == http.StatusServiceUnavailable {
			p.headers = http.Header{"Retry-After": {retryAfter(e.Wait)}}
			if !errors.Is(ctx.Err(), context.Canceled) { // who has gone away misses nothing
				s.Logger.Warn("a request could not be served now", "request_id", inquiryOf(ctx).id(), "error", causeOf(err))
			}
		}
		if status == http.StatusTooManyRequests {
			p.headers = http.Header{"Retry-After": {retryAfter(e.Wait)}}
		}
	}
	return p
}

// causeOf is err for the log: an engine.Error tells its cause only when asked.
func causeOf(err error) error {
	if e, ok := errors.AsType[*engine.Error](err); ok && e.Err != nil {
		return e.Err
	}
	return err
}

// retryAfter is a wait in whole seconds, five when nothing is known.
func retryAfter(wait time.Duration) string {
	if wait <= 0 {
		wait = 5 * time.Second
	}
	return strconv.Itoa(int(math.Ceil(wait.Seconds())))
}

// fail answers with p and ends the request.
func (s *Server) fail(c *gin.Context, p *problem) {
	c.Abort()
	if c.Writer.Written() {
		return
	}
	h := c.Writer.Header()
	for name, values := range p.headers {
		h[name] = values
	}
	h.Set("Content-Type", problemType)
	c.Status(p.Status)
	enc := json.NewEncoder(c.Writer)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(p); err != nil {
		s.Logger.Debug("an answer could not be written", "request_id", inquiryOf(c.Request.Context()).id(), "error", err)
	}
}
