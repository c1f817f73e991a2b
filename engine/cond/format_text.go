package cond

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cartwheel/merge"
)

// path writes a code as the text needs it.
func (w *ruleWriter) path(code, location string, inList bool) (text string, ok bool) {
	at := member(location, "code")
	rest, inItem := strings.CutPrefix(code, ".")
	switch {
	case code == "":
		w.problem(at, "Choose a merge code.")
		return "", false
	case inItem && !inList:
		w.problem(at, "A code that begins with a dot is a member of an item: it stands inside a list only.")
		return "", false
	case inItem && rest == "":
		return "#", true
	}
	parsed, err := merge.ParsePath(rest)
	if err != nil {
		message := "This is no merge code; write it with dots: BigCommerce.Order.id."
		if p, isProblem := errors.AsType[merge.Problem](err); isProblem {
			message = p.Message
		}
		w.problem(at, message)
		return "", false
	}
	path := parsed.Path()
	switch {
	case path[0] == '[' && !inItem:
		w.problem(at, "A merge code begins with a name, as in BigCommerce.Order.id.")
		return "", false
	case inItem && path[0] == '[':
		return "#" + path, true
	case inItem:
		return "." + path, true
	}
	return path, true
}

// literalText writes a value so that the expression language reads the same one, or says what is wrong with it.
func literalText(v any) (text, problem string) {
	switch x := v.(type) {
	case nil:
		return "", "A value is missing."
	case string:
		return quoteText(x), ""
	case bool:
		return strconv.FormatBool(x), ""
	case json.Number:
		if _, ok := parseDecimal(string(x)); !ok || x[0] == '+' {
			return "", "This number cannot be read; put a long one in quotes."
		}
		return string(x), ""
	}
	return "", "A value is a text, a number, true or false."
}

func listText(v any) (text, problem string) {
	values, ok := v.([]any)
	if !ok {
		return "", "A list of values is missing."
	}
	texts := make([]string, len(values))
	for i, part := range values {
		if texts[i], problem = literalText(part); problem != "" {
			return "", problem
		}
	}
	return "[" + strings.Join(texts, ", ") + "]", ""
}

// quoteText writes a text in double quotes.
func quoteText(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// Operators lists the operators of rules, sorted.
func Operators() []string {
	names := []string{opBetween, opIn, opBefore, opAfter, opWithin, opIsTrue, opIsFalse, opMissing, opPresent, opEmpty, opNotEmpty}
	for name := range comparisons {
		names = append(names, name)
	}
	for name := range affirmations {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
