package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"cartwheel/engine/cond"
	"cartwheel/merge"
)

// material is the data that a preview is made with.
type material struct {
	catalog merge.Catalog
	root    merge.Object
	// unread are the codes that could not be read from the store, and why.
	failed error
	want   []merge.Code
}

// PreviewTemplate renders a template for a stored event, a payload or the
// trigger's sample. What is wrong stands in Problems; only reads at the store
// leave the machine. Errors: NotFound (trigger, event), Invalid.
func (e *Engine) PreviewTemplate(ctx context.Context, in PreviewInput) (Preview, error) {
	catalog, err := e.previewCatalog(in.Trigger)
	if err != nil {
		return Preview{}, err
	}
	t, problems := merge.Parse(in.Template, in.Place, &merge.Scope{Catalog: catalog}, cond.Language{})
	problems = merge.At("body.template", problems)
	if t == nil {
		return Preview{Codes: []CodeUse{}, Problems: problems}, nil
	}
	m, err := e.material(ctx, in.Trigger, in.Source, catalog, t.Codes())
	if err != nil {
		return Preview{}, err
	}
	p := Preview{Codes: m.uses(t.Uses()), Problems: problems}
	if p.Output, err = t.Render(e.env(m.root)); err != nil {
		p.Problems = append(p.Problems, merge.Problem{Location: "body.template", Message: renderFailed(err)})
	}
	return p, nil
}

func renderFailed(err error) string {
	switch {
	case errors.Is(err, merge.ErrLimit):
		return "The template asks for too much work or makes too long a text."
	case errors.Is(err, merge.ErrSlow):
		return "The template ran out of time on this busy machine. Try again."
	default:
		return MessageOf(err)
	}
}

// previewCatalog is what a template of a trigger's workflow may name; steps are not known here.
func (e *Engine) previewCatalog(ref TriggerRef) (merge.Catalog, error) {
	t, ok := e.Config.Triggers.Get(ref.Type)
	if !ok {
		return merge.Catalog{}, invalidAt("body.trigger.type", fmt.Sprintf("There is no trigger %q. The triggers are %s.", ref.Type, joinAnd(e.Config.Triggers.Types())))
	}
	catalog, err := t.Catalog(ref.Config)
	if err != nil {
		return merge.Catalog{}, err
	}
	return withEvent(catalog).WithOpen(merge.MakeCode(stepsRoot)), nil
}

// material gathers the values for a preview. The event is not changed.
func (e *Engine) material(ctx context.Context, ref TriggerRef, src Source, catalog merge.Catalog, want []merge.Code) (material, error) {
	m := material{catalog: catalog, want: want}
	switch {
	case src.EventID != "":
		ev, err := e.Store.Event(ctx, src.EventID)
		if CodeOf(err) == NotFound {
			return m, invalidAt("body.event_id", fmt.Sprintf("There is no event %q.", src.EventID))
		}
		if err != nil {
			return m, err
		}
		values := ev.Values
		if missing := lacking(values, want); len(missing) > 0 {
			var fetched Fetched
			fetched, m.failed = e.fetch(ctx, ev, values, missing)
			values = union(values, fetched.Values)
		}
		m.root = rootOf(ev, values)
	case src.Payload != nil:
		m.root = rootOf(sampleEvent(ref, e), *src.Payload)
	default:
		m.root = sampleValues(catalog)
		m.root.Put(merge.MakeCode(eventRoot, "trigger"), ref.Type)
	}
	return m, nil
}

// sampleEvent stands in for the event of a payload.
func sampleEvent(ref TriggerRef, e *Engine) Event {
	return Event{ID: "preview", Trigger: ref.Type, Scope: ref.Type, Entity: "preview", ReceivedAt: e.now()}
}

// lacking are the codes in want that values do not hold and the trigger could supply.
func lacking(values merge.Object, want []merge.Code) []merge.Code {
	return slices.DeleteFunc(slices.Clone(want), func(c merge.Code) bool {
		_, have := values.Lookup(c)
		return have || c.Root() == eventRoot || c.Root() == stepsRoot
	})
}

