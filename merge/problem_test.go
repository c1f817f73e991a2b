package merge_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cartwheel/merge"
)

func TestProblemReads(t *testing.T) {
	for want, p := range map[string]merge.Problem{
		"Bad.": {Message: "Bad."},
		"line 2, column 3: No such code. Did you mean A | b?":      {Message: "No such code.", Line: 2, Column: 3, Suggestion: "A | b"},
		"body.steps[0]: line 1, column 1: These braces are empty.": {Location: "body.steps[0]", Message: "These braces are empty.", Line: 1, Column: 1},
	} {
		if got := p.Error(); got != want {
			t.Errorf("%#v reads %q, want %q", p, got, want)
		}
	}
}

func TestAtPutsALocationBefore(t *testing.T) {
	in := []merge.Problem{{Message: "a"}, {Message: "b", Location: "url"}, {Message: "c", Location: "[0].x"}}
	want := []merge.Problem{{Message: "a", Location: "config"}, {Message: "b", Location: "config.url"}, {Message: "c", Location: "config[0].x"}}
	if diff := cmp.Diff(want, merge.At("config", in)); diff != "" {
		t.Errorf("At (-want +got):\n%s", diff)
	}
	if in[0].Location != "" {
		t.Error("At changed what it was given")
	}
}
