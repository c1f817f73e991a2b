package merge

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// MaxDepth is how deep lists and objects may lie within one another.
const MaxDepth = 64

// Decode reads one JSON value exactly: numbers keep their text (json.Number),
// objects their order ([Object]). Of two members with one name the last counts.
// Bytes that are no UTF-8, lone surrogates and \u0000 become U+FFFD.
// Bad JSON, something behind the value and more than MaxDepth levels are errors:
// a [Problem] with line and column.
func Decode(raw []byte) (any, error) { return DecodeText(string(raw)) }

// DecodeText is Decode for a text. The texts among the values are parts of it, not copies.
func DecodeText(text string) (any, error) {
	if !utf8.ValidString(text) {
		text = validUTF8(text)
	}
	v, bad := decode(text)
	return v, bad.in(text)
}

// in is the error of a text; nil for none.
func (m *mishap) in(text string) error {
	if m == nil {
		return nil
	}
	l := locator{src: text}
	p := m.problem(&l)
	p.Message = "This is not valid JSON: " + p.Message
	return p
}

// DecodeObject is Decode for what must be an object. The error is a [Problem].
func DecodeObject(raw []byte) (Object, error) {
	v, err := Decode(raw)
	if err != nil {
		return Object{}, err
	}
	o, ok := v.(Object)
	if !ok {
		return Object{}, Problem{Message: "A JSON object in braces is needed here, not " + kindOf(v) + ".", Line: 1, Column: 1}
	}
	return o, nil
}

// UnmarshalJSON reads a JSON object as Decode does.
func (o *Object) UnmarshalJSON(raw []byte) error {
	decoded, err := DecodeObject(raw)
	if err == nil {
		*o = decoded
	}
	return err
}

// validUTF8 puts U+FFFD for every byte that is no part of a character.
func validUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.Map(func(r rune) rune { return r }, s)
}

const small = 512 // bytes of a text that few members fit into

// decode reads text with room for its members on this goroutine's stack: few documents need more.
func decode(text string) (any, *mishap) {
	if len(text) > small {
		return decodeLarge(text)
	}
	return decodeSmall(text)
}

func decodeSmall(text string) (any, *mishap) {
	var keys [16]string
	var values [16]any
	d := decoder{s: text}
	v, _, bad := d.document(open{keys[:0], values[:0]})
	return v, bad
}

// decodeLarge and decodeSmall are functions of their own, so that nobody's stack grows for the room of the other.
func decodeLarge(text string) (any, *mishap) {
	var keys [96]string
	var values [96]any
	d := decoder{s: text}
	v, _, bad := d.document(open{keys[:0], values[:0]})
	return v, bad
}

// decoder reads s from i on.
type decoder struct {
	s string
	i int
}

// document reads the one value of s, with the room of o, which it hands back.
func (d *decoder) document(o open) (any, open, *mishap) {
	var v any
	var bad *mishap
	if c := d.next(); c == '{' || c == '[' {
		v, o, bad = d.nested(c, o, 1)
	} else {
		v, bad = d.plain(c)
	}
	if bad != nil {
		return nil, o, bad
	}
	if d.blanks(); d.i < len(d.s) {
		return nil, o, d.fail("nothing may follow the value, but there is " + d.found() + ".")
	}
	return v, o, nil
}

func (d *decoder) blanks() {
	for d.i < len(d.s) && (d.s[d.i] == ' ' || d.s[d.i] == '\n' || d.s[d.i] == '\t' || d.s[d.i] == '\r') {
		d.i++
	}
}

// next skips blanks and tells the byte that follows, 0 at the end.
func (d *decoder) next() byte {
	d.blanks()
	if d.i < len(d.s) {
		return d.s[d.i]
	}
	return 0
}

func (d *decoder) fail(message string) *mishap { return &mishap{at: d.i, message: message} }

// found names what stands at the current place.
func (d *decoder) found() string {
	if d.i >= len(d.s) {
		return "the end of the text"
	}
	r, _ := utf8.DecodeRuneInString(d.s[d.i:])
	return fmt.Sprintf("%q", string(r))
}

// nested reads the object or list that begins here with c, at this depth. It alone
// calls itself, and hands o on and back: across two functions that call each
// other, or kept in d, the compiler would move o's room to the heap.
func (d *decoder) nested(c byte, o open, depth int) (any, open, *mishap) {
	if depth > MaxDepth {
		return nil, o, d.fail(fmt.Sprintf("it is nested deeper than %d levels.", MaxDepth))
	}
	if d.i++; d.next() == c+toEnd {
		d.i++
		return nothingIn(c), o, nil
	}
	keys, values := len(o.keys), len(o.values)
	var seen names
	for {
		key, bad := d.nameIn(c)
		if bad != nil {
			return nil, o, bad
		}
		var v any
		if begin := d.next(); begin == '{' || begin == '[' {
			v, o, bad = d.nested(begin, o, depth+1)
		} else {
			v, bad = d.plain(begin)
		}
		if bad != nil {
			return nil, o, bad
		}
		if c == '[' {
			o.values = append(o.values, v)
		} else {
			o = o.with(key, v, keys, seen.add(key))
		}
		switch d.next() {
		case ',':
			d.i++
		case c + toEnd:
			d.i++
			return o.closed(c, keys, values), open{o.keys[:keys], o.values[:values]}, nil
		default:
			return nil, o, d.fail("a comma or " + string(c+toEnd) + " should follow, but there is " + d.found() + ".")
		}
	}
}

