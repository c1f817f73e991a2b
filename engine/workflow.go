package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"cartwheel/merge"
)

// Definition is a workflow as a person writes it, without its state.
type Definition struct {
	Name      string     `json:"name"`
	Trigger   TriggerRef `json:"trigger"`
	OncePer   string     `json:"once_per,omitempty"` // event (default) shipment order cart customer
	Condition string     `json:"condition,omitempty"`
	Steps     []Step     `json:"steps"`
}

// TriggerRef says what a workflow starts from.
type TriggerRef struct {
	Type             string          `json:"type"`
	AuthenticationID string          `json:"authentication_id,omitempty"`
	Config           json.RawMessage `json:"config,omitempty"`
}

// Step is an action or control flow.
type Step struct {
	ID        string          `json:"id"`   // slug, unique in the workflow
	Type      string          `json:"type"` // an action's type, or branch delay stop
	Config    json.RawMessage `json:"config,omitempty"`
	Branches  []Branch        `json:"branches,omitempty"`  // branch: the first whose condition holds
	Otherwise []Step          `json:"otherwise,omitempty"` // branch: when none holds
	OnError   string          `json:"on_error,omitempty"`  // stop (default) continue
	// OnUnknown says what happens when nobody knows whether an attempt took
	// effect: repeat or hold. Empty: what suits the action.
	OnUnknown string `json:"on_unknown,omitempty"`
	Retry     *Retry `json:"retry,omitempty"`
	// Disabled switches the step off: runs pass over it, over a branch with everything in it.
	Disabled bool `json:"disabled,omitempty"`
}

// Branch is one arm of a branch step.
type Branch struct {
	Name      string `json:"name"`
	Condition string `json:"condition"`
	Steps     []Step `json:"steps"`
}

// Retry says how often and when a step is tried again.
type Retry struct {
	Attempts int    `json:"attempts"` // counts the first
	Backoff  string `json:"backoff"`  // exponential (default) constant
	First    string `json:"first"`    // duration
	Max      string `json:"max"`      // duration
}

// Control-flow step types.
const (
	StepBranch = "branch"
	StepDelay  = "delay"
	StepStop   = "stop"
)

// Limits of a workflow.
const (
	MaxSteps    = 200
	MaxBranches = 10 // deep
)

// WorkflowStatus is whether a workflow works.
type WorkflowStatus string

// The statuses of a workflow.
const (
	WorkflowDraft  WorkflowStatus = "draft" // never published
	WorkflowLive   WorkflowStatus = "live"
	WorkflowPaused WorkflowStatus = "paused"
)

// Workflow is a draft with its state.
type Workflow struct {
	ID          string
	Draft       Definition
	Status      WorkflowStatus
	Revision    int64 // counts changes, for ETag
	LiveVersion int   // 0: none
	LastVersion int   // the number of the newest version; 0: none
	// Changed says that the draft differs from the newest version.
	Changed   bool
	CreatedAt time.Time
	UpdatedAt time.Time
	UpdatedBy string // who saved the draft last
	DeletedAt *time.Time
}

// Version is an immutable, published state of a workflow.
type Version struct {
	WorkflowID  string
	Number      int
	Definition  Definition
	PublishedAt time.Time
	PublishedBy string
	Note        string
}

// VersionRef names a version.
type VersionRef struct {
	WorkflowID string
	Number     int
}

// WorkflowFilter narrows a list of workflows; zero members do not.
type WorkflowFilter struct {
	Status           WorkflowStatus
	AuthenticationID string // its trigger's
	Query            string // part of the name or id
}

// CreateWorkflow stores a new draft, problems or not. id "" is made from the
// name. Errors: Invalid (the id), Conflict (the id is taken).
func (e *Engine) CreateWorkflow(ctx context.Context, id string, d Definition) (Checked, error) {
	if id != "" && !validSlug(id) {
		return Checked{}, invalidID(id)
	}
	given, base := id != "", id
	if !given {
		base = slugOf(d.Name, "workflow")
	}
	now := e.now()
	for n := 1; ; n++ {
		w, err := e.Store.AddWorkflow(ctx, Workflow{ID: numbered(base, n), Draft: d, Status: WorkflowDraft, CreatedAt: now, UpdatedAt: now})
		if CodeOf(err) == Conflict && !given && n < 100 {
			continue
		}
		if err != nil {
			return Checked{}, err
		}
		e.feed.workflow(w)
		return e.checked(ctx, w)
	}
}

