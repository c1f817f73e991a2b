package sendemail

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"

	"cartwheel/engine"
	"cartwheel/engine/outbound"
	"cartwheel/merge"
)

// SMTP is the authentication type smtp: a mail server and who signs in there.
type SMTP struct{ out *outbound.Guard }

var (
	_ engine.AuthType   = (*SMTP)(nil)
	_ engine.MailTester = (*SMTP)(nil)
)

// NewSMTP makes the authentication type. Its test connects through out.
func NewSMTP(out *outbound.Guard) *SMTP { return &SMTP{out: out} }

// Spec describes smtp.
func (*SMTP) Spec() engine.Spec {
	return engine.Spec{
		Type:    outbound.SMTPType,
		Title:   "Mail server (SMTP)",
		Summary: "The mail server through which e-mails and surveys are sent.",
		Fields: []engine.Field{
			{Name: "host", Label: "Host", Type: engine.TextField, Required: true, Max: 253, Help: "Without a port: smtp.example.com."},
			{Name: "port", Label: "Port", Type: engine.IntegerField,
				Help: "587 for starttls, 465 for tls and 25 for none when it is left empty."},
			{Name: "username", Label: "User name", Type: engine.TextField, Max: 500, Help: "Leave it empty when nobody signs in."},
			{Name: "from", Label: "From", Type: engine.TextField, Required: true, Max: 500,
				Help: "The sender of every mail that names no other: Shop <shop@example.com>."},
			{Name: "encryption", Label: "Encryption", Type: engine.SelectField, Default: string(outbound.EncryptSTARTTLS),
				Options: []string{string(outbound.EncryptSTARTTLS), string(outbound.EncryptTLS), string(outbound.EncryptNone)},
				Help:    "none works only for addresses given with --allow-private."},
			{Name: "password", Label: "Password", Type: engine.TextField, Secret: true, Max: 1000},
		},
		Example: json.RawMessage(`{"host": "smtp.example.com", "port": 587, "username": "shop", "from": "Shop <shop@example.com>", "encryption": "starttls"}`),
	}
}

type smtpConfig struct {
	Host       string              `json:"host"`
	Port       int                 `json:"port"`
	Username   string              `json:"username,omitempty"`
	From       string              `json:"from"`
	Encryption outbound.Encryption `json:"encryption"`
}

// Normalize fills in encryption and port, and writes host and sender in one way.
func (t *SMTP) Normalize(raw json.RawMessage) (json.RawMessage, []merge.Problem) {
	var c smtpConfig
	if err := json.Unmarshal(raw, &c); err != nil {
		return nil, []merge.Problem{{Message: "The config must be an object with host, port, username, from and encryption; port is a number, the others are texts."}}
	}
	var problems []merge.Problem
	problem := func(location, format string, args ...any) {
		problems = append(problems, merge.Problem{Location: location, Message: fmt.Sprintf(format, args...)})
	}
	host, err := outbound.ASCIIHost(c.Host)
	if err != nil {
		problem("host", "%s is no host. Write its name alone, like smtp.example.com, and the port in port.", outbound.Quote(c.Host, 80))
	}
	c.Host = host
	switch c.Encryption {
	case "":
		c.Encryption = outbound.EncryptSTARTTLS
	case outbound.EncryptNone, outbound.EncryptSTARTTLS, outbound.EncryptTLS:
	default:
		problem("encryption", "The encryption must be starttls, tls or none.")
	}
	if ip, err := netip.ParseAddr(host); err == nil && c.Encryption == outbound.EncryptNone && !ip.IsLoopback() && !t.out.AllowsPlain(ip) {
		problem("encryption", "%s is not in a network given with --allow-private, so mail may not go there unencrypted. Take starttls or tls.", host)
	}
	switch {
	case c.Port == 0:
		c.Port = c.Encryption.DefaultPort()
	case c.Port < 0 || c.Port > 65535:
		problem("port", "The port must be a number from 1 to 65535; usual are 587, 465 and 25.")
	}
	from, err := outbound.ParseAddress("from", c.From)
	if err != nil {
		problem("from", "The sender must be one e-mail address, like shop@example.com or Shop <shop@example.com>.")
	}
	c.From = from.String()
	if problems != nil {
		return nil, problems
	}
	normal, err := json.Marshal(c)
	if err != nil { // four texts and a number: our own mistake
		return nil, []merge.Problem{{Message: "The config cannot be written."}}
	}
	return normal, nil
}

// Test connects, encrypts and signs in. It sends no mail.
func (t *SMTP) Test(ctx context.Context, a engine.Auth) ([]engine.Check, error) {
	server, err := outbound.ServerOf(a)
	if err != nil {
		return nil, err
	}
	return t.out.CheckSMTP(ctx, server), nil
}
