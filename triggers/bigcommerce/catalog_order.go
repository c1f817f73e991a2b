package bigcommerce

import "slices"

// orderRows are the members of GET /v2/orders/{id}, in wire order. Its links
// (products, coupons, …) stay links; what they lead to has roots of its own.
func orderRows() []row {
	return slices.Concat(orderHead(), orderAmounts(), orderMiddle(),
		addressRows("billing_address | ", "The buyer's billing address: "), orderTail())
}

func orderHead() []row {
	return []row{
		{"id", integer, `5208`, "The number of the order, as the shopper sees it.", false},
		{"customer_id", integer, `746`, "The customer who ordered; 0 for a guest.", false},
		{"date_created", date, `"Mon, 09 Jun 2025 14:21:07 +0000"`, "When the order was made.", false},
		{"date_modified", date, `"Wed, 11 Jun 2025 09:02:44 +0000"`, "When the order was last changed.", false},
		{"date_shipped", date, `"Wed, 11 Jun 2025 09:02:43 +0000"`, "When the order was shipped; empty before.", false},
		{"status_id", integer, `2`, "The status as a number, which stays when a store renames its statuses: 2 is shipped, 10 completed, 11 awaiting fulfillment, 0 incomplete.", false},
		{"status", text, `"Shipped"`, "The status by its original name.", false},
	}
}

func orderAmounts() []row {
	return []row{
		{"subtotal_ex_tax", money, `"96.0000"`, "All line items, without tax.", false},
		{"subtotal_inc_tax", money, `"103.6800"`, "All line items, with tax.", false},
		{"subtotal_tax", money, `"7.6800"`, "Tax on the line items.", false},
		{"base_shipping_cost", money, `"6.0000"`, "Shipping as the carrier or the zone priced it.", false},
		{"shipping_cost_ex_tax", money, `"6.0000"`, "Shipping, without tax.", false},
		{"shipping_cost_inc_tax", money, `"6.4800"`, "Shipping, with tax.", false},
		{"shipping_cost_tax", money, `"0.4800"`, "Tax on shipping.", false},
		{"shipping_cost_tax_class_id", integer, `2`, "The tax class of shipping.", false},
		{"base_handling_cost", money, `"0.0000"`, "Handling as it was priced.", false},
		{"handling_cost_ex_tax", money, `"0.0000"`, "Handling, without tax.", false},
		{"handling_cost_inc_tax", money, `"0.0000"`, "Handling, with tax.", false},
		{"handling_cost_tax", money, `"0.0000"`, "Tax on handling.", false},
		{"handling_cost_tax_class_id", integer, `0`, "The tax class of handling.", false},
		{"base_wrapping_cost", money, `"0.0000"`, "Gift wrapping as it was priced.", false},
		{"wrapping_cost_ex_tax", money, `"0.0000"`, "Gift wrapping, without tax.", false},
		{"wrapping_cost_inc_tax", money, `"0.0000"`, "Gift wrapping, with tax.", false},
		{"wrapping_cost_tax", money, `"0.0000"`, "Tax on gift wrapping.", false},
		{"wrapping_cost_tax_class_id", integer, `0`, "The tax class of gift wrapping.", false},
		{"total_ex_tax", money, `"92.0000"`, "What the order costs, without tax.", false},
		{"total_inc_tax", money, `"99.3600"`, "What the order costs, with tax: what the shopper pays.", false},
		{"total_tax", money, `"7.3600"`, "All tax on the order.", false},
		{"is_tax_inclusive_pricing", boolean, `false`, "Whether the prices were entered with tax; then the amounts with tax are the exact ones.", false},
	}
}

func orderMiddle() []row {
	return []row{
		{"items_total", integer, `3`, "How many items were ordered.", false},
		{"items_shipped", integer, `3`, "How many of them were shipped.", false},
		{"payment_method", text, `"Credit Card"`, "How the shopper paid.", false},
		{"payment_provider_id", text, `"pay_58kd20"`, "The payment provider's own number, a text or a number.", false},
		{"payment_status", text, `"captured"`, "Where the payment stands: authorized, captured, refunded, …; may be empty.", false},
		{"refunded_amount", money, `"0.0000"`, "What was paid back.", false},
		{"order_is_digital", boolean, `false`, "Whether the order holds downloads only.", false},
		{"store_credit_amount", money, `"0.0000"`, "What was paid with store credit.", false},
		{"gift_certificate_amount", money, `"0.0000"`, "What was paid with gift certificates.", false},
		{"ip_address", text, `"198.51.100.23"`, "The IPv4 address from which the order came.", personal},
		{"ip_address_v6", text, `""`, "The IPv6 address from which the order came.", personal},
		{"geoip_country", text, `"United States"`, "The country of that address.", personal},
		{"geoip_country_iso2", text, `"US"`, "The same as a two-letter code.", personal},
		{"currency_id", integer, `1`, "The store's number of the currency.", false},
		{"currency_code", text, `"USD"`, "The currency of all the amounts, as a three-letter code.", false},
		{"currency_exchange_rate", rate, `"1.0000000000"`, "The rate from the store's currency to the order's.", false},
		{"default_currency_id", integer, `1`, "The store's number of the currency that is the default for the transaction.", false},
		{"default_currency_code", text, `"USD"`, "That currency as a three-letter code.", false},
		{"staff_notes", text, `"Gift: leave the invoice out"`, "Notes that only the store's staff sees.", personal},
		{"customer_message", text, `"Please ring at the side gate"`, "What the shopper wrote with the order.", personal},
		{"discount_amount", money, `"0.0000"`, "Discounts other than coupons.", false},
		{"coupon_discount", money, `"10.0000"`, "What coupons took off.", false},
		{"shipping_address_count", integer, `1`, "To how many addresses the order goes.", false},
		{"is_deleted", boolean, `false`, "Whether the order was archived.", false},
		{"ebay_order_id", text, `"0"`, "The number at eBay; 0 when there is none.", false},
		{"cart_id", text, `"5c0f7a52-3a1e-4a8f-9f0c-6d2b7be1c9a4"`, "The cart that the order was; empty for orders without one.", false},
	}
}

