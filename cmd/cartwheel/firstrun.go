package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strings"

	"cartwheel/engine"
	"cartwheel/engine/secret"
)

// demoOwner is who signs in to the demo.
const demoOwner = "demo@example.com"

// minDemoKey is how long a key must be to serve as the owner's password, too.
const minDemoKey = 12

// firstRunLink is the one-time link below an address.
func firstRunLink(base, key string) string {
	return strings.TrimSuffix(base, "/") + "/first-run?key=" + url.QueryEscape(key)
}

// invite prints the link that makes the owner, while there is none. public is the address that was configured, if one was.
func (a *App) invite(ctx context.Context, public string, out io.Writer) error {
	needed, err := a.engine.NeedsOwner(ctx)
	if err != nil || !needed {
		return err
	}
	key := secret.NewToken()
	a.engine.OfferFirstRun(key)
	lines := "Nobody can sign in yet. This link makes the owner account; it works once, for a day:\n"
	local := "http://" + localAddr(a.listener.Addr())
	if public != "" && strings.TrimSuffix(public, "/") != local {
		lines += "  " + firstRunLink(public, key) + "\nor, in a browser on this machine:\n"
	}
	_, err = fmt.Fprint(out, lines+"  "+firstRunLink(local, key)+"\n")
	return err
}

// letIn makes the demo's owner and the link that signs in.
func (d *demo) letIn(ctx context.Context, key string) error {
	d.password = secret.NewToken()
	if len(key) >= minDemoKey {
		d.password = key
	}
	if key == "" {
		key = secret.NewToken()
	}
	owner, err := d.app.engine.CreateUser(ctx, demoOwner, engine.Admin, d.password)
	if err != nil {
		return fmt.Errorf("make the demo's owner: %w", err)
	}
	d.app.engine.OfferEntry(key, owner.ID)
	d.door = firstRunLink(d.url(), key)
	return nil
}
