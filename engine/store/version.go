package store

import (
	"context"
	"strconv"
	"time"

	"cartwheel/engine"
)

// Publish stores the draft as the next version and makes it live.
func (s *Store) Publish(ctx context.Context, w engine.Workflow, v engine.Version, jobs ...engine.Job) (engine.Workflow, engine.Version, error) {
	var live engine.Workflow
	var version engine.Version
	err := s.write(ctx, "Publish", func(t tx) error {
		now := s.now()
		before, err := workflowMembers(ctx, t, w.ID)
		if err != nil {
			return err
		}
		if live, version, err = publish(ctx, t, now, w, v); err != nil {
			return err
		}
		if err := noteWorkflow(ctx, t, now, "workflow.publish", w.ID, before); err != nil {
			return err
		}
		return enqueue(ctx, t, now, jobs...)
	})
	if err != nil {
		return engine.Workflow{}, engine.Version{}, err
	}
	return live, version, nil
}

func publish(ctx context.Context, t tx, now time.Time, w engine.Workflow, v engine.Version) (engine.Workflow, engine.Version, error) {
	n, err := t.exec(ctx, `UPDATE workflow SET status = 'live', last_version = last_version + 1, live_version = last_version + 1,
		revision = revision + 1, updated_at = $2 WHERE id = $1 AND deleted_at IS NULL AND (revision = $3 OR $3 = 0)`, w.ID, millis(now), w.Revision)
	if err == nil && n == 0 {
		err = staleWorkflow(ctx, t, w.ID)
	}
	if err != nil {
		return w, v, err
	}
	if w, err = workflow(ctx, t, w.ID); err != nil {
		return w, v, err
	}
	v.WorkflowID, v.Number, v.Definition = w.ID, w.LastVersion, w.Draft
	if v.PublishedAt.IsZero() {
		v.PublishedAt = now
	}
	v.PublishedAt = moment(millis(v.PublishedAt))
	_, err = t.exec(ctx, `INSERT INTO workflow_version (workflow_id, number, published_at, published_by, note, definition)
		SELECT id, last_version, $2, $3, $4, draft FROM workflow WHERE id = $1`, w.ID, millis(v.PublishedAt), v.PublishedBy, v.Note)
	if err != nil {
		return w, v, err
	}
	_, err = t.exec(ctx, `UPDATE workflow SET live_trigger = $2, live_authentication_id = $3 WHERE id = $1`,
		w.ID, w.Draft.Trigger.Type, w.Draft.Trigger.AuthenticationID)
	if err == nil {
		err = saveUses(ctx, t, w.ID)
	}
	w.Changed = false
	return w, v, err
}

const versionColumns = `workflow_id, number, published_at, published_by, note, definition`

func scanVersion(s scan) (engine.Version, error) {
	var v engine.Version
	var published int64
	var definition string
	if err := s(&v.WorkflowID, &v.Number, &published, &v.PublishedBy, &v.Note, &definition); err != nil {
		return v, err
	}
	v.PublishedAt = moment(published)
	return v, fromJSON(definition, &v.Definition)
}

// Version returns one, of a deleted workflow too.
func (s *Store) Version(ctx context.Context, ref engine.VersionRef) (engine.Version, error) {
	var v engine.Version
	found := false
	err := s.read(ctx, "Version", func(t tx) error {
		found = false
		return t.query(ctx, func(scan scan) (err error) {
			found = true
			v, err = scanVersion(scan)
			return err
		}, `SELECT `+versionColumns+` FROM workflow_version WHERE workflow_id = $1 AND number = $2`, ref.WorkflowID, ref.Number)
	})
	if err == nil && !found {
		err = s.explain("Version", engine.Errorf(engine.NotFound, "Workflow %s has no version %d.", ref.WorkflowID, ref.Number))
	}
	if err != nil {
		return engine.Version{}, err
	}
	return v, nil
}

// Versions lists the versions of a workflow, newest first.
func (s *Store) Versions(ctx context.Context, id string, p engine.Page) ([]engine.Version, string, error) {
	q := &filter{}
	q.add("workflow_id = %s", id)
	after, err := readCursor(p, 1)
	if err == nil && after != nil {
		var number int
		if number, err = strconv.Atoi(after[0]); err != nil {
			err = badCursor()
		}
		q.add("number < %s", number)
	}
	if err != nil {
		return nil, "", s.explain("Versions", err)
	}
	var items []engine.Version
	err = s.read(ctx, "Versions", func(t tx) error {
		items = nil
		if err := everKnown(ctx, t, id); err != nil {
			return err
		}
		return t.query(ctx, func(scan scan) error {
			v, err := scanVersion(scan)
			items = append(items, v)
			return err
		}, `SELECT `+versionColumns+` FROM workflow_version`+q.tail("number DESC", p), q.args...)
	})
	if err != nil {
		return nil, "", err
	}
	items, next := cut(items, p, func(v engine.Version) []string { return []string{strconv.Itoa(v.Number)} })
	return items, next, nil
}

// everKnown is nil for a workflow that is or was there.
func everKnown(ctx context.Context, t tx, id string) error {
	var found bool
	var number int
	err := t.query(ctx, one(&found, &number), `SELECT last_version FROM workflow WHERE id = $1`, id)
	if err == nil && !found {
		err = noWorkflow(id)
	}
	return err
}

// LiveVersions names the versions that an event of a trigger concerns, oldest workflow first.
func (s *Store) LiveVersions(ctx context.Context, trigger, authenticationID string) ([]engine.VersionRef, error) {
	var refs []engine.VersionRef
	err := s.read(ctx, "LiveVersions", func(t tx) error {
		refs = nil
		return t.query(ctx, func(scan scan) error {
			var r engine.VersionRef
			err := scan(&r.WorkflowID, &r.Number)
			refs = append(refs, r)
			return err
		}, `SELECT id, live_version FROM workflow WHERE live_authentication_id = $1 AND live_trigger = $2 AND status = 'live' AND deleted_at IS NULL
			ORDER BY created_at, id`, authenticationID, trigger)
	})
	if err != nil {
		return nil, err
	}
	return refs, nil
}

// LiveTriggers names the triggers of the live workflows of an authentication, sorted.
func (s *Store) LiveTriggers(ctx context.Context, authenticationID string) ([]string, error) {
	return s.texts(ctx, "LiveTriggers", `SELECT DISTINCT live_trigger FROM workflow WHERE live_authentication_id = $1 AND status = 'live' AND deleted_at IS NULL
		ORDER BY live_trigger`, authenticationID)
}

// texts reads a query of one text column.
func (s *Store) texts(ctx context.Context, op, q string, args ...any) ([]string, error) {
	var found []string
	err := s.read(ctx, op, func(t tx) (err error) {
		found, err = texts(ctx, t, q, args...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

func texts(ctx context.Context, t tx, q string, args ...any) ([]string, error) {
	var found []string
	err := t.query(ctx, func(s scan) error {
		var text string
		err := s(&text)
		found = append(found, text)
		return err
	}, q, args...)
	return found, err
}
