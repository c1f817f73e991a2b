package sendsurvey

import (
	"html"
	"net/url"
	"slices"
	"sort"
	"strings"

	"cartwheel/engine/outbound"
)

// surveyLink is survey with the hidden values as URL parameters, in the order of their names. The link is changed nowhere
// else: its own parameters, in their own encoding, and its fragment stay, and a hidden value of a name that it
// carries already is left out.
func surveyLink(survey string, hidden map[string]string) (string, error) {
	if _, err := outbound.CheckURL(survey); err != nil {
		return "", err
	}
	head, fragment, hasFragment := strings.Cut(survey, "#")
	_, query, hasQuery := strings.Cut(head, "?")
	own := parameterNames(query)
	names := make([]string, 0, len(hidden))
	for name := range hidden {
		if name != "" && !slices.Contains(own, name) {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	var b strings.Builder
	b.WriteString(head)
	for _, name := range names {
		switch {
		case !hasQuery:
			b.WriteByte('?')
		case query != "" && !strings.HasSuffix(b.String(), "&"):
			b.WriteByte('&')
		}
		hasQuery, query = true, "more"
		b.WriteString(encode(name) + "=" + encode(hidden[name]))
	}
	if hasFragment {
		b.WriteString("#" + fragment)
	}
	return b.String(), nil
}

// parameterNames reads what it can: a link with one odd parameter still has the others.
func parameterNames(query string) []string {
	var names []string
	for pair := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if decoded, err := url.QueryUnescape(name); err == nil && decoded != "" {
			names = append(names, decoded)
		}
	}
	return names
}

// encode percent-encodes s, blanks as %20: every reader of a link understands that, not every one the plus sign.
func encode(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// withLink puts the link below message, inside the body if there is one.
func withLink(message, link, text string) string {
	paragraph := `<p><a href="` + html.EscapeString(link) + `">` + html.EscapeString(text) + "</a></p>"
	if end := strings.LastIndex(strings.ToLower(message), "</body"); end >= 0 && len(strings.ToLower(message)) == len(message) {
		return message[:end] + paragraph + message[end:]
	}
	return message + "\n" + paragraph
}
