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
		r.Steps, err = runSteps(ctx, t, id)
		return err
	})
	if err != nil {
		return engine.Run{}, err
	}
	return r, nil
}

func runSteps(ctx context.Context, t tx, runID string) ([]engine.StepState, error) {
	var steps []engine.StepState
	place := map[string]int{}
	err := t.query(ctx, func(s scan) error {
		var st engine.StepState
		var next sql.NullInt64
		var request, output string
		err := s(&st.StepID, &st.Status, &st.Reason, &next, &st.Since, &request, &output)
		st.NextAttemptAt, st.Request, st.Output = optionalMoment(next), rawJSON(request), rawJSON(output)
		place[st.StepID] = len(steps)
		steps = append(steps, st)
		return err
	}, `SELECT step_id, status, reason, next_attempt_at, since, request, output FROM run_step WHERE run_id = $1 ORDER BY step_id`, runID)
	if err != nil {
		return nil, err
	}
	err = t.query(ctx, func(s scan) error {
		var a engine.Attempt
		var stepID string
		var began int
		var started int64
		var finished sql.NullInt64
		if err := s(&stepID, &a.Number, &began, &started, &finished, &a.Error, &a.Request, &a.Response); err != nil {
			return err
		}
		a.Began, a.StartedAt, a.FinishedAt = began == 1, moment(started), optionalMoment(finished)
		if i, ok := place[stepID]; ok {
			steps[i].Attempts = append(steps[i].Attempts, a)
		}
		return nil
	}, `SELECT step_id, number, began, started_at, finished_at, error, request, response FROM attempt WHERE run_id = $1 ORDER BY step_id, number`, runID)
	return steps, err
}

// Runs lists runs without their steps, newest first.
func (s *Store) Runs(ctx context.Context, f engine.RunFilter, p engine.Page) ([]engine.Run, string, error) {
	after, err := readCursor(p, 1)
	if err != nil {
		return nil, "", s.explain("Runs", err)
	}
	from, q := runQuery(f)
	if after != nil {
		q.add("r.id < %s", after[0])
	}
	var items []engine.Run
	err = s.read(ctx, "Runs", func(t tx) error {
		items = nil
		return t.query(ctx, func(scan scan) error {
			r, err := scanRun(scan)
			items = append(items, r)
			return err
		}, `SELECT `+runColumns+from+q.tail("r.id DESC", p), q.args...)
	})
	if err != nil {
		return nil, "", err
	}
	items, next := cut(items, p, func(r engine.Run) []string { return []string{r.ID} })
	return items, next, nil
}

func runQuery(f engine.RunFilter) (from string, q *filter) {
	from, q = ` FROM run r`, &filter{}
	if f.Email != "" {
		from = ` FROM event_email m JOIN run r ON r.event_id = m.event_id`
		q.add("m.email = %s", strings.ToLower(strings.TrimSpace(f.Email)))
	}
	if f.WorkflowID != "" {
		q.add("r.workflow_id = %s", f.WorkflowID)
	}
	if f.EventID != "" {
		q.add("r.event_id = %s", f.EventID)
	}
	if f.AuthenticationID != "" {
		q.add("r.authentication_id = %s", f.AuthenticationID)
	}
	if f.Status != "" {
		q.add("r.status = %s", string(f.Status))
	}
	if f.Status != "" && f.Status != engine.RunSucceeded {
		q.add("r.status <> 'succeeded'") // names the partial index
	}
	return from, q
}
