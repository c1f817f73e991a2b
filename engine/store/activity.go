package store

import (
	"context"
	"encoding/json"
	"time"

	"cartwheel/engine"
)

// Runs are counted from indexes that hold all that is asked for: run_workflow, run_trouble, run_finished.

// Activities tells what each workflow has been doing. Workflows come first in the joins, so that each is one short walk.
func (s *Store) Activities(ctx context.Context, since time.Time) (map[string]engine.Activity, error) {
	var all map[string]engine.Activity
	err := s.read(ctx, "Activities", func(t tx) error {
		all = map[string]engine.Activity{}
		for _, part := range []func(context.Context, tx, map[string]engine.Activity) error{lastRuns, openRuns} {
			if err := part(ctx, t, all); err != nil {
				return err
			}
		}
		first, err := runTimes().from(ctx, t, since)
		if err != nil {
			return err
		}
		return t.query(ctx, counted(func(id string, n int) {
			if a, ok := all[id]; ok {
				a.Failures24h = n
				all[id] = a
			}
		}), failedRunsQuery, first)
	})
	return all, err
}

// counted reads rows of a workflow's id and a number.
func counted(f func(id string, n int)) func(scan) error {
	return func(s scan) error {
		var id string
		var n int
		err := s(&id, &n)
		f(id, n)
		return err
	}
}

func lastRuns(ctx context.Context, t tx, all map[string]engine.Activity) error {
	return t.query(ctx, func(s scan) error {
		var id string
		var last engine.LastRun
		var created int64
		err := s(&id, &last.ID, &last.Status, &created)
		last.CreatedAt = moment(created)
		all[id] = engine.Activity{LastRun: &last}
		return err
	}, `SELECT w.id, r.id, r.status, r.created_at FROM workflow w
		JOIN run r ON r.id = (SELECT max(l.id) FROM run l WHERE l.workflow_id = w.id) ORDER BY w.id`)
}

// The queries that walk far are named, so that a test can see how they walk.
const (
	waitingRunsQuery = `SELECT r.workflow_id, r.version, 0, count(*) FROM workflow w CROSS JOIN run r
		WHERE r.workflow_id = w.id AND r.status = 'waiting' AND r.status IN ('failed', 'waiting', 'cancelled') GROUP BY r.workflow_id, r.version`
	startedRunsQuery = `SELECT w.id, (SELECT count(*) FROM run r WHERE r.workflow_id = w.id AND r.id >= $1 AND r.id < $2) FROM workflow w ORDER BY w.id`
	failedRunsQuery  = `SELECT w.id, (SELECT count(*) FROM run r WHERE r.workflow_id = w.id AND r.status = 'failed'
		AND r.status IN ('failed', 'waiting', 'cancelled') AND r.id >= $1) FROM workflow w ORDER BY w.id`
	finishedRunsQuery = `SELECT r.status, count(*) FROM run r WHERE r.finished_at IS NOT NULL AND r.finished_at >= $1 AND r.finished_at < $2
		GROUP BY r.status ORDER BY r.status`
)

// openRuns counts by workflow and version: waiting ones in run_trouble, running ones, which are few, in run_open.
func openRuns(ctx context.Context, t tx, all map[string]engine.Activity) error {
	return t.query(ctx, func(s scan) error {
		var id string
		var open engine.OpenRuns
		err := s(&id, &open.Version, &open.Running, &open.Waiting)
		a := all[id]
		a.Waiting += open.Waiting
		if n := len(a.Open); n > 0 && a.Open[n-1].Version == open.Version {
			a.Open[n-1].Running += open.Running
			a.Open[n-1].Waiting += open.Waiting
		} else {
			a.Open = append(a.Open, open)
		}
		all[id] = a
		return err
	}, waitingRunsQuery+`
		UNION ALL SELECT r.workflow_id, r.version, count(*), 0 FROM run r WHERE r.status = 'running' AND r.status <> 'succeeded' GROUP BY r.workflow_id, r.version
		ORDER BY 1, 2 DESC`)
}

