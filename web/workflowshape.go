package web

import (
	"encoding/json"

	"cartwheel/engine"
	"cartwheel/merge"
)

// workflowJSON is a workflow as it is answered: its draft, and its state.
type workflowJSON struct {
	ID                    string          `json:"id"`
	Name                  string          `json:"name"`
	Trigger               triggerRefJSON  `json:"trigger"`
	OncePer               string          `json:"once_per"`
	Condition             string          `json:"condition"`
	Steps                 []stepJSON      `json:"steps"`
	Status                string          `json:"status" enum:"draft,live,paused"`
	Version               int             `json:"version" doc:"The number of the newest version; 0: there is none."`
	LiveVersion           *int            `json:"live_version" doc:"The number of the version that decides; null: none."`
	HasUnpublishedChanges bool            `json:"has_unpublished_changes"`
	Problems              []merge.Problem `json:"problems" doc:"What publish would refuse."`
	Warnings              []merge.Problem `json:"warnings" doc:"Advice."`
	CreatedAt             string          `json:"created_at" format:"date-time"`
	UpdatedAt             string          `json:"updated_at" format:"date-time"`
	UpdatedBy             string          `json:"updated_by" doc:"Who saved the draft last; empty: not known."`
	Activity              *activityJSON   `json:"activity,omitempty" doc:"What it has been doing, a moment ago. In the answers of GET only."`
	Broken                []brokenJSON    `json:"broken,omitzero" doc:"Why it does not work although it is live. In the answers of GET only."`
}

// activityJSON is what a workflow has been doing.
type activityJSON struct {
	LastRun       *lastRunJSON   `json:"last_run"`
	Runs24h       int            `json:"runs_24h" doc:"Begun in this hour and the 23 before it."`
	Failures24h   int            `json:"failures_24h" doc:"Those of them that have failed."`
	Waiting       int            `json:"waiting"`
	OpenByVersion []openRunsJSON `json:"open_by_version" doc:"Runs that have not ended, newest version first."`
}

// lastRunJSON is the newest run.
type lastRunJSON struct {
	ID        string `json:"id"`
	Status    string `json:"status" enum:"running,waiting,succeeded,failed,cancelled"`
	CreatedAt string `json:"created_at" format:"date-time"`
}

// openRunsJSON counts the runs of a version that have not ended.
type openRunsJSON struct {
	Version int `json:"version"`
	Running int `json:"running"`
	Waiting int `json:"waiting"`
}

// brokenJSON is one reason.
type brokenJSON struct {
	Code    string `json:"code" enum:"authentication,hook,failing,problems"`
	Message string `json:"message"`
	Link    string `json:"link" doc:"Where it is seen or mended, in the app."`
}

func showActivity(a engine.Activity) *activityJSON {
	out := &activityJSON{Runs24h: a.Runs24h, Failures24h: a.Failures24h, Waiting: a.Waiting, OpenByVersion: make([]openRunsJSON, len(a.Open))}
	if a.LastRun != nil {
		out.LastRun = &lastRunJSON{ID: a.LastRun.ID, Status: string(a.LastRun.Status), CreatedAt: stamp(a.LastRun.CreatedAt)}
	}
	for i, o := range a.Open {
		out.OpenByVersion[i] = openRunsJSON{Version: o.Version, Running: o.Running, Waiting: o.Waiting}
	}
	return out
}

