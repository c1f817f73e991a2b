package merge_test

import (
	"testing"
	"time"
	"unicode/utf8"

	"cartwheel/engine/cond"
	"cartwheel/engine/enginetest"
	"cartwheel/merge"
)

// B6: a code of any names is read back from its text and from its path, and no two have the same.
func TestCodesOfStrangeNamesAreOneToOne(t *testing.T) {
	names := enginetest.StrangeNames()
	if len(names) != 80 {
		t.Fatalf("%d names, want 80", len(names))
	}
	codes, paths := map[merge.Code]string{}, map[string]string{}
	var object merge.Object
	for i, name := range names {
		code := merge.MakeCode("Webhook", name, "x")
		if segments := code.Segments(); len(segments) != 3 || segments[1] != name {
			t.Errorf("%.40q has the segments %.100q", name, segments)
		}
		if back, err := merge.ParseCode(string(code)); err != nil || back != code {
			t.Errorf("%.40q: ParseCode(%.60q) = %.60q, %v", name, code, back, err)
		}
		if back, err := merge.ParsePath(code.Path()); err != nil || back != code {
			t.Errorf("%.40q: ParsePath(%.60q) = %.60q, %v", name, code.Path(), back, err)
		}
		if other, taken := codes[code]; taken {
			t.Errorf("%.40q and %.40q have one code %.60q", name, other, code)
		}
		if other, taken := paths[code.Path()]; taken {
			t.Errorf("%.40q and %.40q have one path %.60q", name, other, code.Path())
		}
		codes[code], paths[code.Path()] = name, name
		object.Put(code, i)
	}
	for i, name := range names {
		if v, ok := object.Lookup(merge.MakeCode("Webhook", name, "x")); !ok || v != i {
			t.Errorf("%.40q is %v, %v, want %d", name, v, ok, i)
		}
	}
	decoded, err := merge.DecodeObject([]byte(merge.JSON(object)))
	if err != nil || len(merge.Flatten(decoded)) != len(names) {
		t.Errorf("%d fields after the way through JSON, %v; want %d", len(merge.Flatten(decoded)), err, len(names))
	}
}

// B8: whatever a template looks like, it is one or its problems have places, at every place and at once.
func TestStrangeTemplatesAreReadOrRefused(t *testing.T) {
	texts := enginetest.StrangeTemplates()
	if len(texts) != 60 {
		t.Fatalf("%d templates, want 60", len(texts))
	}
	for _, text := range texts {
		for _, place := range []merge.Place{merge.PlaceText, merge.PlaceHTML, merge.PlaceJSON, merge.PlaceURL, merge.PlaceHeader} {
			start := time.Now()
			tmpl, problems := merge.Parse(text, place, scope(), cond.Language{})
			for _, p := range problems {
				if p.Message == "" || len(p.Message) > 1000 || p.Line < 1 || p.Column < 1 || p.Column > utf8.RuneCountInString(text)+1 {
					t.Errorf("%.60q as %s: a problem without words or place: %+v", text, place, p)
				}
			}
			if len(problems) > 1000 {
				t.Errorf("%.60q as %s: %d problems", text, place, len(problems))
			}
			if tmpl == nil && len(problems) == 0 {
				t.Errorf("%.60q as %s: neither template nor problem", text, place)
			}
			if tmpl != nil && len(problems) == 0 {
				if out, err := tmpl.Render(merge.Env{Root: event(t)}); err == nil && len(out) > 1<<20 {
					t.Errorf("%.60q as %s: %d bytes", text, place, len(out))
				}
			}
			if took := time.Since(start); took > time.Second {
				t.Errorf("%.60q as %s took %s", text, place, took)
			}
		}
	}
}
