package store_test

import (
	"testing"

	"cartwheel/engine"
	"cartwheel/engine/store"
)

// specs are what every database has to do. Each case begins with an empty store.
type spec struct {
	name string
	test func(fixture)
}

func TestSQLite(t *testing.T) {
	suite(t, func(t *testing.T) fixture { return setup(t, store.Options{Exclusive: true}) })
}

// suite runs every case on a store that open makes.
func suite(t *testing.T, open func(t *testing.T) fixture) {
	for _, group := range [][]spec{eventSpecs, decisionSpecs, workflowSpecs, runSpecs, authenticationSpecs, userSpecs, sessionSpecs, upkeepSpecs, auditSpecs, sampleSpecs, lookbackSpecs} {
		for _, s := range group {
			t.Run(s.name, func(t *testing.T) {
				t.Parallel()
				s.test(open(t))
			})
		}
	}
}

// badCursors is shared by all lists.
func badCursors(f fixture, list func(engine.Page) error) {
	f.t.Helper()
	for _, cursor := range []string{"%", "AAAA!", "bm8fbm8fbm8fbm8"} {
		err := list(engine.Page{Cursor: cursor})
		f.code(engine.Invalid, err)
		if problems := problemsOf(err); len(problems) != 1 || problems[0].Location != "query.cursor" {
			f.t.Fatalf("cursor %q: got problems %+v, want one at query.cursor", cursor, problems)
		}
	}
}
