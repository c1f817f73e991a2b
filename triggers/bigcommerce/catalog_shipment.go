package bigcommerce

import (
	"slices"

	"cartwheel/merge"
)

// shipmentEntries are the codes of GET /v2/orders/{id}/shipments/{shipment}.
func shipmentEntries() []merge.Entry {
	rows := slices.Concat([]row{
		{"id", integer, `1174`, "The shipment's number.", false},
		{"order_id", integer, `5208`, "The order it belongs to.", false},
		{"customer_id", integer, `746`, "The customer who ordered; 0 for a guest.", false},
		{"order_address_id", integer, `3061`, "The shipping address of the order that it goes to.", false},
		{"date_created", date, `"Wed, 11 Jun 2025 09:02:43 +0000"`, "When the shipment was made.", false},
		{"tracking_number", text, `"QC-883104"`, "The carrier's number, may be empty.", false},
		{"merchant_shipping_cost", money, `"0.0000"`, "What the shipment costs the store.", false},
		{"shipping_method", text, `"Ground"`, "How it is shipped, as the shopper chose it.", false},
		{"comments", text, `"Fragile"`, "A note to the shopper.", personal},
		{"shipping_provider", text, `"ups"`, "The carrier's code, may be empty.", false},
		{"tracking_carrier", text, `""`, "The courier's code for tracking, may be empty.", false},
		{"tracking_link", text, `""`, "A link to follow the parcel, if one was entered; else see generated_tracking_link.", false},
	}, plainAddressRows("billing_address | ", "The buyer's billing address: "),
		plainAddressRows("shipping_address | ", "Where the shipment goes: "),
		[]row{
			{"items", list, `[{"order_product_id":9312,"product_id":611,"quantity":2},{"order_product_id":9313,"product_id":640,"quantity":1}]`, "What is in the shipment: items of the order, each with its quantity.", false},
			{"shipping_provider_display_name", text, `"UPS"`, "The carrier's name.", false},
			{"generated_tracking_link", text, `"https://track.example.com/ups/QC-883104"`, "The link that the store made from carrier and tracking number; else see tracking_link.", false},
		})
	c := code(rootShipment)
	return withItems(entriesUnder(c, rows, code(rootOrder, "currency_code")), c.Child("items"), entriesUnder("", []row{
		{"order_product_id", integer, `9312`, "The line item of the order: id in Products.", false},
		{"product_id", integer, `611`, "The product; 0 for an item made by hand.", false},
		{"quantity", integer, `2`, "How many of it are in the shipment.", false},
	}, ""))
}
