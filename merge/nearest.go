package merge

import (
	"slices"
	"strings"
)

const maxNearest = 256 // bytes of a code that is worth comparing

// Nearest lists at most most codes that were probably meant by code, nearest
// first: small slips anywhere, a left out or wrong segment, wrong case.
func (c Catalog) Nearest(code Code, most int) []Code {
	candidates := make([]Code, 0, len(c.entries)+len(c.open))
	for _, e := range c.entries {
		candidates = append(candidates, e.Code)
	}
	segments := code.Segments()
	for _, open := range c.open { // what follows an open code is right in any case
		n := min(len(open.Segments()), len(segments))
		if typed := MakeCode(segments[:n]...); distance([]rune(typed), []rune(open), 2) < 0 {
			continue
		}
		if n < len(segments) {
			open += separator + MakeCode(segments[n:]...)
		}
		candidates = append(candidates, open)
	}
	return nearest(code, candidates, most)
}

func nearest(code Code, candidates []Code, most int) []Code {
	if len(code) > maxNearest || code == "" {
		return nil
	}
	type scored struct {
		code  Code
		score int
	}
	var found []scored
	want := newTarget(code)
	for _, c := range candidates {
		if score, ok := want.score(newTarget(c)); ok {
			found = append(found, scored{c, score})
		}
	}
	slices.SortStableFunc(found, func(a, b scored) int { return a.score - b.score })
	var codes []Code
	for _, f := range found[:min(len(found), most)] {
		codes = append(codes, f.code)
	}
	return codes
}

// target is a code taken apart for comparing.
type target struct {
	whole, last []rune
	parents     []string
}

func newTarget(c Code) target {
	segments := Code(strings.ToLower(string(c))).Segments()
	n := max(0, len(segments)-1)
	t := target{whole: []rune(strings.Join(segments, separator)), parents: segments[:n]}
	if len(segments) > 0 {
		t.last = []rune(segments[n])
	}
	return t
}

// score is small for what looks alike: the slips in the whole code, or those in
// its last segment plus a charge for parents that differ.
func (t target) score(o target) (score int, ok bool) {
	whole := distance(t.whole, o.whole, max(2, len(t.whole)/6))
	score, ok = whole, whole >= 0
	if last := distance(t.last, o.last, max(1, len(t.last)/3)); last >= 0 {
		last += 2*missing(t.parents, o.parents) + missing(o.parents, t.parents)
		if !ok || last < score {
			score, ok = last, true
		}
	}
	return score, ok
}

// missing counts the names that are not among others.
func missing(names, others []string) (n int) {
	for _, s := range names {
		if !slices.Contains(others, s) {
			n++
		}
	}
	return n
}

// distance counts the insertions, deletions, changes and swaps of neighbours
// that make b of a; -1 if there are more than limit.
func distance(a, b []rune, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return -1
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		least := row[0]
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
			least = min(least, row[j+1])
		}
		if least > limit {
			return -1
		}
		before, last, row = last, row, before
	}
	if last[len(b)] > limit {
		return -1
	}
	return last[len(b)]
}

// nearestName finds the name that was probably meant, "" if none is near.
func nearestName(name string, names []string) string {
	best, least := "", 3
	for _, n := range names {
		if d := distance([]rune(strings.ToLower(name)), []rune(n), 2); d >= 0 && d < least {
			best, least = n, d
		}
	}
	return best
}
