package bcsim

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

func (c *call) customer() *customer { return c.s.customers[c.id(0)] }

func (c *call) getCustomerV2() reply {
	cu := c.customer()
	if cu == nil {
		return v2NotFound()
	}
	return ok(c.s.customerV2(cu))
}

func (c *call) listCustomersV2() reply {
	var rows [][]byte
	email := c.query.Get("email")
	for _, id := range c.s.customIDs {
		cu := c.s.customers[id]
		if email == "" || strings.EqualFold(email, cu.v3.Email) {
			rows = append(rows, c.s.customerV2(cu))
		}
	}
	return c.pageV2(rows)
}

func (c *call) listAddressesV2() reply {
	cu := c.customer()
	if cu == nil {
		return v2NotFound()
	}
	if cu.person.street1 == "" {
		return noContent()
	}
	p := &cu.person
	return ok(encode([]obj{{
		{"id", cu.v3.ID}, {"customer_id", cu.v3.ID}, {"first_name", p.first}, {"last_name", p.last}, {"company", p.company},
		{"street_1", p.street1}, {"street_2", p.more}, {"city", p.city.name}, {"state", p.city.state}, {"zip", p.city.zip},
		{"country", p.place.country}, {"country_iso2", p.place.iso}, {"phone", p.phone}, {"address_type", "residential"},
		{"form_fields", nil},
	}}))
}

// listCustomersV3 answers GET /v3/customers. An unknown id is not an error, its row is just missing.
func (c *call) listCustomersV3() reply {
	if ids := c.query.Get("id:in"); ids != "" && len(c.query) == 1 {
		if id, err := strconv.Atoi(ids); err == nil {
			return c.oneCustomer(id)
		}
	}
	keep, problem := c.customerFilter()
	if problem != nil {
		return unprocessable(*problem)
	}
	var found []*customer
	for _, id := range c.s.customIDs {
		if cu := c.s.customers[id]; keep(cu) {
			found = append(found, cu)
		}
	}
	if problem := c.sortCustomers(found); problem != nil {
		return unprocessable(*problem)
	}
	return c.customerPage(found)
}

// oneCustomer is the short way of the most frequent request, ?id:in=318.
func (c *call) oneCustomer(id int) reply {
	found := []*customer{}
	if cu := c.s.customers[id]; cu != nil {
		found = append(found, cu)
	}
	return c.customerPage(found)
}

func (c *call) customerFilter() (func(*customer) bool, *problem) {
	var tests []func(*customer) bool
	if ids := idList(c.query.Get("id:in")); ids != nil {
		tests = append(tests, func(cu *customer) bool { return ids[cu.v3.ID] })
	}
	for name, value := range map[string]func(*customer) string{
		"email:in":                   func(cu *customer) string { return cu.v3.Email },
		"company:in":                 func(cu *customer) string { return cu.v3.Company },
		"phone:in":                   func(cu *customer) string { return cu.v3.Phone },
		"customer_group_id:in":       func(cu *customer) string { return strconv.Itoa(cu.v3.GroupID) },
		"name:in":                    func(cu *customer) string { return cu.v3.FirstName + " " + cu.v3.LastName },
		"registration_ip_address:in": func(cu *customer) string { return cu.v3.RegistrationIP },
	} {
		if text := c.query.Get(name); text != "" {
			words := strings.Split(strings.ToLower(text), ",")
			tests = append(tests, func(cu *customer) bool { return slices.Contains(words, strings.ToLower(value(cu))) })
		}
	}
	if like := strings.ToLower(c.query.Get("name:like")); like != "" {
		tests = append(tests, func(cu *customer) bool {
			return strings.Contains(strings.ToLower(cu.v3.FirstName+" "+cu.v3.LastName), like)
		})
	}
	for name, test := range map[string]func(cu *customer, t time.Time) bool{
		"date_created:min":  func(cu *customer, t time.Time) bool { return !cu.created.Before(t) },
		"date_created:max":  func(cu *customer, t time.Time) bool { return !cu.created.After(t) },
		"date_modified:min": func(cu *customer, t time.Time) bool { return !cu.modified.Before(t) },
		"date_modified:max": func(cu *customer, t time.Time) bool { return !cu.modified.After(t) },
	} {
		if text := c.query.Get(name); text != "" {
			t, err := parseTime(text)
			if err != nil {
				return nil, &problem{name, err.Error()}
			}
			tests = append(tests, func(cu *customer) bool { return test(cu, t) })
		}
	}
	return func(cu *customer) bool {
		return !slices.ContainsFunc(tests, func(test func(*customer) bool) bool { return !test(cu) })
	}, nil
}

