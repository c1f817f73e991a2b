package engine

import (
	"context"
	"encoding/json"

	"cartwheel/merge"
)

// Trial asks for a test run. The zero value shows the draft's run for the trigger's own sample and sends nothing.
type Trial struct {
	// Definition is tried in the place of the draft: what is on the screen. nil: the draft.
	Definition *Definition
	Source     Source
	// Until is the step that the test ends with. "": it goes to the end.
	Until string
	// Mail sends the mails, to MailTo and to nobody else.
	Mail   bool
	MailTo string
	// Calls really makes the calls of the other actions.
	Calls bool
}

// Redirector is an Action that writes to a person. In a test run the tester gets what that person would get.
type Redirector interface {
	// Redirect changes a rendered config so that to alone gets the message: the subject marked as a test, the recipient
	// of a live run named in the first line, nobody in copy. It returns that recipient's bare address, too.
	// Errors as of Do.
	Redirect(config json.RawMessage, to string) (redirected json.RawMessage, recipient string, err error)
}

// TrialStore notes in the audit log what somebody has done that leaves the machine and changes nothing here.
type TrialStore interface {
	// NoteTrial is called before anything is sent.
	NoteTrial(ctx context.Context, n TrialNote) error
}

// TrialNote is one such thing.
type TrialNote struct {
	Action string // workflow.test, authentication.test_mail, authentication.repair_hooks
	ID     string // of the workflow or authentication
	MailTo string // "": no mail
	Calls  bool
}

// TestRun is a run as it would be. Nothing of it is stored.
type TestRun struct {
	Matched     bool
	Reason      string
	Explanation []Comparison
	Problems    []merge.Problem // of the definition; what could not be read
	Status      RunStatus
	Steps       []TestStep
}

// TestStep is a step of a TestRun.
type TestStep struct {
	ID     string
	Type   string
	Status StepStatus      // succeeded, skipped, failed; pending: nobody can tell without really doing an earlier step
	Reason string          // which branch was taken, how long it would wait, what is wrong, what this test cannot know
	Config json.RawMessage // rendered
	// Request is exactly what a live run would send, secrets as ***.
	Request string
	// Sent says that something has left in this test; SentTo is the tester's address when it was a mail.
	Sent   bool
	SentTo string
	// Response is what really came back, and Output what later steps read of it. A branch has its Output always.
	Response  string
	Output    json.RawMessage
	WouldWait string // "3d"
	Arms      []TestArm
	Codes     []CodeUse
	Problems  []merge.Problem
}

// TestArm is one branch of a branch step with what its condition says.
type TestArm struct {
	Name        string
	Condition   string
	Result      *bool // nil: the condition has problems
	Taken       bool
	Reason      string
	Explanation []Comparison
}
