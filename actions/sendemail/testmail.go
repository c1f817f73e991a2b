package sendemail

import (
	"context"
	"crypto/rand"
	"fmt"

	"cartwheel/engine"
	"cartwheel/engine/outbound"
)

// SendTestMail sends one mail that says what it is.
func (t *SMTP) SendTestMail(ctx context.Context, a engine.Auth, to string, begin func(context.Context) error) engine.Check {
	check := engine.Check{Name: "Test mail"}
	server, m, err := outbound.Compose(engine.Request{Key: "test-" + rand.Text(), Auth: a}, outbound.Mail{
		To:      to,
		Subject: outbound.TestMark + "Cartwheel can send mail",
		Text: fmt.Sprintf("This is a test of the mail server %q in Cartwheel.\n\nIt came through, so workflows can send mail with it.\n"+
			"Look at the sender above: shoppers will see it, too. If this mail lay in the spam folder, theirs may lie there.\n", a.Name),
	})
	if err == nil {
		var accepted string
		// Whoever asks wants to know now, whatever is known of the server.
		if accepted, err = t.out.WithoutBreaker().Send(ctx, server, m, begin); err == nil {
			check.OK, check.Detail = true, fmt.Sprintf("%s took the mail for %s: %s", server.Host, to, accepted)
			return check
		}
	}
	check.Detail = engine.MessageOf(err)
	return check
}
