package store

import (
	"context"
	"encoding/json"

	"cartwheel/engine"
)

// saveUses notes which authentications the draft and the live version of a
// workflow name, so that none of them can be deleted.
func saveUses(ctx context.Context, t tx, workflowID string) error {
	definitions, err := texts(ctx, t, `SELECT draft FROM workflow WHERE id = $1 AND deleted_at IS NULL`, workflowID)
	if err != nil {
		return err
	}
	live, err := texts(ctx, t, `SELECT v.definition FROM workflow w JOIN workflow_version v ON v.workflow_id = w.id AND v.number = w.live_version
		WHERE w.id = $1 AND w.deleted_at IS NULL`, workflowID)
	if err != nil {
		return err
	}
	used := map[string]bool{}
	for _, text := range append(definitions, live...) {
		var d engine.Definition
		if err := fromJSON(text, &d); err != nil {
			return err
		}
		used[d.Trigger.AuthenticationID] = true
		usedBySteps(d.Steps, used)
	}
	delete(used, "")
	if _, err := t.exec(ctx, `DELETE FROM workflow_authentication WHERE workflow_id = $1`, workflowID); err != nil {
		return err
	}
	for id := range used {
		if _, err := t.exec(ctx, `INSERT INTO workflow_authentication (authentication_id, workflow_id) VALUES ($1, $2)`, id, workflowID); err != nil {
			return err
		}
	}
	return nil
}

// usedBySteps adds what the configs of steps name as authentication_id. A config
// that says something else there is a problem of the draft, not of the store.
func usedBySteps(steps []engine.Step, used map[string]bool) {
	for _, step := range steps {
		var config map[string]json.RawMessage
		var id string
		if json.Unmarshal(step.Config, &config) == nil && json.Unmarshal(config["authentication_id"], &id) == nil {
			used[id] = true
		}
		for _, b := range step.Branches {
			usedBySteps(b.Steps, used)
		}
		usedBySteps(step.Otherwise, used)
	}
}
