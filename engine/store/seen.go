package store

import (
	"context"
	"crypto/sha256"
	"slices"
	"sync/atomic"
	"time"

	"cartwheel/engine"
)

// An event that has the key or the delivery id (Standard Webhooks' webhook-id) of an earlier one is a duplicate. Both
// come in no order, so that a table of them is written all over: a page for each event, first in the log, then in the
// database, which costs more than all else that is stored of it. So the newest are kept in memory alone, where a
// restart finds them again in the rows of their events; the older ones in runs of thousands, each with a filter in
// memory that knows nearly all of what is not in it.
const (
	seenRun   = 8192 // hashes of one run, about
	seenKept  = 4096 // of the newest stay out of it: events may be stored in another order than that of their ids
	seenFiled = "seen.filed"
)

// seenHash is the beginning of a SHA-256: what two keys share by chance once in the life of a universe.
type seenHash [16]byte

// seen is what has been seen. Only writes use it, so that it needs no lock.
type seen struct {
	stale  atomic.Bool  // what is here has to be read anew
	before atomic.Int64 // events received before this millisecond are forgotten
	filed  string       // the events up to this id need not be read at a restart
	loaded bool
	recent map[seenHash]string // the event of each
	runs   []*runGroup         // newest last
	filing bool
	rows   bool // there may be some in event_key: of the time before there were runs, and of lead
}

// mark is what an event is known by: its hash, and the key of its row in event_key, if there is one.
type mark struct {
	hash  seenHash
	row   []byte
	lives time.Duration // 0: as long as keys are kept
}

func keyMark(key []byte, lives time.Duration) mark {
	sum := sha256.Sum256(key)
	return mark{seenHash(sum[:]), key, lives}
}

func deliveryMark(authenticationID, webhookID string) mark {
	sum := sha256.Sum256([]byte("webhook-id\x00" + authenticationID + "\x00" + webhookID))
	return mark{hash: seenHash(sum[:]), row: sum[:]}
}

// marksOf are the key of an event and the id of its delivery, as far as it has them.
func marksOf(e *engine.Event) []mark {
	marks := make([]mark, 0, 2)
	if len(e.Key) > 0 {
		marks = append(marks, keyMark(e.Key, e.KeyLives))
	}
	if e.WebhookID != "" {
		marks = append(marks, deliveryMark(e.AuthenticationID, e.WebhookID))
	}
	return marks
}

// note notes the marks of an event, or returns the event that had one of them before.
func (s *seen) note(ctx context.Context, t tx, now time.Time, marks []mark, eventID string) (earlier string, err error) {
	if len(marks) == 0 {
		return "", nil
	}
	if err := s.learn(ctx, t); err != nil {
		return "", err
	}
	for i, m := range marks {
		earlier, err = s.find(ctx, t, m)
		if err == nil && earlier != "" {
			earlier, err = s.unlessForgotten(ctx, t, now, m, earlier)
		}
		if err == nil && earlier != "" && i > 0 {
			err = s.lead(ctx, t, now, marks[:i], earlier)
		}
		if err != nil || earlier != "" {
			return earlier, err
		}
	}
	for _, m := range marks {
		s.keep(t, m.hash, eventID)
	}
	if !s.filing && len(s.recent) >= seenRun+seenKept {
		err = s.file(ctx, t, now)
	}
	return "", err
}

// learn reads what has to be known, unless it is.
func (s *seen) learn(ctx context.Context, t tx) error {
	if s.stale.Swap(false) || !s.loaded {
		return s.load(ctx, t)
	}
	return nil
}

// lead makes marks that were not known ones of an earlier event. That is rare: a sender has given one id to two bodies.
func (s *seen) lead(ctx context.Context, t tx, now time.Time, marks []mark, earlier string) error {
	s.rows = true
	for _, m := range marks {
		_, err := t.exec(ctx, `INSERT INTO event_key (seen, event_id, at) VALUES ($1, $2, $3)
			ON CONFLICT (seen) DO UPDATE SET event_id = excluded.event_id, at = excluded.at`, m.row, earlier, millis(now))
		if err != nil {
			return err
		}
	}
	return nil
}

// keep keeps a hash in memory, if what is being written is committed.
func (s *seen) keep(t tx, hash seenHash, eventID string) {
	before, known := s.recent[hash]
	s.recent[hash] = eventID
	t.whenDone(func(committed bool) {
		switch {
		case committed:
		case known:
			s.recent[hash] = before
		default:
			delete(s.recent, hash)
		}
	})
}

// unlessForgotten returns the event that had a mark, "" when that was too long ago. One whose row has gone counts.
func (s *seen) unlessForgotten(ctx context.Context, t tx, now time.Time, m mark, earlier string) (string, error) {
	var found bool
	var received int64
	if err := t.query(ctx, one(&found, &received), `SELECT received_at FROM event WHERE id = $1`, earlier); err != nil || !found {
		return earlier, err
	}
	before := s.before.Load()
	if m.lives > 0 {
		before = max(before, millis(now.Add(-m.lives)))
	}
	if received < before {
		return "", nil
	}
	return earlier, nil
}

func (s *seen) find(ctx context.Context, t tx, m mark) (eventID string, err error) {
	if id, ok := s.recent[m.hash]; ok {
		return id, nil
	}
	places := placesOf(m.hash)
	for _, group := range slices.Backward(s.runs) {
		held := group.mayHold(places, func(n int64) bool {
			eventID, err = findInRun(ctx, t, n, m.hash)
			return err != nil || eventID != ""
		})
		if held {
			return eventID, err
		}
	}
	if s.rows {
		var found bool
		err = t.query(ctx, one(&found, &eventID), `SELECT event_id FROM event_key WHERE seen = $1`, m.row)
	}
	return eventID, err
}

// load reads what a restart has to know.
func (s *seen) load(ctx context.Context, t tx) error {
	s.loaded, s.recent, s.runs = false, map[seenHash]string{}, nil
	err := t.query(ctx, func(scan scan) error {
		var n int64
		var filter []byte
		err := scan(&n, &filter)
		s.addRun(n, filter)
		return err
	}, `SELECT n, filter FROM seen_run ORDER BY n`)
	if err != nil {
		return err
	}
	var row string
	var found bool
	s.filed = ""
	if err := t.query(ctx, one(&found, &s.filed), `SELECT value FROM setting WHERE name = $1`, seenFiled); err != nil {
		return err
	}
	if err := t.query(ctx, one(&s.rows, &row), `SELECT event_id FROM event_key LIMIT 1`); err != nil {
		return err
	}
	err = t.query(ctx, func(scan scan) error {
		var e engine.Event
		var hash []byte
		err := scan(&e.ID, &e.AuthenticationID, &e.WebhookID, &hash)
		if e.WebhookID != "" {
			s.recent[deliveryMark(e.AuthenticationID, e.WebhookID).hash] = e.ID
		}
		if len(hash) == len(seenHash{}) {
			s.recent[seenHash(hash)] = e.ID
		}
		return err
	}, `SELECT id, authentication_id, webhook_id, key_hash FROM event WHERE id > $1 ORDER BY id`, s.filed)
	s.loaded = err == nil
	t.whenDone(func(committed bool) { s.loaded = s.loaded && committed }) // it has seen what is undone with it
	return err
}
