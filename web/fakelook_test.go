package web_test

import (
	"context"
	"time"

	"cartwheel/engine"
)

func (f *fakeEngine) RunItems(_ context.Context, r engine.RunFilter, p engine.Page) ([]engine.RunItem, string, error) {
	f.runs, f.page = r, p
	item := engine.RunItem{Run: f.run.Run, WorkflowName: "Ask", RunFacts: engine.RunFacts{StepID: "call", Attempts: 1, Email: "shopper@example.com"}}
	return []engine.RunItem{item}, f.next, f.note1("Runs")
}

func (f *fakeEngine) Standing(context.Context, string) (engine.Activity, []engine.Broken, error) {
	return engine.Activity{LastRun: &engine.LastRun{ID: "run1", Status: engine.RunFailed, CreatedAt: moment}, Runs24h: 9, Failures24h: 4, Waiting: 2,
			Open: []engine.OpenRuns{{Version: 3, Running: 1, Waiting: 2}}},
		[]engine.Broken{{Code: engine.BrokenAuthentication, Message: "Mail is refused: no mailbox shopper@example.com", Link: "/authentications/mail"}}, f.err
}

func (f *fakeEngine) CancelRuns(_ context.Context, id string, version int) (int, error) {
	f.id, f.revision = id, int64(version)
	return 12, f.note1("CancelRuns")
}

func (f *fakeEngine) Overview(_ context.Context, hours int) (engine.Overview, error) {
	f.page.Limit = hours
	p50, p95 := 1200*time.Millisecond, 3*time.Second
	return engine.Overview{DatabaseBytes: 4096, Events24h: 5, Runs24h: 4, Failed24h: 1, Waiting: 2,
		Queue:     engine.QueueState{Waiting: 3, OldestAt: &moment, Age: 7 * time.Minute},
		Attention: []engine.Attention{{Code: "failing", ID: "ask", Name: "Ask", Title: "Ask fails", Detail: "shopper@example.com was refused.", Link: "/runs", Since: &moment, Count: 3}},
		Series:    []engine.Bucket{{At: moment, Events: 5, Succeeded: 3, Failed: 1, P50: &p50, P95: &p95}},
		TopErrors: []engine.TopError{{Message: "Step call: no such user Zoe <shopper@example.com>", Count: 2, WorkflowID: "ask", RunID: "run1", EventID: "ev1", Link: "/runs"}},
	}, f.note1("Overview")
}

func (f *fakeEngine) Settings(context.Context) (engine.Settings, error) {
	return f.settings, f.note1("Settings")
}

func (f *fakeEngine) SaveSettings(_ context.Context, s engine.Settings) error {
	f.settings = s
	return f.note1("SaveSettings")
}

func (f *fakeEngine) SendingStopped() bool { return f.settings.Sending.Stopped }

func (f *fakeEngine) Listen(t engine.Topics, last string) *engine.Listener {
	return f.feed.Listen(t, last)
}
