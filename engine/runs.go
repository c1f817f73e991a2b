package engine

import "context"

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
	view := RunView{Run: run, Steps: make([]StepView, len(p.flat))}
	for _, n := range p.flat {
		s := StepState{StepID: n.ID, Status: StepPending}
		if known, ok := states[n.ID]; ok {
			s = *known
		}
		if run.ended() && (s.Status == StepPending || s.Status == StepRunning || s.Status == StepWaiting || s.Status == StepHeld) {
			s.Status, s.NextAttemptAt = StepSkipped, nil
		}
		view.Steps[n.number] = StepView{StepState: s, Type: n.Type}
	}
	skipUntaken(p.root, states, view.Steps)
	return view, nil
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
	again.Status, again.Reason, again.NextAttemptAt, again.Since = StepPending, "", nil, len(again.Attempts)
	now := e.now()
	_, err = e.Store.SaveRun(ctx, RunChange{RunID: run.ID, Revision: run.Revision, Status: RunRunning, Steps: []StepState{*again}, Next: &now})
	if err != nil {
		return RunView{}, err
	}
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
		return e.Run(ctx, id)
	}
	return RunView{}, Errorf(Conflict, "The run is being changed right now. Try again.")
}
