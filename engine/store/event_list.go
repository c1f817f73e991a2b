package store

import (
	"context"
	"database/sql"
	"strings"

	"cartwheel/engine"
)

// eventColumns are those of every event; detailColumns, which need detailJoin, come after them.
const (
	eventColumns = `e.id, e.authentication_id, e.trigger_type, e.scope, e.entity, e.webhook_id, e.replay_of, e.status, e.reason, e.note,
		e.occurred_at, e.received_at, e.next_attempt_at, e.decided_at, e.read_at, e.attempts, e.misses, e.duplicates, e.depth, e.data`
	detailJoin = ` LEFT JOIN event_detail d ON d.event_id = e.id`
)

// scanEvent reads eventColumns, and what more names after them.
func scanEvent(s scan, more ...any) (engine.Event, error) {
	e := engine.Event{Decisions: []engine.Decision{}}
	var occurred, received int64
	var next, decided, read sql.NullInt64
	var data string
	err := s(append([]any{&e.ID, &e.AuthenticationID, &e.Trigger, &e.Scope, &e.Entity, &e.WebhookID, &e.ReplayOf, &e.Status, &e.Reason, &e.Note,
		&occurred, &received, &next, &decided, &read, &e.Attempts, &e.Misses, &e.Duplicates, &e.Depth, &data}, more...)...)
	if err != nil {
		return e, err
	}
	e.OccurredAt, e.ReceivedAt = moment(occurred), moment(received)
	e.NextAttemptAt, e.DecidedAt, e.ReadAt = optionalMoment(next), optionalMoment(decided), optionalMoment(read)
	e.Data = rawJSON(data)
	return e, nil
}

// Event returns one, whole.
func (s *Store) Event(ctx context.Context, id string) (engine.Event, error) {
	var e engine.Event
	var d detail
	found := false
	err := s.read(ctx, "Event", func(t tx) error {
		found = false
		return t.query(ctx, func(scan scan) (err error) {
			found = true
			var body []byte
			e, err = scanEvent(scan, &d.decisions, &d.calls, &d.codes, &body)
			e.Body = body
			return err
		}, `SELECT `+eventColumns+`, d.decisions, d.calls, d.codes, e.body FROM event e`+detailJoin+` WHERE e.id = $1`, id)
	})
	if err != nil {
		return engine.Event{}, err
	}
	if !found {
		return engine.Event{}, s.explain("Event", noEvent(id))
	}
	return e, s.explain("Event", d.read(s.packer, &e))
}

// Events lists events, newest first.
func (s *Store) Events(ctx context.Context, f engine.EventFilter, p engine.Page) ([]engine.Event, string, error) {
	after, err := readCursor(p, 1)
	if err != nil {
		return nil, "", s.explain("Events", err)
	}
	var items []engine.Event
	err = s.read(ctx, "Events", func(t tx) error {
		items = nil
		from, q := eventQuery(f)
		if after != nil {
			q.add("e.id < %s", after[0])
		}
		if err := eventTimes().narrow(ctx, t, q, "e", f.From, f.To); err != nil {
			return err
		}
		return t.query(ctx, func(scan scan) error {
			var decisions []byte
			e, err := scanEvent(scan, &decisions)
			if err == nil {
				err = s.packer.unpackJSON(decisions, &e.Decisions)
			}
			items = append(items, e)
			return err
		}, `SELECT `+eventColumns+`, d.decisions`+from+detailJoin+q.tail("e.id DESC", p), q.args...)
	})
	if err != nil {
		return nil, "", err
	}
	items, next := cut(items, p, func(e engine.Event) []string { return []string{e.ID} })
	return items, next, nil
}

func eventQuery(f engine.EventFilter) (from string, q *filter) {
	from, q = ` FROM event e`, &filter{}
	email := strings.ToLower(strings.TrimSpace(f.Email))
	switch {
	case f.Entity != "":
		q.args = append(q.args, f.Entity)
		from = eventsAbout + `event e`
		q.add("e.id = m.event_id")
		if email != "" {
			q.add("e.id IN (SELECT p.event_id FROM event_email p WHERE p.email = %s)", email)
		}
	case email != "":
		from = ` FROM event_email m CROSS JOIN event e ON e.id = m.event_id` // in this order, whatever else is asked for
		q.add("m.email = %s", email)
	case f.Status == engine.EventAccepted:
		from = ` FROM event e INDEXED BY event_undecided` // few, which are sorted
	case f.Status == engine.EventFailed:
		from = ` FROM event e INDEXED BY event_failed`
	}
	if f.Trigger != "" {
		q.add("e.trigger_type = %s", f.Trigger)
	}
	if f.AuthenticationID != "" {
		q.add("e.authentication_id = %s", f.AuthenticationID)
	}
	switch f.Status {
	case "":
	case engine.EventAccepted:
		q.add("e.status = 'accepted'") // in the words of the partial index
	case engine.EventFailed:
		q.add("e.status = 'failed'")
	default:
		q.add("e.status = %s", string(f.Status))
	}
	return from, q
}
