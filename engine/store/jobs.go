package store

import (
	"context"
	"time"

	"cartwheel/engine"
)

// A job row is a durable wake-up call. It changes in the transaction of the rows
// it is about. gen counts how often it was asked for: who finishes or moves the
// job while holding an old one leaves it due, because something happened meanwhile.

// enqueue asks for jobs: new rows, or an earlier time and the next gen for those that exist.
func enqueue(ctx context.Context, t tx, now time.Time, jobs ...engine.Job) error {
	for _, j := range jobs {
		if j.Due.IsZero() {
			j.Due = now.Truncate(time.Millisecond)
		}
		_, err := t.exec(ctx, `INSERT INTO job (kind, ref, due_at, gen) VALUES ($1, $2, $3, 1)
			ON CONFLICT (kind, ref) DO UPDATE SET gen = job.gen + 1,
				due_at = CASE WHEN excluded.due_at < job.due_at THEN excluded.due_at ELSE job.due_at END`,
			string(j.Kind), j.Ref, dueMillis(j.Due))
		if err != nil {
			return err
		}
		t.touched(j, jobMoved)
	}
	return nil
}

// enqueueNew asks for a job that is known to be new. What it carries goes along in memory; one that is due now needs no
// row then, if a worker will have it soon: that it is there can be seen from its event or run (adopt.go). Its gen is 0.
func enqueueNew(ctx context.Context, t tx, now time.Time, j engine.Job) error {
	unwritten := j.Due.IsZero() && j.Carry != nil && t.promise(j.Kind)
	if j.Due.IsZero() {
		j.Due = now.Truncate(time.Millisecond)
	}
	due := dueMillis(j.Due)
	if unwritten {
		j.Due = time.UnixMilli(due).UTC()
		t.touched(j, jobIsUnwritten)
		return nil
	}
	_, err := t.exec(ctx, `INSERT INTO job (kind, ref, due_at, gen) VALUES ($1, $2, $3, 1)`, string(j.Kind), j.Ref, due)
	j.Due, j.Gen = time.UnixMilli(due).UTC(), 1
	t.touched(j, jobIsNew)
	return err
}

// settle is what the holder of j does with it: it moves the job to next, or
// removes it. j without a Ref means that nobody holds the job called kind and
// ref: then next asks for it, and nil removes it, whatever its gen.
func settle(ctx context.Context, t tx, now time.Time, kind engine.JobKind, ref string, j engine.Job, next *time.Time) error {
	switch {
	case j.Ref == "" && next != nil:
		return enqueue(ctx, t, now, engine.Job{Kind: kind, Ref: ref, Due: *next})
	case j.Ref == "":
		t.touched(engine.Job{Kind: kind, Ref: ref}, jobRemoved)
		_, err := t.exec(ctx, `DELETE FROM job WHERE kind = $1 AND ref = $2`, string(kind), ref)
		return err
	case next != nil:
		return move(ctx, t, now, j, *next)
	}
	return finish(ctx, t, now, j)
}

func move(ctx context.Context, t tx, now time.Time, j engine.Job, next time.Time) error {
	if next.IsZero() {
		next = now.Truncate(time.Millisecond)
	}
	_, err := t.exec(ctx, `INSERT INTO job (kind, ref, due_at, gen) VALUES ($1, $2, $3, max($4, 1))
		ON CONFLICT (kind, ref) DO UPDATE SET due_at = CASE WHEN job.gen = $4 THEN excluded.due_at ELSE $5 END`,
		string(j.Kind), j.Ref, dueMillis(next), j.Gen, millis(now))
	j.Due = time.Time{} // it may be due now
	t.touched(j, jobMoved)
	return err
}

func finish(ctx context.Context, t tx, now time.Time, j engine.Job) error {
	if j.Gen == 0 { // a row that it has by now was asked for meanwhile
		t.touched(j, jobIsDone)
		return nil
	}
	n, err := t.exec(ctx, `DELETE FROM job WHERE kind = $1 AND ref = $2 AND gen = $3`, string(j.Kind), j.Ref, j.Gen)
	if err != nil || n > 0 {
		t.touched(j, jobRemoved)
		return err
	}
	_, err = t.exec(ctx, `UPDATE job SET due_at = $3 WHERE kind = $1 AND ref = $2 AND due_at > $3`, string(j.Kind), j.Ref, millis(now))
	j.Due = time.Time{}
	t.touched(j, jobMoved)
	return err
}

// Enqueue asks for jobs.
func (s *Store) Enqueue(ctx context.Context, jobs ...engine.Job) error {
	return s.write(ctx, "Enqueue", func(t tx) error { return enqueue(ctx, t, s.now(), jobs...) })
}

// FinishJob removes j, unless it was asked for again.
func (s *Store) FinishJob(ctx context.Context, j engine.Job) error {
	return s.write(ctx, "FinishJob", func(t tx) error { return finish(ctx, t, s.now(), j) })
}

// Work calls handle for due jobs until ctx ends.
func (s *Store) Work(ctx context.Context, workers int, handle func(context.Context, engine.Job) error) error {
	return s.explain("Work", s.db.work(ctx, workers, handle))
}
