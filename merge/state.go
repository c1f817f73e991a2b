package merge

// escaping is how a value is written.
type escaping uint8

const (
	asText escaping = iota
	asHTML
	asHTMLURL   // in an attribute that holds a URL
	asStyle     // in a style attribute
	asJSONText  // between the quotes of a JSON string
	asJSONValue // a JSON value of its own
	asPercent   // part of a URL
	asURL       // the beginning of a URL
	asHeader    // one line
	asNothing   // may not stand here
)

// state is what the literal text of a template has opened so far. Values are
// escaped so that they cannot change it, so it is known when the template is parsed.
type state struct {
	place Place
	html  htmlState
	json  jsonState
	begun bool // the URL has begun
}

func newState(place Place) state { return state{place: place} }

// advance reads literal text.
func (s *state) advance(text string) {
	switch s.place {
	case PlaceHTML:
		s.html.advance(text)
	case PlaceJSON:
		s.json.advance(text)
	case PlaceURL:
		s.begun = s.begun || cleanURL(text) != ""
	}
}

// value notes that a value stands here.
func (s *state) value() { s.begun = true }

func (s *state) escape() escaping {
	switch s.place {
	case PlaceHTML:
		return s.html.escape()
	case PlaceJSON:
		if s.json.inText {
			return asJSONText
		}
		return asJSONValue
	case PlaceURL:
		if s.begun {
			return asPercent
		}
		return asURL
	case PlaceHeader:
		return asHeader
	default:
		return asText
	}
}

// complaint says why no value may stand here, "" if one may.
func (s *state) complaint() string {
	switch {
	case s.place == PlaceHTML:
		return s.html.complaint()
	case s.place == PlaceJSON && s.json.escape > 0:
		return `A merge code cannot stand in the middle of an escape sequence such as \n or \u00e4.`
	default:
		return ""
	}
}

// differs says what is wrong if the parts of a block end in s and in o.
func (s *state) differs(o state, kind string) string {
	parts := "Both arms of this {{#if}}"
	if kind == tagEach {
		parts = "The text before and the text inside this {{#each}}"
	}
	switch {
	case s.place == PlaceJSON && s.json != o.json:
		return parts + " must end alike, inside or outside of a text in double quotes: open and close the quotes in the same arm or outside the block."
	case s.place == PlaceHTML && !s.html.same(o.html):
		return parts + " must end at the same point of a tag: open and close tags, attributes and quotes in the same arm or outside the block."
	default:
		return ""
	}
}

// join is the state behind a block whose parts end in s and o.
func (s state) join(o state) state {
	s.begun = s.begun && o.begun
	return s
}

// jsonState tells whether a text is open, and an escape sequence in it.
type jsonState struct {
	inText bool
	escape uint8 // bytes of an escape sequence that are still to come
}

func (j *jsonState) advance(text string) {
	for i := range len(text) {
		c := text[i]
		switch {
		case !j.inText:
			j.inText = c == '"'
		case j.escape == 1 && c == 'u':
			j.escape = 5 // u itself is not counted: four digits and the end
			fallthrough
		case j.escape > 0:
			j.escape--
		case c == '\\':
			j.escape = 1
		case c == '"':
			j.inText = false
		}
	}
}

// checkJSON reads a JSON template without blocks as JSON, with stand-ins for
// the values. With blocks only the action can tell, from what was rendered.
func (p *parser) checkJSON() {
	if p.t.place != PlaceJSON || p.blocks || p.broken || len(p.problems) > 0 {
		return
	}
	var text []byte
	starts := make([]int, len(p.pieces)) // where each piece begins in text
	inside := jsonState{}
	for i, piece := range p.pieces {
		starts[i] = len(text)
		if !piece.value {
			inside.advance(piece.text)
			text = append(text, piece.text...)
		} else if !inside.inText {
			text = append(text, '0')
		}
	}
	if cleanURL(string(text)) == "" {
		return // an empty body is no mistake here
	}
	_, bad := decode(validUTF8(string(text)))
	if bad == nil {
		return
	}
	at := len(p.src)
	for i, piece := range p.pieces {
		if starts[i] > bad.at || bad.at == len(text) {
			break
		}
		if at = piece.at; !piece.value {
			at += min(bad.at-starts[i], len(piece.text))
		}
	}
	p.report(&mishap{at: at, message: "This is not valid JSON: " + bad.message})
}
