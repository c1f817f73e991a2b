package bigcommerce

import (
	"slices"

	"cartwheel/merge"
)

// productList describes GET /v2/orders/{id}/products.
func productList(currency merge.Code) merge.Entry {
	items := entriesUnder("", slices.Concat(productHead(), productAmounts(), productTail()), currency)
	items = withItems(items, "applied_discounts", entriesUnder("", discountRows(), currency))
	items = withItems(items, "product_options", entriesUnder("", optionRows(), ""))
	return listEntry(rootProducts, "The order's line items.", items,
		`{"id":9313,"product_id":640,"variant_id":822,"name":"Salt Cellar","name_customer":"Salt Cellar","name_merchant":"Salt Cellar",`+
			`"sku":"SALT-WHT","quantity":1,"quantity_shipped":1,"base_price":"24.0000","price_ex_tax":"24.0000","price_inc_tax":"25.9200","price_tax":"1.9200",`+
			`"base_total":"24.0000","total_ex_tax":"24.0000","total_inc_tax":"25.9200","total_tax":"1.9200","product_options":[],"applied_discounts":[]}`)
}

func productHead() []row {
	return []row{
		{"id", integer, `9312`, "The line item's number; order_product_id in shipments.", false},
		{"order_id", integer, `5208`, "The order.", false},
		{"product_id", integer, `611`, "The product; 0 for an item made by hand.", false},
		{"variant_id", integer, `790`, "The product's variant.", false},
		{"order_pickup_method_id", integer, `0`, "How it is picked up; 0 when it is shipped.", false},
		{"order_address_id", integer, `3061`, "The shipping address it goes to.", false},
		{"name", text, `"Tea Bowl"`, "The product's name.", false},
		{"name_customer", text, `"Tea Bowl"`, "The name in the shopper's language.", false},
		{"name_merchant", text, `"Tea Bowl"`, "The name in the store's language.", false},
		{"sku", text, `"BOWL-BLU"`, "The stock number.", false},
		{"upc", text, `""`, "The bar code.", false},
		{"type", text, `"physical"`, "physical, digital or giftcertificate.", false},
	}
}

func productAmounts() []row {
	return []row{
		{"base_price", money, `"36.0000"`, "The price of one, as it was entered.", false},
		{"price_ex_tax", money, `"36.0000"`, "The price of one, without tax.", false},
		{"price_inc_tax", money, `"38.8800"`, "The price of one, with tax.", false},
		{"price_tax", money, `"2.8800"`, "Tax on one.", false},
		{"base_total", money, `"72.0000"`, "The price of all, as it was entered.", false},
		{"total_ex_tax", money, `"72.0000"`, "The price of all, without tax.", false},
		{"total_inc_tax", money, `"77.7600"`, "The price of all, with tax.", false},
		{"total_tax", money, `"5.7600"`, "Tax on all.", false},
		{"weight", rate, `"0.4000"`, "The weight of one, in the store's unit.", false},
		{"width", rate, `"0.0000"`, "The width of one, in the store's unit.", false},
		{"height", rate, `"0.0000"`, "The height of one, in the store's unit.", false},
		{"depth", rate, `"0.0000"`, "The depth of one, in the store's unit.", false},
		{"quantity", integer, `2`, "How many were ordered.", false},
		{"base_cost_price", money, `"0.0000"`, "What one costs the store.", false},
		{"cost_price_inc_tax", money, `"0.0000"`, "What one costs the store, with tax.", false},
		{"cost_price_ex_tax", money, `"0.0000"`, "What one costs the store, without tax.", false},
		{"cost_price_tax", money, `"0.0000"`, "Tax on what one costs the store.", false},
		{"is_refunded", boolean, `false`, "Whether it was paid back.", false},
		{"quantity_refunded", integer, `0`, "How many were paid back.", false},
		{"refund_amount", money, `"0.0000"`, "What was paid back.", false},
		{"return_id", integer, `0`, "The return request; 0 for none.", false},
	}
}

