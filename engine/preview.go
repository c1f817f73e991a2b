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
	depth  int // of the event
}

// PreviewTemplate renders a template for a stored event, a sample, a payload or the
// trigger's own sample. What is wrong stands in Problems; only reads at the store
// leave the machine. Errors: NotFound (trigger, event), Invalid.
func (e *Engine) PreviewTemplate(ctx context.Context, in PreviewInput) (Preview, error) {
	const only = ""
	previews, err := e.previewAll(ctx, in.Trigger, in.Source, map[string]PlacedTemplate{only: {in.Template, in.Place}},
		func(string) string { return "body.template" })
	return previews[only], err
}

// PreviewTemplates is PreviewTemplate for many templates of one step at once: what they need is read once.
func (e *Engine) PreviewTemplates(ctx context.Context, in PreviewsInput) (map[string]Preview, error) {
	return e.previewAll(ctx, in.Trigger, in.Source, in.Templates, func(name string) string { return "body.templates." + name + ".template" })
}

func (e *Engine) previewAll(ctx context.Context, ref TriggerRef, src Source, all map[string]PlacedTemplate, location func(name string) string) (map[string]Preview, error) {
	catalog, err := e.previewCatalog(ref)
	if err != nil {
		return nil, err
	}
	parsed, previews := map[string]*merge.Template{}, map[string]Preview{}
	var want []merge.Code
	for name, t := range all {
		tpl, problems := merge.Parse(t.Text, t.Place, &merge.Scope{Catalog: catalog}, cond.Language{})
		previews[name] = Preview{Codes: []CodeUse{}, Problems: merge.At(location(name), problems)}
		if tpl != nil {
			parsed[name] = tpl
			want = append(want, tpl.Codes()...)
		}
	}
	if len(parsed) == 0 {
		return previews, nil
	}
	m, err := e.material(ctx, ref, src, catalog, want)
	if err != nil {
		return nil, err
	}
	for name, tpl := range parsed {
		p := previews[name]
		p.Codes = m.uses(tpl.Uses())
		if p.Output, err = tpl.Render(e.env(m.root)); err != nil {
			p.Problems = append(p.Problems, merge.Problem{Location: location(name), Message: renderFailed(err)})
		}
		previews[name] = p
	}
	return previews, nil
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
			fetched, m.failed = e.fetch(ctx, &ev, values, missing)
			values = union(values, fetched.Values)
		}
		m.root, m.depth = rootOf(&ev, values), ev.Depth
	case src.SampleID != "":
		sample, err := e.Store.Sample(ctx, src.SampleID)
		if CodeOf(err) == NotFound {
			return m, invalidAt("body.sample_id", fmt.Sprintf("There is no sample %q; after 30 days a sample is gone. Fetch it anew.", src.SampleID))
		}
		if err != nil {
			return m, err
		}
		m.root = rootOf(sample.event(), sample.Values)
	case src.Payload != nil:
		m.root = rootOf(sampleEvent(ref, e), *src.Payload)
	default:
		m.root = sampleValues(catalog)
		m.root.Put(merge.MakeCode(eventRoot, "trigger"), ref.Type)
	}
	return m, nil
}

// sampleEvent stands in for the event of a payload.
func sampleEvent(ref TriggerRef, e *Engine) *Event {
	return &Event{ID: "preview", Trigger: ref.Type, Scope: ref.Type, Entity: "preview", ReceivedAt: e.now()}
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
	verdict, err := e.explained(compiled, m.root)
	if err != nil {
		return ConditionCheck{Problems: []merge.Problem{{Location: "body.condition", Message: conditionFailed(err)}}, Explanation: []Comparison{}}, nil
	}
	check := ConditionCheck{OK: true, Result: &verdict.Result, Reason: verdict.Reason, Explanation: explain(verdict),
		Rules: e.ruleResults(in.Condition, catalog, m.root)}
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
