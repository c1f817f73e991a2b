package store

import "context"

// usedTriggers remembers whether a live workflow starts from a trigger of an authentication. Only writes look, so that
// it needs no lock, and what one of them commits is known to the next.
type usedTriggers struct {
	as    uint64 // of which state of the workflows: see [Store.Changes]
	known map[usedTrigger]bool
}

type usedTrigger struct{ trigger, authenticationID string }

// maxUsedTriggers bounds what is remembered: anybody may send an event with a type of his own.
const maxUsedTriggers = 1000

func (u *usedTriggers) has(ctx context.Context, t tx, changes uint64, trigger, authenticationID string) (bool, error) {
	if u.known == nil || u.as != changes || len(u.known) >= maxUsedTriggers {
		u.as, u.known = changes, map[usedTrigger]bool{}
	}
	key := usedTrigger{trigger, authenticationID}
	if used, ok := u.known[key]; ok {
		return used, nil
	}
	var used bool
	var id string
	err := t.query(ctx, one(&used, &id), `SELECT id FROM workflow WHERE live_authentication_id = $1 AND live_trigger = $2
		AND status = 'live' AND deleted_at IS NULL LIMIT 1`, authenticationID, trigger)
	if err == nil {
		u.known[key] = used
	}
	return used, err
}
