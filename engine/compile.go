package engine

import (
	"fmt"
	"slices"
	"strings"

	"cartwheel/engine/cond"
	"cartwheel/merge"
)

const (
	onErrorStop     = "stop"
	onErrorContinue = "continue"
	onUnknownRepeat = "repeat"
	onUnknownHold   = "hold"
	oncePerEvent    = "event"
)

// compiler makes a program and collects everything that is wrong with a definition.
type compiler struct {
	engine   *Engine
	program  *program
	problems []merge.Problem
	warnings []merge.Problem
	ids      map[string]string // step id -> location
	steps    []merge.Code      // Steps | <id> of the steps so far
	off      bool              // within a disabled step
}

// compile checks a definition without looking at anything stored. The program
// is there even with problems, as far as it goes, for previews.
func (e *Engine) compile(d Definition) (p *program, problems, warnings []merge.Problem) {
	c := &compiler{engine: e, program: &program{definition: d}, ids: map[string]string{}}
	if strings.TrimSpace(d.Name) == "" {
		c.problem("body.name", "The workflow needs a name.")
	}
	c.trigger(d)
	c.program.condition = c.compileCondition("body.condition", d.Condition, c.program.catalog)
	if len(d.Steps) == 0 {
		c.problem("body.steps", "The workflow needs at least one step.")
	}
	c.program.root = c.nodes("body.steps", d.Steps, 0)
	if len(c.program.flat) > MaxSteps {
		c.problem("body.steps", fmt.Sprintf("The workflow has %d steps; at most %d are possible.", len(c.program.flat), MaxSteps))
	}
	c.program.codes = c.wanted()
	c.warnOfDisabled()
	return c.program, c.problems, c.warnings
}

func (c *compiler) problem(location, message string) {
	c.problems = append(c.problems, merge.Problem{Location: location, Message: message})
}

// trigger finds the trigger, its catalogue and what once_per means for it.
func (c *compiler) trigger(d Definition) {
	c.program.catalog = withEvent(merge.NewCatalog(""))
	t, ok := c.engine.Config.Triggers.Get(d.Trigger.Type)
	if !ok {
		c.problem("body.trigger.type", fmt.Sprintf("There is no trigger %q. The triggers are %s.", d.Trigger.Type, joinAnd(c.engine.Config.Triggers.Types())))
		return
	}
	_, problems := compileConfig(d.Trigger.Config, t.Spec().Fields, &merge.Scope{Catalog: c.program.catalog})
	c.problems = append(c.problems, merge.At("body.trigger.config", problems)...)
	if len(t.Spec().Auth) > 0 && d.Trigger.AuthenticationID == "" {
		c.problem("body.trigger.authentication_id", "The trigger needs an authentication: the store that it listens to.")
	}
	catalog, err := c.engine.catalogs.of(t, d.Trigger.Config)
	if err != nil {
		c.problem("body.trigger.config", MessageOf(err))
		return
	}
	c.program.catalog = catalog
	c.once(t, d.OncePer)
}

func (c *compiler) once(t Trigger, per string) {
	if per == "" || per == oncePerEvent {
		return
	}
	words := []string{"shipment", "order", "cart", "customer"}
	if !slices.Contains(words, per) {
		c.problem("body.once_per", fmt.Sprintf("once_per must be event, %s, not %q.", joinOr(words), per))
		return
	}
	if oncer, ok := t.(Oncer); ok {
		c.program.once = oncer.Once(per)
	}
	if len(c.program.once) == 0 {
		c.problem("body.once_per", fmt.Sprintf("once_per cannot be %s here: %s has none.", per, t.Spec().Type))
	}
}

func (c *compiler) compileCondition(location, src string, catalog merge.Catalog) *cond.Condition {
	compiled, problems := cond.Compile(src, &merge.Scope{Catalog: catalog})
	c.problems = append(c.problems, merge.At(location, problems)...)
	return compiled
}

func (c *compiler) nodes(location string, steps []Step, depth int) []*node {
	nodes := make([]*node, 0, len(steps))
	for i, s := range steps {
		n := c.node(location+index(i), s, depth)
		if s.Type == StepStop && !n.off && i < len(steps)-1 {
			c.warnings = append(c.warnings, merge.Problem{Location: n.location, Message: "The steps after this one never run."})
		}
		nodes = append(nodes, n)
	}
	return nodes
}

func (c *compiler) node(location string, s Step, depth int) *node {
	defer c.disable(s)()
	n := &node{Step: s, location: location, number: len(c.program.flat), off: c.off}
	c.program.flat = append(c.program.flat, n)
	c.identify(n)
	catalog := c.program.catalog.WithOpen(c.steps...)
	c.steps = append(c.steps, merge.MakeCode("Steps", s.ID))
	c.common(n)
	switch s.Type {
	case StepBranch:
		c.branch(n, catalog, depth)
	case StepDelay:
		c.delay(n)
	case StepStop:
		_, problems := compileConfig(s.Config, nil, &merge.Scope{Catalog: catalog})
		c.problems = append(c.problems, merge.At(location+".config", problems)...)
	default:
		c.action(n, catalog)
	}
	if s.Type != StepBranch && (len(s.Branches) > 0 || len(s.Otherwise) > 0) {
		c.problem(location, "Only a step of type branch has branches.")
	}
	return n
}