// workflowInputJSON is a workflow as it is sent.
type workflowInputJSON struct {
	ID        string          `json:"id,omitempty" maxLength:"100" doc:"Lower-case letters, digits, - and _; made from the name when left out. With PUT the one in the path counts."`
	Name      string          `json:"name" minLength:"1" maxLength:"200"`
	Trigger   *triggerRefJSON `json:"trigger,omitempty"`
	OncePer   string          `json:"once_per,omitempty" maxLength:"100" doc:"event (the default), shipment, order, cart or customer: a second event for the same one makes no run."`
	Condition string          `json:"condition,omitempty" doc:"Left out: always."`
	Steps     []stepJSON      `json:"steps,omitempty"`

	Status                any `json:"status,omitempty" readOnly:"true" doc:"Ignored."`
	Version               any `json:"version,omitempty" readOnly:"true" doc:"Ignored."`
	LiveVersion           any `json:"live_version,omitempty" readOnly:"true" doc:"Ignored."`
	HasUnpublishedChanges any `json:"has_unpublished_changes,omitempty" readOnly:"true" doc:"Ignored."`
	Problems              any `json:"problems,omitempty" readOnly:"true" doc:"Ignored."`
	Warnings              any `json:"warnings,omitempty" readOnly:"true" doc:"Ignored."`
	CreatedAt             any `json:"created_at,omitempty" readOnly:"true" doc:"Ignored."`
	UpdatedAt             any `json:"updated_at,omitempty" readOnly:"true" doc:"Ignored."`
	UpdatedBy             any `json:"updated_by,omitempty" readOnly:"true" doc:"Ignored."`
	Activity              any `json:"activity,omitempty" readOnly:"true" doc:"Ignored."`
	Broken                any `json:"broken,omitempty" readOnly:"true" doc:"Ignored."`
}

// triggerRefJSON says what a workflow starts from.
type triggerRefJSON struct {
	Type             string    `json:"type,omitempty" maxLength:"100" doc:"One of GET /triggers."`
	AuthenticationID string    `json:"authentication_id,omitempty" maxLength:"100" doc:"The store."`
	Config           rawObject `json:"config,omitempty"`
}

// stepJSON is an action or control flow.
type stepJSON struct {
	ID        string       `json:"id,omitempty" doc:"A slug, unique in the workflow; later steps read Steps | id | ..."`
	Type      string       `json:"type,omitempty" doc:"One of GET /actions, or branch, delay, stop."`
	Config    rawObject    `json:"config,omitempty"`
	Branches  []branchJSON `json:"branches,omitempty" doc:"Of a branch: the first whose condition holds is taken."`
	Otherwise []stepJSON   `json:"otherwise,omitzero" doc:"Of a branch: the steps when none holds."`
	OnError   string       `json:"on_error,omitempty" doc:"stop (the default) or continue."`
	OnUnknown string       `json:"on_unknown,omitempty" doc:"repeat or hold, when nobody knows whether an attempt took effect; left out: what suits the action."`
	Retry     *retryJSON   `json:"retry,omitempty"`
	Disabled  bool         `json:"disabled,omitempty" doc:"Switched off: runs pass over it, over a branch with everything in it. Its problems are warnings."`
}

// branchJSON is one arm of a branch.
type branchJSON struct {
	Name      string     `json:"name,omitempty"`
	Condition string     `json:"condition,omitempty"`
	Steps     []stepJSON `json:"steps,omitzero"`
}

// retryJSON says how often and when a step is tried again.
type retryJSON struct {
	Attempts whole  `json:"attempts,omitempty" minimum:"-1000000000" maximum:"1000000000" doc:"Counts the first."`
	Backoff  string `json:"backoff,omitempty" doc:"exponential (the default) or constant."`
	First    string `json:"first,omitempty" doc:"A duration such as 5s."`
	Max      string `json:"max,omitempty" doc:"A duration such as 1h."`
}

// whole is a whole number however it is written: 5, 5.0 and 5e0 are one in JSON.
// The schema has looked at it by then; what is no whole number or too large does not come here.
type whole int

// UnmarshalJSON reads what the schema lets through.
func (n *whole) UnmarshalJSON(data []byte) error {
	var f float64
	if err := json.Unmarshal(data, &f); err != nil {
		return err
	}
	*n = whole(f)
	return nil
}

// versionJSON is an immutable version of a workflow.
type versionJSON struct {
	WorkflowID  string         `json:"workflow_id"`
	Version     int            `json:"version"`
	Name        string         `json:"name"`
	Trigger     triggerRefJSON `json:"trigger"`
	OncePer     string         `json:"once_per"`
	Condition   string         `json:"condition"`
	Steps       []stepJSON     `json:"steps"`
	PublishedAt string         `json:"published_at" format:"date-time"`
	PublishedBy string         `json:"published_by"`
	Note        string         `json:"note"`
}

