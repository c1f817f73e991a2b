package merge

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"
)

// appendValue writes v as e asks.
func appendValue(b []byte, v any, e escaping) []byte {
	switch e {
	case asNothing:
		return b
	case asJSONValue:
		return appendJSON(b, v)
	case asText, asJSONText:
		if n, ok := v.(json.Number); ok && e == asText {
			return append(b, n...)
		}
	}
	text := Text(v)
	switch e {
	case asHTML:
		return appendHTML(b, text)
	case asStyle:
		return appendStyle(b, text)
	case asJSONText:
		return appendJSONText(b, text)
	case asPercent:
		return appendPercent(b, text)
	case asURL:
		return append(b, cleanURL(validUTF8(text))...)
	case asHeader:
		return appendHeader(b, text)
	default:
		return append(b, validUTF8(text)...)
	}
}

func appendHTML(b []byte, s string) []byte {
	s = validUTF8(s)
	start := 0
	for i := range len(s) {
		var entity string
		switch s[i] {
		case '&':
			entity = "&amp;"
		case '<':
			entity = "&lt;"
		case '>':
			entity = "&gt;"
		case '"':
			entity = "&#34;"
		case '\'':
			entity = "&#39;"
		case 0:
			entity = "\uFFFD"
		default:
			continue
		}
		b = append(append(b, s[start:i]...), entity...)
		start = i + 1
	}
	return append(b, s[start:]...)
}

// appendHTMLURL writes a value inside an attribute that holds a URL. One that
// begins the URL must be http or https: anything else becomes #.
func appendHTMLURL(b []byte, s string, begins bool) []byte {
	if !begins {
		return appendHTML(b, s)
	}
	s = cleanURL(validUTF8(s))
	scheme := strings.ToLower(s[:min(len(s), len("https://"))])
	if s != "" && !strings.HasPrefix(scheme, "http://") && scheme != "https://" {
		s = "#"
	}
	return appendHTML(b, s)
}

// cleanURL is s without control characters and outer blanks, inner blanks encoded.
func cleanURL(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || isControl(r) })
	if strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || isControl(r) }) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case isControl(r):
		case unicode.IsSpace(r):
			b.Write(appendPercent(nil, string(r)))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// appendStyle keeps what a single CSS value needs, so that a value adds no
// declarations and loads nothing.
func appendStyle(b []byte, s string) []byte {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(" #%.,-", r) {
			b = utf8.AppendRune(b, r)
		}
	}
	return b
}

// appendPercent encodes everything but the unreserved characters of RFC 3986.
func appendPercent(b []byte, s string) []byte {
	const digits = "0123456789ABCDEF"
	s = validUTF8(s)
	for i := range len(s) {
		c := s[i]
		if isWord(c) || c == '-' || c == '.' || c == '~' {
			b = append(b, c)
		} else {
			b = append(b, '%', digits[c>>4], digits[c&15])
		}
	}
	return b
}

// appendHeader writes every run of control characters and line breaks as one space.
func appendHeader(b []byte, s string) []byte {
	inRun := false
	for _, r := range s {
		if !isControl(r) {
			b = utf8.AppendRune(b, r)
		} else if !inRun {
			b = append(b, ' ')
		}
		inRun = isControl(r)
	}
	return b
}

// isControl covers C0, DEL and C1 (U+0085 among them) and the two Unicode line ends.
func isControl(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
}
