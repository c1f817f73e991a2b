package web

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"cartwheel/engine"
)

// receiver takes webhooks.
type receiver interface {
	// Receive returns nil when the events of d are committed and synced. Codes:
	// NotFound (no such key), Denied (not from whom it says), Invalid (not what
	// we know), Temporary (nothing was accepted).
	Receive(ctx context.Context, word, key string, d engine.Delivery) error
}

// maxKey is longer than any key; more need not be looked up.
const maxKey = 200

// mountIntake connects the addresses that stores and other systems send to.
// Both forms answer: a redirect would be a failure to the sender.
func (s *Server) mountIntake() {
	for _, word := range []string{"bigcommerce", "in"} {
		for _, path := range []string{"/hooks/" + word + "/:key", "/hooks/" + word + "/:key/"} {
			s.declare(http.MethodPost, path, access{public: true, always: true})
			s.router.POST(path, func(c *gin.Context) { s.receive(c, word) })
		}
	}
}

// receive checks a delivery's form, has it committed, and answers 200 with
// nothing in it. Nothing else happens before the answer.
func (s *Server) receive(c *gin.Context, word string) {
	body, p := readBody(c)
	if p == nil && len(body) == 0 {
		p = newProblem(http.StatusBadRequest, "The body is empty. Send the event as JSON.")
	}
	if p == nil {
		p = checkPayload(body)
	}
	if p != nil {
		s.fail(c, p)
		return
	}
	key := c.Param("key")
	if len(key) > maxKey {
		s.fail(c, newProblem(http.StatusNotFound, unknownKey))
		return
	}
	ctx := c.Request.Context()
	d := engine.Delivery{Header: c.Request.Header, Body: body, At: s.Now()}
	if err := s.Engine.Receive(ctx, word, key, d); err != nil {
		s.fail(c, s.intakeProblem(ctx, err))
		return
	}
	c.Status(http.StatusOK)
	c.Writer.WriteHeaderNow()
}

const unknownKey = "No webhook has this address. Copy the address again, or publish the workflow anew."

// intakeProblem keeps to the few answers that senders are promised. Whatever is
// our own fault is a 503: it makes them send again.
func (s *Server) intakeProblem(ctx context.Context, err error) *problem {
	switch engine.CodeOf(err) {
	case engine.NotFound:
		return newProblem(http.StatusNotFound, unknownKey)
	case engine.Denied:
		return newProblem(http.StatusUnauthorized, engine.MessageOf(err))
	case engine.Invalid:
		return newProblem(http.StatusBadRequest, engine.MessageOf(err))
	case engine.Temporary:
		return s.problem(ctx, err)
	default:
		s.Logger.Error("a webhook could not be taken", "request_id", inquiryOf(ctx).id(), "error", causeOf(err))
		return unavailable("Cartwheel could not take this now. Send it again later.")
	}
}
