package main

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/triggers/bigcommerce/bcsim"
)

// canary is a secret that is known at sight: its core stands nowhere else.
// What surrounds the core is written differently in JSON, HTML, URLs and base64.
type canary struct{ name, core string }

func newCanary(name string) canary {
	sum := sha256.Sum256([]byte(name))
	return canary{name, base32.StdEncoding.EncodeToString(sum[:])[:22]}
}

func (c canary) secret() string { return "p+/&<'" + c.core + `>"=%/s` }

// traces are what every form in which the secret can be written has in common:
// halves of the core as they are, in hex, and in base64 at each of its three
// alignments. Halves, since a text that was cut may show only one.
func (c canary) traces() []string {
	var all []string
	for _, half := range []string{c.core[:11], c.core[11:]} {
		all = append(all, half, hex.EncodeToString([]byte(half)), strings.ToUpper(hex.EncodeToString([]byte(half))))
		for shift := range 3 {
			encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("-", shift) + half))
			all = append(all, encoded[(shift*8+5)/6:len(encoded)-1]) // without what the neighbours share
		}
	}
	return all
}

// aviary is every secret that the program under test was given or has made.
type aviary []canary

func (a aviary) in(text []byte) (found []string) {
	for _, c := range a {
		for _, trace := range c.traces() {
			if at := strings.Index(string(text), trace); at >= 0 {
				found = append(found, fmt.Sprintf("%s in …%q…", c.name, text[max(0, at-60):min(len(text), at+60)]))
				break
			}
		}
	}
	return found
}

func (a aviary) absent(t testing.TB, where string, text []byte) {
	t.Helper()
	if found := a.in(text); len(found) > 0 {
		t.Errorf("%s: %s", where, strings.Join(found, "\n\t"))
	}
}

func (a aviary) secret(name string) string {
	i := slices.IndexFunc(a, func(c canary) bool { return c.name == name })
	return a[i].secret()
}

func newAviary() aviary {
	var a aviary
	for _, name := range []string{"access_token", "client_id", "client_secret", "password", "bearer", "basic", "header", "oauth", "issued"} {
		a = append(a, newCanary(name))
	}
	return a
}

func TestCanariesAreFoundInEveryForm(t *testing.T) {
	birds := newAviary()
	if found := birds.in([]byte("an ordinary text, 4127, " + strings.Repeat("Zm9v", 100))); len(found) > 0 {
		t.Errorf("found in an ordinary text: %v", found)
	}
	for _, c := range birds {
		for form, text := range echoes(c.secret(), "shop") {
			if found := birds.in([]byte(text)); len(found) != 1 || !strings.HasPrefix(found[0], c.name) {
				t.Errorf("%s as %s: found %v in %s", c.name, form, found, text)
			}
		}
	}
}

// What the other side echoes of a credential, in bodies, headers, errors and
// broken answers, is found nowhere: not in an answer of the API, not in the
// log, not in a byte of the data folder.
func TestSecretsAreFoundNowhere(t *testing.T) {
	birds := newAviary()
	p := startProgram(t, func(c *bcsim.Config) {
		c.AccessToken, c.ClientID, c.ClientSecret = birds.secret("access_token"), birds.secret("client_id"), birds.secret("client_secret")
	})
	parrot := newParrot(t, birds)
	p.connectCanaries(birds, parrot)
	p.publish("echo", object{"name": "Echo", "trigger": trigger("shipment_created"), "steps": parrotSteps(parrot)})
	birds = append(birds, p.ownSecrets()...)

	p.storeEchoes(t, birds)
	p.sim.Emit("store/shipment/created", object{"type": "shipment", "id": 903, "orderId": 4127})
	p.waitFor("the run has ended", func() bool {
		runs := p.must(200, "GET", "/api/v1/runs?workflow_id=echo", nil)["items"].([]any)
		return len(runs) > 0 && runs[0].(object)["finished_at"] != nil
	})
	for _, call := range p.calls.all() {
		birds.absent(t, "the call "+call.Path+", which has no authentication", []byte(call.Body))
	}
	p.misplacedSecrets(t, birds)
	answers := p.everyAnswer(t, birds)
	for path, a := range answers {
		birds.absent(t, path, a.body)
		birds.absent(t, path+" (headers)", fmt.Appendf(nil, "%v", a.header))
	}
	p.foldersAreClean(t, birds, "while it runs")
	p.backupIsClean(t, birds)
	if err := p.app.Stop(); err != nil {
		t.Fatal(err)
	}
	p.foldersAreClean(t, birds, "after the end")
	birds.absent(t, "the log", []byte(p.log.String()))
	if parrot.asked() < 20 {
		t.Errorf("the parrot was asked %d times only", parrot.asked())
	}
	t.Logf("S5: %d secrets, repeated to the program %d times, looked for in %d answers, %d KiB of log and every file: 0 found", len(birds), parrot.asked(), len(answers), len(p.log.String())>>10)
}

