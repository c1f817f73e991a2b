package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/secret"
	"cartwheel/triggers/bigcommerce/bcsim"
	"cartwheel/web"
)

// The simulated store sends its webhooks to a public https address, as a real
// one does; bcsim.Config.Resolve leads it to this machine.
const (
	demoHost      = "cartwheel.demo.example.com"
	demoPublicURL = "https://" + demoHost
	hooksTime     = 10 * time.Second
	hooksLook     = 20 * time.Millisecond
)

// demo is Cartwheel with a world around it: a store, a mail server and an HTTP API, all on this machine.
type demo struct {
	app    *App
	log    *slog.Logger
	shop   shop
	api    *localServer // the store's
	mail   *mailCatcher
	inbox  *inbox
	feed   *feed
	teller *teller
	token  string // of an administrator
	door   string // what is printed about coming in; "" when nobody can
	// password is the owner's.
	password string
	scenes   []scene
	fate     string // what becomes of the data
}

// startDemo starts everything, up to hooks that are registered. On an error everything is stopped again.
func startDemo(ctx context.Context, cfg Config, fate string, log *slog.Logger, out io.Writer) (_ *demo, err error) {
	d := &demo{log: log, feed: newFeed(), fate: fate}
	d.teller = newTeller(out)
	defer func() {
		if err != nil {
			logStop(log, "start", d.stop())
		}
	}()
	if err := d.startWorld(ctx, cfg); err != nil {
		return nil, err
	}
	if err := d.setUp(ctx); err != nil {
		return nil, fmt.Errorf("set up the demo: %w", err)
	}
	// Before the hooks are registered: what is made here causes no webhooks.
	if d.scenes, err = d.prepare(); err != nil {
		return nil, fmt.Errorf("prepare the story: %w", err)
	}
	if err := d.app.Start(ctx); err != nil {
		return nil, err
	}
	return d, d.waitForHooks(ctx)
}

// startWorld opens the app, which listens then, and the others around it.
func (d *demo) startWorld(ctx context.Context, cfg Config) (err error) {
	if d.mail, err = startMailCatcher(time.Now, d.feed.push, d.log); err != nil {
		return err
	}
	if d.inbox, err = startInbox(secret.NewToken(), time.Now, d.feed.push, d.log); err != nil {
		return err
	}
	cfg.AllowPrivate = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	pages := demoPages{demo: d}
	d.app, err = New(ctx, cfg, d.log, Extras{Demo: true, Watch: d.feed.push, Pages: pages.handlers(), Links: []web.Link{
		{Path: "/demo/mailbox", Title: "Mailbox", Summary: "the mails that were sent"},
		{Path: "/demo/inbox", Title: "Inbox", Summary: "the HTTP calls that were made"},
		{Path: "/demo/events", Title: "Events", Summary: "what happened, what each workflow decided and why"},
	}})
	if err != nil {
		return err
	}
	d.shop = shop{bcsim.New(bcsim.Config{Seed: 1, Sign: true, HashCoversTime: true, Logger: d.log,
		Resolve: map[string]string{demoHost: localAddr(d.app.listener.Addr())}})}
	if d.api, err = startLocal("127.0.0.1:0", d.shop.Store, d.log); err != nil {
		return fmt.Errorf("the simulated store: %w", err)
	}
	return nil
}

// localAddr is where a listener is reached from this machine.
func localAddr(addr net.Addr) string {
	ap, err := netip.ParseAddrPort(addr.String())
	if err == nil && ap.Addr().IsUnspecified() {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), ap.Port()).String()
	}
	return addr.String()
}

