package web

import (
	"context"
	"net/http"

	"cartwheel/engine"
)

// runEngine is what the operations on runs take.
type runEngine interface {
	Run(ctx context.Context, id string) (engine.RunView, error)
	Runs(ctx context.Context, f engine.RunFilter, p engine.Page) ([]engine.Run, string, error)
	RetryRun(ctx context.Context, id string) (engine.RunView, error)
	CancelRun(ctx context.Context, id string) (engine.RunView, error)
}

// runJSON is a run in a list.
type runJSON struct {
	ID            string  `json:"id"`
	WorkflowID    string  `json:"workflow_id"`
	Version       int     `json:"version"`
	EventID       string  `json:"event_id"`
	Entity        string  `json:"entity"`
	Status        string  `json:"status" enum:"running,waiting,succeeded,failed,cancelled"`
	Reason        string  `json:"reason,omitempty" doc:"Why it waits or failed."`
	NextAttemptAt *string `json:"next_attempt_at,omitempty" format:"date-time"`
	CreatedAt     string  `json:"created_at" format:"date-time"`
	FinishedAt    *string `json:"finished_at" format:"date-time"`
}

// runDetailJSON adds the steps.
type runDetailJSON struct {
	ID            string        `json:"id"`
	WorkflowID    string        `json:"workflow_id"`
	Version       int           `json:"version"`
	EventID       string        `json:"event_id"`
	Entity        string        `json:"entity"`
	Status        string        `json:"status" enum:"running,waiting,succeeded,failed,cancelled"`
	Reason        string        `json:"reason,omitempty"`
	NextAttemptAt *string       `json:"next_attempt_at,omitempty" format:"date-time"`
	CreatedAt     string        `json:"created_at" format:"date-time"`
	FinishedAt    *string       `json:"finished_at" format:"date-time"`
	Steps         []runStepJSON `json:"steps" doc:"A flat list in the order of the definition."`
}

// runStepJSON is a step of a run.
type runStepJSON struct {
	ID            string        `json:"id"`
	Type          string        `json:"type"`
	Status        string        `json:"status" enum:"pending,running,waiting,succeeded,failed,skipped,held"`
	Reason        string        `json:"reason,omitempty"`
	Output        rawOutput     `json:"output" doc:"What later steps read; null while there is none. Not for viewers."`
	NextAttemptAt *string       `json:"next_attempt_at,omitempty" format:"date-time"`
	Attempts      []attemptJSON `json:"attempts"`
}

// attemptJSON is one try of a step.
type attemptJSON struct {
	Number     int     `json:"number"`
	StartedAt  string  `json:"started_at" format:"date-time"`
	FinishedAt *string `json:"finished_at" format:"date-time"`
	Error      *string `json:"error"`
	Request    *string `json:"request" doc:"What was sent, secrets redacted. Not for viewers."`
	Response   *string `json:"response" doc:"What was answered, secrets redacted. Not for viewers."`
}

func (s *Server) mountRuns() {
	const one = "/runs/{id}"
	register(s, route{method: http.MethodGet, path: "/runs", role: engine.Viewer, id: "listRuns",
		summary: "List runs, newest first"}, s.listRuns)
	register(s, route{method: http.MethodGet, path: one, role: engine.Viewer, id: "getRun",
		summary: "Show a run with its steps and attempts", description: "Viewers see no outputs, requests and answers."}, s.getRun)
	register(s, route{method: http.MethodPost, path: one + "/retry", role: engine.Editor, id: "retryRun",
		summary: "Go on from the failed step"}, s.changeRun(Engine.RetryRun))
	register(s, route{method: http.MethodPost, path: one + "/cancel", role: engine.Editor, id: "cancelRun",
		summary: "End a run before its next step"}, s.changeRun(Engine.CancelRun))
}

type runsInput struct {
	Paging
	WorkflowID       string `query:"workflow_id" maxLength:"100"`
	Status           string `query:"status" enum:"running,waiting,succeeded,failed,cancelled"`
	EventID          string `query:"event_id" maxLength:"100"`
	Email            string `query:"email" maxLength:"320"`
	AuthenticationID string `query:"authentication_id" maxLength:"100" doc:"The store."`
}

