package outbound

import (
	"encoding/json"
	"fmt"
	"html"

	"cartwheel/engine"
	"cartwheel/merge"
)

// TestMark begins the subject of a mail that a test sends.
const TestMark = "[Test] "

// Recipient is the bare address in to of a rendered config, "" when there is none.
func Recipient(raw json.RawMessage) string {
	var config struct {
		To string `json:"to"`
	}
	if json.Unmarshal(raw, &config) != nil {
		return ""
	}
	to, err := ParseAddress("to", config.To)
	if err != nil {
		return ""
	}
	return to.Mail
}

// Redirect changes the rendered config of a mail so that the tester alone gets it: the subject marked, the recipient of a
// live run named in the first line of the messages (the members called html; those called text when they are not empty),
// no Reply-To, so that an answer reaches no shopper either. It returns that recipient's bare address. Errors as of Compose.
func Redirect(raw json.RawMessage, tester, htmlMember, textMember string) (redirected json.RawMessage, recipient string, err error) {
	config, err := merge.DecodeObject(raw)
	if err != nil {
		return nil, "", engine.Errorf(engine.Invalid, "The settings of this step cannot be read. Save the workflow again.")
	}
	text := func(name string) string {
		value, _ := config.Get(name)
		s, _ := value.(string)
		return s
	}
	checked, err := Mail{To: text("to"), ReplyTo: text("reply_to")}.checked()
	if err != nil {
		return nil, "", err
	}
	to, err := ParseAddress("mail_to", tester)
	if err != nil {
		return nil, "", err
	}
	live, err := ParseAddress("to", checked.To)
	if err != nil {
		return nil, "", err
	}
	note := fmt.Sprintf("This is a test. A live run would send this mail to %s.", live)
	changes := map[string]string{"to": to.String(), "subject": TestMark + text("subject"), "reply_to": ""}
	if body := text(htmlMember); body != "" {
		changes[htmlMember] = "<p><strong>" + html.EscapeString(note) + "</strong></p>\n" + body
	}
	if body := text(textMember); textMember != "" && body != "" {
		changes[textMember] = note + "\n\n" + body
	}
	var out merge.Object
	for name, value := range config.All() {
		if changed, ok := changes[name]; ok {
			value = changed
		}
		out.Set(name, value)
	}
	return json.RawMessage(merge.JSON(out)), live.Mail, nil
}
