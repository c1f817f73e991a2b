package bigcommerce

import (
	"fmt"
	"sync"
	"time"

	"cartwheel/merge"
)

const (
	cacheFor = 10 * time.Minute // store and channels hardly ever change
	maxCache = 1000             // objects
)

// cache keeps store and channel objects for a while. Its keys carry the
// authentication and its revision: what one account may read is not for another.
type cache struct {
	mu    sync.Mutex
	byKey map[string]cached
}

type cached struct {
	object merge.Object
	until  time.Time
}

func newCache() *cache { return &cache{byKey: map[string]cached{}} }

func cacheKey(acc *account, path string) string {
	return fmt.Sprintf("%s\x00%d\x00%s%s", acc.auth.ID, acc.auth.Revision, acc.store(), path)
}

func (c *cache) get(key string, now time.Time) (merge.Object, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[key]
	return e.object, ok && now.Before(e.until)
}

func (c *cache) put(key string, o merge.Object, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.byKey) >= maxCache {
		clear(c.byKey) // simple: they are read again
	}
	c.byKey[key] = cached{o, now.Add(cacheFor)}
}
