package merge

import (
	"fmt"
	"maps"
	"strings"
	"time"
)

// node is a part of a parsed template.
type node interface{ render(r *renderer) error }

type literal string

type valueNode struct {
	operands []operand
	formats  []format
	escape   escaping
}

// operand is one of the alternatives of {{ a ?? b }}, or the expression of {{= a }}.
type operand struct {
	ref        *ref    // a merge code
	program    Program // an expression; nil if it had problems
	fixed      any     // a text or number
	expression bool
	entry      Entry // what the catalogue says of ref
	currency   *ref  // holds the currency of the amount, nil: unknown
}

// ref is a merge code, taken apart once.
type ref struct {
	segments []string
	local    bool // the first segment is a loop variable
}

type ifNode struct {
	program         Program
	then, otherwise []node
}

type eachNode struct {
	list ref
	body []node
}

type renderer struct {
	t   *Template
	env Env
	out []byte
	// quote is behind the last quote of the HTML; values have theirs escaped.
	quote int
}

// Render fills t in. Values that look like templates are not expanded. Without
// a Meter in env the work is limited, but not the time.
//
// Errors: [ErrLimit] (more work than the Meter allows, or an output of more than
// [MaxOutput] bytes), [ErrSlow], and what a [Program] returns. Data never fails:
// a missing value prints as nothing, in JSON as null, and a format leaves alone what it cannot read.
func (t *Template) Render(env Env) (string, error) {
	if env.Meter == nil {
		now := env.Now // env itself would move to the heap
		env.Meter = NewMeter(func() time.Time { return now })
	}
	r := renderer{t: t, env: env, out: make([]byte, 0, min(t.size, MaxOutput))}
	if err := r.all(t.nodes); err != nil {
		return "", err
	}
	return string(r.out), nil
}

func (r *renderer) all(nodes []node) error {
	for _, n := range nodes {
		if err := n.render(r); err != nil {
			return err
		}
		if len(r.out) > MaxOutput {
			return fmt.Errorf("the text is longer than 1 MiB: %w", ErrLimit)
		}
	}
	return nil
}

func (s literal) render(r *renderer) error {
	if r.t.place == PlaceHTML {
		if i := strings.LastIndexAny(string(s), `"'`); i >= 0 {
			r.quote = len(r.out) + i + 1
		}
	}
	r.out = append(r.out, s...)
	return nil
}

func (n *valueNode) render(r *renderer) error {
	if err := r.env.Meter.Charge(1); err != nil {
		return err
	}
	var v any
	var chosen *operand
	for i := range n.operands {
		var err error
		chosen = &n.operands[i]
		if v, err = r.value(chosen); err != nil {
			return err
		}
		if !IsEmpty(v) {
			break
		}
	}
	size := sizeOf(v)
	if err := r.env.Meter.Charge(size / 64); err != nil {
		return err
	}
	if size > MaxOutput {
		return fmt.Errorf("a value is longer than 1 MiB: %w", ErrLimit)
	}
	for i := range n.formats {
		v = r.format(&n.formats[i], v, chosen)
	}
	if n.escape == asHTMLURL {
		r.out = appendHTMLURL(r.out, Text(v), r.beginsURL())
	} else {
		r.out = appendValue(r.out, v, n.escape)
	}
	return nil
}

// beginsURL tells whether nothing that a browser sees has been written since the
// attribute's quote. Only rendering shows it: a code before this one may be missing.
func (r *renderer) beginsURL() bool {
	for r.quote < len(r.out) && r.out[r.quote] <= ' ' {
		r.quote++
	}
	begun := r.out[r.quote:]
	if len(begun) > 0 && begun[0] == '&' { // &#32; is a blank too
		return bareURL(string(begun[:min(len(begun), 1024)])) == ""
	}
	return len(begun) == 0
}

func (r *renderer) value(o *operand) (any, error) {
	switch {
	case o.ref != nil:
		return r.follow(o.ref), nil
	case o.program != nil:
		return o.program.Eval(r.env)
	default:
		return o.fixed, nil
	}
}

func (r *renderer) follow(c *ref) any {
	if c.local {
		return follow(r.env.Locals[c.segments[0]], c.segments[1:])
	}
	return follow(r.env.Root, c.segments)
}

// sizeOf estimates the bytes of v when printed.
func sizeOf(v any) int {
	switch v := v.(type) {
	case string:
		return len(v)
	case []any:
		n := 2 + len(v)
		for _, e := range v {
			n += sizeOf(e)
		}
		return n
	case Object:
		n := 2
		for k, e := range v.All() {
			n += len(k) + 4 + sizeOf(e)
		}
		return n
	default:
		return 8
	}
}

func (n *ifNode) render(r *renderer) error {
	if err := r.env.Meter.Charge(1); err != nil {
		return err
	}
	if n.program == nil {
		return r.all(n.otherwise)
	}
	v, err := n.program.Eval(r.env)
	if err != nil {
		return err
	}
	if v == true {
		return r.all(n.then)
	}
	return r.all(n.otherwise)
}

// render goes through the list; what is no list has no entries.
func (n *eachNode) render(r *renderer) error {
	if err := r.env.Meter.Charge(1); err != nil {
		return err
	}
	list, _ := r.follow(&n.list).([]any)
	if len(list) == 0 {
		return nil
	}
	outer := r.env.Locals
	inner := make(map[string]any, len(outer)+1)
	maps.Copy(inner, outer)
	r.env.Locals = inner
	defer func() { r.env.Locals = outer }()
	for _, item := range list {
		if err := r.env.Meter.Charge(1); err != nil {
			return err
		}
		inner[itemName] = item
		if err := r.all(n.body); err != nil {
			return err
		}
	}
	return nil
}
