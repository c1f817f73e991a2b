package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"cartwheel/merge"
)

// maxKept is how much of a request and a response is kept for the run page, in bytes.
const maxKept = 4 << 10

// Acted is told to Watch when an attempt has come to an end.
type Acted struct {
	Run     Run
	StepID  string
	Type    string
	Attempt Attempt
}

const interrupted = "Cartwheel stopped during this attempt."

// act makes one attempt of an action, if it is time for one.
func (w *worker) act(ctx context.Context, n *node) (waits bool, err error) {
	if w.draining.Load() {
		return true, w.requeue(ctx)
	}
	if held, err := w.settleInterrupted(ctx, n); held || err != nil || w.status(n) == StepFailed {
		return held, err
	}
	s := w.state(n)
	if s.Status == StepHeld {
		return true, w.hold(ctx, n, s.Reason)
	}
	if w.early(n, s) {
		return true, w.wait(ctx, s.Reason, *s.NextAttemptAt)
	}
	if w.SendingStopped() {
		return w.waitFree(ctx, n, s, halted(), sendingStopped)
	}
	if s.Request == nil {
		if ends, err := w.render(ctx, n, s); ends || err != nil || s.Status == StepFailed {
			return ends, err
		}
	}
	auth, err := w.auth(ctx, n.authID)
	if CodeOf(err) == NotFound {
		return w.fail(ctx, n, fmt.Sprintf("The authentication %q does not exist any more.", n.authID))
	}
	if err != nil {
		return true, err
	}
	if waits, err := w.countMail(ctx, n, s); waits || err != nil {
		return waits, err
	}
	b, err := w.begin(ctx, n, s, auth)
	if err != nil {
		return true, err
	}
	return w.perform(ctx, b)
}

// begun is an attempt whose start is stored.
type begun struct {
	node    *node
	state   *StepState
	auth    Auth
	attempt Attempt
}

// perform does what an attempt is about and records what it brings.
func (w *worker) perform(ctx context.Context, b *begun) (waits bool, err error) {
	w.reached("step.before-send")
	result, err := w.do(ctx, b.node, b.state, w.request(b.node, b.state, b.auth, b.attempt))
	if t := b.node.Type; t == "send_email" || t == "send_survey" {
		w.reached("mail.accepted")
	}
	w.reached("step.after-send")
	if ctx.Err() != nil && undecided(CodeOf(err)) {
		return true, ctx.Err() // given up at shutdown: the next start finds an interrupted attempt
	}
	return w.finish(ctx, b, result, err)
}

// do calls the action. A panic in it is our fault, and counts like any other attempt.
func (w *worker) do(ctx context.Context, n *node, s *StepState, r Request) (result Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			code := Internal
			if s.Attempts[r.Attempt-1].Began {
				code = UnknownOutcome
			}
			err = &Error{Code: code, Op: "engine.do", Message: "Internal error in the action. The log of the server says more.", Err: fmt.Errorf("panic: %v", p)}
			w.Logger.Error("an action panicked", "type", n.Type, "run", w.run.ID, "step", n.ID)
		}
	}()
	return n.action.Do(ctx, r)
}

// undecided reports whether an attempt that ended with code says nothing final about its act.
func undecided(code Code) bool {
	return code == Temporary || code == Internal || code == UnknownOutcome
}

// settleInterrupted looks at an attempt that a crash has left unfinished. What
// may have taken effect and may not be repeated is held for a person.
func (w *worker) settleInterrupted(ctx context.Context, n *node) (held bool, err error) {
	s, ok := w.states[n.ID]
	if !ok || len(s.Attempts) == 0 || s.Attempts[len(s.Attempts)-1].FinishedAt != nil {
		return false, nil
	}
	last := s.Attempts[len(s.Attempts)-1]
	now := w.now()
	last.FinishedAt, last.Error = &now, interrupted+" Nothing had been sent."
	unknown := last.Began && !n.repeats()
	if last.Began {
		last.Error = interrupted + " It is not known whether it took effect."
	}
	w.record(n, s, last)
	if unknown {
		return true, w.hold(ctx, n, mayHaveBeenDone(n, interrupted))
	}
	s.NextAttemptAt = nil
	if last.Began && n.schedule.attempts == 1 {
		return w.fail(ctx, n, "Given up after 1 attempts. "+last.Error) // once means once
	}
	cut := len(s.Attempts) - s.Since - made(s)
	if cut >= maxInterrupted {
		return w.fail(ctx, n, fmt.Sprintf("Given up after Cartwheel has stopped %d times during this step. %s", cut, last.Error))
	}
	if wait := afterInterruptions(cut); wait > 0 {
		due := ceilMilli(now.Add(wait))
		s.Status, s.Reason, s.NextAttemptAt = StepWaiting, fmt.Sprintf("Cartwheel has stopped %d times during this step.", cut), &due
		return true, w.wait(ctx, fmt.Sprintf("Step %s: %s", n.ID, s.Reason), due)
	}
	return false, nil
}

