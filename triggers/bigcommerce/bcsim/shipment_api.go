package bcsim

import (
	"encoding/json"
	"fmt"
	"strings"
)

// shipmentInput is the body of POST and PUT; nil means not given.
type shipmentInput struct {
	AddressID      int     `json:"order_address_id"`
	TrackingNumber *string `json:"tracking_number"`
	Provider       *string `json:"shipping_provider"`
	Carrier        *string `json:"tracking_carrier"`
	TrackingLink   *string `json:"tracking_link"`
	Method         *string `json:"shipping_method"`
	Comments       *string `json:"comments"`
	Items          []struct {
		OrderProductID int `json:"order_product_id"`
		Quantity       int `json:"quantity"`
	} `json:"items"`
}

func trackingNumber(id int) string { return fmt.Sprintf("77%07d%03d", id*7919%10_000_000, id%1000) }

func carrierID(provider string) bool {
	id, ok := strings.CutPrefix(provider, "carrier_")
	return ok && id != ""
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (o *order) shipment(id int) *shipment {
	for _, sh := range o.shipments {
		if sh.ID == id {
			return sh
		}
	}
	return nil
}

// shipment finds order and shipment of the path.
func (c *call) shipment() (*order, *shipment) {
	o := c.order()
	if o == nil {
		return nil, nil
	}
	return o, o.shipment(c.id(1))
}

func (c *call) listShipments() reply {
	o := c.order()
	if o == nil {
		return v2NotFound()
	}
	return listed(c, o, o.shipments, &o.shipmentsJSON)
}

func (c *call) countShipments() reply {
	o := c.order()
	if o == nil {
		return v2NotFound()
	}
	return ok(encode(obj{{"count", len(o.shipments)}}))
}

func (c *call) getShipment() reply {
	_, sh := c.shipment()
	if sh == nil {
		return v2NotFound()
	}
	return ok(encode(sh))
}

func (c *call) postShipment() reply {
	o := c.order()
	if o == nil {
		return v2NotFound()
	}
	var in shipmentInput
	if err := json.Unmarshal(c.body, &in); err != nil {
		return v2Invalid("the body is not a JSON object of a shipment")
	}
	if in.AddressID == 0 {
		return v2Invalid("order_address_id is missing")
	}
	if len(in.Items) == 0 {
		return v2Invalid("items is missing")
	}
	items := map[int]int{}
	for _, item := range in.Items {
		items[item.OrderProductID] += item.Quantity
	}
	sh, err := c.ship(o, ShipmentOptions{
		Items: items, AddressID: in.AddressID, TrackingNumber: text(in.TrackingNumber), Provider: text(in.Provider),
		Carrier: text(in.Carrier), TrackingLink: text(in.TrackingLink), Method: text(in.Method), Comments: text(in.Comments),
	})
	if err != nil {
		return v2Invalid(reason(err))
	}
	return created(encode(sh))
}

func (c *call) putShipment() reply {
	o, sh := c.shipment()
	if sh == nil {
		return v2NotFound()
	}
	var in shipmentInput
	if err := json.Unmarshal(c.body, &in); err != nil {
		return v2Invalid("the body is not a JSON object of a shipment")
	}
	if _, known := providers[text(in.Provider)]; !known && !carrierID(text(in.Provider)) {
		return v2Invalid("shipping_provider is not known")
	}
	for target, value := range map[*string]*string{
		&sh.TrackingNumber: in.TrackingNumber, &sh.Provider: in.Provider, &sh.Carrier: in.Carrier,
		&sh.TrackingLink: in.TrackingLink, &sh.ShippingMethod: in.Method, &sh.Comments: in.Comments,
	} {
		if value != nil {
			*target = *value
		}
	}
	sh.ProviderName = providers[sh.Provider]
	sh.linkUp()
	c.touch(o)
	c.fire("store/shipment/updated", obj{{"type", "shipment"}, {"id", sh.ID}, {"orderId", o.body.ID}})
	return ok(encode(sh))
}

func (c *call) deleteShipment() reply {
	o, sh := c.shipment()
	if sh == nil {
		return v2NotFound()
	}
	c.unship(o, sh)
	return noContent()
}

func (c *call) deleteShipments() reply {
	o := c.order()
	if o == nil {
		return v2NotFound()
	}
	for len(o.shipments) > 0 {
		c.unship(o, o.shipments[0])
	}
	return noContent()
}
