package outbound

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// TextOf makes the plain text of an HTML mail: paragraphs and lists as lines, links as "text (url)", nothing of
// scripts and styles.
func TextOf(source string) string {
	t := texter{}
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken: // the end: a tokenizer forgives everything else
			return strings.TrimSpace(t.b.String())
		case html.TextToken:
			t.text(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			t.start(z.Token())
		case html.EndTagToken:
			t.end(z.Token().DataAtom)
		}
	}
}

type texter struct {
	b       strings.Builder
	hidden  int    // depth in script, style and the like
	breaks  int    // line breaks owed before the next text
	space   bool   // a blank owed
	link    string // target of the open link
	linkAt  int    // where its text begins
	started bool
}

// text writes words, with their blanks made single.
func (t *texter) text(s string) {
	if t.hidden > 0 {
		return
	}
	const blanks = " \t\r\n\f"
	for i, word := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(blanks, r) }) {
		if i > 0 || strings.ContainsRune(blanks, rune(s[0])) {
			t.space = true
		}
		t.word(word)
	}
	if s != "" && strings.ContainsRune(blanks, rune(s[len(s)-1])) {
		t.space = true
	}
}

func (t *texter) word(w string) {
	switch {
	case !t.started:
	case t.breaks > 0:
		t.b.WriteString(strings.Repeat("\n", t.breaks))
	case t.space:
		t.b.WriteByte(' ')
	}
	t.started, t.breaks, t.space = true, 0, false
	t.b.WriteString(w)
}

func (t *texter) start(tag html.Token) {
	switch tag.DataAtom {
	case atom.Script, atom.Style, atom.Head, atom.Title, atom.Template, atom.Noscript:
		if tag.Type == html.StartTagToken {
			t.hidden++
		}
	case atom.Body: // a head that nobody closed ends here
		t.hidden = 0
	case atom.Br:
		t.breaks = min(t.breaks+1, 2)
	case atom.Li:
		t.newline(1)
		t.word("-")
		t.space = true
	case atom.Img:
		if alt := attribute(tag, "alt"); alt != "" {
			t.text(" " + alt + " ")
		}
	case atom.A:
		t.link, t.linkAt = attribute(tag, "href"), t.b.Len()
	default:
		t.newline(linesAround(tag.DataAtom))
	}
}

func (t *texter) end(a atom.Atom) {
	switch a {
	case atom.Script, atom.Style, atom.Head, atom.Title, atom.Template, atom.Noscript:
		t.hidden = max(t.hidden-1, 0)
	case atom.A:
		written := strings.TrimSpace(t.b.String()[t.linkAt:])
		if t.link != "" && t.link != written && strings.TrimPrefix(t.link, "mailto:") != written {
			t.space = true
			t.word("(" + t.link + ")")
		}
		t.link = ""
	case atom.Td, atom.Th:
		t.space = true
	default:
		t.newline(linesAround(a))
	}
}

func (t *texter) newline(n int) { t.breaks = max(t.breaks, n) }

// linesAround is how many line breaks stand before and after an element.
func linesAround(a atom.Atom) int {
	switch a {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Blockquote, atom.Table, atom.Pre, atom.Hr:
		return 2
	case atom.Div, atom.Tr, atom.Ul, atom.Ol, atom.Li, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Address, atom.Center:
		return 1
	default:
		return 0
	}
}

func attribute(tag html.Token, name string) string {
	for _, a := range tag.Attr {
		if a.Key == name {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}
