package bigcommerce

import (
	"context"
	"sync"
	"time"
)

// slots limits how many calls are under way at once, and finds the limit by
// itself: it rises by one with each good answer while all are taken, which
// doubles it with every round of answers, and is halved when the store suffers. A call mostly
// waits, so that a store which takes long needs many at once to be asked much.
type slots struct {
	least, most int

	mu      sync.Mutex
	taken   int
	limit   int
	sobered int             // answers to calls that were under way when the limit was halved
	waiting []chan struct{} // closed when its turn has come, first come first served
}

// verdict says how a call went for the one that was asked.
type verdict int

const (
	noVerdict   verdict = iota // it was not made
	answersWell                // it answered
	suffers                    // it did not, or wants less
)

func newSlots(least, most int) *slots { return &slots{least: least, most: most, limit: least} }

// take waits for a slot; each true must be followed by give.
func (s *slots) take(ctx context.Context, patience time.Duration) bool {
	s.mu.Lock()
	if s.taken < s.limit {
		s.taken++
		s.mu.Unlock()
		return true
	}
	turn := make(chan struct{})
	s.waiting = append(s.waiting, turn)
	s.mu.Unlock()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-turn:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return s.giveUp(turn)
}

// giveUp takes turn out of the line; true: its turn had come in the same moment.
func (s *slots) giveUp(turn chan struct{}) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, w := range s.waiting {
		if w == turn {
			s.waiting = append(s.waiting[:i], s.waiting[i+1:]...)
			return false
		}
	}
	return true
}

// give returns a slot with what its call has shown.
func (s *slots) give(v verdict) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.sobered > 0: // it was under way before the limit was halved
		s.sobered--
	case v == suffers && s.limit > s.least:
		s.limit = max(s.least, s.limit/2)
		s.sobered = s.taken - 1
	case v == answersWell && s.taken >= s.limit && s.limit < s.most:
		s.limit++
	}
	s.taken--
	for s.taken < s.limit && len(s.waiting) > 0 {
		close(s.waiting[0])
		s.waiting = s.waiting[1:]
		s.taken++
	}
}