func (s *Server) listRuns(ctx context.Context, in *runsInput) (*listOutput[runJSON], error) {
	f := engine.RunFilter{WorkflowID: in.WorkflowID, EventID: in.EventID, Email: in.Email,
		AuthenticationID: in.AuthenticationID, Status: engine.RunStatus(in.Status)}
	items, next, err := s.Engine.Runs(ctx, f, in.page())
	return listOf(items, next, err, func(r engine.Run) runJSON {
		if r.Reason == "" { // nothing to hide
			return showRun(r, mask{})
		}
		return showRun(r, s.maskForRun(ctx, r.EventID))
	})
}

type runOutput struct {
	ETag string `header:"ETag"`
	Body runDetailJSON
}

func (s *Server) getRun(ctx context.Context, in *oneInput) (*runOutput, error) {
	v, err := s.Engine.Run(ctx, in.ID)
	return s.runAnswer(ctx, v, err)
}

// changeRun is a handler for what the engine does to a run without a body.
func (s *Server) changeRun(act func(Engine, context.Context, string) (engine.RunView, error)) func(context.Context, *changeInput) (*runOutput, error) {
	return func(ctx context.Context, in *changeInput) (*runOutput, error) {
		if in.IfMatch != "" {
			v, err := s.Engine.Run(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			if err := in.check(v.Revision); err != nil {
				return nil, err
			}
		}
		v, err := act(s.Engine, ctx, in.ID)
		return s.runAnswer(ctx, v, err)
	}
}

func (s *Server) runAnswer(ctx context.Context, v engine.RunView, err error) (*runOutput, error) {
	if err != nil {
		return nil, err
	}
	mask := s.maskForRun(ctx, v.EventID)
	r := showRun(v.Run, mask)
	out := &runOutput{ETag: etag(v.Revision), Body: runDetailJSON{ID: r.ID, WorkflowID: r.WorkflowID, Version: r.Version, EventID: r.EventID,
		Entity: r.Entity, Status: r.Status, Reason: r.Reason, NextAttemptAt: r.NextAttemptAt, CreatedAt: r.CreatedAt,
		FinishedAt: r.FinishedAt, Steps: make([]runStepJSON, len(v.Steps))}}
	for i, st := range v.Steps {
		out.Body.Steps[i] = showStep(st, mask)
	}
	return out, nil
}

// maskForRun hides what the run's event tells about a person, too: other systems repeat it in their errors.
func (s *Server) maskForRun(ctx context.Context, eventID string) mask {
	if m := maskFor(ctx, nil); !m.on {
		return m
	}
	e, err := s.Engine.Event(ctx, eventID)
	if err != nil { // history may be gone; addresses are masked without it
		return maskFor(ctx, nil)
	}
	return maskFor(ctx, s.Engine.EventCodes(e))
}

func showRun(r engine.Run, m mask) runJSON {
	return runJSON{ID: r.ID, WorkflowID: r.WorkflowID, Version: r.Version, EventID: r.EventID, Entity: r.Entity,
		Status: string(r.Status), Reason: m.text(r.Reason), NextAttemptAt: stampOf(r.NextAttemptAt),
		CreatedAt: stamp(r.CreatedAt), FinishedAt: stampOf(r.FinishedAt)}
}

func showStep(st engine.StepView, m mask) runStepJSON {
	out := runStepJSON{ID: st.StepID, Type: st.Type, Status: string(st.Status), Reason: m.text(st.Reason),
		NextAttemptAt: stampOf(st.NextAttemptAt), Attempts: make([]attemptJSON, len(st.Attempts))}
	if !m.on {
		out.Output = rawOutput(st.Output)
	}
	for i, a := range st.Attempts {
		out.Attempts[i] = showAttempt(a, m)
	}
	return out
}

func showAttempt(a engine.Attempt, m mask) attemptJSON {
	out := attemptJSON{Number: a.Number, StartedAt: stamp(a.StartedAt), FinishedAt: stampOf(a.FinishedAt), Error: textOrNil(m.text(a.Error))}
	if !m.on {
		out.Request, out.Response = textOrNil(a.Request), textOrNil(a.Response)
	}
	return out
}

func textOrNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
