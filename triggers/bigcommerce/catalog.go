package bigcommerce

import (
	"slices"
	"strings"

	"cartwheel/merge"
)

// kind is the type of a row of a catalogue, with what else follows from it.
type kind int

const (
	integer kind = iota
	text
	boolean
	date  // RFC 2822 in V2, ISO 8601 in V3
	money // an amount in the currency of its root: a text in V2, a number in V3
	rate  // a decimal that is no amount of money
	list
	object
)

// row describes one member: its name below the root ("billing_address | city"),
// what it says, and an example as JSON. A row marked personal tells something about a person.
type row struct {
	name     string
	kind     kind
	sample   string
	about    string
	personal bool
}

// A short way to write the rows that tell something about a person.
const personal = true

// catalogOf makes the catalogue of a trigger: every code of its roots, in the
// table's order of the roots and the wire's order of their members. The sample
// values of all triggers tell one story: order 5208 of a fictional shopper.
func catalogOf(t event) merge.Catalog {
	var entries []merge.Entry
	for _, root := range t.roots {
		entries = append(entries, rootEntries(t, root)...)
	}
	return merge.NewCatalog(code(rootStore, "timezone", "name"), entries...)
}

func rootEntries(t event, root string) []merge.Entry {
	orderCurrency := code(rootOrder, "currency_code")
	switch root {
	case rootOrder:
		c := code(root)
		return withItems(entriesUnder(c, orderRows(), orderCurrency), c.Child("billing_address").Child("form_fields"), entriesUnder("", formFieldRows(), ""))
	case rootCustomer:
		return customerEntries(t.customer)
	case rootShipment:
		return shipmentEntries()
	case rootProducts:
		return []merge.Entry{productList(orderCurrency)}
	case rootAddresses:
		return []merge.Entry{addressList(orderCurrency)}
	case rootCoupons:
		return []merge.Entry{couponList(orderCurrency)}
	case rootCart:
		return cartEntries()
	case rootCartItems:
		return []merge.Entry{cartItemList()}
	case rootStore:
		return entriesUnder(code(root), storeRows(), "")
	default:
		return entriesUnder(code(root), channelRows(), "")
	}
}

// entriesUnder makes entries of rows; their codes are relative when root is "".
func entriesUnder(root merge.Code, rows []row, currency merge.Code) []merge.Entry {
	entries, words := make([]merge.Entry, len(rows)), synonyms()
	for i, r := range rows {
		c := root
		for segment := range strings.SplitSeq(r.name, " | ") {
			c = c.Child(segment)
		}
		entries[i] = merge.Entry{Code: c, Type: r.kind.typ(), Description: r.about, Sample: sample(r.sample), Personal: r.personal,
			Synonyms: synonymsOf(words, r.name)}
		switch r.kind { // whatever is formatted as money is in the currency of its order or cart
		case money, rate, integer, text:
			entries[i].Currency = currency
		}
	}
	return entries
}

func (k kind) typ() merge.Type {
	switch k {
	case integer:
		return merge.Integer
	case boolean:
		return merge.Boolean
	case date:
		return merge.Datetime
	case money, rate:
		return merge.Decimal
	case list:
		return merge.List
	case object:
		return merge.ObjectOf
	default:
		return merge.String
	}
}

// sample decodes the example of a row. One that is no JSON is our own mistake, seen at the first start.
func sample(src string) any {
	v, err := merge.Decode([]byte(src))
	if err != nil {
		panic("bigcommerce: the sample " + src + " is no JSON: " + err.Error())
	}
	return v
}

// listEntry describes a list by the rows of its elements. Its example has one
// element with the rows' examples, and one more for each of others, which says
// what differs ({"name": "…"}).
func listEntry(root, about string, items []merge.Entry, others ...string) merge.Entry {
	var element merge.Object
	for _, item := range items {
		element.Put(item.Code, item.Sample)
	}
	elements := []any{element}
	for _, o := range others {
		next := element.Clone()
		differing, _ := sample(o).(merge.Object)
		for name, v := range differing.All() {
			next.Set(name, v)
		}
		elements = append(elements, next)
	}
	return merge.Entry{Code: code(root), Type: merge.List, Description: about, Sample: elements, Items: items,
		Personal: slices.ContainsFunc(items, func(e merge.Entry) bool { return e.Personal })}
}

// withItems describes the elements of the list called name among entries.
func withItems(entries []merge.Entry, name merge.Code, items []merge.Entry) []merge.Entry {
	for i := range entries {
		if entries[i].Code == name {
			entries[i].Items = items
		}
	}
	return entries
}

// formFieldRows are the elements of every form_fields.
func formFieldRows() []row {
	return []row{
		{"name", text, `"Plot number"`, "The field's name.", false},
		{"value", text, `"17 B"`, "What the shopper entered.", personal},
	}
}
