package engine

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"cartwheel/merge"
)

// minRedact is the shortest secret that is looked for inside other text; a
// shorter one would redact ordinary words.
const minRedact = 8

const redacted = "***"

// Redact replaces a's secrets in s, in every form in which they are sent or
// likely to be echoed (secretForms).
func (a Auth) Redact(s string) string {
	if s == "" || len(a.secrets) == 0 {
		return s
	}
	return a.replacer().text(s)
}

// RedactValue is Redact for every text in v, a tree as merge.Decode makes it; member names too.
func (a Auth) RedactValue(v any) any {
	if len(a.secrets) == 0 {
		return v
	}
	return a.replacer().value(v)
}

// redactor redacts many texts with one list of forms. Nearly none holds a
// secret, and the sieve tells so at a glance.
type redactor struct {
	all   *strings.Replacer
	sieve *sieve // nil: there is nothing to look for
}

// text redacts one text.
func (r redactor) text(s string) string {
	if r.sieve == nil || !r.sieve.mayHold(s) {
		return s
	}
	return r.all.Replace(s)
}

// sieve tells texts that hold none of some forms. It knows the first eight bytes of each: the two halves, and every four of them,
// of which one stands wherever a text is looked at in steps of five.
type sieve struct{ heads, tails, any [1 << 16 / 64]uint64 }

const (
	sieveWindow = 8 // bytes; no form is shorter (minRedact)
	sieveStep   = sieveWindow - 3
)

func newSieve(forms []string) *sieve {
	s := &sieve{}
	for _, form := range forms {
		if len(form) < sieveWindow {
			continue
		}
		mark(&s.heads, hash4(form, 0))
		mark(&s.tails, hash4(form, 4))
		for i := range sieveStep {
			mark(&s.any, hash4(form, i))
		}
	}
	return s
}

func (s *sieve) mayHold(text string) bool {
	for i := 0; i+4 <= len(text); i += sieveStep {
		if marked(&s.any, hash4(text, i)) && s.mayBegin(text, i) {
			return true
		}
	}
	return false
}

// mayBegin tells whether a form may begin at i or up to four bytes before it.
func (s *sieve) mayBegin(text string, i int) bool {
	for at := max(0, i-sieveStep+1); at <= i && at+sieveWindow <= len(text); at++ {
		if marked(&s.heads, hash4(text, at)) && marked(&s.tails, hash4(text, at+4)) {
			return true
		}
	}
	return false
}

func marked(set *[1 << 16 / 64]uint64, h uint32) bool { return set[h/64]>>(h%64)&1 != 0 }

func mark(set *[1 << 16 / 64]uint64, h uint32) { set[h/64] |= 1 << (h % 64) }

// hash4 is 16 bits of the four bytes at i.
func hash4(s string, i int) uint32 {
	n := uint32(s[i]) | uint32(s[i+1])<<8 | uint32(s[i+2])<<16 | uint32(s[i+3])<<24
	return n * 2654435761 >> 16
}

// replacer is made once for each opened authentication.
func (a Auth) replacer() redactor {
	if a.redactor == nil {
		return redactor{}
	}
	return a.redactor()
}

func (a Auth) newReplacer() redactor {
	var forms []string
	for _, secret := range a.secrets {
		if len(secret) >= minRedact {
			forms = append(forms, secretForms(secret, a.usernames())...)
		}
	}
	slices.SortFunc(forms, func(a, b string) int {
		// Longest first: at one place the replacer takes the first that fits.
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
	pairs := make([]string, 0, 2*len(forms))
	for _, form := range slices.Compact(forms) {
		pairs = append(pairs, form, redacted)
	}
	return redactor{strings.NewReplacer(pairs...), newSieve(forms)}
}

// usernames are what may stand before a secret and a colon.
func (a Auth) usernames() []string {
	var config struct {
		Username string `json:"username"`
		ClientID string `json:"client_id"`
	}
	_ = json.Unmarshal(a.Config, &config) // an unreadable config names no user
	names := []string{""}
	for _, name := range []string{config.Username, config.ClientID, a.secrets["client_id"]} {
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}

// value redacts every text in v, a tree as merge.FromGo makes it; member names
// too. What holds no secret, as nearly everything, comes back as it is, not as a copy.
func (r redactor) value(v any) any {
	if r.isClean(v) {
		return v
	}
	switch v := v.(type) {
	case string:
		return r.text(v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = r.value(v[i])
		}
		return list
	case merge.Object:
		var o merge.Object
		for k, member := range v.All() {
			o.Set(r.text(k), r.value(member))
		}
		return o
	default:
		return v
	}
}

// isClean tells that no name and no text in v has to be redacted.
func (r redactor) isClean(v any) bool {
	switch v := v.(type) {
	case string:
		return r.text(v) == v
	case []any:
		for i := range v {
			if !r.isClean(v[i]) {
				return false
			}
		}
	case merge.Object:
		for k, member := range v.All() {
			if r.text(k) != k || !r.isClean(member) {
				return false
			}
		}
	}
	return true
}
