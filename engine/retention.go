package engine

import (
	"context"
	"time"
)

// Retention works in batches, each so large that it keeps the writer for about batchTime, with a pause in between:
// what comes in goes first.
const (
	firstBatch, smallestBatch, largestBatch = 100, 10, 500 // rows
	batchTime                               = 25 * time.Millisecond
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
	// DeleteHistory removes at most limit old things and tells how many; fewer than limit: nothing old is left.
	DeleteHistory(ctx context.Context, runs, bodies, keys time.Time, limit int) (int, error)
}

// DeleteHistory removes everything that is older than it is to be kept, a little at a time, and returns the number of
// rows. It pauses between two batches; when pause returns false, it ends early without an error.
func (r Retention) DeleteHistory(ctx context.Context, st HistoryStore, now func() time.Time, pause func(time.Duration) bool) (int, error) {
	r = r.withDefaults()
	at, size, deleted := now(), firstBatch, 0
	for {
		began := now()
		n, err := st.DeleteHistory(ctx, at.Add(-r.Runs), at.Add(-r.Bodies), at.Add(-r.Keys), size)
		deleted += n
		if err != nil || n < size {
			return deleted, err
		}
		size = nextBatch(size, now().Sub(began))
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
