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
	RunItems(ctx context.Context, f engine.RunFilter, p engine.Page) ([]engine.RunItem, string, error)
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
	WorkflowName  string  `json:"workflow_name" doc:"Of its newest draft; empty when it is not known."`
	Step          *string `json:"step" doc:"The step that it stands at or has failed at."`
	Attempts      int     `json:"attempts" doc:"Of all steps."`
	DurationMS    *int64  `json:"duration_ms" doc:"From its beginning to its end; null while it goes on."`
	Email         *string `json:"email" doc:"Of the shopper; *** for viewers, null when it is not known."`
}

// runDetailJSON adds the steps.
type runDetailJSON struct {
	ID            string         `json:"id"`
	WorkflowID    string         `json:"workflow_id"`
	Version       int            `json:"version"`
	EventID       string         `json:"event_id"`
	Entity        string         `json:"entity"`
	Status        string         `json:"status" enum:"running,waiting,succeeded,failed,cancelled"`
	Reason        string         `json:"reason,omitempty"`
	NextAttemptAt *string        `json:"next_attempt_at,omitempty" format:"date-time"`
	CreatedAt     string         `json:"created_at" format:"date-time"`
	FinishedAt    *string        `json:"finished_at" format:"date-time"`
	WorkflowName  string         `json:"workflow_name"`
	Step          *string        `json:"step"`
	Attempts      int            `json:"attempts"`
	DurationMS    *int64         `json:"duration_ms"`
	Email         *string        `json:"email"`
	ReceivedAt    *string        `json:"received_at" format:"date-time" doc:"When its event came in; null: not known."`
	QueuedMS      *int64         `json:"queued_ms" doc:"From then until the run began."`
	Steps         []runStepJSON  `json:"steps" doc:"A flat list in the order of the definition."`
	Definition    []stepJSON     `json:"definition" doc:"The steps of the version that it runs, nested."`
	OtherRuns     []otherRunJSON `json:"other_runs" doc:"Of the same event."`
}

// otherRunJSON names a run.
type otherRunJSON struct {
	ID         string `json:"id"`
	WorkflowID string `json:"workflow_id"`
	Status     string `json:"status" enum:"running,waiting,succeeded,failed,cancelled"`
}

func showOthers(runs []engine.Run) []otherRunJSON {
	out := make([]otherRunJSON, len(runs))
	for i, r := range runs {
		out[i] = otherRunJSON{ID: r.ID, WorkflowID: r.WorkflowID, Status: string(r.Status)}
	}
	return out
}

// runStepJSON is a step of a run.
type runStepJSON struct {
	ID            string        `json:"id"`
	Type          string        `json:"type"`
	Status        string        `json:"status" enum:"pending,running,waiting,succeeded,failed,skipped,held"`
	Reason        string        `json:"reason,omitempty"`
	Output        rawOutput     `json:"output" doc:"What later steps read; null while there is none. Not for viewers."`
	NextAttemptAt *string       `json:"next_attempt_at,omitempty" format:"date-time"`
	StartedAt     *string       `json:"started_at" format:"date-time" doc:"When the run came to it; null: it has not, or that is not known."`
	FinishedAt    *string       `json:"finished_at" format:"date-time" doc:"When it succeeded or failed."`
	QueuedMS      *int64        `json:"queued_ms" doc:"From there until its first attempt began; null: not known."`
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
	Version          int    `query:"version" minimum:"1" maximum:"1000000000" doc:"Of the workflow."`
	Entity           string `query:"entity" maxLength:"200" doc:"What its event is about: order/251, cart/ID; customer/7 finds that customer's orders and carts, too."`
	Period
}

func (s *Server) listRuns(ctx context.Context, in *runsInput) (*listOutput[runJSON], error) {
	f := engine.RunFilter{WorkflowID: in.WorkflowID, EventID: in.EventID, Email: in.Email,
		AuthenticationID: in.AuthenticationID, Status: engine.RunStatus(in.Status), Version: in.Version, Entity: in.Entity, From: in.From, To: in.To}
	items, next, err := s.Engine.RunItems(ctx, f, in.page())
	off := !maskFor(ctx, nil).on
	return listOf(items, next, err, func(r engine.RunItem) runJSON {
		if r.Reason == "" { // nothing to hide
			return showRun(r, mask{on: !off})
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
	r := showRun(v.Item(), mask)
	out := &runOutput{ETag: etag(v.Revision), Body: runDetailJSON{ID: r.ID, WorkflowID: r.WorkflowID, Version: r.Version, EventID: r.EventID,
		Entity: r.Entity, Status: r.Status, Reason: r.Reason, NextAttemptAt: r.NextAttemptAt, CreatedAt: r.CreatedAt,
		FinishedAt: r.FinishedAt, Steps: make([]runStepJSON, len(v.Steps)), WorkflowName: r.WorkflowName, Step: r.Step, Attempts: r.Attempts,
		DurationMS: r.DurationMS, Email: r.Email, ReceivedAt: stampOf(v.ReceivedAt), QueuedMS: queuedMillis(v.ReceivedAt, v.CreatedAt),
		Definition: showSteps(v.Definition.Steps), OtherRuns: showOthers(v.Others)}}
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

func showRun(r engine.RunItem, m mask) runJSON {
	email := textOrNil(r.Email)
	if m.on && email != nil {
		hidden := masked
		email = &hidden
	}
	var took *int64
	if r.FinishedAt != nil {
		took = queuedMillis(&r.CreatedAt, *r.FinishedAt)
	}
	return runJSON{WorkflowName: r.WorkflowName, Step: textOrNil(r.StepID), Attempts: r.RunFacts.Attempts, DurationMS: took, Email: email, ID: r.ID, WorkflowID: r.WorkflowID, Version: r.Version, EventID: r.EventID, Entity: r.Entity,
		Status: string(r.Status), Reason: m.text(r.Reason), NextAttemptAt: stampOf(r.NextAttemptAt),
		CreatedAt: stamp(r.CreatedAt), FinishedAt: stampOf(r.FinishedAt)}
}

func showStep(st engine.StepView, m mask) runStepJSON {
	out := runStepJSON{ID: st.StepID, Type: st.Type, Status: string(st.Status), Reason: m.text(st.Reason),
		NextAttemptAt: stampOf(st.NextAttemptAt), StartedAt: stampOf(st.StartedAt), FinishedAt: stampOf(st.EndedAt), Attempts: make([]attemptJSON, len(st.Attempts))}
	if len(st.Attempts) > 0 {
		out.QueuedMS = queuedMillis(st.StartedAt, st.Attempts[0].StartedAt)
	}
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
