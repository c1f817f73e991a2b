package engine

import (
	"fmt"
	"strings"

	"cartwheel/merge"
)

// switchedOff is why a disabled step did not run.
const switchedOff = "Switched off in this version."

// disable marks what is compiled until the returned function is called as
// switched off, if s is: then its problems are warnings, because no run meets
// them. Ids count in any case: they name the step in the history.
func (c *compiler) disable(s Step) (done func()) {
	if !s.Disabled || c.off {
		return func() {}
	}
	c.off = true
	before := len(c.problems)
	return func() {
		c.off = false
		found := append([]merge.Problem(nil), c.problems[before:]...)
		c.problems = c.problems[:before]
		for _, p := range found {
			if strings.HasSuffix(p.Location, ".id") {
				c.problems = append(c.problems, p)
			} else {
				c.warnings = append(c.warnings, p)
			}
		}
	}
}

// warnOfDisabled tells who reads a step that is switched off, and whether anything is left to do.
func (c *compiler) warnOfDisabled() {
	off, left := map[merge.Code]string{}, 0
	for _, n := range c.program.flat {
		if n.off {
			off[merge.MakeCode(stepsRoot, n.ID)] = n.ID
		} else {
			left++
		}
	}
	if left == 0 && len(off) > 0 {
		c.warn("body.steps", "All steps are switched off: a run does nothing.")
	}
	if len(off) == 0 {
		return
	}
	for _, n := range c.program.flat {
		if n.off {
			continue
		}
		n.reads(func(location string, codes []merge.Code) {
			for _, code := range codes {
				if id, ok := off[stepOf(code)]; ok {
					c.warn(location, fmt.Sprintf("This reads the step %s, which is switched off: %s has no value.", id, code))
				}
			}
		})
	}
}

func (c *compiler) warn(location, message string) {
	c.warnings = append(c.warnings, merge.Problem{Location: location, Message: message})
}

// reads calls f with every place of a step that reads merge codes.
func (n *node) reads(f func(location string, codes []merge.Code)) {
	if n.config != nil {
		n.config.templates(func(location string, t *merge.Template) {
			if t != nil {
				f(n.location+".config."+location, t.Codes())
			}
		})
	}
	for i, a := range n.arms {
		if a.condition != nil {
			f(n.location+".branches"+index(i)+".condition", a.condition.Codes())
		}
	}
}

// stepOf is Steps | <id> of a code that reads a step's output.
func stepOf(code merge.Code) merge.Code {
	segments := code.Segments()
	if len(segments) < 2 || segments[0] != stepsRoot {
		return ""
	}
	return merge.MakeCode(segments[:2]...)
}
