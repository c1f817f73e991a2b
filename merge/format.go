package merge

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
)

// format is one :: name argument ...
type format struct {
	name string
	n    int            // characters, decimals
	text string         // a date's layout, the default's text
	zone *time.Location // a date's own zone, nil: the store's
}

// formatShape says what stands behind a format's name.
type formatShape struct {
	name    string
	number  bool // one whole number from least to most
	least   int
	most    int
	texts   int // how many texts at most; the first is needed
	example string
}

var formatShapes = []formatShape{
	{name: "upper", example: "upper"},
	{name: "lower", example: "lower"},
	{name: "title", example: "title"},
	{name: "trim", example: "trim"},
	{name: "truncate", number: true, least: 1, most: 100_000, example: "truncate 40"},
	{name: "number", number: true, least: 0, most: 20, example: "number 2"},
	{name: "money", example: "money"},
	{name: "date", texts: 2, example: `date "2 Jan 2006" "Europe/Berlin"`},
	{name: "json", example: "json"},
	{name: "url", example: "url"},
	{name: "default", texts: 1, example: `default "none"`},
}

func formatNames() []string {
	names := make([]string, len(formatShapes))
	for i, s := range formatShapes {
		names[i] = s.name
	}
	return names
}

// newFormat checks a format's name and arguments. at is where the name stands.
func newFormat(name string, at int, args []argument) (format, *mishap) {
	i := slices.IndexFunc(formatShapes, func(s formatShape) bool { return s.name == name })
	if i < 0 {
		return format{}, &mishap{
			at:         at,
			message:    fmt.Sprintf("There is no format %s: formats are %s.", clip(name), strings.Join(formatNames(), ", ")),
			suggestion: nearestName(name, formatNames()),
		}
	}
	shape := formatShapes[i]
	f := format{name: name}
	switch {
	case shape.number:
		return f.withNumber(shape, at, args)
	case shape.texts == 0 && len(args) > 0:
		return f, &mishap{at: args[0].at, message: fmt.Sprintf("The format %s stands alone: remove what follows it.", name)}
	case shape.texts > 0 && len(args) == 0:
		return f, &mishap{at: at, message: fmt.Sprintf("The format %s needs a text behind it, for example :: %s.", name, shape.example)}
	case len(args) > shape.texts:
		return f, &mishap{at: args[shape.texts].at, message: fmt.Sprintf("This is too much for the format %s: write it as in :: %s.", name, shape.example)}
	case len(args) > 0:
		f.text = args[0].text
	}
	if name == "date" {
		return f.withDate(args)
	}
	return f, nil
}

func (f format) withNumber(shape formatShape, at int, args []argument) (format, *mishap) {
	if len(args) > 0 {
		at = args[0].at
	}
	n, err := 0, error(nil)
	if len(args) == 1 && args[0].number {
		n, err = strconv.Atoi(args[0].text)
	}
	if len(args) != 1 || !args[0].number || err != nil || n < shape.least || n > shape.most {
		return f, &mishap{at: at, message: fmt.Sprintf(
			"The format %s needs one whole number from %d to %d behind it, for example :: %s.", f.name, shape.least, shape.most, shape.example)}
	}
	f.n = n
	return f, nil
}

// format applies f to v, which came from o. What f cannot read stays as it is, as a text.
func (r *renderer) format(f *format, v any, o *operand) any {
	switch f.name {
	case "default":
		if IsEmpty(v) {
			return f.text
		}
		return Text(v)
	case "json":
		if v == nil && r.t.place == PlaceJSON {
			return nil
		}
		return JSON(v)
	}
	if v == nil {
		return nil // still missing
	}
	switch f.name {
	case "number":
		if n, ok := AsDecimal(v, true); ok {
			return json.Number(fixed(n, f.n))
		}
	case "money":
		if n, ok := AsDecimal(v, true); ok {
			return money(n, r.currency(o))
		}
	case "date":
		return r.date(f, v)
	}
	return formatText(f, Text(v))
}

func formatText(f *format, s string) string {
	switch f.name { // a Caser has state: one per use
	case "upper":
		return cases.Upper(language.Und).String(s)
	case "lower":
		return cases.Lower(language.Und).String(s)
	case "title":
		return cases.Title(language.Und).String(s)
	case "trim":
		return strings.TrimSpace(s)
	case "truncate":
		return truncate(s, f.n)
	case "url":
		return string(appendPercent(nil, s))
	default:
		return s
	}
}

// truncate cuts s to its first n characters and adds nothing.
func truncate(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

// fixed writes n with a number of decimals, half away from zero, and no minus before zero.
func fixed(n *big.Rat, decimals int) string {
	s := n.FloatString(decimals)
	if strings.HasPrefix(s, "-") && strings.Trim(s, "-0.") == "" {
		return s[1:]
	}
	return s
}
