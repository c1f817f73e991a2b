package merge

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// JSON writes v compactly: members in wire order, numbers with the text they
// came with, without HTML escapes. v is a value or what [FromGo] takes.
func JSON(v any) string {
	var room [512]byte // most values need no more
	return string(appendJSON(room[:0], v))
}

// AppendJSON appends to b what JSON writes.
func AppendJSON(b []byte, v any) []byte { return appendJSON(b, v) }

// AppendJSONString is AppendJSON for a text, without making it an any.
func AppendJSONString(b []byte, s string) []byte { return appendQuoted(b, s) }

// MarshalJSON writes o as [JSON] does.
func (o Object) MarshalJSON() ([]byte, error) { return appendJSON(nil, o), nil }

// appendJSON alone calls itself: across two functions that call each other the
// compiler would move the room that b begins with to the heap.
func appendJSON(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case string:
		return appendQuoted(b, v)
	case json.Number:
		if n := numberLength(string(v)); n == 0 || n != len(v) {
			return appendQuoted(b, string(v)) // made by hand: still valid JSON
		}
		return append(b, v...)
	case []any:
		b = append(b, '[')
		for i, e := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, e)
		}
		return append(b, ']')
	case Object:
		b = append(b, '{')
		for i, k := range v.Keys() {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendQuoted(b, k), ':')
			b = appendJSON(b, v.m.values[i])
		}
		return append(b, '}')
	default:
		return appendJSON(b, FromGo(v))
	}
}

func appendQuoted(b []byte, s string) []byte {
	return append(appendJSONText(append(b, '"'), s), '"')
}

// appendJSONText writes s as it stands between the quotes of a JSON string.
// U+2028 and U+2029 are escaped too: older JavaScript takes them for line ends.
func appendJSONText(b []byte, s string) []byte {
	const digits = "0123456789abcdef"
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' {
			i++
			continue
		}
		r, n := rune(c), 1
		if c >= utf8.RuneSelf {
			if r, n = utf8.DecodeRuneInString(s[i:]); (r != utf8.RuneError || n > 1) && r != '\u2028' && r != '\u2029' {
				i += n
				continue
			}
		}
		b = append(b, s[start:i]...)
		switch r {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, `\n`...)
		case '\r':
			b = append(b, `\r`...)
		case '\t':
			b = append(b, `\t`...)
		case utf8.RuneError:
			b = append(b, "\uFFFD"...)
		default:
			b = append(b, '\\', 'u', digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15])
		}
		i += n
		start = i
	}
	return append(b, s[start:]...)
}

// FromGo turns a Go value into a value tree: numbers become json.Number, maps
// Objects with sorted members, times RFC 3339 text. NaN and infinities become
// nil; what JSON cannot express becomes the text that fmt prints.
func FromGo(v any) any {
	switch v := v.(type) {
	case nil, bool, string, json.Number, Object:
		return v
	case []any:
		list := make([]any, len(v))
		for i, e := range v {
			list[i] = FromGo(e)
		}
		return list
	case map[string]any:
		var o Object
		for _, k := range sortedKeys(v) {
			o.Set(k, FromGo(v[k]))
		}
		return o
	case int:
		return json.Number(strconv.Itoa(v))
	case int64:
		return json.Number(strconv.FormatInt(v, 10))
	case float64:
		return fromFloat(v)
	case time.Time:
		return v.Format(time.RFC3339Nano)
	case time.Duration:
		return v.String()
	default:
		return fromOther(v)
	}
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// fromFloat writes a float as JavaScript does: digits, an exponent only far out.
func fromFloat(f float64) any {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil
	}
	form := byte('f')
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e21) {
		form = 'e'
	}
	return json.Number(strconv.FormatFloat(f, form, -1, 64))
}

// fromOther takes structs, typed slices and the like the long way round.
func fromOther(v any) any {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	decoded, err := Decode(raw)
	if err != nil {
		return fmt.Sprint(v)
	}
	return decoded
}