// A step that itself brings the program down must not do so for ever, and hundreds of others, which only happened to be under
// way each time, must not be given up with it: after a few interruptions it waits, longer each time, so that they get past it.
const (
	maxInterrupted    = 50 // interruptions by the end of the program; that takes a quarter of an hour
	eagerInterrupted  = 3  // after so many it goes on at once
	firstInterruption = time.Second
	longInterruption  = 20 * time.Second
)

// afterInterruptions is how long a step waits after so many interruptions.
func afterInterruptions(n int) time.Duration {
	if n <= eagerInterrupted {
		return 0
	}
	return min(firstInterruption<<min(n-eagerInterrupted-1, 10), longInterruption)
}

// made counts the attempts since the last retry by hand that came to their own end: the schedule is for these. That
// Cartwheel stopped says nothing about the other side.
func made(s *StepState) int {
	n := 0
	for _, a := range s.Attempts[min(s.Since, len(s.Attempts)):] {
		if !strings.HasPrefix(a.Error, interrupted) {
			n++
		}
	}
	return n
}

func mayHaveBeenDone(n *node, why string) string {
	if n.Type == "send_email" || n.Type == "send_survey" {
		return "The mail may have been sent: " + why + " Retry sends it (again), cancel leaves it."
	}
	return "It may have been done: " + why + " Retry does it (again) with the same key, cancel leaves it."
}

// record keeps an attempt for the next commit.
func (w *worker) record(n *node, s *StepState, a Attempt) {
	if i := a.Number - 1; i < len(s.Attempts) {
		s.Attempts[i] = a
	} else {
		s.Attempts = append(s.Attempts, a)
	}
	w.result = w.result || a.FinishedAt != nil
	w.state(n)
}

// takeBack forgets the last attempt: it did not reach the other side.
func (w *worker) takeBack(n *node) {
	s := w.state(n)
	s.Attempts = s.Attempts[:len(s.Attempts)-1]
	s.Status = StepPending
	if len(s.Attempts) == 0 {
		w.mail.takeBack()
	}
}

// render fills the config in once; every attempt takes the same.
func (w *worker) render(ctx context.Context, n *node, s *StepState) (ends bool, err error) {
	rendered, err := n.config.render(w.env(w.root()))
	w.noteLimit(ctx, w.run.WorkflowID, err)
	switch {
	case err == nil:
		s.Request = rendered
		return false, nil
	case errors.Is(err, merge.ErrSlow):
		return true, err // the machine's fault: the queue brings it back
	case errors.Is(err, merge.ErrLimit):
		return w.fail(ctx, n, "A template asks for too much work or makes too long a text.")
	default:
		return w.fail(ctx, n, MessageOf(err))
	}
}

// begin commits that an attempt starts.
func (w *worker) begin(ctx context.Context, n *node, s *StepState, auth Auth) (*begun, error) {
	a := Attempt{Number: len(s.Attempts) + 1, StartedAt: w.now(), Began: n.repeats()}
	s.Status, s.Reason, s.NextAttemptAt = StepRunning, "", nil
	w.record(n, s, a)
	b := &begun{n, s, auth, a}
	err := w.save(ctx, RunChange{Status: RunRunning, Hold: true})
	if errors.Is(err, errPrepared) {
		w.begun = b
		return b, err
	}
	if err != nil { // not begun after all
		delete(w.changed, n.ID) // what others have made of the step meanwhile counts
		s.Attempts = s.Attempts[:len(s.Attempts)-1]
		w.mail.dropped(w.sending.mails)
	}
	return b, err
}

