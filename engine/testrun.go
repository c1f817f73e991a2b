package engine

import (
	"context"
	"fmt"

	"cartwheel/merge"
)

// TestWorkflow works through the draft of a workflow as a live run would, for a
// stored event, a payload or the trigger's sample. Nothing is sent and nothing
// stored; only reads at the store leave the machine. Errors: NotFound, Invalid.
func (e *Engine) TestWorkflow(ctx context.Context, id string, src Source) (TestRun, error) {
	c, err := e.Workflow(ctx, id)
	if err != nil {
		return TestRun{}, err
	}
	p, _, _ := e.compile(c.Draft)
	m, err := e.material(ctx, c.Draft.Trigger, src, p.catalog, p.codes)
	if err != nil {
		return TestRun{}, err
	}
	t := &tester{engine: e, ctx: ctx, program: p, material: m, steps: make([]TestStep, len(p.flat))}
	t.run.Problems = c.Problems
	if m.failed != nil {
		t.run.Problems = append(t.run.Problems, merge.Problem{Message: "Not everything could be read from the store: " + MessageOf(m.failed)})
	}
	t.decide()
	for _, n := range p.flat {
		t.steps[n.number] = TestStep{ID: n.ID, Type: n.Type, Status: StepSkipped}
	}
	t.walk(p.root, t.run.Matched)
	t.run.Steps = t.steps
	return t.run, nil
}

// tester works through a program without doing anything.
type tester struct {
	engine   *Engine
	ctx      context.Context //nolint:containedctx // lives for one call of TestWorkflow
	program  *program
	material material
	run      TestRun
	steps    []TestStep
	stopped  bool
}

func (t *tester) decide() {
	t.run.Status = RunSucceeded
	if t.program.condition == nil {
		t.run.Reason = "The condition has problems."
		return
	}
	verdict, err := t.engine.ask(t.program.condition.Decide, t.material.root)
	if err != nil {
		t.run.Reason = conditionFailed(err)
		return
	}
	t.run.Matched, t.run.Reason, t.run.Explanation = verdict.Result, verdict.Reason, explain(verdict)
}

// walk shows every step; live says whether a run would come here.
func (t *tester) walk(nodes []*node, live bool) {
	for _, n := range nodes {
		step := &t.steps[n.number]
		live := live && !t.stopped
		if live {
			step.Status = StepSucceeded
		}
		switch n.Type {
		case StepBranch:
			t.branch(n, step, live)
		case StepDelay:
			step.Reason = fmt.Sprintf("Would wait %s.", configText(n.Step.Config, "for"))
		case StepStop:
			t.stopped = t.stopped || live
		default:
			t.action(n, step, live)
		}
	}
}

func (t *tester) branch(n *node, step *TestStep, live bool) {
	taken := -1
	step.Reason = "No branch's condition holds: otherwise."
	for i, a := range n.arms {
		if a.condition == nil {
			continue
		}
		verdict, err := t.engine.verdict(a.condition, t.material.root)
		if err != nil {
			step.Status, step.Reason = StepFailed, conditionFailed(err)
			return
		}
		if verdict.Result {
			taken, step.Reason = i, a.name+": "+verdict.Reason
			break
		}
	}
	for i, a := range n.arms {
		t.walk(a.steps, live && i == taken)
	}
	t.walk(n.otherwise, live && taken == -1)
}

func (t *tester) action(n *node, step *TestStep, live bool) {
	if n.config == nil {
		return
	}
	n.config.templates(func(location string, tpl *merge.Template) {
		if tpl != nil {
			step.Codes = append(step.Codes, t.material.uses(tpl.Uses())...)
		}
	})
	rendered, err := n.config.render(t.engine.env(t.material.root))
	if err != nil {
		t.failed(step, renderFailed(err), live)
		return
	}
	step.Config = rendered
	previewer, ok := n.action.(Previewer)
	if !ok {
		return
	}
	auth, err := t.engine.auth(t.ctx, n.authID)
	if err != nil {
		t.failed(step, MessageOf(err), live)
		return
	}
	request, err := previewer.Preview(Request{Key: "preview-" + n.ID, Config: rendered, Auth: auth, Attempt: 1})
	if err != nil {
		t.failed(step, MessageOf(err), live)
	}
	step.Request = auth.Redact(request)
}

// failed marks a step that a live run could not do.
func (t *tester) failed(step *TestStep, reason string, live bool) {
	step.Reason = reason
	if !live {
		return
	}
	step.Status = StepFailed
	if n := t.program.node(step.ID); n.stopsRun() {
		t.run.Status, t.stopped = RunFailed, true
	}
}
