package bigcommerce

import (
	"encoding/json"
	"fmt"
	"strings"

	"cartwheel/engine"
	"cartwheel/merge"
)

// Trigger is one row of the table.
type Trigger struct {
	client  *Client
	row     event
	reach   reach
	catalog merge.Catalog
}

var (
	_ engine.Trigger = (*Trigger)(nil)
	_ engine.Oncer   = (*Trigger)(nil)
	_ engine.Sampler = (*Trigger)(nil)
)

func newTrigger(c *Client, row event) *Trigger {
	return &Trigger{client: c, row: row, reach: reachOf(row), catalog: catalogOf(row)}
}

// Spec describes the trigger. It has no settings of its own: conditions choose.
func (t *Trigger) Spec() engine.Spec {
	return engine.Spec{Type: t.row.typ, Title: t.row.title, Summary: t.row.summary,
		Auth: []string{AuthName}, Example: json.RawMessage(`{}`)}
}

// Catalog lists the trigger's merge codes; config changes nothing.
func (t *Trigger) Catalog(json.RawMessage) (merge.Catalog, error) { return t.catalog, nil }

// Once names the thing behind once_per. A guest is told by the e-mail address.
func (t *Trigger) Once(per string) []merge.Code {
	switch {
	case per == "shipment" && t.row.subject == "shipment":
		return []merge.Code{code(rootShipment, "id")}
	case per == "order" && t.row.main == rootOrder:
		return []merge.Code{code(rootOrder, "id")}
	case per == "cart" && t.row.main == rootCart:
		return []merge.Code{code(rootCart, "id")}
	case per == "cart":
		return []merge.Code{code(rootOrder, "cart_id")}
	case per == "customer" && t.row.main == rootCart:
		return []merge.Code{code(rootCart, "customer_id"), code(rootCart, "email")}
	case per == "customer":
		return []merge.Code{code(rootOrder, "customer_id"), code(rootOrder, "billing_address", "email")}
	default:
		return nil
	}
}

// Sample makes the event that the object called id would cause: an order
// ("4127"), a shipment ("4127/903": the store knows shipments only within their
// order; the order alone stands for its newest one), or a cart's UUID.
func (t *Trigger) Sample(a engine.Auth, id string) (engine.Event, error) {
	data, ok := t.sampleData(strings.TrimSpace(id))
	if !ok {
		return engine.Event{}, engine.Errorf(engine.Invalid, "%q is no id for this trigger: it takes %s.", cut(id), t.takes())
	}
	var object merge.Object
	object.Set("type", t.row.subject)
	for i := 0; i < len(data); i += 2 {
		object.Set(data[i], idValue(data[i+1]))
	}
	return engine.Event{AuthenticationID: a.ID, Trigger: t.row.typ, Scope: t.row.scope,
		Entity: entityOf(t.row.scope, object), Data: json.RawMessage(merge.JSON(object))}, nil
}

// sampleData reads id into names and values of a webhook's data.
func (t *Trigger) sampleData(id string) (data []string, ok bool) {
	order, shipment, both := strings.Cut(id, "/")
	switch {
	case t.row.subject == "shipment" && both:
		return []string{"id", shipment, "orderId", order}, isNumber(order) && isNumber(shipment)
	case t.row.subject == "shipment":
		return []string{"orderId", id}, isNumber(id)
	case t.row.subject == "order":
		return []string{"id", id}, isNumber(id)
	case isNumber(id):
		return []string{"orderId", id}, t.row.main == rootOrder
	default:
		return []string{"id", id}, idText(id) != "" && strings.Contains(id, "-")
	}
}

// takes says what Sample accepts.
func (t *Trigger) takes() string {
	switch {
	case t.row.subject == "shipment":
		return "an order's id, whose newest shipment is taken, or order and shipment as 4127/903, since the store finds a shipment only by its order"
	case t.row.subject == "order":
		return "an order's id, a number"
	case t.row.main == rootOrder:
		return "an order's id, or the id of the cart that it was"
	default:
		return "a cart's id, a UUID such as 1b8e69e0-b6d2-438c-be80-4588be180a1f"
	}
}

func isNumber(s string) bool {
	return s != "" && len(s) <= 18 && strings.Trim(s, "0123456789") == "" && strings.Trim(s, "0") != ""
}

func idValue(s string) any {
	if isNumber(s) {
		return json.Number(strings.TrimLeft(s, "0"))
	}
	return s
}

// cut shortens what a person typed for a message.
func cut(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return fmt.Sprintf("%s…", strings.ToValidUTF8(s[:most], ""))
}