func invalidID(id string) error {
	return &Error{Code: Invalid, Problems: []merge.Problem{{Location: "body.id",
		Message: fmt.Sprintf("%q cannot be an id: take up to 64 lower-case letters, digits, - and _.", id)}}}
}

// ReplaceWorkflow replaces a draft, or makes the workflow when there is none of
// that id. revision 0 replaces any. Errors: Invalid, Stale.
func (e *Engine) ReplaceWorkflow(ctx context.Context, id string, revision int64, d Definition) (c Checked, created bool, err error) {
	now := e.now()
	w, err := e.Store.SaveDraft(ctx, Workflow{ID: id, Draft: d, Revision: revision, UpdatedAt: now})
	if CodeOf(err) == NotFound && revision == 0 {
		c, err = e.CreateWorkflow(ctx, id, d)
		if CodeOf(err) != Conflict {
			return c, err == nil, err
		}
		w, err = e.Store.SaveDraft(ctx, Workflow{ID: id, Draft: d, UpdatedAt: now}) // made meanwhile
	}
	if err != nil {
		return Checked{}, false, err
	}
	e.feed.workflow(w)
	c, err = e.checked(ctx, w)
	return c, false, err
}

// Workflow returns one with what is wrong with its draft. Errors: NotFound.
func (e *Engine) Workflow(ctx context.Context, id string) (Checked, error) {
	w, err := e.Store.Workflow(ctx, id)
	if err != nil {
		return Checked{}, err
	}
	return e.checked(ctx, w)
}

// Workflows lists workflows, newest first.
func (e *Engine) Workflows(ctx context.Context, f WorkflowFilter, p Page) ([]Checked, string, error) {
	items, next, err := e.Store.Workflows(ctx, f, p)
	if err != nil {
		return nil, "", err
	}
	out := make([]Checked, len(items))
	for i, w := range items {
		if out[i], err = e.checked(ctx, w); err != nil {
			return nil, "", err
		}
	}
	return out, next, nil
}

// Versions lists the published versions, newest first.
func (e *Engine) Versions(ctx context.Context, id string, p Page) ([]Version, string, error) {
	return e.Store.Versions(ctx, id, p)
}

// Version returns one published version. Errors: NotFound.
func (e *Engine) Version(ctx context.Context, ref VersionRef) (Version, error) {
	return e.Store.Version(ctx, ref)
}

// PublishWorkflow makes the draft the live version. Hooks at the store are
// registered afterwards. Errors: NotFound, Stale, Invalid with every problem.
func (e *Engine) PublishWorkflow(ctx context.Context, by Actor, id string, revision int64, note string) (Checked, error) {
	w, err := e.Store.Workflow(ctx, id)
	if err != nil {
		return Checked{}, err
	}
	if revision != 0 && w.Revision != revision {
		return Checked{}, Errorf(Stale, "The workflow was changed meanwhile. Read it again.")
	}
	c, err := e.checked(ctx, w)
	if err != nil {
		return Checked{}, err
	}
	if len(c.Problems) > 0 {
		return Checked{}, &Error{Code: Invalid, Message: "The workflow has problems; publish it when they are mended.", Problems: c.Problems}
	}
	v := Version{WorkflowID: id, Definition: w.Draft, PublishedAt: e.now(), PublishedBy: by.Name, Note: note}
	stores, err := e.storesOf(ctx, w)
	if err != nil {
		return Checked{}, err
	}
	if w, _, err = e.Store.Publish(ctx, w, v, e.subscribeJobs(ctx, stores...)...); err != nil {
		return Checked{}, err
	}
	e.feed.workflow(w)
	e.standing.forget()
	return e.checked(ctx, w)
}

