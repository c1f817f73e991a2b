package merge

import (
	"html"
	"slices"
	"strings"
)

// htmlKind is where in HTML a text stands, after the tokenizer of the HTML standard.
type htmlKind uint8

const (
	htmlText        htmlKind = iota
	htmlOpen                 // behind <
	htmlTag                  // in a tag's name
	htmlBeforeName           // between attributes
	htmlName                 // in an attribute's name
	htmlAfterName            // between name and =
	htmlBeforeValue          // behind =
	htmlValue                // in an attribute's value
	htmlMarkup               // behind <!
	htmlBogus                // in <!DOCTYPE ...> or <? ...>
	htmlComment              // in <!-- ... -->
	htmlRaw                  // in an element whose content is no HTML
)

// htmlState is a position in HTML.
type htmlState struct {
	kind    htmlKind
	quote   byte   // around the value, 0: none
	closing bool   // the tag is an end tag
	tag     string // the tag's or raw element's name, lower case
	attr    string // the attribute's name, lower case
	prefix  string // the value so far, if the attribute holds a URL
	seen    int    // characters of --> or of </tag that have come
}

// same compares what a value's escaping depends on.
func (h htmlState) same(o htmlState) bool {
	if h.kind != o.kind {
		return false
	}
	switch h.kind {
	case htmlText, htmlMarkup, htmlBogus, htmlComment:
		return true
	case htmlOpen, htmlTag, htmlBeforeName, htmlRaw:
		return h.tag == o.tag && h.closing == o.closing
	default:
		return h.tag == o.tag && h.closing == o.closing && h.attr == o.attr && h.quote == o.quote
	}
}

func (h *htmlState) advance(text string) {
	for i := range len(text) {
		h.step(text[i])
	}
}

// step reads one byte; bytes of characters beyond ASCII mean nothing to HTML.
func (h *htmlState) step(c byte) {
	switch h.kind {
	case htmlText:
		if c == '<' {
			*h = htmlState{kind: htmlOpen}
		}
	case htmlOpen:
		h.stepOpen(c)
	case htmlMarkup, htmlBogus, htmlComment:
		h.stepMarkup(c)
	case htmlRaw:
		h.stepRaw(c)
	case htmlBeforeValue, htmlValue:
		h.stepValue(c)
	default:
		h.stepName(c)
	}
}

func (h *htmlState) stepOpen(c byte) {
	switch {
	case isLetter(c):
		h.kind, h.tag = htmlTag, lower(c)
	case c == '/' && !h.closing:
		h.closing = true
	case c == '!' && !h.closing:
		h.kind, h.seen = htmlMarkup, 0
	case c == '?' || h.closing && c != '>':
		h.kind = htmlBogus
	case c != '<':
		h.kind = htmlText // a lone < is text
	}
}

func (h *htmlState) stepMarkup(c byte) {
	switch {
	case h.kind == htmlMarkup && c == '-':
		if h.seen++; h.seen == 2 {
			h.kind = htmlComment // <!--> is a whole comment: its dashes count
		}
	case h.kind == htmlComment && c == '-':
		h.seen = min(h.seen+1, 2)
	case h.kind == htmlComment && c == '!' && h.seen == 2: // --!> ends a comment too
	case c == '>' && (h.kind != htmlComment || h.seen == 2):
		h.kind = htmlText
	case h.kind == htmlMarkup:
		h.kind = htmlBogus
	default:
		h.seen = 0
	}
}

// stepRaw looks for the end tag of a raw element.
func (h *htmlState) stepRaw(c byte) {
	end := "</" + h.tag
	switch {
	case h.seen == len(end) && (isBlank(c) || c == '/' || c == '>'):
		h.closing, h.kind = true, htmlTag
		h.stepName(c)
	case h.seen < len(end) && lower(c) == end[h.seen:h.seen+1]:
		h.seen++
	case c == '<':
		h.seen = 1
	default:
		h.seen = 0
	}
}

// stepName reads tag names, attribute names and what is between.
func (h *htmlState) stepName(c byte) {
	switch {
	case c == '>':
		h.finish()
	case c == '/':
		h.kind = htmlBeforeName
	case isBlank(c):
		switch h.kind {
		case htmlName:
			h.kind = htmlAfterName
		case htmlTag:
			h.kind = htmlBeforeName
		}
	case c == '=' && (h.kind == htmlName || h.kind == htmlAfterName):
		h.kind = htmlBeforeValue
	case h.kind == htmlTag:
		h.tag += lower(c)
	case h.kind == htmlName:
		h.attr += lower(c)
	default:
		h.kind, h.attr, h.quote = htmlName, lower(c), 0
	}
}