func orderTail() []row {
	return []row{
		{"is_email_opt_in", boolean, `true`, "Whether the shopper agreed to marketing e-mails at the checkout.", false},
		{"credit_card_type", text, `null`, "The kind of credit card; mostly empty.", false},
		{"order_source", text, `"www"`, "Where the order was made: www, iphone, manual, external, …", false},
		{"channel_id", integer, `1`, "The channel (storefront or marketplace) of the order.", false},
		{"external_source", text, `null`, "The system that the order came from, if another made it.", false},
		{"consignments | url", text, `"https://api.bigcommerce.com/stores/p4wd81hx6n/v2/orders/5208/consignments"`, "A link of the store's API to the consignments.", false},
		{"consignments | resource", text, `"/orders/5208/consignments"`, "The same link within the API.", false},
		{"products | url", text, `"https://api.bigcommerce.com/stores/p4wd81hx6n/v2/orders/5208/products"`, "A link of the store's API to the line items; the items themselves are in Products.", false},
		{"products | resource", text, `"/orders/5208/products"`, "The same link within the API.", false},
		{"shipping_addresses | url", text, `"https://api.bigcommerce.com/stores/p4wd81hx6n/v2/orders/5208/shippingaddresses"`, "A link of the store's API to the shipping addresses; the addresses themselves are in Shipping_addresses.", false},
		{"shipping_addresses | resource", text, `"/orders/5208/shippingaddresses"`, "The same link within the API.", false},
		{"coupons | url", text, `"https://api.bigcommerce.com/stores/p4wd81hx6n/v2/orders/5208/coupons"`, "A link of the store's API to the coupons; the coupons themselves are in Coupons.", false},
		{"coupons | resource", text, `"/orders/5208/coupons"`, "The same link within the API.", false},
		{"external_id", text, `null`, "The number of the order in another system, set by an app.", false},
		{"external_merchant_id", text, `null`, "The merchant's number in another system.", false},
		{"tax_provider_id", text, `"BasicTaxProvider"`, "Who worked the tax out.", false},
		{"store_default_currency_code", text, `""`, "The store's default currency; empty unless the store sells in several.", false},
		{"store_default_to_transactional_exchange_rate", rate, `"1.0000000000"`, "The rate from the store's default currency to the order's.", false},
		{"custom_status", text, `"On its way"`, "The status as the store calls it.", false},
		{"customer_locale", text, `"en"`, "The shopper's language.", personal},
		{"external_order_id", text, `""`, "The order's number at a marketplace.", false},
		{"fees | url", text, `"https://api.bigcommerce.com/stores/p4wd81hx6n/v2/orders/5208/fees"`, "A link of the store's API to the fees.", false},
		{"fees | resource", text, `"/orders/5208/fees"`, "The same link within the API.", false},
	}
}

// addressRows are the members of a billing address; a shipment's addresses have no form_fields.
func addressRows(prefix, of string) []row {
	rows := plainAddressRows(prefix, of)
	return append(rows, row{prefix + "form_fields", list, `[{"name":"Plot number","value":"17 B"}]`, of + "further fields of the form, each with name and value.", personal})
}

func plainAddressRows(prefix, of string) []row {
	return []row{
		{prefix + "first_name", text, `"Marla"`, of + "first name.", personal},
		{prefix + "last_name", text, `"Quist"`, of + "last name.", personal},
		{prefix + "company", text, `"Quist Ceramics"`, of + "company, may be empty.", personal},
		{prefix + "street_1", text, `"208 Harbor Street"`, of + "street and number.", personal},
		{prefix + "street_2", text, `"Floor 2"`, of + "second line, may be empty.", personal},
		{prefix + "city", text, `"Portland"`, of + "city.", personal},
		{prefix + "state", text, `"Maine"`, of + "state or province by name.", personal},
		{prefix + "zip", text, `"04101"`, of + "postal code, a text.", personal},
		{prefix + "country", text, `"United States"`, of + "country by name.", personal},
		{prefix + "country_iso2", text, `"US"`, of + "country as a two-letter code.", personal},
		{prefix + "phone", text, `"207-555-0118"`, of + "telephone number.", personal},
		{prefix + "email", text, `"marla.quist@example.com"`, of + "e-mail address.", personal},
	}
}
