package merge

import (
	"fmt"
	"strings"
	"testing"
)

// A room gives what DecodeText gives, text after text, and keeps nothing of them.
func TestARoomKeepsNothingOfTheTextBefore(t *testing.T) {
	many := make([]string, 3*roomMost)
	for i := range many {
		many[i] = fmt.Sprintf(`"name%d":[%d,"x"]`, i, i)
	}
	texts := []string{`{"a":{"b":[1,2,{"c":null}]},"a":2}`, `[`, `{"a":"` + "\xff" + `"}`, `{"x":[1,{"y":`, `7`, ``,
		"{" + strings.Join(many[:roomFrom+1], ",") + "}", "[{" + strings.Join(many, ",") + "}, 1", "{" + strings.Join(many, ",") + "}", `{}`}
	var room Room
	for range 2 {
		for _, text := range texts {
			want, wantErr := DecodeText(text)
			got, err := room.DecodeText(text)
			if JSON(got) != JSON(want) || fmt.Sprint(err) != fmt.Sprint(wantErr) {
				t.Errorf("%.40s: got %.40s, %v, want %.40s, %v", text, JSON(got), err, JSON(want), wantErr)
			}
			if n := cap(room.open.keys); n > roomMost {
				t.Errorf("%.40s: room for %d members is kept", text, n)
			}
			for _, key := range room.open.keys[:cap(room.open.keys)] {
				if key != "" {
					t.Fatalf("%.40s: the room holds %q", text, key)
				}
			}
			for _, v := range room.open.values[:cap(room.open.values)] {
				if v != nil {
					t.Fatalf("%.40s: the room holds %v", text, v)
				}
			}
		}
	}
}
