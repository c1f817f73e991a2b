package engine

import "cartwheel/merge"

// Triggers describes what a workflow can start from.
func (e *Engine) Triggers() []Spec { return specs(e.Config.Triggers) }

// TriggerCatalog describes one trigger with every merge code it supplies. Errors: NotFound.
func (e *Engine) TriggerCatalog(typ string) (Spec, merge.Catalog, error) {
	t, ok := e.Config.Triggers.Get(typ)
	if !ok {
		return Spec{}, merge.Catalog{}, Errorf(NotFound, "There is no trigger %q.", typ)
	}
	catalog, err := t.Catalog(nil)
	if err != nil {
		return Spec{}, merge.Catalog{}, err
	}
	return t.Spec(), withEvent(catalog), nil
}

// Actions describes what a step can do.
func (e *Engine) Actions() []Spec { return specs(e.Config.Actions) }

// Action describes one. Errors: NotFound.
func (e *Engine) Action(typ string) (Spec, error) {
	a, ok := e.Config.Actions.Get(typ)
	if !ok {
		return Spec{}, Errorf(NotFound, "There is no action %q.", typ)
	}
	return a.Spec(), nil
}

// AuthTypes describes the kinds of authentications.
func (e *Engine) AuthTypes() []Spec { return specs(e.Config.AuthTypes) }

func specs[T interface{ Spec() Spec }](set *Set[T]) []Spec {
	out := make([]Spec, len(set.All()))
	for i, t := range set.All() {
		out[i] = t.Spec()
	}
	return out
}
