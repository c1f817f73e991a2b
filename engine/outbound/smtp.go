package outbound

import (
	"encoding/json"
	"fmt"
	"net"
	"strconv"
	"strings"

	"cartwheel/engine"
)

// Encryption says how a connection to a mail server is protected.
type Encryption string

// The encryptions. EncryptNone reaches only addresses in Options.AllowPrivate.
const (
	EncryptNone     Encryption = "none"
	EncryptSTARTTLS Encryption = "starttls" // plain at first, then TLS; no TLS, no mail
	EncryptTLS      Encryption = "tls"      // from the first byte
)

// DefaultPort is the port on which a mail server takes mail from programs with e (RFC 8314, RFC 6409).
func (e Encryption) DefaultPort() int {
	switch e {
	case EncryptTLS:
		return 465
	case EncryptNone:
		return 25
	default:
		return 587
	}
}

// SMTP is a mail server and who signs in there. It prints without its password.
type SMTP struct {
	Host       string
	Port       int    // 0: the default of Encryption
	Username   string // "": nobody signs in
	Password   string
	Encryption Encryption // "": EncryptSTARTTLS
	From       string     // the sender, unless a mail names another
}

// String names the server.
func (s SMTP) String() string { return s.address() }

// GoString names the server.
func (s SMTP) GoString() string { return s.address() }

func (s SMTP) address() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// target is how the breaker knows the server.
func (s SMTP) target() string { return KindSMTP + "://" + strings.ToLower(s.address()) }

// redact takes the password out of what the server said, in every form in which it may be repeated.
func (s SMTP) redact(said string) string {
	user, err := json.Marshal(map[string]string{"username": s.Username})
	if err != nil { // a map of texts never fails
		return ""
	}
	return engine.NewAuth("", "", SMTPType, user, 0, map[string]string{"password": s.Password}).Redact(said)
}

// withDefaults fills in what may be left out.
func (s SMTP) withDefaults() SMTP {
	if s.Encryption == "" {
		s.Encryption = EncryptSTARTTLS
	}
	if s.Port == 0 {
		s.Port = s.Encryption.DefaultPort()
	}
	return s
}

// SMTPType is the authentication type that ServerOf reads.
const SMTPType = "smtp"

// ServerOf reads the mail server from an authentication of type smtp. Errors are Rejected.
func ServerOf(a engine.Auth) (SMTP, error) {
	if a.Type != SMTPType {
		return SMTP{}, engine.Errorf(engine.Rejected, "This step needs an authentication of type %s. Choose one.", SMTPType)
	}
	var config struct {
		Host       string     `json:"host"`
		Port       int        `json:"port"`
		Username   string     `json:"username"`
		From       string     `json:"from"`
		Encryption Encryption `json:"encryption"`
	}
	if err := json.Unmarshal(a.Config, &config); err != nil {
		return SMTP{}, &engine.Error{Code: engine.Rejected, Op: "outbound.ServerOf", Err: fmt.Errorf("read the config: %w", err),
			Message: fmt.Sprintf("The authentication %q cannot be read. Save it again.", a.Name)}
	}
	s := SMTP{Host: strings.TrimSpace(config.Host), Port: config.Port, Username: config.Username,
		Password: a.Secret("password"), Encryption: config.Encryption, From: config.From}
	return s.withDefaults(), nil
}
