package web

import (
	"context"
	"net/http"

	"cartwheel/engine"
	"cartwheel/merge"
)

// workflowEngine is what the operations on workflows take.
type workflowEngine interface {
	CreateWorkflow(ctx context.Context, id string, d engine.Definition) (engine.Checked, error)
	ReplaceWorkflow(ctx context.Context, id string, revision int64, d engine.Definition) (c engine.Checked, created bool, err error)
	Workflow(ctx context.Context, id string) (engine.Checked, error)
	Workflows(ctx context.Context, f engine.WorkflowFilter, p engine.Page) ([]engine.Checked, string, error)
	PublishWorkflow(ctx context.Context, by engine.Actor, id string, revision int64, note string) (engine.Checked, error)
	PauseWorkflow(ctx context.Context, id string) (engine.Checked, error)
	ResumeWorkflow(ctx context.Context, id string) (engine.Checked, error)
	DeleteWorkflow(ctx context.Context, id string, revision int64) error
	Versions(ctx context.Context, id string, p engine.Page) ([]engine.Version, string, error)
	Version(ctx context.Context, ref engine.VersionRef) (engine.Version, error)
	Standing(ctx context.Context, workflowID string) (engine.Activity, []engine.Broken, error)
	CancelRuns(ctx context.Context, workflowID string, version int) (int, error)
}

func (s *Server) mountWorkflows() {
	const path = "/workflows"
	const one = path + "/{id}"
	register(s, route{method: http.MethodGet, path: path, role: engine.Viewer, id: "listWorkflows",
		summary: "List workflows"}, s.listWorkflows)
	register(s, route{method: http.MethodPost, path: path, role: engine.Editor, id: "createWorkflow", status: http.StatusCreated,
		summary: "Make a workflow", description: "It is saved as a draft, with what is wrong with it in problems."}, s.createWorkflow)
	register(s, route{method: http.MethodGet, path: one, role: engine.Viewer, id: "getWorkflow",
		summary: "Show a workflow"}, s.getWorkflow)
	register(s, route{method: http.MethodPut, path: one, role: engine.Editor, id: "replaceWorkflow",
		summary: "Replace a workflow's draft", description: "Makes the workflow (201) when there is none of that id."}, s.replaceWorkflow)
	register(s, route{method: http.MethodDelete, path: one, role: engine.Editor, id: "deleteWorkflow",
		summary: "Delete a workflow", description: "Its runs and history stay readable."}, s.deleteWorkflow)
	register(s, route{method: http.MethodPost, path: one + "/publish", role: engine.Editor, id: "publishWorkflow",
		summary: "Make the draft live", description: "Makes an immutable version. Refused (422) while the draft has problems."}, s.publishWorkflow)
	register(s, route{method: http.MethodPost, path: one + "/pause", role: engine.Editor, id: "pauseWorkflow",
		summary: "Pause a workflow", description: "It decides about no new events; runs under way go on."}, s.change(Engine.PauseWorkflow))
	register(s, route{method: http.MethodPost, path: one + "/resume", role: engine.Editor, id: "resumeWorkflow",
		summary: "Resume a paused workflow"}, s.change(Engine.ResumeWorkflow))
	register(s, route{method: http.MethodPost, path: one + "/cancel-runs", role: engine.Editor, id: "cancelRuns",
		summary: "End a workflow's waiting runs", description: "All of them, or those of one version."}, s.cancelRuns)
	register(s, route{method: http.MethodGet, path: one + "/versions", role: engine.Viewer, id: "listVersions",
		summary: "List a workflow's versions"}, s.listVersions)
	register(s, route{method: http.MethodGet, path: one + "/versions/{version}", role: engine.Viewer, id: "getVersion",
		summary: "Show a version"}, s.getVersion)
}

type workflowsInput struct {
	Paging
	Status           string `query:"status" enum:"draft,live,paused"`
	AuthenticationID string `query:"authentication_id" maxLength:"100" doc:"Of the trigger."`
	Query            string `query:"q" maxLength:"200" doc:"A part of the name or id."`
}

func (s *Server) listWorkflows(ctx context.Context, in *workflowsInput) (*listOutput[workflowJSON], error) {
	f := engine.WorkflowFilter{Status: engine.WorkflowStatus(in.Status), AuthenticationID: in.AuthenticationID, Query: in.Query}
	items, next, err := s.Engine.Workflows(ctx, f, in.page())
	if err != nil {
		return listOf(items, next, err, showWorkflow)
	}
	out, err := listOf(items, next, nil, showWorkflow)
	for i := 0; i < len(items) && err == nil; i++ {
		err = s.addStanding(ctx, &out.Body.Items[i])
	}
	return out, err
}

// addStanding adds what a workflow has been doing and why it does not work.
func (s *Server) addStanding(ctx context.Context, w *workflowJSON) error {
	activity, broken, err := s.Engine.Standing(ctx, w.ID)
	if err != nil {
		return err
	}
	mask := maskFor(ctx, nil)
	w.Activity, w.Broken = showActivity(activity), make([]brokenJSON, len(broken))
	for i, b := range broken {
		w.Broken[i] = brokenJSON{Code: b.Code, Message: mask.text(b.Message), Link: b.Link}
	}
	return nil
}

type workflowOutput struct {
	Status   int
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     workflowJSON
}

func workflowAnswer(status int, c engine.Checked, err error) (*workflowOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &workflowOutput{Status: status, ETag: etag(c.Revision), Body: showWorkflow(c)}
	if status == http.StatusCreated {
		out.Location = locationOf("workflows", c.ID)
	}
	return out, nil
}

