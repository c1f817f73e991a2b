package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"cartwheel/engine"
)

// startAt opens the program on p's data folder with a clock that the test moves.
func (p *program) startAt(clock *clockwork.FakeClock) {
	p.t.Helper()
	cfg := Config{Addr: "127.0.0.1:0", PublicURL: "https://" + publicHost, Data: p.dir, MasterKeyFile: p.dir + "/master.key", Durability: "full", Role: "all",
		AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	app, err := New(context.Background(), cfg, slog.New(slog.NewJSONHandler(p.log, nil)), Extras{Clock: clock})
	if err != nil {
		p.t.Fatal(err)
	}
	if err := app.Start(context.Background()); err != nil {
		p.t.Fatal(err)
	}
	p.app = app
	p.t.Cleanup(func() {
		if err := app.Stop(); err != nil {
			p.t.Errorf("stop: %v", err)
		}
	})
}

// One e-mail to the owner per cause and day, through a real mail server and across a restart.
func TestTheOwnerGetsOneMailPerCauseAndDay(t *testing.T) {
	p := &program{t: t, dir: t.TempDir(), log: &lockedBuffer{}, mail: newMailSink(t, "", "")}
	clock := clockwork.NewFakeClockAt(time.Now())
	p.startAt(clock)
	var err error
	if p.token, err = engine.CreateToken(t.Context(), p.app.store, clock.Now(), "test", engine.Admin, 0); err != nil {
		t.Fatal(err)
	}
	server := func(id, addr string) {
		host, port := hostPort(t, addr)
		p.must(201, "POST", "/api/v1/authentications", object{"id": id, "name": id, "type": "smtp",
			"config": object{"host": host, "port": json.Number(port), "from": "Shop <shop@example.com>", "encryption": "none"}, "secrets": object{}})
	}
	server("sender", p.mail.addr)
	p.must(200, "PUT", "/api/v1/settings", object{"alerts": object{"enabled": true, "authentication_id": "sender", "to": "owner@example.com"}})
	breaks := func(id string) {
		server(id, freeAddr(t))
		if a := p.must(200, "POST", "/api/v1/authentications/"+id+"/test", nil); a["ok"] != false {
			t.Fatalf("the test of %s: %v", id, a)
		}
	}
	mails := func(n int) []letter {
		p.waitFor("the alert is sent", func() bool { clock.Advance(time.Minute); return len(p.mail.all()) >= n })
		return p.mail.all()
	}
	breaks("first")
	got := mails(1)[0]
	if got.Subject != "Cartwheel: first is refused" || strings.Join(got.To, " ") != "owner@example.com" || !strings.Contains(got.Text, "https://"+publicHost+"/authentications/first") {
		t.Fatalf("got %+v", got)
	}
	if err := p.app.Stop(); err != nil {
		t.Fatal(err)
	}
	p.startAt(clock)
	breaks("second") // shows that there were looks since
	if all := mails(2); len(all) != 2 || all[1].Subject != "Cartwheel: second is refused" {
		t.Fatalf("after a restart: %d mails, the last %q", len(all), all[len(all)-1].Subject)
	}
	clock.Advance(24 * time.Hour)
	seen := map[string]int{}
	for _, m := range mails(4) {
		seen[m.Subject]++
	}
	if seen["Cartwheel: first is refused"] != 2 || seen["Cartwheel: second is refused"] != 2 || len(seen) != 2 {
		t.Fatalf("a day later: %v", seen)
	}
	overview := p.must(200, "GET", "/api/v1/overview", nil)
	if list := overview["attention"].([]any); len(list) != 2 || list[0].(object)["id"] != "first" {
		t.Fatalf("the overview tells %v", list)
	}
	health := p.must(200, "GET", "/api/v1/authentications/first", nil)["health"].(object)
	if health["state"] != "failing" || health["last_error"] == nil {
		t.Fatalf("the health is %v", health)
	}
}
