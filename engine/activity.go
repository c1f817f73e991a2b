package engine

import (
	"context"
	"time"
)

// Activity is what a workflow has been doing.
type Activity struct {
	LastRun     *LastRun
	Runs24h     int // runs begun in this hour and the 23 before it
	Failures24h int // those of them that have failed
	Waiting     int
	Open        []OpenRuns // by version, newest first
}

// LastRun is the newest run of a workflow.
type LastRun struct {
	ID        string
	Status    RunStatus
	CreatedAt time.Time
}

// OpenRuns counts the runs of a version that have not ended.
type OpenRuns struct {
	Version          int
	Running, Waiting int
}

// ActivityStore counts runs and events. None of its methods reads more rows than it says.
type ActivityStore interface {
	// Activities tells what each workflow that has runs, deleted ones too, has been doing, but for Runs24h. Failures24h
	// counts the runs created since.
	Activities(ctx context.Context, since time.Time) (map[string]Activity, error)
	// StartedRuns counts the runs created from a moment on and before another, by workflow.
	StartedRuns(ctx context.Context, from, to time.Time) (map[string]int, error)
	// FinishedRuns counts the runs that ended in a time, and looks at some of them.
	FinishedRuns(ctx context.Context, from, to time.Time) (Finished, error)
	// ReceivedEvents counts the events that came in a time.
	ReceivedEvents(ctx context.Context, from, to time.Time) (int, error)
	// RunStatuses returns the statuses of the newest runs of a workflow that have ended, newest first, at most n.
	RunStatuses(ctx context.Context, workflowID string, n int) ([]RunStatus, error)
	// FailedRuns returns the newest failed runs created since, at most n.
	FailedRuns(ctx context.Context, since time.Time, n int) ([]Run, error)
	// HeldRuns counts the runs with a step that waits for a person; oldest is nil when there is none.
	HeldRuns(ctx context.Context) (n int, oldest *Run, err error)
	// LiveWorkflows returns the newest state of every live workflow, Draft with its name alone.
	LiveWorkflows(ctx context.Context) ([]Workflow, error)
	// WorkflowNames returns the names of workflows, of deleted ones too.
	WorkflowNames(ctx context.Context, ids ...string) (map[string]string, error)
	// RunFacts returns what lists tell of runs beside their rows, in their order.
	RunFacts(ctx context.Context, runs []Run) ([]RunFacts, error)
	// CancelRuns ends at most limit waiting runs of a workflow, of one version or (0) of all, and returns them.
	CancelRuns(ctx context.Context, workflowID string, version int, reason string, limit int) ([]Run, error)
	// Size is how many bytes the database has.
	Size(ctx context.Context) (int64, error)
}

// Finished is what became of the runs that ended in a time.
type Finished struct {
	Succeeded, Failed, Cancelled int
	Samples                      []FinishedRun // some that succeeded
}

// FinishedRun is how long a run took.
type FinishedRun struct {
	Version    VersionRef
	ReceivedAt time.Time // its event
	FinishedAt time.Time
}

// RunFacts are what a list tells of a run beside its row.
type RunFacts struct {
	StepID   string // where it stands or has failed; "" when it ended otherwise
	Attempts int
	Email    string // of the shopper; "": not known
}

// RunItem is a run in a list.
type RunItem struct {
	Run
	RunFacts
	WorkflowName string
}

// RunItems lists runs, newest first, with what people want to see of them.
func (e *Engine) RunItems(ctx context.Context, f RunFilter, p Page) ([]RunItem, string, error) {
	runs, next, err := e.Store.Runs(ctx, f, p)
	if err != nil {
		return nil, "", err
	}
	facts, err := e.Store.RunFacts(ctx, runs)
	if err != nil {
		return nil, "", err
	}
	names, err := e.workflowNames(ctx, runs)
	if err != nil {
		return nil, "", err
	}
	items := make([]RunItem, len(runs))
	for i, r := range runs {
		items[i] = RunItem{Run: r, RunFacts: facts[i], WorkflowName: names[r.WorkflowID]}
	}
	return items, next, nil
}

func (e *Engine) workflowNames(ctx context.Context, runs []Run) (map[string]string, error) {
	seen := map[string]bool{}
	var ids []string
	for _, r := range runs {
		if !seen[r.WorkflowID] {
			seen[r.WorkflowID] = true
			ids = append(ids, r.WorkflowID)
		}
	}
	if len(ids) == 0 {
		return map[string]string{}, nil
	}
	return e.Store.WorkflowNames(ctx, ids...)
}

// cancelBatch is how many runs are cancelled in one commit.
const cancelBatch = 200

// CancelRuns ends the waiting runs of a workflow, of one version or (0) of all. Errors: NotFound.
func (e *Engine) CancelRuns(ctx context.Context, workflowID string, version int) (int, error) {
	if _, err := e.Store.Workflow(ctx, workflowID); err != nil {
		return 0, err
	}
	for cancelled := 0; ; {
		runs, err := e.Store.CancelRuns(ctx, workflowID, version, "Cancelled by hand, with all that waited.", cancelBatch)
		if err != nil {
			return cancelled, err
		}
		cancelled += len(runs)
		e.metrics.runs.WithLabelValues(string(RunCancelled)).Add(float64(len(runs)))
		for _, r := range runs {
			e.feed.run(r)
		}
		if len(runs) < cancelBatch {
			e.standing.forget()
			return cancelled, nil
		}
	}
}
