package bigcommerce

import (
	"encoding/json"
	"net/http"

	"cartwheel/engine"
)

// Names of the authentication's secrets and settings.
const (
	secretAccessToken  = "access_token"
	secretClientID     = "client_id"
	secretClientSecret = "client_secret"

	signatureOff       = "off"
	signatureIfPresent = "if_present"
	signatureRequired  = "required"
)

// defaultBase is where the API of every store is.
const defaultBase = "https://api.bigcommerce.com"

// config is the config of an authentication, as Normalize leaves it.
type config struct {
	StoreHash  string `json:"store_hash"`
	APIBaseURL string `json:"api_base_url"`
	Signature  string `json:"signature"`
	store      string // the address below which everything of the store is
}

// configOf reads a's config. Error: Denied, it must be mended.
func configOf(a engine.Auth) (config, error) {
	read, _ := a.Settings(readConfig).(configRead)
	return read.config, read.err
}

type configRead struct {
	config config
	err    error
}

func readConfig(raw json.RawMessage) any {
	c := config{APIBaseURL: defaultBase, Signature: signatureIfPresent}
	if err := json.Unmarshal(raw, &c); err != nil || c.StoreHash == "" {
		return configRead{err: &engine.Error{Code: engine.Denied, Op: "bigcommerce.configOf", Err: err,
			Message: "The authentication names no store: set its store_hash."}}
	}
	c.store = c.APIBaseURL + "/stores/" + c.StoreHash
	return configRead{config: c}
}

// account is what calls need to know of an authentication.
type account struct {
	config
	auth   engine.Auth
	header http.Header // of every call; not to be changed
}

func (c *Client) accountOf(a engine.Auth) (*account, error) {
	cfg, err := configOf(a)
	if err != nil {
		return nil, err
	}
	token := a.Secret(secretAccessToken)
	if token == "" {
		return nil, engine.Errorf(engine.Denied, "The authentication holds no access_token: set it to that of a store-level API account.")
	}
	return &account{config: cfg, auth: a, header: c.headerFor(token)}, nil
}

// store names what the quota belongs to: all accounts of a store share it.
func (a *account) store() string { return a.config.store }
