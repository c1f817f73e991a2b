package engine

import (
	"context"
	"sync"

	"cartwheel/merge"
)

// kept holds in memory what the store says about workflows and authentications,
// for as long as Store.Changes says that it still holds.
type kept struct {
	store   Store
	mu      sync.Mutex
	changes uint64
	live    map[liveKey]liveSet
	auths   map[string]Authentication
	intakes map[string]Authentication // by the hash of the key
}

type liveKey struct{ trigger, authenticationID string }

// liveSet is every live workflow on a trigger, with the merge codes that they use together.
type liveSet struct {
	workflows []liveWorkflow
	want      []merge.Code
}

// maxKept bounds each map: ids that are asked for come from stored rows, but there may be many.
const maxKeptEntries = 10_000

func newKept(s Store) *kept {
	k := &kept{store: s}
	k.clear()
	return k
}

func (k *kept) clear() {
	k.live, k.auths, k.intakes = map[liveKey]liveSet{}, map[string]Authentication{}, map[string]Authentication{}
}

// keep returns what is kept in the map that of names, or loads it. The count is read before
// the store is: what is loaded while it changes is loaded again next time.
func keep[K comparable, V any](k *kept, of func() map[K]V, key K, load func() (value V, lasts bool, err error)) (V, error) {
	now := k.store.Changes()
	k.mu.Lock()
	if k.changes != now {
		k.clear()
		k.changes = now
	}
	v, ok := of()[key]
	k.mu.Unlock()
	if ok {
		return v, nil
	}
	v, lasts, err := load()
	if err != nil || !lasts {
		return v, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.changes == now && len(of()) < maxKeptEntries {
		of()[key] = v
	}
	return v, nil
}

// authentication returns one. Errors: NotFound.
func (k *kept) authentication(ctx context.Context, id string) (Authentication, error) {
	return keep(k, func() map[string]Authentication { return k.auths }, id, func() (Authentication, bool, error) {
		a, err := k.store.Authentication(ctx, id)
		return a, true, err
	})
}

// authenticationByIntake finds one by the hash of the key in its webhook's URL. Errors: NotFound.
func (k *kept) authenticationByIntake(ctx context.Context, hash []byte) (Authentication, error) {
	return keep(k, func() map[string]Authentication { return k.intakes }, string(hash), func() (Authentication, bool, error) {
		a, err := k.store.AuthenticationByIntake(ctx, hash)
		return a, true, err
	})
}
