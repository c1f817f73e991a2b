package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cartwheel/engine/cond"
	"cartwheel/merge"
)

// behindEarlier is how long an event waits at most for an earlier one of its entity.
const behindEarlier = 15 * time.Minute

// Expanded is told to Watch when an event has been decided.
type Expanded struct {
	Event     Event
	Values    merge.Object
	Calls     []Call
	Decisions []Decision
}

// expand fetches what an event is about, lets every live workflow decide, and
// stores the decisions with the runs they make.
func (e *Engine) expand(ctx context.Context, j Job) error {
	e.reached("event.claimed")
	ev, carried := j.Carry.(Event)
	if !carried {
		var err error
		ev, err = e.Store.Event(ctx, j.Ref)
		if CodeOf(err) == NotFound || err == nil && ev.Status != EventAccepted {
			return e.Store.FinishJob(ctx, j)
		}
		if err != nil {
			return err
		}
		if behind, err := e.waitBehind(ctx, ev, j); behind || err != nil {
			return err
		}
	}
	live, err := e.liveWorkflows(ctx, ev)
	if err != nil {
		return err
	}
	fetched, err := e.fetch(ctx, ev, merge.Object{}, live.want)
	if ctx.Err() != nil {
		return ctx.Err() // stopping: the job is taken up again at the next start
	}
	ev.Calls, ev.Values = append(ev.Calls, fetched.Calls...), fetched.Values
	if err != nil {
		return e.fetchFailed(ctx, ev, live.workflows, j, err)
	}
	return e.decide(ctx, ev, live.workflows, fetched.ReadAt, j)
}

// waitBehind keeps the events of one entity in order: it puts ev aside while an
// earlier one is undecided. Behind one that cannot be read it waits for a while only.
func (e *Engine) waitBehind(ctx context.Context, ev Event, j Job) (bool, error) {
	earlier, err := e.Store.EarlierEvent(ctx, ev)
	if CodeOf(err) == NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	until := e.now().Add(behindEarlier)
	refused := earlier.Reason != "" && earlier.NextAttemptAt == nil // by the store, until the authentication changes
	if earlier.Attempts+earlier.Misses > 0 || refused {
		until = ev.ReceivedAt.Add(behindEarlier)
	}
	if now := e.now(); !now.Before(until) || until.Sub(now) > behindEarlier { // or the clock was put back
		return false, nil
	}
	ev.Reason = fmt.Sprintf("Waits for event %s about the same %s, which came earlier and is not decided yet.", earlier.ID, ev.Entity)
	ev.NextAttemptAt = &until
	return true, e.Store.SaveWait(ctx, ev, j)
}

// liveWorkflow is a live version with its program; without one, trouble says why it cannot run.
type liveWorkflow struct {
	ref     VersionRef
	program *program
	trouble string
}

func (e *Engine) liveWorkflows(ctx context.Context, ev Event) (liveSet, error) {
	key := liveKey{ev.Trigger, ev.AuthenticationID}
	return keep(e.kept, func() map[liveKey]liveSet { return e.kept.live }, key, func() (liveSet, error) {
		ctx := context.WithoutCancel(ctx) // others wait for it too
		refs, err := e.Store.LiveVersions(ctx, key.trigger, key.authenticationID)
		if err != nil {
			return liveSet{}, err
		}
		set := liveSet{workflows: make([]liveWorkflow, len(refs))}
		for i, ref := range refs {
			p, err := e.programs.get(ctx, ref)
			if err != nil && CodeOf(err) != Invalid {
				return liveSet{}, err
			}
			set.workflows[i] = liveWorkflow{ref: ref, program: p}
			if err != nil {
				set.workflows[i].trouble = MessageOf(err)
			}
		}
		set.want = wantedBy(set.workflows)
		return set, nil
	})
}

func wantedBy(live []liveWorkflow) []merge.Code {
	var want []merge.Code
	for _, w := range live {
		if w.program != nil {
			want = append(want, w.program.codes...)
		}
	}
	slices.Sort(want)
	return slices.Compact(want)
}

