// Package sendemail sends one mail to one recipient, and brings the authentication type smtp.
//
// A mail cannot be called back and a mail server cannot tell a repetition, so an attempt whose
// outcome is unknown is not repeated: a person decides, and the Message-ID, equal over all attempts,
// shows at the other end whether it came twice.
package sendemail

import (
	"context"
	"encoding/json"

	"cartwheel/engine"
	"cartwheel/engine/outbound"
	"cartwheel/merge"
)

// Action is send_email.
type Action struct{ out *outbound.Guard }

var (
	_ engine.Action        = (*Action)(nil)
	_ engine.Previewer     = (*Action)(nil)
	_ engine.ConfigChecker = (*Action)(nil)
	_ engine.Redirector    = (*Action)(nil)
	_ engine.Addresser     = (*Action)(nil)
)

// New makes the action. Mail goes out through out.
func New(out *outbound.Guard) *Action { return &Action{out: out} }

// Spec describes send_email.
func (*Action) Spec() engine.Spec {
	return engine.Spec{
		Type:    "send_email",
		Title:   "Send e-mail",
		Summary: "Sends one e-mail to one recipient through your mail server.",
		Auth:    []string{outbound.SMTPType},
		Fields: []engine.Field{
			{Name: "authentication_id", Label: "Mail server", Type: engine.AuthenticationField, Required: true},
			{Name: "to", Label: "To", Type: engine.HeaderField, Required: true, Merge: true, Max: 1000, Example: "anna@example.com",
				Help: "One recipient: anna@example.com or Anna <anna@example.com>."},
			{Name: "subject", Label: "Subject", Type: engine.HeaderField, Required: true, Merge: true, Max: 1000},
			{Name: "html", Label: "Message", Type: engine.HTMLField, Merge: true,
				Help: "The message in HTML. Merge values are escaped."},
			{Name: "text", Label: "Plain text", Type: engine.TextField, Merge: true, Advanced: true,
				Help: "For readers without HTML. Made from the message when it is left empty."},
			{Name: "from", Label: "From", Type: engine.HeaderField, Merge: true, Max: 1000, Advanced: true, Example: "Shop <hello@example.com>",
				Help: "The sender. The one of the mail server when it is left empty."},
			{Name: "reply_to", Label: "Reply to", Type: engine.HeaderField, Merge: true, Max: 1000, Advanced: true, Example: "help@example.com",
				Help: "Where answers go, if not to the sender."},
		},
		Example: json.RawMessage(`{
			"authentication_id": "shop-mail",
			"to": "Anna Example <anna@example.com>",
			"subject": "Your order #100 is on its way",
			"html": "<p>Hi Anna,</p><p>your order <b>#100</b> has left our warehouse.</p>",
			"reply_to": "help@example.com"
		}`),
		Outputs: []engine.Output{
			{Name: "message_id", Type: merge.String, Description: "The Message-ID of the mail."},
			{Name: "to", Type: merge.String, Description: "The recipient."},
			{Name: "accepted", Type: merge.String, Description: "What the mail server answered."},
		},
	}
}

type config struct {
	To      string `json:"to"`
	Subject string `json:"subject"`
	HTML    string `json:"html"`
	Text    string `json:"text"`
	From    string `json:"from"`
	ReplyTo string `json:"reply_to"`
}

// mail reads a rendered config.
func mail(raw json.RawMessage) (outbound.Mail, error) {
	var c config
	if err := json.Unmarshal(raw, &c); err != nil {
		return outbound.Mail{}, &engine.Error{Code: engine.Invalid, Op: "sendemail", Err: err,
			Message: "The settings of this step cannot be read. Save the workflow again."}
	}
	if c.HTML == "" && c.Text == "" {
		return outbound.Mail{}, engine.Errorf(engine.Rejected, "The mail is empty: both html and text were empty. Nothing was sent.")
	}
	return outbound.Mail{From: c.From, To: c.To, ReplyTo: c.ReplyTo, Subject: c.Subject, HTML: c.HTML, Text: c.Text}, nil
}

// Do sends the mail. Output: message_id, to, accepted (the server's answer).
func (a *Action) Do(ctx context.Context, r engine.Request) (engine.Result, error) {
	m, err := mail(r.Config)
	if err != nil {
		return engine.Result{}, err
	}
	server, m, err := outbound.Compose(r, m)
	if err != nil {
		return engine.Result{}, err
	}
	result := engine.Result{Request: m.Describe()}
	accepted, err := a.out.Send(ctx, server, m, r.Begin)
	if err != nil {
		return result, err
	}
	result.Response = accepted
	result.Output = map[string]any{"message_id": "<" + m.MessageID + ">", "to": m.To, "accepted": accepted}
	return result, nil
}

// Preview shows the mail that Do would send.
func (a *Action) Preview(r engine.Request) (string, error) {
	m, err := mail(r.Config)
	if err != nil {
		return "", err
	}
	return outbound.Preview(r, m)
}

// Redirect sends the mail to a tester alone.
func (*Action) Redirect(config json.RawMessage, to string) (json.RawMessage, string, error) {
	return outbound.Redirect(config, to, "html", "text")
}

// Recipient is the address that the mail goes to.
func (*Action) Recipient(config json.RawMessage) string { return outbound.Recipient(config) }

// CheckConfig wants something to read, and addresses that are addresses.
func (a *Action) CheckConfig(raw json.RawMessage) []merge.Problem {
	var c config
	if json.Unmarshal(raw, &c) != nil {
		return nil // the engine reports what is no text
	}
	problems := outbound.CheckAddresses(c.To, c.From, c.ReplyTo)
	if c.HTML == "" && c.Text == "" {
		problems = append(problems, merge.Problem{Location: "html", Message: "Write a message: html and text are both empty."})
	}
	return problems
}
