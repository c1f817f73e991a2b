package store

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"cartwheel/engine"
)

// What a release has written must stay readable: these are records as they were stored, each of the same text.
func TestRecordsOfEveryFormAreRead(t *testing.T) {
	want := packSample(3)
	for form, stored := range map[string]string{
		"as it is":     base64.StdEncoding.EncodeToString([]byte(want)),
		"Zstandard":    "KLUv/UAAowD1AwDSyBwdUIsVZDTIPWyBDCyzxYqGjuOvlA0CWfADz8zM6gSJOed805GLCNc3mtnT477C9euspzpCXlzqY1zY2lLMY+dY8fTjUAKAJUGuZ6xW7LFyq59+elsI4uZwfYx6dXxaEkTRN77Uw23QcKlfBtdxngHDgktEAVQaByyMCUc=",
		"dictionary 1": "AaMDCFt7Ih09Qo0QDDQxMjdZjgQiUxqJDR7fDSb4DRQxMjcuNTQW/A96XwsESW4W8wpAaXR5IjoiRHVsdXRoIn19fX0RixkACAAIfX1d",
	} {
		packed, err := base64.StdEncoding.DecodeString(stored)
		if err != nil {
			t.Fatal(err)
		}
		got, err := newPacker().unpack(packed)
		if err != nil || string(got) != want {
			t.Errorf("%s: got %q, %v", form, got, err)
		}
	}
}

func packSample(orders int) string {
	return "[" + strings.Repeat(`{"BigCommerce":{"Order":{"id":4127,"status":"Shipped","total_inc_tax":"127.5400","billing_address":{"first_name":"Ines","city":"Duluth"}}}}`, orders) + "]"
}

func TestPackingChoosesTheFormBySizeAndContent(t *testing.T) {
	p := newPacker()
	noise := make([]byte, 400)
	for i := range noise {
		noise[i] = 'a' + byte(i*i*7919/13%26)
	}
	for _, c := range []struct {
		name, text string
		first      byte
	}{
		{"short", `[]`, '['},
		{"short, of known names", packSample(1)[:packFrom-1], '['},
		{"known names", packSample(1), dictionary1},
		{"short and unknown", `["` + string(noise[:200]) + `"]`, '['},
		{"unknown", `["` + string(noise) + `"]`, frameStart},
		{"long", packSample(1000), frameStart},
	} {
		packed := p.packWith(func(b []byte) []byte { return append(b, c.text...) })
		if packed[0] != c.first || len(packed) > len(c.text) {
			t.Errorf("%s: %d bytes became %d that begin with %#x; want %#x", c.name, len(c.text), len(packed), packed[0], c.first)
		}
		if got, err := p.unpack(packed); err != nil || string(got) != c.text {
			t.Errorf("%s: got %q, %v", c.name, got, err)
		}
	}
}

// The memory for packing is used again: what was packed before must not change with it.
func TestPackedRecordsKeepTheirContent(t *testing.T) {
	p := newPacker()
	var packed [][]byte
	texts := []string{packSample(1), packSample(200), `["a"]`, packSample(2), packSample(300), `["b"]`}
	for _, text := range texts {
		packed = append(packed, p.packWith(func(b []byte) []byte { return append(b, text...) }))
	}
	for i, text := range texts {
		if got, err := p.unpack(packed[i]); err != nil || string(got) != text {
			t.Errorf("record %d: got %q, %v", i, got, err)
		}
	}
}

func TestBrokenRecordsAreErrors(t *testing.T) {
	p := newPacker()
	good := p.packWith(func(b []byte) []byte { return append(b, packSample(1)...) })
	for name, packed := range map[string][]byte{
		"cut off":        good[:len(good)-9],
		"nothing":        {dictionary1},
		"far too large":  {dictionary1, 0xff, 0xff, 0xff, 0xff, 0x0f},
		"a broken frame": {frameStart, 0xb5, 0x2f, 0xfd, 1},
	} {
		if got, err := p.unpack(bytes.Clone(packed)); err == nil {
			t.Errorf("%s: got %q, want an error", name, got)
		}
	}
}

// FuzzPack packs what it is given behind a piece of the dictionary, so that copies meet both of its ends.
func FuzzPack(f *testing.F) {
	for _, text := range []string{"", "a", packSample(1), packSample(60), strings.Repeat("ab", 200), strings.Repeat("x", 3*longestCopy+1), string(dictionaryText[len(dictionaryText)-300:])} {
		f.Add(text, uint16(0), uint16(0))
		f.Add(text, uint16(len(dictionaryText)-200), uint16(200))
		f.Add(text, uint16(1000), uint16(6000))
	}
	p := newPacker()
	f.Fuzz(func(t *testing.T, text string, from, length uint16) {
		rest := dictionaryText[min(int(from), len(dictionaryText)):]
		want := "[" + string(rest[:min(int(length), len(rest))]) + text + text
		packed := p.packWith(func(b []byte) []byte { return append(b, want...) })
		if got, err := p.unpack(packed); err != nil || string(got) != want {
			t.Errorf("%d bytes became %d, error %v: not the same", len(want), len(got), err)
		}
	})
}

// BenchmarkPack packs what an event of an order leaves.
func BenchmarkPack(b *testing.B) {
	p, text := newPacker(), packSample(20)
	b.ReportAllocs()
	for b.Loop() {
		p.packWith(func(b []byte) []byte { return append(b, text...) })
	}
}

// The memory that a record is written into is used again: what could not be written must leave nothing behind.
func TestARecordAfterOneThatCannotBeWritten(t *testing.T) {
	p := newPacker()
	for i, text := range []string{`{"a":1}`, `{"a":`, `{"b":"<é>"}`, `nothing`, packSample(2)} {
		packed, err := p.packJSON(json.RawMessage(text))
		if !json.Valid([]byte(text)) {
			if engine.CodeOf(err) != engine.Invalid {
				t.Errorf("%d: got %v, want that it is refused", i, err)
			}
			continue
		}
		want, marshalErr := json.Marshal(json.RawMessage(text))
		got, unpackErr := p.unpack(packed)
		if err := errors.Join(err, marshalErr, unpackErr); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d: got %s, %v, want %s", i, got, err, want)
		}
	}
}
