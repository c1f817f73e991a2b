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
	return a.replacer().Replace(s)
}

// RedactValue is Redact for every text in v, a tree as merge.Decode makes it; member names too.
func (a Auth) RedactValue(v any) any {
	if len(a.secrets) == 0 {
		return v
	}
	return a.replacer().value(v)
}

// redactor redacts many texts with one list of forms.
type redactor struct{ *strings.Replacer }

// replacer is made once for each opened authentication.
func (a Auth) replacer() redactor {
	if a.redactor == nil {
		return redactor{strings.NewReplacer()}
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
	return redactor{strings.NewReplacer(pairs...)}
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

// value redacts every text in v, a tree as merge.FromGo makes it; member names too.
func (r redactor) value(v any) any {
	switch v := v.(type) {
	case string:
		return r.Replace(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = r.value(v[i])
		}
		return out
	case merge.Object:
		var out merge.Object
		for _, k := range v.Keys() {
			member, _ := v.Get(k)
			out.Set(r.Replace(k), r.value(member))
		}
		return out
	default:
		return v
	}
}
