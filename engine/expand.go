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
	ev, err := e.toDecide(ctx, j)
	if ev == nil || err != nil {
		return err
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

// toDecide returns the event of a job, which is the caller's. nil: there is nothing to decide now, and the job is settled.
func (e *Engine) toDecide(ctx context.Context, j Job) (*Event, error) {
	if ev, ok := j.Carry.(Event); ok {
		return &ev, nil
	}
	ev, err := e.Store.Event(ctx, j.Ref)
	if CodeOf(err) == NotFound || err == nil && ev.Status != EventAccepted {
		return nil, e.Store.FinishJob(ctx, j)
	}
	if err != nil {
		return nil, err
	}
	if behind, err := e.waitBehind(ctx, &ev, j); behind || err != nil {
		return nil, err
	}
	return &ev, nil
}

// waitBehind keeps the events of one entity in order: it puts ev aside while an
// earlier one is undecided. Behind one that cannot be read it waits for a while only.
func (e *Engine) waitBehind(ctx context.Context, ev *Event, j Job) (bool, error) {
	earlier, err := e.Store.EarlierEvent(ctx, *ev)
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
	return true, e.Store.SaveWait(ctx, *ev, j)
}

// liveWorkflow is a live version with its program; without one, trouble says why it cannot run.
type liveWorkflow struct {
	ref     VersionRef
	program *program
	trouble string
}

func (e *Engine) liveWorkflows(ctx context.Context, ev *Event) (liveSet, error) {
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
func (e *Engine) fetch(ctx context.Context, ev *Event, have merge.Object, want []merge.Code) (Fetched, error) {
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
func (e *Engine) decide(ctx context.Context, ev *Event, live []liveWorkflow, readAt time.Time, j Job) error {
	root := rootOf(ev, ev.Values)
	decisions, err := e.askAll(ctx, ev, live, root)
	if err != nil {
		ev.Attempts++
		return e.waitEvent(ctx, ev, "A condition ran out of time: this machine is busy.", time.Second, j)
	}
	note := ""
	if len(live) == 0 {
		note = "No live workflow starts from this trigger any more."
	}
	matches := e.matches(ctx, ev, live, decisions, root)
	return e.saveDecisions(ctx, ev, &Decided{Decisions: decisions, Matches: matches, Note: note, Job: j}, readAt)
}

// askAll asks every live workflow. The error, merge.ErrSlow, says that this machine is too busy for it now.
func (e *Engine) askAll(ctx context.Context, ev *Event, live []liveWorkflow, root merge.Object) ([]Decision, error) {
	env := e.env(root)
	var judge cond.Judge
	decisions := make([]Decision, len(live))
	for i := range live {
		err := e.ask(ctx, &decisions[i], &live[i], &judge, env)
		if errors.Is(err, merge.ErrSlow) && ev.Attempts < maxSlow {
			return nil, err
		}
	}
	return decisions, nil
}

// matches prepares the runs of the decisions that have matched.
func (e *Engine) matches(ctx context.Context, ev *Event, live []liveWorkflow, decisions []Decision, root merge.Object) []Match {
	var matches []Match
	for i := range decisions {
		if !decisions[i].Matched {
			continue
		}
		p := live[i].program
		m := Match{Decision: i, OncePer: p.definition.OncePer}
		m.OnceKey = onceKey(m.OncePer, p.once, root)
		if w := e.prepare(ctx, ev, p, decisions[i]); w != nil {
			m.Start, m.Carry = w.start, w
		}
		matches = append(matches, m)
	}
	return matches
}

// maxSlow is how often an event waits for a machine that is too busy to decide; then the slow workflow does not match.
const maxSlow = 5

// saveDecisions saves d, which ev's data is added to.
func (e *Engine) saveDecisions(ctx context.Context, ev *Event, d *Decided, readAt time.Time) error {
	d.EventID, d.AuthenticationID, d.Entity = ev.ID, ev.AuthenticationID, ev.Entity
	d.Values, d.Calls = ev.Values, ev.Calls
	d.Emails, d.Customers = emailsIn(ev.Values), customersIn(ev.Values)
	if !readAt.IsZero() {
		d.ReadAt = &readAt
	}
	decisions, err := e.Store.SaveDecisions(ctx, *d)
	if err != nil {
		e.notStarted(d.Matches...)
	}
	if CodeOf(err) == Conflict {
		return e.Store.FinishJob(ctx, d.Job)
	}
	if err != nil {
		return err
	}
	matched := 0
	for _, m := range d.Matches {
		if !decisions[m.Decision].Matched {
			e.notStarted(m) // it has its run already
			continue
		}
		matched++
		e.feed.run(e.startedRun(ev, decisions[m.Decision], m.Start))
		if w, ok := m.Carry.(*worker); ok && !m.Start.Hold {
			w.stored() // no job hands it on
		}
	}
	e.metrics.decisions.WithLabelValues("true").Add(float64(matched))
	e.metrics.decisions.WithLabelValues("false").Add(float64(len(decisions) - matched))
	e.metrics.finished.WithLabelValues(e.triggerLabel(ev.Trigger), string(EventDone)).Inc()
	e.feed.event(ev.ID, ev.Trigger, EventDone)
	e.tell(Expanded{Event: *ev, Values: ev.Values, Calls: ev.Calls, Decisions: decisions})
	return nil
}

// notStarted: the mails that these runs were about to begin with do not go out.
func (e *Engine) notStarted(matches ...Match) {
	for i := range matches {
		if w, ok := matches[i].Carry.(*worker); ok {
			w.mail.dropped(e.sending.mails)
		}
	}
}

// startedRun is a run as its first commit has stored it, for those who look on.
func (e *Engine) startedRun(ev *Event, d Decision, start *RunChange) Run {
	r := Run{ID: d.RunID, WorkflowID: d.WorkflowID, EventID: ev.ID, Status: RunRunning}
	if start != nil {
		r.Status = start.Status
	}
	return r
}

// ask makes d one workflow's decision. Whatever is wrong with it is its own
// trouble; the error says what the condition stumbled over, and stands in the reason too.
func (e *Engine) ask(ctx context.Context, d *Decision, w *liveWorkflow, judge *cond.Judge, env merge.Env) error {
	d.WorkflowID, d.Version = w.ref.WorkflowID, w.ref.Number
	if w.program == nil {
		d.Reason = w.trouble
		return nil
	}
	matched, reason, err := e.verdict(judge, w.program.condition, env)
	paused := e.noteLimit(ctx, w.ref.WorkflowID, err)
	if err != nil {
		d.Reason = conditionFailed(err)
		if paused {
			d.Reason += pausedNotice
		}
		return err
	}
	d.Matched, d.Reason = matched, reason
	if d.Matched {
		d.RunID = newID()
	}
	return nil
}

// verdict evaluates a condition with a meter that is full; running out of time, which is the machine's fault, gets a
// second chance.
func (e *Engine) verdict(judge *cond.Judge, c *cond.Condition, env merge.Env) (result bool, reason string, err error) {
	env.Meter.Restart()
	result, reason, err = judge.Decide(c, env)
	if errors.Is(err, merge.ErrSlow) {
		env.Meter.Restart()
		result, reason, err = judge.Decide(c, env)
	}
	e.logFault(err)
	return result, reason, err
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
