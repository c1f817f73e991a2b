// Package bcsim is a BigCommerce store in one Go value, for tests, demonstrations and load runs.
//
// It serves the parts of the V2 and V3 REST APIs that a workflow engine reads and writes, keeps the rules of the
// webhooks API (limits per scope, visibility per account, retry schedule, domain block) and sends callbacks when
// something happens in the store. Its bodies have the keys, key order and types of the real ones: V2 money is text
// and V2 dates are RFC 2822, V3 has numbers and ISO 8601.
//
//	store := bcsim.New(bcsim.Config{Resolve: map[string]string{"hooks.example.com": "127.0.0.1:8080"}})
//	defer store.Close()
//	api := httptest.NewServer(store)     // the base URL of a client is api.URL + "/stores/k7mq2zt9ax/v2"
//	id, _ := store.Ship(store.Orders()[0].ID)
//
// Acts (Ship, NewOrder, AbandonCart, ...) change the data and fire the callbacks documented for them. Fault makes
// the API misbehave on purpose. Requests and Deliveries tell what happened; Wait and Settle replace sleeping.
//
// The data set depends on Config.Seed and on the time of New alone. All persons are made up; every host is under
// example.com, example.net or example.org, every address from the ranges reserved for documentation.
package bcsim

import (
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// StoreID is the numeric id of the simulated store, as text in every callback.
const StoreID = "1003418276"

// Config sets up a Store. The zero value is a complete store with the documented limits.
type Config struct {
	StoreHash    string   // path segment of the API, default "k7mq2zt9ax"
	AccessToken  string   // X-Auth-Token of the main account, default "sim-" + StoreHash
	ClientID     string   // of the main account, default "exampleclientid0000000000000001"
	ClientSecret string   // key of the callback signatures, default "sim-client-" + StoreHash
	Scopes       []string // of the main account, default ReadOnlyScopes()
	// Tokens holds further API accounts by access token. Hooks are visible to the client id that made them.
	Tokens map[string]Account

	Seed uint64           // same seed and same Now = same data
	Now  func() time.Time // default time.Now
	// After runs f once, d from now, unless stop comes first. It drives retries and late callbacks. It must not run f
	// before it returns, nor hold a lock that After or Now takes while f runs. A Clock serves both.
	After func(d time.Duration, f func()) (stop func())

	Quota  int           // requests per Window, 0 = 150, negative = unlimited
	Window time.Duration // default 30 s

	HookStartDelay time.Duration // how long a new hook stays silent; the store says up to one minute
	// Resolve maps the host of a hook's destination ("hooks.example.com", "hooks.example.com:443" or "*" for all)
	// to a local address such as "127.0.0.1:8080", where plain HTTP is spoken. Nothing is sent to other hosts.
	Resolve map[string]string
	// AllowAnyDestination accepts every http(s) destination and calls it as it is, for hand tests.
	AllowAnyDestination bool
	CallbackTimeout     time.Duration // default 10 s; the real value is documented nowhere
	Senders             int           // callbacks under way at once, default 32

	Sign           bool // add Standard Webhooks headers, keyed by the raw bytes of the client secret
	KeepTimestamp  bool // retries keep the first webhook-timestamp; otherwise it is renewed per attempt
	HashCoversTime bool // hash differs for equal data at different times; otherwise it covers scope and data only

	LedgerSize int          // requests and deliveries remembered, default 100,000 each
	Logger     *slog.Logger // default: silent
}

// Account is one API account of the store.
type Account struct {
	ClientID, ClientSecret string
	// Scopes are OAuth scopes such as "store_v2_orders_read_only"; a scope without that ending includes reading.
	// nil means ReadOnlyScopes, an empty slice means none.
	Scopes []string
}

// ReadOnlyScopes lists what an "all read-only" API account may do. Managing hooks needs no scope.
func ReadOnlyScopes() []string {
	return readOnly([]string{scopeOrders, scopeCustomers, scopeCarts, scopeProducts, scopeInformation,
		scopeChannels, scopeTransactions, scopeMarketing})
}

// ModifyScopes lists every scope in its writing form.
func ModifyScopes() []string {
	return []string{scopeOrders, scopeCustomers, scopeCarts, scopeProducts, scopeInformation,
		scopeChannels, scopeTransactions, scopeMarketing}
}

// OAuth scope names without their _read_only ending.
const (
	scopeOrders       = "store_v2_orders"
	scopeCustomers    = "store_v2_customers"
	scopeCarts        = "store_cart"
	scopeProducts     = "store_v2_products"
	scopeInformation  = "store_v2_information"
	scopeChannels     = "store_channel_settings"
	scopeTransactions = "store_v2_transactions"
	scopeMarketing    = "store_v2_marketing"
	readOnlyEnding    = "_read_only"
)

func readOnly(scopes []string) []string {
	out := make([]string, len(scopes))
	for i, scope := range scopes {
		out[i] = scope + readOnlyEnding
	}
	return out
}

// allows says whether the account may use the scope family, for writing if write is set. No family needs no scope.
func (a *Account) allows(scope string, write bool) bool {
	if scope == "" || slices.Contains(a.Scopes, scope) {
		return true
	}
	return !write && slices.Contains(a.Scopes, scope+readOnlyEnding)
}

// Store is the simulated store, an http.Handler that serves /stores/{hash}/v2 and /v3. Safe for concurrent use.
type Store struct {
	cfg      Config
	accounts map[string]*Account // by access token
	routes   map[int][]route     // by number of path segments

	mu        sync.RWMutex // guards the data below; taken before every other lock of the package
	started   time.Time
	rng       *rng
	ids       counters
	orders    map[int]*order
	orderIDs  []int // ascending
	customers map[int]*customer
	customIDs []int // ascending
	carts     map[string]*cart
	cartIDs   []string // oldest first
	tokens    map[string]string
	products  []*product

	limiter  *limiter
	faults   *faultBook
	requests *ledger[Request]
	sender   *sender
	serial   atomic.Uint64 // of request ids
	closed   chan struct{}
	closing  sync.Once
}

// counters hold the last id given out per kind of object.
type counters struct {
	order, orderProduct, orderAddress, shipment, message, metafield, customer, address, couponRow, option int
}

// New makes a store and its data. Close it when done.
func New(cfg Config) *Store {
	cfg = cfg.withDefaults()
	s := &Store{
		cfg:       cfg,
		accounts:  accountsOf(cfg),
		started:   cfg.Now().UTC().Truncate(time.Second),
		rng:       newRNG(cfg.Seed),
		orders:    map[int]*order{},
		customers: map[int]*customer{},
		carts:     map[string]*cart{},
		tokens:    map[string]string{},
		limiter:   &limiter{quota: cfg.Quota, window: cfg.Window},
		faults:    &faultBook{},
		requests:  newLedger[Request](cfg.LedgerSize),
		closed:    make(chan struct{}),
	}
	s.sender = newSender(cfg, s.accounts)
	s.routes = routeTable()
	s.generate()
	return s
}

func (c Config) withDefaults() Config {
	c.StoreHash = or(c.StoreHash, "k7mq2zt9ax")
	c.AccessToken = or(c.AccessToken, "sim-"+c.StoreHash)
	c.ClientID = or(c.ClientID, "exampleclientid0000000000000001")
	c.ClientSecret = or(c.ClientSecret, "sim-client-"+c.StoreHash)
	c.Quota = or(c.Quota, 150)
	c.Window = or(c.Window, 30*time.Second)
	c.CallbackTimeout = or(c.CallbackTimeout, 10*time.Second)
	c.Senders = or(c.Senders, 32)
	c.LedgerSize = or(c.LedgerSize, 100_000)
	if c.Scopes == nil {
		c.Scopes = ReadOnlyScopes()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.After == nil {
		c.After = func(d time.Duration, f func()) func() {
			timer := time.AfterFunc(d, f)
			return func() { timer.Stop() }
		}
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}

// or returns value unless it is zero.
func or[T comparable](value, fallback T) T {
	var zero T
	if value == zero {
		return fallback
	}
	return value
}

func accountsOf(cfg Config) map[string]*Account {
	accounts := map[string]*Account{cfg.AccessToken: {cfg.ClientID, cfg.ClientSecret, cfg.Scopes}}
	for token, account := range cfg.Tokens {
		if account.Scopes == nil {
			account.Scopes = ReadOnlyScopes()
		}
		accounts[token] = &account
	}
	return accounts
}

// Config returns the configuration in force, defaults filled in.
func (s *Store) Config() Config { return s.cfg }

// BasePath is the path under which the API is served, "/stores/{hash}".
func (s *Store) BasePath() string { return "/stores/" + s.cfg.StoreHash }

// Close drops waiting retries, ends callbacks and hanging answers and waits for the senders. It may be called twice.
func (s *Store) Close() {
	s.closing.Do(func() { close(s.closed) })
	s.sender.close()
}

func (s *Store) clock() time.Time { return s.cfg.Now().UTC() }

// link builds the {url, resource} object that V2 uses for sub-resources.
func (s *Store) link(format string, args ...any) link {
	resource := fmt.Sprintf(format, args...)
	return link{URL: "https://api.bigcommerce.com" + s.BasePath() + "/v2" + resource, Resource: resource}
}
