package merge_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"cartwheel/merge"
)

func TestDecodeKeepsWhatCame(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"number text", `[45.0, 9007199254740993, 1e400, -0, 1E+2, 0.10]`, `[45.0,9007199254740993,1e400,-0,1E+2,0.10]`},
		{"order", `{"z":1,"a":{"y":2,"b":3}}`, `{"z":1,"a":{"y":2,"b":3}}`},
		{"case twins", `{"name":"a","NAME":"b"}`, `{"name":"a","NAME":"b"}`},
		{"last of a pair", `{"a":1,"b":2,"a":3}`, `{"a":3,"b":2}`},
		{"blanks", " \t\r\n{ \"a\" : [ ] , \"b\" : { } } \n", `{"a":[],"b":{}}`},
		{"words", `[true,false,null]`, `[true,false,null]`},
		{"escapes", `"\"\\\/\b\f\n\r\t\u00e4"`, `"\"\\/\u0008\u000c\n\r\tä"`},
		{"pair of surrogates", `"\ud83d\ude00"`, `"😀"`},
		{"lone surrogates", `"\ud83d \ude00 \ud83dA"`, "\"\uFFFD \uFFFD \uFFFDA\""},
		{"NUL", `{"a\u0000":"\u0000b"}`, "{\"a\uFFFD\":\"\uFFFDb\"}"},
		{"bad UTF-8", "\"a\xff\xfeb\"", "\"a\uFFFD\uFFFDb\""},
		{"no HTML escapes", `"<&>"`, `"<&>"`},
		{"old line ends", "\"\u2028\u2029\"", `"\u2028\u2029"`},
		{"many members", `{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"a":2,"j":3}`, `{"a":2,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":3}`},
		{"64 levels", strings.Repeat("[", 64) + strings.Repeat("]", 64), strings.Repeat("[", 64) + strings.Repeat("]", 64)},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, err := merge.Decode([]byte(c.in))
			if err != nil {
				t.Fatalf("Decode(%s): %v", c.in, err)
			}
			if got := merge.JSON(v); got != c.want {
				t.Errorf("JSON(Decode(%s)) = %s, want %s", c.in, got, c.want)
			}
		})
	}
}

func TestDecodeRefusesBadJSON(t *testing.T) {
	for _, c := range []struct {
		name, in     string
		line, column int
	}{
		{"nothing", "", 1, 1},
		{"blanks only", " \n ", 2, 2},
		{"trailing data", `{} x`, 1, 4},
		{"two values", "1 2", 1, 3},
		{"65 levels", strings.Repeat("[", 65) + strings.Repeat("]", 65), 1, 65},
		{"100,000 levels", strings.Repeat(`{"a":`, 100_000), 1, 64*5 + 1},
		{"open object", `{"a":1`, 1, 7},
		{"no colon", `{"a" 1}`, 1, 6},
		{"bare name", `{a:1}`, 1, 2},
		{"comma before the end", `[1,]`, 1, 4},
		{"comma in an object", `{"a":1,}`, 1, 8},
		{"leading zero", `[01]`, 1, 2},
		{"plus", `+1`, 1, 1},
		{"point only", `1.`, 1, 1},
		{"exponent only", `1e`, 1, 1},
		{"wrong word", "\n  nul", 2, 3},
		{"open text", `["ä`, 1, 2},
		{"line break in a text", "\"ä\nb\"", 1, 3},
		{"bad escape", `"ä\x"`, 1, 3},
		{"short escape", `"\u12"`, 1, 2},
		{"single quotes", `{'a':1}`, 1, 2},
		{"byte order mark", "\uFEFF{}", 1, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, err := merge.Decode([]byte(c.in))
			var p merge.Problem
			if !errors.As(err, &p) || p.Line != c.line || p.Column != c.column {
				t.Errorf("Decode(%.40q) = %v, %v, want line %d, column %d", c.in, v, err, c.line, c.column)
			}
		})
	}
}

func TestObjectIsJSON(t *testing.T) {
	var in struct {
		O merge.Object `json:"o"`
	}
	const text = `{"o":{"z":1.50,"a":[{"b":null}]}}`
	if err := json.Unmarshal([]byte(text), &in); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(in)
	if err != nil || string(out) != text {
		t.Errorf("Marshal = %s, %v, want %s", out, err, text)
	}
	if err := json.Unmarshal([]byte(`{"o":[1]}`), &in); err == nil || !strings.Contains(err.Error(), "a list") {
		t.Errorf("Unmarshal of a list: %v", err)
	}
}

func TestObjectMembers(t *testing.T) {
	var o merge.Object
	if v, ok := o.Get("a"); ok || v != nil || o.Len() != 0 || merge.JSON(o) != "{}" {
		t.Errorf("the zero Object is not empty: %v", o)
	}
	o.Put("BigCommerce | Order | id", json.Number("1"))
	o.Put("BigCommerce | Order | note", nil)
	o.Put("BigCommerce | Order | id | x", "deeper") // replaces the number
	o.Put("", "nothing")
	if got, want := merge.JSON(o), `{"BigCommerce":{"Order":{"id":{"x":"deeper"},"note":null}}}`; got != want {
		t.Errorf("after Put: %s, want %s", got, want)
	}
	for code, want := range map[merge.Code]bool{"BigCommerce | Order | note": true, "BigCommerce | Order | note | x": false, "BigCommerce | Cart": false, "": true} {
		if _, ok := o.Lookup(code); ok != want {
			t.Errorf("Lookup(%q) found = %v, want %v", code, ok, want)
		}
	}
	c := o.Clone()
	c.Set("Steps", true)
	if o.Len() != 1 || c.Len() != 2 || c.Equal(o) || !o.Equal(o.Clone()) {
		t.Errorf("Clone: %s and %s", merge.JSON(o), merge.JSON(c))
	}
}

func TestFromGo(t *testing.T) {
	at := time.Date(2025, 9, 17, 10, 5, 38, 0, time.UTC)
	in := map[string]any{
		"b": 1, "a": int64(2), "c": 1.5, "d": 1e21, "e": []any{1, nil, true}, "f": at, "g": time.Minute,
		"h": []string{"x"}, "i": struct{ N uint8 }{7}, "j": json.Number("1.0"), "k": func() {} == nil,
		"l": []byte("hi"), "m": map[string]any{"z": 0.1}, "n": float32(2),
	}
	const want = `{"a":2,"b":1,"c":1.5,"d":1e+21,"e":[1,null,true],"f":"2025-09-17T10:05:38Z","g":"1m0s",` +
		`"h":["x"],"i":{"N":7},"j":1.0,"k":false,"l":"aGk=","m":{"z":0.1},"n":2}`
	if got := merge.JSON(merge.FromGo(in)); got != want {
		t.Errorf("FromGo = %s, want %s", got, want)
	}
	if got := merge.JSON(json.Number("no number")); got != `"no number"` {
		t.Errorf("a number made by hand = %s", got)
	}
}
