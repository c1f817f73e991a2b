package main

import (
	"fmt"
	"io"
	"strings"

	"cartwheel/engine"
)

// maxWaiting caps what waits to be told, in case its beginning never comes.
const maxWaiting = 200

// teller writes the story. What happens reaches it from many goroutines and so not
// always in the order in which a person reads it: what comes too early waits, and
// in the long form an event is told to its end before the next one begins.
// It is used by one goroutine.
type teller struct {
	printer
	names    map[string]string // of workflows, by id
	received map[string]bool   // events whose webhook was told and whose decisions were not
	runs     map[string]string // workflow ids by run, of the runs under way
	open     string            // the event that is being told, in the long form
	shown    map[string]bool   // workflows whose mail or call was shown in full
	waiting  []any
	decided  int  // events whose decisions were told
	brief    bool // one line an event
}

func newTeller(out io.Writer) *teller {
	return &teller{printer: newPrinter(out), names: map[string]string{}, received: map[string]bool{},
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
		if t.open != "" {
			return false
		}
		t.webhook(x)
	case engine.Expanded:
		if !t.received[x.Event.ID] && x.Event.ReplayOf == "" || t.open != "" && t.open != x.Event.ID {
			return false
		}
		t.decisions(x)
		t.closeIfDone()
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
		t.closeIfDone()
	}
	return true
}

// closeIfDone ends the telling of an event whose runs have all ended.
func (t *teller) closeIfDone() {
	if len(t.runs) == 0 {
		t.open = ""
	}
}

// letGo goes on although an event has not come to its end.
func (t *teller) letGo() {
	t.open = ""
	t.takeAll(nil)
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
			t.fact("webhook", ev.Scope+": a duplicate, counted and not repeated")
			continue
		}
		t.received[ev.ID] = true
		if t.brief {
			continue
		}
		t.open = ev.ID
		signed := ""
		if ev.WebhookID != "" {
			signed = "  (signed, webhook-id " + ev.WebhookID + ")"
		}
		t.label("webhook", span{bold, ev.Scope}, span{plain, signed})
		t.below(span{plain, oneLine(string(ev.Body), 400)})
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
	t.facts("API calls", callLines(x))
	t.facts("codes", codeLines(x.Values))
	if x.Event.Status == engine.EventFailed {
		t.fact("failed", x.Event.Reason)
	}
	for _, d := range x.Decisions {
		answer := span{red, "no  "}
		if d.Matched {
			answer = span{green, "yes "}
		}
		t.label("decision", answer, span{bold, t.name(d.WorkflowID)})
		t.below(span{plain, "    " + d.Reason})
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
	t.label("mail", span{bold, "to " + m.To})
	t.below(span{plain, "subject: " + m.Subject})
	if m.Problem != "" {
		t.below(span{red, m.Problem})
	}
	if t.full(workflow) {
		t.quote(m.Text)
	}
}

func (t *teller) call(c caughtCall, workflow string) {
	if t.brief {
		return
	}
	t.label("HTTP call", span{bold, c.Method + " " + c.URL})
	t.below(span{plain, "Idempotency-Key: " + c.Key})
	t.below(span{plain, "bearer token: " + c.Token})
	if t.full(workflow) {
		t.quote(c.Body)
	}
}

func (t *teller) attempt(x engine.Acted) {
	if x.Attempt.Error != "" {
		t.fact("trouble", t.name(x.Run.WorkflowID)+", step "+x.StepID+": "+x.Attempt.Error)
	}
}

func (t *teller) ended(run engine.Run) {
	if t.brief && run.Status == engine.RunSucceeded {
		return
	}
	line := t.name(run.WorkflowID) + ": " + string(run.Status)
	if run.Reason != "" {
		line += ", " + run.Reason
	}
	t.fact("run", line)
}
