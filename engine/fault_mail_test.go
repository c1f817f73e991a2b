package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/mail"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/jonboulle/clockwork"

	"cartwheel/actions/sendemail"
	"cartwheel/engine"
	"cartwheel/engine/enginetest"
	"cartwheel/engine/outbound"
)

// What a post office does with a mail.
const (
	takes     = ""
	refuses   = "refuses the connection"
	busy421   = "421 in its greeting"
	later451  = "451 to every sender"
	dropsIt   = "hangs up in the middle of the content"
	drops250  = "takes the mail and hangs up before its 250"
	retryOnce = 2 // attempts: a step that is counted twice while the office is closed has failed
)

// postOffice is a real SMTP server. Its host is an address of its own: no other connection begins there, so that the
// port stays free while the office is closed.
type postOffice struct {
	t    testing.TB
	host string
	port int

	mu    sync.Mutex
	mode  string
	stop  func()
	mails []string    // Message-IDs, as they came
	tries []time.Time // by the test's clock, of every connection
	now   func() time.Time
}

func newPostOffice(t testing.TB, host string, now func() time.Time) *postOffice {
	t.Helper()
	p := &postOffice{t: t, host: host, now: now}
	p.open()
	t.Cleanup(p.close)
	return p
}

func (p *postOffice) open() {
	p.t.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort(p.host, fmt.Sprint(p.port)))
	if err != nil {
		p.t.Fatal(err)
	}
	p.port = l.Addr().(*net.TCPAddr).Port
	server := smtp.NewServer(smtp.BackendFunc(p.session))
	server.Domain, server.ErrorLog = "mail.example.com", log.New(io.Discard, "", 0)
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(l) }()
	p.stop = func() { _, _ = server.Close(), l.Close(); <-done }
}

func (p *postOffice) close() {
	if p.stop != nil {
		p.stop()
		p.stop = nil
	}
}

// set changes what the office does from now on.
func (p *postOffice) set(mode string) {
	p.t.Helper()
	p.mu.Lock()
	before := p.mode
	p.mode = mode
	p.mu.Unlock()
	switch {
	case mode == refuses:
		p.close()
	case before == refuses:
		p.open()
	}
}

func (p *postOffice) received() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	counts := map[string]int{}
	for _, id := range p.mails {
		counts[id]++
	}
	return counts
}

func (p *postOffice) does() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.mode
}

func (p *postOffice) session(c *smtp.Conn) (smtp.Session, error) {
	p.mu.Lock()
	p.tries = append(p.tries, p.now())
	p.mu.Unlock()
	if p.does() == busy421 {
		return nil, &smtp.SMTPError{Code: 421, Message: "too busy"}
	}
	return &postClerk{p, c}, nil
}

type postClerk struct {
	office *postOffice
	conn   *smtp.Conn
}

func (c *postClerk) Mail(string, *smtp.MailOptions) error {
	if c.office.does() == later451 {
		return &smtp.SMTPError{Code: 451, Message: "later"}
	}
	return nil
}
func (c *postClerk) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (c *postClerk) Reset()                               {}
func (c *postClerk) Logout() error                        { return nil }