// fetch reads what the codes in want need and have lacks.
func (e *Engine) fetch(ctx context.Context, ev Event, have merge.Object, want []merge.Code) (Fetched, error) {
	t, ok := e.Config.Triggers.Get(ev.Trigger)
	if !ok || len(want) == 0 {
		return Fetched{}, nil
	}
	auth, err := e.auth(ctx, ev.AuthenticationID)
	if err != nil {
		return Fetched{}, err
	}
	fetched, err := t.Codes(ctx, ev, auth, have, want)
	e.used(auth, CodeOf(err) == Denied, err == nil, MessageOf(err))
	if values, ok := auth.RedactValue(fetched.Values).(merge.Object); ok {
		fetched.Values = values // no store has a reason to repeat a credential
	}
	return fetched, err
}

// decide asks every live workflow and saves what they say, in one commit.
func (e *Engine) decide(ctx context.Context, ev Event, live []liveWorkflow, readAt time.Time, j Job) error {
	env := e.env(rootOf(ev, ev.Values))
	var judge cond.Judge
	candidates := make([]Candidate, len(live))
	for i := range live {
		err := e.candidate(ctx, &candidates[i], &live[i], &judge, env)
		if errors.Is(err, merge.ErrSlow) && ev.Attempts < maxSlow {
			ev.Attempts++
			return e.waitEvent(ctx, ev, "A condition ran out of time: this machine is busy.", time.Second, j)
		}
	}
	note := ""
	if len(live) == 0 {
		note = "No live workflow starts from this trigger any more."
	}
	for i := range candidates {
		c := &candidates[i]
		if !c.Matched {
			continue
		}
		if w := e.prepare(ctx, ev, live[i].program, *c); w != nil {
			c.Start, c.Carry = w.start, w
		}
	}
	return e.saveDecisions(ctx, ev, candidates, readAt, note, j)
}

// maxSlow is how often an event waits for a machine that is too busy to decide; then the slow workflow does not match.
const maxSlow = 5

func (e *Engine) saveDecisions(ctx context.Context, ev Event, candidates []Candidate, readAt time.Time, note string, j Job) error {
	d := Decided{EventID: ev.ID, Candidates: candidates, Values: ev.Values, Calls: ev.Calls, Emails: emailsIn(ev.Values), Customers: customersIn(ev.Values), Note: note, Job: j}
	if !readAt.IsZero() {
		d.ReadAt = &readAt
	}
	decisions, err := e.Store.SaveDecisions(ctx, d)
	if CodeOf(err) == Conflict {
		return e.Store.FinishJob(ctx, j)
	}
	if err != nil {
		return err
	}
	matched := 0
	for i, decision := range decisions {
		if !decision.Matched {
			continue
		}
		matched++
		e.feed.run(e.startedRun(ev, decision, candidates[i].Start))
		if w, ok := candidates[i].Carry.(*worker); ok && !candidates[i].Start.Hold {
			w.stored() // no job hands it on
		}
	}
	e.metrics.decisions.WithLabelValues("true").Add(float64(matched))
	e.metrics.decisions.WithLabelValues("false").Add(float64(len(decisions) - matched))
	e.metrics.finished.WithLabelValues(e.triggerLabel(ev.Trigger), string(EventDone)).Inc()
	e.feed.event(ev.ID, ev.Trigger, EventDone)
	e.tell(Expanded{Event: ev, Values: ev.Values, Calls: ev.Calls, Decisions: decisions})
	return nil
}

// startedRun is a run as its first commit has stored it, for those who look on.
func (e *Engine) startedRun(ev Event, d Decision, start *RunChange) Run {
	r := Run{ID: d.RunID, WorkflowID: d.WorkflowID, EventID: ev.ID, Status: RunRunning}
	if start != nil {
		r.Status = start.Status
	}
	return r
}

