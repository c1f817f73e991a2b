package bcsim

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

// attributeNames are the customer attributes of this store.
var attributeNames = map[int]string{1: "Survey sent", 2: "Loyalty level"}

func (cu *customer) addressesV3() []obj {
	p := &cu.person
	if p.street1 == "" {
		return []obj{}
	}
	return []obj{{
		{"id", cu.v3.ID}, {"customer_id", cu.v3.ID}, {"first_name", p.first}, {"last_name", p.last}, {"company", p.company},
		{"address1", p.street1}, {"address2", p.more}, {"city", p.city.name}, {"state_or_province", p.city.state},
		{"postal_code", p.city.zip}, {"country", p.place.country}, {"country_code", p.place.iso}, {"phone", p.phone},
		{"address_type", "residential"},
	}}
}

func (cu *customer) attributeRows() []obj {
	rows := []obj{}
	for _, id := range slices.Sorted(maps.Keys(cu.attributes)) {
		rows = append(rows, obj{
			{"id", cu.v3.ID*10 + id}, {"attribute_id", id}, {"attribute_value", cu.attributes[id]}, {"customer_id", cu.v3.ID},
			{"date_created", cu.v3.DateCreated}, {"date_modified", cu.v3.DateModified},
		})
	}
	return rows
}

func (cu *customer) formFieldRows() []obj {
	rows := []obj{}
	for _, f := range cu.formFields {
		rows = append(rows, obj{{"name", f.Name}, {"value", f.Value}, {"customer_id", cu.v3.ID}})
	}
	return rows
}

// rowsOfCustomers collects rows of the customers that customer_id:in (or customer_id) names, or of all.
func (c *call) rowsOfCustomers(rows func(*customer) []obj) reply {
	wanted := idList(or(c.query.Get("customer_id:in"), c.query.Get("customer_id")))
	out := [][]byte{}
	for _, id := range c.s.customIDs {
		if wanted != nil && !wanted[id] {
			continue
		}
		for _, row := range rows(c.s.customers[id]) {
			out = append(out, encode(row))
		}
	}
	return c.page(out)
}

func (c *call) listAddressesV3() reply { return c.rowsOfCustomers((*customer).addressesV3) }

func (c *call) listAttributeValues() reply { return c.rowsOfCustomers((*customer).attributeRows) }

func (c *call) listFormFields() reply { return c.rowsOfCustomers((*customer).formFieldRows) }

func (c *call) listAttributes() reply {
	rows := [][]byte{}
	for _, id := range slices.Sorted(maps.Keys(attributeNames)) {
		rows = append(rows, encode(obj{{"id", id}, {"name", attributeNames[id]}, {"type", "string"}}))
	}
	return c.page(rows)
}

const bulkLimit = 10

// bulk reads an array of at most 10 objects; nil with an answer means it was refused.
func bulk[T any](c *call) ([]T, *reply) {
	var rows []T
	if err := json.Unmarshal(c.body, &rows); err != nil {
		return nil, ptr(v3Error(400, "The body must be a JSON array."))
	}
	if len(rows) > bulkLimit {
		return nil, ptr(v3Error(413, "At most 10 objects can be sent at once."))
	}
	if len(rows) == 0 {
		return nil, ptr(unprocessable(problem{"data", "The array must not be empty."}))
	}
	return rows, nil
}

func (c *call) putAttributeValues() reply {
	rows, refusal := bulk[struct {
		CustomerID  int    `json:"customer_id"`
		AttributeID int    `json:"attribute_id"`
		Value       string `json:"value"`
		Long        string `json:"attribute_value"`
	}](c)
	if refusal != nil {
		return *refusal
	}
	for i, row := range rows {
		if c.s.customers[row.CustomerID] == nil || attributeNames[row.AttributeID] == "" {
			return unprocessable(problem{strconv.Itoa(i), "customer_id or attribute_id is not known"})
		}
	}
	out := [][]byte{}
	for _, row := range rows {
		cu := c.s.customers[row.CustomerID]
		if cu.attributes == nil {
			cu.attributes = map[int]string{}
		}
		cu.attributes[row.AttributeID] = or(row.Value, row.Long)
		cu.drop()
		for _, r := range cu.attributeRows() {
			if r[1].value == row.AttributeID {
				out = append(out, encode(r))
			}
		}
	}
	return c.page(out)
}

func (c *call) putFormFields() reply {
	rows, refusal := bulk[struct {
		CustomerID int    `json:"customer_id"`
		Name       string `json:"name"`
		Value      any    `json:"value"`
	}](c)
	if refusal != nil {
		return *refusal
	}
	for i, row := range rows {
		if c.s.customers[row.CustomerID] == nil || row.Name == "" {
			return unprocessable(problem{strconv.Itoa(i), "customer_id is not known or name is missing"})
		}
	}
	for _, row := range rows {
		cu := c.s.customers[row.CustomerID]
		cu.setFormField(row.Name, row.Value)
		cu.drop()
	}
	return ok([]byte(`{"data":[],"meta":{}}`))
}

