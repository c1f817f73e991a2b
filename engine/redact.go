package engine

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"sort"
	"strings"

	"cartwheel/merge"
)

// minRedact is the shortest secret that is looked for inside other text; a
// shorter one would redact ordinary words.
const minRedact = 8

const redacted = "***"

// Redact replaces a's secrets in s, in every form in which they are sent or
// likely to be echoed: as they are, percent-encoded, as a JSON text, in hex and
// in base64, alone and as user:password.
func (a Auth) Redact(s string) string {
	if s == "" || len(a.secrets) == 0 {
		return s
	}
	return a.replacer().Replace(s)
}

// redactor redacts many texts with one list of forms.
type redactor struct{ *strings.Replacer }

func (a Auth) replacer() redactor {
	var forms []string
	for _, secret := range a.secrets {
		if len(secret) >= minRedact {
			forms = append(forms, secretForms(secret, a.username())...)
		}
	}
	// Longest first: at one place the replacer takes the first that fits.
	sort.Slice(forms, func(i, j int) bool { return len(forms[i]) > len(forms[j]) })
	pairs := make([]string, 0, 2*len(forms))
	for _, form := range forms {
		pairs = append(pairs, form, redacted)
	}
	return redactor{strings.NewReplacer(pairs...)}
}

func (a Auth) username() string {
	var config struct {
		Username string `json:"username"`
		ClientID string `json:"client_id"`
	}
	_ = json.Unmarshal(a.Config, &config) // an unreadable config names no user
	if config.Username != "" {
		return config.Username
	}
	return config.ClientID
}

func secretForms(secret, username string) []string {
	quoted, _ := json.Marshal(secret) // a string never fails
	inJSON := string(quoted[1 : len(quoted)-1])
	forms := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), inJSON,
		hex.EncodeToString([]byte(secret)), strings.ToUpper(hex.EncodeToString([]byte(secret)))}
	for _, text := range []string{secret, username + ":" + secret, "\x00" + username + "\x00" + secret} {
		for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
			forms = append(forms, enc.EncodeToString([]byte(text)))
		}
	}
	return forms
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
