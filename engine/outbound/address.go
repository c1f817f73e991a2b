package outbound

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"cartwheel/engine"
)

// Limits of an address (RFC 5321, 4.5.3.1) and of the name before it.
const (
	maxLocal   = 64
	maxAddress = 254
	maxName    = 200
)

// specials are the characters for which a display name needs quotes; <>@ are not taken at all, and quotes are dropped.
const specials = `,;:()[]\`

// groups are the characters that no name has outside quotes: they belong to groups, routes and literals.
const groups = `:;[]\`

// Address is one mailbox.
type Address struct {
	Name string // "Anna", may be empty
	Mail string // "anna@example.com", the domain in ASCII
}

// String is the address for people, and what ParseAddress reads back to the same: not yet encoded for a header.
func (a Address) String() string {
	switch {
	case a.Name == "":
		return a.Mail
	case strings.ContainsAny(a.Name, specials):
		return `"` + strings.ReplaceAll(a.Name, `\`, `\\`) + `" <` + a.Mail + ">"
	default:
		return a.Name + " <" + a.Mail + ">"
	}
}

// Domain is what follows the @.
func (a Address) Domain() string { return a.Mail[strings.LastIndexByte(a.Mail, '@')+1:] }

// ParseAddress reads exactly one mailbox, anna@example.com or "Anna <anna@example.com>". Lists, groups, line breaks and
// invisible characters are refused, and so are local parts that need quotes: nobody real has one, and they
// are how a second recipient is smuggled in. field names the value in the message. Errors are Rejected.
func ParseAddress(field, s string) (Address, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return Address{}, engine.Errorf(engine.Rejected, "The mail has no address in %s: the value was empty. Nothing was sent.", field)
	}
	wrong := engine.Errorf(engine.Rejected, "%s must be one e-mail address, like anna@example.com, but it reads %s. Nothing was sent.", field, Quote(s, 80))
	if len(s) > 4*maxAddress || strings.ContainsFunc(s, notInAddress) {
		return Address{}, wrong
	}
	name, address := splitAddress(s)
	local, domain, ok := strings.Cut(address, "@")
	if !ok || !validLocal(local) {
		return Address{}, wrong
	}
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil || !validDomain(ascii) || len(local)+1+len(ascii) > maxAddress {
		return Address{}, wrong
	}
	if name, ok = cleanName(name); !ok {
		return Address{}, wrong
	}
	return Address{Name: name, Mail: local + "@" + ascii}, nil
}

// splitAddress takes "Anna <a@b>" apart; what is in no angle brackets is all address.
func splitAddress(s string) (name, address string) {
	open := strings.LastIndexByte(s, '<')
	if open < 0 || !strings.HasSuffix(s, ">") {
		return "", s
	}
	return strings.TrimSpace(s[:open]), s[open+1 : len(s)-1]
}

// cleanName takes the quotes off a display name. A name that looks like another address is refused:
// "a@example.com, Anna <b@example.com>" is two. Commas and brackets are ordinary in names ("Smith, Anna (VIP)").
func cleanName(name string) (string, bool) {
	if n := len(name); n >= 2 && name[0] == '"' && name[n-1] == '"' {
		name = strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(name[1 : n-1])
	} else if strings.ContainsAny(name, groups) {
		return "", false
	}
	if strings.ContainsAny(name, "<>@") {
		return "", false
	}
	name = strings.ReplaceAll(name, `"`, "")
	for len(name) > maxName {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return name, true
}

func notInAddress(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }

// validLocal is a dot-atom (RFC 5322, 3.2.3), letters of other scripts allowed (RFC 6532).
func validLocal(s string) bool {
	if s == "" || len(s) > maxLocal || s[0] == '.' || s[len(s)-1] == '.' || strings.Contains(s, "..") {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("()<>[]:;@\\,\"", r)
	})
}

func validDomain(s string) bool {
	for _, label := range strings.Split(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' ||
			strings.ContainsFunc(label, func(r rune) bool { return notInHost(r) || r == '.' }) {
			return false
		}
	}
	return true
}

// isASCII reports whether the local part needs no SMTPUTF8.
func (a Address) isASCII() bool {
	return !strings.ContainsFunc(a.Mail, func(r rune) bool { return r >= utf8.RuneSelf })
}
