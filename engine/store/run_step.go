package store

import (
	"context"
	"encoding/json"
	"time"

	"cartwheel/engine"
)

// A step of a run is one record, with its attempts: what is written together
// and read together is kept together.

// stepRow is a step ready to be written.
type stepRow struct {
	stepID string
	state  []byte
}

func (r stepRow) save(ctx context.Context, t tx, runID string) error {
	_, err := t.exec(ctx, `INSERT INTO run_step (run_id, step_id, state) VALUES ($1, $2, $3)
		ON CONFLICT (run_id, step_id) DO UPDATE SET state = excluded.state`, runID, r.stepID, r.state)
	return err
}

// stepRecord is the state of a step as it is kept; times are Unix milliseconds.
type stepRecord struct {
	Status   engine.StepStatus `json:"status"`
	Reason   string            `json:"reason,omitempty"`
	Next     *int64            `json:"next,omitempty"`
	Came     *int64            `json:"came,omitempty"`
	Ended    *int64            `json:"ended,omitempty"`
	Since    int               `json:"since,omitempty"`
	ByHand   bool              `json:"by_hand,omitempty"`
	Request  json.RawMessage   `json:"request,omitempty"`
	Output   json.RawMessage   `json:"output,omitempty"`
	Attempts []attemptRecord   `json:"attempts,omitempty"`
}

type attemptRecord struct {
	Number   int    `json:"number"`
	Began    bool   `json:"began,omitempty"`
	Started  int64  `json:"started"`
	Finished *int64 `json:"finished,omitempty"`
	Error    string `json:"error,omitempty"`
	Request  string `json:"request,omitempty"`
	Response string `json:"response,omitempty"`
}

func (s *Store) stepRows(steps []engine.StepState) ([]stepRow, error) {
	rows := make([]stepRow, len(steps))
	for i, st := range steps {
		state, err := s.packer.packJSON(recordOf(st))
		if err != nil {
			return nil, err
		}
		rows[i] = stepRow{st.StepID, state}
	}
	return rows, nil
}

func recordOf(s engine.StepState) stepRecord {
	r := stepRecord{Status: s.Status, Reason: cleanText(s.Reason), Next: unixMillis(s.NextAttemptAt), Came: unixMillis(s.StartedAt), Ended: unixMillis(s.EndedAt), Since: s.Since, ByHand: s.ByHand,
		Request: s.Request, Output: s.Output, Attempts: make([]attemptRecord, len(s.Attempts))}
	for i, a := range s.Attempts {
		r.Attempts[i] = attemptRecord{Number: a.Number, Began: a.Began, Started: millis(a.StartedAt), Finished: unixMillis(a.FinishedAt),
			Error: cleanText(a.Error), Request: cleanText(a.Request), Response: cleanText(a.Response)}
	}
	return r
}

func (r stepRecord) state(stepID string) engine.StepState {
	s := engine.StepState{StepID: stepID, Status: r.Status, Reason: r.Reason, NextAttemptAt: momentOf(r.Next), StartedAt: momentOf(r.Came), EndedAt: momentOf(r.Ended), Since: r.Since, ByHand: r.ByHand,
		Request: present(r.Request), Output: present(r.Output)}
	for _, a := range r.Attempts {
		s.Attempts = append(s.Attempts, engine.Attempt{Number: a.Number, StartedAt: moment(a.Started), Began: a.Began,
			FinishedAt: momentOf(a.Finished), Error: a.Error, Request: a.Request, Response: a.Response})
	}
	return s
}

// present is raw, but nil for nothing, which the first schema left as null.
func present(raw json.RawMessage) json.RawMessage {
	if string(raw) == "null" {
		return nil
	}
	return raw
}

func unixMillis(t *time.Time) *int64 {
	if t == nil {
		return nil
	}
	ms := t.UnixMilli()
	return &ms
}

func momentOf(ms *int64) *time.Time {
	if ms == nil {
		return nil
	}
	t := time.UnixMilli(*ms).UTC()
	return &t
}

func (s *Store) runSteps(ctx context.Context, t tx, runID string) ([]engine.StepState, error) {
	var steps []engine.StepState
	err := t.query(ctx, func(scan scan) error {
		var id string
		var state []byte
		var r stepRecord
		if err := scan(&id, &state); err != nil {
			return err
		}
		err := s.packer.unpackJSON(state, &r)
		steps = append(steps, r.state(id))
		return err
	}, `SELECT step_id, state FROM run_step WHERE run_id = $1 ORDER BY step_id`, runID)
	return steps, err
}
