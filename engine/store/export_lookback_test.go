package store

// CountQueries are the queries that count runs.
func CountQueries() map[string]string {
	return map[string]string{"waiting": waitingRunsQuery, "started": startedRunsQuery, "failed": failedRunsQuery, "finished": finishedRunsQuery}
}
