package bigcommerce

import (
	"slices"

	"cartwheel/merge"
)

// cartEntries are the codes of GET /v3/carts/{id}. Its four lists of items keep
// the store's names; Cart_items holds them all.
func cartEntries() []merge.Entry {
	c, currency := code(rootCart), code(rootCart, "currency", "code")
	entries := entriesUnder(c, cartRows(), currency)
	lines := c.Child("line_items")
	goods := withItems(entriesUnder("", goodsRows(), currency), "options", entriesUnder("", cartOptionRows(), ""))
	entries = withItems(entries, lines.Child("physical_items"), goods)
	entries = withItems(entries, lines.Child("digital_items"), goods)
	entries = withItems(entries, lines.Child("gift_certificates"), entriesUnder("", certificateRows(), currency))
	entries = withItems(entries, lines.Child("custom_items"), entriesUnder("", customItemRows(), currency))
	entries = withItems(entries, c.Child("coupons"), entriesUnder("", cartCouponRows(), currency))
	return withItems(entries, c.Child("discounts"), entriesUnder("", cartDiscountRows(), currency))
}

func cartRows() []row {
	return []row{
		{"id", text, `"5c0f7a52-3a1e-4a8f-9f0c-6d2b7be1c9a4"`, "The cart's id, a UUID.", false},
		{"customer_id", integer, `746`, "The customer whose cart it is; 0 for a guest.", false},
		{"channel_id", integer, `1`, "The channel (storefront) of the cart.", false},
		{"email", text, `"marla.quist@example.com"`, "The shopper's e-mail address; empty for a guest who gave none.", personal},
		{"currency | code", text, `"USD"`, "The currency of all the amounts, as a three-letter code.", false},
		{"tax_included", boolean, `false`, "Whether the amounts hold tax.", false},
		{"base_amount", money, `96`, "All items, before discounts of the cart, coupons and tax.", false},
		{"discount_amount", money, `0`, "Discounts of the cart, without coupons.", false},
		{"manual_discount_amount", money, `0`, "Discounts given by hand.", false},
		{"cart_amount", money, `96`, "What the cart costs after discounts.", false},
		{"coupons", list, `[]`, "The coupons in the cart.", false},
		{"discounts", list, `[]`, "The discounts of the cart.", false},
		{"line_items | physical_items", list, `[{"id":"0b51fd3e-1c53-4c40-93b3-6f1a4d6d9a10","product_id":611,"name":"Tea Bowl","quantity":2,"list_price":36}]`, "Goods that are shipped.", personal},
		{"line_items | digital_items", list, `[]`, "Downloads.", personal},
		{"line_items | gift_certificates", list, `[]`, "Gift certificates.", personal},
		{"line_items | custom_items", list, `[]`, "Items made by hand.", false},
		{"created_time", date, `"2025-06-09T13:58:20+00:00"`, "When the cart was made.", false},
		{"updated_time", date, `"2025-06-09T14:05:51+00:00"`, "When the cart was last changed.", false},
		{"locale", text, `"en"`, "The shopper's language.", personal},
		{"version", integer, `4`, "Counts the changes of the cart.", false},
	}
}

// cartItemList describes Cart_items: type comes first and is ours, the other members are
// the store's; each kind of item has those that make sense for it.
func cartItemList() merge.Entry {
	currency := code(rootCart, "currency", "code")
	rows := []row{{"type", text, `"physical"`, "What it is: physical, digital, custom or gift_certificate.", false}}
	for _, r := range slices.Concat(goodsRows(), certificateRows()) {
		if !slices.ContainsFunc(rows, func(known row) bool { return known.name == r.name }) {
			rows = append(rows, r)
		}
	}
	items := entriesUnder("", rows, currency)
	var goods merge.Object
	for _, e := range items[:1+len(goodsRows())] {
		goods.Put(e.Code, e.Sample)
	}
	second := goods.Clone()
	second.Set("product_id", sample(`640`))
	second.Set("sku", "SALT-WHT")
	second.Set("name", "Salt Cellar")
	second.Set("quantity", sample(`1`))
	for _, price := range []string{"original_price", "list_price", "sale_price", "extended_list_price", "extended_sale_price"} {
		second.Set(price, sample(`24`))
	}
	items = withItems(items, "options", entriesUnder("", cartOptionRows(), ""))
	return merge.Entry{Code: code(rootCartItems), Type: merge.List, Description: "Everything in the cart, in one list.",
		Sample: []any{goods, second}, Personal: true, Items: items}
}

