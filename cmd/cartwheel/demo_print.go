package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"
)

// colour is an ANSI escape sequence.
type colour string

const (
	plain colour = ""
	bold  colour = "\x1b[1m"
	dim   colour = "\x1b[2m"
	red   colour = "\x1b[31m"
	green colour = "\x1b[32m"
	cyan  colour = "\x1b[36m"
	reset        = "\x1b[0m"
)

// span is a piece of a line.
type span struct {
	colour colour
	text   string
}

// printer writes readable lines.
type printer struct {
	out    io.Writer
	colour bool
}

// newPrinter uses colours on a terminal, unless the person has said no (https://no-color.org).
func newPrinter(out io.Writer) printer {
	return printer{out, isTerminal(out) && os.Getenv("NO_COLOR") == ""}
}

// print writes one line. A story that cannot be written is nobody's loss.
func (p printer) print(spans ...span) {
	var b strings.Builder
	for _, s := range spans {
		text := printable(s.text)
		if p.colour && s.colour != plain {
			text = string(s.colour) + text + reset
		}
		b.WriteString(text)
	}
	_, _ = fmt.Fprintln(p.out, strings.TrimRight(b.String(), " "))
}

func (p printer) line(s string) { p.print(span{plain, s}) }

const labelWidth = 11

// label writes a line with a word in front of it.
func (p printer) label(word string, rest ...span) {
	p.print(append([]span{{cyan, fmt.Sprintf("  %-*s", labelWidth, word)}}, rest...)...)
}

// fact is a label with plain text.
func (p printer) fact(word, s string) { p.label(word, span{plain, s}) }

// below writes a line below a label's.
func (p printer) below(rest ...span) { p.label("", rest...) }

// facts writes lines below one label.
func (p printer) facts(word string, lines []string) {
	for _, s := range lines {
		p.fact(word, s)
		word = ""
	}
}

// quote writes a text of several lines.
func (p printer) quote(s string) {
	const most = 60 // lines
	bar := span{dim, "| "}
	lines := strings.Split(strings.TrimSpace(s), "\n")
	for i, line := range lines {
		if i == most {
			p.below(bar, span{dim, fmt.Sprintf("… %d more lines", len(lines)-most)})
			return
		}
		p.below(bar, span{plain, shortened(line, 600)})
	}
}

// printable takes out of s what would do more than print: a shopper's name
// must neither paint the terminal nor turn its lines round.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069: // direction overrides
			return -1
		default:
			return r
		}
	}, s)
}

// oneLine puts a text on one line of at most limit characters.
func oneLine(s string, limit int) string {
	return shortened(strings.Join(strings.Fields(s), " "), limit)
}

func shortened(s string, limit int) string {
	if r := []rune(s); len(r) > limit {
		return string(r[:limit-1]) + "…"
	}
	return s
}
