package merge_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"cartwheel/merge"
)

func TestAsDecimal(t *testing.T) {
	for _, c := range []struct {
		name           string
		in             any
		untyped, typed string // "" is no number
	}{
		{"V2 money", "30.0000", "30", "30"},
		{"short money", "8", "8", "8"},
		{"negative", "-12.50", "-25/2", "-25/2"},
		{"zero", "0", "0", "0"},
		{"ten decimals", "1.0000000001", "10000000001/10000000000", "10000000001/10000000000"},
		{"eleven decimals", "1.00000000001", "", "100000000001/100000000000"},
		{"sixteen digits", "1234567890123456", "", "1234567890123456"},
		{"zip code", "01234", "", "1234"},
		{"blanks", " 5 ", "", "5"},
		{"plus", "+5", "", "5"},
		{"no whole part", ".5", "", "1/2"},
		{"no fraction", "5.", "", "5"},
		{"exponent in a text", "1e2", "", "100"},
		{"grouping", "1,234", "", ""},
		{"hex", "0x10", "", ""},
		{"underscore", "1_0", "", ""},
		{"fraction", "1/2", "", ""},
		{"two signs", "--5", "", ""},
		{"letters", "abc", "", ""},
		{"infinity", "Inf", "", ""},
		{"empty", "", "", ""},
		{"number", json.Number("45.0"), "45", "45"},
		{"exponent", json.Number("1.5e3"), "1500", "1500"},
		{"beyond float64", json.Number("9007199254740993"), "9007199254740993", "9007199254740993"},
		{"huge exponent", json.Number("1e999999999"), "", ""},
		{"huge text", strings.Repeat("9", 5000), "", ""},
		{"int", 5, "5", "5"},
		{"int64", int64(-5), "-5", "-5"},
		{"float", 0.1, "1/10", "1/10"},
		{"bool", true, "", ""},
		{"nil", nil, "", ""},
		{"list", []any{}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			for typed, want := range map[bool]string{false: c.untyped, true: c.typed} {
				got := ""
				if r, ok := merge.AsDecimal(c.in, typed); ok {
					got = r.RatString()
				}
				if got != want {
					t.Errorf("AsDecimal(%#v, %v) = %q, want %q", c.in, typed, got, want)
				}
			}
		})
	}
}

func TestAsTime(t *testing.T) {
	for _, c := range []struct {
		in   any
		want string
	}{
		{"Wed, 17 Sep 2025 10:05:38 +0000", "2025-09-17T10:05:38Z"},
		{"Wed, 3 Sep 2025 10:05:38 -0500", "2025-09-03T15:05:38Z"},
		{"2025-09-17T10:05:38Z", "2025-09-17T10:05:38Z"},
		{"2025-09-17T10:05:38.25+02:00", "2025-09-17T08:05:38.25Z"},
		{"2025-09-17", "2025-09-17T00:00:00Z"},
		{time.Unix(0, 0), "1970-01-01T00:00:00Z"},
		{"2025-13-17", ""}, {"0000-00-00", ""}, {"17.09.2025", ""}, {"2025-09-17 10:05", ""}, {"", ""},
		{"Wednesday", ""}, {strings.Repeat("2025-", 20), ""}, {json.Number("2025"), ""}, {nil, ""}, {true, ""},
	} {
		got := ""
		if at, ok := merge.AsTime(c.in); ok {
			got = at.UTC().Format(time.RFC3339Nano)
		}
		if got != c.want {
			t.Errorf("AsTime(%v) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestIsEmptyAndText(t *testing.T) {
	list := []any{json.Number("1.0"), "<"}
	for _, c := range []struct {
		in    any
		empty bool
		text  string
	}{
		{nil, true, ""}, {"", true, ""}, {[]any{}, true, "[]"}, {merge.Object{}, true, "{}"},
		{" ", false, " "}, {json.Number("0"), false, "0"}, {false, false, "false"}, {list, false, `[1.0,"<"]`},
		{7, false, "7"}, {1.5, false, "1.5"}, {90 * time.Minute, false, "1h30m0s"},
		{time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC), false, "2025-01-02T03:04:05Z"},
	} {
		if got := merge.IsEmpty(c.in); got != c.empty {
			t.Errorf("IsEmpty(%#v) = %v", c.in, got)
		}
		if got := merge.Text(c.in); got != c.text {
			t.Errorf("Text(%#v) = %q, want %q", c.in, got, c.text)
		}
	}
}
