package bigcommerce

import "cartwheel/merge"

// customerEntries are the codes of a customer: the trigger's own set, then what
// the other set alone has. Where both have a name its form is that of own.
func customerEntries(own naming) []merge.Entry {
	c := code(rootCustomer)
	entries := entriesUnder(c, customerRows(own), "")
	has := map[merge.Code]bool{}
	for _, e := range entries {
		has[e.Code] = true
	}
	for _, e := range entriesUnder(c, customerRows(own.other()), "") {
		if !has[e.Code] {
			entries = append(entries, e)
		}
	}
	return withItems(entries, c.Child("form_fields"), entriesUnder("", formFieldRows(), ""))
}

func customerRows(n naming) []row {
	if n == v2Customer {
		return customerRowsV2()
	}
	return customerRowsV3()
}

// customerRowsV2 are the members of GET /v2/customers/{id}. Store credit is in
// the store's currency, which the answer does not name: it is no money here.
func customerRowsV2() []row {
	return []row{
		{"id", integer, `746`, "The customer's number.", false},
		{"company", text, `"Quist Ceramics"`, "The customer's company, may be empty.", personal},
		{"first_name", text, `"Marla"`, "The customer's first name.", personal},
		{"last_name", text, `"Quist"`, "The customer's last name, may be empty.", personal},
		{"email", text, `"marla.quist@example.com"`, "The customer's e-mail address.", personal},
		{"phone", text, `"207-555-0118"`, "The customer's telephone number, may be empty.", personal},
		{"form_fields", list, `[{"name":"Plot number","value":"17 B"}]`, "Further fields of the sign-up form, each with name and value; may be missing.", personal},
		{"date_created", date, `"Tue, 14 May 2024 08:30:12 +0000"`, "When the account was made.", false},
		{"date_modified", date, `"Mon, 09 Jun 2025 14:21:09 +0000"`, "When the account was last changed.", false},
		{"store_credit", rate, `"15.0000"`, "The customer's credit at the store, in the store's currency.", personal},
		{"registration_ip_address", text, `"198.51.100.23"`, "The address from which the account was made.", personal},
		{"customer_group_id", integer, `3`, "The customer's group; 0 for none.", false},
		{"notes", text, `"Collects blue glazes"`, "Notes of the store's staff.", personal},
		{"tax_exempt_category", text, `""`, "The reason why no tax is due, if there is one.", personal},
		{"reset_pass_on_login", boolean, `false`, "Whether a new password is due at the next sign-in.", false},
		{"accepts_marketing", boolean, `true`, "Whether the customer agreed to marketing e-mails.", false},
		{"addresses | url", text, `"https://api.bigcommerce.com/stores/p4wd81hx6n/v2/customers/746/addresses"`, "A link of the store's API to the customer's addresses.", false},
		{"addresses | resource", text, `"/customers/746/addresses"`, "The same link within the API.", false},
	}
}

// customerRowsV3 are the members of one row of GET /v3/customers?id:in=.
func customerRowsV3() []row {
	return []row{
		{"id", integer, `746`, "The customer's number.", false},
		{"authentication | force_password_reset", boolean, `false`, "Whether a new password is due at the next sign-in.", false},
		{"company", text, `"Quist Ceramics"`, "The customer's company, may be empty.", personal},
		{"customer_group_id", integer, `3`, "The customer's group; 0 for none.", false},
		{"email", text, `"marla.quist@example.com"`, "The customer's e-mail address.", personal},
		{"first_name", text, `"Marla"`, "The customer's first name.", personal},
		{"last_name", text, `"Quist"`, "The customer's last name, may be empty.", personal},
		{"notes", text, `"Collects blue glazes"`, "Notes of the store's staff.", personal},
		{"phone", text, `"207-555-0118"`, "The customer's telephone number, may be empty.", personal},
		{"registration_ip_address", text, `"198.51.100.23"`, "The address from which the account was made.", personal},
		{"tax_exempt_category", text, `""`, "The reason why no tax is due, if there is one.", personal},
		{"date_created", date, `"2024-05-14T08:30:12Z"`, "When the account was made.", false},
		{"date_modified", date, `"2025-06-09T14:21:09Z"`, "When the account was last changed.", false},
		{"accepts_product_review_abandoned_cart_emails", boolean, `true`, "Whether the customer agreed to e-mails about reviews and abandoned carts.", false},
		{"origin_channel_id", integer, `1`, "The channel on which the account was made.", false},
		{"channel_ids", list, `[1]`, "The channels on which the account may sign in; missing for all.", false},
	}
}
