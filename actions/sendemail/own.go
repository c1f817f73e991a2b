package sendemail

import (
	"context"
	"encoding/json"

	"cartwheel/engine"
	"cartwheel/engine/outbound"
)

// Mailer sends Cartwheel's own mails as the action sends those of workflows.
type Mailer struct{ action *Action }

var _ engine.Mailer = (*Mailer)(nil)

// NewMailer makes one. Mail goes out through out.
func NewMailer(out *outbound.Guard) *Mailer { return &Mailer{New(out)} }

// Mail sends m through the mail server a.
func (s *Mailer) Mail(ctx context.Context, a engine.Auth, m engine.OwnMail) error {
	raw, err := json.Marshal(config{To: m.To, Subject: m.Subject, Text: m.Text})
	if err != nil {
		return err
	}
	_, err = s.action.Do(ctx, engine.Request{Key: m.Key, Config: raw, Auth: a, Attempt: 1, Begin: func(context.Context) error { return nil }})
	return err
}
