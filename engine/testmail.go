package engine

import (
	"context"
	"net/mail"

	"cartwheel/merge"
)

// maxEmail is how many bytes an e-mail address has at most (RFC 5321).
const maxEmail = 254

// IsAddress reports whether s is one e-mail address and nothing else.
func IsAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= maxEmail
}

// MailTester is an AuthType that can try itself by a real mail.
type MailTester interface {
	// SendTestMail sends one mail to one address; it calls begin before anything leaves.
	SendTestMail(ctx context.Context, a Auth, to string, begin func(context.Context) error) Check
}

// SendTestMail is TestAuthentication and, when all is well, a real mail to one address. Errors: NotFound, Invalid.
func (e *Engine) SendTestMail(ctx context.Context, id, to string) ([]Check, error) {
	const location = "body.mail_to"
	if !IsAddress(to) {
		return nil, &Error{Code: Invalid, Message: "The test mail has no address to go to.",
			Problems: []merge.Problem{{Location: location, Message: "This must be one e-mail address, like anna@example.com."}}}
	}
	a, err := e.auth(ctx, id)
	if err != nil {
		return nil, err
	}
	t, _ := e.Config.AuthTypes.Get(a.Type)
	sender, ok := t.(MailTester)
	if !ok {
		return nil, invalidAt(location, "Only a mail server can send a test mail. Leave this out.")
	}
	checks, err := e.TestAuthentication(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, c := range checks {
		if !c.OK {
			return checks, nil
		}
	}
	check := sender.SendTestMail(ctx, a, to, func(ctx context.Context) error {
		return e.Store.NoteTrial(ctx, TrialNote{Action: "authentication.test_mail", ID: id, MailTo: to})
	})
	check.Detail = a.Redact(check.Detail)
	return append(checks, check), nil
}
