package bigcommerce

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"cartwheel/engine"
	"cartwheel/merge"
)

// refusal is the error for a status that is no success; nil for 2xx. pause is
// how long the store's budget rests after a 429.
func (a *answer) refusal(pause time.Duration) error {
	status := a.call.Status
	if status >= 200 && status < 300 {
		return nil
	}
	e := &engine.Error{Op: "bigcommerce." + a.call.Method, Code: engine.Rejected}
	words := a.words()
	switch {
	case status == http.StatusUnauthorized:
		e.Code = engine.Denied
		e.Message = "The store refused the access token (401)" + words + " Put the token of a store-level API account into the authentication."
	case status == http.StatusForbidden:
		e.Code = engine.Denied
		e.Message = a.lacking(words)
	case status == http.StatusNotFound:
		e.Code = engine.NotFound
		e.Message = fmt.Sprintf("The store has nothing at %s (404)%s", a.call.Path, words)
	case status == http.StatusTooManyRequests:
		e.Code, e.Wait, e.Free = engine.Temporary, pause, true
		e.Message = "The store wants fewer calls for the moment (429)" + words
	case status >= 300 && status < 400:
		e.Code = engine.Temporary
		e.Message = fmt.Sprintf("The store's API answered %d, a redirect, which is not followed so that the token goes nowhere else. Check api_base_url of the authentication: it begins with https://.", status)
	case temporary(status):
		e.Code = engine.Temporary
		e.Wait, _ = retryAfter(a.header)
		e.Message = fmt.Sprintf("The store could not answer %s %s (%d)%s", a.call.Method, a.call.Path, status, words)
	default:
		e.Message = fmt.Sprintf("The store did not accept %s %s (%d)%s", a.call.Method, a.call.Path, status, words)
	}
	return e
}

// temporary lists what passes by itself; 423 is a locked, 499 an abandoned request.
func temporary(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusLocked, 499:
		return true
	case http.StatusNotImplemented, http.StatusInsufficientStorage: // not built, and a limit of the store's plan
		return false
	}
	return status >= 500
}

// lacking is the message for 403: which permission is missing for what. A few
// refusals are no matter of permissions; then the store's words say more.
func (a *answer) lacking(words string) string {
	thing, permission := permissionFor(a.call.Method, a.call.Path)
	if permission == "" {
		return fmt.Sprintf("The store does not allow %s %s (403)%s", a.call.Method, a.call.Path, words)
	}
	return fmt.Sprintf("The API account lacks the permission for %s (403)%s Give it %s; an account's scopes cannot be changed, so make a new one.", thing, words, permission)
}

// permissions says which scope of an API account opens what, by the path's
// first part (BigCommerce, "OAuth scopes"). Hooks need none.
var permissions = map[string][2]string{
	"orders":          {"orders", "Orders"},
	"order_statuses":  {"orders", "Orders"},
	"customers":       {"customers", "Customers"},
	"carts":           {"carts", "Carts"},
	"store":           {"the store's settings", "Information & Settings"},
	"time":            {"the store's settings", "Information & Settings"},
	"abandoned-carts": {"the store's settings", "Information & Settings"},
	"channels":        {"channels", "Channel Settings"},
	"catalog":         {"products", "Products"},
	"customer_groups": {"customers", "Customers"},
}

func permissionFor(method, path string) (thing, permission string) {
	resource, _, _ := strings.Cut(resourceOf(path), "/")
	known, ok := permissions[resource]
	if !ok {
		return "", ""
	}
	if method == http.MethodGet {
		return known[0], known[1] + " read-only"
	}
	return known[0], known[1] + " modify"
}

const maxWords = 200 // characters of the store's own words

// words are the store's own, as the end of a sentence: ": not found." or just ".".
func (a *answer) words() string {
	text := strings.Join(strings.FieldsFunc(a.said(), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
	if text == "" {
		return "."
	}
	if runes := []rune(text); len(runes) > maxWords {
		text = string(runes[:maxWords-1]) + "…"
	}
	if !strings.ContainsAny(text[len(text)-1:], ".!?") {
		text += "."
	}
	return ": " + text
}

// said finds the message in a body: V2 sends a list of {status, message, details},
// V3 an object {status, title, errors: {field: reason}}, some answers are text,
// some are nothing. A web page has nothing to say. Our own secrets are taken out.
func (a *answer) said() string {
	v, err := a.value()
	if err != nil {
		if strings.Contains(a.looks(), "web page") {
			return ""
		}
		return a.acc.auth.Redact(a.body) // whole: what is cut first may be half a secret
	}
	return sentence(a.acc.auth.RedactValue(v))
}

func sentence(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		parts := make([]string, 0, len(v))
		for _, e := range v {
			if s := sentence(e); s != "" {
				parts = append(parts, s)
			}
		}
		return strings.Join(parts, "; ")
	case merge.Object:
		return objectSentence(v)
	default:
		return ""
	}
}

func objectSentence(o merge.Object) string {
	var parts []string
	for _, name := range []string{"message", "title", "error"} {
		if s := textOf(o, name); s != "" && !slices.Contains(parts, s) {
			parts = append(parts, strings.TrimRight(s, "."))
		}
	}
	for _, name := range []string{"details", "errors"} {
		v, _ := o.Get(name)
		switch v := v.(type) {
		case merge.Object:
			for field, reason := range v.All() {
				if s := sentence(reason); s != "" {
					parts = append(parts, field+": "+strings.TrimRight(s, "."))
				}
			}
		case []any:
			if s := sentence(v); s != "" {
				parts = append(parts, strings.TrimRight(s, "."))
			}
		}
	}
	return strings.Join(parts, "; ")
}

// resourceOf is the path without versions, ids and query, for a metric's label:
// "/v2/orders/251/products?page=2" is "orders/products".
func resourceOf(path string) string {
	path, _, _ = strings.Cut(path, "?")
	var parts []string
	for _, part := range strings.Split(path, "/") {
		if part != "" && part != "v2" && part != "v3" && !strings.ContainsAny(part, "0123456789") {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "/")
}
