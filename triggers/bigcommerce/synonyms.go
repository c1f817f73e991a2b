package bigcommerce

import "strings"

// synonymsOf are the other words that people look for a member by, in lower case.
func synonymsOf(words map[string][]string, name string) []string {
	var all []string
	for segment := range strings.SplitSeq(name, " | ") { // "delivery address" finds shipping_address | city, too
		all = append(all, words[segment]...)
	}
	return all
}

// synonyms are words by the member's own name.
func synonyms() map[string][]string {
	return map[string][]string{
		// Addresses.
		"zip":              {"postcode", "postal code", "zip code", "plz"},
		"state":            {"province", "county", "region"},
		"city":             {"town", "suburb", "place"},
		"street_1":         {"address line 1", "street", "road"},
		"street_2":         {"address line 2", "apartment", "unit"},
		"country":          {"nation"},
		"country_iso2":     {"country code", "nation"},
		"company":          {"business", "organisation", "organization", "firm"},
		"billing_address":  {"invoice address", "bill to"},
		"shipping_address": {"delivery address", "ship to"},

		// People.
		"first_name":         {"given name", "forename", "christian name"},
		"last_name":          {"surname", "family name"},
		"email":              {"e-mail", "mail address", "recipient"},
		"phone":              {"telephone", "mobile", "cell"},
		"customer_id":        {"shopper", "buyer", "client", "guest"},
		"customer_group_id":  {"segment", "tier", "group"},
		"accepts_marketing":  {"newsletter", "consent", "opt in", "subscribed"},
		"is_email_opt_in":    {"newsletter", "consent", "subscribed"},
		"customer_message":   {"comment", "note", "order note", "instructions"},
		"staff_notes":        {"internal note", "comment"},
		"ip_address":         {"ip"},
		"customer_locale":    {"language"},
		"store_credit":       {"balance", "voucher"},
		"form_fields":        {"custom fields", "extra fields"},
		"geoip_country":      {"country", "location"},
		"geoip_country_iso2": {"country code", "location"},

		// Money.
		"total_inc_tax":         {"order total", "grand total", "amount", "price", "value", "gross"},
		"total_ex_tax":          {"net total", "amount without tax", "net"},
		"subtotal_inc_tax":      {"goods total", "items total"},
		"subtotal_ex_tax":       {"goods total without tax", "net subtotal"},
		"total_tax":             {"vat", "gst", "sales tax"},
		"cart_amount":           {"cart total", "total", "amount", "value"},
		"base_amount":           {"cart subtotal", "list price total"},
		"discount_amount":       {"discount", "savings", "reduction", "rebate"},
		"coupon_discount":       {"voucher", "discount", "promo"},
		"coupons":               {"voucher", "promo code", "discount code"},
		"shipping_cost_inc_tax": {"delivery cost", "postage", "freight", "shipping fee"},
		"shipping_cost_ex_tax":  {"delivery cost", "postage", "freight"},
		"refunded_amount":       {"refund", "money back"},
		"gift_certificate_amount": {
			"gift card", "voucher"},
		"currency_code":         {"currency"},
		"default_currency_code": {"currency", "store currency"},
		"payment_method":        {"how paid", "card", "payment type"},
		"payment_status":        {"paid", "captured", "payment state"},
		"sale_price":            {"price", "unit price"},
		"list_price":            {"price", "original price"},
		"extended_sale_price":   {"line total", "row total"},
		"price_inc_tax":         {"unit price", "price"},

		// Orders, carts and parcels.
		"id":              {"number", "reference"},
		"status":          {"state", "stage"},
		"status_id":       {"state", "stage", "status number"},
		"custom_status":   {"status", "state", "own status"},
		"date_created":    {"order date", "created at", "placed", "purchase date", "bought"},
		"created_time":    {"created at", "date"},
		"date_modified":   {"updated at", "changed", "last change"},
		"updated_time":    {"updated at", "changed", "last change"},
		"date_shipped":    {"ship date", "dispatched", "sent"},
		"items_total":     {"quantity", "number of items", "item count"},
		"items_shipped":   {"quantity shipped", "dispatched"},
		"quantity":        {"amount", "number", "count", "qty"},
		"sku":             {"article number", "item number", "stock number", "product code"},
		"name":            {"title"},
		"brand":           {"manufacturer", "make"},
		"channel_id":      {"storefront", "sales channel"},
		"order_source":    {"channel", "origin", "where from"},
		"external_source": {"origin", "app"},
		"tracking_number": {"parcel number", "consignment", "waybill"},
		"tracking_link":   {"track", "follow parcel", "tracking url"},
		"generated_tracking_link": {
			"track", "follow parcel", "tracking url"},
		"shipping_provider":              {"carrier", "courier"},
		"shipping_provider_display_name": {"carrier", "courier", "delivered by"},
		"tracking_carrier":               {"carrier", "courier"},
		"shipping_method":                {"delivery method", "service"},
		"comments":                       {"note", "remark"},
		"url":                            {"link", "address", "page"},
		"image_url":                      {"picture", "photo"},
		"physical_items":                 {"goods", "products"},
		"digital_items":                  {"downloads"},
		"gift_certificates":              {"gift cards", "vouchers"},

		// The store.
		"timezone": {"time zone"},
		"domain":   {"website", "shop address", "url"},
	}
}
