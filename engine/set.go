package engine

import "fmt"

// Set is a registry of things that describe themselves, in the order in which they were listed.
type Set[T interface{ Spec() Spec }] struct {
	all    []T
	byType map[string]T
}

// NewSet makes a registry. Two of one type panic: our mistake, seen at the first start.
func NewSet[T interface{ Spec() Spec }](all ...T) *Set[T] {
	s := &Set[T]{all: all, byType: make(map[string]T, len(all))}
	for _, t := range all {
		name := t.Spec().Type
		if _, twice := s.byType[name]; twice {
			panic(fmt.Sprintf("engine: two things are called %q", name))
		}
		s.byType[name] = t
	}
	return s
}

// All lists the members in order. Do not change it.
func (s *Set[T]) All() []T { return s.all }

// Get returns the member called name.
func (s *Set[T]) Get(name string) (T, bool) {
	t, ok := s.byType[name]
	return t, ok
}

// Types lists the members' names in order.
func (s *Set[T]) Types() []string {
	names := make([]string, len(s.all))
	for i, t := range s.all {
		names[i] = t.Spec().Type
	}
	return names
}
