package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// figure is one line of the bench's table.
type figure struct {
	Name   string    `json:"name"` // "pipeline cartwheel"
	What   string    `json:"what"` // "events/s"
	Values []float64 `json:"values"`
	Goal   *goal     `json:"goal,omitempty"`
}

// goal is what a figure should be.
type goal struct {
	AtLeast float64 `json:"at_least,omitempty"`
	AtMost  float64 `json:"at_most,omitempty"`
}

func atLeast(v float64) *goal { return &goal{AtLeast: v} }
func atMost(v float64) *goal  { return &goal{AtMost: v} }

// verdict on a value; nothing that is measured is 0.
func (g *goal) verdict(v float64) string {
	switch {
	case v == 0:
		return "not measured"
	case g.AtMost > 0 && v <= g.AtMost, g.AtMost == 0 && v >= g.AtLeast:
		return "ok"
	default:
		return "missed"
	}
}

func (g *goal) String() string {
	if g.AtMost > 0 {
		return "at most " + short(g.AtMost)
	}
	return "at least " + short(g.AtLeast)
}

// figures are all lines, in the order in which they came.
type figures struct{ list []*figure }

func newFigures() *figures { return &figures{} }

// add notes a value of one run. g is the goal, nil for none.
func (f *figures) add(name, what string, value float64, g *goal) {
	i := slices.IndexFunc(f.list, func(x *figure) bool { return x.Name == name && x.What == what })
	if i < 0 {
		f.list = append(f.list, &figure{Name: name, What: what, Goal: g})
		i = len(f.list) - 1
	}
	f.list[i].Values = append(f.list[i].Values, value)
}

// median of the runs.
func (f *figure) median() float64 {
	sorted := slices.Sorted(slices.Values(f.Values))
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// MarshalJSON implements json.Marshaler.
func (f *figures) MarshalJSON() ([]byte, error) { return json.Marshal(f.list) }

// table is all of it for people.
func (f *figures) table() string {
	rows := [][]string{{"", "", "median", "range", "goal", ""}}
	before := ""
	for _, x := range f.list {
		phase, _, _ := strings.Cut(x.Name, " ")
		if before != "" && phase != before {
			rows = append(rows, nil)
		}
		before = phase
		row := []string{x.Name, x.What, short(x.median()), "", "", ""}
		if len(x.Values) > 1 {
			row[3] = short(slices.Min(x.Values)) + " to " + short(slices.Max(x.Values))
		}
		if x.Goal != nil {
			row[4], row[5] = x.Goal.String(), x.Goal.verdict(x.median())
		}
		rows = append(rows, row)
	}
	return columns(rows)
}

// columns sets rows in columns; the third one is of numbers.
func columns(rows [][]string) string {
	var width [6]int
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], len(cell))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			if i == 2 {
				fmt.Fprintf(&line, "%*s  ", width[i], cell)
			} else {
				fmt.Fprintf(&line, "%-*s  ", width[i], cell)
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}

// short writes a number with three significant digits or more.
func short(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	default:
		return fmt.Sprintf("%.2f", v)
	}
}
