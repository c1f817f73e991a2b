package outbound

import (
	"context"
	"fmt"

	"cartwheel/engine"
)

// CheckSMTP tries a mail server step by step, up to the sign-in; it sends no mail. The checks end with the first that fails.
func (g *Guard) CheckSMTP(ctx context.Context, server SMTP) []engine.Check {
	server = server.withDefaults()
	const sender, connect, encrypt, signIn = "Sender", "Connection", "Encryption", "Sign-in"
	if _, err := ParseAddress("from", server.From); err != nil {
		return []engine.Check{{Name: sender, Detail: engine.MessageOf(err)}}
	}
	checks := []engine.Check{{Name: sender, OK: true, Detail: server.From}}
	add := func(name, detail string, err error) bool {
		if err != nil {
			detail = engine.MessageOf(err)
		}
		checks = append(checks, engine.Check{Name: name, OK: err == nil, Detail: detail})
		return err == nil
	}
	s, err := g.connect(ctx, server)
	if !add(connect, fmt.Sprintf("%s answered.", server.address()), err) {
		return checks
	}
	defer s.close()
	detail := "The connection is encrypted."
	if server.Encryption == EncryptNone {
		detail = "The connection is not encrypted, and stays within a network given with --allow-private."
	}
	if !add(encrypt, detail, s.encrypt()) {
		return checks
	}
	detail = fmt.Sprintf("%s let %s in.", server.Host, server.Username)
	if server.Username == "" {
		detail = "No user name is set, so nobody signs in."
	}
	if add(signIn, detail, s.authenticate()) {
		(&pass{b: g.breakers, target: server.target()}).leave(works) // who waits for it need not wait any longer
	}
	return checks
}