func (s *Server) createWorkflow(ctx context.Context, in *struct{ Body workflowInputJSON }) (*workflowOutput, error) {
	c, err := s.Engine.CreateWorkflow(ctx, in.Body.ID, in.Body.definition())
	return workflowAnswer(http.StatusCreated, c, err)
}

func (s *Server) getWorkflow(ctx context.Context, in *oneInput) (*workflowOutput, error) {
	c, err := s.Engine.Workflow(ctx, in.ID)
	out, err := workflowAnswer(http.StatusOK, c, err)
	if err == nil {
		err = s.addStanding(ctx, &out.Body)
	}
	return out, err
}

// checkWorkflow checks the precondition of a change that the engine itself makes without one.
func (s *Server) checkWorkflow(ctx context.Context, id string, m Match) error {
	if m.IfMatch == "" {
		return nil
	}
	c, err := s.Engine.Workflow(ctx, id)
	if err != nil {
		return err
	}
	return m.check(c.Revision)
}

type cancelRunsInput struct {
	ID string `path:"id" maxLength:"100"`
	Match
	Body *struct {
		Version whole `json:"version,omitempty" minimum:"-1000000000" maximum:"1000000000" doc:"Left out or 0: all versions."`
	} `nameHint:"CancelRunsRequest"`
}

type cancelRunsOutput struct {
	Body struct {
		Cancelled int `json:"cancelled"`
	} `nameHint:"CancelledRuns"`
}

func (s *Server) cancelRuns(ctx context.Context, in *cancelRunsInput) (*cancelRunsOutput, error) {
	if err := s.checkWorkflow(ctx, in.ID, in.Match); err != nil {
		return nil, err
	}
	version := 0
	if in.Body != nil {
		version = int(in.Body.Version)
	}
	if version < 0 {
		return nil, invalid(merge.Problem{Location: "body.version", Message: "Versions are counted from 1."})
	}
	out := &cancelRunsOutput{}
	var err error
	out.Body.Cancelled, err = s.Engine.CancelRuns(ctx, in.ID, version)
	return out, err
}

type replaceInput struct {
	ID string `path:"id" maxLength:"100"`
	Match
	Body workflowInputJSON
}

func (s *Server) replaceWorkflow(ctx context.Context, in *replaceInput) (*workflowOutput, error) {
	revision, exists, err := in.revision()
	if err != nil {
		return nil, err
	}
	if exists { // a precondition on something that is not there fails (RFC 9110, 13.1.1)
		if _, err := s.Engine.Workflow(ctx, in.ID); engine.CodeOf(err) == engine.NotFound {
			return nil, newProblem(http.StatusPreconditionFailed, "There is no workflow of this id. Leave If-Match out to make it.")
		}
	}
	c, created, err := s.Engine.ReplaceWorkflow(ctx, in.ID, revision, in.Body.definition())
	if created {
		return workflowAnswer(http.StatusCreated, c, err)
	}
	return workflowAnswer(http.StatusOK, c, err)
}

func (s *Server) deleteWorkflow(ctx context.Context, in *changeInput) (*struct{}, error) {
	revision, _, err := in.revision()
	if err != nil {
		return nil, err
	}
	return nil, s.Engine.DeleteWorkflow(ctx, in.ID, revision)
}

type publishInput struct {
	ID string `path:"id" maxLength:"100"`
	Match
	Body *struct {
		Note string `json:"note,omitempty" maxLength:"2000" doc:"What is new, for the list of versions."`
	} `nameHint:"PublishRequest"`
}

func (s *Server) publishWorkflow(ctx context.Context, in *publishInput) (*workflowOutput, error) {
	revision, _, err := in.revision()
	if err != nil {
		return nil, err
	}
	note := ""
	if in.Body != nil {
		note = in.Body.Note
	}
	c, err := s.Engine.PublishWorkflow(ctx, actorOf(ctx), in.ID, revision, note)
	return workflowAnswer(http.StatusOK, c, err)
}

// change is a handler for what the engine does to a workflow without a body.
func (s *Server) change(act func(Engine, context.Context, string) (engine.Checked, error)) func(context.Context, *changeInput) (*workflowOutput, error) {
	return func(ctx context.Context, in *changeInput) (*workflowOutput, error) {
		if err := s.checkWorkflow(ctx, in.ID, in.Match); err != nil {
			return nil, err
		}
		c, err := act(s.Engine, ctx, in.ID)
		return workflowAnswer(http.StatusOK, c, err)
	}
}

type versionsInput struct {
	ID string `path:"id" maxLength:"100"`
	Paging
}

func (s *Server) listVersions(ctx context.Context, in *versionsInput) (*listOutput[versionJSON], error) {
	items, next, err := s.Engine.Versions(ctx, in.ID, in.page())
	return listOf(items, next, err, showVersion)
}

type versionInput struct {
	ID      string `path:"id" maxLength:"100"`
	Version int    `path:"version" minimum:"1" maximum:"1000000000"`
}

type versionOutput struct {
	ETag string `header:"ETag"`
	Body versionJSON
}

func (s *Server) getVersion(ctx context.Context, in *versionInput) (*versionOutput, error) {
	v, err := s.Engine.Version(ctx, engine.VersionRef{WorkflowID: in.ID, Number: in.Version})
	if err != nil {
		return nil, err
	}
	return &versionOutput{ETag: etag(int64(v.Number)), Body: showVersion(v)}, nil
}
