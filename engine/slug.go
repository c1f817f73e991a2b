package engine

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxSlug is the longest id that a person may give, in characters.
const maxSlug = 64

// validSlug reports whether s may be the id of a workflow, an authentication or
// a step: lower-case letters, digits, - and _, beginning with a letter or digit.
func validSlug(s string) bool {
	if s == "" || len(s) > maxSlug || s[0] == '-' || s[0] == '_' {
		return false
	}
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_') {
			return false
		}
	}
	return true
}

// slugOf makes an id from a name. A name without a plain letter or digit gives fallback.
func slugOf(name, fallback string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(norm.NFD.String(name)) {
		if unicode.Is(unicode.Mn, r) {
			continue // the dots of an ö: what stays is an o
		}
		plain := r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r))
		if !plain {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		b.WriteRune(r)
		if b.Len() >= maxSlug-8 {
			break
		}
	}
	if b.Len() == 0 {
		return fallback
	}
	return b.String()
}

// numbered returns slug, slug-2, slug-3, ...
func numbered(slug string, n int) string {
	if n < 2 {
		return slug
	}
	return slug + "-" + strconv.Itoa(n)
}