func (c *postClerk) Data(r io.Reader) error {
	mode := c.office.does()
	if mode == dropsIt {
		return c.conn.Conn().Close()
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	c.office.mu.Lock()
	c.office.mails = append(c.office.mails, m.Header.Get("Message-Id"))
	c.office.mu.Unlock()
	if mode == drops250 {
		return c.conn.Conn().Close()
	}
	return nil
}

// mailer is an engine that sends mail to a post office, on a clock that the test moves.
type mailer struct {
	*enginetest.Harness
	office *postOffice
	events []string
}

func newMailer(t *testing.T, host string, change func(*engine.Step)) *mailer {
	t.Helper()
	var guard *outbound.Guard
	m := &mailer{Harness: enginetest.NewWith(t, time.Date(2026, 3, 4, 9, 15, 0, 0, time.UTC), func(clock *clockwork.FakeClock) enginetest.Parts {
		guard = outbound.New(outbound.Options{Now: clock.Now, AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
		return enginetest.Parts{Actions: []engine.Action{sendemail.New(guard)}, AuthTypes: []engine.AuthType{sendemail.NewSMTP(guard)}}
	})}
	t.Cleanup(guard.CloseIdle)
	m.office = newPostOffice(t, host, m.Clock.Now)
	view, err := m.CreateAuthentication(context.Background(), engine.AuthenticationInput{Name: "Post", Type: "smtp",
		Config: json.RawMessage(fmt.Sprintf(`{"host":%q,"port":%d,"encryption":"none","from":"shop@example.com"}`, host, m.office.port))})
	if err != nil {
		t.Fatal(err)
	}
	step := engine.Step{ID: "mail", Type: "send_email", Retry: &engine.Retry{Attempts: retryOnce, Backoff: "constant", First: "5s"},
		Config: json.RawMessage(`{"authentication_id":"` + view.ID + `","to":"{{ Test | email }}","subject":"Hello","text":"Your order {{ Test | id }}."}`)}
	if change != nil {
		change(&step)
	}
	m.Publish("w", nil, step)
	return m
}

func (m *mailer) receive(n int) {
	m.T.Helper()
	for range n {
		m.events = append(m.events, m.Receive(fmt.Sprintf("thing/%d", len(m.events))))
	}
	m.Drain()
}

// steps counts the runs by the status of their only step.
func (m *mailer) steps() map[engine.StepStatus]int {
	m.T.Helper()
	counts := map[engine.StepStatus]int{}
	for _, id := range m.events {
		counts[m.Step(m.RunOf(id, "w"), "mail").Status]++
	}
	return counts
}

// A mail server that is away for long costs no attempt and loses no mail: all are out five minutes after it is back.
func TestMailWaitsForAServerThatIsDown(t *testing.T) {
	t.Parallel()
	long := 2 * time.Hour // a step
	if size(1, 2) == 2 {
		long = 4 * time.Minute
	}
	for i, c := range []struct {
		mode        string
		away, steps time.Duration
	}{
		{refuses, time.Hour, time.Minute},
		{refuses, 48 * time.Hour, long},
		{busy421, 48 * time.Hour, long},
		{later451, 48 * time.Hour, long},
		{later451, time.Hour, time.Minute},
	} {
		t.Run(fmt.Sprint(c.mode, " for ", c.away), func(t *testing.T) {
			t.Parallel()
			m := newMailer(t, fmt.Sprintf("127.0.77.%d", i+1), nil)
			m.office.set(c.mode)
			m.receive(10)
			for gone := time.Duration(0); gone < c.away; gone += c.steps {
				m.Advance(c.steps)
			}
			if got := m.steps(); got[engine.StepWaiting] != 10 {
				t.Fatalf("while it is down: %v, want 10 that wait", got)
			}
			if step := m.Step(m.RunOf(m.events[9], "w"), "mail"); !strings.Contains(step.Reason, m.office.host) {
				t.Errorf("the reason is %q, want one that names the server", step.Reason)
			}
			m.everyFiveMinutes(c.steps)
			m.office.set(takes)
			for range 10 {
				m.Advance(30 * time.Second)
			}
			m.allOnce(10)
		})
	}
}

// everyFiveMinutes: a server that is down is tried, and not more often than that makes sense.
func (m *mailer) everyFiveMinutes(steps time.Duration) {
	m.T.Helper()
	m.office.mu.Lock()
	defer m.office.mu.Unlock()
	tries := m.office.tries // none while it refuses connections
	for i := 6; i < len(tries); i++ {
		if pause := tries[i].Sub(tries[i-1]); pause > max(5*time.Minute, steps) {
			m.T.Errorf("between try %d and the next lie %v", i, pause)
		}
	}
	if hour := 5 + 3 + 15; steps == time.Minute && len(tries) > hour {
		m.T.Errorf("%d tries in an hour, want at most %d", len(tries), hour)
	}
}

func (m *mailer) allOnce(n int) {
	m.T.Helper()
	if got := m.steps(); got[engine.StepSucceeded] != n {
		m.T.Errorf("five minutes after it is back: %v, want %d that succeeded", got, n)
	}
	mails := m.office.received()
	for id, count := range mails {
		if count != 1 {
			m.T.Errorf("%s came %d times", id, count)
		}
	}
	if len(mails) != n {
		m.T.Errorf("%d mails, want %d", len(mails), n)
	}
}

// Where the 250 was lost nobody knows: by default a person decides, and a repetition has the same Message-ID.
func TestAMailWhose250WasLostIsHeld(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		mode   string
		copies int // that had come before a person says retry
	}{{drops250, 1}, {dropsIt, 0}} {
		t.Run(c.mode, func(t *testing.T) {
			t.Parallel()
			m := newMailer(t, "127.0.0.1", nil)
			m.office.set(c.mode)
			m.receive(3)
			m.office.set(takes)
			m.receive(2)
			for range 10 {
				m.Advance(time.Hour)
			}
			if got := m.steps(); got[engine.StepHeld] != 3 || got[engine.StepSucceeded] != 2 || len(m.office.received()) != 3*c.copies+2 {
				t.Fatalf("%v, %d mails; want 3 held and 2 sent", got, len(m.office.received()))
			}
			run := m.RunOf(m.events[0], "w")
			if _, err := m.RetryRun(context.Background(), run.ID); err != nil {
				t.Fatal(err)
			}
			m.Drain()
			id := fmt.Sprintf("<%s.mail@example.com>", run.ID)
			if got := m.office.received()[id]; got != c.copies+1 || m.steps()[engine.StepHeld] != 2 {
				t.Errorf("%s came %d times, want %d; steps %v", id, got, c.copies+1, m.steps())
			}
		})
	}
}

func TestWhoAsksForItGetsTheMailAgainWithTheSameID(t *testing.T) {
	t.Parallel()
	m := newMailer(t, "127.0.0.1", func(s *engine.Step) { s.OnUnknown = "repeat" })
	m.office.set(drops250)
	m.receive(3)
	m.office.set(takes)
	m.receive(2)
	m.Advance(10 * time.Second)
	repeated := 0
	for _, count := range m.office.received() {
		repeated += count - 1
	}
	if got := m.steps(); got[engine.StepSucceeded] != 5 || len(m.office.received()) != 5 || repeated != 3 {
		t.Errorf("%v, %d mails, %d repeated; want 5, 5, and those 3 whose 250 was lost", got, len(m.office.received()), repeated)
	}
}