// connectCanaries makes an authentication of every type, and some that are refused.
func (p *program) connectCanaries(birds aviary, parrot *parrot) {
	p.t.Helper()
	made := func(id, typ string, config, secrets object) {
		p.t.Helper()
		p.must(201, "POST", "/api/v1/authentications", object{"id": id, "name": id, "type": typ, "config": config, "secrets": secrets})
	}
	c := p.sim.Config()
	made("shop", "bigcommerce", object{"store_hash": c.StoreHash, "api_base_url": p.api.URL, "signature": "required"},
		object{"access_token": c.AccessToken, "client_id": c.ClientID, "client_secret": c.ClientSecret})
	local := []string{"127.0.0.1"}
	made("bearer", "http_bearer", object{"allowed_hosts": local}, object{"token": birds.secret("bearer")})
	made("basic", "http_basic", object{"allowed_hosts": local, "username": "shop"}, object{"password": birds.secret("basic")})
	made("header", "http_header", object{"allowed_hosts": local, "header": "X-Api-Key"}, object{"value": birds.secret("header")})
	for _, mode := range []string{"good", "invalid", "broken", "away", "rough"} {
		made("oauth-"+mode, "oauth2_client_credentials", object{"allowed_hosts": local, "token_url": parrot.http.URL + "/token/" + mode, "client_id": "a:shop/1"},
			object{"client_secret": birds.secret("oauth")})
	}
	for mode, addr := range parrot.smtp {
		host, port := hostPort(p.t, addr)
		made("smtp-"+mode, "smtp", object{"host": host, "port": json.Number(port), "from": "shop@example.com", "encryption": "none", "username": "shop@example.com"},
			object{"password": birds.secret("password")})
	}
}

// parrotSteps calls every parrot with every credential, then hands their answers on.
func parrotSteps(parrot *parrot) (steps []object) {
	once := object{"attempts": 1}
	var told []string
	call := func(auth, mode string) {
		id := auth + "-" + mode
		told = append(told, "{{ Steps | "+id+" | body }}{{ Steps | "+id+" | headers }}")
		steps = append(steps, object{"id": id, "type": "http_request", "on_error": "continue", "retry": once,
			"config": object{"method": "POST", "url": parrot.http.URL + "/" + mode, "authentication_id": auth, "body_type": "none"}})
	}
	for _, auth := range []string{"bearer", "basic", "header", "oauth-good"} {
		for _, mode := range parrotModes {
			call(auth, mode)
		}
	}
	for _, auth := range []string{"oauth-invalid", "oauth-broken", "oauth-away", "oauth-rough"} {
		call(auth, "text")
	}
	for mode := range parrot.smtp {
		steps = append(steps, object{"id": "mail-" + mode, "type": "send_email", "on_error": "continue", "retry": once,
			"config": object{"authentication_id": "smtp-" + mode, "to": "ines.falk@example.com", "subject": "Hi", "text": "Hi"}})
	}
	for i, text := range told {
		steps = append(steps, object{"id": fmt.Sprintf("hand-on-%d", i), "type": "http_request", "on_error": "continue", "retry": once,
			"config": object{"method": "POST", "url": parrot.inbox + "/handed-on", "body_type": "text", "body": text}})
	}
	return steps
}

// ownSecrets are those that the program made itself: what the store sends back, and a token.
func (p *program) ownSecrets() aviary {
	p.t.Helper()
	var own aviary
	for _, h := range p.sim.Hooks() {
		for _, value := range h.Headers {
			own = append(own, canary{"hook secret", value[:22]})
		}
		key := h.Destination[strings.LastIndexByte(strings.TrimSuffix(h.Destination, "/"), '/')+1:]
		own = append(own, canary{"hook key", key[:22]})
	}
	return append(own, canary{"API token", p.token[len(p.token)-22:]})
}

