package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Mailer sends a mail of Cartwheel's own.
type Mailer interface {
	// Mail sends m through an authentication of type smtp. Errors as those of an Action.
	Mail(ctx context.Context, a Auth, m OwnMail) error
}

// OwnMail is a plain mail of Cartwheel's own to one recipient. Its sender is that of the mail server.
type OwnMail struct {
	Key     string // names it for good: for its Message-ID
	To      string
	Subject string
	Text    string
}

// AlertStore remembers what the owner was told of.
type AlertStore interface {
	// ClaimAlert notes that the owner is told of a cause now, unless that was done after since; then false.
	ClaimAlert(ctx context.Context, cause string, since time.Time) (bool, error)
	// DropAlert forgets it again: the mail did not go out.
	DropAlert(ctx context.Context, cause string) error
}

// alertEvery is how often somebody is told of one cause at most.
const alertEvery = 24 * time.Hour

// alertLimit is how many mails go out at one look: more would tell no more.
const alertLimit = 20

// watchAttention looks at what needs attention, tells those who look on, and the owner.
func (e *Engine) watchAttention(ctx context.Context) error {
	all, err := e.attention(ctx)
	if err != nil {
		return err
	}
	var causes []string
	for _, a := range all {
		causes = append(causes, fmt.Sprint(a.Cause(), " ", a.Count))
	}
	if now := strings.Join(causes, "\n"); now != e.lastAttention {
		e.lastAttention = now
		e.feed.Publish(Change{Kind: AttentionChanged, Count: len(all)})
	}
	defer func() { e.databaseDown = databaseDown(all) }()
	return e.alert(ctx, all)
}

func databaseDown(all []Attention) bool {
	return slices.ContainsFunc(all, func(a Attention) bool { return a.Code == AttentionDatabase })
}

// alert tells the owner by e-mail, once per cause and day. What was claimed counts as sent, so that a restart sends
// nothing twice; a mail that surely did not go out is tried again at the next look.
func (e *Engine) alert(ctx context.Context, all []Attention) error {
	s, err := e.Settings(ctx)
	if err != nil || !s.Alerts.Enabled || e.Mailer == nil || len(all) == 0 {
		return err
	}
	auth, err := e.auth(ctx, s.Alerts.AuthenticationID)
	if err != nil {
		return fmt.Errorf("open the mail server of the alerts: %w", err)
	}
	now, sent := e.now(), 0
	var errs []error
	for _, a := range all {
		if sent == alertLimit || e.draining.Load() {
			break
		}
		claimed, err := e.claimAlert(ctx, a, now)
		if err != nil {
			return errors.Join(append(errs, err)...)
		}
		if !claimed {
			continue
		}
		sent++
		if err := e.Mailer.Mail(ctx, auth, e.alertMail(a, s.Alerts.To)); err != nil {
			e.used(auth, CodeOf(err) == Denied, false, MessageOf(err))
			errs = append(errs, fmt.Errorf("tell the owner of %s: %w", a.Cause(), err))
			if CodeOf(err) != UnknownOutcome {
				errs = append(errs, e.dropAlert(ctx, a))
			}
			break // the next one would fare no better
		}
	}
	return errors.Join(errs...)
}

// claimAlert notes that the owner is told of a, unless that was done within a day. That the database cannot be written to
// cannot be noted there: that is remembered until the next start, and told when the look before has found it, too: a busy
// moment is no trouble.
func (e *Engine) claimAlert(ctx context.Context, a Attention, now time.Time) (bool, error) {
	if a.Code != AttentionDatabase {
		return e.Store.ClaimAlert(ctx, a.Cause(), now.Add(-alertEvery))
	}
	if !e.databaseDown || now.Sub(e.databaseTold) < alertEvery {
		return false, nil
	}
	e.databaseTold = now
	return true, nil
}

// dropAlert forgets that the owner was told of a: the mail did not go out.
func (e *Engine) dropAlert(ctx context.Context, a Attention) error {
	if a.Code == AttentionDatabase {
		e.databaseTold = time.Time{}
		return nil
	}
	return e.Store.DropAlert(ctx, a.Cause())
}

// alertMail is what the owner reads.
func (e *Engine) alertMail(a Attention, to string) OwnMail {
	base := strings.TrimSuffix(e.PublicURL, "/")
	text := a.Title + ".\n\n" + a.Detail + "\n\n" + base + a.Link +
		"\n\nYou get one mail a day for this while it lasts. Who gets it is chosen in the settings: " + base + "/settings\n"
	return OwnMail{Key: "alert-" + newID(), To: to, Subject: "Cartwheel: " + a.Title, Text: text}
}
