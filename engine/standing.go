package engine

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Broken says why a live workflow does not work as it should.
type Broken struct {
	Code    string // authentication hook failing problems
	Message string
	Link    string // where it is mended, in the app
	ID      string // of the authentication, if it is about one
	Count   int    // failing: how many runs
}

// The codes of a Broken, which are those of Attention too.
const (
	BrokenAuthentication = "authentication"
	BrokenHook           = "hook"
	BrokenFailing        = "failing"
	BrokenProblems       = "problems"
)

// When a workflow counts as failing.
const (
	failingInARow = 3
	failingLooked = 50
	failingShare  = 5  // more than one of five
	failingEnough = 10 // of fewer runs the share says nothing
)

// standing is how everything stands at one moment.
type standing struct {
	activities map[string]Activity
	broken     map[string][]Broken
	names      map[string]string // of the live workflows
	auths      []AuthenticationView
}

// standingLives is how long a look is good for: lists are read again whenever something changes.
const standingLives = 2 * time.Second

// lookAround finds out how everything stands.
func (e *Engine) lookAround(ctx context.Context, _ struct{}) (*standing, error) {
	s := &standing{broken: map[string][]Broken{}, names: map[string]string{}}
	now := e.now()
	var err error
	if s.activities, err = e.Store.Activities(ctx, now.Truncate(time.Hour).Add(-23*time.Hour)); err != nil {
		return nil, err
	}
	started, err := e.started.last(ctx, now, 24)
	if err != nil {
		return nil, err
	}
	for _, hour := range started {
		for id, n := range hour {
			a := s.activities[id]
			a.Runs24h += n
			s.activities[id] = a
		}
	}
	if s.auths, err = e.everyAuthentication(ctx); err != nil {
		return nil, err
	}
	live, err := e.Store.LiveWorkflows(ctx)
	if err != nil {
		return nil, err
	}
	for _, w := range live {
		s.names[w.ID] = w.Draft.Name
		if s.broken[w.ID], err = e.brokenness(ctx, s, w); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (e *Engine) everyAuthentication(ctx context.Context) ([]AuthenticationView, error) {
	var all []AuthenticationView
	for p := (Page{Limit: 200}); ; {
		items, next, err := e.Authentications(ctx, p)
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
		if next == "" {
			return all, nil
		}
		p.Cursor = next
	}
}

// brokenness says what is wrong with a live workflow.
func (e *Engine) brokenness(ctx context.Context, s *standing, w Workflow) ([]Broken, error) {
	var broken []Broken
	p, err := e.programs.get(ctx, VersionRef{w.ID, w.LiveVersion})
	switch {
	case CodeOf(err) == Invalid:
		broken = append(broken, Broken{Code: BrokenProblems, Message: MessageOf(err), Link: workflowLink(w.ID)})
	case err != nil:
		return nil, err
	default:
		broken = append(broken, s.brokenAuthentications(p)...)
	}
	if a := s.activities[w.ID]; a.LastRun == nil || a.Failures24h == 0 && a.LastRun.Status != RunFailed {
		return broken, nil
	}
	statuses, err := e.Store.RunStatuses(ctx, w.ID, failingLooked)
	if message, n := failing(statuses); message != "" {
		broken = append(broken, Broken{Code: BrokenFailing, Message: message, Link: runsLink(w.ID, RunFailed), Count: n})
	}
	return broken, err
}

// failing judges the newest runs of a workflow. What somebody cancelled says nothing.
func failing(newest []RunStatus) (message string, failures int) {
	inARow, counted := 0, 0
	for _, s := range newest {
		if s == RunCancelled {
			continue
		}
		if s == RunFailed {
			failures++
			if inARow == counted {
				inARow++
			}
		}
		counted++
	}
	switch {
	case inARow >= failingInARow:
		return fmt.Sprintf("The last %d runs have failed.", inARow), inARow
	case counted >= failingEnough && failures*failingShare > counted:
		return fmt.Sprintf("%d of the last %d runs have failed.", failures, counted), failures
	}
	return "", 0
}

// brokenAuthentications looks at what a version needs.
func (s *standing) brokenAuthentications(p *program) []Broken {
	var broken []Broken
	seen := map[string]bool{"": true}
	look := func(id string, trigger bool) {
		if seen[id] {
			return
		}
		seen[id] = true
		for _, a := range s.auths {
			if a.ID != id {
				continue
			}
			if a.HealthState == HealthFailing {
				broken = append(broken, Broken{Code: BrokenAuthentication, ID: id, Message: fmt.Sprintf("%s is refused: %s", a.Name, a.Health.Error), Link: authenticationLink(id)})
			}
			if why := hooksTrouble(a.Hooks); trigger && why != "" {
				broken = append(broken, Broken{Code: BrokenHook, ID: id, Message: why, Link: authenticationLink(id)})
			}
			return
		}
		broken = append(broken, Broken{Code: BrokenAuthentication, ID: id, Message: fmt.Sprintf("There is no authentication %q any more.", id), Link: "/authentications"})
	}
	look(p.definition.Trigger.AuthenticationID, true)
	for _, n := range p.flat {
		if !n.off {
			look(n.authID, false)
		}
	}
	return broken
}

// hooksTrouble says what is wrong with the hooks of a store; "": nothing.
func hooksTrouble(s Subscription) string {
	if s.State == SubscriptionFailed {
		return "The store's webhooks could not be registered: " + s.Reason
	}
	if scopes := s.inactive(); len(scopes) > 0 {
		return "The store has switched webhooks off: " + strings.Join(scopes, ", ") + "."
	}
	return ""
}

func workflowLink(id string) string       { return "/workflows/" + url.PathEscape(id) }
func authenticationLink(id string) string { return "/authentications/" + url.PathEscape(id) }

func runsLink(workflowID string, s RunStatus) string {
	q := url.Values{"status": {string(s)}}
	if workflowID != "" {
		q.Set("workflow_id", workflowID)
	}
	return "/runs?" + q.Encode()
}

// Standing says of a workflow what it has been doing and, when it is live, why it does not work. It is a moment old.
func (e *Engine) Standing(ctx context.Context, workflowID string) (Activity, []Broken, error) {
	s, err := e.standing.get(ctx, struct{}{})
	if err != nil {
		return Activity{}, nil, err
	}
	return s.activities[workflowID], s.broken[workflowID], nil
}
