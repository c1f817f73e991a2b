package store

import (
	"context"

	"cartwheel/engine"
)

// ListQueries are the queries of lists with each filter alone and all together.
func ListQueries() []string {
	var queries []string
	events := []engine.EventFilter{{}, {Trigger: "x"}, {Entity: "x"}, {AuthenticationID: "x"}, {Email: "x"}, {Status: engine.EventAccepted}, {Status: engine.EventDone},
		{Trigger: "x", Entity: "x", AuthenticationID: "x", Email: "x", Status: engine.EventFailed}}
	for _, f := range events {
		from, q := eventQuery(f)
		queries = append(queries, "SELECT e.id"+from+q.tail("e.id DESC", engine.Page{}))
	}
	runs := []engine.RunFilter{{}, {WorkflowID: "x"}, {EventID: "x"}, {AuthenticationID: "x"}, {Email: "x"}, {Status: engine.RunFailed}, {Status: engine.RunSucceeded},
		{WorkflowID: "x", EventID: "x", AuthenticationID: "x", Email: "x", Status: engine.RunFailed}}
	for _, f := range runs {
		from, q := runQuery(f)
		queries = append(queries, "SELECT r.id"+from+q.tail("r.id DESC", engine.Page{}))
	}
	return append(queries, `SELECT kind FROM job ORDER BY due_at LIMIT 5`)
}

// Write runs f as one write; f gets a function that runs a statement.
func (s *Store) Write(ctx context.Context, f func(exec func(q string, args ...any) error) error) error {
	return s.write(ctx, "Write", func(t tx) error {
		return f(func(q string, args ...any) error {
			_, err := t.exec(ctx, q, args...)
			return err
		})
	})
}

// AddSchema adds d to the number of the schema, as another version of the program would have left it.
func (s *Store) AddSchema(ctx context.Context, d int) error {
	return s.Write(ctx, func(exec func(string, ...any) error) error {
		return exec(`INSERT INTO goose_db_version (version_id, is_applied) SELECT max(version_id) + $1, 1 FROM goose_db_version`, d)
	})
}

// MaxBatch is how many writes one commit holds at most.
const MaxBatch = maxBatch
