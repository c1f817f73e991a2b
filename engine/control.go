package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cartwheel/engine/cond"
	"cartwheel/merge"
)

// RunEnded is told to Watch when a run has come to an end.
type RunEnded struct{ Run Run }

// worker takes one run forward. It keeps what has changed and writes it with the next commit.
type worker struct {
	*Engine
	run     Run
	event   *Event // not to be changed: the runs of one event share it
	program *program
	job     Job
	states  map[string]*StepState
	changed map[string]bool
	result  bool       // an attempt has ended and is not written yet
	start   *RunChange // of a run that is not stored yet: what its first commit will be (prepare)
	begun   *begun     // the attempt that the first commit begins
	mail    mailCount
}

func (e *Engine) newWorker(run Run, event *Event, p *program, j Job) *worker {
	w := &worker{Engine: e, run: run, event: event, program: p, job: j, states: map[string]*StepState{}, changed: map[string]bool{}}
	for i := range run.Steps {
		w.states[run.Steps[i].StepID] = &run.Steps[i]
	}
	return w
}

// work goes on with a run, from wherever it stands, until it waits or ends.
func (e *Engine) work(ctx context.Context, j Job) error {
	if w, ok := j.Carry.(*worker); ok {
		w.job = j
		return w.settle(ctx, w.goOnFromStart(ctx))
	}
	w, err := e.toWork(ctx, j)
	if w == nil || err != nil {
		return err
	}
	return w.settle(ctx, w.goOn(ctx))
}

// toWork reads the run of a job. nil: there is nothing to do, and the job is settled.
func (e *Engine) toWork(ctx context.Context, j Job) (*worker, error) {
	run, err := e.Store.Run(ctx, j.Ref)
	if CodeOf(err) == NotFound || err == nil && run.ended() {
		return nil, e.Store.FinishJob(ctx, j)
	}
	if err != nil {
		return nil, err
	}
	event, err := e.Store.Event(ctx, run.EventID)
	if err != nil {
		return nil, err
	}
	p, err := e.programs.get(ctx, VersionRef{run.WorkflowID, run.Version})
	w := e.newWorker(run, &event, p, j)
	if CodeOf(err) == Invalid {
		return nil, w.end(ctx, RunFailed, MessageOf(err))
	}
	return w, err
}

// settle deals with the error that work on a run has ended with.
func (w *worker) settle(ctx context.Context, err error) error {
	if err != nil && CodeOf(err) != Conflict && w.result {
		// What an act has brought must not be lost with an error that came after it.
		if saved := w.save(ctx, RunChange{Status: RunRunning, Hold: true}); saved != nil {
			err = saved
		}
	}
	if CodeOf(err) == Conflict {
		return w.afterConflict(ctx)
	}
	return err
}

func (r Run) ended() bool { return r.FinishedAt != nil }

// goOn does one step after the other.
func (w *worker) goOn(ctx context.Context) error {
	for {
		n, stop := w.next(w.program.root)
		if n == nil || stop {
			return w.end(ctx, RunSucceeded, "")
		}
		var waits bool
		var err error
		switch n.Type {
		case StepBranch:
			waits, err = w.branch(ctx, n)
		case StepDelay:
			waits, err = w.delay(ctx, n)
		case StepStop:
			w.set(n, StepSucceeded, "")
		default:
			waits, err = w.act(ctx, n)
		}
		if waits || err != nil {
			return err
		}
	}
}

// next finds the first step that is not finished, going down into the branches
// that were taken. stop: a stop step has been passed.
func (w *worker) next(nodes []*node) (n *node, stop bool) {
	for _, n := range nodes {
		if n.off {
			continue
		}
		switch w.status(n) {
		case StepSucceeded:
			if n.Type == StepStop {
				return nil, true
			}
			if n.Type == StepBranch {
				if inner, stop := w.next(w.taken(n)); inner != nil || stop {
					return inner, stop
				}
			}
		case StepFailed, StepSkipped: // failed: on_error continue, else the run had ended
		default:
			return n, false
		}
	}
	return nil, false
}

func (w *worker) status(n *node) StepStatus {
	if s, ok := w.states[n.ID]; ok {
		return s.Status
	}
	return StepPending
}