// storesOf are the authentications whose hooks depend on w: its live version's and its draft's.
func (e *Engine) storesOf(ctx context.Context, w Workflow) ([]string, error) {
	stores := []string{w.Draft.Trigger.AuthenticationID}
	if w.LiveVersion == 0 {
		return stores, nil
	}
	v, err := e.Store.Version(ctx, VersionRef{w.ID, w.LiveVersion})
	if err != nil {
		return nil, err
	}
	return append(stores, v.Definition.Trigger.AuthenticationID), nil
}

// PauseWorkflow keeps a live workflow from firing; runs under way go on. Errors: NotFound, Conflict.
func (e *Engine) PauseWorkflow(ctx context.Context, id string) (Checked, error) {
	return e.setStatus(ctx, id, WorkflowPaused)
}

// ResumeWorkflow makes a paused workflow live again. Errors: NotFound, Conflict.
func (e *Engine) ResumeWorkflow(ctx context.Context, id string) (Checked, error) {
	return e.setStatus(ctx, id, WorkflowLive)
}

func (e *Engine) setStatus(ctx context.Context, id string, s WorkflowStatus) (Checked, error) {
	w, err := e.Store.Workflow(ctx, id)
	if err != nil {
		return Checked{}, err
	}
	if w.LiveVersion == 0 {
		return Checked{}, Errorf(Conflict, "The workflow was never published, so it is neither live nor paused. Publish it first.")
	}
	stores, err := e.storesOf(ctx, w)
	if err != nil {
		return Checked{}, err
	}
	if w, err = e.Store.SetStatus(ctx, id, s, e.subscribeJobs(ctx, stores...)...); err != nil {
		return Checked{}, err
	}
	e.feed.workflow(w)
	e.standing.forget()
	return e.checked(ctx, w)
}

// DeleteWorkflow removes a workflow; its runs and history stay readable. Errors: NotFound, Stale.
func (e *Engine) DeleteWorkflow(ctx context.Context, id string, revision int64) error {
	w, err := e.Store.Workflow(ctx, id)
	if err != nil {
		return err
	}
	stores, err := e.storesOf(ctx, w)
	if err != nil {
		return err
	}
	if err := e.Store.DeleteWorkflow(ctx, id, revision, e.subscribeJobs(ctx, stores...)...); err != nil {
		return err
	}
	e.feed.workflow(Workflow{ID: id, Status: "deleted"})
	e.standing.forget()
	return nil
}

// checked adds what is wrong with w's draft.
func (e *Engine) checked(ctx context.Context, w Workflow) (Checked, error) {
	p, problems, warnings := e.compile(w.Draft)
	more, err := e.checkAuthentications(ctx, p)
	if err != nil {
		return Checked{}, err
	}
	warnings = append(warnings, e.fillWarnings(ctx, p)...)
	return Checked{Workflow: w, Problems: append(problems, more...), Warnings: warnings}, nil
}

// checkAuthentications looks whether what the workflow uses exists and is of a fitting type.
func (e *Engine) checkAuthentications(ctx context.Context, p *program) ([]merge.Problem, error) {
	var problems []merge.Problem
	check := func(location, id string, accepted []string) error {
		if id == "" || len(accepted) == 0 {
			return nil
		}
		a, err := e.Store.Authentication(ctx, id)
		switch {
		case CodeOf(err) == NotFound:
			problems = append(problems, merge.Problem{Location: location, Message: fmt.Sprintf("There is no authentication %q.", id)})
		case err != nil:
			return err
		case !slices.Contains(accepted, a.Type):
			problems = append(problems, merge.Problem{Location: location,
				Message: fmt.Sprintf("The authentication %q is of type %s; here it must be %s.", id, a.Type, joinOr(accepted))})
		}
		return nil
	}
	if t, ok := e.Config.Triggers.Get(p.definition.Trigger.Type); ok {
		if err := check("body.trigger.authentication_id", p.definition.Trigger.AuthenticationID, t.Spec().Auth); err != nil {
			return nil, err
		}
	}
	for _, n := range p.flat {
		if n.off {
			continue
		}
		if err := check(n.location+".config.authentication_id", n.authID, n.spec.Auth); err != nil {
			return nil, err
		}
	}
	return problems, nil
}
