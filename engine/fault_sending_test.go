package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"cartwheel/actions/sendemail"
	"cartwheel/engine"
	"cartwheel/engine/enginetest"
	"cartwheel/engine/outbound"
)

// letterbox is an action that writes to a person, and does what a test tells it to.
type letterbox struct {
	mu   sync.Mutex
	sent []string // recipients
	err  error    // of the next letter, before it has begun
}

func (*letterbox) Spec() engine.Spec {
	return engine.Spec{Type: "write", Title: "Write", Fields: []engine.Field{{Name: "to", Label: "To", Type: engine.HeaderField, Required: true, Merge: true}}}
}

func (*letterbox) Recipient(config json.RawMessage) string { return outbound.Recipient(config) }

func (l *letterbox) Do(ctx context.Context, r engine.Request) (engine.Result, error) {
	l.mu.Lock()
	err := l.err
	l.err = nil
	l.mu.Unlock()
	if err != nil {
		return engine.Result{}, err
	}
	if err := r.Begin(ctx); err != nil {
		return engine.Result{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent = append(l.sent, outbound.Recipient(r.Config))
	return engine.Result{}, nil
}

func (l *letterbox) fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.err = err
}

func (l *letterbox) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.sent)
}

// letters is an engine whose workflow w writes to the shopper of each event.
type letters struct {
	*enginetest.Harness
	box *letterbox
}

func newLetters(t *testing.T, to string, limits engine.SendingSettings) *letters {
	t.Helper()
	l := &letters{box: &letterbox{}}
	l.Harness = enginetest.NewWith(t, time.Date(2026, 3, 4, 9, 15, 0, 0, time.UTC), func(*clockwork.FakeClock) enginetest.Parts {
		return enginetest.Parts{Actions: []engine.Action{l.box}, Workers: 64, Unsynced: true}
	})
	l.limit(limits)
	l.Publish("w", nil, writing(to))
	return l
}

func writing(to string) engine.Step {
	config, _ := json.Marshal(map[string]string{"to": to})
	return engine.Step{ID: "mail", Type: "write", Config: config}
}

const theShopper = "{{ Test | email }}"

func (l *letters) limit(s engine.SendingSettings) {
	l.T.Helper()
	if err := l.SaveSettings(context.Background(), engine.Settings{Sending: s}); err != nil {
		l.T.Fatal(err)
	}
}

// receive takes n events at once, each of a shopper of its own if apart.
func (l *letters) receive(n int, apart bool) {
	l.T.Helper()
	storm(l.Harness, n, apart)
	l.Drain()
}

// storm delivers n events from many goroutines.
func storm(h *enginetest.Harness, n int, apart bool) {
	h.T.Helper()
	const senders = 16
	deliver, first := h.Sender(), len(h.AllEvents())
	var wg sync.WaitGroup
	errs := make(chan error, n)
	for s := range senders {
		wg.Go(func() {
			for i := first + s; i < first+n; i += senders {
				entity := fmt.Sprintf("thing/%d", i)
				if apart {
					h.Trigger.Set(entity, fmt.Sprintf(`{"id":%d,"email":"shopper%d@example.com","customer_id":%d}`, i, i, i))
				}
				if err := deliver(entity, fmt.Sprint("storm-", i)); err != nil {
					errs <- err
				}
			}
		})
	}
	wg.Wait()
	close(errs)
	if err := errors.Join(<-errs); err != nil {
		h.T.Fatal(err)
	}
}

// sent checks how many letters went out, and that the database counts as many.
func (l *letters) expect(sent int, when string) {
	l.T.Helper()
	if got := l.box.count(); got != sent {
		l.T.Errorf("%s: %d letters went out, want %d", when, got, sent)
	}
	rows, err := l.Store.CountedMails(context.Background(), time.Time{})
	if err != nil || len(rows) != sent {
		l.T.Errorf("%s: the database counts %d (%v), want %d", when, len(rows), err, sent)
	}
}

// step is the mail's step of a run in a status.
func (l *letters) step(status engine.RunStatus) (engine.RunView, engine.StepView) {
	l.T.Helper()
	runs, _, err := l.Runs(context.Background(), engine.RunFilter{Status: status}, engine.Page{Limit: 1})
	if err != nil || len(runs) != 1 {
		l.T.Fatalf("got %d runs that are %s, %v", len(runs), status, err)
	}
	run, err := l.Run(context.Background(), runs[0].ID)
	if err != nil {
		l.T.Fatal(err)
	}
	return run, l.Step(run, "mail")
}

