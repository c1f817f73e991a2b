package engine

import (
	"context"
	"fmt"
	"time"
)

// A clock that was ahead and is put right would leave everything that waits with times that lie far ahead. Nobody waits
// longer than was meant: when the clock has gone back, everything that waits looks at it again.

const (
	clockSetting = "clock"         // the last time that was seen
	clockSlack   = 2 * time.Second // what time servers correct day by day
)

// noticeClock is the quick look at the clock before each job.
func (e *Engine) noticeClock(ctx context.Context) error {
	now := e.now().UnixMilli()
	if last := e.seen.Swap(now); now >= last-clockSlack.Milliseconds() {
		return nil
	}
	return e.clockWentBack(ctx)
}

func (e *Engine) clockWentBack(ctx context.Context) error {
	e.Logger.Warn("the clock was put back: everything that waits looks at it again")
	if err := e.Store.WakeWaiting(ctx); err != nil {
		return fmt.Errorf("wake what waits: %w", err)
	}
	return nil
}

// checkClock compares the clock with what it showed last, before a restart too.
func (e *Engine) checkClock(ctx context.Context) error {
	now := e.now()
	text, err := e.Store.Setting(ctx, clockSetting)
	if err != nil && CodeOf(err) != NotFound {
		return err
	}
	last, err := time.Parse(time.RFC3339, text)
	if err == nil && now.Before(last.Add(-clockSlack)) {
		if err := e.clockWentBack(ctx); err != nil {
			return err
		}
	}
	return e.Store.SetSetting(ctx, clockSetting, now.UTC().Format(time.RFC3339))
}

// longestPause is what another side may ask for (Retry-After).
const longestPause = 24 * time.Hour

// early reports whether it is not yet time for the next attempt. What was planned by a clock that was put back since
// does not count.
func (w *worker) early(n *node, s *StepState) bool {
	now := w.now()
	if s.NextAttemptAt == nil || !now.Before(*s.NextAttemptAt) {
		return false
	}
	made := len(s.Attempts)
	if made > 0 && s.Attempts[made-1].FinishedAt != nil && s.Attempts[made-1].FinishedAt.After(now) {
		return false
	}
	longest := n.schedule.wait(max(made-s.Since, 1))
	longest += time.Duration(jitter * float64(longest))
	return s.NextAttemptAt.Sub(now) <= max(longest, longestPause)
}
