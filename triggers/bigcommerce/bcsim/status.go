package bcsim

// statusNames are the order statuses of every BigCommerce store.
var statusNames = map[int]string{
	0: "Incomplete", 1: "Pending", 2: "Shipped", 3: "Partially Shipped", 4: "Refunded", 5: "Cancelled", 6: "Declined",
	7: "Awaiting Payment", 8: "Awaiting Pickup", 9: "Awaiting Shipment", 10: "Completed", 11: "Awaiting Fulfillment",
	12: "Manual Verification Required", 13: "Disputed", 14: "Partially Refunded",
}

// renamed are the statuses to which this store's owner gave a name of their own; it is the order's custom_status.
var renamed = map[int]string{2: "On its way", 9: "Being packed"}

var statusNotes = map[int]string{
	0: "The shopper left the payment page or the payment did not go through.",
	1: "The shopper began the checkout and did not finish it.", 2: "All items of the order are shipped.",
	3: "Some items of the order are shipped.", 7: "The shopper has ordered and not paid yet.",
	11: "The order is paid and waits to be packed.",
}

func statusLabel(id int) string { return or(renamed[id], statusNames[id]) }

// statusRow is one row of GET /v2/order_statuses.
type statusRow struct {
	ID          int    `json:"id"`
	Name        string `json:"name"`
	SystemLabel string `json:"system_label"`
	CustomLabel string `json:"custom_label"`
	Description string `json:"system_description"`
	Order       int    `json:"order"`
}

func statusRowOf(id int) statusRow {
	return statusRow{id, statusNames[id], statusNames[id], statusLabel(id), statusNotes[id], id}
}

func (c *call) listStatuses() reply {
	rows := make([]statusRow, len(statusNames))
	for id := range rows {
		rows[id] = statusRowOf(id)
	}
	return ok(encode(rows))
}

func (c *call) getStatus() reply {
	id := c.id(0)
	if _, known := statusNames[id]; !known || id == 0 && c.args[0] != "0" {
		return v2NotFound()
	}
	return ok(encode(statusRowOf(id)))
}

// countOrders answers GET /v2/orders/count: how many orders have each status.
func (c *call) countOrders() reply {
	counts, total := map[int]int{}, 0
	for _, o := range c.s.orders {
		if !o.body.IsDeleted {
			counts[o.body.StatusID]++
			total++
		}
	}
	rows := []obj{}
	for id := range len(statusNames) {
		row := statusRowOf(id)
		rows = append(rows, obj{
			{"id", id}, {"name", row.Name}, {"system_label", row.SystemLabel}, {"custom_label", row.CustomLabel},
			{"system_description", row.Description}, {"count", counts[id]}, {"sort_order", id},
		})
	}
	return ok(encode(obj{{"statuses", rows}, {"count", total}}))
}
