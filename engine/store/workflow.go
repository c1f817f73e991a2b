package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"cartwheel/engine"
)

// A workflow's draft has unpublished changes while it differs from its newest version.
const (
	workflowColumns = `w.id, w.status, w.revision, w.live_version, w.last_version, w.created_at, w.updated_at, w.updated_by, w.draft, v.definition`
	workflowTables  = ` FROM workflow w LEFT JOIN workflow_version v ON v.workflow_id = w.id AND v.number = w.last_version`
)

func scanWorkflow(s scan) (engine.Workflow, error) {
	var w engine.Workflow
	var created, updated int64
	var draft string
	var newest sql.NullString
	if err := s(&w.ID, &w.Status, &w.Revision, &w.LiveVersion, &w.LastVersion, &created, &updated, &w.UpdatedBy, &draft, &newest); err != nil {
		return w, err
	}
	w.CreatedAt, w.UpdatedAt, w.Changed = moment(created), moment(updated), newest.String != draft
	return w, fromJSON(draft, &w.Draft)
}

func noWorkflow(id string) error {
	return engine.Errorf(engine.NotFound, "There is no workflow called %s.", id)
}

// workflow reads one that is not deleted.
func workflow(ctx context.Context, t tx, id string) (engine.Workflow, error) {
	var w engine.Workflow
	found := false
	err := t.query(ctx, func(s scan) (err error) {
		found = true
		w, err = scanWorkflow(s)
		return err
	}, `SELECT `+workflowColumns+workflowTables+` WHERE w.id = $1 AND w.deleted_at IS NULL`, id)
	if err == nil && !found {
		err = noWorkflow(id)
	}
	return w, err
}

// searchText is what a list is searched in.
func searchText(w engine.Workflow) string { return strings.ToLower(w.Draft.Name + "\n" + w.ID) }

// AddWorkflow stores a new draft, or brings a deleted workflow of that id back with it.
func (s *Store) AddWorkflow(ctx context.Context, w engine.Workflow) (engine.Workflow, error) {
	return s.changeWorkflow(ctx, "AddWorkflow", "workflow.create", w, func(t tx, draft string, now time.Time) error {
		n, err := t.exec(ctx, `INSERT INTO workflow (id, status, revision, live_version, last_version, authentication_id, live_trigger, live_authentication_id,
				search, created_at, updated_at, draft, updated_by)
			VALUES ($1, 'draft', 1, 0, 0, $2, '', '', $3, $4, $4, $5, $6)
			ON CONFLICT (id) DO UPDATE SET status = 'draft', revision = workflow.revision + 1, live_version = 0, authentication_id = excluded.authentication_id,
				search = excluded.search, created_at = excluded.created_at, updated_at = excluded.updated_at, draft = excluded.draft, updated_by = excluded.updated_by, deleted_at = NULL
			WHERE workflow.deleted_at IS NOT NULL`,
			w.ID, w.Draft.Trigger.AuthenticationID, searchText(w), millis(now), draft, engine.ActorOf(ctx).Name)
		if err == nil && n == 0 {
			err = engine.Errorf(engine.Conflict, "There is a workflow called %s already.", w.ID)
		}
		return err
	})
}

// SaveDraft replaces a draft.
func (s *Store) SaveDraft(ctx context.Context, w engine.Workflow) (engine.Workflow, error) {
	return s.changeWorkflow(ctx, "SaveDraft", "workflow.edit", w, func(t tx, draft string, now time.Time) error {
		n, err := t.exec(ctx, `UPDATE workflow SET draft = $2, authentication_id = $3, search = $4, updated_at = $5, updated_by = $7, revision = revision + 1
			WHERE id = $1 AND deleted_at IS NULL AND (revision = $6 OR $6 = 0)`,
			w.ID, draft, w.Draft.Trigger.AuthenticationID, searchText(w), millis(now), w.Revision, engine.ActorOf(ctx).Name)
		if err == nil && n == 0 {
			err = staleWorkflow(ctx, t, w.ID)
		}
		return err
	})
}

// changeWorkflow writes a draft with change, notes what it uses and the deed, and returns the workflow as it is then.
func (s *Store) changeWorkflow(ctx context.Context, op, action string, w engine.Workflow, change func(t tx, draft string, now time.Time) error) (engine.Workflow, error) {
	draft, err := toJSON(w.Draft)
	if err != nil {
		return engine.Workflow{}, s.explain(op, err)
	}
	var saved engine.Workflow
	err = s.write(ctx, op, func(t tx) error {
		now := s.now()
		before, err := workflowMembers(ctx, t, w.ID)
		if err != nil {
			return err
		}
		if err := change(t, cleanText(draft), now); err != nil {
			return err
		}
		if err := saveUses(ctx, t, w.ID); err != nil {
			return err
		}
		if err := noteWorkflow(ctx, t, now, action, w.ID, before); err != nil {
			return err
		}
		saved, err = workflow(ctx, t, w.ID)
		return err
	})
	if err != nil {
		return engine.Workflow{}, err
	}
	return saved, nil
}

