package engine

import (
	"encoding/json"

	"cartwheel/merge"
)

// Spec describes a trigger, an action or an authentication type to people and
// machines: form, validation, REST answer and reference page come from it.
type Spec struct {
	Type    string // "send_email"
	Title   string // "Send e-mail"
	Summary string // one sentence
	Fields  []Field
	Auth    []string        // authentication types it accepts, if any
	Example json.RawMessage // a config; a test runs it
	Outputs []Output        // actions: what later steps read as Steps | <step> | name
}

// Output is one member of what an action leaves behind.
type Output struct {
	Name        string     `json:"name"`
	Type        merge.Type `json:"type" doc:"integer, number, decimal, string, boolean, datetime, list, object; empty: the value's shape decides."`
	Description string     `json:"description"` // one sentence
}

// FieldType says what a field holds, and for a template where its values land.
type FieldType string

// The field types. The first five are the places of package merge.
const (
	TextField           FieldType = "text"
	HTMLField           FieldType = "html"
	JSONField           FieldType = "json"
	URLField            FieldType = "url"
	HeaderField         FieldType = "header"
	IntegerField        FieldType = "integer"
	BooleanField        FieldType = "boolean"
	SelectField         FieldType = "select"   // one of Options
	DurationField       FieldType = "duration" // 90s 15m 36h 3d 2w
	AuthenticationField FieldType = "authentication"
	MapField            FieldType = "map"  // names to texts; Of is the type of the texts
	ListField           FieldType = "list" // of texts
)

// Field is one member of a config.
type Field struct {
	Name    string    `json:"name"`
	Label   string    `json:"label"`
	Help    string    `json:"help,omitempty"`
	Type    FieldType `json:"type"`
	Of      FieldType `json:"of,omitempty"`      // MapField: text, header or url
	Options []string  `json:"options,omitempty"` // SelectField
	Default string    `json:"default,omitempty"` // what is taken when it is left out
	// TypeFrom names the SelectField whose value (json, text) is this field's type.
	TypeFrom string `json:"type_from,omitempty"`
	Required bool   `json:"required"`
	Secret   bool   `json:"secret,omitempty"` // authentication types: stands in secrets, never in config
	Merge    bool   `json:"merge"`            // templates allowed
	Max      int    `json:"max,omitempty"`    // longest text, in bytes after rendering; 0 means 1 MiB
	// For forms alone: nothing is checked by them.
	Example  string     `json:"example,omitempty"`  // shown in an empty field
	Advanced bool       `json:"advanced,omitempty"` // folded away until it is wanted
	When     *FieldWhen `json:"when,omitempty"`     // shown only then
}

// FieldWhen says that a field means something only while another one has one of these values.
type FieldWhen struct {
	Field  string   `json:"field"` // a SelectField
	Values []string `json:"values"`
}

// Place is where the values of a template in a field of type t land.
func (t FieldType) Place() merge.Place {
	switch t {
	case HTMLField, JSONField, URLField, HeaderField:
		return merge.Place(t)
	default:
		return merge.Place(TextField)
	}
}