func (c *compiler) identify(n *node) {
	switch earlier, taken := c.ids[n.ID]; {
	case !validSlug(n.ID):
		c.problem(n.location+".id", fmt.Sprintf("%q cannot be a step's id: take up to 64 lower-case letters, digits, - and _.", n.ID))
	case taken:
		c.problem(n.location+".id", fmt.Sprintf("The id %q is taken by %s.", n.ID, earlier))
	default:
		c.ids[n.ID] = n.location
	}
}

// common checks what every step may carry.
func (c *compiler) common(n *node) {
	if n.OnError != "" && n.OnError != onErrorStop && n.OnError != onErrorContinue {
		c.problem(n.location+".on_error", "on_error must be stop or continue.")
	}
	if n.OnUnknown != "" && n.OnUnknown != onUnknownRepeat && n.OnUnknown != onUnknownHold {
		c.problem(n.location+".on_unknown", "on_unknown must be repeat or hold.")
	}
	var problems []merge.Problem
	n.schedule, problems = newSchedule(n.Retry)
	c.problems = append(c.problems, merge.At(n.location+".retry", problems)...)
}

func (c *compiler) branch(n *node, catalog merge.Catalog, depth int) {
	if depth >= MaxBranches {
		c.problem(n.location, fmt.Sprintf("Branches can be nested at most %d deep.", MaxBranches))
		return
	}
	if len(n.Branches) == 0 {
		c.problem(n.location+".branches", "A branch step needs at least one branch.")
	}
	if _, problems := compileConfig(n.Config, nil, &merge.Scope{Catalog: catalog}); problems != nil {
		c.problems = append(c.problems, merge.At(n.location+".config", problems)...)
	}
	for i, b := range n.Branches {
		at := n.location + ".branches" + index(i)
		if b.Condition == "" {
			c.problem(at+".condition", "The branch needs a condition.")
		}
		condition := c.compileCondition(at+".condition", b.Condition, catalog)
		if condition != nil {
			n.codes = append(n.codes, condition.Codes()...)
		}
		name := b.Name
		if name == "" {
			name = "branch " + index(i)
		}
		n.arms = append(n.arms, arm{name: name, condition: condition, steps: c.nodes(at+".steps", b.Steps, depth+1)})
	}
	n.otherwise = c.nodes(n.location+".otherwise", n.Otherwise, depth+1)
}

// delayFields is what a delay can be told.
func delayFields() []Field {
	return []Field{{Name: "for", Label: "The time to wait", Type: DurationField, Required: true, Help: "90s, 15m, 36h, 3d or 2w"}}
}

func (c *compiler) delay(n *node) {
	_, problems := compileConfig(n.Config, delayFields(), &merge.Scope{Catalog: c.program.catalog})
	c.problems = append(c.problems, merge.At(n.location+".config", problems)...)
	if len(problems) == 0 {
		n.delay, _ = ParseDuration(configText(n.Config, "for")) // checked just now
	}
}

func (c *compiler) action(n *node, catalog merge.Catalog) {
	a, ok := c.engine.Config.Actions.Get(n.Type)
	if !ok {
		c.problem(n.location+".type", fmt.Sprintf("There is no step type %q. The types are %s.", n.Type,
			joinAnd(append(c.engine.Config.Actions.Types(), StepBranch, StepDelay, StepStop))))
		return
	}
	n.action, n.spec = a, a.Spec()
	n.mail, _ = a.(Addresser)
	n.authID = configText(n.Config, "authentication_id")
	var problems []merge.Problem
	n.config, problems = compileConfig(n.Config, n.spec.Fields, &merge.Scope{Catalog: catalog})
	if checker, ok := a.(ConfigChecker); ok && len(problems) == 0 {
		problems = checker.CheckConfig(n.Config)
	}
	c.problems = append(c.problems, merge.At(n.location+".config", problems)...)
	if n.config != nil {
		n.codes = append(n.codes, n.config.codes()...)
	}
}

// wanted is everything that the trigger has to supply for the program.
func (c *compiler) wanted() []merge.Code {
	codes := slices.Clone(c.program.once)
	if c.program.condition != nil {
		codes = append(codes, c.program.condition.Codes()...)
	}
	for _, n := range c.program.flat {
		if !n.off {
			codes = append(codes, n.codes...)
		}
	}
	slices.Sort(codes)
	codes = slices.Compact(codes)
	return slices.DeleteFunc(codes, func(code merge.Code) bool {
		return code.Root() == eventRoot || code.Root() == stepsRoot
	})
}

// configText returns a text of a config, "" when it is none.
func configText(raw []byte, name string) string {
	object, err := merge.DecodeObject(raw)
	if err != nil {
		return ""
	}
	value, _ := object.Get(name)
	text, _ := value.(string)
	return text
}
