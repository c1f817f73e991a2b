package bcsim

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// listOrders answers GET /v2/orders. Archived orders are left out unless is_deleted asks for them.
func (c *call) listOrders() reply {
	keep, err := c.orderFilter()
	if err != nil {
		return v2Invalid(reason(err))
	}
	less, err := orderSort(c.query.Get("sort"))
	if err != nil {
		return v2Invalid(reason(err))
	}
	var found []*order
	for _, id := range c.s.orderIDs {
		if o := c.s.orders[id]; keep(o) {
			found = append(found, o)
		}
	}
	slices.SortStableFunc(found, less)
	page, limit, valid := c.window()
	if !valid {
		return v2Invalid("page and limit must be positive numbers")
	}
	var rows [][]byte
	for _, o := range cut(found, page, limit) {
		rows = append(rows, o.json())
	}
	if len(rows) == 0 {
		return noContent()
	}
	return ok(joined(rows))
}

// orderFilters makes a test out of the value of each filter parameter.
var orderFilters = map[string]func(value string) (func(*order) bool, error){
	"min_id":            number(func(o *order, n int) bool { return o.body.ID >= n }),
	"max_id":            number(func(o *order, n int) bool { return o.body.ID <= n }),
	"customer_id":       number(func(o *order, n int) bool { return o.body.CustomerID == n }),
	"status_id":         number(func(o *order, n int) bool { return o.body.StatusID == n }),
	"channel_id":        number(func(o *order, n int) bool { return o.body.ChannelID == n }),
	"min_total":         amount(func(o, n money) bool { return o >= n }),
	"max_total":         amount(func(o, n money) bool { return o <= n }),
	"email":             word(func(o *order, w string) bool { return strings.EqualFold(o.body.BillingAddress.Email, w) }),
	"cart_id":           word(func(o *order, w string) bool { return o.body.CartID != nil && *o.body.CartID == w }),
	"payment_method":    word(func(o *order, w string) bool { return o.body.PaymentMethod == w }),
	"external_order_id": word(func(o *order, w string) bool { return o.body.ExternalOrderID == w }),
	"min_date_created":  moment(func(o *order, t time.Time) bool { return !o.created.Before(t) }),
	"max_date_created":  moment(func(o *order, t time.Time) bool { return !o.created.After(t) }),
	"min_date_modified": moment(func(o *order, t time.Time) bool { return !o.modified.Before(t) }),
	"max_date_modified": moment(func(o *order, t time.Time) bool { return !o.modified.After(t) }),
}

func number(test func(*order, int) bool) func(string) (func(*order) bool, error) {
	return func(value string) (func(*order) bool, error) {
		n, err := strconv.Atoi(value)
		return func(o *order) bool { return test(o, n) }, err
	}
}

func amount(test func(total, limit money) bool) func(string) (func(*order) bool, error) {
	return func(value string) (func(*order) bool, error) {
		limit, err := parseMoney(value)
		return func(o *order) bool {
			total, err := parseMoney(o.body.TotalIncTax)
			return err == nil && test(total, limit)
		}, err
	}
}

func word(test func(*order, string) bool) func(string) (func(*order) bool, error) {
	return func(value string) (func(*order) bool, error) {
		return func(o *order) bool { return test(o, value) }, nil
	}
}

func moment(test func(*order, time.Time) bool) func(string) (func(*order) bool, error) {
	return func(value string) (func(*order) bool, error) {
		t, err := parseTime(value)
		return func(o *order) bool { return test(o, t) }, err
	}
}

// parseTime reads RFC 2822 or ISO 8601, with or without a time of day.
func parseTime(value string) (time.Time, error) {
	for _, layout := range []string{
		time.RFC1123Z, time.RFC1123, "02 Jan 2006 15:04:05 -0700", time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly,
	} {
		if t, err := time.Parse(layout, value); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a date", value)
}

// orderFilter combines the filters of the query; all must hold.
func (c *call) orderFilter() (func(*order) bool, error) {
	deleted := c.query.Get("is_deleted") == "true"
	tests := []func(*order) bool{func(o *order) bool { return o.body.IsDeleted == deleted }}
	for name, build := range orderFilters {
		value := c.query.Get(name)
		if value == "" {
			continue
		}
		test, err := build(value)
		if err != nil {
			return nil, fmt.Errorf("%s has a value that cannot be read: %w", name, err)
		}
		tests = append(tests, test)
	}
	return func(o *order) bool {
		for _, test := range tests {
			if !test(o) {
				return false
			}
		}
		return true
	}, nil
}

func orderSort(text string) (func(a, b *order) int, error) {
	key, direction, _ := strings.Cut(or(text, "id:asc"), ":")
	keys := map[string]func(a, b *order) int{
		"id":            func(a, b *order) int { return cmp.Compare(a.body.ID, b.body.ID) },
		"customer_id":   func(a, b *order) int { return cmp.Compare(a.body.CustomerID, b.body.CustomerID) },
		"status_id":     func(a, b *order) int { return cmp.Compare(a.body.StatusID, b.body.StatusID) },
		"channel_id":    func(a, b *order) int { return cmp.Compare(a.body.ChannelID, b.body.ChannelID) },
		"date_created":  func(a, b *order) int { return a.created.Compare(b.created) },
		"date_modified": func(a, b *order) int { return a.modified.Compare(b.modified) },
	}
	less := keys[key]
	switch {
	case less == nil:
		return nil, fmt.Errorf("sort does not know %q", key)
	case direction == "desc":
		return func(a, b *order) int { return less(b, a) }, nil
	case direction == "" || direction == "asc":
		return less, nil
	}
	return nil, fmt.Errorf("sort direction %q is neither asc nor desc", direction)
}
