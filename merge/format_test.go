package merge_test

import (
	"encoding/json"
	"testing"
	_ "time/tzdata" // the machine may have none

	"cartwheel/merge"
)

func formatted(t *testing.T, value any, format string) string {
	t.Helper()
	root := merge.FromGo(map[string]any{"Webhook": map[string]any{"v": value}}).(merge.Object)
	return renderWith(t, "{{ Webhook | v :: "+format+" }}", merge.PlaceText, root)
}

func TestFormats(t *testing.T) {
	for _, c := range []struct {
		format string
		in     any
		want   string
	}{
		{"upper", "straße é", "STRASSE É"},
		{"lower", "ÄÖ X", "äö x"},
		{"title", "JANE van o'neill", "Jane Van O'neill"},
		{"trim", " \u00a0a b\n", "a b"},
		{"truncate 3", "äöü", "äöü"},
		{"truncate 3", "äöüß", "äöü"},
		{"truncate 1", "名前", "名"},
		{"truncate 2", "名前は", "名前"},
		{"number 2", "1234.565", "1234.57"},
		{"number 2", "-1234.565", "-1234.57"},
		{"number 2", "1.005", "1.01"}, // a float64 would say 1.00
		{"number 0", "0.5", "1"},
		{"number 0", json.Number("2.5"), "3"},
		{"number 3", json.Number("1e3"), "1000.000"},
		{"number 2", "-0.0049", "0.00"},
		{"number 2", " 8 ", "8.00"},
		{"number 2", "9007199254740993", "9007199254740993.00"},
		{"number 2", "n/a", "n/a"},
		{"number 2", true, "true"},
		{"number 2", json.Number("1e999999999"), "1e999999999"},
		{"money", "1234.5", "1,234.50"}, // no currency
		{"money", "free", "free"},
		{"json", "a\"<b>", `"a\"<b>"`},
		{"json", nil, "null"},
		{"json", []any{json.Number("1.0")}, "[1.0]"},
		{"url", "a b/ä", "a%20b%2F%C3%A4"},
		{`default "x"`, nil, "x"},
		{`default "x"`, "", "x"},
		{`default "x"`, []any{}, "x"},
		{`default "x"`, "y", "y"},
		{"default 0", nil, "0"},
		{`upper :: default "none"`, nil, "none"},
		{"upper", nil, ""},
		{"upper", []any{"a"}, `["A"]`},
		{`date "2006-01-02 15:04"`, "Wed, 17 Sep 2025 22:05:38 +0000", "2025-09-17 22:05"},
		{`date "2 Jan 2006 15:04 MST" "Europe/Berlin"`, "2025-09-17T22:05:38Z", "18 Sep 2025 00:05 CEST"},
		{`date "2 Jan 2006" "America/New_York"`, "2025-09-17", "17 Sep 2025"}, // a day stays that day
		{`date "2006"`, "yesterday", "yesterday"},
		{`date "2006"`, nil, ""},
		{`date "2006"`, json.Number("5"), "5"},
	} {
		if got := formatted(t, c.in, c.format); got != c.want {
			t.Errorf("%#v :: %s = %q, want %q", c.in, c.format, got, c.want)
		}
	}
}

func TestMoney(t *testing.T) {
	for _, c := range []struct{ currency, amount, want string }{
		{"USD", "1234.5000", "$1,234.50"},
		{"USD", "0", "$0.00"},
		{"USD", "-5", "-$5.00"},
		{"USD", "-0.001", "$0.00"},
		{"USD", "999.995", "$1,000.00"},
		{"USD", "1234567890123.45", "$1,234,567,890,123.45"},
		{"eur", "1234.5", "€1,234.50"},
		{"JPY", "1234.5", "¥1,235"},
		{"CAD", "1", "CA$1.00"},
		{"AUD", "1", "A$1.00"},
		{"CHF", "1234.5", "CHF 1,234.50"},
		{"CHF", "-1", "-CHF 1.00"},
		{"KWD", "1.5", "KWD 1.500"},
		{"HUF", "1.5", "HUF 1.50"},
		{"XCG", "1", "XCG 1.00"},
		{"", "1234.5", "1,234.50"},
		{"US", "1", "1.00"},
		{"<b>", "1", "1.00"},
		{"USD", "", ""},
	} {
		o := event(t)
		o.Put("BigCommerce | Order | currency_code", c.currency)
		o.Put("BigCommerce | Order | total_inc_tax", c.amount)
		if got := renderWith(t, "{{ BigCommerce | Order | total_inc_tax :: money }}", merge.PlaceText, o); got != c.want {
			t.Errorf("%s %s = %q, want %q", c.amount, c.currency, got, c.want)
		}
	}
}

func TestMoneyFindsItsCurrency(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"fallback number", "{{ BigCommerce | Order | nothing ?? 5 :: money }}", "5.00"},
		{"fallback number for an amount", "{{ BigCommerce | Customer | first_name ?? BigCommerce | Order | total_inc_tax :: money }}", "$1,234.50"},
		{"in a loop", "{{#each BigCommerce | Products}}{{ item | price :: money }} {{/each}}", "$9.50 $3.00 "},
		{"expression", "{{= BigCommerce.Order.total_inc_tax :: money }}", "$1,234.50"},
		{"expression without one", "{{= BigCommerce.Order.id :: money }}", "4,127.00"},
		{"store's zone", `{{ BigCommerce | Order | date_created :: date "2 Jan 2006 15:04" }}`, "18 Sep 2025 00:05"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := render(t, c.src, merge.PlaceText); got != c.want {
				t.Errorf("%s = %q, want %q", c.src, got, c.want)
			}
		})
	}
}