func (w *worker) request(n *node, s *StepState, auth Auth, a Attempt) Request {
	return Request{Key: w.run.ID + "-" + n.ID, Config: s.Request, Auth: auth, Attempt: a.Number, Depth: w.event.Depth,
		Begin: func(ctx context.Context) error {
			if w.SendingStopped() { // it may have waited long for its connection
				return halted()
			}
			if a.Began || n.repeats() {
				return nil // a repetition does no harm: whether it began need not be known
			}
			began := a
			began.Began = true
			w.record(n, s, began)
			return w.save(ctx, RunChange{Status: RunRunning, Hold: true})
		}}
}

// finish records what an attempt has brought and decides what comes next.
func (w *worker) finish(ctx context.Context, b *begun, result Result, failure error) (waits bool, err error) {
	n, s, now := b.node, b.state, w.now()
	redact := b.auth.replacer()
	if e, ok := errors.AsType[*Error](failure); ok && e.Free && (e.Code == Temporary || e.Code == UnknownOutcome && n.repeats()) {
		w.takeBack(n)
		return w.waitFree(ctx, n, s, e, redact.text(MessageOf(failure)))
	}
	a := s.Attempts[b.attempt.Number-1] // Begin may have changed it
	a.FinishedAt = &now
	a.Request, a.Response = cut(redact.text(result.Request)), cut(redact.text(result.Response))
	code := CodeOf(failure)
	if failure != nil {
		a.Error = redact.text(MessageOf(failure))
		if code == Internal {
			w.Logger.Error("an attempt failed", "run", w.run.ID, "step", n.ID, "error", redact.text(logged(failure).Error()))
		}
	}
	w.record(n, s, a)
	if result.Output != nil {
		s.Output = output(redact, result.Output)
	}
	w.used(b.auth, refusal(result, failure), failure == nil, a.Error)
	w.metrics.attempts.WithLabelValues(n.Type, okOr(code)).Inc()
	w.tell(Acted{Run: w.run, StepID: n.ID, Type: n.Type, Attempt: a})
	switch {
	case failure == nil:
		w.set(n, StepSucceeded, "")
		return false, nil
	case code == UnknownOutcome && !n.repeats():
		return true, w.hold(ctx, n, mayHaveBeenDone(n, a.Error))
	case code == Temporary || code == Internal || code == UnknownOutcome:
		return w.again(ctx, n, s, failure, a.Error)
	default:
		return w.fail(ctx, n, a.Error)
	}
}

// waitFree waits for a host that is known to be down, for the settings or for room: that is no attempt.
func (w *worker) waitFree(ctx context.Context, n *node, s *StepState, e *Error, shown string) (waits bool, err error) {
	due := ceilMilli(w.now().Add(max(e.Wait, time.Second)))
	s.Status, s.Reason, s.NextAttemptAt = StepWaiting, shown, &due
	return true, w.wait(ctx, fmt.Sprintf("Step %s: %s", n.ID, shown), due)
}

// again waits for the next attempt, if there is one left.
func (w *worker) again(ctx context.Context, n *node, s *StepState, failure error, shown string) (ends bool, err error) {
	var atLeast time.Duration
	if e, ok := errors.AsType[*Error](failure); ok {
		atLeast = e.Wait
	}
	made := made(s)
	wait, left := n.schedule.next(made, atLeast)
	if !left {
		return w.fail(ctx, n, fmt.Sprintf("Given up after %d attempts. %s", made, shown))
	}
	due := ceilMilli(w.now().Add(wait))
	s.Status, s.Reason, s.NextAttemptAt = StepWaiting, shown, &due
	return true, w.wait(ctx, fmt.Sprintf("Step %s: %s", n.ID, shown), due)
}

// hold leaves the step to a person: nobody knows whether it took effect, or it is one mail too many.
func (w *worker) hold(ctx context.Context, n *node, reason string) error {
	w.set(n, StepHeld, reason)
	return w.save(ctx, RunChange{Status: RunWaiting, Reason: fmt.Sprintf("Step %s is held. %s", n.ID, reason)})
}

func okOr(code Code) string {
	if code == "" {
		return "ok"
	}
	return string(code)
}

// output makes what later steps read, without secrets.
func output(redact redactor, values map[string]any) json.RawMessage {
	clean := redact.value(merge.FromGo(values))
	return json.RawMessage(merge.JSON(clean))
}

// cut shortens what is kept of a request or a response, at a whole character.
func cut(s string) string {
	if len(s) <= maxKept {
		return s
	}
	end := maxKept
	for end > 0 && s[end]&0xC0 == 0x80 {
		end--
	}
	return s[:end] + fmt.Sprintf("\n… %d more bytes", len(s)-end)
}