func productTail() []row {
	return []row{
		{"wrapping_id", integer, `0`, "The gift wrapping; 0 for none.", false},
		{"wrapping_name", text, `""`, "The gift wrapping by name.", false},
		{"base_wrapping_cost", money, `"0.0000"`, "Gift wrapping as it was priced.", false},
		{"wrapping_cost_ex_tax", money, `"0.0000"`, "Gift wrapping, without tax.", false},
		{"wrapping_cost_inc_tax", money, `"0.0000"`, "Gift wrapping, with tax.", false},
		{"wrapping_cost_tax", money, `"0.0000"`, "Tax on gift wrapping.", false},
		{"wrapping_message", text, `""`, "The message on the gift.", personal},
		{"quantity_shipped", integer, `2`, "How many were shipped.", false},
		{"event_name", text, `null`, "What event_date is the date of.", false},
		{"event_date", text, `null`, "A date that the shopper chose for the item.", personal},
		{"fixed_shipping_cost", money, `"0.0000"`, "A fixed price of shipping it.", false},
		{"ebay_item_id", text, `""`, "The item's number at eBay.", false},
		{"ebay_transaction_id", text, `""`, "The sale's number at eBay.", false},
		{"option_set_id", integer, `null`, "The set of options of the product.", false},
		{"parent_order_product_id", integer, `null`, "The line item that this one is a part of.", false},
		{"is_bundled_product", boolean, `false`, "Whether it came as part of another item.", false},
		{"bin_picking_number", text, `""`, "Where it lies in the store room.", false},
		{"external_id", text, `null`, "The item's number in another system.", false},
		{"fulfillment_source", text, `""`, "Who ships it.", false},
		{"brand", text, `"Tideline"`, "The brand.", false},
		{"gift_certificate_id", integer, `null`, "The gift certificate that was bought.", false},
		{"applied_discounts", list, `[{"id":"coupon","amount":"7.5000","name":"June coupon","code":"JUNE10","target":"order"}]`, "Discounts on the item.", false},
		{"product_options", list, `[{"id":688,"option_id":44,"order_product_id":9312,"product_option_id":171,"display_name":"Glaze","display_name_customer":"Glaze","display_name_merchant":"Glaze",` +
			`"display_value":"Deep blue","display_value_customer":"Deep blue","display_value_merchant":"Deep blue","value":"236","type":"Multiple choice","name":"Glaze","display_style":"Swatch"}]`,
			"What the shopper chose of the product's options.", personal},
		{"configurable_fields", list, `[]`, "What the shopper entered in fields of an older kind.", personal},
		{"discounted_total_inc_tax", money, `"70.2600"`, "The price of all after discounts, with tax.", false},
	}
}

func discountRows() []row {
	return []row{
		{"id", text, `"coupon"`, "What the discount is: coupon, or a discount's number.", false},
		{"amount", money, `"7.5000"`, "What was taken off.", false},
		{"name", text, `"June coupon"`, "The discount's name.", false},
		{"code", text, `"JUNE10"`, "The coupon's code, if it was one.", false},
		{"target", text, `"order"`, "What it was given on: product or order.", false},
	}
}

func optionRows() []row {
	return []row{
		{"id", integer, `688`, "The choice's number.", false},
		{"option_id", integer, `44`, "The option.", false},
		{"order_product_id", integer, `9312`, "The line item.", false},
		{"product_option_id", integer, `171`, "The option of the product.", false},
		{"display_name", text, `"Glaze"`, "The option by name.", false},
		{"display_name_customer", text, `"Glaze"`, "The name in the shopper's language.", false},
		{"display_name_merchant", text, `"Glaze"`, "The name in the store's language.", false},
		{"display_value", text, `"Deep blue"`, "What was chosen or entered.", personal},
		{"display_value_customer", text, `"Deep blue"`, "The same in the shopper's language.", personal},
		{"display_value_merchant", text, `"Deep blue"`, "The same in the store's language.", personal},
		{"value", text, `"236"`, "The same as the store keeps it; for uploaded files a JSON text.", personal},
		{"type", text, `"Multiple choice"`, "The kind of option.", false},
		{"name", text, `"Glaze"`, "The option's name in the catalogue.", false},
		{"display_style", text, `"Swatch"`, "How the option is shown.", false},
	}
}