// storeEchoes has the store repeat its token in errors, and tries what reads from it.
func (p *program) storeEchoes(t *testing.T, birds aviary) {
	t.Helper()
	var all strings.Builder
	for _, name := range []string{"access_token", "client_secret"} {
		for _, text := range echoes(birds.secret(name), birds.secret("client_id")) {
			fmt.Fprintln(&all, text)
		}
	}
	said, _ := json.Marshal(object{"status": 403, "title": all.String(), "errors": object{"token": all.String()}})
	for _, f := range []bcsim.Fault{
		{Kind: bcsim.FaultText, Status: 401, Body: all.String()},
		{Kind: bcsim.FaultText, Status: 422, Body: strings.Repeat(" ", 780) + birds.secret("access_token")},
		{Status: 403, Body: string(said), ContentType: "application/json"},
		{Status: 500, Body: string(said), ContentType: "application/json"},
		{Kind: bcsim.FaultRedirect, URL: "https://elsewhere.example.com/?t=" + birds.secret("access_token")[6:28]},
		{Status: 200, Body: `{"id": 4127, "staff_notes": ` + jsonText(all.String()) + `}`, ContentType: "application/json"},
	} {
		remove := p.sim.Fault(f)
		for _, path := range []string{"/authentications/shop/test", "/triggers/bigcommerce.order_created/sample"} {
			var in any
			if strings.HasSuffix(path, "sample") {
				in = object{"authentication_id": "shop", "id": 4127}
			}
			a := p.call("POST", "/api/v1"+path, in)
			birds.absent(t, fmt.Sprintf("%s with %d %v of the store", path, f.Status, f.Kind), a.body)
		}
		remove()
	}
	// An event whose order repeats the token, and one whose reading fails.
	for i, f := range []bcsim.Fault{
		{Path: "/v2/orders/4127", Status: 200, Body: `{"id": 4127, "status": ` + jsonText(all.String()) + `, "customer_id": 0, "billing_address": {"email": "ines.falk@example.com"}}`, ContentType: "application/json"},
		{Path: "/v2/orders/4131", Status: 503, Body: string(said), ContentType: "application/json"},
	} {
		p.sim.Fault(f)
		p.publish(fmt.Sprintf("reads-%d", i), object{"name": "Reads", "trigger": trigger("order_updated"), "condition": `BigCommerce.Order.status == "x"`, "steps": []object{{"id": "end", "type": "stop"}}})
		p.sim.Emit("store/order/updated", object{"type": "order", "id": []int{4127, 4131}[i]})
	}
	p.waitFor("one event has been decided, one waits", func() bool {
		done, waiting := false, false
		for _, e := range p.must(200, "GET", "/api/v1/events", nil)["items"].([]any) {
			e := e.(object)
			done = done || e["entity"] == "order/4127" && e["status"] == "done"
			waiting = waiting || e["entity"] == "order/4131" && e["reason"] != nil
		}
		return done && waiting
	})
	p.sim.ClearFaults()
}

// misplacedSecrets sends secrets where they do not belong, as people who try things out do: none may reach the log.
func (p *program) misplacedSecrets(t *testing.T, birds aviary) {
	t.Helper()
	key := p.sim.Hooks()[0].Destination
	hook := strings.TrimPrefix(key, "https://"+publicHost)
	secret := birds.secret("bearer")
	encoded := url.QueryEscape(secret)
	for _, path := range []string{hook, hook + "/", hook + "/more", hook + "?key=" + encoded, "/hooks/in/" + strings.TrimPrefix(hook, "/hooks/bigcommerce/"), "/" + strings.TrimPrefix(hook, "/"), "/api/v1/runs?token=" + encoded,
		"/api/v1/runs?access_token=" + encoded, "/api/v1/" + encoded, "/api/v1/workflows/" + encoded, "/" + encoded, "/metrics?token=" + encoded, "/api/v1/runs?" + encoded + "=1"} {
		for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
			a := p.request(t, method, path, "", func(h http.Header) {
				h.Set("Authorization", "Token "+secret)
				h.Set("X-Auth-Token", secret)
				h.Set("Cookie", "session="+encoded)
				h.Set("User-Agent", encoded)
				h.Set("Referer", "https://elsewhere.example.net/?t="+encoded)
			})
			birds.absent(t, method+" with a secret in its address", a.body)
			birds.absent(t, method+" with a secret in its address (headers)", fmt.Appendf(nil, "%v", a.header))
		}
	}
	for _, token := range []string{secret, p.token + "x", strings.ToUpper(p.token)} {
		a := callAPI(t, p.app.URL(), token, "GET", "/api/v1/runs", nil)
		if birds.absent(t, "a wrong token", a.body); a.status != http.StatusUnauthorized {
			t.Errorf("a wrong token: %d, want 401", a.status)
		}
	}
}

