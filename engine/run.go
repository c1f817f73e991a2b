package engine

import (
	"encoding/json"
	"time"
)

// Run is one workflow version working through one event.
type Run struct {
	ID            string // UUIDv7
	WorkflowID    string
	Version       int
	EventID       string
	Entity        string
	Status        RunStatus
	Reason        string // why it waits or failed
	Revision      int64  // counts changes; SaveRun checks it
	NextAttemptAt *time.Time
	CreatedAt     time.Time
	FinishedAt    *time.Time
	Steps         []StepState // those that are not pending, in no order; empty in lists
}

// RunStatus is how far a run is.
type RunStatus string

// The statuses of a run.
const (
	RunRunning   RunStatus = "running"
	RunWaiting   RunStatus = "waiting"
	RunSucceeded RunStatus = "succeeded"
	RunFailed    RunStatus = "failed"
	RunCancelled RunStatus = "cancelled"
)

// StepStatus is how far a step of a run is.
type StepStatus string

// The statuses of a step.
const (
	StepPending   StepStatus = "pending"
	StepRunning   StepStatus = "running"
	StepWaiting   StepStatus = "waiting"
	StepSucceeded StepStatus = "succeeded"
	StepFailed    StepStatus = "failed"
	StepSkipped   StepStatus = "skipped"
	StepHeld      StepStatus = "held" // its outcome is unknown; a person decides
)

// StepState is one step of a run.
type StepState struct {
	StepID        string
	Status        StepStatus
	Reason        string
	Output        json.RawMessage // an object; redacted
	NextAttemptAt *time.Time
	// Request is the rendered config, stored with the first attempt and equal
	// over all of them. It holds no secrets: those are in the authentication.
	Request json.RawMessage
	// Since is the number of attempts before the last retry by hand: the count of the schedule starts there.
	Since    int
	Attempts []Attempt
}

// Attempt is one try of a step.
type Attempt struct {
	Number     int // counts from 1
	StartedAt  time.Time
	Began      bool // it may have taken effect
	FinishedAt *time.Time
	Error      string
	Request    string // as people may see it
	Response   string
}

// StepAttempt is an attempt with the step that it belongs to.
type StepAttempt struct {
	StepID string
	Attempt
}

// RunChange is everything that one commit changes at a run.
type RunChange struct {
	RunID    string
	Revision int64 // the run must still have it, else Conflict; it has one more afterwards
	Status   RunStatus
	Reason   string
	// NextAttemptAt is for people; when the run goes on stands in Job.
	NextAttemptAt *time.Time
	FinishedAt    *time.Time
	Steps         []StepState   // written whole, but for their Attempts
	Attempts      []StepAttempt // inserted or replaced, by step and Number
	// Job is the job that the worker holds (the zero Job when a person acts).
	Job Job
	// Next is when the run goes on: its job is put there. nil: the job is done with.
	// With Hold the job is left alone: the worker goes on with it.
	Next *time.Time
	Hold bool
}

// RunFilter narrows a list of runs; zero members do not.
type RunFilter struct {
	WorkflowID, EventID, Email, AuthenticationID string
	Status                                       RunStatus
}
