package cond

import (
	"strings"
	"time"

	"cartwheel/merge"
)

// Judge decides one condition after the other: it is for those who ask a
// thousand about one event. What an evaluation needs is used again, and the
// texts of the reasons stand in a few large pieces of memory. The zero Judge is
// ready. One goroutine uses it.
type Judge struct {
	frame   frame
	text    []byte          // of the reason that is being written
	reasons strings.Builder // what is in it is never written again, so reasons are parts of it
}

// maxReasons is how much memory for reasons is taken at once, in bytes.
const maxReasons = 16 << 10

// Decide is Condition.Decide without the Explanation.
func (j *Judge) Decide(c *Condition, env merge.Env) (result bool, reason string, err error) {
	if c.program == nil {
		return true, "No condition: always.", nil
	}
	defer func() {
		if r := recover(); r != nil {
			result, reason, err = false, "", fault(r)
		}
	}()
	f := &j.frame
	f.reset(env, len(c.program.leaves))
	result = c.program.test.eval(f)
	if f.err != nil {
		return false, "", f.err
	}
	if j.text == nil {
		j.text = make([]byte, 0, 256) // of an ordinary reason
	}
	j.text = c.program.appendReason(j.text[:0], f)
	return result, j.keep(j.text), nil
}

// keep makes a string of a reason.
func (j *Judge) keep(text []byte) string {
	if b := &j.reasons; b.Cap()-b.Len() < len(text) {
		size := max(len(text), min(2*b.Cap(), maxReasons)) // a single reason takes no more than it is long
		b.Reset()
		b.Grow(size)
	}
	from := j.reasons.Len()
	j.reasons.Write(text)
	return j.reasons.String()[from:]
}

// newFrame prepares one evaluation without records.
func newFrame(env merge.Env) *frame {
	f := &frame{}
	f.begins(env)
	return f
}

// reset makes f ready for a condition with so many leaves.
func (f *frame) reset(env merge.Env, leaves int) {
	records := f.records
	if cap(records) < leaves {
		records = make([]record, leaves)
	}
	records = records[:leaves]
	clear(records)
	*f = frame{records: records, missing: f.missing[:0], decisive: f.decisive[:0]}
	f.begins(env)
}

func (f *frame) begins(env merge.Env) {
	f.root, f.locals, f.meter, f.now = env.Root, env.Locals, env.Meter, env.Now
	if f.meter == nil {
		f.meter = merge.NewMeter(time.Now)
	}
}
