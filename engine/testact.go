package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// act really does a step, if the trial says so: a mail goes to the tester and to nobody else.
func (t *tester) act(n *node, step *TestStep, r Request) {
	redirector, writes := n.action.(Redirector)
	wanted := t.trial.Calls
	if writes {
		wanted = t.trial.Mail
	}
	switch {
	case !wanted:
		t.simulated[n.ID] = true
		return
	case len(step.Problems) > 0:
		t.simulated[n.ID] = true
		step.Reason = "Nothing was sent: the step has problems. Mend them first."
		return
	case t.ctx.Err() != nil:
		t.simulated[n.ID] = true
		step.Reason = "Nothing was sent: the steps before took too long for one test. Run to this step alone, or without the calls before it."
		return
	}
	if writes {
		config, err := t.redirect(redirector, r.Config)
		if err != nil {
			t.failed(step, MessageOf(err), true)
			return
		}
		r.Config, step.SentTo = config, t.trial.MailTo
	}
	t.perform(n, step, r)
}

// redirect makes the mail to a shopper one to the tester. A token has no address of its own, so the one it names must not be
// the shopper's.
func (t *tester) redirect(a Redirector, config json.RawMessage) (json.RawMessage, error) {
	redirected, recipient, err := a.Redirect(config, t.trial.MailTo)
	if err != nil {
		return nil, err
	}
	if ActorOf(t.ctx).Kind != UserActor && strings.EqualFold(recipient, t.trial.MailTo) {
		return nil, Errorf(Rejected, "%s would get this mail from a live run. A test sends nothing to shoppers: give another address.", t.trial.MailTo)
	}
	return redirected, nil
}

// perform makes one attempt and shows what came of it.
func (t *tester) perform(n *node, step *TestStep, r Request) {
	r.Key = t.key + "-" + n.ID
	r.Begin = func(ctx context.Context) error {
		if t.engine.SendingStopped() {
			return Errorf(Conflict, "%s", sendingStopped)
		}
		if err := t.note(ctx); err != nil {
			return err
		}
		step.Sent = true
		return nil
	}
	result, failure := t.do(n, r)
	redact := r.Auth.replacer()
	step.Response = cut(redact.text(result.Response))
	if !step.Sent {
		step.SentTo = ""
	}
	if result.Output != nil {
		t.output(step, output(redact, result.Output))
	}
	if failure == nil {
		return
	}
	reason := redact.text(MessageOf(failure))
	if CodeOf(failure) == Temporary {
		reason += " A live run would try again later."
	}
	t.failed(step, reason, true)
}

// do calls the action; a panic in it is our fault.
func (t *tester) do(n *node, r Request) (result Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			t.engine.Logger.Error("an action panicked in a test", "type", n.Type, "workflow", t.id, "step", n.ID)
			err = &Error{Code: Internal, Op: "engine.test", Message: "Internal error in the action. The log of the server says more.", Err: fmt.Errorf("panic: %v", p)}
		}
	}()
	return n.action.Do(t.ctx, r)
}

// note tells the audit log, once for a test run and before anything leaves.
func (t *tester) note(ctx context.Context) error {
	if t.noted {
		return nil
	}
	note := TrialNote{Action: "workflow.test", ID: t.id, Calls: t.trial.Calls}
	if t.trial.Mail {
		note.MailTo = t.trial.MailTo
	}
	err := t.engine.Store.NoteTrial(ctx, note)
	t.noted = err == nil
	return err
}
