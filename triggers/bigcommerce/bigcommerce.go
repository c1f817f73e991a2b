// Package bigcommerce brings the events of a BigCommerce store in.
//
// A webhook of the store says what happened and to which object, no more
// ({"type":"shipment","id":903,"orderId":4127}). The package has three parts:
//
//   - events.go is THE TABLE: one row per trigger. hooks.go checks and reads the
//     webhooks, subscribe.go registers them at the store.
//   - plan.go works out which objects the merge codes in use need, fetch.go reads
//     exactly those, catalog.go and its sisters name every code there is.
//   - client.go speaks to the store's V2 and V3 APIs, limits.go keeps within the
//     store's shared quota, apierror.go turns refusals into sentences.
//
// auth.go is the store connection itself. Values keep the form they have on the
// wire: "30.0000" stays a text, a guest's missing customer stays missing.
package bigcommerce

import "cartwheel/engine"

// AuthName is the type of the authentications that this package works with,
// and the word in the path of their webhooks.
const AuthName = "bigcommerce"

// Triggers makes one trigger per row of the table; they share c.
func Triggers(c *Client) []engine.Trigger {
	rows := events()
	all := make([]engine.Trigger, len(rows))
	for i, row := range rows {
		all[i] = newTrigger(c, row)
	}
	return all
}
