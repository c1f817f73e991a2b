package outbound

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Quote is s for a message to people: in quotes, control characters visible, at most limit bytes of it.
func Quote(s string, limit int) string { return strconv.Quote(Cut(s, limit)) }

// Cut is the beginning of s, at most limit bytes and whole characters, with "…" when something is missing.
func Cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit] + "…"
}

// OneLine is s with every run of blanks, line breaks and control characters as one space.
func OneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
	}), " ")
}
