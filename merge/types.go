package merge

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
	"time"
)

const (
	maxNumberText = 1024 // bytes; more is no number
	maxExponent   = 999  // of ten: 1e999999999 would fill the memory
)

// AsDecimal reads v as an exact number. typed says that the catalogue calls v a
// number: then a text is read leniently (" 30.0000", "+5", ".5"). Without a type
// a text counts only if its shape leaves no doubt: -?(0|[1-9]\d{0,14})(\.\d{1,10})?,
// so "01234" stays a text. Bools and nil are no numbers.
func AsDecimal(v any, typed bool) (*big.Rat, bool) {
	switch v := v.(type) {
	case json.Number:
		return rational(string(v))
	case string:
		if typed {
			return rational(strings.TrimSpace(v))
		}
		if !plainNumber(v) {
			return nil, false
		}
		return rational(v)
	case int:
		return new(big.Rat).SetInt64(int64(v)), true
	case int64:
		return new(big.Rat).SetInt64(v), true
	case float64:
		return rational(strconv.FormatFloat(v, 'g', -1, 64)) // the text, so that 0.1 is a tenth
	default:
		return nil, false
	}
}

// rational reads [+-]digits[.digits][e[+-]digits] with limits.
func rational(s string) (*big.Rat, bool) {
	if len(s) > maxNumberText {
		return nil, false
	}
	mantissa, exponent, hasExponent := s, "", false
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		mantissa, exponent, hasExponent = s[:i], s[i+1:], true
	}
	digits := strings.TrimPrefix(strings.TrimPrefix(mantissa, "-"), "+")
	whole, fraction, _ := strings.Cut(digits, ".")
	if len(mantissa)-len(digits) > 1 || whole+fraction == "" || !allDigits(whole) || !allDigits(fraction) {
		return nil, false
	}
	if hasExponent {
		e, err := strconv.Atoi(exponent)
		if err != nil || e > maxExponent || e < -maxExponent {
			return nil, false
		}
	}
	return new(big.Rat).SetString(s)
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// plainNumber is the shape rule for texts without a catalogue type.
func plainNumber(s string) bool {
	whole, fraction, point := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if whole == "" || len(whole) > 15 || !allDigits(whole) || whole[0] == '0' && len(whole) > 1 {
		return false
	}
	return !point || len(fraction) >= 1 && len(fraction) <= 10 && allDigits(fraction)
}

// The one-digit day is what RFC 2822 allows too.
const rfc2822 = "Mon, 2 Jan 2006 15:04:05 -0700"

// AsTime reads v as a moment: RFC 3339, RFC 1123Z (as the V2 API writes RFC 2822
// dates) or yyyy-mm-dd, which is midnight UTC. Other texts are no times.
func AsTime(v any) (time.Time, bool) {
	switch v := v.(type) {
	case time.Time:
		return v, true
	case string:
		layout := timeLayout(v)
		if layout == "" {
			return time.Time{}, false
		}
		t, err := time.Parse(layout, v)
		return t, err == nil
	default:
		return time.Time{}, false
	}
}

// timeLayout guesses by the shape, so that ordinary texts cost nothing.
func timeLayout(s string) string {
	switch {
	case len(s) < len(time.DateOnly) || len(s) > 40:
		return ""
	case s[3] == ',':
		return rfc2822
	case s[4] != '-':
		return ""
	case len(s) == len(time.DateOnly):
		return time.DateOnly
	default:
		return time.RFC3339
	}
}

// IsEmpty tells whether v counts as empty: nil, "", [] and {}.
func IsEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case Object:
		return v.Len() == 0
	default:
		return false
	}
}

// Text is v as a template prints it: nothing for nil, texts and numbers as they
// came, lists and objects as JSON.
func Text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return string(v)
	case bool:
		return strconv.FormatBool(v)
	case []any, Object:
		return JSON(v)
	default:
		return Text(FromGo(v))
	}
}

// kindOf names v's kind for people: "a text", "a list".
func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "true or false"
	case string:
		return "a text"
	case []any:
		return "a list"
	case Object:
		return "an object"
	default:
		return "a number"
	}
}
