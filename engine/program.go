package engine

import (
	"context"
	"sync"
	"time"

	"cartwheel/engine/cond"
	"cartwheel/merge"
)

// program is a definition made ready to run: conditions compiled, templates
// parsed, the merge codes known. It is immutable and shared by all its runs.
type program struct {
	definition Definition
	catalog    merge.Catalog // of the trigger, with Event | ...
	condition  *cond.Condition
	once       []merge.Code // what names the thing of once_per
	root       []*node
	flat       []*node // all steps in the order of the definition
	codes      []merge.Code
}

// node is one step of a program.
type node struct {
	Step
	location  string // "body.steps[0]"
	number    int    // place in flat
	config    *config
	action    Action    // nil for control flow
	mail      Addresser // the action, if it writes to a person
	spec      Spec
	authID    string
	arms      []arm
	otherwise []*node
	delay     time.Duration
	schedule  schedule
	codes     []merge.Code
	off       bool // it or a branch around it is disabled: runs pass over it
}

// arm is one branch with its condition.
type arm struct {
	name      string
	condition *cond.Condition
	steps     []*node
}

// repeats reports whether an attempt whose outcome is unknown is made again.
func (n *node) repeats() bool {
	switch n.OnUnknown {
	case onUnknownRepeat:
		return true
	case onUnknownHold:
		return false
	}
	r, ok := n.action.(Repeater)
	return ok && r.Repeats()
}

// stopsRun reports whether the run ends when the step fails.
func (n *node) stopsRun() bool { return n.OnError != onErrorContinue }

// programs keeps compiled versions; a version never changes.
type programs struct {
	engine *Engine
	mu     sync.Mutex
	known  map[VersionRef]*program
}

// maxPrograms bounds the memory of old versions with waiting runs.
const maxPrograms = 4096

func newPrograms(e *Engine) *programs {
	return &programs{engine: e, known: map[VersionRef]*program{}}
}

// get returns the program of a version. Errors: NotFound, and Invalid for a
// version that this release cannot run.
func (p *programs) get(ctx context.Context, ref VersionRef) (*program, error) {
	p.mu.Lock()
	known := p.known[ref]
	p.mu.Unlock()
	if known != nil {
		return known, nil
	}
	v, err := p.engine.Store.Version(ctx, ref)
	if err != nil {
		return nil, err
	}
	compiled, problems, _ := p.engine.compile(v.Definition)
	if len(problems) > 0 {
		return nil, &Error{Code: Invalid, Op: "engine.program", Problems: problems,
			Message: "Version " + index(ref.Number) + " of " + ref.WorkflowID + " cannot run any more: " + problems[0].Error() + " Publish it anew."}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.known) >= maxPrograms {
		clear(p.known)
	}
	p.known[ref] = compiled
	return compiled, nil
}