func showWorkflow(c engine.Checked) workflowJSON {
	d := c.Draft
	w := workflowJSON{ID: c.ID, Name: d.Name, Trigger: showTriggerRef(d.Trigger), OncePer: oncePer(d), Condition: d.Condition,
		Steps: showSteps(d.Steps), Status: string(c.Status), Version: c.LastVersion, HasUnpublishedChanges: c.Changed,
		Problems: present(c.Problems), Warnings: present(c.Warnings), CreatedAt: stamp(c.CreatedAt), UpdatedAt: stamp(c.UpdatedAt), UpdatedBy: c.UpdatedBy}
	if c.LiveVersion > 0 {
		live := c.LiveVersion
		w.LiveVersion = &live
	}
	return w
}

func showVersion(v engine.Version) versionJSON {
	d := v.Definition
	return versionJSON{WorkflowID: v.WorkflowID, Version: v.Number, Name: d.Name, Trigger: showTriggerRef(d.Trigger), OncePer: oncePer(d),
		Condition: d.Condition, Steps: showSteps(d.Steps), PublishedAt: stamp(v.PublishedAt), PublishedBy: v.PublishedBy, Note: v.Note}
}

func oncePer(d engine.Definition) string {
	if d.OncePer == "" {
		return "event"
	}
	return d.OncePer
}

func showTriggerRef(t engine.TriggerRef) triggerRefJSON {
	return triggerRefJSON{Type: t.Type, AuthenticationID: t.AuthenticationID, Config: shown(t.Config)}
}

func showSteps(steps []engine.Step) []stepJSON {
	out := make([]stepJSON, len(steps))
	for i, st := range steps {
		out[i] = stepJSON{ID: st.ID, Type: st.Type, Config: rawObject(st.Config), OnError: st.OnError, OnUnknown: st.OnUnknown, Disabled: st.Disabled}
		if st.Type == engine.StepBranch || len(st.Otherwise) > 0 {
			out[i].Otherwise = showSteps(st.Otherwise)
		}
		for _, b := range st.Branches {
			out[i].Branches = append(out[i].Branches, branchJSON{Name: b.Name, Condition: b.Condition, Steps: showSteps(b.Steps)})
		}
		if r := st.Retry; r != nil {
			out[i].Retry = &retryJSON{Attempts: whole(r.Attempts), Backoff: r.Backoff, First: r.First, Max: r.Max}
		}
	}
	return out
}

func (w workflowInputJSON) definition() engine.Definition {
	d := engine.Definition{Name: w.Name, OncePer: w.OncePer, Condition: w.Condition, Steps: readSteps(w.Steps)}
	if w.Trigger != nil {
		d.Trigger = w.Trigger.ref()
	}
	return d
}

func (t triggerRefJSON) ref() engine.TriggerRef {
	return engine.TriggerRef{Type: t.Type, AuthenticationID: t.AuthenticationID, Config: json.RawMessage(t.Config)}
}

func readSteps(steps []stepJSON) []engine.Step {
	if len(steps) == 0 {
		return nil
	}
	out := make([]engine.Step, len(steps))
	for i, st := range steps {
		out[i] = engine.Step{ID: st.ID, Type: st.Type, Config: json.RawMessage(st.Config), OnError: st.OnError,
			OnUnknown: st.OnUnknown, Otherwise: readSteps(st.Otherwise), Disabled: st.Disabled}
		for _, b := range st.Branches {
			out[i].Branches = append(out[i].Branches, engine.Branch{Name: b.Name, Condition: b.Condition, Steps: readSteps(b.Steps)})
		}
		if r := st.Retry; r != nil {
			out[i].Retry = &engine.Retry{Attempts: int(r.Attempts), Backoff: r.Backoff, First: r.First, Max: r.Max}
		}
	}
	return out
}
