package engine

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/singleflight"

	"cartwheel/merge"
)

// kept holds in memory what the store says about workflows and authentications,
// for as long as Store.Changes says that it still holds.
type kept struct {
	store   Store
	mu      sync.Mutex
	changes uint64
	live    map[liveKey]liveSet
	auths   map[authKey]Authentication
	intakes map[intakeKey]Authentication
	loading singleflight.Group // many workers who miss the same thing load it once
}

type (
	liveKey   struct{ trigger, authenticationID string }
	authKey   string // an authentication's id
	intakeKey string // the hash of the key in a webhook's URL
)

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
	k.live, k.auths, k.intakes = map[liveKey]liveSet{}, map[authKey]Authentication{}, map[intakeKey]Authentication{}
}

// keep returns what is kept in the map that of names, or loads it. The count is read before
// the store is: what is loaded while it changes is loaded again next time.
func keep[K comparable, V any](k *kept, of func() map[K]V, key K, load func() (V, error)) (V, error) {
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
	loaded, err, _ := k.loading.Do(fmt.Sprintf("%T %d %v", key, now, key), func() (any, error) {
		v, err := load()
		if err != nil {
			return v, err
		}
		k.mu.Lock()
		defer k.mu.Unlock()
		if k.changes == now && len(of()) < maxKeptEntries {
			of()[key] = v
		}
		return v, nil
	})
	v, _ = loaded.(V)
	return v, err
}

// authentication returns one. Errors: NotFound.
func (k *kept) authentication(ctx context.Context, id string) (Authentication, error) {
	return keep(k, func() map[authKey]Authentication { return k.auths }, authKey(id), func() (Authentication, error) {
		return k.store.Authentication(context.WithoutCancel(ctx), id)
	})
}

// authenticationByIntake finds one by the hash of the key in its webhook's URL. Errors: NotFound.
func (k *kept) authenticationByIntake(ctx context.Context, hash []byte) (Authentication, error) {
	return keep(k, func() map[intakeKey]Authentication { return k.intakes }, intakeKey(hash), func() (Authentication, error) {
		return k.store.AuthenticationByIntake(context.WithoutCancel(ctx), hash)
	})
}
