package engine

import (
	"slices"

	"cartwheel/merge"
)

// Explainer is a Trigger that can say why it cannot supply what other triggers do.
type Explainer interface {
	// Lacks says in a sentence why there is no root ("BigCommerce | Cart") here; "" if it has nothing to say.
	Lacks(root merge.Code) string
}

// Unavailable is an object whose merge codes other triggers supply and one cannot.
type Unavailable struct {
	Root   merge.Code // "BigCommerce | Cart"
	Reason string
	Codes  []merge.Code
}

// UnavailableCodes lists what other triggers supply and typ cannot. Errors: NotFound.
func (e *Engine) UnavailableCodes(typ string) ([]Unavailable, error) {
	t, ok := e.Config.Triggers.Get(typ)
	if !ok {
		return nil, Errorf(NotFound, "There is no trigger %q.", typ)
	}
	own, err := e.catalogs.of(t, nil)
	if err != nil {
		return nil, err
	}
	var all []Unavailable
	carriers := map[merge.Code][]string{}
	for _, other := range e.Config.Triggers.All() {
		catalog, err := e.catalogs.of(other, nil)
		if err != nil {
			return nil, err
		}
		for _, entry := range catalog.Entries() {
			root := objectOf(entry.Code)
			if _, have := own.Lookup(root); have {
				continue
			}
			all = addUnavailable(all, root, entry.Code)
			if title := other.Spec().Title; !slices.Contains(carriers[root], title) {
				carriers[root] = append(carriers[root], title)
			}
		}
	}
	for i, u := range all {
		all[i].Reason = whyLacking(t, u.Root, carriers[u.Root])
	}
	return all, nil
}

func addUnavailable(all []Unavailable, root, code merge.Code) []Unavailable {
	i := slices.IndexFunc(all, func(u Unavailable) bool { return u.Root == root })
	if i < 0 {
		return append(all, Unavailable{Root: root, Codes: []merge.Code{code}})
	}
	if !slices.Contains(all[i].Codes, code) {
		all[i].Codes = append(all[i].Codes, code)
	}
	return all
}

// whyLacking is the trigger's own reason, else which triggers have it.
func whyLacking(t Trigger, root merge.Code, carriers []string) string {
	if explainer, ok := t.(Explainer); ok {
		if reason := explainer.Lacks(root); reason != "" {
			return reason
		}
	}
	return "Only the trigger " + joinOr(carriers) + " supplies it."
}
