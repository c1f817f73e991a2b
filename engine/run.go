package engine

import (
	"context"
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
	StepHeld      StepStatus = "held" // its outcome is unknown, or its recipient has had enough; a person decides
)

// StepState is one step of a run.
type StepState struct {
	StepID        string
	Status        StepStatus
	Reason        string
	Output        json.RawMessage // an object; redacted
	NextAttemptAt *time.Time
	StartedAt     *time.Time // when the run came to it; nil: not known
	EndedAt       *time.Time // when it succeeded or failed
	// Request is the rendered config, stored with the first attempt and equal
	// over all of them. It holds no secrets: those are in the authentication.
	Request json.RawMessage
	// Since is the number of attempts before the last retry by hand: the count of the schedule starts there.
	Since    int
	ByHand   bool // a person has asked for it to be tried: the limit of its recipient does not hold it
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

// RunChange is everything that one commit changes at a run.
type RunChange struct {
	RunID    string
	Revision int64 // the run must still have it, else Conflict; it has one more afterwards
	Status   RunStatus
	Reason   string
	// NextAttemptAt is for people; when the run goes on stands in Job.
	NextAttemptAt *time.Time
	FinishedAt    *time.Time
	Steps         []StepState // written whole
	// Counted is the mail whose first attempt begins with this change, Uncounted one that did not go out after all.
	Counted, Uncounted *CountedMail
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
	Version                                      int
	Entity                                       string    // of its event; customer/7: the events about that customer's things too
	From, To                                     time.Time // created from the first on and before the second
}

// Run returns one run with all its steps. Errors: NotFound.
func (e *Engine) Run(ctx context.Context, id string) (RunView, error) {
	run, err := e.Store.Run(ctx, id)
	if err != nil {
		return RunView{}, err
	}
	return e.viewRun(ctx, run)
}

// Runs lists runs, newest first, without their steps.
func (e *Engine) Runs(ctx context.Context, f RunFilter, p Page) ([]Run, string, error) {
	return e.Store.Runs(ctx, f, p)
}

// viewRun puts the steps in the order of the definition and adds those that have not begun.
func (e *Engine) viewRun(ctx context.Context, run Run) (RunView, error) {
	v, err := e.Store.Version(ctx, VersionRef{run.WorkflowID, run.Version})
	if err != nil {
		return RunView{}, err
	}
	p, _, _ := e.compile(v.Definition)
	states := map[string]*StepState{}
	for i := range run.Steps {
		states[run.Steps[i].StepID] = &run.Steps[i]
	}
	view := RunView{Run: run, Definition: v.Definition, Steps: make([]StepView, len(p.flat))}
	if err := e.surround(ctx, &view); err != nil {
		return RunView{}, err
	}
	for _, n := range p.flat {
		s := StepState{StepID: n.ID, Status: StepPending}
		if known, ok := states[n.ID]; ok {
			s = *known
		}
		if run.ended() && (s.Status == StepPending || s.Status == StepRunning || s.Status == StepWaiting || s.Status == StepHeld) {
			s.Status, s.NextAttemptAt = StepSkipped, nil
		}
		if n.off {
			s.Status, s.Reason = StepSkipped, switchedOff
		}
		view.Steps[n.number] = StepView{StepState: s, Type: n.Type}
	}
	skipUntaken(p.root, states, view.Steps)
	return view, nil
}

// surround adds what belongs to a run beside its steps.
func (e *Engine) surround(ctx context.Context, view *RunView) error {
	others, _, err := e.Store.Runs(ctx, RunFilter{EventID: view.EventID}, Page{Limit: 200})
	if err != nil {
		return err
	}
	for _, r := range others {
		if r.ID != view.ID {
			view.Others = append(view.Others, r)
		}
	}
	facts, err := e.Store.RunFacts(ctx, []Run{view.Run})
	if err != nil {
		return err
	}
	view.Facts = facts[0]
	names, err := e.Store.WorkflowNames(ctx, view.WorkflowID)
	if err != nil {
		return err
	}
	view.WorkflowName = names[view.WorkflowID]
	ev, err := e.Store.Event(ctx, view.EventID)
	if CodeOf(err) == NotFound {
		return nil
	}
	view.ReceivedAt = &ev.ReceivedAt
	return err
}

// skipUntaken shows the steps of the arms that a branch did not take as skipped.
func skipUntaken(nodes []*node, states map[string]*StepState, steps []StepView) {
	for _, n := range nodes {
		if n.Type != StepBranch {
			continue
		}
		s, decided := states[n.ID]
		decided = decided && s.Status == StepSucceeded
		var out branchOutput
		if decided {
			out = branchOutputOf(s)
		}
		for i, a := range n.arms {
			if decided && out.Arm != i+1 {
				skipAll(a.steps, steps)
			} else {
				skipUntaken(a.steps, states, steps)
			}
		}
		if decided && out.Arm != 0 {
			skipAll(n.otherwise, steps)
		} else {
			skipUntaken(n.otherwise, states, steps)
		}
	}
}

func skipAll(nodes []*node, steps []StepView) {
	for _, n := range nodes {
		steps[n.number].Status = StepSkipped
		for _, a := range n.arms {
			skipAll(a.steps, steps)
		}
		skipAll(n.otherwise, steps)
	}
}

// RetryRun goes on from the step that failed, is held, or waits for its next
// attempt: now, with the same key. Errors: NotFound, Conflict.
func (e *Engine) RetryRun(ctx context.Context, id string) (RunView, error) {
	run, err := e.Store.Run(ctx, id)
	if err != nil {
		return RunView{}, err
	}
	if run.Status != RunFailed && run.Status != RunWaiting {
		return RunView{}, Errorf(Conflict, "Only a run that failed or waits can be retried; this one is %s.", run.Status)
	}
	p, err := e.programs.get(ctx, VersionRef{run.WorkflowID, run.Version})
	if err != nil {
		return RunView{}, err
	}
	again := retryable(run, p)
	if again == nil {
		return RunView{}, Errorf(Conflict, "No step of this run failed, is held or waits for another attempt.")
	}
	again.Status, again.Reason, again.NextAttemptAt, again.EndedAt, again.Since = StepPending, "", nil, nil, len(again.Attempts)
	again.ByHand = true
	now := e.now()
	_, err = e.Store.SaveRun(ctx, RunChange{RunID: run.ID, Revision: run.Revision, Status: RunRunning, Steps: []StepState{*again}, Next: &now})
	if err != nil {
		return RunView{}, err
	}
	run.Status = RunRunning
	e.feed.run(run)
	return e.Run(ctx, id)
}

// retryable is the step that a retry goes on from.
func retryable(run Run, p *program) *StepState {
	for i := range run.Steps {
		s := &run.Steps[i]
		n := p.node(s.StepID)
		if n == nil || n.action == nil && s.Status != StepFailed {
			continue
		}
		switch s.Status {
		case StepHeld, StepWaiting:
			return s
		case StepFailed:
			if n.stopsRun() {
				return s
			}
		}
	}
	return nil
}

func (p *program) node(id string) *node {
	for _, n := range p.flat {
		if n.ID == id {
			return n
		}
	}
	return nil
}

// CancelRun ends a run. An attempt that is under way cannot be called back; what
// it brings is noted. Errors: NotFound, Conflict.
func (e *Engine) CancelRun(ctx context.Context, id string) (RunView, error) {
	for range 3 { // a worker may change the run at the same moment
		run, err := e.Store.Run(ctx, id)
		if err != nil {
			return RunView{}, err
		}
		if run.ended() {
			return RunView{}, Errorf(Conflict, "The run has ended already: it is %s.", run.Status)
		}
		now := e.now()
		_, err = e.Store.SaveRun(ctx, RunChange{RunID: run.ID, Revision: run.Revision, Status: RunCancelled, Reason: "Cancelled by hand.", FinishedAt: &now})
		if CodeOf(err) == Conflict {
			continue
		}
		if err != nil {
			return RunView{}, err
		}
		e.metrics.runs.WithLabelValues(string(RunCancelled)).Inc()
		run.Status = RunCancelled
		e.feed.run(run)
		return e.Run(ctx, id)
	}
	return RunView{}, Errorf(Conflict, "The run is being changed right now. Try again.")
}