// toEnd is how far } is from { and ] from [.
const toEnd = '}' - '{'

// plain reads a value that begins with c and is no object and no list.
func (d *decoder) plain(c byte) (any, *mishap) {
	switch {
	case c == '"':
		text, bad := d.text()
		return boxed(text), bad
	case c == '-' || '0' <= c && c <= '9':
		return d.number()
	default:
		return d.word()
	}
}

// boxed is text as a value. Of stores' texts every sixth is one of these, and a constant needs no memory of its own.
func boxed(text string) any {
	switch text {
	case "0":
		return "0"
	case "1":
		return "1"
	case "0.00":
		return "0.00"
	case "0.0000":
		return "0.0000"
	default:
		return text
	}
}

// boxedNumber is boxed for a number: flags, counts and the first ids.
func boxedNumber(text string) any {
	switch text {
	case "0":
		return json.Number("0")
	case "1":
		return json.Number("1")
	case "2":
		return json.Number("2")
	default:
		return json.Number(text)
	}
}

func (d *decoder) word() (any, *mishap) {
	rest := d.s[d.i:]
	for _, w := range [...]struct {
		text  string
		value any
	}{{"null", nil}, {"true", true}, {"false", false}} {
		if strings.HasPrefix(rest, w.text) {
			d.i += len(w.text)
			return w.value, nil
		}
	}
	return nil, d.fail("a value should stand here, but there is " + d.found() + ".")
}

// nameIn reads a member's name and the colon behind it; nothing in a list.
func (d *decoder) nameIn(c byte) (string, *mishap) {
	if c == '[' {
		return "", nil
	}
	if d.next() != '"' {
		return "", d.fail("a member's name in double quotes should stand here, but there is " + d.found() + ".")
	}
	key, bad := d.text()
	if bad != nil {
		return "", bad
	}
	if d.next() != ':' {
		return "", d.fail("a colon should follow the member's name, but there is " + d.found() + ".")
	}
	d.i++
	return key, nil
}

func (d *decoder) number() (any, *mishap) {
	n := numberLength(d.s[d.i:])
	if n == 0 {
		return nil, d.fail("this number is not written as JSON asks: digits without leading zeros, then maybe .digits and e+digits.")
	}
	v := boxedNumber(d.s[d.i : d.i+n])
	d.i += n
	return v, nil
}

// numberLength tells how much of the start of s is one JSON number, 0: none.
func numberLength(s string) int {
	i := 0
	digits := func() bool {
		start := i
		for i < len(s) && '0' <= s[i] && s[i] <= '9' {
			i++
		}
		return i > start
	}
	if i < len(s) && s[i] == '-' {
		i++
	}
	start := i
	if !digits() || s[start] == '0' && i > start+1 {
		return 0
	}
	if i < len(s) && s[i] == '.' {
		if i++; !digits() {
			return 0
		}
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		if i++; i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		if !digits() {
			return 0
		}
	}
	return i
}

// text reads the string that begins at the current quote.
func (d *decoder) text() (string, *mishap) {
	start := d.i + 1
	for i := start; i < len(d.s); i++ {
		switch c := d.s[i]; {
		case c == '"':
			d.i = i + 1
			return d.s[start:i], nil
		case c == '\\':
			return d.escaped(start, i)
		case c < ' ':
			d.i = i
			return "", d.fail(`a line break or control character in a text must be written as \n or \u00XX.`)
		}
	}
	return "", d.fail("this text is not closed with a double quote.")
}

// escaped goes on with a string whose first backslash is at i.
func (d *decoder) escaped(start, i int) (string, *mishap) {
	b := make([]byte, 0, i-start+32)
	b = append(b, d.s[start:i]...)
	for i < len(d.s) {
		c := d.s[i]
		switch {
		case c == '"':
			d.i = i + 1
			return string(b), nil
		case c < ' ':
			d.i = i
			return "", d.fail(`a line break or control character in a text must be written as \n or \u00XX.`)
		case c != '\\':
			b = append(b, c)
			i++
		default:
			r, n := escape(d.s[i:])
			if n == 0 {
				d.i = i
				return "", d.fail(`after \ comes one of " \ / b f n r t or u with four hexadecimal digits.`)
			}
			b = utf8.AppendRune(b, r)
			i += n
		}
	}
	d.i = start - 1
	return "", d.fail("this text is not closed with a double quote.")
}

// escape reads the escape sequence at the start of s; n is 0 if it is none.
func escape(s string) (r rune, n int) {
	if len(s) < 2 {
		return 0, 0
	}
	if s[1] != 'u' {
		if i := strings.IndexByte(`"\/bfnrt`, s[1]); i >= 0 {
			return rune("\"\\/\b\f\n\r\t"[i]), 2
		}
		return 0, 0
	}
	r = hexRune(s)
	if r < 0 {
		return 0, 0
	}
	if utf16.IsSurrogate(r) {
		if low := hexRune(s[6:]); low >= 0 {
			if both := utf16.DecodeRune(r, low); both != utf8.RuneError {
				return both, 12
			}
		}
		return utf8.RuneError, 6
	}
	if r == 0 {
		r = utf8.RuneError
	}
	return r, 6
}

// hexRune reads \uXXXX, -1 if s does not start so.
func hexRune(s string) rune {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return -1
	}
	var r rune
	for _, c := range []byte(s[2:6]) {
		switch {
		case '0' <= c && c <= '9':
			r = r<<4 | rune(c-'0')
		case 'a' <= c && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case 'A' <= c && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return -1
		}
	}
	return r
}