func (c *call) sortCustomers(found []*customer) *problem {
	sort := c.query.Get("sort")
	if sort == "" {
		return nil
	}
	less, known := map[string]func(a, b *customer) int{
		"date_created":  func(a, b *customer) int { return a.created.Compare(b.created) },
		"date_modified": func(a, b *customer) int { return a.modified.Compare(b.modified) },
		"last_name":     func(a, b *customer) int { return cmp.Compare(a.v3.LastName, b.v3.LastName) },
	}[strings.TrimSuffix(strings.TrimSuffix(sort, ":asc"), ":desc")]
	if !known {
		return &problem{"sort", "sort is one of date_created, date_modified, last_name with :asc or :desc"}
	}
	slices.SortStableFunc(found, func(a, b *customer) int {
		if strings.HasSuffix(sort, ":desc") {
			a, b = b, a
		}
		return less(a, b)
	})
	return nil
}

// customerPage answers by page, or by cursor when after or before is given.
func (c *call) customerPage(found []*customer) reply {
	page, limit, valid := c.window()
	if !valid {
		return unprocessable(problem{"page", "page and limit must be positive numbers"})
	}
	part := cut(found, page, limit)
	if after := c.query.Get("after"); after != "" {
		from := slices.IndexFunc(found, func(cu *customer) bool { return cursor(cu) == after }) + 1
		part = cut(found[from:], 1, limit)
	} else if before := c.query.Get("before"); before != "" {
		to := max(0, slices.IndexFunc(found, func(cu *customer) bool { return cursor(cu) == before }))
		part = found[max(0, to-limit):to]
	}
	rows := make([][]byte, len(part))
	for i, cu := range part {
		rows[i] = c.customerRow(cu)
	}
	meta := obj{{"pagination", paginate(len(found), len(part), page, limit)}}
	if len(part) > 0 {
		first, last := cursor(part[0]), cursor(part[len(part)-1])
		links := obj{}
		if last != cursor(found[len(found)-1]) {
			links = obj{{"next", fmt.Sprintf("?limit=%d&after=%s", limit, last)}}
		}
		meta = append(meta, field{"cursor_pagination", obj{
			{"count", len(part)}, {"per_page", limit}, {"start_cursor", first}, {"end_cursor", last}, {"links", links},
		}})
	}
	return ok(listV3(rows, encode(meta)))
}

func cursor(cu *customer) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "id:%d", cu.v3.ID))
}

// customerRow is the base object plus what include asks for.
func (c *call) customerRow(cu *customer) []byte {
	base := cu.json()
	if c.query.Get("include") == "" {
		return base
	}
	extra := obj{}
	add := func(word, key string, value func() any) {
		if c.includes(word) {
			extra = append(extra, field{key, value()})
		}
	}
	add("addresses", "addresses", func() any { return cu.addressesV3() })
	add("addresses", "address_count", func() any { return len(cu.addressesV3()) })
	add("storecredit", "store_credit_amounts", func() any { return []obj{{{"amount", cu.credit.number()}}} })
	add("attributes", "attributes", func() any { return cu.attributeRows() })
	add("attributes", "attribute_count", func() any { return len(cu.attributes) })
	add("formfields", "form_fields", func() any { return cu.formFieldRows() })
	add("shopper_profile_id", "shopper_profile_id", func() any { return nil })
	add("segment_ids", "segment_ids", func() any { return []string{} })
	if len(extra) == 0 {
		return base
	}
	more := encode(extra)
	return append(append(slices.Clone(base[:len(base)-1]), ','), more[1:]...)
}
