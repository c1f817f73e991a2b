package store

import (
	"context"
)

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

// MaxReady is how many jobs of a kind memory holds at most.
const MaxReady = maxReady

// Count is how many rows a table has.
func (s *Store) Count(ctx context.Context, table string) (n int, err error) {
	err = s.read(ctx, "Count", func(t tx) error {
		var found bool
		return t.query(ctx, one(&found, &n), `SELECT count(*) FROM `+table)
	})
	return n, err
}

// Adopted tells whether all that the last life has left undone has a job.
func (s *Store) Adopted() bool {
	_, _, known := s.db.unwritten()
	return known
}

// Learned tells whether the intake knows what the last life has left. No write may be under way.
func (s *Store) Learned() bool { return s.seen.loaded && s.waiting.known }
