package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"cartwheel/engine"
)

// maxWaiting caps what waits to be told, in case its beginning never comes.
const maxWaiting = 200

// teller writes the story. What happens reaches it from many goroutines and so not
// always in the order in which a person reads it: what comes too early waits.
// It is used by one goroutine.
type teller struct {
	page
	names    map[string]string // of workflows, by id
	received map[string]bool   // events whose webhook was told and whose decisions were not
	runs     map[string]string // workflow ids by run, of the runs under way
	shown    map[string]bool   // workflows whose mail or call was shown in full
	waiting  []any
	decided  int  // events whose decisions were told
	brief    bool // one line an event
}

func newTeller(out io.Writer) *teller {
	return &teller{page: page{out: out, colour: wantsColour(out)}, names: map[string]string{}, received: map[string]bool{},
		runs: map[string]string{}, shown: map[string]bool{}}
}

// takeAll tells what can be told now.
func (t *teller) takeAll(items []any) {
	t.waiting = append(t.waiting, items...)
	for progress := true; progress; {
		progress = false
		var later []any
		for _, item := range t.waiting {
			if t.tell(item) {
				progress = true
			} else {
				later = append(later, item)
			}
		}
		t.waiting = later
	}
	if n := len(t.waiting) - maxWaiting; n > 0 {
		t.waiting = t.waiting[n:]
	}
}

// tell tells one thing, unless something else must be told before.
func (t *teller) tell(item any) bool {
	switch x := item.(type) {
	case engine.Received:
		t.webhook(x)
	case engine.Expanded:
		if !t.received[x.Event.ID] && x.Event.ReplayOf == "" {
			return false
		}
		t.decisions(x)
	case caughtMail:
		workflow, known := t.runs[runOf(x.MessageID)]
		if !known && runOf(x.MessageID) != "" {
			return false
		}
		t.mail(x, workflow)
	case caughtCall:
		workflow, known := t.runs[runOf(x.Key)]
		if !known && runOf(x.Key) != "" {
			return false
		}
		t.call(x, workflow)
	case engine.Acted:
		if t.runs[x.Run.ID] == "" {
			return false
		}
		t.attempt(x)
	case engine.RunEnded:
		if t.runs[x.Run.ID] == "" {
			return false
		}
		t.ended(x.Run)
		delete(t.runs, x.Run.ID)
	}
	return true
}

// runOf is the run that a Message-ID or an Idempotency-Key begins with; "" when it is none of ours.
func runOf(key string) string {
	const uuid = 36
	if len(key) <= uuid || strings.Count(key[:uuid], "-") != 4 || key[uuid] != '-' && key[uuid] != '.' {
		return ""
	}
	return key[:uuid]
}

func (t *teller) webhook(x engine.Received) {
	for i, ev := range x.Events {
		if i < len(x.Added) && x.Added[i].Duplicate {
			t.label("webhook", ev.Scope+": a duplicate, counted and not repeated")
			continue
		}
		t.received[ev.ID] = true
		if t.brief {
			continue
		}
		signed := ""
		if ev.WebhookID != "" {
			signed = ", signed: webhook-id " + ev.WebhookID
		}
		t.label("webhook", ev.Scope+signed)
		t.more(oneLine(string(ev.Body), 400))
	}
}

func (t *teller) decisions(x engine.Expanded) {
	delete(t.received, x.Event.ID)
	t.decided++
	for _, d := range x.Decisions {
		if d.RunID != "" {
			t.runs[d.RunID] = d.WorkflowID
		}
	}
	if t.brief {
		t.line(x.Event.ReceivedAt.Format("15:04:05") + "  " + t.summary(x))
		return
	}
	t.calls(x.Calls)
	t.codes(x)
	if x.Event.Status == engine.EventFailed {
		t.label("failed", x.Event.Reason)
	}
	for _, d := range x.Decisions {
		answer := t.paint(red, "no ")
		if d.Matched {
			answer = t.paint(green, "yes")
		}
		t.label("decision", answer+" "+t.paint(bold, t.name(d.WorkflowID)))
		t.more("    " + d.Reason)
	}
}

// summary is an event on one line.
func (t *teller) summary(x engine.Expanded) string {
	var said []string
	for _, d := range x.Decisions {
		answer := "no"
		if d.Matched {
			answer = "yes"
		}
		said = append(said, t.name(d.WorkflowID)+": "+answer)
	}
	if x.Event.Status == engine.EventFailed {
		said = append(said, "failed: "+x.Event.Reason)
	}
	if len(said) == 0 {
		said = append(said, "no workflow listens")
	}
	return fmt.Sprintf("%s %s, %d API calls; %s", x.Event.Scope, x.Event.Entity, len(x.Calls), strings.Join(said, ", "))
}

func (t *teller) name(workflow string) string {
	if name := t.names[workflow]; name != "" {
		return name
	}
	return workflow
}

func (t *teller) calls(calls []engine.Call) {
	if len(calls) == 0 {
		t.label("API calls", "none: no workflow needs the store's data, or it is known already")
		return
	}
	for i, c := range calls {
		line := fmt.Sprintf("%s %s  %d, %d ms", c.Method, c.Path, c.Status, c.Millis)
		if i == 0 {
			t.label("API calls", line)
		} else {
			t.more(line)
		}
	}
}

// codes shows a handful of merge codes of those that were fetched.
func (t *teller) codes(x engine.Expanded) {
	const most = 6
	var names, values []string
	width := 0
	for _, code := range tellingCodes() {
		value, ok := x.Values.Lookup(code)
		if !ok || len(names) == most {
			continue
		}
		names, values = append(names, string(code)), append(values, shownValue(value))
		width = max(width, utf8.RuneCountInString(string(code)))
	}
	for i, name := range names {
		line := fmt.Sprintf("%-*s = %s", width, name, values[i])
		if i == 0 {
			t.label("codes", line)
		} else {
			t.more(line)
		}
	}
}

// full says whether a workflow's mail or call is shown whole: the first time it is.
func (t *teller) full(workflow string) bool {
	if t.brief || t.shown[workflow] {
		return false
	}
	t.shown[workflow] = true
	return true
}

func (t *teller) mail(m caughtMail, workflow string) {
	if t.brief {
		return
	}
	t.label("mail", "to "+m.To)
	t.more("subject: " + m.Subject)
	if m.Problem != "" {
		t.more(m.Problem)
	}
	if t.full(workflow) {
		t.quote(m.Text)
	}
}

func (t *teller) call(c caughtCall, workflow string) {
	if t.brief {
		return
	}
	t.label("HTTP", c.Method+" "+c.URL)
	t.more("Idempotency-Key: " + c.Key)
	if t.full(workflow) {
		t.quote(c.Body)
	}
}

func (t *teller) attempt(x engine.Acted) {
	if x.Attempt.Error != "" {
		t.label("trouble", t.name(x.Run.WorkflowID)+", step "+x.StepID+": "+x.Attempt.Error)
	}
}

func (t *teller) ended(run engine.Run) {
	if t.brief {
		return
	}
	t.label("run", t.name(run.WorkflowID)+" "+string(run.Status)+reasonOf(run))
}

func reasonOf(run engine.Run) string {
	if run.Reason == "" {
		return ""
	}
	return ": " + run.Reason
}
