package engine

import (
	"encoding/json"
	"time"

	"cartwheel/merge"
)

// Checked is a workflow with what is wrong with its draft.
type Checked struct {
	Workflow
	Problems []merge.Problem // publish refuses these
	Warnings []merge.Problem // advice
}

// AuthenticationInput is what a person gives to make an authentication.
type AuthenticationInput struct {
	ID      string // slug; "": made from Name
	Name    string
	Type    string
	Config  json.RawMessage
	Secrets map[string]string
}

// AuthenticationPatch changes an authentication; nil members stay.
type AuthenticationPatch struct {
	Name    *string
	Config  json.RawMessage    // an object: null removes a member, one left out stays
	Secrets map[string]*string // nil removes; a name left out stays
}

// AuthenticationView is an authentication with what uses it.
type AuthenticationView struct {
	Authentication
	UsedBy []string // workflow ids
	// WebhookURL is where its source sends webhooks, "" if it takes none. Not for editors and viewers: it is a secret address.
	WebhookURL string
	// Health is whether it works, and HealthState that in a word.
	Health      Health
	HealthState string
}

// RunView is a run with its steps in the order of the definition, those that have not begun included.
type RunView struct {
	Run
	Steps        []StepView
	Definition   Definition // of the version that it runs
	WorkflowName string
	Facts        RunFacts
	ReceivedAt   *time.Time // its event; nil: not known
	Others       []Run      // of the same event
}

// Item is the view as lists show it.
func (v RunView) Item() RunItem {
	return RunItem{Run: v.Run, RunFacts: v.Facts, WorkflowName: v.WorkflowName}
}

// StepView is a step of a run, for people.
type StepView struct {
	StepState
	Type string
}

// Source says for which event a preview is made: a stored one, a kept sample, a payload, or (none of them) the trigger's own sample.
type Source struct {
	EventID  string
	SampleID string
	Payload  *merge.Object
}

// PreviewInput asks for a rendered template.
type PreviewInput struct {
	Template string
	Place    merge.Place
	Trigger  TriggerRef
	Source   Source
}

// PlacedTemplate is a template with the place where its values land.
type PlacedTemplate struct {
	Text  string
	Place merge.Place
}

// PreviewsInput asks for many rendered templates, each under a name of the asker's.
type PreviewsInput struct {
	Templates map[string]PlacedTemplate
	Trigger   TriggerRef
	Source    Source
}

// Preview is a rendered template.
type Preview struct {
	Output   string
	Codes    []CodeUse
	Problems []merge.Problem
}

// CodeUse is one merge code of a preview with its wire value.
type CodeUse struct {
	Code     merge.Code
	Value    any
	Status   string // ok missing unknown not_fetched
	Personal bool
}

// The statuses of a CodeUse.
const (
	CodeOK         = "ok"
	CodeMissing    = "missing"
	CodeUnknown    = "unknown"
	CodeNotFetched = "not_fetched"
)

// ConditionInput asks what a condition says.
type ConditionInput struct {
	Condition string
	Trigger   TriggerRef
	Source    Source
}

// ConditionCheck is what a condition says. Result is nil while there are problems.
type ConditionCheck struct {
	OK          bool
	Result      *bool
	Reason      string
	Problems    []merge.Problem
	Explanation []Comparison
	Rules       []RuleResult // one per row of the visual form; none while there are problems
}

// Comparison is one part of a condition with what it saw.
type Comparison struct {
	Expression string   `json:"expression"`
	Value      any      `json:"value"`
	Result     any      `json:"result"`
	Missing    []string `json:"missing,omitempty"`
}
