package store

import (
	"context"
	"database/sql"
	"strings"

	"cartwheel/engine"
)

const runColumns = `r.id, r.workflow_id, r.version, r.event_id, r.entity, r.status, r.reason, r.revision, r.next_attempt_at, r.created_at, r.finished_at`

func scanRun(s scan) (engine.Run, error) {
	var r engine.Run
	var created int64
	var next, finished sql.NullInt64
	err := s(&r.ID, &r.WorkflowID, &r.Version, &r.EventID, &r.Entity, &r.Status, &r.Reason, &r.Revision, &next, &created, &finished)
	r.CreatedAt, r.NextAttemptAt, r.FinishedAt = moment(created), optionalMoment(next), optionalMoment(finished)
	return r, err
}

// Run returns one, with its steps and their attempts.
func (s *Store) Run(ctx context.Context, id string) (engine.Run, error) {
	var r engine.Run
	err := s.read(ctx, "Run", func(t tx) error {
		found := false
		err := t.query(ctx, func(scan scan) (err error) {
			found = true
			r, err = scanRun(scan)
			return err
		}, `SELECT `+runColumns+` FROM run r WHERE r.id = $1`, id)
		if err == nil && !found {
			err = noRun(id)
		}
		if err != nil {
			return err
		}
		r.Steps, err = s.runSteps(ctx, t, id)
		return err
	})
	if err != nil {
		return engine.Run{}, err
	}
	return r, nil
}

// Runs lists runs without their steps, newest first.
func (s *Store) Runs(ctx context.Context, f engine.RunFilter, p engine.Page) ([]engine.Run, string, error) {
	after, err := readCursor(p, 1)
	if err != nil {
		return nil, "", s.explain("Runs", err)
	}
	var items []engine.Run
	err = s.read(ctx, "Runs", func(t tx) error {
		items = nil
		from, q := runQuery(f)
		if after != nil {
			q.add("r.id < %s", after[0])
		}
		if err := runTimes().narrow(ctx, t, q, "r", f.From, f.To); err != nil {
			return err
		}
		return t.query(ctx, runsInto(&items), `SELECT `+runColumns+from+q.tail("r.id DESC", p), q.args...)
	})
	if err != nil {
		return nil, "", err
	}
	items, next := cut(items, p, func(r engine.Run) []string { return []string{r.ID} })
	return items, next, nil
}

// eras are the beginnings of the ids that events have, found by one look into the key for each. Ids begin with their time,
// so that an era is three days; the index event_entity is kept by it (migration 0004 says why).
const eras = `WITH RECURSIVE era(v) AS (SELECT substr(min(id), 1, 5) FROM event
	UNION ALL SELECT (SELECT substr(n.id, 1, 5) FROM event n WHERE n.id > v || '~' ORDER BY n.id LIMIT 1) FROM era WHERE v IS NOT NULL)
	SELECT v FROM era WHERE v IS NOT NULL`

// eventsAbout are the events of an entity, and those about something of a customer; the entity is the first argument. They
// come first in a join, which CROSS says: each has its rows looked up.
const eventsAbout = ` FROM (SELECT a.id AS event_id FROM event a WHERE substr(a.id, 1, 5) IN (` + eras + `) AND a.entity = $1 UNION SELECT c.event_id FROM event_email c WHERE c.email = $1) m CROSS JOIN `

func runQuery(f engine.RunFilter) (from string, q *filter) {
	from, q = ` FROM run r`, &filter{}
	if f.Email != "" && f.Entity == "" {
		from = ` FROM event_email m CROSS JOIN run r ON r.event_id = m.event_id`
		q.add("m.email = %s", strings.ToLower(strings.TrimSpace(f.Email)))
	}
	if f.Entity != "" {
		q.args = append(q.args, f.Entity)
		from = eventsAbout + `run r`
		q.add("r.event_id = m.event_id")
	}
	if f.Email != "" && f.Entity != "" {
		q.add("r.event_id IN (SELECT p.event_id FROM event_email p WHERE p.email = %s)", strings.ToLower(strings.TrimSpace(f.Email)))
	}
	if f.EventID != "" {
		q.add("r.event_id = %s", f.EventID)
	}
	if f.Version != 0 {
		q.add("r.version = %s", f.Version)
	}
	few := f.EventID != "" || f.Entity != "" || f.Email != ""
	if few { // the runs of few events: + keeps an index of many runs from being walked
		q.column("+r.authentication_id", f.AuthenticationID)
		q.column("+r.status", string(f.Status))
		q.column("+r.workflow_id", f.WorkflowID)
		return from, q
	}
	q.column("r.workflow_id", f.WorkflowID)
	q.column("r.authentication_id", f.AuthenticationID)
	q.column("r.status", string(f.Status))
	switch f.Status {
	case engine.RunFailed, engine.RunWaiting, engine.RunCancelled:
		if f.WorkflowID != "" {
			q.add("r.status IN ('failed', 'waiting', 'cancelled')") // names the partial index run_trouble
			break
		}
		fallthrough
	case engine.RunRunning:
		q.add("r.status <> 'succeeded'") // names the partial index run_open
	default:
	}
	return from, q
}
