package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"cartwheel/engine"
)

// streamEngine is what streams take.
type streamEngine interface {
	Listen(t engine.Topics, last string) *engine.Listener
}

// How streams are kept going.
const (
	maxStreams  = 100
	heartbeat   = 15 * time.Second // a comment: proxies and clients notice that the line is alive
	recheck     = time.Minute      // whether the asker may still listen
	streamWrite = 30 * time.Second // how long a client may take to accept what it is sent
	streamRetry = 2 * time.Second  // when a client comes back, unless it knows better
)

// mountStream connects the stream. It is no operation of huma's: its ids are texts and it sends comments.
func (s *Server) mountStream() {
	const path = apiBase + "/stream"
	s.declare(http.MethodGet, path, access{role: engine.Viewer})
	s.router.GET(path, s.stream)
	text := &huma.Schema{Type: huma.TypeString}
	s.api.OpenAPI().AddOperation(&huma.Operation{Method: http.MethodGet, Path: path, OperationID: "stream", Summary: "Hear of changes as they happen",
		Description: "Server-sent events: run {id, workflow_id, event_id, status}, event {id, trigger, status}, workflow {id, status, revision}, attention {count}, " +
			"and reset {} when more has changed than can be told: then read everything again. Send Last-Event-ID to go on where a stream has ended. " +
			"Messages hold no personal data.\n\nNeeds the role viewer.",
		Tags: []string{"stream"}, Extensions: map[string]any{"x-role": string(engine.Viewer)},
		Parameters: []*huma.Param{
			{Name: "topics", In: "query", Description: "Some of runs, events, workflows, attention and workflow:ID, with commas between them. Left out: runs,events,workflows,attention.", Schema: text},
			{Name: "last_event_id", In: "query", Description: "As Last-Event-ID, for clients that cannot send it.", Schema: text},
			{Name: "Last-Event-ID", In: "header", Description: "The id of the last message that was heard.", Schema: text}},
		Responses: map[string]*huma.Response{
			"200":     {Description: "It goes on until the client or the server ends it.", Content: map[string]*huma.MediaType{"text/event-stream": {Schema: text}}},
			"default": {Description: "Error", Content: map[string]*huma.MediaType{"application/problem+json": {Schema: &huma.Schema{Ref: "#/components/schemas/Error"}}}}}})
}

// stream tells one client what changes.
func (s *Server) stream(c *gin.Context) {
	topics := engine.Topics{Runs: true, Events: true, Workflows: true, Attention: true}
	if text := c.Query("topics"); text != "" {
		var err error
		if topics, err = engine.ParseTopics(text); err != nil {
			s.fail(c, s.problem(c.Request.Context(), err))
			return
		}
	}
	if s.streams.Add(1) > maxStreams {
		s.streams.Add(-1)
		p := newProblem(http.StatusTooManyRequests, "Too many look on at once. Close a window, or try again later.")
		p.headers = http.Header{"Retry-After": {"60"}}
		s.fail(c, p)
		return
	}
	defer s.streams.Add(-1)
	last := c.GetHeader("Last-Event-ID")
	if last == "" {
		last = c.Query("last_event_id")
	}
	l := s.Engine.Listen(topics, last)
	defer l.Close()
	h := c.Writer.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	out := sender{c, http.NewResponseController(c.Writer)}
	_ = out.control.SetReadDeadline(time.Time{}) // that of the request is no matter any more
	if out.send(fmt.Sprintf("retry: %d\nid: %s\nevent: hello\ndata: {}\n\n", streamRetry.Milliseconds(), l.Position())) == nil {
		s.tell(c, l, out)
	}
}

// tell goes on until somebody ends it: the client, the server, or who may not listen any more.
func (s *Server) tell(c *gin.Context, l *engine.Listener, out sender) {
	beats, stopBeats := s.Tick(heartbeat)
	defer stopBeats()
	checks, stopChecks := s.Tick(recheck)
	defer stopChecks()
	for {
		var text string
		select {
		case <-c.Request.Context().Done():
			return
		case <-s.ending:
			return
		case <-beats:
			text = ": still here\n\n"
		case <-checks:
			if actor, p := s.who(c, s.Engine.RecheckSession); p != nil || !actor.Role.Allows(engine.Viewer) {
				return
			}
			continue
		case <-l.Woken():
			news, missed, ended := l.Next()
			if ended {
				return
			}
			text = written(l, news, missed)
		}
		if text != "" && out.send(text) != nil {
			return
		}
	}
}

// written is how changes are sent.
func written(l *engine.Listener, news []engine.Change, missed bool) string {
	var text []byte
	if missed {
		text = fmt.Appendf(text, "id: %s\nevent: reset\ndata: {}\n\n", l.Position())
	}
	for _, ch := range news {
		data, err := json.Marshal(messageOf(ch))
		if err != nil { // texts and numbers: our own mistake
			continue
		}
		text = fmt.Appendf(text, "id: %s\nevent: %s\ndata: %s\n\n", l.ID(ch), ch.Kind, data)
	}
	return string(text)
}

// messageOf is what is told of a change.
func messageOf(ch engine.Change) map[string]any {
	switch ch.Kind {
	case engine.RunChanged:
		return map[string]any{"id": ch.ID, "workflow_id": ch.WorkflowID, "event_id": ch.EventID, "status": ch.Status}
	case engine.EventChanged:
		return map[string]any{"id": ch.ID, "trigger": ch.Trigger, "status": ch.Status}
	case engine.WorkflowChanged:
		return map[string]any{"id": ch.ID, "status": ch.Status, "revision": ch.Revision}
	}
	return map[string]any{"count": ch.Count}
}

// sender writes to a client that may be slow.
type sender struct {
	c       *gin.Context
	control *http.ResponseController
}

func (w sender) send(text string) error {
	// The server's own deadline is for answers that end. Where none can be set (in tests), there is none.
	_ = w.control.SetWriteDeadline(time.Now().Add(streamWrite))
	if _, err := w.c.Writer.WriteString(text); err != nil {
		return err
	}
	return w.control.Flush()
}

// tick is the real clock, for Config.Tick.
func tick(d time.Duration) (<-chan time.Time, func()) {
	t := time.NewTicker(d)
	return t.C, t.Stop
}