// setUp makes the token, the authentications and the workflows, as a person would over the API.
func (d *demo) setUp(ctx context.Context) (err error) {
	if d.token, err = engine.CreateToken(ctx, d.app.store, time.Now(), "demo", engine.Admin, 0); err != nil {
		return err
	}
	sim := d.shop.Config()
	parts := demoParts{inboxURL: d.inbox.url}
	for _, a := range []struct {
		into    *string
		name    string
		typ     string
		config  map[string]any
		secrets map[string]string
	}{
		{&parts.store, "Demo store", "bigcommerce", map[string]any{"store_hash": sim.StoreHash, "api_base_url": d.api.url, "signature": "if_present"},
			map[string]string{"access_token": sim.AccessToken, "client_id": sim.ClientID, "client_secret": sim.ClientSecret}},
		{&parts.mail, "Demo mail", "smtp", map[string]any{"host": "127.0.0.1", "port": d.mail.port,
			"from": "Larkspur Garden Shop <shop@example.com>", "encryption": "none"}, nil},
		{&parts.inbox, "Demo inbox", "http_bearer", map[string]any{"allowed_hosts": []string{"127.0.0.1"}},
			map[string]string{"token": d.inbox.token}},
	} {
		config, err := json.Marshal(a.config)
		if err != nil {
			return fmt.Errorf("authentication %s: %w", a.name, err)
		}
		view, err := d.app.engine.CreateAuthentication(ctx, engine.AuthenticationInput{Name: a.name, Type: a.typ, Config: config, Secrets: a.secrets})
		if err != nil {
			return fmt.Errorf("authentication %s: %w", a.name, err)
		}
		*a.into = view.ID
	}
	return d.publishAll(ctx, parts)
}

func (d *demo) publishAll(ctx context.Context, parts demoParts) error {
	for _, w := range demoWorkflows(parts) {
		if _, err := d.app.engine.CreateWorkflow(ctx, w.id, w.definition); err != nil {
			return fmt.Errorf("workflow %s: %w", w.id, err)
		}
		if _, err := d.app.engine.PublishWorkflow(ctx, engine.Actor{Name: "demo", Role: engine.Admin}, w.id, 0, "comes with the demo"); err != nil {
			return fmt.Errorf("workflow %s: %w", w.id, withProblems(err))
		}
		d.teller.names[w.id] = w.definition.Name
	}
	return nil
}

// withProblems says what is wrong with a definition that was refused. It hides the cause: its message alone tells too little.
func withProblems(err error) error {
	e, ok := errors.AsType[*engine.Error](err)
	if !ok || len(e.Problems) == 0 {
		return err
	}
	said := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		said[i] = p.Error()
	}
	return errors.New(strings.Join(said, "; "))
}

// waitForHooks waits until the store knows where to send its webhooks.
func (d *demo) waitForHooks(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, hooksTime)
	defer cancel()
	look := time.NewTicker(hooksLook)
	defer look.Stop()
	for {
		items, _, err := d.app.engine.Authentications(ctx, engine.Page{Limit: 200})
		if err != nil {
			return err
		}
		for _, a := range items {
			switch {
			case a.Type == "bigcommerce" && a.Hooks.State == engine.SubscriptionActive:
				return nil
			case a.Type == "bigcommerce" && a.Hooks.State == engine.SubscriptionFailed:
				return fmt.Errorf("the webhooks could not be registered: %s", a.Hooks.Reason)
			}
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return fmt.Errorf("the webhooks were not registered in time: %w", ctx.Err())
		}
	}
}

// stop ends what was started, the app first: its steps still need the others.
func (d *demo) stop() error {
	var err error
	if d.app != nil {
		err = d.app.Stop()
	}
	if d.api != nil {
		d.api.stop()
	}
	if d.shop.Store != nil {
		d.shop.Close()
	}
	if d.inbox != nil {
		d.inbox.stop()
	}
	if d.mail != nil {
		d.mail.stop()
	}
	return err
}

// apiExample is a command that shows that the token works.
func (d *demo) apiExample() string {
	return fmt.Sprintf(`curl -H "Authorization: Bearer %s" "%s/api/v1/events?limit=2"`, d.token, d.url())
}

// url is where a browser on this machine finds the app.
func (d *demo) url() string { return "http://" + localAddr(d.app.listener.Addr()) }
