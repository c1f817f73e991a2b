package triggers_test

import (
	"net/http"
	"testing"

	"cartwheel/engine"
	"cartwheel/triggers"
	"cartwheel/triggers/bigcommerce"
)

// Every trigger's authentication exists, and whoever subscribes has a receiver for what comes.
func TestTheListsFitTogether(t *testing.T) {
	d := triggers.Deps{BigCommerce: bigcommerce.NewClient(bigcommerce.Options{HTTP: http.DefaultClient})}
	auths := engine.NewSet(triggers.AuthTypes(d)...)
	for _, tr := range engine.NewSet(triggers.All(d)...).All() {
		s := tr.Spec()
		for _, typ := range s.Auth {
			if _, ok := auths.Get(typ); !ok {
				t.Errorf("%s needs the authentication type %q, which is not listed", s.Type, typ)
			}
		}
		if _, err := tr.Catalog(s.Example); err != nil || s.Title == "" || s.Summary == "" {
			t.Errorf("%s: got %+v, catalogue error %v", s.Type, s, err)
		}
	}
	receivers := triggers.Receivers(d)
	for _, a := range auths.All() {
		if sub, ok := a.(engine.Subscriber); ok && receivers[sub.Intake()] == nil {
			t.Errorf("%s subscribes to webhooks that nobody receives at /hooks/%s/", a.Spec().Type, sub.Intake())
		}
	}
}