// branchOutput is the output of a branch step.
type branchOutput struct {
	Branch string `json:"branch"` // its name; "otherwise"
	Arm    int    `json:"arm"`    // its place, from 1; 0: otherwise
	Reason string `json:"reason"`
}

func branchOutputOf(s *StepState) branchOutput {
	var out branchOutput
	_ = json.Unmarshal(s.Output, &out) // we wrote it
	return out
}

// taken are the steps of the arm that a finished branch step took.
func (w *worker) taken(n *node) []*node {
	out := branchOutputOf(w.states[n.ID])
	if out.Arm >= 1 && out.Arm <= len(n.arms) {
		return n.arms[out.Arm-1].steps
	}
	return n.otherwise
}

// state returns n's state to be changed.
func (w *worker) state(n *node) *StepState {
	s, ok := w.states[n.ID]
	if !ok {
		now := w.now()
		s = &StepState{StepID: n.ID, Status: StepPending, StartedAt: &now}
		w.states[n.ID] = s
	}
	w.changed[n.ID] = true
	return s
}

func (w *worker) set(n *node, status StepStatus, reason string) *StepState {
	s := w.state(n)
	s.Status, s.Reason, s.NextAttemptAt = status, reason, nil
	if status == StepSucceeded || status == StepFailed {
		now := w.now()
		s.EndedAt = &now
	}
	if status != StepRunning && status != StepWaiting {
		w.metrics.steps.WithLabelValues(n.Type, string(status)).Inc()
	}
	return s
}

// root is what conditions and templates see now: the event's values and what the steps before have put out.
func (w *worker) root() merge.Object {
	root := rootOf(w.event, w.event.Values)
	var steps merge.Object
	for _, n := range w.program.flat {
		if s, ok := w.states[n.ID]; ok && len(s.Output) > 0 {
			if out, err := merge.DecodeObject(s.Output); err == nil {
				steps.Set(n.ID, out)
			}
		}
	}
	root.Set(stepsRoot, steps)
	return root
}

// branch takes the first arm whose condition holds.
func (w *worker) branch(ctx context.Context, n *node) (waits bool, err error) {
	out := branchOutput{Branch: "otherwise", Reason: "No branch's condition holds."}
	env := w.env(w.root())
	var judge cond.Judge
	for i, a := range n.arms {
		holds, reason, err := w.verdict(&judge, a.condition, env)
		w.noteLimit(ctx, w.run.WorkflowID, err)
		if errors.Is(err, merge.ErrSlow) {
			return true, err // the machine's fault: the queue brings it back
		}
		if err != nil {
			return w.fail(ctx, n, conditionFailed(err))
		}
		if holds {
			out = branchOutput{Branch: a.name, Arm: i + 1, Reason: reason}
			break
		}
	}
	raw, err := json.Marshal(out)
	if err != nil {
		return false, err
	}
	w.set(n, StepSucceeded, out.Reason).Output = raw
	return false, nil
}

// delay waits, durably and never early.
func (w *worker) delay(ctx context.Context, n *node) (waits bool, err error) {
	s := w.state(n)
	now := w.now()
	// A clock that was put back since does not make it longer than was meant.
	if due := ceilMilli(now.Add(n.delay)); s.NextAttemptAt == nil || s.NextAttemptAt.After(due) {
		s.NextAttemptAt = &due
	}
	if now.Before(*s.NextAttemptAt) {
		s.Status = StepWaiting
		due := *s.NextAttemptAt
		return true, w.wait(ctx, fmt.Sprintf("Waits until %s.", due.UTC().Format("2 Jan 2006 15:04:05 MST")), due)
	}
	w.set(n, StepSucceeded, "")
	return false, nil
}

// ceilMilli rounds up to the millisecond, which is how exactly times are stored.
func ceilMilli(t time.Time) time.Time {
	if cut := t.Truncate(time.Millisecond); !cut.Equal(t) {
		return cut.Add(time.Millisecond)
	}
	return t
}

