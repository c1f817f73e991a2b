package engine

import (
	"encoding/json"
	"time"
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
