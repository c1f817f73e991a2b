package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"cartwheel/merge"
)

// trialTime is how long the acts of one test run may take together; somebody waits for the answer.
const trialTime = 60 * time.Second

// TestWorkflow works through a workflow as a live run would, delays aside. Nothing is stored and, unless the
// trial says so, nothing sent: then only reads at the store leave the machine. Errors: NotFound, Invalid, Conflict (sending is stopped).
func (e *Engine) TestWorkflow(ctx context.Context, id string, trial Trial) (TestRun, error) {
	if (trial.Mail || trial.Calls) && e.SendingStopped() {
		return TestRun{}, Errorf(Conflict, "%s Start it there again, or test without sending.", sendingStopped)
	}
	w, err := e.Store.Workflow(ctx, id)
	if err != nil {
		return TestRun{}, err
	}
	if trial.Definition != nil {
		w.Draft = *trial.Definition
	}
	c, err := e.checked(ctx, w)
	if err != nil {
		return TestRun{}, err
	}
	p, _, _ := e.compile(w.Draft)
	if trial.Until != "" && p.node(trial.Until) == nil {
		return TestRun{}, invalidAt("body.until", fmt.Sprintf("There is no step %q to run to.", trial.Until))
	}
	m, err := e.material(ctx, w.Draft.Trigger, trial.Source, p.catalog, p.codes)
	if err != nil {
		return TestRun{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, trialTime)
	defer cancel()
	t := &tester{engine: e, ctx: ctx, id: id, key: newID(), trial: trial, program: p, material: m,
		steps: make([]TestStep, len(p.flat)), simulated: map[string]bool{}}
	return t.test(c.Problems), nil
}

// tester works through a program; it acts only where the trial says so.
type tester struct {
	engine    *Engine
	ctx       context.Context //nolint:containedctx // lives for one call of TestWorkflow
	id        string          // of the workflow
	key       string          // stands for the run in what is sent
	trial     Trial
	program   *program
	material  material
	run       TestRun
	steps     []TestStep
	outputs   merge.Object    // what the steps so far have put out
	simulated map[string]bool // steps that a live run would do here and the test did not
	noted     bool            // the audit log knows
	stopped   bool            // a live run would have ended
	ended     bool            // Until is passed
}

func (t *tester) test(problems []merge.Problem) TestRun {
	t.run.Problems = slices.Clone(problems)
	if t.material.failed != nil {
		t.run.Problems = append(t.run.Problems, merge.Problem{Message: "Not everything could be read from the store: " + MessageOf(t.material.failed)})
	}
	t.decide()
	for _, n := range t.program.flat {
		t.steps[n.number] = TestStep{ID: n.ID, Type: n.Type, Status: StepSkipped}
	}
	t.assign(problems)
	t.walk(t.program.root, t.run.Matched)
	t.run.Steps = t.steps
	return t.run
}

// assign gives each step the problems that stand in it.
func (t *tester) assign(problems []merge.Problem) {
	for _, p := range problems {
		var best *node
		for _, n := range t.program.flat {
			rest, within := strings.CutPrefix(p.Location, n.location)
			if within && (rest == "" || rest[0] == '.') && (best == nil || len(n.location) > len(best.location)) {
				best = n
			}
		}
		if best != nil {
			t.steps[best.number].Problems = append(t.steps[best.number].Problems, p)
		}
	}
}

func (t *tester) decide() {
	t.run.Status = RunSucceeded
	if t.program.condition == nil {
		t.run.Reason = "The condition has problems."
		return
	}
	verdict, err := t.engine.explained(t.program.condition, t.material.root)
	if err != nil {
		t.run.Reason = conditionFailed(err)
		return
	}
	t.run.Matched, t.run.Reason, t.run.Explanation = verdict.Result, verdict.Reason, explain(verdict)
}

// walk shows every step up to Until; live says whether a run would come here.
func (t *tester) walk(nodes []*node, live bool) {
	for _, n := range nodes {
		step := &t.steps[n.number]
		if t.ended {
			step.Reason = fmt.Sprintf("Not part of this test: it ends with the step %s.", t.trial.Until)
			t.walkArms(n, false, 0)
			continue
		}
		t.ended = n.ID == t.trial.Until
		if n.off {
			step.Reason = switchedOff
			t.walkArms(n, false, 0)
			continue
		}
		live := live && !t.stopped
		if live {
			step.Status = StepSucceeded
		}
		switch n.Type {
		case StepBranch:
			t.branch(n, step, live)
		case StepDelay:
			step.WouldWait = configText(n.Step.Config, "for")
			step.Reason = fmt.Sprintf("Would wait %s.", step.WouldWait)
		case StepStop:
			t.stopped = t.stopped || live
		default:
			t.action(n, step, live)
		}
	}
}

// branch shows what each arm decides, and goes down the first that holds.
func (t *tester) branch(n *node, step *TestStep, live bool) {
	taken, failure := 0, ""
	out := branchOutput{Branch: "otherwise", Reason: "No branch's condition holds."}
	for i, a := range n.arms {
		arm := TestArm{Name: a.name, Condition: n.Branches[i].Condition, Explanation: []Comparison{}}
		if a.condition == nil {
			arm.Reason = "The condition has problems."
			step.Arms = append(step.Arms, arm)
			continue
		}
		for _, code := range a.condition.Codes() {
			step.Codes = append(step.Codes, t.material.uses([]merge.Use{{Code: code, Known: true}})...)
		}
		verdict, err := t.engine.explained(a.condition, t.material.root)
		if err != nil {
			arm.Reason = conditionFailed(err)
			if taken == 0 && failure == "" {
				failure = arm.Reason
			}
		} else {
			arm.Result, arm.Reason, arm.Explanation = &verdict.Result, verdict.Reason, explain(verdict)
			arm.Taken = verdict.Result && taken == 0 && failure == ""
		}
		if arm.Taken {
			taken, out = i+1, branchOutput{Branch: a.name, Arm: i + 1, Reason: verdict.Reason}
		}
		step.Arms = append(step.Arms, arm)
	}
	if failure != "" {
		t.failed(step, failure, live)
		t.walkArms(n, false, 0)
		return
	}
	step.Reason = "No branch's condition holds: otherwise."
	if taken > 0 {
		step.Reason = out.Branch + ": " + out.Reason
	}
	step.Reason += t.unknown(step.Codes)
	if live {
		t.output(step, out)
	}
	t.walkArms(n, live, taken)
}

// walkArms shows the steps below a branch; taken is the place of the arm from 1, 0: otherwise.
func (t *tester) walkArms(n *node, live bool, taken int) {
	for i, a := range n.arms {
		t.walk(a.steps, live && i+1 == taken)
	}
	t.walk(n.otherwise, live && taken == 0)
}

// action shows what an action would be given and send, and sends it where the trial says so.
func (t *tester) action(n *node, step *TestStep, live bool) {
	if n.config == nil {
		return
	}
	n.config.templates(func(_ string, tpl *merge.Template) {
		if tpl != nil {
			step.Codes = append(step.Codes, t.material.uses(tpl.Uses())...)
		}
	})
	unknown := t.unknown(step.Codes)
	rendered, err := n.config.render(t.engine.env(t.material.root))
	if err != nil {
		t.cannot(step, renderFailed(err), unknown, live)
		return
	}
	step.Config, step.Reason = rendered, strings.TrimSpace(unknown)
	auth, err := t.engine.auth(t.ctx, n.authID)
	if err != nil {
		t.failed(step, MessageOf(err), live)
		return
	}
	r := Request{Key: "preview-" + n.ID, Config: rendered, Auth: auth, Attempt: 1, Depth: t.material.depth}
	if previewer, ok := n.action.(Previewer); ok {
		request, err := previewer.Preview(r)
		step.Request = auth.Redact(request)
		if err != nil {
			t.cannot(step, MessageOf(err), unknown, live)
			return
		}
	}
	if live {
		t.act(n, step, r)
	}
}

// unknown says which codes have no value only because a step was not really done. It begins with a blank.
func (t *tester) unknown(uses []CodeUse) string {
	var said strings.Builder
	told := map[merge.Code]bool{}
	for _, u := range uses {
		segments := u.Code.Segments()
		if u.Status != CodeMissing || told[u.Code] || u.Code.Root() != stepsRoot || len(segments) < 2 || !t.simulated[segments[1]] {
			continue
		}
		told[u.Code] = true
		fmt.Fprintf(&said, " %s has no value here, because this test has not really done the step %s.", u.Code, segments[1])
	}
	return said.String()
}

// cannot marks a step that fails here; unknown says that a live run may know more.
func (t *tester) cannot(step *TestStep, reason, unknown string, live bool) {
	if unknown == "" {
		t.failed(step, reason, live)
		return
	}
	step.Reason = reason + unknown
	if live {
		step.Status = StepPending
		t.simulated[step.ID] = true
	}
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

// output keeps what later steps read.
func (t *tester) output(step *TestStep, v any) {
	raw, ok := v.(json.RawMessage)
	if !ok {
		var err error
		if raw, err = json.Marshal(v); err != nil {
			return // texts and numbers: cannot be
		}
	}
	object, err := merge.DecodeObject(raw)
	if err != nil {
		return
	}
	step.Output = raw
	t.outputs.Set(step.ID, object)
	t.material.root.Set(stepsRoot, t.outputs)
}
