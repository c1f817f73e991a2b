// Package sendsurvey mails one shopper a link to a survey. The link carries hidden values, so that the survey knows the order
// without asking; survey tools call them URL variables or hidden fields.
//
// It is a mail, so it keeps to the rules of send_email: one recipient, and no repetition when
// the outcome is unknown.
package sendsurvey

import (
	"context"
	"encoding/json"
	"strings"

	"cartwheel/engine"
	"cartwheel/engine/outbound"
	"cartwheel/merge"
)

const defaultLinkText = "Start the survey"

// Action is send_survey.
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

// Spec describes send_survey.
func (*Action) Spec() engine.Spec {
	return engine.Spec{
		Type:    "send_survey",
		Title:   "Send survey",
		Summary: "Mails one shopper a link to your survey, with hidden values about the order.",
		Auth:    []string{outbound.SMTPType},
		Fields: []engine.Field{
			{Name: "authentication_id", Label: "Mail server", Type: engine.AuthenticationField, Required: true},
			{Name: "to", Label: "To", Type: engine.HeaderField, Required: true, Merge: true, Max: 1000, Example: "anna@example.com",
				Help: "One recipient: anna@example.com or Anna <anna@example.com>."},
			{Name: "subject", Label: "Subject", Type: engine.HeaderField, Required: true, Merge: true, Max: 1000},
			{Name: "message", Label: "Message", Type: engine.HTMLField, Required: true, Merge: true,
				Help: "The message in HTML. The link to the survey is put below it."},
			{Name: "survey_url", Label: "Survey link", Type: engine.URLField, Required: true, Merge: true, Max: 4096, Example: "https://survey.example.com/s/1",
				Help: "The link that your survey tool gives you, such as https://survey.alchemer.com/s3/123/Name."},
			{Name: "hidden", Label: "Hidden values", Type: engine.MapField, Of: engine.TextField, Merge: true,
				Help: "Added to the link as URL parameters. What the link carries already stays."},
			{Name: "link_text", Label: "Text of the link", Type: engine.TextField, Merge: true, Default: defaultLinkText, Max: 1000},
			{Name: "from", Label: "From", Type: engine.HeaderField, Merge: true, Max: 1000, Advanced: true, Example: "Shop <hello@example.com>",
				Help: "The sender. The one of the mail server when it is left empty."},
			{Name: "reply_to", Label: "Reply to", Type: engine.HeaderField, Merge: true, Max: 1000, Advanced: true, Example: "help@example.com",
				Help: "Where answers go, if not to the sender."},
		},
		// The form of an Alchemer link; its surveys read the parameters as URL variables, [url("order")].
		Example: json.RawMessage(`{
			"authentication_id": "shop-mail",
			"to": "anna@example.com",
			"subject": "How was order #100?",
			"message": "<p>Hi Anna, how did we do?</p>",
			"survey_url": "https://survey.alchemer.com/s3/123/Name",
			"hidden": {"order": "100", "email": "anna@example.com"},
			"link_text": "Tell us"
		}`),
		Outputs: []engine.Output{
			{Name: "link", Type: merge.String, Description: "The link to the survey with its hidden values."},
			{Name: "message_id", Type: merge.String, Description: "The Message-ID of the mail."},
			{Name: "to", Type: merge.String, Description: "The recipient."},
		},
	}
}

type config struct {
	To        string            `json:"to"`
	Subject   string            `json:"subject"`
	Message   string            `json:"message"`
	SurveyURL string            `json:"survey_url"`
	Hidden    map[string]string `json:"hidden"`
	LinkText  string            `json:"link_text"`
	From      string            `json:"from"`
	ReplyTo   string            `json:"reply_to"`
}

// mail reads a rendered config and makes the mail, and the link in it.
func mail(raw json.RawMessage) (m outbound.Mail, link string, err error) {
	var c config
	if err := json.Unmarshal(raw, &c); err != nil {
		return m, "", &engine.Error{Code: engine.Invalid, Op: "sendsurvey", Err: err,
			Message: "The settings of this step cannot be read. Save the workflow again."}
	}
	if link, err = surveyLink(c.SurveyURL, c.Hidden); err != nil {
		return m, "", err
	}
	if strings.TrimSpace(c.LinkText) == "" {
		c.LinkText = defaultLinkText
	}
	return outbound.Mail{From: c.From, To: c.To, ReplyTo: c.ReplyTo, Subject: c.Subject, HTML: withLink(c.Message, link, c.LinkText)}, link, nil
}

// Do sends the mail. Output: link, message_id, to.
func (a *Action) Do(ctx context.Context, r engine.Request) (engine.Result, error) {
	m, link, err := mail(r.Config)
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
	result.Output = map[string]any{"link": link, "message_id": "<" + m.MessageID + ">", "to": m.To}
	return result, nil
}

// Preview shows the mail that Do would send.
func (a *Action) Preview(r engine.Request) (string, error) {
	m, _, err := mail(r.Config)
	if err != nil {
		return "", err
	}
	return outbound.Preview(r, m)
}

// Redirect sends the mail to a tester alone. The link in it is the shopper's: whoever answers there answers for the shopper.
func (*Action) Redirect(config json.RawMessage, to string) (json.RawMessage, string, error) {
	return outbound.Redirect(config, to, "message", "")
}

// Recipient is the address that the mail goes to.
func (*Action) Recipient(config json.RawMessage) string { return outbound.Recipient(config) }

// CheckConfig wants addresses that are addresses, a link that is a link, and names for the hidden values.
func (a *Action) CheckConfig(raw json.RawMessage) []merge.Problem {
	var c config
	if json.Unmarshal(raw, &c) != nil {
		return nil // the engine reports what is no text
	}
	problems := outbound.CheckAddresses(c.To, c.From, c.ReplyTo)
	if c.SurveyURL != "" && !strings.Contains(c.SurveyURL, "{{") {
		if _, err := outbound.CheckURL(c.SurveyURL); err != nil {
			problems = append(problems, merge.Problem{Location: "survey_url", Message: engine.MessageOf(err)})
		}
	}
	if _, nameless := c.Hidden[""]; nameless {
		problems = append(problems, merge.Problem{Location: "hidden", Message: "A hidden value has no name. Give it the name that your survey expects."})
	}
	return problems
}