// goodsRows are the members of physical and digital items; custom items have some of them.
func goodsRows() []row {
	return []row{
		{"id", text, `"0b51fd3e-1c53-4c40-93b3-6f1a4d6d9a10"`, "The item's id in the cart, a UUID.", false},
		{"parent_id", text, `null`, "The item that this one is a part of.", false},
		{"variant_id", integer, `790`, "The product's variant.", false},
		{"product_id", integer, `611`, "The product.", false},
		{"sku", text, `"BOWL-BLU"`, "The stock number.", false},
		{"name", text, `"Tea Bowl"`, "The product's name.", false},
		{"url", text, `"https://tideline.example.com/tea-bowl/"`, "The product's page.", false},
		{"quantity", integer, `2`, "How many are in the cart.", false},
		{"taxable", boolean, `true`, "Whether tax is due.", false},
		{"image_url", text, `"https://cdn.example.com/tideline/611.jpg"`, "The product's picture.", false},
		{"discounts", list, `[]`, "Discounts on the item.", false},
		{"coupons", list, `[]`, "Coupons on the item.", false},
		{"discount_amount", money, `0`, "What discounts took off.", false},
		{"coupon_amount", money, `0`, "What coupons took off.", false},
		{"original_price", money, `36`, "The price of one, before any change.", false},
		{"list_price", money, `36`, "The price of one, as it is listed.", false},
		{"sale_price", money, `36`, "The price of one, after discounts.", false},
		{"extended_list_price", money, `72`, "The listed price of all.", false},
		{"extended_sale_price", money, `72`, "The price of all, after discounts.", false},
		{"is_require_shipping", boolean, `true`, "Whether it has to be shipped.", false},
		{"options", list, `[{"name":"Glaze","nameId":171,"value":"Deep blue","valueId":236}]`, "What the shopper chose of the product's options.", personal},
		{"is_mutable", boolean, `true`, "Whether the shopper may change it.", false},
		{"added_by_promotion", boolean, `false`, "Whether a promotion put it there.", false},
	}
}

func certificateRows() []row {
	return []row{
		{"id", text, `"7d1b8e90-24c5-4d6e-8a55-1f0f3f6f2b77"`, "The item's id in the cart, a UUID.", false},
		{"name", text, `"Gift certificate"`, "The certificate's name.", false},
		{"theme", text, `"General"`, "How the certificate looks.", false},
		{"amount", money, `25`, "What the certificate is worth.", false},
		{"quantity", integer, `1`, "How many are in the cart.", false},
		{"taxable", boolean, `false`, "Whether tax is due.", false},
		{"sender | name", text, `"Marla Quist"`, "Who gives the certificate.", personal},
		{"sender | email", text, `"marla.quist@example.com"`, "The giver's e-mail address.", personal},
		{"recipient | name", text, `"Otto Quist"`, "Who gets the certificate.", personal},
		{"recipient | email", text, `"otto.quist@example.com"`, "The e-mail address it goes to.", personal},
		{"message", text, `"For your new kitchen"`, "The message on the certificate.", personal},
	}
}

func customItemRows() []row {
	return []row{
		{"id", text, `"c2f5d7aa-58d0-4d6b-9b8b-0d7c1d0ab1f3"`, "The item's id in the cart, a UUID.", false},
		{"sku", text, `"REPAIR"`, "The stock number.", false},
		{"name", text, `"Glaze repair"`, "The item's name.", false},
		{"quantity", integer, `1`, "How many are in the cart.", false},
		{"list_price", money, `12.5`, "The price of one.", false},
		{"extended_list_price", money, `12.5`, "The price of all.", false},
	}
}

func cartCouponRows() []row {
	return []row{
		{"code", text, `"JUNE10"`, "The code that the shopper entered.", false},
		{"id", text, `"12"`, "The coupon, a text or a number.", false},
		{"coupon_type", text, `"per_total_discount"`, "What the coupon does, a text or a number.", false},
		{"discounted_amount", money, `10`, "What it took off.", false},
		{"display_name", text, `"June coupon"`, "The coupon's name.", false},
	}
}

func cartDiscountRows() []row {
	return []row{
		{"id", text, `"61"`, "The discount, a text or a number.", false},
		{"discounted_amount", money, `4.5`, "What it took off.", false},
	}
}

func cartOptionRows() []row {
	return []row{
		{"name", text, `"Glaze"`, "The option by name.", false},
		{"nameId", integer, `171`, "The option.", false},
		{"value", text, `"Deep blue"`, "What was chosen or entered.", personal},
		{"valueId", integer, `236`, "The choice; 0 or missing for what was entered.", false},
	}
}
