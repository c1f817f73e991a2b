package enginetest

import (
	"fmt"
	"slices"
	"testing"

	"cartwheel/merge"
)

// Spoiled is a JSON text with one value replaced by one of another kind.
type Spoiled struct {
	Path string // "$.billing_address.email"; $ alone is the whole
	Kind string // null, list, object, bool
	Leaf bool   // the value was no list and no object
	JSON string
}

// Spoil replaces every value of a JSON text, the whole included, by null, a
// list, an object and a boolean: four texts per value, in the order of the text.
func Spoil(t testing.TB, raw string) (all []Spoiled) {
	t.Helper()
	whole, err := merge.Decode([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	var other merge.Object
	other.Set("strange", "thing")
	kinds := []struct {
		name  string
		value any
	}{{"null", nil}, {"list", []any{"strange", other}}, {"object", other}, {"bool", true}}
	walk("$", whole, func(v any) any { return v }, func(path string, v any, put func(any) any) {
		for _, k := range kinds {
			all = append(all, Spoiled{Path: path, Kind: k.name, Leaf: isLeaf(v), JSON: merge.JSON(put(k.value))})
		}
	})
	return all
}

func isLeaf(v any) bool {
	switch v.(type) {
	case merge.Object, []any:
		return false
	}
	return true
}

// walk calls visit for v and everything in it; put makes the whole with another value in that place.
func walk(path string, v any, put func(any) any, visit func(path string, v any, put func(any) any)) {
	visit(path, v, put)
	switch v := v.(type) {
	case merge.Object:
		for key, member := range v.All() {
			walk(path+"."+key, member, func(with any) any {
				changed := v.Clone()
				changed.Set(key, with)
				return put(changed)
			}, visit)
		}
	case []any:
		for i, element := range v {
			walk(fmt.Sprintf("%s[%d]", path, i), element, func(with any) any {
				changed := slices.Clone(v)
				changed[i] = with
				return put(changed)
			}, visit)
		}
	}
}
