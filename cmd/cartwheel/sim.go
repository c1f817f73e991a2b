package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"cartwheel/triggers/bigcommerce/bcsim"
)

// simOptions are the flags of cartwheel sim.
type simOptions struct {
	addr    string
	resolve []string // host=addr
	store   bcsim.Config
}

func newSim(s streams) *cobra.Command {
	var o simOptions
	cmd := &cobra.Command{
		Use:   "sim",
		Short: "Run the simulated BigCommerce store alone",
		Long: "Runs a simulated BigCommerce store: the REST API, the webhooks, believable data. Point an authentication's\n" +
			"api_base_url at it, and cause events over the little control API under /sim/.",
		RunE: func(cmd *cobra.Command, _ []string) error { return runSim(cmd.Context(), o, s) },
	}
	f := cmd.Flags()
	f.StringVar(&o.addr, "addr", "127.0.0.1:8090", "address to listen on")
	f.Uint64Var(&o.store.Seed, "seed", 1, "another seed makes other shoppers, orders and carts")
	f.StringVar(&o.store.StoreHash, "store-hash", "", "the store's hash (default k7mq2zt9ax)")
	f.StringVar(&o.store.AccessToken, "token", "", "the access token that the API asks for (default sim-HASH)")
	f.StringVar(&o.store.ClientSecret, "client-secret", "", "the key of the webhooks' signatures (default sim-client-HASH)")
	f.StringArrayVar(&o.resolve, "resolve", nil, "host=address: deliver webhooks for https://host there, over plain HTTP; may be repeated")
	f.BoolVar(&o.store.AllowAnyDestination, "any-destination", false, "accept every destination of a webhook, http too, and call it as it is")
	f.BoolVar(&o.store.Sign, "sign", false, "sign the webhooks (Standard Webhooks)")
	return cmd
}

// runSim serves the store until ctx ends.
func runSim(ctx context.Context, o simOptions, s streams) error {
	resolve, err := parseResolve(o.resolve)
	if err != nil {
		return usageError{err}
	}
	cfg := Config{LogFormat: "text"}
	log := cfg.logger(s.err)
	o.store.Resolve, o.store.Logger = resolve, log
	o.store.HashCoversTime = true // whoever abandons a cart twice wants to see two events
	store := bcsim.New(o.store)
	defer store.Close()
	server, err := startLocal(o.addr, simHandler(store), log)
	if err != nil {
		return usageError{fmt.Errorf("--addr: %w", err)}
	}
	defer server.stop()
	simReady(s, server.url, store.Config())
	select {
	case <-ctx.Done():
		return nil
	case err := <-server.failed:
		return fmt.Errorf("the HTTP server ended: %w", err)
	}
}

// simHandler is the store's API with the control API beside it.
func simHandler(store *bcsim.Store) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", store)
	mux.Handle("/sim/", http.NewCrossOriginProtection().Handler(newSimControl(store)))
	return mux
}

// simReady says how to use the store. What cannot be written harms nothing.
func simReady(s streams, url string, c bcsim.Config) {
	_, _ = fmt.Fprintf(s.out, "The simulated store is ready: api_base_url %s  store_hash %s  access_token %s  client_secret %s\n",
		url, c.StoreHash, c.AccessToken, c.ClientSecret)
	_, _ = fmt.Fprintf(s.out, "Cause events with POST %s/sim/ship?order=ID (also order, cart, abandon?cart=ID, convert?cart=ID, status?order=ID&status=N); GET %s/sim/ lists what there is.\n",
		url, url)
}

// parseResolve reads host=address pairs.
func parseResolve(pairs []string) (map[string]string, error) {
	resolve := map[string]string{}
	for _, pair := range pairs {
		host, addr, ok := strings.Cut(pair, "=")
		if _, _, err := net.SplitHostPort(addr); !ok || host == "" || err != nil {
			return nil, fmt.Errorf("--resolve: %q must read host=address, such as cartwheel.example.com=127.0.0.1:8080", pair)
		}
		resolve[strings.ToLower(host)] = addr
	}
	return resolve, nil
}
