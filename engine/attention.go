package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Attention is one thing that a person should look at.
type Attention struct {
	Code   string // authentication hook failing problems queue held database stopped limit
	ID     string // of the authentication or workflow that it is about
	Name   string // its name
	Title  string
	Detail string
	Link   string // in the app
	Since  *time.Time
	Count  int // of what there are several
}

// Cause is what stays the same while the trouble lasts.
func (a Attention) Cause() string { return a.Code + "/" + a.ID }

// More codes of an Attention.
const (
	AttentionQueue    = "queue"
	AttentionHeld     = "held"
	AttentionDatabase = "database"
	AttentionStopped  = "stopped" // no step acts
	AttentionLimit    = "limit"   // a workflow has sent its mails
)

// lateAfter is how old the oldest due job may be.
const lateAfter = 5 * time.Minute

// attention lists what a person should look at, the worst first.
func (e *Engine) attention(ctx context.Context) ([]Attention, error) {
	var all []Attention
	if err := e.Store.Ready(ctx); err != nil && !e.draining.Load() {
		all = append(all, Attention{Code: AttentionDatabase, Title: "The database cannot be written to",
			Detail: "New webhooks are refused and their senders try again later. Is the disk full? " + MessageOf(err), Count: 1, Link: "/"})
	}
	if e.SendingStopped() {
		all = append(all, Attention{Code: AttentionStopped, Title: "Sending is stopped", Count: 1, Link: sendingLink,
			Detail: "Events are taken and decided, but no step sends anything: runs wait until sending is started again in the settings."})
	}
	s, err := e.standing.get(ctx, struct{}{})
	if err != nil {
		return nil, err
	}
	queue, err := e.queueState(ctx)
	if err != nil {
		return nil, err
	}
	if queue.Age >= lateAfter {
		all = append(all, Attention{Code: AttentionQueue, Title: "Work is late", Since: queue.OldestAt, Count: queue.Waiting, Link: "/runs?status=running",
			Detail: fmt.Sprintf("%d jobs are due; the oldest has been waiting for %s.", queue.Waiting, queue.Age.Round(time.Second))})
	}
	all = append(all, s.attention()...)
	full, err := e.fullWorkflows(ctx)
	if err != nil {
		return nil, err
	}
	all = append(all, full...)
	held, oldest, err := e.Store.HeldRuns(ctx)
	if err != nil {
		return nil, err
	}
	if held > 0 {
		all = append(all, Attention{Code: AttentionHeld, Title: "Runs wait for your decision", Since: &oldest.CreatedAt, Count: held, Link: runsLink("", RunWaiting),
			Detail: "Nobody knows whether a step of them took effect, or it is one mail too many for its recipient. Open each, then retry or cancel it."})
	}
	return all, nil
}

// attention is what is wrong with authentications and live workflows.
func (s *standing) attention() []Attention {
	var all []Attention
	for _, a := range s.auths {
		if a.HealthState == HealthFailing {
			all = append(all, Attention{Code: BrokenAuthentication, ID: a.ID, Name: a.Name, Title: a.Name + " is refused", Detail: a.Health.Error,
				Link: authenticationLink(a.ID), Since: a.Health.FailedAt, Count: len(a.UsedBy)})
		}
		if why := hooksTrouble(a.Hooks); why != "" {
			all = append(all, Attention{Code: BrokenHook, ID: a.ID, Name: a.Name, Title: a.Name + " does not send webhooks", Detail: why,
				Link: authenticationLink(a.ID), Since: &a.Hooks.CheckedAt, Count: len(a.UsedBy)})
		}
	}
	for id, broken := range s.broken {
		for _, b := range broken {
			code, title := b.Code, s.names[id]+" fails"
			switch {
			case b.Code == BrokenProblems:
				title = s.names[id] + " cannot run"
			case b.Code == BrokenAuthentication && !s.has(b.ID):
				code, title = BrokenProblems, s.names[id]+" lacks an authentication"
			case b.Code != BrokenFailing:
				continue // it stands above, once for all workflows
			}
			all = append(all, Attention{Code: code, ID: id, Name: s.names[id], Title: title, Detail: b.Message, Link: b.Link, Count: max(1, b.Count)})
		}
	}
	slices.SortFunc(all, func(a, b Attention) int { return strings.Compare(a.Cause(), b.Cause()) })
	return all
}

func (s *standing) has(authenticationID string) bool {
	return slices.ContainsFunc(s.auths, func(a AuthenticationView) bool { return a.ID == authenticationID })
}
