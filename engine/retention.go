package engine

import (
	"context"
	"time"
)

// Retention works in batches, each so large that it keeps the writer for about batchTime, with a pause in between:
// what comes in goes first.
const (
	firstBatch, smallestBatch, largestBatch = 50, 10, 250 // rows
	batchTime                               = 10 * time.Millisecond
	batchPause                              = 10 * time.Millisecond
)

func (r Retention) withDefaults() Retention {
	day := 24 * time.Hour
	if r.Runs == 0 {
		r.Runs = 90 * day
	}
	if r.Bodies == 0 {
		r.Bodies = 30 * day
	}
	if r.Keys == 0 {
		r.Keys = 35 * day
	}
	return r
}

// HistoryStore is what retention needs of a Store.
type HistoryStore interface {
	// OldHistory begins a walk through what is older than it is kept: runs and events decided before runs,
	// bodies of events before bodies, event keys before keys.
	OldHistory(runs, bodies, keys time.Time) OldHistory
}

// OldHistory is one walk through what is older than it is kept. What has to stay is passed once.
type OldHistory interface {
	// Delete removes the next limit rows at most, and returns how many went (fewer than limit: nothing old is left) and how
	// long it held the writer at most.
	Delete(ctx context.Context, limit int) (rows int, held time.Duration, err error)
}

// DeleteHistory removes everything that is older than it is to be kept, a little at a time, and returns the number of
// rows. It pauses between two batches; when pause returns false, it ends early without an error.
func (r Retention) DeleteHistory(ctx context.Context, st HistoryStore, now time.Time, pause func(time.Duration) bool) (int, error) {
	r = r.withDefaults()
	old, size, deleted := st.OldHistory(now.Add(-r.Runs), now.Add(-r.Bodies), now.Add(-r.Keys)), firstBatch, 0
	for {
		n, held, err := old.Delete(ctx, size)
		deleted += n
		if err != nil || n < size {
			return deleted, err
		}
		size = nextBatch(size, held)
		if !pause(batchPause) {
			return deleted, nil
		}
	}
}

// nextBatch grows or shrinks a batch by the time that the last one took.
func nextBatch(size int, took time.Duration) int {
	switch {
	case took > batchTime:
		size /= 2
	case took < batchTime/2:
		size += size / 2
	}
	return min(max(size, smallestBatch), largestBatch)
}