// candidate makes c one workflow's decision. Whatever is wrong with it is its own
// trouble; the error says what the condition stumbled over, and stands in the reason too.
func (e *Engine) candidate(ctx context.Context, c *Candidate, w *liveWorkflow, judge *cond.Judge, env merge.Env) error {
	c.WorkflowID, c.Version = w.ref.WorkflowID, w.ref.Number
	if w.program == nil {
		c.Reason = w.trouble
		return nil
	}
	verdict, err := e.verdict(judge, w.program.condition, env)
	paused := e.noteLimit(ctx, w.ref.WorkflowID, err)
	if err != nil {
		c.Reason = conditionFailed(err)
		if paused {
			c.Reason += pausedNotice
		}
		return err
	}
	c.Matched, c.Reason = verdict.Result, verdict.Reason
	if c.Matched {
		c.RunID = newID()
		c.OncePer = w.program.definition.OncePer
		c.OnceKey = onceKey(c.OncePer, w.program.once, env.Root)
	}
	return nil
}

// verdict evaluates a condition with a meter that is full; running out of time, which is the machine's fault, gets a
// second chance.
func (e *Engine) verdict(judge *cond.Judge, c *cond.Condition, env merge.Env) (cond.Verdict, error) {
	env.Meter.Restart()
	verdict, err := judge.Decide(c, env)
	if errors.Is(err, merge.ErrSlow) {
		env.Meter.Restart()
		verdict, err = judge.Decide(c, env)
	}
	e.logFault(err)
	return verdict, err
}

// explained is verdict with the explanation, for those who look on.
func (e *Engine) explained(c *cond.Condition, root merge.Object) (cond.Verdict, error) {
	verdict, err := c.Decide(e.env(root))
	if errors.Is(err, merge.ErrSlow) {
		verdict, err = c.Decide(e.env(root))
	}
	e.logFault(err)
	return verdict, err
}

func (e *Engine) logFault(err error) {
	if err != nil && !errors.Is(err, merge.ErrSlow) && !errors.Is(err, merge.ErrLimit) {
		e.Logger.Error("a condition could not be evaluated", "error", err)
	}
}

func conditionFailed(err error) string {
	switch {
	case errors.Is(err, merge.ErrLimit):
		return "The condition asks for too much work and was stopped. Make it simpler: fewer loops inside loops."
	case errors.Is(err, merge.ErrSlow):
		return "The condition ran out of time on this busy machine. Replay the event."
	default:
		return "The condition could not be evaluated. The log of the server says more."
	}
}

// onceKey names the thing that the workflow runs once for: the first code that has a value. "" means every event.
func onceKey(per string, codes []merge.Code, root merge.Object) string {
	for _, code := range codes {
		value, _ := root.Lookup(code)
		text := merge.JSON(value)
		if s, ok := value.(string); ok {
			text = strings.ToLower(strings.TrimSpace(s))
		}
		if !merge.IsEmpty(value) && text != "0" && text != "" {
			segments := code.Segments()
			return per + "/" + segments[len(segments)-1] + "/" + text
		}
	}
	return ""
}

// customersIn collects the numbers of the store's customers among the values, as entities, for search. A guest has 0.
func customersIn(values merge.Object) []string {
	customers := appendCustomers(nil, values)
	slices.Sort(customers)
	return slices.Compact(customers)
}

func appendCustomers(customers []string, o merge.Object) []string {
	for name, value := range o.All() {
		id := value
		inner, nested := value.(merge.Object)
		if nested {
			customers = appendCustomers(customers, inner)
			id, _ = inner.Get("id")
		}
		if number, ok := id.(json.Number); ok && (name == "customer_id" || nested && name == "Customer") && number != "0" {
			customers = append(customers, CustomerPrefix+number.String())
		}
	}
	return customers
}

// CustomerPrefix begins the entity of a customer.
const CustomerPrefix = "customer/"

// emailsIn collects the addresses among the values, lower case, for search.
func emailsIn(values merge.Object) []string {
	emails := appendEmails(nil, values)
	slices.Sort(emails)
	return slices.Compact(emails)
}

// appendEmails looks where merge codes are: in objects, not in lists.
func appendEmails(emails []string, o merge.Object) []string {
	for name, value := range o.All() {
		switch v := value.(type) {
		case merge.Object:
			emails = appendEmails(emails, v)
		case string:
			if name == "email" && strings.Contains(v, "@") {
				emails = append(emails, strings.ToLower(strings.TrimSpace(v)))
			}
		}
	}
	return emails
}
