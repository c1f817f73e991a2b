package outbound

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"cartwheel/engine"
)

const maxURL = 8 << 10 // bytes

// CheckURL reads an address that is to be called: http or https, with a host, without a user name, without
// control characters, at most 8 KiB. The host of the answer is in ASCII and lower case, the fragment is gone: send to
// this URL, not to raw. Whether the host may be reached is decided when it is dialled. Errors are Invalid and
// never repeat a password.
func CheckURL(raw string) (*url.URL, error) {
	switch {
	case raw == "":
		return nil, badURL("The URL is empty. Write one that begins with https://.")
	case len(raw) > maxURL:
		return nil, badURL("The URL is longer than 8 KiB.")
	case strings.ContainsFunc(raw, notInURL):
		return nil, badURL("The URL contains a blank, a line break or another control character. Write %20 for a blank.")
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, badURL("The URL cannot be read. Check its host, its port and its percent signs.")
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, badURL("The URL must begin with https:// or http://.")
	case u.User != nil:
		return nil, badURL("The URL contains a user name or an @ before its host. Use an authentication instead.")
	case u.Hostname() == "":
		return nil, badURL("The URL has no host. Write it like https://example.com/path.")
	}
	if err := setHost(u); err != nil {
		return nil, err
	}
	// Else a path with %2F and ü would be written anew from its meaning, with a / for the %2F.
	u.RawPath, u.RawQuery = encodeOdd(u.RawPath), encodeOdd(u.RawQuery)
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

// encodeOdd percent-encodes what may stand in no URL (RFC 3986) and leaves the rest as it is written.
func encodeOdd(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || strings.IndexByte("\"<>^`{|}", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func setHost(u *url.URL) error {
	host, err := ASCIIHost(u.Hostname())
	if err != nil {
		return badURL("The host of the URL is no valid name. Write it like example.com.")
	}
	port := u.Port()
	if n, err := strconv.Atoi(port); port != "" && (err != nil || n < 1 || n > 65535) {
		return badURL("The port of the URL must be a number from 1 to 65535.")
	}
	switch {
	case port != "":
		u.Host = net.JoinHostPort(host, port)
	case strings.Contains(host, ":"):
		u.Host = "[" + host + "]"
	default:
		u.Host = host
	}
	return nil
}

// ASCIIHost is host (a name or an IP address, no port) as it is compared and dialled: in ASCII (IDNA), lower case,
// without a final dot. Errors are Invalid.
func ASCIIHost(host string) (string, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.String(), nil
	}
	host = strings.TrimSuffix(host, ".")
	ascii, err := idna.Lookup.ToASCII(host)
	if err != nil {
		// The strict profile refuses _, which private names use; plain ASCII is fine as it is.
		ascii = strings.ToLower(host)
	}
	if ascii == "" || len(ascii) > 253 || strings.ContainsFunc(ascii, notInHost) {
		return "", engine.Errorf(engine.Invalid, "This is no valid host name. Write it like example.com.")
	}
	return strings.TrimSuffix(ascii, "."), nil
}

func notInHost(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '.' && r != '-' && r != '_'
}

func notInURL(r rune) bool {
	return r == ' ' || r == '\\' || unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == unicode.ReplacementChar
}

func badURL(message string) *engine.Error {
	return &engine.Error{Code: engine.Invalid, Op: "outbound.CheckURL", Message: message}
}
