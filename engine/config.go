package engine

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strconv"

	"cartwheel/engine/cond"
	"cartwheel/merge"
)

// maxFieldText is the longest text of a config field after rendering.
const maxFieldText = 1 << 20

// config is a step's config, checked against its Spec, with its templates parsed once.
type config struct {
	fields []compiledField
}

// compiledField is one member of a config: a literal, a template, or a map of templates.
type compiledField struct {
	Field
	fixed   any   // the value of a literal
	broken  error // why it has none
	text    *merge.Template
	entries []compiledEntry
}

type compiledEntry struct {
	key     string
	literal string
	value   *merge.Template // nil: the literal has problems
}

// compileConfig checks raw against fields. Locations of problems are relative to the config.
func compileConfig(raw json.RawMessage, fields []Field, s *merge.Scope) (*config, []merge.Problem) {
	members, problems := configMembers(raw)
	if problems != nil {
		return nil, problems
	}
	c := &config{}
	for _, f := range fields {
		value, given := members[f.Name]
		delete(members, f.Name)
		if f.Secret {
			if given {
				problems = append(problems, merge.Problem{Location: f.Name, Message: f.Label + " is a secret: it stands in secrets, never in config."})
			}
			continue
		}
		if !given || isNull(value) {
			if f.Required {
				problems = append(problems, merge.Problem{Location: f.Name, Message: f.Label + " is missing."})
			}
			continue
		}
		compiled, ps := compileField(f.resolved(raw), value, s)
		problems = append(problems, ps...)
		c.fields = append(c.fields, compiled)
	}
	return c, append(problems, unknownMembers(members, fields)...)
}

// configMembers splits a config; nil and null are an empty one.
func configMembers(raw json.RawMessage) (map[string]json.RawMessage, []merge.Problem) {
	members := map[string]json.RawMessage{}
	if len(raw) == 0 || isNull(raw) {
		return members, nil
	}
	if err := json.Unmarshal(raw, &members); err != nil {
		return nil, []merge.Problem{{Message: "The config must be a JSON object."}}
	}
	return members, nil
}

func unknownMembers(members map[string]json.RawMessage, fields []Field) []merge.Problem {
	var problems []merge.Problem
	for name := range members {
		problems = append(problems, merge.Problem{Location: name, Suggestion: nearestField(name, fields),
			Message: fmt.Sprintf("There is no field %q here.", name)})
	}
	sort.Slice(problems, func(i, j int) bool { return problems[i].Location < problems[j].Location })
	return problems
}

// nearestField is the field that shares most of its letters with name, if that is most of them.
func nearestField(name string, fields []Field) string {
	best, score := "", 0
	for _, f := range fields {
		common := 0
		for common < min(len(name), len(f.Name)) && name[common] == f.Name[common] {
			common++
		}
		if common > score && 2*common >= len(f.Name) {
			best, score = f.Name, common
		}
	}
	return best
}

// resolved gives a field whose type another field chooses its type.
func (f Field) resolved(raw json.RawMessage) Field {
	if f.TypeFrom == "" {
		return f
	}
	members, _ := configMembers(raw)
	var chosen string
	_ = json.Unmarshal(members[f.TypeFrom], &chosen) // a wrong type is that field's own problem
	if t := FieldType(chosen); t == JSONField || t == HTMLField || t == URLField {
		f.Type = t
	}
	return f
}

func compileField(f Field, raw json.RawMessage, s *merge.Scope) (compiledField, []merge.Problem) {
	c := compiledField{Field: f}
	c.fixed, c.broken = merge.Decode(bytes.TrimSpace(raw))
	switch f.Type {
	case MapField:
		return compileMap(c, raw, s)
	case TextField, HTMLField, JSONField, URLField, HeaderField:
		var text string
		if json.Unmarshal(raw, &text) != nil {
			return c, f.problem("must be a text")
		}
		if f.Required && text == "" {
			return c, f.problem("is empty")
		}
		if !f.Merge {
			return c, nil
		}
		var problems []merge.Problem
		c.text, problems = merge.Parse(text, f.Type.Place(), s, cond.Language{})
		return c, merge.At(f.Name, problems)
	default:
		return c, checkLiteral(f, raw)
	}
}

func compileMap(c compiledField, raw json.RawMessage, s *merge.Scope) (compiledField, []merge.Problem) {
	object, err := merge.DecodeObject(raw)
	if err != nil {
		return c, c.problem("must be an object of names and texts")
	}
	var problems []merge.Problem
	for _, key := range object.Keys() {
		value, _ := object.Get(key)
		text, ok := value.(string)
		if !ok {
			problems = append(problems, merge.Problem{Location: c.Name + "." + key, Message: "The value must be a text."})
			continue
		}
		tpl, ps := merge.Parse(text, c.Of.Place(), s, cond.Language{})
		problems = append(problems, merge.At(c.Name+"."+key, ps)...)
		c.entries = append(c.entries, compiledEntry{key: key, literal: text, value: tpl})
	}
	return c, problems
}

