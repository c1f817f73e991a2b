package store

import (
	"context"
	"time"

	"cartwheel/engine"
)

// unusedReason says why an event is done at once.
const unusedReason = "No live workflow starts from this trigger."

// AddEvents stores events with a job each, all or none of them.
func (s *Store) AddEvents(ctx context.Context, events ...engine.Event) ([]engine.Added, error) {
	marks := make([][]mark, len(events))
	for i := range events {
		marks[i] = marksOf(&events[i])
	}
	if err := s.learn(ctx); err != nil {
		return nil, err
	}
	s.reached("intake.before-insert")
	var added []engine.Added
	err := s.write(ctx, "AddEvents", func(t tx) error {
		added = make([]engine.Added, len(events))
		for i := range events {
			var err error
			if added[i], err = s.addEvent(ctx, t, s.now(), &events[i], marks[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.reached("intake.committed")
	return added, nil
}

// learn reads, before the first event is stored, what the intake has to know of the last life: in a transaction of its own, since
// an event that is refused would undo it, and the next one read it all again.
func (s *Store) learn(ctx context.Context) error {
	if s.learned.Load() {
		return nil
	}
	err := s.write(ctx, "AddEvents", func(t tx) error {
		if err := s.seen.learn(ctx, t); err != nil {
			return err
		}
		return s.waiting.learn(ctx, t)
	})
	if err == nil {
		s.learned.Store(true)
	}
	return err
}

// addEvent stores e, which it does not change: it may have to be stored a second time.
func (s *Store) addEvent(ctx context.Context, t tx, now time.Time, e *engine.Event, marks []mark) (engine.Added, error) {
	if earlier, err := s.seen.note(ctx, t, now, marks, e.ID); err != nil || earlier != "" {
		if err == nil {
			_, err = t.exec(ctx, `UPDATE event SET duplicates = duplicates + 1 WHERE id = $1`, earlier)
		}
		return engine.Added{ID: earlier, Duplicate: true}, err
	}
	status, reason, err := s.firstStatus(ctx, t, e)
	if err != nil {
		return engine.Added{}, err
	}
	var decidedAt any
	behind := false
	if status == engine.EventAccepted {
		if behind, err = s.isBehind(ctx, t, e); err == nil {
			err = s.waiting.add(ctx, t, e)
		}
	} else {
		decidedAt = millis(now)
	}
	if err != nil {
		return engine.Added{}, err
	}
	var keyHash []byte // of what a restart reads of its key
	if len(e.Key) > 0 {
		keyHash = marks[0].hash[:]
	}
	_, err = t.exec(ctx, `INSERT INTO event (id, authentication_id, trigger_type, scope, entity, webhook_id, replay_of,
			status, reason, note, occurred_at, received_at, decided_at, attempts, misses, duplicates, depth, data, body, key_hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, 0, $14, $15, $16, $17)`,
		e.ID, e.AuthenticationID, e.Trigger, e.Scope, e.Entity, e.WebhookID, e.ReplayOf,
		string(status), reason, e.Note, millis(e.OccurredAt), millis(e.ReceivedAt), decidedAt, e.Depth, string(e.Data), e.Body, keyHash)
	if err == nil && status == engine.EventAccepted {
		err = enqueueNew(ctx, t, now, jobOf(e, behind))
	}
	if err == nil && e.ReplayOf != "" {
		err = noteReplay(ctx, t, now, *e)
	}
	return engine.Added{ID: e.ID}, err
}

// firstStatus is the status of a new event, with its reason: only what a live workflow starts from is worked on.
func (s *Store) firstStatus(ctx context.Context, t tx, e *engine.Event) (status engine.EventStatus, reason string, err error) {
	if e.Status == engine.EventFailed { // refused for what it is: stored, and never worked on
		return e.Status, e.Reason, nil
	}
	used, err := s.used.has(ctx, t, s.db.changes(), e.Trigger, e.AuthenticationID)
	switch {
	case used || err != nil:
		return engine.EventAccepted, e.Reason, err
	case e.Reason != "":
		return engine.EventDone, e.Reason, nil
	}
	return engine.EventDone, unusedReason, nil
}

// jobOf is the job of a new event. It carries the event, unless that has to look at what is in front of it first.
func jobOf(e *engine.Event, behind bool) engine.Job {
	job := engine.Job{Kind: engine.EventJob, Ref: e.ID}
	if !behind {
		carried := *e
		carried.Status = engine.EventAccepted
		carried.Body = nil // nobody decides by it
		job.Carry = carried
	}
	return job
}

// isBehind tells whether an earlier event of e's entity is undecided.
func (s *Store) isBehind(ctx context.Context, t tx, e *engine.Event) (behind bool, err error) {
	if e.Entity == "" || !s.waiting.mayHold(e) {
		return false, nil
	}
	var id string
	err = t.query(ctx, one(&behind, &id), `SELECT id FROM event WHERE authentication_id = $1 AND entity = $2 AND status = 'accepted' AND id < $3 LIMIT 1`,
		e.AuthenticationID, e.Entity, e.ID)
	return behind, err
}

// undecided returns an accepted event that is not behind another one; nil when it is, or is none.
func undecided(ctx context.Context, t tx, id string) (*engine.Event, error) {
	var e *engine.Event
	err := t.query(ctx, func(scan scan) error {
		read, err := scanEvent(scan)
		e = &read
		return err
	}, `SELECT `+eventColumns+` FROM event e WHERE e.id = $1 AND e.status = 'accepted' AND (e.entity = '' OR NOT EXISTS (SELECT 1 FROM event b
		WHERE b.authentication_id = e.authentication_id AND b.entity = e.entity AND b.status = 'accepted' AND b.id < e.id))`, id)
	return e, err
}

// EarlierEvent returns the oldest accepted event of e's entity that came before e.
func (s *Store) EarlierEvent(ctx context.Context, e engine.Event) (engine.Event, error) {
	var earlier engine.Event
	found := false
	err := s.read(ctx, "EarlierEvent", func(t tx) error {
		found = false
		if e.Entity == "" {
			return nil
		}
		return t.query(ctx, func(scan scan) (err error) {
			found = true
			earlier, err = scanEvent(scan)
			return err
		}, `SELECT `+eventColumns+` FROM event e WHERE authentication_id = $1 AND entity = $2 AND status = 'accepted' AND id < $3
			ORDER BY id LIMIT 1`, e.AuthenticationID, e.Entity, e.ID)
	})
	if err == nil && !found {
		err = s.explain("EarlierEvent", engine.Errorf(engine.NotFound, "No earlier event of %s waits.", e.Entity))
	}
	return earlier, err
}

// wakeNext gives the next accepted event of the entity of e, which is decided, a job, due now.
func (s *Store) wakeNext(ctx context.Context, t tx, now time.Time, e *engine.Event) error {
	if e.Entity == "" || !s.waiting.mayHold(e) {
		return nil
	}
	var found bool
	var next string
	err := t.query(ctx, one(&found, &next), `SELECT id FROM event WHERE authentication_id = $1 AND entity = $2 AND status = 'accepted' AND id > $3
		ORDER BY id LIMIT 1`, e.AuthenticationID, e.Entity, e.ID)
	if err != nil || !found {
		return err
	}
	return enqueue(ctx, t, now, engine.Job{Kind: engine.EventJob, Ref: next})
}

// SaveWait keeps an event waiting, and puts its job to e.NextAttemptAt or removes it.
func (s *Store) SaveWait(ctx context.Context, e engine.Event, j engine.Job) error {
	return s.write(ctx, "SaveWait", func(t tx) error {
		n, err := t.exec(ctx, `UPDATE event SET reason = $2, next_attempt_at = $3, attempts = $4, misses = $5 WHERE id = $1 AND status = 'accepted'`,
			e.ID, e.Reason, optionalMillis(e.NextAttemptAt), e.Attempts, e.Misses)
		if err == nil && n == 0 {
			err = notAccepted(ctx, t, e.ID)
		}
		if err != nil {
			return err
		}
		return settle(ctx, t, s.now(), engine.EventJob, e.ID, j, e.NextAttemptAt)
	})
}

// FailEvent ends an event with e.Reason.
func (s *Store) FailEvent(ctx context.Context, e engine.Event, j engine.Job) error {
	d, err := s.newDetail(e.ID, nil, e.Calls, nil)
	if err != nil {
		return s.explain("FailEvent", err)
	}
	return s.write(ctx, "FailEvent", func(t tx) error {
		now := s.now()
		n, err := t.exec(ctx, `UPDATE event SET status = 'failed', reason = $2, attempts = $3, misses = $4, decided_at = $5, next_attempt_at = NULL
			WHERE id = $1 AND status = 'accepted'`, e.ID, e.Reason, e.Attempts, e.Misses, millis(now))
		if err == nil && n == 0 {
			err = notAccepted(ctx, t, e.ID)
		}
		if err == nil {
			err = d.save(ctx, t)
		}
		if err != nil {
			return err
		}
		stored, err := eventHead(ctx, t, e.ID)
		if err != nil {
			return err
		}
		s.waiting.done(t, &stored)
		if err := s.wakeNext(ctx, t, now, &stored); err != nil {
			return err
		}
		return settle(ctx, t, now, engine.EventJob, e.ID, j, nil)
	})
}

// eventHead reads what says where an event belongs and how far it is.
func eventHead(ctx context.Context, t tx, id string) (engine.Event, error) {
	e := engine.Event{ID: id}
	var found bool
	err := t.query(ctx, one(&found, &e.AuthenticationID, &e.Entity, &e.Status), `SELECT authentication_id, entity, status FROM event WHERE id = $1`, id)
	if err == nil && !found {
		err = noEvent(id)
	}
	return e, err
}

func noEvent(id string) error {
	return engine.Errorf(engine.NotFound, "There is no event called %s.", id)
}

func notAccepted(ctx context.Context, t tx, id string) error {
	e, err := eventHead(ctx, t, id)
	if err != nil {
		return err
	}
	return engine.Errorf(engine.Conflict, "Event %s is %s already.", id, e.Status)
}

// WakeEvents gives jobs to the accepted events of an authentication, due now. One that is being read with the old
// authentication at this moment is asked for again too: its answer may be no.
func (s *Store) WakeEvents(ctx context.Context, authenticationID string) error {
	return s.write(ctx, "WakeEvents", func(t tx) error { return wakeEvents(ctx, t, s.now(), authenticationID) })
}

func wakeEvents(ctx context.Context, t tx, now time.Time, authenticationID string) error {
	var jobs []engine.Job
	err := t.query(ctx, func(s scan) error {
		j := engine.Job{Kind: engine.EventJob}
		err := s(&j.Ref)
		jobs = append(jobs, j)
		return err
	}, `SELECT id FROM event WHERE authentication_id = $1 AND status = 'accepted' ORDER BY id`, authenticationID)
	if err != nil {
		return err
	}
	return enqueue(ctx, t, now, jobs...)
}
