package merge

import (
	"maps"
	"slices"
)

// Type is the type of a merge code's value.
type Type string

// The types. Any is a value without one, such as an HTTP answer: its shape decides.
const (
	Integer  Type = "integer"
	Number   Type = "number"
	Decimal  Type = "decimal" // exact decimal, on the wire a text in V2 ("30.0000") or a number in V3
	String   Type = "string"
	Boolean  Type = "boolean"
	Datetime Type = "datetime" // RFC 1123Z, RFC 3339 or yyyy-mm-dd text
	List     Type = "list"
	ObjectOf Type = "object"
	Any      Type = ""
)

// Entry describes one merge code of a trigger.
type Entry struct {
	Code        Code
	Type        Type
	Description string // one sentence
	Sample      any    // a wire value (see Decode), believable
	Personal    bool   // tells something about a person
	// Synonyms are other words that people look for it by, in lower case.
	Synonyms []string
	// Currency is the code that holds the ISO 4217 currency of the amounts beside this value, and of it when it is one.
	Currency Code
	// Items describes the members of a list's elements, or of an Any/object list;
	// their Codes are relative ("name", "applied_discounts").
	Items []Entry
}

// Catalog is the set of merge codes that a trigger can supply. Immutable after NewCatalog; With copies.
type Catalog struct {
	entries []Entry
	byCode  map[Code]int
	objects map[Code]bool // every proper prefix of an entry's code
	open    []Code        // below these any code is allowed, untyped: Steps | tell | body
	zone    Code
}

// NewCatalog makes a Catalog. Of two entries with one code the later counts.
// zone is the code that holds the IANA zone for dates formatted without one; it may be "".
func NewCatalog(zone Code, entries ...Entry) Catalog {
	return Catalog{zone: zone}.With(entries...)
}

// Entries are all entries, in the order in which they were given. Do not change it.
func (c Catalog) Entries() []Entry { return c.entries }

// Zone is the code of the time zone for dates formatted without one, or "".
func (c Catalog) Zone() Code { return c.zone }

// With is c with more entries; one whose code c has already takes its place.
func (c Catalog) With(entries ...Entry) Catalog {
	c.entries = slices.Clone(c.entries)
	c.byCode = clone(c.byCode, len(entries))
	c.objects = clone(c.objects, len(entries))
	for _, e := range entries {
		if i, ok := c.byCode[e.Code]; ok {
			c.entries[i] = e
			continue
		}
		c.byCode[e.Code] = len(c.entries)
		c.entries = append(c.entries, e)
		c.addPrefixes(e.Code)
	}
	return c
}

// WithOpen is c with codes below which everything is allowed, untyped.
func (c Catalog) WithOpen(codes ...Code) Catalog {
	c.open = append(slices.Clone(c.open), codes...)
	c.objects = clone(c.objects, len(codes))
	for _, code := range codes {
		c.addPrefixes(code)
	}
	return c
}

func clone[V any](m map[Code]V, more int) map[Code]V {
	out := make(map[Code]V, len(m)+more)
	maps.Copy(out, m)
	return out
}

func (c Catalog) addPrefixes(code Code) {
	for prefix := range code.prefixes() {
		c.objects[prefix] = true
	}
}

// Lookup finds what code names: an entry; an object that entries lie in; or
// something untyped at or below an open code, or below an entry whose inside is not described.
func (c Catalog) Lookup(code Code) (Entry, bool) {
	if i, ok := c.byCode[code]; ok {
		return c.entries[i], true
	}
	if c.objects[code] {
		return Entry{Code: code, Type: ObjectOf}, true
	}
	for _, open := range c.open {
		if code.Under(open) {
			return Entry{Code: code}, true
		}
	}
	for prefix, rest := range code.prefixes() {
		if i, ok := c.byCode[prefix]; ok {
			if e, ok := c.entries[i].Member(rest); ok {
				e.Code = code
				return e, true
			}
		}
	}
	return Entry{}, false
}

// Member finds what the relative code names inside e. Inside an object or an
// untyped value whose members are not described anything goes; lists and plain values have no members.
func (e Entry) Member(code Code) (Entry, bool) {
	if e.Type != ObjectOf && e.Type != Any {
		return Entry{}, false
	}
	if len(e.Items) == 0 {
		return Entry{Code: code}, true
	}
	for _, item := range e.Items {
		switch {
		case item.Code == code:
			return item, true
		case item.Code.Under(code):
			return Entry{Code: code, Type: ObjectOf}, true
		case code.Under(item.Code):
			if m, ok := item.Member(code[len(item.Code)+len(separator):]); ok {
				m.Code = code
				return m, true
			}
		}
	}
	return Entry{}, false
}

// Element is the loop variable over the list e: an object when e.Items describes one, else untyped.
func (e Entry) Element() Entry {
	if len(e.Items) == 0 {
		return Entry{}
	}
	return Entry{Type: ObjectOf, Items: e.Items}
}
