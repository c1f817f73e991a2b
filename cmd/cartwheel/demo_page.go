package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"cartwheel/merge"
)

// colour is an ANSI escape sequence.
type colour string

const (
	bold  colour = "\x1b[1m"
	dim   colour = "\x1b[2m"
	red   colour = "\x1b[31m"
	green colour = "\x1b[32m"
	cyan  colour = "\x1b[36m"
	plain colour = "\x1b[0m"
)

// page writes readable lines. What comes from outside loses its control
// characters: a shopper's name must not paint the terminal.
type page struct {
	out    io.Writer
	colour bool
}

// wantsColour: on a terminal, unless the person has said no (https://no-color.org).
func wantsColour(out io.Writer) bool { return isTerminal(out) && os.Getenv("NO_COLOR") == "" }

func (p page) paint(c colour, s string) string {
	if !p.colour {
		return s
	}
	return string(c) + printable(s) + string(plain)
}

// line writes one line. A story that cannot be written is nobody's loss.
func (p page) line(s string) { _, _ = fmt.Fprintln(p.out, printable(s)) }

const labelWidth = 11

// label writes a line with a word in front of it.
func (p page) label(word, s string) {
	p.line(p.paint(cyan, fmt.Sprintf("  %-*s", labelWidth, word)) + s)
}

// more writes a line below a label.
func (p page) more(s string) { p.line(strings.Repeat(" ", labelWidth+2) + s) }

// quote writes a text of several lines.
func (p page) quote(s string) {
	const most = 60 // lines
	lines := strings.Split(strings.TrimSpace(s), "\n")
	for i, line := range lines {
		if i == most {
			p.more(p.paint(dim, fmt.Sprintf("| … %d more lines", len(lines)-most)))
			return
		}
		p.more(p.paint(dim, "| ") + oneTail(line))
	}
}

// oneTail shortens a long line.
func oneTail(s string) string {
	const most = 500
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// printable takes control characters out of s, but for our own colours.
func printable(s string) string {
	var b strings.Builder
	for s != "" {
		if c := leadingColour(s); c != "" {
			b.WriteString(string(c))
			s = s[len(c):]
			continue
		}
		r := []rune(s[:min(len(s), 4)])[0]
		n := len(string(r))
		if r == unicode.ReplacementChar && !strings.HasPrefix(s, string(r)) {
			n = 1 // a byte that is no UTF-8
		}
		if unicode.IsControl(r) {
			r = ' '
		}
		b.WriteRune(r)
		s = s[n:]
	}
	return b.String()
}

func leadingColour(s string) colour {
	for _, c := range []colour{bold, dim, red, green, cyan, plain} {
		if strings.HasPrefix(s, string(c)) {
			return c
		}
	}
	return ""
}

// oneLine puts a text on one line of at most limit characters.
func oneLine(s string, limit int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > limit {
		return string(r[:limit-1]) + "…"
	}
	return s
}

// tellingCodes are the merge codes that the story shows, the first six that were fetched.
func tellingCodes() []merge.Code {
	return []merge.Code{
		merge.MakeCode("BigCommerce", "Shipment", "tracking_number"),
		merge.MakeCode("BigCommerce", "Order", "id"),
		merge.MakeCode("BigCommerce", "Order", "total_inc_tax"),
		merge.MakeCode("BigCommerce", "Order", "currency_code"),
		merge.MakeCode("BigCommerce", "Order", "billing_address", "first_name"),
		merge.MakeCode("BigCommerce", "Order", "billing_address", "city"),
		merge.MakeCode("BigCommerce", "Customer", "first_name"),
		merge.MakeCode("BigCommerce", "Cart", "email"),
		merge.MakeCode("BigCommerce", "Cart", "cart_amount"),
		merge.MakeCode("BigCommerce", "Cart", "currency", "code"),
		merge.MakeCode("BigCommerce", "Cart", "customer_id"),
	}
}

func shownValue(v any) string {
	if s, ok := v.(string); ok {
		return `"` + oneLine(s, 80) + `"`
	}
	return oneLine(merge.JSON(v), 80)
}