// fail ends a step without success, and the run with it unless the step says continue.
func (w *worker) fail(ctx context.Context, n *node, reason string) (ends bool, err error) {
	w.set(n, StepFailed, reason)
	if !n.stopsRun() {
		return false, nil
	}
	return true, w.end(ctx, RunFailed, fmt.Sprintf("Step %s: %s", n.ID, reason))
}

// end finishes the run.
func (w *worker) end(ctx context.Context, status RunStatus, reason string) error {
	now := w.now()
	err := w.save(ctx, RunChange{Status: status, Reason: reason, FinishedAt: &now})
	if err == nil {
		w.ended(status, reason, now)
	}
	return err
}

// ended tells that the end of the run is stored.
func (w *worker) ended(status RunStatus, reason string, at time.Time) {
	w.metrics.runs.WithLabelValues(string(status)).Inc()
	w.run.Status, w.run.Reason, w.run.FinishedAt = status, reason, &at
	w.tell(RunEnded{w.run})
}

// wait puts the run aside until a time.
func (w *worker) wait(ctx context.Context, reason string, until time.Time) error {
	return w.save(ctx, RunChange{Status: RunWaiting, Reason: reason, NextAttemptAt: &until, Next: &until})
}

// requeue puts the run back into the queue, for the next start.
func (w *worker) requeue(ctx context.Context) error {
	now := w.now()
	return w.save(ctx, RunChange{Status: RunRunning, Next: &now})
}

// save commits c with everything that has changed since the last commit.
func (w *worker) save(ctx context.Context, c RunChange) error {
	c.RunID, c.Revision, c.Job = w.run.ID, w.run.Revision, w.job
	for id := range w.changed {
		c.Steps = append(c.Steps, *w.states[id])
	}
	w.mail.into(&c)
	if w.start != nil {
		*w.start = c
		return errPrepared
	}
	revision, err := w.persist(ctx, c)
	if err != nil {
		return err
	}
	w.run.Revision, w.result = revision, false
	w.mail.saved(w.sending.mails)
	w.follow(c)
	clear(w.changed)
	return nil
}

// follow tells those who look on what was stored.
func (w *worker) follow(c RunChange) {
	r := w.run
	r.Status = c.Status
	w.feed.run(r)
}

// What an act has brought is saved even while the program is stopping, and more
// than once when the database is busy: it stands nowhere else.
const (
	saveLimit = 5 * time.Second
	saveTries = 3
	savePause = 200 * time.Millisecond
)

func (w *worker) persist(ctx context.Context, c RunChange) (revision int64, err error) {
	if !w.result {
		return w.Store.SaveRun(ctx, c)
	}
	for range saveTries {
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveLimit)
		revision, err = w.Store.SaveRun(limited, c)
		cancel()
		if CodeOf(err) != Temporary {
			return revision, err
		}
		time.Sleep(savePause) // the database is locked or full: nothing tells when it is not
	}
	return revision, err
}

// afterConflict: somebody cancelled or changed the run while a step was at
// work. What the attempt brought is kept; the run goes on as they left it.
func (w *worker) afterConflict(ctx context.Context) error {
	now, err := w.Store.Run(ctx, w.run.ID)
	if err != nil {
		return err
	}
	c := RunChange{RunID: now.ID, Revision: now.Revision, Status: now.Status, Reason: now.Reason,
		NextAttemptAt: now.NextAttemptAt, FinishedAt: now.FinishedAt, Job: w.job}
	for id := range w.changed {
		c.Steps = append(c.Steps, joined(*w.states[id], now.Steps))
	}
	if !now.ended() {
		at := w.now()
		c.Next = &at
	}
	w.mail.into(&c)
	_, err = w.persist(ctx, c)
	if CodeOf(err) == Conflict {
		return errors.New("the run is being changed by several at once")
	}
	if err == nil {
		w.mail.saved(w.sending.mails)
	}
	return err
}

// joined is mine, unless a person has meanwhile begun the step anew: then it is theirs, with my attempts.
func joined(mine StepState, theirs []StepState) StepState {
	for _, s := range theirs {
		if s.StepID == mine.StepID && s.Since > mine.Since {
			s.Attempts = mine.Attempts
			return s
		}
	}
	return mine
}
