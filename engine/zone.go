package engine

import (
	"context"
	"time"

	"cartwheel/merge"
)

const (
	zoneKept   = time.Minute
	zoneEvents = 5 // so many of the newest events are asked for the store's zone
)

// StoreZone is the time zone that people see times in: the one that was chosen, else the one that the store has told with
// its newest events, else UTC.
func (e *Engine) StoreZone(ctx context.Context) (string, error) {
	chosen, err := e.Settings(ctx)
	if err != nil || chosen.TimeZone != "" {
		return chosen.TimeZone, err
	}
	return e.zones.get(ctx, "")
}

// toldZone looks into events: the store tells its zone where a workflow needed it.
func (e *Engine) toldZone(ctx context.Context, _ string) (string, error) {
	items, _, err := e.Store.Events(ctx, EventFilter{Status: EventDone}, Page{Limit: zoneEvents})
	if err != nil {
		return "", err
	}
	for _, item := range items {
		ev, err := e.Store.Event(ctx, item.ID)
		if CodeOf(err) == NotFound { // deleted meanwhile
			continue
		}
		if err != nil {
			return "", err
		}
		if zone := e.zoneIn(ev); zone != "" {
			return zone, nil
		}
	}
	return time.UTC.String(), nil
}

func (e *Engine) zoneIn(ev Event) string {
	t, ok := e.Config.Triggers.Get(ev.Trigger)
	if !ok {
		return ""
	}
	catalog, err := e.catalogs.of(t, nil)
	if err != nil || catalog.Zone() == "" {
		return ""
	}
	var at any = ev.Values
	for _, segment := range catalog.Zone().Segments() {
		o, ok := at.(merge.Object)
		if !ok {
			return ""
		}
		at, _ = o.Get(segment)
	}
	name, _ := at.(string)
	if _, err := time.LoadLocation(name); err != nil || name == "Local" {
		return ""
	}
	return name
}

// NeedsStart reports whether no store is connected yet.
func (e *Engine) NeedsStart(ctx context.Context) (bool, error) {
	s, err := e.Setup(ctx)
	return !s.Store, err
}
