package bigcommerce

import (
	"encoding/json"

	"cartwheel/engine"
)

// AuthType is the connection to a store: a store-level API account.
type AuthType struct{ client *Client }

var (
	_ engine.AuthType   = AuthType{}
	_ engine.Subscriber = AuthType{}
)

// NewAuthType makes the authentication type "bigcommerce"; its calls go through c.
func NewAuthType(c *Client) AuthType { return AuthType{client: c} }

// Intake is the word in the path of a store's webhooks: /hooks/bigcommerce/{key}.
func (AuthType) Intake() string { return AuthName }

// Spec lists what the file of a store-level API account holds, and the signature setting.
func (AuthType) Spec() engine.Spec {
	return engine.Spec{
		Type:    AuthName,
		Title:   "BigCommerce store",
		Summary: "A store-level API account: reads the store's data and registers its webhooks.",
		Fields: []engine.Field{
			{Name: "store_hash", Label: "Store hash", Type: engine.TextField, Required: true, Max: 500,
				Help: "The store's hash, the API path of the account, or an address of the store's control panel; the hash is found in it."},
			{Name: "api_base_url", Label: "API address", Type: engine.TextField, Default: defaultBase, Max: 500,
				Help: "Leave it as it is, but for a simulated store. /stores/{hash}/v2 or v3 is added."},
			{Name: "signature", Label: "Webhook signatures", Type: engine.SelectField, Default: signatureIfPresent,
				Options: []string{signatureOff, signatureIfPresent, signatureRequired},
				Help:    "Signatures are checked with the client secret. The secret header of Cartwheel's webhooks is checked in any case."},
			{Name: secretAccessToken, Label: "Access token", Type: engine.TextField, Required: true, Secret: true, Max: 500,
				Help: "ACCESS TOKEN in the account's file. Read-only for orders, customers, carts, information & settings and channel settings is enough."},
			{Name: secretClientID, Label: "Client ID", Type: engine.TextField, Secret: true, Max: 500,
				Help: "CLIENT ID in the account's file; not needed for calls."},
			{Name: secretClientSecret, Label: "Client secret", Type: engine.TextField, Secret: true, Max: 500,
				Help: "CLIENT SECRET in the account's file: lets Cartwheel check signatures."},
		},
		Example: json.RawMessage(`{"store_hash": "k7mq2zt9ax", "signature": "if_present"}`),
	}
}
