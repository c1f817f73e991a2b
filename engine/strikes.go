package engine

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"cartwheel/merge"
)

// maxStrikes is how many work-limit errors in a row pause a workflow.
const maxStrikes = 3

// strikes counts the work-limit errors in a row, by workflow.
type strikes struct {
	mu    sync.Mutex
	any   atomic.Bool // there is a count; mostly there is none
	count map[string]int
}

func (s *strikes) add(workflow string, limited bool) int {
	if !limited && !s.any.Load() {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !limited {
		delete(s.count, workflow)
		s.any.Store(len(s.count) > 0)
		return 0
	}
	s.any.Store(true)
	if s.count == nil {
		s.count = map[string]int{}
	}
	s.count[workflow]++
	return s.count[workflow]
}

// pausedNotice follows the reason of the decision that paused its workflow.
const pausedNotice = " It was the third time in a row, so the workflow is paused now."

// noteLimit pauses a workflow that has asked for too much work three times in a row.
func (e *Engine) noteLimit(ctx context.Context, workflow string, err error) (paused bool) {
	if errors.Is(err, merge.ErrSlow) || e.limits.add(workflow, errors.Is(err, merge.ErrLimit)) < maxStrikes {
		return false
	}
	if _, err := e.setStatus(ctx, workflow, WorkflowPaused); err != nil {
		e.Logger.Error("a workflow that asks for too much work could not be paused", "workflow", workflow, "error", logged(err))
		return false
	}
	e.limits.add(workflow, false)
	e.Logger.Warn("a workflow was paused: its conditions or templates asked for too much work three times in a row", "workflow", workflow)
	return true
}
