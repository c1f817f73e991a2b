package merge

import (
	"errors"
	"time"
)

// ErrLimit ends an evaluation or a rendering that asks for too much work.
// The workflow is at fault: doing it again gives the same.
var ErrLimit = errors.New("too much work")

// ErrSlow ends an evaluation that ran out of time although it had work units
// left. The machine is at fault: it may be tried again.
var ErrSlow = errors.New("out of time")

// Language is an expression language for {{#if ...}} and {{= ...}}.
type Language interface {
	// Compile checks src against s. at is where src begins in the surrounding
	// text; the problems' lines and columns count from there. boolean asks for a
	// yes/no result: any other static type is then a problem.
	// The Program is nil when there are problems.
	Compile(src string, at Position, s *Scope, boolean bool) (Program, []Problem)
}

// Program is a compiled expression, safe for use by several goroutines.
type Program interface {
	// Codes are the merge codes that the expression reads, as long as they can
	// be told statically ("BigCommerce | Products" for any(BigCommerce.Products, ...)).
	// Local names (item) are not among them.
	Codes() []Code
	// Eval computes the value: nil, bool, string, int, int64, float64,
	// json.Number, time.Time, time.Duration, []any or Object.
	// Errors: ErrLimit, ErrSlow (errors.Is).
	Eval(env Env) (any, error)
}

// Env is what an expression or a template sees while it is evaluated.
type Env struct {
	// Root holds the codes' values: {"BigCommerce": {"Order": {...}}, "Event": ..., "Steps": ...}.
	Root Object
	// Locals are the loop variables by name ("item"); they hide roots.
	Locals map[string]any
	// Meter is charged for the work; one Meter for all the templates and
	// expressions of one step (or for one condition). nil means a fresh one.
	Meter *Meter
	// Now is the moment of now() and days_since(); fixed for one evaluation.
	Now time.Time
}

// Limits of one condition or of all the templates of one step (reliability: "the condition guard").
const (
	MaxWork = 50_000      // work units
	MaxTime = time.Second // backstop only: work decides
)

// Meter counts work. It is not safe for concurrent use.
type Meter struct {
	left, due int
	until     time.Time
	clock     func() time.Time
}

// NewMeter returns a full Meter that starts now by clock (time.Now in the program).
func NewMeter(clock func() time.Time) *Meter {
	m := &Meter{clock: clock}
	m.Restart()
	return m
}

// Restart makes m full again; its time starts now.
func (m *Meter) Restart() {
	m.left, m.due, m.until = MaxWork, 64, m.clock().Add(MaxTime)
}

// Charge takes n units. The clock is read every 64 units only.
// Errors: ErrLimit, ErrSlow.
func (m *Meter) Charge(n int) error {
	if m.left -= n; m.left < 0 {
		return ErrLimit
	}
	if m.due -= n; m.due <= 0 {
		m.due = 64
		if m.clock().After(m.until) {
			return ErrSlow
		}
	}
	return nil
}
