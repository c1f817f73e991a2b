package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// sendingLink is where sending is stopped and limited, in the app.
const sendingLink = "/settings/sending"

// fullWorkflows are the workflows whose mails wait because they have sent as many as they may.
func (e *Engine) fullWorkflows(ctx context.Context) ([]Attention, error) {
	since, limit := e.sending.mails.full(e.now())
	if len(since) == 0 {
		return nil, nil
	}
	ids := slices.Sorted(maps.Keys(since))
	names, err := e.Store.WorkflowNames(ctx, ids...)
	if err != nil {
		return nil, err
	}
	var all []Attention
	for _, id := range ids {
		first := since[id]
		all = append(all, Attention{Code: AttentionLimit, ID: id, Name: names[id], Title: names[id] + " has sent as many mails as it may", Since: &first, Count: 1,
			Link:   runsLink(id, RunWaiting),
			Detail: fmt.Sprintf("It has sent %s within an hour, which is the limit (Settings, Sending). The others wait and go on by themselves.", mails(limit))})
	}
	return all, nil
}

// tellSwitched tells those who look on that sending was stopped or started.
func (e *Engine) tellSwitched(ctx context.Context) {
	e.overview.forget()
	all, err := e.attention(ctx)
	if err != nil {
		e.Logger.Warn("nobody was told that sending was stopped or started", "error", logged(err))
		return
	}
	e.feed.Publish(Change{Kind: AttentionChanged, Count: len(all)})
}