func (h *htmlState) stepValue(c byte) {
	switch {
	case h.kind == htmlBeforeValue:
		switch {
		case isBlank(c):
		case c == '>':
			h.finish()
		case c == '"' || c == '\'':
			h.kind, h.quote, h.prefix = htmlValue, c, ""
		default:
			h.kind, h.quote, h.prefix = htmlValue, 0, string([]byte{c})
		}
	case h.quote != 0 && c == h.quote, h.quote == 0 && isBlank(c):
		h.kind = htmlBeforeName
	case h.quote == 0 && c == '>':
		h.finish()
	case len(h.prefix) < 256:
		h.prefix += string([]byte{c})
	}
}

// finish is the > of a tag.
func (h *htmlState) finish() {
	next := htmlState{}
	if !h.closing && (slices.Contains(rawElements, h.tag) || slices.Contains(textElements, h.tag)) {
		next = htmlState{kind: htmlRaw, tag: h.tag}
	}
	*h = next
}

var (
	// rawElements hold something else than HTML, where escaping does not help.
	rawElements = []string{"script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext"}
	// textElements hold text in which tags mean nothing and escapes do.
	textElements = []string{"title", "textarea"}
	// urlAttributes hold a URL: a value that begins one chooses the scheme.
	urlAttributes = []string{
		"href", "src", "action", "formaction", "background", "poster", "data", "cite", "xlink:href",
		"srcset", "longdesc", "ping", "manifest", "codebase", "lowsrc", "dynsrc",
	}
)

func (h *htmlState) escape() escaping {
	switch {
	case h.kind != htmlValue:
		return asHTML
	case slices.Contains(urlAttributes, h.attr):
		return asHTMLURL
	case h.attr == "style":
		return asStyle
	default:
		return asHTML
	}
}

// complaint says why escaping cannot make a value safe here, "" if it can.
func (h *htmlState) complaint() string {
	switch h.kind {
	case htmlText:
		return ""
	case htmlRaw:
		if slices.Contains(textElements, h.tag) {
			return ""
		}
		return "A merge code cannot stand inside <" + h.tag + ">: move it into the text or into a quoted attribute."
	case htmlComment, htmlMarkup, htmlBogus:
		return "A merge code cannot stand inside a comment: move it into the text."
	case htmlBeforeValue:
		return "A merge code cannot stand in an attribute without quotes: put quotes round it, such as " + clip(h.attr) + `="{{ ... }}".`
	case htmlValue:
		return h.valueComplaint()
	case htmlOpen:
		return "A merge code cannot stand right behind <: write &lt; if a less-than sign is meant."
	default:
		return "A merge code cannot stand in the name of a tag or attribute: put it into the text or into a quoted attribute."
	}
}

func (h *htmlState) valueComplaint() string {
	switch {
	case h.quote == 0:
		return "A merge code cannot stand in an attribute without quotes: put quotes round the value of " + clip(h.attr) + "."
	case strings.HasPrefix(h.attr, "on"), h.attr == "srcdoc":
		return "A merge code cannot stand in the attribute " + clip(h.attr) + ", which holds a program: move it into the text."
	case slices.Contains(urlAttributes, h.attr) && runsCode(h.prefix):
		return "A merge code cannot stand in a javascript: or data: address: use an http or https address."
	default:
		return ""
	}
}

// runsCode tells whether a URL that begins so may be run as a program.
func runsCode(prefix string) bool {
	s := strings.ToLower(bareURL(prefix))
	return strings.HasPrefix(s, "javascript:") || strings.HasPrefix(s, "vbscript:") ||
		strings.HasPrefix(s, "data:") && !strings.HasPrefix(s, "data:image/")
}

// bareURL is the attribute value as a browser reads its scheme: entities
// resolved, blanks and control characters dropped.
func bareURL(attribute string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || isControl(r) {
			return -1
		}
		return r
	}, html.UnescapeString(attribute))
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

func lower(c byte) string {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return string([]byte{c})
}