func (cu *customer) setFormField(name string, value any) {
	for i := range cu.formFields {
		if cu.formFields[i].Name == name {
			cu.formFields[i].Value = value
			return
		}
	}
	cu.formFields = append(cu.formFields, formField{name, value})
}

func (c *call) putCustomersV3() reply {
	rows, refusal := bulk[map[string]json.RawMessage](c)
	if refusal != nil {
		return *refusal
	}
	customers := make([]*customer, len(rows))
	for i, row := range rows {
		var id int
		if json.Unmarshal(row["id"], &id) != nil || c.s.customers[id] == nil {
			return unprocessable(problem{strconv.Itoa(i) + ".id", "is missing or not the id of a customer"})
		}
		customers[i] = c.s.customers[id]
		delete(row, "id")
		if err := checkCustomer(row, customerFieldsV3); err != nil {
			return unprocessable(problem{strconv.Itoa(i), reason(err)})
		}
	}
	out := [][]byte{}
	for i, cu := range customers {
		if err := c.updateCustomer(cu, encode(rows[i]), customerFieldsV3); err != nil {
			return unprocessable(problem{strconv.Itoa(i), reason(err)})
		}
		out = append(out, cu.json())
	}
	return c.page(out)
}

func (c *call) deleteCustomersV3() reply {
	for _, id := range slices.Sorted(maps.Keys(idList(c.query.Get("id:in")))) {
		_ = c.deleteCustomer(id) // an unknown id is not an error here
	}
	return noContent()
}

func (c *call) putCustomerV2() reply {
	cu := c.customer()
	if cu == nil {
		return v2NotFound()
	}
	if err := c.updateCustomer(cu, c.body, customerFieldsV2); err != nil {
		return v2Invalid(reason(err))
	}
	return ok(c.s.customerV2(cu))
}

// What may be written to a customer in each version.
var (
	customerFieldsV2 = []string{"company", "first_name", "last_name", "email", "phone", "store_credit",
		"registration_ip_address", "customer_group_id", "notes", "tax_exempt_category", "reset_pass_on_login", "_authentication"}
	customerFieldsV3 = []string{"email", "first_name", "last_name", "company", "phone", "notes", "tax_exempt_category",
		"customer_group_id", "authentication", "accepts_product_review_abandoned_cart_emails", "store_credit_amounts",
		"channel_ids", "form_fields"}
)

func checkCustomer(fields map[string]json.RawMessage, allowed []string) error {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !slices.Contains(allowed, name) {
			return refused("%s is read-only or not a field of a customer", name)
		}
	}
	if string(fields["channel_ids"]) == "[]" {
		return refused("channel_ids must be null or hold at least one id")
	}
	return nil
}

// updateCustomer applies a PUT body and fires customer/updated.
func (c *change) updateCustomer(cu *customer, body []byte, allowed []string) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil || len(fields) == 0 {
		return refused("the body is not a JSON object with fields")
	}
	if err := checkCustomer(fields, allowed); err != nil {
		return err
	}
	var extra struct {
		Credit  json.RawMessage `json:"store_credit"`
		Amounts []struct {
			Amount json.Number `json:"amount"`
		} `json:"store_credit_amounts"`
		ResetPass  *bool       `json:"reset_pass_on_login"`
		FormFields []formField `json:"form_fields"`
	}
	next := cu.v3
	next.ChannelIDs = slices.Clone(next.ChannelIDs)
	if json.Unmarshal(body, &next) != nil || json.Unmarshal(body, &extra) != nil {
		return refused("a field has the wrong type")
	}
	cu.v3 = next
	if len(extra.Amounts) > 0 {
		extra.Credit = json.RawMessage(extra.Amounts[0].Amount)
	}
	if amount, err := parseMoney(trimQuotes(extra.Credit)); err == nil {
		cu.credit = amount
	}
	if extra.ResetPass != nil {
		cu.resetPass = *extra.ResetPass
	}
	for _, f := range extra.FormFields {
		cu.setFormField(f.Name, f.Value)
	}
	c.touchCustomer(cu)
	data := obj{{"type", "customer"}, {"id", cu.v3.ID}, {"origin_channel_id", cu.v3.OriginChannel}}
	if cu.v3.ChannelIDs != nil {
		data = append(data, field{"channel_ids", cu.v3.ChannelIDs})
	}
	c.fire("store/customer/updated", data)
	return nil
}

func trimQuotes(raw json.RawMessage) string {
	text := string(raw)
	if len(text) >= 2 && text[0] == '"' {
		return text[1 : len(text)-1]
	}
	return text
}
