package outbound

import (
	"strings"

	"cartwheel/engine"
	"cartwheel/merge"
)

const uuidLength = 36

// Compose completes the mail of a step: its server and sender from the step's authentication, its addresses checked and
// written in one way, its Message-ID from the step's key. Errors are Rejected.
func Compose(r engine.Request, m Mail) (SMTP, Mail, error) {
	server, err := ServerOf(r.Auth)
	if err != nil {
		return SMTP{}, Mail{}, err
	}
	if strings.TrimSpace(m.From) == "" {
		m.From = server.From
	}
	from, err := ParseAddress("from", m.From)
	if err != nil {
		return SMTP{}, Mail{}, err
	}
	m.From, m.MessageID = from.String(), messageID(r.Key, from.Domain())
	m, err = m.checked()
	return server, m, err
}

// Preview is what the run page will show of the mail of a step; without an authentication its sender is left open.
func Preview(r engine.Request, m Mail) (string, error) {
	var err error
	if r.Auth.IsZero() {
		m, err = m.checked()
	} else {
		_, m, err = Compose(r, m)
	}
	if err != nil {
		return "", err
	}
	return m.Describe(), nil
}

// checked is m with its recipient and Reply-To parsed.
func (m Mail) checked() (Mail, error) {
	if strings.TrimSpace(m.To) == "" {
		return Mail{}, engine.Errorf(engine.Rejected, "The mail has no recipient: the value of to was empty. Nothing was sent.")
	}
	to, err := ParseAddress("to", m.To)
	if err != nil {
		return Mail{}, err
	}
	m.To = to.String()
	if m.ReplyTo = strings.TrimSpace(m.ReplyTo); m.ReplyTo != "" {
		reply, err := ParseAddress("reply_to", m.ReplyTo)
		if err != nil {
			return Mail{}, err
		}
		m.ReplyTo = reply.String()
	}
	m.Subject = OneLine(m.Subject)
	return m, nil
}

// messageID is <run>.<step>@domain of the key <run>-<step>, where a run is a UUID.
func messageID(key, domain string) string {
	if len(key) > uuidLength && key[uuidLength] == '-' {
		key = key[:uuidLength] + "." + key[uuidLength+1:]
	}
	id := strings.Map(func(r rune) rune {
		if notInHost(r) && (r < 'A' || r > 'Z') {
			return '-'
		}
		return r
	}, key)
	return id + "@" + domain
}

// CheckAddresses finds what is no address in the literal config of a step; values with templates are left alone.
func CheckAddresses(to, from, replyTo string) []merge.Problem {
	var problems []merge.Problem
	for _, f := range []struct{ name, value string }{{"to", to}, {"from", from}, {"reply_to", replyTo}} {
		if strings.TrimSpace(f.value) == "" || strings.Contains(f.value, "{{") {
			continue
		}
		if _, err := ParseAddress(f.name, f.value); err != nil {
			problems = append(problems, merge.Problem{Location: f.name,
				Message: "This must be one e-mail address, like anna@example.com or Anna <anna@example.com>."})
		}
	}
	return problems
}
