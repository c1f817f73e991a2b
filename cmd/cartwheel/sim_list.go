package main

import (
	"encoding/json"
	"maps"
	"slices"

	"cartwheel/triggers/bigcommerce/bcsim"
)

// How much GET /sim/ and GET /sim/deliveries show.
const (
	listedOrders     = 100
	listedDeliveries = 500
)

type simOrder struct {
	ID           int    `json:"id"`
	CustomerID   int    `json:"customer_id"`
	StatusID     int    `json:"status_id"`
	ChannelID    int    `json:"channel_id"`
	CartID       string `json:"cart_id"`
	Email        string `json:"email"`
	Currency     string `json:"currency"`
	Total        string `json:"total_inc_tax"`
	Source       string `json:"order_source"`
	ItemsTotal   int    `json:"items_total"`
	ItemsShipped int    `json:"items_shipped"`
	Shipments    []int  `json:"shipments"`
}

type simCart struct {
	ID         string `json:"id"`
	CustomerID int    `json:"customer_id"`
	ChannelID  int    `json:"channel_id"`
	Email      string `json:"email"`
	Currency   string `json:"currency"`
	Amount     string `json:"cart_amount"`
}

type simDelivery struct {
	WebhookID   string          `json:"webhook_id"`
	HookID      int             `json:"hook_id"`
	Scope       string          `json:"scope"`
	Destination string          `json:"destination"`
	Attempt     int             `json:"attempt"`
	Status      int             `json:"status"` // 0: no answer
	Error       string          `json:"error,omitempty"`
	Body        json.RawMessage `json:"body"`
}

// overview is GET /sim/: the newest orders, every cart, the hooks.
func (c *simControl) overview() any {
	orders, carts, hooks := []simOrder{}, []simCart{}, []bcsim.Hook{}
	for _, o := range c.newest(listedOrders) {
		orders = append(orders, simOrder{o.ID, o.CustomerID, o.StatusID, o.ChannelID, o.CartID, o.Email, o.Currency, o.Total,
			o.Source, o.ItemsTotal, o.ItemsShipped, o.Shipments})
	}
	for _, ca := range c.Carts() {
		carts = append(carts, simCart{ca.ID, ca.CustomerID, ca.ChannelID, ca.Email, ca.Currency, ca.Amount})
	}
	for _, h := range c.Hooks() {
		h.Headers = nil // secrets of who registered it
		hooks = append(hooks, h)
	}
	return map[string]any{"store_hash": c.Config().StoreHash, "acts": slices.Sorted(maps.Keys(c.acts)),
		"orders": orders, "carts": carts, "hooks": hooks}
}

// deliveries is GET /sim/deliveries, newest first.
func (c *simControl) deliveries() []simDelivery {
	all := c.Deliveries()
	slices.Reverse(all)
	out := []simDelivery{}
	for _, d := range all[:min(listedDeliveries, len(all))] {
		out = append(out, simDelivery{d.ID, d.HookID, d.Scope, d.Destination, d.Attempt, d.Status, d.Err, d.Body})
	}
	return out
}
