package engine

import (
	"context"
	"fmt"
	"slices"

	"cartwheel/merge"
)

// A code that is filled in fewer than oftenFilled of at least enoughSeen events deserves a fallback.
const (
	oftenFilled = 0.98
	enoughSeen  = 20
)

// fillWarnings advises where the store's latest events show that a merge code
// is often empty and nothing stands in for it. Advice only: no rates, no warnings.
func (e *Engine) fillWarnings(ctx context.Context, p *program) []merge.Problem {
	ref := p.definition.Trigger
	if _, known := e.Config.Triggers.Get(ref.Type); !known || !p.prints() {
		return nil
	}
	rates, err := e.FillRates(ctx, ref.Type, ref.AuthenticationID)
	if err != nil {
		e.Logger.Warn("fill rates could not be read", "trigger", ref.Type, "error", err)
		return nil
	}
	w := &fillWarner{rates: rates}
	var asked []merge.Code
	if p.condition != nil {
		asked = p.condition.Codes()
	}
	w.nodes(p.root, asked)
	return w.warnings
}

// prints reports whether a step prints a merge code of the trigger without a fallback.
func (p *program) prints() bool {
	return slices.ContainsFunc(p.flat, func(n *node) bool {
		found := false
		if n.config != nil && !n.off {
			n.config.templates(func(_ string, t *merge.Template) {
				found = found || slices.ContainsFunc(t.Uses(), func(u merge.Use) bool { return u.Bare && u.Known })
			})
		}
		return found
	})
}

// fillWarner collects warnings; codes that a condition on the way asks for are left to it.
type fillWarner struct {
	rates    FillRates
	warnings []merge.Problem
}

func (w *fillWarner) nodes(nodes []*node, asked []merge.Code) {
	for _, n := range nodes {
		if n.off {
			continue
		}
		w.config(n, asked)
		for _, a := range n.arms {
			inner := asked
			if a.condition != nil {
				inner = append(slices.Clone(asked), a.condition.Codes()...)
			}
			w.nodes(a.steps, inner)
		}
		w.nodes(n.otherwise, asked)
	}
}

func (w *fillWarner) config(n *node, asked []merge.Code) {
	if n.config == nil {
		return
	}
	for _, f := range n.config.fields {
		at := n.location + ".config." + f.Name
		if f.text != nil {
			w.template(at, f.Field, f.text, asked)
		}
		for _, entry := range f.entries {
			if entry.value != nil {
				w.template(at+"."+entry.key, f.Field, entry.value, asked)
			}
		}
	}
}

func (w *fillWarner) template(location string, f Field, t *merge.Template, asked []merge.Code) {
	var told []merge.Code
	for _, u := range t.Uses() {
		rate, known := w.rates.Codes[u.Code]
		if !u.Bare || !known || slices.Contains(asked, u.Code) || slices.Contains(told, u.Code) {
			continue
		}
		missing := rate.Seen - rate.Filled
		var message string
		switch often := rate.Seen >= enoughSeen && float64(rate.Filled) < oftenFilled*float64(rate.Seen); {
		case missing > 0 && f.Required && t.Only(u):
			message = fmt.Sprintf("%s can be empty, and then this step fails: %s had no value in %d of the last %d events. Give it a fallback, or a condition that asks for it.",
				f.Label, u.Code, missing, rate.Seen)
		case often:
			message = fmt.Sprintf("%s had no value in %d of the last %d events, and nothing stands in for it. Give it a fallback.", u.Code, missing, rate.Seen)
		default:
			continue
		}
		told = append(told, u.Code)
		w.warnings = append(w.warnings, merge.Problem{Location: location, Message: message, Line: u.Position.Line, Column: u.Position.Column})
	}
}
