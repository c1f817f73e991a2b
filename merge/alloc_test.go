package merge_test

import (
	"strings"
	"testing"

	"cartwheel/merge"
)

// The room that Decode and JSON begin with lies on the stack. It is easily moved
// to the heap by a change that does not look like it, and costs 3 KB a call there.
func TestNothingIsAllocatedTwice(t *testing.T) {
	const text = `{"a":{"b":"c"},"d":[true,"e"]}`
	const boxed, objects, lists = 2, 2 * 3, 1 + 1
	for _, whole := range []string{text, text + strings.Repeat(" ", 4096)} {
		decode := testing.AllocsPerRun(100, func() {
			if _, err := merge.DecodeText(whole); err != nil {
				t.Fatal(err)
			}
		})
		if most := float64(boxed + objects + lists); decode > most {
			t.Errorf("Decode allocates %v times for %d bytes, %v are needed", decode, len(whole), most)
		}
	}
	v, err := merge.DecodeText(text)
	if err != nil {
		t.Fatal(err)
	}
	if write := testing.AllocsPerRun(100, func() { merge.JSON(v) }); write > 1 {
		t.Errorf("JSON allocates %v times, once is needed", write)
	}
}