// checkLiteral checks the types that hold no templates.
func checkLiteral(f Field, raw json.RawMessage) []merge.Problem {
	var text string
	isText := json.Unmarshal(raw, &text) == nil
	switch f.Type {
	case IntegerField:
		var n int64
		if json.Unmarshal(raw, &n) != nil {
			return f.problem("must be a whole number")
		}
	case BooleanField:
		var b bool
		if json.Unmarshal(raw, &b) != nil {
			return f.problem("must be true or false")
		}
	case SelectField:
		if !isText || !slices.Contains(f.Options, text) {
			return f.problem("must be one of " + joinOr(f.Options))
		}
	case DurationField:
		if !isText {
			return f.problem("must be a duration such as 15m")
		}
		if _, err := ParseDuration(text); err != nil {
			return []merge.Problem{{Location: f.Name, Message: MessageOf(err)}}
		}
	case ListField:
		var list []string
		if json.Unmarshal(raw, &list) != nil {
			return f.problem("must be a list of texts")
		}
		if f.Required && len(list) == 0 {
			return f.problem("is empty")
		}
	case AuthenticationField:
		if !isText || f.Required && text == "" {
			return f.problem("must be the id of an authentication")
		}
	}
	return nil
}

func (f Field) problem(what string) []merge.Problem {
	return []merge.Problem{{Location: f.Name, Message: f.Label + " " + what + "."}}
}

// codes are the merge codes that rendering needs.
func (c *config) codes() []merge.Code {
	var codes []merge.Code
	c.templates(func(_ string, t *merge.Template) { codes = append(codes, t.Codes()...) })
	return codes
}

// templates calls f with every template and its location.
func (c *config) templates(f func(location string, t *merge.Template)) {
	for _, field := range c.fields {
		if field.text != nil {
			f(field.Name, field.text)
		}
		for _, entry := range field.entries {
			if entry.value != nil {
				f(field.Name+"."+entry.key, entry.value)
			}
		}
	}
}

// render fills the templates in. The result is the config that the action is
// given. Errors: Rejected for what can never work, merge.ErrLimit, merge.ErrSlow.
func (c *config) render(env merge.Env) (json.RawMessage, error) {
	var out merge.Object
	for _, f := range c.fields {
		value, err := f.render(env)
		if err != nil {
			return nil, err
		}
		out.Set(f.Name, value)
	}
	return out.MarshalJSON()
}

func (f compiledField) render(env merge.Env) (any, error) {
	switch {
	case f.text != nil:
		text, err := f.text.Render(env)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		if text == "" && f.Required {
			return nil, Errorf(Rejected, "%s is empty%s. Give the merge code a fallback, or a condition that asks for it.", f.Label, emptyCodes(f.text, env))
		}
		return text, f.checkLength(text)
	case f.entries != nil:
		var entries merge.Object
		for _, entry := range f.entries {
			if entry.value == nil { // a test shows a draft with problems, too
				entries.Set(entry.key, entry.literal)
				continue
			}
			text, err := entry.value.Render(env)
			if err != nil {
				return nil, fmt.Errorf("%s.%s: %w", f.Name, entry.key, err)
			}
			entries.Set(entry.key, text)
		}
		return entries, nil
	default:
		return f.fixed, f.broken
	}
}

func (f compiledField) checkLength(text string) error {
	most := f.Max
	if most == 0 {
		most = maxFieldText
	}
	if len(text) > most {
		return Errorf(Rejected, "%s has %d bytes; at most %d are possible.", f.Label, len(text), most)
	}
	return nil
}

// emptyCodes names the merge codes of t that had no value.
func emptyCodes(t *merge.Template, env merge.Env) string {
	var names []string
	for _, use := range t.Uses() {
		if v, ok := env.Root.Lookup(use.Code); !ok || merge.IsEmpty(v) {
			names = append(names, string(use.Code))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return ": " + joinAnd(slices.Compact(names)) + " had no value"
}

func isNull(raw json.RawMessage) bool { return string(bytes.TrimSpace(raw)) == "null" }

func joinOr(words []string) string  { return join(words, "or") }
func joinAnd(words []string) string { return join(words, "and") }

func join(words []string, last string) string {
	var b bytes.Buffer
	for i, w := range words {
		switch {
		case i > 0 && i == len(words)-1:
			b.WriteString(" " + last + " ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(w)
	}
	return b.String()
}

// index is "[3]", for locations.
func index(i int) string { return "[" + strconv.Itoa(i) + "]" }