// StartedRuns counts the runs created in a time, by workflow.
func (s *Store) StartedRuns(ctx context.Context, from, to time.Time) (map[string]int, error) {
	var all map[string]int
	err := s.read(ctx, "StartedRuns", func(t tx) error {
		all = map[string]int{}
		first, err := runTimes().from(ctx, t, from)
		if err != nil {
			return err
		}
		end, err := runTimes().from(ctx, t, to)
		if err != nil {
			return err
		}
		return t.query(ctx, counted(func(id string, n int) {
			if n > 0 {
				all[id] = n
			}
		}), startedRunsQuery, first, end)
	})
	return all, err
}

// FinishedRuns counts the runs that ended in a time, and looks at the last ones of each quarter of it.
func (s *Store) FinishedRuns(ctx context.Context, from, to time.Time) (engine.Finished, error) {
	const quarters, looked = 4, 25
	var f engine.Finished
	err := s.read(ctx, "FinishedRuns", func(t tx) error {
		f = engine.Finished{}
		err := t.query(ctx, func(s scan) error {
			var status engine.RunStatus
			var n int
			err := s(&status, &n)
			switch status {
			case engine.RunSucceeded:
				f.Succeeded = n
			case engine.RunFailed:
				f.Failed = n
			case engine.RunCancelled:
				f.Cancelled = n
			}
			return err
		}, finishedRunsQuery, millis(from), millis(to))
		quarter := to.Sub(from) / quarters
		for i := 0; i < quarters && err == nil && f.Succeeded > 0; i++ {
			begin := from.Add(time.Duration(i) * quarter)
			err = t.query(ctx, func(s scan) error {
				var r engine.FinishedRun
				var received, finished int64
				err := s(&r.Version.WorkflowID, &r.Version.Number, &received, &finished)
				r.ReceivedAt, r.FinishedAt = moment(received), moment(finished)
				f.Samples = append(f.Samples, r)
				return err
			}, `SELECT r.workflow_id, r.version, e.received_at, r.finished_at FROM run r JOIN event e ON e.id = r.event_id
				WHERE r.finished_at IS NOT NULL AND r.finished_at >= $1 AND r.finished_at < $2 AND r.status = 'succeeded'
				ORDER BY r.finished_at DESC LIMIT $3`, millis(begin), millis(begin.Add(quarter)), looked)
		}
		return err
	})
	return f, err
}

// ReceivedEvents counts the events that came in a time: by trigger, because that index is narrow.
func (s *Store) ReceivedEvents(ctx context.Context, from, to time.Time) (n int, err error) {
	err = s.read(ctx, "ReceivedEvents", func(t tx) error {
		first, err := eventTimes().from(ctx, t, from)
		if err != nil {
			return err
		}
		end, err := eventTimes().from(ctx, t, to)
		if err != nil {
			return err
		}
		var found bool
		return t.query(ctx, one(&found, &n), `WITH RECURSIVE kind (type) AS (
				SELECT min(trigger_type) FROM event
				UNION ALL SELECT (SELECT min(e.trigger_type) FROM event e WHERE e.trigger_type > kind.type) FROM kind WHERE kind.type IS NOT NULL)
			SELECT COALESCE(sum((SELECT count(*) FROM event e WHERE e.trigger_type = kind.type AND e.id >= $1 AND e.id < $2)), 0)
			FROM kind WHERE kind.type IS NOT NULL`, first, end)
	})
	return n, err
}

