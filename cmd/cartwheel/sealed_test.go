package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/secret"
	"cartwheel/triggers/bigcommerce/bcsim"
)

// Sealed bytes open at their own place, whole, and with their own key only.
func TestAStolenDatabaseIsWorthNothing(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	p.must(201, "POST", "/api/v1/authentications", object{"id": "other", "name": "Other", "type": "http_bearer",
		"config": object{"allowed_hosts": []string{"127.0.0.1"}}, "secrets": object{"token": "another-bearer-token"}})
	ctx := context.Background()
	load := func(id string) engine.Authentication {
		a, err := p.app.store.Authentication(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	save := func(a engine.Authentication, sealed []byte) {
		a.Sealed["token"] = sealed
		if _, err := p.app.store.SaveAuthentication(ctx, a); err != nil {
			t.Fatal(err)
		}
	}
	own, strange := load("hooks").Sealed["token"], load("other").Sealed["token"]
	flipped := bytes.Clone(own)
	flipped[len(flipped)-1] ^= 1
	for name, sealed := range map[string][]byte{"of another authentication": strange, "with a bit changed": flipped, "cut": own[:len(own)-1], "empty": {}} {
		save(load("hooks"), sealed)
		a := p.call("POST", "/api/v1/authentications/hooks/test", nil)
		if a.status < 400 || strings.Contains(string(a.body), "bearer-token") {
			t.Errorf("a secret %s: %d %s, want it refused", name, a.status, a.body)
		}
	}
	save(load("hooks"), own)
	if a := p.call("POST", "/api/v1/authentications/hooks/test", nil); a.status != 200 {
		t.Errorf("the secret put back: %d %s", a.status, a.body)
	}
	if err := p.app.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p.dir+"/master.key", []byte(secret.NewKey()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	app, err := New(ctx, p.app.cfg, slog.New(slog.DiscardHandler), Extras{})
	if usage := (usageError{}); app != nil || !errors.As(err, &usage) || strings.Count(err.Error(), "\n") > 0 || !strings.Contains(err.Error(), "key") {
		t.Errorf("with another key: %v, %v; want a usage error in one line that names the key", app != nil, err)
	}
}

// What another side answers costs neither memory nor for ever, and ends with a reason.
func TestHostileUpstreamsAreCut(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for range 256 {
		_, _ = z.Write(make([]byte, 1<<20)) // a buffer takes everything
	}
	_ = z.Close()
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/endless":
			for _, err := io.WriteString(w, "["); err == nil; {
				_, err = w.Write(bytes.Repeat([]byte("1,"), 4096))
			}
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		case "/slow":
			for r.Context().Err() == nil {
				_, _ = io.WriteString(w, "x")
				_ = http.NewResponseController(w).Flush()
				time.Sleep(20 * time.Millisecond)
			}
		case "/silent":
			<-r.Context().Done()
		case "/headers":
			for i := range 2000 {
				w.Header().Set(fmt.Sprintf("X-%d", i), strings.Repeat("x", 100))
			}
		default:
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, "<html>no JSON")
		}
	}))
	t.Cleanup(upstream.Close)
	t.Cleanup(upstream.CloseClientConnections)
	ends := map[string]string{"endless": "succeeded", "bomb": "succeeded", "slow": "failed", "silent": "failed", "headers": "failed", "page": "succeeded"}
	var steps []object
	for path := range ends {
		steps = append(steps, object{"id": path, "type": "http_request", "on_error": "continue", "retry": object{"attempts": 1},
			"config": object{"method": "GET", "url": upstream.URL + "/" + path, "timeout": "1s"}})
	}
	p.publish("w", object{"name": "W", "trigger": trigger("shipment_created"), "steps": steps})
	before := residentMemory(t)
	p.sim.Emit("store/shipment/created", object{"type": "shipment", "id": 903, "orderId": 4127})
	for _, s := range p.onlyRun("w")["steps"].([]any) {
		s := s.(object)
		reason, _ := s["reason"].(string)
		if want := ends[s["id"].(string)]; s["status"] != want || want == "failed" && !strings.Contains(reason, "127.0.0.1") {
			t.Errorf("%v: %v %q, want %s", s["id"], s["status"], reason, want)
		}
		if output := fmt.Sprint(s["output"]); len(output) > 300<<10 {
			t.Errorf("%v: %d bytes were kept", s["id"], len(output))
		}
	}
	for name, f := range map[string]bcsim.Fault{"endless": {Kind: bcsim.FaultEndless}, "a bomb": {Kind: bcsim.FaultGzipBomb}, "a page": {Kind: bcsim.FaultHTML},
		"half": {Kind: bcsim.FaultTruncate}, "wrong types": {Kind: bcsim.FaultWrongTypes}, "nothing": {Kind: bcsim.FaultEmpty}} {
		remove := p.sim.Fault(f)
		a := p.call("POST", "/api/v1/triggers/bigcommerce.order_created/sample", object{"authentication_id": "shop", "id": 4127})
		if a.status == 500 || a.status == 200 && name != "wrong types" || !bytes.HasPrefix(a.body, []byte("{")) {
			t.Errorf("a store that answers %s: %d %.300s", name, a.status, a.body)
		}
		remove()
	}
	if grown := residentMemory(t) - before; grown > 200<<20 {
		t.Errorf("the process has grown by %d MiB", grown>>20)
	}
}
