package web

import (
	"context"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"

	"cartwheel/engine"
	"cartwheel/merge"
)

const masked = "***"

// mask hides personal data from viewers; for everybody else it changes nothing.
type mask struct {
	on     bool
	names  []string // personal codes, as labels and as paths
	values []string // their values, as texts
}

// maskFor is the mask for who asks. uses are the merge codes that the texts to come may speak of.
func maskFor(ctx context.Context, uses []engine.CodeUse) mask {
	if actorOf(ctx).Role.Allows(engine.Editor) {
		return mask{}
	}
	m := mask{on: true}
	for _, u := range uses {
		if u.Personal {
			m.names = append(m.names, string(u.Code), u.Code.Path())
			m.values = appendTexts(m.values, merge.FromGo(u.Value))
		}
	}
	return m
}

// telling is the shortest text that is looked for in other texts: shorter ones stand everywhere by chance.
const telling = 3

// appendTexts collects every text and number in v.
func appendTexts(texts []string, v any) []string {
	switch v := v.(type) {
	case merge.Object:
		for _, member := range v.All() {
			texts = appendTexts(texts, member)
		}
	case []any:
		for _, element := range v {
			texts = appendTexts(texts, element)
		}
	case string, json.Number:
		if text := merge.Text(v); len(text) >= telling {
			texts = append(texts, text)
		}
	}
	return texts
}

// value is what a code's value reads.
func (m mask) value(u engine.CodeUse) any {
	if m.on && u.Personal {
		return masked
	}
	return merge.FromGo(u.Value)
}

// addresses finds e-mail addresses in messages of other systems.
var addresses = regexp.MustCompile(`[^\s@<>"'(),;:=]+@[^\s@<>"'(),;:=/]+`)

// answers finds what another system said beyond the status of its answer.
var answers = regexp.MustCompile(`(?s)( answered \d{3}[^:]*): .*`)

const personalReason = "Decided by personal data, which viewers do not see."

// text is a reason or an error without personal data: a sentence about a
// personal code goes whole, since its value may be written in many ways.
func (m mask) text(s string) string {
	if !m.on || s == "" {
		return s
	}
	for _, name := range m.names {
		if strings.Contains(s, name) {
			return personalReason
		}
	}
	s = answers.ReplaceAllString(s, "$1.")
	for _, value := range m.values {
		s = strings.ReplaceAll(s, value, masked)
	}
	return addresses.ReplaceAllString(s, masked)
}

// calls hides what stands in the queries of calls to a store: a customer may be looked up by address.
func (m mask) calls(calls []engine.Call) []engine.Call {
	out := make([]engine.Call, len(calls))
	for i, c := range calls {
		if path, query, found := strings.Cut(c.Path, "?"); m.on && found {
			if plain, err := url.QueryUnescape(query); err != nil || m.text(plain) != plain {
				c.Path = path + "?" + masked
			}
		}
		out[i] = c
	}
	return out
}