// RunStatuses returns the statuses of the newest runs of a workflow that have ended. Behind many that wait it gives up.
func (s *Store) RunStatuses(ctx context.Context, workflowID string, n int) ([]engine.RunStatus, error) {
	var all []engine.RunStatus
	err := s.read(ctx, "RunStatuses", func(t tx) error {
		all = nil
		return t.query(ctx, func(s scan) error {
			var status engine.RunStatus
			err := s(&status)
			all = append(all, status)
			return err
		}, `SELECT l.status FROM (SELECT r.id, r.status, r.finished_at FROM run r WHERE r.workflow_id = $1 ORDER BY r.id DESC LIMIT $2) l
			WHERE l.finished_at IS NOT NULL ORDER BY l.id DESC LIMIT $3`, workflowID, 4*n, n)
	})
	return all, err
}

// FailedRuns returns the newest failed runs created since.
func (s *Store) FailedRuns(ctx context.Context, since time.Time, n int) ([]engine.Run, error) {
	var all []engine.Run
	err := s.read(ctx, "FailedRuns", func(t tx) error {
		all = nil
		first, err := runTimes().from(ctx, t, since)
		if err != nil {
			return err
		}
		return t.query(ctx, runsInto(&all), `SELECT `+runColumns+` FROM run r WHERE r.status = 'failed' AND r.status <> 'succeeded' AND r.id >= $1
			ORDER BY r.id DESC LIMIT $2`, first, n)
	})
	return all, err
}

// runsInto appends each row of runColumns.
func runsInto(all *[]engine.Run) func(scan) error {
	return func(s scan) error {
		r, err := scanRun(s)
		*all = append(*all, r)
		return err
	}
}

// HeldRuns counts the runs with a step that waits for a person.
func (s *Store) HeldRuns(ctx context.Context) (n int, oldest *engine.Run, err error) {
	err = s.read(ctx, "HeldRuns", func(t tx) error {
		var found bool
		if err := t.query(ctx, one(&found, &n), `SELECT count(*) FROM run r WHERE r.status = 'waiting' AND r.next_attempt_at IS NULL`); err != nil {
			return err
		}
		var first []engine.Run
		err := t.query(ctx, runsInto(&first), `SELECT `+runColumns+` FROM run r WHERE r.status = 'waiting' AND r.next_attempt_at IS NULL ORDER BY r.id LIMIT 1`)
		if oldest = nil; len(first) > 0 {
			oldest = &first[0]
		}
		return err
	})
	return n, oldest, err
}

// LiveWorkflows returns every live workflow; of the draft its name alone.
func (s *Store) LiveWorkflows(ctx context.Context) ([]engine.Workflow, error) {
	var all []engine.Workflow
	err := s.read(ctx, "LiveWorkflows", func(t tx) error {
		all = nil
		return t.query(ctx, func(s scan) error {
			w := engine.Workflow{Status: engine.WorkflowLive}
			var draft string
			if err := s(&w.ID, &w.LiveVersion, &draft); err != nil {
				return err
			}
			var err error
			w.Draft.Name, err = nameIn(draft)
			all = append(all, w)
			return err
		}, `SELECT id, live_version, draft FROM workflow WHERE status = 'live' AND deleted_at IS NULL ORDER BY id`)
	})
	return all, err
}

func nameIn(draft string) (string, error) {
	var named struct {
		Name string `json:"name"`
	}
	err := json.Unmarshal([]byte(draft), &named)
	return named.Name, err
}

// WorkflowNames returns the names of workflows, of deleted ones too.
func (s *Store) WorkflowNames(ctx context.Context, ids ...string) (map[string]string, error) {
	var names map[string]string
	err := s.read(ctx, "WorkflowNames", func(t tx) error {
		names = map[string]string{}
		for _, id := range ids {
			var found bool
			var draft string
			if err := t.query(ctx, one(&found, &draft), `SELECT draft FROM workflow WHERE id = $1`, id); err != nil {
				return err
			}
			if !found {
				continue
			}
			var err error
			if names[id], err = nameIn(draft); err != nil {
				return err
			}
		}
		return nil
	})
	return names, err
}

// Size is how many bytes the database has.
func (s *Store) Size(ctx context.Context) (int64, error) {
	n, err := s.db.size(ctx)
	return n, s.explain("Size", err)
}
