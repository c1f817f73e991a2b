package engine

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// secretForms lists how a secret can be written: as it is, in JSON, HTML and
// URLs as common languages write them, in hex, and in base64 alone and after a
// user name, as HTTP (RFC 7617), OAuth (RFC 6749, 2.3.1) and SMTP (RFC 4616) send
// it; and each of these once more in a JSON text.
func secretForms(secret string, usernames []string) []string {
	encoded := base64Forms(secret)
	for _, name := range usernames {
		encoded = append(encoded, base64Forms(name+":"+secret)...)
		encoded = append(encoded, base64Forms(url.QueryEscape(name)+":"+url.QueryEscape(secret))...)
		encoded = append(encoded, base64Forms("\x00"+name+"\x00"+secret)...)
	}
	inHex := hex.EncodeToString([]byte(secret))
	forms := append([]string{secret, inHex, strings.ToUpper(inHex)}, encoded...)
	forms = append(forms, htmlForms(secret)...)
	forms = append(forms, percentForms(secret)...)
	for _, form := range encoded {
		forms = append(forms, percentForms(form)...)
	}
	for _, form := range forms {
		forms = append(forms, jsonForms(form)...)
	}
	slices.Sort(forms)
	return slices.Compact(forms)
}

// jsonForms: Go escapes <, > and &, PHP the slash, others neither; Python and PHP all but ASCII.
func jsonForms(secret string) []string {
	quoted, _ := json.Marshal(secret) // a string never fails
	guarded := string(quoted[1 : len(quoted)-1])
	plain := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(guarded)
	slashed := strings.ReplaceAll(plain, "/", `\/`)
	return []string{guarded, plain, slashed, asciiJSON(plain), asciiJSON(slashed)}
}

// asciiJSON writes é as \u00e9.
func asciiJSON(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

// htmlForms: quotes are written by number or by name, or left alone.
func htmlForms(secret string) []string {
	escape := func(double, single string) string {
		return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, double, "'", single).Replace(secret)
	}
	return []string{html.EscapeString(secret), escape("&quot;", "&#039;"), escape("&quot;", "&#x27;"), escape("&quot;", "&#39;"), escape("&quot;", "'"), escape(`"`, "'")}
}

// percentForms: a blank is + or %20, some characters may stand as they are, and the digits are large or small.
func percentForms(secret string) []string {
	query := url.QueryEscape(secret)
	spaced := strings.ReplaceAll(query, "+", "%20")
	forms := []string{query, spaced, url.PathEscape(secret), strings.ReplaceAll(spaced, "%2F", "/"),
		strings.NewReplacer("%27", "'", "%21", "!", "%28", "(", "%29", ")", "%2A", "*").Replace(spaced)} // encodeURIComponent
	for _, form := range forms {
		forms = append(forms, smallPercent(form))
	}
	return forms
}

// smallPercent writes %2F as %2f.
func smallPercent(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:i+3], strings.ToLower(s[i+1:i+3]))
		}
	}
	return string(b)
}

func base64Forms(text string) []string {
	std, web := base64.StdEncoding.EncodeToString([]byte(text)), base64.URLEncoding.EncodeToString([]byte(text))
	return []string{std, strings.TrimRight(std, "="), web, strings.TrimRight(web, "=")}
}