// staleWorkflow says why an update found nothing.
func staleWorkflow(ctx context.Context, t tx, id string) error {
	if _, err := workflow(ctx, t, id); err != nil {
		return err
	}
	return engine.Errorf(engine.Stale, "Workflow %s was changed meanwhile. Load it again and repeat the change.", id)
}

// Workflow returns one that is not deleted.
func (s *Store) Workflow(ctx context.Context, id string) (engine.Workflow, error) {
	var w engine.Workflow
	err := s.read(ctx, "Workflow", func(t tx) (err error) {
		w, err = workflow(ctx, t, id)
		return err
	})
	if err != nil {
		return engine.Workflow{}, err
	}
	return w, nil
}

// Workflows lists workflows, newest first.
func (s *Store) Workflows(ctx context.Context, f engine.WorkflowFilter, p engine.Page) ([]engine.Workflow, string, error) {
	q := &filter{}
	q.add("w.deleted_at IS NULL")
	if f.Status != "" {
		q.add("w.status = %s", string(f.Status))
	}
	if f.AuthenticationID != "" {
		q.add("w.authentication_id = %s", f.AuthenticationID)
	}
	if f.Query != "" {
		q.add(`w.search LIKE %s ESCAPE '\'`, "%"+likeText(strings.ToLower(f.Query))+"%")
	}
	if err := q.afterCreated(p, "w"); err != nil {
		return nil, "", s.explain("Workflows", err)
	}
	var items []engine.Workflow
	err := s.read(ctx, "Workflows", func(t tx) error {
		items = nil
		return t.query(ctx, func(scan scan) error {
			w, err := scanWorkflow(scan)
			items = append(items, w)
			return err
		}, `SELECT `+workflowColumns+workflowTables+q.tail("w.created_at DESC, w.id DESC", p), q.args...)
	})
	if err != nil {
		return nil, "", err
	}
	items, next := cut(items, p, func(w engine.Workflow) []string { return createdKey(w.CreatedAt, w.ID) })
	return items, next, nil
}

// likeText takes the meaning off the signs that LIKE knows.
func likeText(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// Lists of things with slugs for ids are ordered by created_at, then id.

func createdKey(created time.Time, id string) []string {
	return []string{strconv.FormatInt(millis(created), 10), id}
}

func (f *filter) afterCreated(p engine.Page, table string) error {
	after, err := readCursor(p, 2)
	if err != nil || after == nil {
		return err
	}
	created, err := strconv.ParseInt(after[0], 10, 64)
	if err != nil {
		return badCursor()
	}
	f.add("("+table+".created_at, "+table+".id) < (%s, %s)", created, after[1])
	return nil
}

// SetStatus makes a published workflow live or paused.
func (s *Store) SetStatus(ctx context.Context, id string, status engine.WorkflowStatus, jobs ...engine.Job) (engine.Workflow, error) {
	if status != engine.WorkflowLive && status != engine.WorkflowPaused {
		return engine.Workflow{}, s.explain("SetStatus", engine.Errorf(engine.Invalid, "A workflow can be made live or paused, not %s.", status))
	}
	action := map[engine.WorkflowStatus]string{engine.WorkflowLive: "workflow.resume", engine.WorkflowPaused: "workflow.pause"}[status]
	var w engine.Workflow
	err := s.write(ctx, "SetStatus", func(t tx) error {
		now := s.now()
		before, err := workflowMembers(ctx, t, id)
		if err != nil {
			return err
		}
		n, err := t.exec(ctx, `UPDATE workflow SET status = $2, revision = revision + 1, updated_at = $3 WHERE id = $1 AND deleted_at IS NULL AND live_version > 0`,
			id, string(status), millis(now))
		if err != nil {
			return err
		}
		if w, err = workflow(ctx, t, id); err != nil {
			return err
		}
		if n == 0 {
			return engine.Errorf(engine.Conflict, "Workflow %s was never published. Publish it first.", id)
		}
		if err := noteWorkflow(ctx, t, now, action, id, before); err != nil {
			return err
		}
		return enqueue(ctx, t, now, jobs...)
	})
	if err != nil {
		return engine.Workflow{}, err
	}
	return w, nil
}

// DeleteWorkflow hides a workflow; its versions and runs stay.
func (s *Store) DeleteWorkflow(ctx context.Context, id string, revision int64, jobs ...engine.Job) error {
	return s.write(ctx, "DeleteWorkflow", func(t tx) error {
		now := s.now()
		before, err := workflowMembers(ctx, t, id)
		if err != nil {
			return err
		}
		n, err := t.exec(ctx, `UPDATE workflow SET deleted_at = $2, updated_at = $2, status = 'draft', live_version = 0, live_trigger = '', live_authentication_id = '',
			revision = revision + 1 WHERE id = $1 AND deleted_at IS NULL AND (revision = $3 OR $3 = 0)`, id, millis(now), revision)
		if err == nil && n == 0 {
			err = staleWorkflow(ctx, t, id)
		}
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `DELETE FROM workflow_authentication WHERE workflow_id = $1`, id); err != nil {
			return err
		}
		if err := noteWorkflow(ctx, t, now, "workflow.delete", id, before); err != nil {
			return err
		}
		return enqueue(ctx, t, now, jobs...)
	})
}
