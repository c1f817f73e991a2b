package engine

import (
	"encoding/json"
	"sync"

	"cartwheel/merge"
)

// Roots of the merge codes that the engine itself supplies.
const (
	eventRoot = "Event"
	stepsRoot = "Steps"
)

// timeText is how the engine writes a time in a merge code and in the API.
const timeText = "2006-01-02T15:04:05.000Z07:00"

// withEvent adds the codes that every trigger has.
func withEvent(c merge.Catalog) merge.Catalog {
	entry := func(name string, t merge.Type, description string, sample any) merge.Entry {
		return merge.Entry{Code: merge.MakeCode(eventRoot, name), Type: t, Description: description, Sample: sample}
	}
	return c.With(
		entry("id", merge.String, "The event's id at Cartwheel.", "019a9d2e-7c1b-7d10-9c55-0f6a3c1f2b7e"),
		entry("received_at", merge.Datetime, "When the event came in (UTC).", "2026-03-04T09:15:00.000Z"),
		entry("trigger", merge.String, "The trigger that the event is for.", "bigcommerce.shipment_created"),
		entry("scope", merge.String, "The name that the source gives to such events.", "store/shipment/created"),
		entry("entity", merge.String, "What the event is about.", "order/4127"),
	)
}

// catalogs keeps the catalogue of each trigger's usual config, so that a thousand workflows share one.
type catalogs struct{ byType sync.Map }

// of returns t's catalogue under config, with Event | ...
func (c *catalogs) of(t Trigger, config json.RawMessage) (merge.Catalog, error) {
	usual := len(config) == 0 || string(config) == "{}" || string(config) == "null"
	if known, ok := c.byType.Load(t.Spec().Type); ok && usual {
		return known.(merge.Catalog), nil //nolint:forcetypeassert // nothing else is stored
	}
	catalog, err := t.Catalog(config)
	if err != nil {
		return merge.Catalog{}, err
	}
	catalog = withEvent(catalog)
	if usual {
		c.byType.Store(t.Spec().Type, catalog)
	}
	return catalog, nil
}

// eventValues are the values of Event | ...
func eventValues(e *Event) merge.Object {
	var o merge.Object
	o.Set("id", e.ID)
	o.Set("received_at", e.ReceivedAt.UTC().Format(timeText))
	o.Set("trigger", e.Trigger)
	o.Set("scope", e.Scope)
	o.Set("entity", e.Entity)
	return o
}

// rootOf is everything that a condition or a template of an event sees.
func rootOf(e *Event, values merge.Object) merge.Object {
	var root merge.Object
	for _, key := range values.Keys() {
		value, _ := values.Get(key)
		root.Set(key, value)
	}
	if _, given := values.Get(eventRoot); !given {
		root.Set(eventRoot, eventValues(e))
	}
	return root
}

// env is for one evaluation: its own meter, the time standing still.
func (e *Engine) env(root merge.Object) merge.Env {
	return merge.Env{Root: root, Meter: merge.NewMeter(e.Stopwatch), Now: e.now()}
}

// sampleValues builds the nested values of a catalogue's samples.
func sampleValues(c merge.Catalog) merge.Object {
	var root merge.Object
	for _, entry := range c.Entries() {
		root.Put(entry.Code, sampleOf(entry))
	}
	return root
}

func sampleOf(entry merge.Entry) any {
	if entry.Sample != nil || len(entry.Items) == 0 {
		return entry.Sample
	}
	var item merge.Object
	for _, member := range entry.Items {
		item.Put(member.Code, sampleOf(member))
	}
	if entry.Type == merge.ObjectOf {
		return item
	}
	return []any{item}
}
