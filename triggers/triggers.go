// Package triggers lists everything that a workflow can start from. A new
// trigger is a package below this one and a line here.
package triggers

import (
	"time"

	"cartwheel/engine"
	"cartwheel/triggers/bigcommerce"
)

// Deps is what the triggers are made with.
type Deps struct {
	// BigCommerce is the one client of all stores; it keeps their API budgets.
	BigCommerce *bigcommerce.Client
	// LateSignature, if set, is told how old a webhook's signature was that came late but was right.
	LateSignature func(age time.Duration)
}

// All lists the triggers.
func All(d Deps) []engine.Trigger { return bigcommerce.Triggers(d.BigCommerce) }

// AuthTypes lists the authentication types that triggers bring along.
func AuthTypes(d Deps) []engine.AuthType {
	return []engine.AuthType{bigcommerce.NewAuthType(d.BigCommerce)}
}

// Receivers lists who reads the webhooks of /hooks/<word>/{key}, by word.
func Receivers(d Deps) map[string]engine.Receiver {
	return map[string]engine.Receiver{bigcommerce.AuthName: bigcommerce.Receiver{Late: d.LateSignature}}
}
