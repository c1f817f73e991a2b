package bcsim

import (
	"time"
)

// customerV2 is GET /v2/customers/{id}: 18 fields, RFC 2822 dates.
type customerV2 struct {
	ID               int         `json:"id"`
	Company          string      `json:"company"`
	FirstName        string      `json:"first_name"`
	LastName         string      `json:"last_name"`
	Email            string      `json:"email"`
	Phone            string      `json:"phone"`
	FormFields       []formField `json:"form_fields"` // null when there are none
	DateCreated      string      `json:"date_created"`
	DateModified     string      `json:"date_modified"`
	StoreCredit      string      `json:"store_credit"`
	RegistrationIP   string      `json:"registration_ip_address"`
	GroupID          int         `json:"customer_group_id"`
	Notes            string      `json:"notes"`
	TaxExempt        string      `json:"tax_exempt_category"`
	ResetPassword    bool        `json:"reset_pass_on_login"`
	AcceptsMarketing bool        `json:"accepts_marketing"`
	Addresses        link        `json:"addresses"`
}

// customerV3 is a row of GET /v3/customers without include: 16 fields, ISO dates.
type customerV3 struct {
	ID             int            `json:"id"`
	Authentication authentication `json:"authentication"`
	Company        string         `json:"company"`
	GroupID        int            `json:"customer_group_id"`
	Email          string         `json:"email"`
	FirstName      string         `json:"first_name"`
	LastName       string         `json:"last_name"`
	Notes          string         `json:"notes"`
	Phone          string         `json:"phone"`
	RegistrationIP string         `json:"registration_ip_address"`
	TaxExempt      string         `json:"tax_exempt_category"`
	DateCreated    string         `json:"date_created"`
	DateModified   string         `json:"date_modified"`
	AcceptsReview  bool           `json:"accepts_product_review_abandoned_cart_emails"`
	OriginChannel  int            `json:"origin_channel_id"`
	ChannelIDs     []int          `json:"channel_ids"` // null = all channels
}

type authentication struct {
	ForcePasswordReset bool `json:"force_password_reset"`
}

// customer keeps V3 as the truth; V2 is written from it.
type customer struct {
	v3         customerV3
	formFields []formField // nil = none
	credit     money
	marketing  bool
	resetPass  bool
	created    time.Time
	modified   time.Time
	person     person
	attributes map[int]string // by attribute id

	v2JSON, v3JSON cache
}

func (cu *customer) drop() {
	cu.v2JSON.drop()
	cu.v3JSON.drop()
}

func (s *Store) customerV2(cu *customer) []byte {
	return cu.v2JSON.get(func() any {
		v := cu.v3
		return customerV2{
			ID: v.ID, Company: v.Company, FirstName: v.FirstName, LastName: v.LastName, Email: v.Email, Phone: v.Phone,
			FormFields: cu.formFields, DateCreated: rfc2822(cu.created), DateModified: rfc2822(cu.modified),
			StoreCredit: cu.credit.padded(), RegistrationIP: v.RegistrationIP, GroupID: v.GroupID, Notes: v.Notes,
			TaxExempt: v.TaxExempt, ResetPassword: cu.resetPass, AcceptsMarketing: cu.marketing,
			Addresses: s.link("/customers/%d/addresses", v.ID),
		}
	})
}

func (cu *customer) json() []byte { return cu.v3JSON.get(func() any { return &cu.v3 }) }

// Customer is a summary of a customer for tests and demonstrations.
type Customer struct {
	ID, OriginChannelID        int
	FirstName, LastName, Email string
	Created, Modified          time.Time
}

// Customers lists all customers by id.
func (s *Store) Customers() []Customer {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make([]Customer, 0, len(s.customIDs))
	for _, id := range s.customIDs {
		cu := s.customers[id]
		out = append(out, Customer{id, cu.v3.OriginChannel, cu.v3.FirstName, cu.v3.LastName, cu.v3.Email, cu.created, cu.modified})
	}
	return out
}

// UpdateCustomer sets fields as PUT /v3/customers does and fires customer/updated.
func (s *Store) UpdateCustomer(id int, fields map[string]any) error {
	return s.act(func(c *change) error {
		cu := s.customers[id]
		if cu == nil {
			return notFound("customer", id)
		}
		return c.updateCustomer(cu, encode(fields), customerFieldsV3)
	})
}

// DeleteCustomer removes a customer; their orders stay. It fires customer/deleted.
func (s *Store) DeleteCustomer(id int) error {
	return s.act(func(c *change) error { return c.deleteCustomer(id) })
}

func (c *change) deleteCustomer(id int) error {
	if c.s.customers[id] == nil {
		return notFound("customer", id)
	}
	delete(c.s.customers, id)
	c.s.customIDs = remove(c.s.customIDs, id)
	c.fire("store/customer/deleted", obj{{"type", "customer"}, {"id", id}})
	return nil
}

func remove[T comparable](list []T, gone T) []T {
	out := make([]T, 0, len(list))
	for _, v := range list {
		if v != gone {
			out = append(out, v)
		}
	}
	return out
}

func (c *change) touchCustomer(cu *customer) {
	cu.modified = c.now.Truncate(time.Second)
	cu.v3.DateModified = cu.modified.Format(isoZulu)
	cu.drop()
}
