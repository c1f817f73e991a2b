package store

import "cartwheel/engine"

// EveryList is the query of each list of events and runs, with every combination of filters.
func EveryList() (queries []string) {
	x := func(mask, bit int) string {
		if mask&bit == 0 {
			return ""
		}
		return "x"
	}
	page := engine.Page{}
	for mask := range 32 {
		for _, status := range []engine.EventStatus{"", engine.EventAccepted, engine.EventDone, engine.EventFailed} {
			entity := x(mask, 2)
			if mask&16 != 0 {
				entity = engine.CustomerPrefix + entity
			}
			from, q := eventQuery(engine.EventFilter{Trigger: x(mask, 1), Entity: entity, AuthenticationID: x(mask, 4), Email: x(mask, 8), Status: status})
			queries = append(queries, "SELECT e.id"+from+q.tail("e.id DESC", page))
		}
		for _, status := range []engine.RunStatus{"", engine.RunRunning, engine.RunWaiting, engine.RunSucceeded, engine.RunFailed, engine.RunCancelled} {
			from, q := runQuery(engine.RunFilter{WorkflowID: x(mask, 1), EventID: x(mask, 2), AuthenticationID: x(mask, 4), Email: x(mask, 8), Entity: x(mask, 16), Status: status})
			queries = append(queries, "SELECT r.id"+from+q.tail("r.id DESC", page))
		}
	}
	return queries
}