// everyAnswer asks every GET operation for everything there is, runs every test and preview, and makes mistakes.
func (p *program) everyAnswer(t *testing.T, birds aviary) map[string]answer {
	t.Helper()
	viewer, err := engine.CreateToken(context.Background(), p.app.store, time.Now(), "viewer", engine.Viewer, 0)
	if err != nil {
		t.Fatal(err)
	}
	ids := func(list string) (all []string) {
		for _, item := range p.must(200, "GET", "/api/v1/"+list+"?limit=200", nil)["items"].([]any) {
			id, _ := item.(object)["id"].(string)
			if id == "" {
				id, _ = item.(object)["type"].(string)
			}
			all = append(all, id)
		}
		return all
	}
	answers := map[string]answer{}
	for _, op := range p.operations(t) {
		if op.method != http.MethodGet {
			continue
		}
		for _, path := range op.paths(ids) {
			for who, token := range map[string]string{"admin": p.token, "viewer": viewer} {
				a := callAPI(t, p.app.URL(), token, "GET", path, nil)
				if strings.HasPrefix(path, "/api/v1/authentications") {
					a.body = withoutHookAddress(a.body)
				}
				answers[who+" GET "+path] = a
			}
		}
	}
	for _, path := range []string{"/metrics", "/api/openapi.json", "/api/docs", "/healthz", "/readyz", "/"} {
		answers["GET "+path] = p.call("GET", path, nil)
	}
	for _, id := range ids("authentications") {
		path := "/api/v1/authentications/" + id + "/test"
		answers["POST "+path] = p.call("POST", path, nil)
	}
	for _, id := range ids("events") {
		answers["test "+id] = p.call("POST", "/api/v1/workflows/echo/test", object{"event_id": id})
		answers["preview "+id] = p.call("POST", "/api/v1/merge/preview", object{"template": "{{ BigCommerce | Order | status }}", "trigger": object{"type": "bigcommerce.order_updated"}, "event_id": id})
	}
	for name, body := range mistakes(birds) {
		for _, at := range []string{"POST /api/v1/authentications", "PATCH /api/v1/authentications/basic", "POST /api/v1/workflows", "POST /api/v1/tokens", "POST /api/v1/merge/preview"} {
			method, path, _ := strings.Cut(at, " ")
			a := p.call(method, path, body)
			if a.status < 400 {
				t.Errorf("%s with %s: %d\n%s", at, name, a.status, a.body)
			}
			answers[at+" with "+name] = a
		}
	}
	return answers
}

// mistakes are bodies with a secret at a place where it makes no sense.
func mistakes(birds aviary) map[string]string {
	s := jsonText(birds.secret("basic"))
	return map[string]string{
		"broken JSON":           `{"secrets": {"password": ` + s + `}`,
		"secrets as a list":     `{"name": "x", "type": "http_basic", "config": {}, "secrets": [` + s + `]}`,
		"secrets as a text":     `{"name": "x", "type": "http_basic", "config": {}, "secrets": ` + s + `}`,
		"a secret as an object": `{"name": "x", "type": "http_basic", "config": {}, "secrets": {"password": {"a": ` + s + `}}}`,
		"a secret in a list":    `{"name": "x", "type": "http_basic", "config": {}, "secrets": {"password": [` + s + `]}}`,
		"a twin":                `{"name": "x", "type": "http_basic", "config": {}, "secrets": {"password": ` + s + `, "Password": ` + s + `}}`,
		"an unknown type":       `{"name": "x", "type": 5, "secrets": {"password": ` + s + `}}`,
	}
}

func jsonText(s string) string {
	raw, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// withoutHookAddress takes out webhook_url, which is shown to those who may manage it.
func withoutHookAddress(body []byte) []byte {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return body
	}
	var drop func(any)
	drop = func(v any) {
		switch v := v.(type) {
		case object:
			delete(v, "webhook_url")
			for _, member := range v {
				drop(member)
			}
		case []any:
			for _, item := range v {
				drop(item)
			}
		}
	}
	drop(v)
	out, _ := json.Marshal(v)
	return out
}

// backupIsClean copies the installation and searches the copy, which must not hold the master key either.
func (p *program) backupIsClean(t *testing.T, birds aviary) {
	t.Helper()
	key, err := os.ReadFile(filepath.Join(p.dir, "master.key"))
	if err != nil {
		t.Fatal(err)
	}
	out, copied := newScreen(), *p
	copied.dir = t.TempDir()
	if code := run(t.Context(), []string{"backup", "--data", p.dir, copied.dir}, streams{in: strings.NewReader(""), out: out, err: out}); code != 0 {
		t.Fatalf("backup: %d\n%s", code, out)
	}
	birds.absent(t, "what backup says", []byte(out.String()))
	text := strings.TrimRight(strings.TrimSpace(string(key)), "=")
	copied.foldersAreClean(t, append(slices.Clone(birds), canary{"master key", text[len(text)-22:]}), "in the backup")
}

// foldersAreClean searches every byte of the data folder but the master key.
func (p *program) foldersAreClean(t *testing.T, birds aviary, when string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(p.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "master.key" {
			return err
		}
		raw, err := os.ReadFile(path)
		if err == nil {
			files++
			birds.absent(t, d.Name()+" "+when, raw)
		}
		return err
	})
	if err != nil || files == 0 {
		t.Errorf("%d files in the data folder, %v", files, err)
	}
}