// union is a with the objects of b that a does not hold, root by root.
func union(a, b merge.Object) merge.Object {
	var out merge.Object
	for _, o := range []merge.Object{a, b} {
		for _, root := range o.Keys() {
			value, _ := o.Get(root)
			object, isObject := value.(merge.Object)
			if !isObject {
				out.Set(root, value)
				continue
			}
			for _, name := range object.Keys() {
				member, _ := object.Get(name)
				out.Put(merge.MakeCode(root, name), member)
			}
		}
	}
	return out
}

// uses says for every code what it stands for.
func (m material) uses(uses []merge.Use) []CodeUse {
	out := []CodeUse{}
	seen := map[merge.Code]bool{}
	for _, u := range uses {
		if seen[u.Code] {
			continue
		}
		seen[u.Code] = true
		value, found := m.root.Lookup(u.Code)
		entry, _ := m.catalog.Lookup(u.Code)
		use := CodeUse{Code: u.Code, Value: value, Status: CodeOK, Personal: entry.Personal}
		switch {
		case !u.Known:
			use.Status = CodeUnknown
		case found && !merge.IsEmpty(value):
		case m.failed != nil && !found && u.Code.Root() != eventRoot && u.Code.Root() != stepsRoot:
			use.Status = CodeNotFetched
		default:
			use.Status = CodeMissing
		}
		out = append(out, use)
	}
	return out
}

// CheckCondition says what is wrong with a condition, or what it decides for a
// stored event, a payload or the trigger's sample, and why. Errors as PreviewTemplate.
func (e *Engine) CheckCondition(ctx context.Context, in ConditionInput) (ConditionCheck, error) {
	catalog, err := e.previewCatalog(in.Trigger)
	if err != nil {
		return ConditionCheck{}, err
	}
	compiled, problems := cond.Compile(in.Condition, &merge.Scope{Catalog: catalog})
	if len(problems) > 0 {
		return ConditionCheck{Problems: merge.At("body.condition", problems), Explanation: []Comparison{}}, nil
	}
	m, err := e.material(ctx, in.Trigger, in.Source, catalog, compiled.Codes())
	if err != nil {
		return ConditionCheck{}, err
	}
	verdict, err := e.ask(compiled.Decide, m.root)
	if err != nil {
		return ConditionCheck{Problems: []merge.Problem{{Location: "body.condition", Message: conditionFailed(err)}}, Explanation: []Comparison{}}, nil
	}
	check := ConditionCheck{OK: true, Result: &verdict.Result, Reason: verdict.Reason, Explanation: explain(verdict)}
	if m.failed != nil {
		check.Problems = []merge.Problem{{Message: "Not everything could be read from the store: " + MessageOf(m.failed)}}
	}
	return check, nil
}

func explain(v cond.Verdict) []Comparison {
	out := make([]Comparison, len(v.Explanation))
	for i, c := range v.Explanation {
		out[i] = Comparison{Expression: c.Expression, Value: c.Value, Result: c.Result, Missing: c.Missing}
	}
	return out
}

// Sample fetches the object id of a store as the trigger's event would, now. Nothing fires, nothing is stored.
// Errors: NotFound, Invalid, Denied, Temporary.
func (e *Engine) Sample(ctx context.Context, trigger, authenticationID, id string) (merge.Object, error) {
	t, ok := e.Config.Triggers.Get(trigger)
	if !ok {
		return merge.Object{}, Errorf(NotFound, "There is no trigger %q.", trigger)
	}
	sampler, ok := t.(Sampler)
	if !ok {
		return merge.Object{}, Errorf(Invalid, "The trigger %s reads nothing from a store, so there is nothing to fetch.", trigger)
	}
	auth, err := e.auth(ctx, authenticationID)
	if CodeOf(err) == NotFound || err == nil && !slices.Contains(t.Spec().Auth, auth.Type) {
		return merge.Object{}, invalidAt("body.authentication_id", fmt.Sprintf("There is no authentication %q of type %s.", authenticationID, joinOr(t.Spec().Auth)))
	}
	if err != nil {
		return merge.Object{}, err
	}
	ev, err := sampler.Sample(auth, id)
	if err != nil {
		return merge.Object{}, err
	}
	catalog, err := t.Catalog(nil)
	if err != nil {
		return merge.Object{}, err
	}
	var want []merge.Code
	for _, entry := range catalog.Entries() {
		want = append(want, entry.Code)
	}
	fetched, err := t.Codes(ctx, ev, auth, merge.Object{}, want)
	values, _ := auth.RedactValue(fetched.Values).(merge.Object)
	return values, err
}
