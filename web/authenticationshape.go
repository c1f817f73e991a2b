package web

import (
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"

	"cartwheel/engine"
)

// authenticationJSON is an authentication as it is answered.
type authenticationJSON struct {
	ID         string                `json:"id"`
	Name       string                `json:"name"`
	Type       string                `json:"type"`
	Config     rawObject             `json:"config,omitempty" doc:"Only for integration managers and admins."`
	Secrets    map[string]secretJSON `json:"secrets" doc:"By name; their values never come back."`
	UsedBy     []string              `json:"used_by" doc:"The ids of the workflows that use it."`
	Hooks      *hooksJSON            `json:"hooks,omitempty" doc:"Of a store: how far its webhooks are registered."`
	Health     healthJSON            `json:"health" doc:"Whether it works, as far as its last test and its use have shown."`
	Tested     *testedJSON           `json:"tested" doc:"Its last test; null: there was none."`
	WebhookURL string                `json:"webhook_url,omitempty" doc:"Where the store sends webhooks. A secret address: only for integration managers and admins."`
	CreatedAt  string                `json:"created_at" format:"date-time"`
	UpdatedAt  string                `json:"updated_at" format:"date-time"`
}

// healthJSON is whether an authentication works.
type healthJSON struct {
	State        string  `json:"state" enum:"ok,failing,unknown,untested" doc:"unknown: it was changed since it was last used."`
	LastOKAt     *string `json:"last_ok_at" format:"date-time"`
	LastFailedAt *string `json:"last_failed_at" format:"date-time"`
	LastError    *string `json:"last_error" doc:"What was said at last_failed_at."`
}

// testedJSON is the last test of an authentication.
type testedJSON struct {
	At string `json:"at" format:"date-time"`
	OK bool   `json:"ok"`
}

func showHealth(v engine.AuthenticationView, m mask) (healthJSON, *testedJSON) {
	h := healthJSON{State: v.HealthState, LastOKAt: stampOf(v.Health.OKAt), LastFailedAt: stampOf(v.Health.FailedAt), LastError: textOrNil(m.text(v.Health.Error))}
	if v.Health.TestedAt == nil {
		return h, nil
	}
	return h, &testedJSON{At: stamp(*v.Health.TestedAt), OK: v.Health.TestedOK}
}

// secretJSON tells whether a secret is set.
type secretJSON struct {
	Set   bool   `json:"set"`
	Last4 string `json:"last4,omitempty" doc:"Its last four characters, when it is long enough. Only for integration managers and admins."`
}

// hooksJSON says how far the hooks of a store are registered.
type hooksJSON struct {
	State     string        `json:"state" doc:"pending, active or failed; empty: none is needed."`
	Reason    string        `json:"reason,omitempty"`
	Hooks     []engine.Hook `json:"hooks"`
	CheckedAt *string       `json:"checked_at" format:"date-time"`
}

// authenticationInputJSON is what makes an authentication.
type authenticationInputJSON struct {
	ID      string                 `json:"id,omitempty" maxLength:"64" doc:"Lower-case letters, digits, - and _; made from the name when left out."`
	Name    string                 `json:"name" minLength:"1" maxLength:"200"`
	Type    string                 `json:"type" minLength:"1" maxLength:"100" doc:"One of GET /authentication-types."`
	Config  rawObject              `json:"config,omitempty"`
	Secrets map[string]secretValue `json:"secrets,omitempty"`

	UsedBy     any `json:"used_by,omitempty" readOnly:"true" doc:"Ignored."`
	Hooks      any `json:"hooks,omitempty" readOnly:"true" doc:"Ignored."`
	WebhookURL any `json:"webhook_url,omitempty" readOnly:"true" doc:"Ignored."`
	Health     any `json:"health,omitempty" readOnly:"true" doc:"Ignored."`
	Tested     any `json:"tested,omitempty" readOnly:"true" doc:"Ignored."`
	CreatedAt  any `json:"created_at,omitempty" readOnly:"true" doc:"Ignored."`
	UpdatedAt  any `json:"updated_at,omitempty" readOnly:"true" doc:"Ignored."`
}

// authenticationPatchJSON is what changes an authentication.
type authenticationPatchJSON struct {
	Name    *string                `json:"name,omitempty" minLength:"1" maxLength:"200"`
	Type    string                 `json:"type,omitempty" maxLength:"100" doc:"Cannot change; may be sent back."`
	Config  rawObject              `json:"config,omitempty" doc:"null removes a member; what is left out stays."`
	Secrets map[string]secretValue `json:"secrets,omitempty" doc:"A text sets, null removes; what is left out stays."`

	ID         any `json:"id,omitempty" readOnly:"true" doc:"Ignored."`
	UsedBy     any `json:"used_by,omitempty" readOnly:"true" doc:"Ignored."`
	Hooks      any `json:"hooks,omitempty" readOnly:"true" doc:"Ignored."`
	WebhookURL any `json:"webhook_url,omitempty" readOnly:"true" doc:"Ignored."`
	Health     any `json:"health,omitempty" readOnly:"true" doc:"Ignored."`
	Tested     any `json:"tested,omitempty" readOnly:"true" doc:"Ignored."`
	CreatedAt  any `json:"created_at,omitempty" readOnly:"true" doc:"Ignored."`
	UpdatedAt  any `json:"updated_at,omitempty" readOnly:"true" doc:"Ignored."`
}

// secretValue is a secret as it is sent: a text, null, or the {set, last4} of an answer, which changes nothing.
type secretValue struct {
	value     *string
	unchanged bool
}

// Schema describes it: a text, null, or what an answer has in its place, which is ignored.
func (secretValue) Schema(huma.Registry) *huma.Schema {
	most := 8192
	text := &huma.Schema{Type: huma.TypeString, Nullable: true, MaxLength: &most}
	text.PrecomputeMessages()
	shown := &huma.Schema{Type: huma.TypeObject, AdditionalProperties: false, Properties: map[string]*huma.Schema{
		"set": {Type: huma.TypeBoolean}, "last4": {Type: huma.TypeString}}}
	shown.PrecomputeMessages()
	return &huma.Schema{AnyOf: []*huma.Schema{text, shown},
		Description: "The secret. The object that answers have in its place is ignored."}
}

// UnmarshalJSON reads what the schema allows.
func (v *secretValue) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '{' {
		*v = secretValue{unchanged: true}
		return nil
	}
	*v = secretValue{}
	return json.Unmarshal(data, &v.value)
}
