package bigcommerce

import (
	"slices"

	"cartwheel/merge"
)

// addressList describes GET /v2/orders/{id}/shipping_addresses.
func addressList(currency merge.Code) merge.Entry {
	rows := slices.Concat([]row{
		{"id", integer, `3061`, "The address's number; order_address_id elsewhere.", false},
		{"order_id", integer, `5208`, "The order.", false},
	}, plainAddressRows("", "Where it goes: "), addressCosts())
	items := withItems(entriesUnder("", rows, currency), "form_fields", entriesUnder("", formFieldRows(), ""))
	return listEntry(rootAddresses, "The addresses that the order goes to.", items)
}

func addressCosts() []row {
	return []row{
		{"items_total", integer, `3`, "How many items go there.", false},
		{"items_shipped", integer, `3`, "How many of them were shipped.", false},
		{"shipping_method", text, `"Ground"`, "How it is shipped, as the shopper chose it.", false},
		{"base_cost", money, `"6.0000"`, "Shipping there, as it was priced.", false},
		{"cost_ex_tax", money, `"6.0000"`, "Shipping there, without tax.", false},
		{"cost_inc_tax", money, `"6.4800"`, "Shipping there, with tax.", false},
		{"cost_tax", money, `"0.4800"`, "Tax on shipping there.", false},
		{"cost_tax_class_id", integer, `2`, "The tax class of shipping.", false},
		{"base_handling_cost", money, `"0.0000"`, "Handling, as it was priced.", false},
		{"handling_cost_ex_tax", money, `"0.0000"`, "Handling, without tax.", false},
		{"handling_cost_inc_tax", money, `"0.0000"`, "Handling, with tax.", false},
		{"handling_cost_tax", money, `"0.0000"`, "Tax on handling.", false},
		{"handling_cost_tax_class_id", integer, `0`, "The tax class of handling.", false},
		{"shipping_zone_id", integer, `5`, "The store's shipping zone.", false},
		{"shipping_zone_name", text, `"New England"`, "The shipping zone by name.", false},
		{"shipping_quotes | url", text, `"https://api.bigcommerce.com/stores/p4wd81hx6n/v2/orders/5208/shippingaddresses/3061/shippingquotes"`, "A link of the store's API to the offers of carriers.", false},
		{"shipping_quotes | resource", text, `"/orders/5208/shippingaddresses/3061/shippingquotes"`, "The same link within the API.", false},
		{"form_fields", list, `[{"name":"Plot number","value":"17 B"}]`, "Further fields of the form, each with name and value.", personal},
	}
}

// couponList describes GET /v2/orders/{id}/coupons.
func couponList(currency merge.Code) merge.Entry {
	return listEntry(rootCoupons, "The coupons used for the order.", entriesUnder("", []row{
		{"id", integer, `417`, "The number of this use.", false},
		{"coupon_id", integer, `12`, "The coupon.", false},
		{"order_id", integer, `5208`, "The order.", false},
		{"code", text, `"JUNE10"`, "The code that the shopper entered.", false},
		{"amount", rate, `"10.0000"`, "What the coupon is worth: money, or a percentage by its type.", false},
		{"type", integer, `2`, "0 off each item, 1 percentage, 2 off the total, 3 off shipping, 4 free shipping, 5 promotion.", false},
		{"discount", money, `"10.0000"`, "What it took off this order.", false},
	}, currency))
}

// storeRows are the members of GET /v2/store that a message or a condition may want.
func storeRows() []row {
	return []row{
		{"id", text, `"p4wd81hx6n"`, "The store's hash.", false},
		{"store_id", integer, `1002773519`, "The store's number.", false},
		{"name", text, `"Tideline Pottery"`, "The store's name.", false},
		{"domain", text, `"tideline.example.com"`, "The store's domain.", false},
		{"secure_url", text, `"https://tideline.example.com"`, "The store's address.", false},
		{"control_panel_base_url", text, `"https://store-p4wd81hx6n.mybigcommerce.com"`, "The address of the control panel.", false},
		{"admin_email", text, `"owner@example.com"`, "The e-mail address of the store's administrator.", personal},
		{"order_email", text, `"orders@example.com"`, "The e-mail address for orders.", personal},
		{"timezone | name", text, `"America/New_York"`, "The store's time zone; dates without a zone are shown in it.", false},
		{"timezone | raw_offset", integer, `-18000`, "Its distance from UTC in seconds, in winter.", false},
		{"timezone | dst_offset", integer, `-14400`, "Its distance from UTC in seconds, in summer.", false},
		{"timezone | dst_correction", boolean, `true`, "Whether it has summer time.", false},
		{"language", text, `"en"`, "The store's language.", false},
		{"currency", text, `"USD"`, "The store's currency, as a three-letter code.", false},
		{"currency_symbol", text, `"$"`, "The currency's symbol.", false},
		{"decimal_separator", text, `"."`, "The decimal point.", false},
		{"thousands_separator", text, `","`, "What separates the thousands.", false},
		{"decimal_places", integer, `2`, "How many decimals amounts have.", false},
		{"weight_units", text, `"LBS"`, "The unit of weights.", false},
		{"plan_name", text, `"Plus"`, "The store's plan.", false},
		{"plan_level", text, `"Plus"`, "The level of the plan.", false},
		{"status", text, `"live"`, "Whether the store is open.", false},
		{"default_channel_id", integer, `1`, "The store's first storefront.", false},
	}
}

// channelRows are the members of GET /v3/channels/{id}.
func channelRows() []row {
	return []row{
		{"id", integer, `1`, "The channel's number; 1 is the store's first storefront.", false},
		{"name", text, `"Tideline Pottery"`, "The channel's name.", false},
		{"type", text, `"storefront"`, "storefront, marketplace, pos or marketing.", false},
		{"platform", text, `"bigcommerce"`, "What runs the channel.", false},
		{"status", text, `"active"`, "Whether the channel works.", false},
		{"external_id", text, `""`, "The channel's number in another system.", false},
		{"is_visible", boolean, `true`, "Whether it is shown in the control panel.", false},
		{"is_listable_from_ui", boolean, `true`, "Whether products can be listed on it in the control panel.", false},
		{"icon_url", text, `""`, "The address of its icon.", false},
		{"date_created", date, `"2023-02-01T10:00:00Z"`, "When it was made.", false},
		{"date_modified", date, `"2025-01-15T16:45:30Z"`, "When it was last changed.", false},
	}
}
