package web

import (
	"context"
	"net/http"
	"time"

	"cartwheel/engine"
)

// overviewEngine is what the overview takes.
type overviewEngine interface {
	Overview(ctx context.Context, hours int) (engine.Overview, error)
}

// overviewJSON is how the whole installation stands.
type overviewJSON struct {
	Attention     []attentionJSON `json:"attention" doc:"What a person should look at, the worst first."`
	Queue         queueJSON       `json:"queue"`
	Totals        totalsJSON      `json:"totals"`
	Series        []bucketJSON    `json:"series" doc:"By hour, oldest first; the last is the present one."`
	TopErrors     []topErrorJSON  `json:"top_errors" doc:"Why runs have failed in the last 24 hours."`
	DatabaseBytes int64           `json:"database_bytes"`
}

// attentionJSON is one thing to look at.
type attentionJSON struct {
	Code   string  `json:"code" doc:"authentication, hook, failing, problems, queue, held, database, stopped or limit."`
	ID     string  `json:"id" doc:"Of the authentication or workflow that it is about; empty: of neither."`
	Name   string  `json:"name" doc:"Its name."`
	Title  string  `json:"title"`
	Detail string  `json:"detail"`
	Link   string  `json:"link" doc:"Where it is seen or mended, in the app."`
	Since  *string `json:"since" format:"date-time"`
	Count  int     `json:"count" doc:"How many it concerns: runs, jobs or workflows."`
}

// queueJSON is what waits for a worker.
type queueJSON struct {
	Waiting  int     `json:"waiting" doc:"Jobs that are due."`
	OldestAt *string `json:"oldest_at" format:"date-time"`
	OldestMS int64   `json:"oldest_ms" doc:"How long the oldest has been due."`
}

// totalsJSON counts this hour and the 23 before it.
type totalsJSON struct {
	Events24h int `json:"events_24h"`
	Runs24h   int `json:"runs_24h"`
	Failed24h int `json:"failed_24h" doc:"Of these runs."`
	Waiting   int `json:"waiting" doc:"Runs, of any time."`
}

// bucketJSON is one hour.
type bucketJSON struct {
	At        string `json:"at" format:"date-time"`
	Events    int    `json:"events"`
	Succeeded int    `json:"succeeded" doc:"Runs that ended then."`
	Failed    int    `json:"failed"`
	Cancelled int    `json:"cancelled"`
	P50       *int64 `json:"p50_ms" doc:"From the webhook to the end of the run, for runs without delays, from a sample; null: there was none."`
	P95       *int64 `json:"p95_ms"`
}

// topErrorJSON is why runs have failed.
type topErrorJSON struct {
	Message    string `json:"message"`
	Count      int    `json:"count"`
	WorkflowID string `json:"workflow_id"`
	RunID      string `json:"run_id" doc:"The newest."`
	Link       string `json:"link"`
}

func (s *Server) mountOverview() {
	register(s, route{method: http.MethodGet, path: "/overview", role: engine.Viewer, id: "getOverview",
		summary: "Show how everything stands", description: "Some seconds old at most. Counts of 24 hours are of this hour and the 23 before it."}, s.getOverview)
}

type overviewInput struct {
	Hours int `query:"hours" minimum:"24" maximum:"168" default:"24" doc:"How far the series goes back."`
}

func (s *Server) getOverview(ctx context.Context, in *overviewInput) (*struct{ Body overviewJSON }, error) {
	o, err := s.Engine.Overview(ctx, in.Hours)
	if err != nil {
		return nil, err
	}
	mask := maskFor(ctx, nil)
	out := overviewJSON{Attention: make([]attentionJSON, len(o.Attention)), Series: make([]bucketJSON, len(o.Series)),
		TopErrors: make([]topErrorJSON, len(o.TopErrors)), DatabaseBytes: o.DatabaseBytes,
		Queue:  queueJSON{Waiting: o.Queue.Waiting, OldestAt: stampOf(o.Queue.OldestAt), OldestMS: o.Queue.Age.Milliseconds()},
		Totals: totalsJSON{Events24h: o.Events24h, Runs24h: o.Runs24h, Failed24h: o.Failed24h, Waiting: o.Waiting}}
	for i, a := range o.Attention {
		out.Attention[i] = attentionJSON{Code: a.Code, ID: a.ID, Name: a.Name, Title: a.Title, Detail: mask.text(a.Detail), Link: a.Link, Since: stampOf(a.Since), Count: a.Count}
	}
	for i, b := range o.Series {
		out.Series[i] = bucketJSON{At: stamp(b.At), Events: b.Events, Succeeded: b.Succeeded, Failed: b.Failed, Cancelled: b.Cancelled,
			P50: millisOf(b.P50), P95: millisOf(b.P95)}
	}
	for i, e := range o.TopErrors {
		out.TopErrors[i] = topErrorJSON{Message: s.maskForRun(ctx, e.EventID).text(e.Message), Count: e.Count, WorkflowID: e.WorkflowID, RunID: e.RunID, Link: e.Link}
	}
	return &struct{ Body overviewJSON }{out}, nil
}

// millisOf is a duration that may be missing.
func millisOf(d *time.Duration) *int64 {
	if d == nil {
		return nil
	}
	ms := d.Milliseconds()
	return &ms
}