// A bulk import of one shopper's orders, a real mail server, many workers: exactly as many mails as the limit says.
func TestTenThousandEventsOfOneShopperKeepTheLimit(t *testing.T) {
	n := size(10_000, 50_000)
	var guard *outbound.Guard
	h := enginetest.NewWith(t, time.Date(2026, 3, 4, 9, 15, 0, 0, time.UTC), func(clock *clockwork.FakeClock) enginetest.Parts {
		guard = outbound.New(outbound.Options{Now: clock.Now, AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
		return enginetest.Parts{Actions: []engine.Action{sendemail.New(guard)}, AuthTypes: []engine.AuthType{sendemail.NewSMTP(guard)}, Workers: 640, Unsynced: true}
	})
	t.Cleanup(guard.CloseIdle)
	office := newPostOffice(t, "127.0.78.1", h.Clock.Now)
	post, err := h.CreateAuthentication(t.Context(), engine.AuthenticationInput{Name: "Post", Type: "smtp",
		Config: fmt.Appendf(nil, `{"host":%q,"port":%d,"encryption":"none","from":"shop@example.com"}`, office.host, office.port)})
	if err != nil {
		t.Fatal(err)
	}
	h.Publish("w", nil, engine.Step{ID: "mail", Type: "send_email",
		Config: fmt.Appendf(nil, `{"authentication_id":%q,"to":"{{ Test | name }} <{{ Test | email }}>","subject":"Hello","text":"Your order."}`, post.ID)})
	storm(h, n, false)
	h.Drain()
	if got := office.received(); len(got) != 100 {
		t.Errorf("%d mails went out, want 100, which is the default", len(got))
	}
	held, _, err := h.Store.HeldRuns(t.Context())
	if err != nil || held != n-100 {
		t.Errorf("%d runs are held (%v), want %d", held, err, n-100)
	}
}

// Whom the workflow writes to makes no difference for its own limit.
func TestAWorkflowSendsItsLimitEachHour(t *testing.T) {
	limit, written := 1000, "1,000"
	if underRace {
		limit, written = 120, "120"
	}
	l := newLetters(t, theShopper, engine.SendingSettings{PerWorkflowHour: limit})
	l.receive(limit*5/2, true)
	l.expect(limit, "at once")
	run, step := l.step(engine.RunWaiting)
	reason := "This workflow has sent " + written + " mails within an hour, which is the limit (Settings, Sending). It goes on by itself."
	if step.Status != engine.StepWaiting || step.Reason != reason || run.Reason != "Step mail: "+reason || len(step.Attempts) != 0 {
		t.Errorf("got %+v of %q, want a step that waits without an attempt", step.StepState, run.Reason)
	}
	l.attention("limit w: w has sent as many mails as it may")
	for _, at := range []struct {
		wait time.Duration
		sent int
	}{{59 * time.Minute, limit}, {time.Minute, 2 * limit}, {59 * time.Minute, 2 * limit}, {time.Minute, limit * 5 / 2}} {
		l.Advance(at.wait)
		l.expect(at.sent, "then")
	}
	l.Advance(10 * time.Minute)
	l.attention("")
	l.receive(1, true)
	l.expect(limit*5/2+1, "with room")
}

// attention checks what of sending needs attention.
func (l *letters) attention(want string) {
	l.T.Helper()
	o, err := l.Overview(context.Background(), 24)
	if err != nil {
		l.T.Fatal(err)
	}
	var got []string
	for _, a := range o.Attention {
		if a.Code == engine.AttentionLimit || a.Code == engine.AttentionStopped {
			got = append(got, strings.TrimSpace(a.Code+" "+a.ID)+": "+a.Title)
		}
	}
	if all := strings.Join(got, "; "); all != want {
		l.T.Errorf("got attention %q, want %q", all, want)
	}
}

func TestTheLimitsOutliveARestart(t *testing.T) {
	for _, c := range []struct {
		name   string
		limits engine.SendingSettings
		apart  bool
	}{{"of a recipient", engine.SendingSettings{PerRecipientDay: 5}, false}, {"of a workflow", engine.SendingSettings{PerWorkflowHour: 5}, true}} {
		t.Run(c.name, func(t *testing.T) {
			l := newLetters(t, theShopper, c.limits)
			l.receive(3, c.apart)
			l.Restart(true)
			l.receive(7, c.apart)
			l.expect(5, "after a restart")
		})
	}
}

// A day after its mails a shopper may have others.
func TestARecipientHasTheLimitEachDay(t *testing.T) {
	l := newLetters(t, theShopper, engine.SendingSettings{PerRecipientDay: 2})
	l.receive(2, false)
	l.Advance(24*time.Hour - time.Minute)
	l.receive(1, false)
	if got := l.box.count(); got != 2 {
		t.Errorf("within a day: %d letters, want 2", got)
	}
	l.Advance(time.Minute)
	l.receive(3, false)
	if got := l.box.count(); got != 4 {
		t.Errorf("after a day: %d letters, want 4", got)
	}
}

func TestAnAddressThatTheOperatorHasWrittenIsNotLimited(t *testing.T) {
	l := newLetters(t, "warehouse@example.com", engine.SendingSettings{PerRecipientDay: 2, PerWorkflowHour: 5})
	l.receive(8, false)
	l.expect(5, "to the warehouse") // the workflow's own limit counts
}

// One too many waits for a person, who may send it.
func TestARetryByHandSendsWhatIsOneTooMany(t *testing.T) {
	l := newLetters(t, theShopper, engine.SendingSettings{PerRecipientDay: 1})
	l.receive(3, false)
	l.expect(1, "at once")
	run, step := l.step(engine.RunWaiting)
	const reason = "The recipient has had 1 mail in 24 hours, which is the limit (Settings, Sending). Retry sends it, cancel leaves it."
	if step.Status != engine.StepHeld || step.Reason != reason || run.Reason != "Step mail is held. "+reason || len(step.Attempts) != 0 {
		t.Errorf("got %+v of %q, want a step that is held", step.StepState, run.Reason)
	}
	l.Advance(48 * time.Hour)
	if got := l.box.count(); got != 1 {
		t.Errorf("%d letters went out by themselves", got-1)
	}
	l.receive(1, false) // the day is full again
	l.box.fail(&engine.Error{Code: engine.Temporary, Message: "The mail server is busy.", Free: true, Wait: time.Minute})
	if _, err := l.RetryRun(t.Context(), run.ID); err != nil {
		t.Fatal(err)
	}
	l.Drain()
	l.Advance(2 * time.Minute) // what a person has said holds for later attempts, too
	if got := l.Step(l.RunOf(run.EventID, "w"), "mail"); got.Status != engine.StepSucceeded || l.box.count() != 3 {
		t.Errorf("the retried step is %+v, %d letters; want it sent", got.StepState, l.box.count())
	}
}

// A mail counts once: not again when it is repeated, and not when it did not go out.
func TestAMailCountsOnce(t *testing.T) {
	busy := func(free bool) error {
		return &engine.Error{Code: engine.Temporary, Message: "The mail server is down.", Free: free, Wait: time.Minute}
	}
	l := newLetters(t, theShopper, engine.SendingSettings{PerRecipientDay: 2})
	l.box.fail(busy(false))
	l.receive(1, false) // fails, and is repeated
	l.Advance(2 * time.Minute)
	l.expect(1, "after a repetition")
	l.box.fail(busy(true))
	l.receive(1, false) // the server is down: no attempt
	l.expect(1, "while it is down")
	l.receive(1, false)
	l.expect(2, "another mail takes the room")
	l.Advance(2 * time.Minute)
	if _, step := l.step(engine.RunWaiting); step.Status != engine.StepHeld {
		t.Errorf("the one that was too late is %+v, want it held", step.StepState)
	}
	l.expect(2, "in the end")
}

// An event whose thing had its run already sends nothing, so it takes no room.
func TestARunThatIsNotMadeTakesNoRoom(t *testing.T) {
	l := newLetters(t, theShopper, engine.SendingSettings{PerWorkflowHour: 2})
	l.Publish("w", func(d *engine.Definition) { d.OncePer = "customer" }, writing(theShopper))
	l.receive(5, false) // one customer
	l.expect(1, "once for a customer")
	l.receive(1, true)
	l.expect(2, "another customer")
}
