package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"golang.org/x/term"

	"cartwheel/engine"
)

// Config is what the flags and the CARTWHEEL_* variables say. A flag wins over its variable.
type Config struct {
	Addr           string
	PublicURL      string
	Data           string
	DatabaseURL    string
	MasterKeyFile  string
	AllowPrivate   []netip.Prefix
	TrustedProxies []string
	Durability     string
	Role           string
	LogLevel       slog.Level
	LogFormat      string
	Retention      engine.Retention
	MaxWaiting     int    // events that may wait to be decided; 0: as the store has it
	UIDir          string // where the web UI is built, while it is developed; empty: the one inside the program

	allowPrivate, trustedProxies, logLevel string
	keepRuns, keepBodies, maxWaiting       string
}

// option is a flag with its variable.
type option struct {
	flag, value, usage string
	into               *string
}

func (o option) variable() string {
	return "CARTWHEEL_" + strings.ToUpper(strings.ReplaceAll(o.flag, "-", "_"))
}

// storeOptions say where the data is; every command that works on an installation has them.
func (c *Config) storeOptions() []option {
	return []option{
		{"data", "./cartwheel-data", "folder of the database and the master key; created if need be", &c.Data},
		{"database-url", "", "postgres://… instead of SQLite in the data folder", &c.DatabaseURL},
		{"master-key-file", "", "file with the master key (default DATA/master.key, created if need be)", &c.MasterKeyFile},
	}
}

// serverOptions are the others, of serve and demo.
func (c *Config) serverOptions() []option {
	return []option{
		{"addr", "127.0.0.1:8080", "address to listen on", &c.Addr},
		{"public-url", "", "base of webhook and survey links (default http://ADDR)", &c.PublicURL},
		{"allow-private", "", "comma-separated CIDRs that outbound calls may reach although private", &c.allowPrivate},
		{"trusted-proxies", "", "comma-separated addresses whose X-Forwarded-For counts", &c.trustedProxies},
		{"durability", "full", "full, or normal: may lose the last second at a power cut", &c.Durability},
		{"keep-runs", "90d", "how long runs, decisions and events are kept after their end", &c.keepRuns},
		{"keep-bodies", "", "how long webhooks are kept as they came (default 30d, or --keep-runs if that is shorter)", &c.keepBodies},
		{"max-waiting", "1000000", "how many events may wait to be decided; over it webhooks are answered 503, and come again", &c.maxWaiting},
		{"role", "all", "all, or web or worker with PostgreSQL", &c.Role},
		{"ui-dir", "", "folder of the built web UI, for its development", &c.UIDir},
		{"log-level", "info", "debug, info, warn or error", &c.logLevel},
		{"log-format", "", "text or json (default text on a terminal, json elsewhere)", &c.LogFormat},
	}
}

// bind makes the options flags of f, with their variables' values as defaults.
func bind(f *pflag.FlagSet, options ...option) {
	for _, o := range options {
		value := o.value
		if given, ok := os.LookupEnv(o.variable()); ok {
			value = given
		}
		f.StringVar(o.into, o.flag, value, o.usage+" ("+o.variable()+")")
		f.Lookup(o.flag).DefValue = o.value
		f.Lookup(o.flag).Hidden = o.flag == "ui-dir"
	}
}

// validateStore checks storeOptions. The errors are usage errors.
func (c *Config) validateStore() error {
	if c.DatabaseURL != "" {
		return usageError{errors.New("--database-url: this release keeps its data in SQLite only; leave the flag and CARTWHEEL_DATABASE_URL empty")}
	}
	if c.Data == "" {
		return usageError{errors.New("--data: name a folder")}
	}
	if c.MasterKeyFile == "" {
		c.MasterKeyFile = filepath.Join(c.Data, "master.key")
	}
	return nil
}

// validate checks everything. The errors are usage errors.
func (c *Config) validate() error {
	if err := c.validateStore(); err != nil {
		return err
	}
	for _, check := range []func() error{c.checkAddr, c.checkPublicURL, c.checkNetworks, c.checkKeeping, c.checkWaiting, c.checkWords} {
		if err := check(); err != nil {
			return usageError{err}
		}
	}
	return nil
}

func (c *Config) checkAddr() error {
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		return fmt.Errorf("--addr: %q is no address; write host:port, such as 127.0.0.1:8080 or :8080", c.Addr)
	}
	return nil
}

func (c *Config) checkPublicURL() error {
	if c.PublicURL == "" {
		return nil
	}
	u, err := url.Parse(c.PublicURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return fmt.Errorf("--public-url: %q is no base address; write something like https://cartwheel.example.com", c.PublicURL)
	}
	c.PublicURL = strings.TrimSuffix(c.PublicURL, "/")
	return nil
}

func (c *Config) checkNetworks() error {
	c.AllowPrivate, c.TrustedProxies = nil, nil
	for _, text := range splitList(c.allowPrivate) {
		p, err := parsePrefix(text)
		if err != nil {
			return fmt.Errorf("--allow-private: %q is no network; write CIDRs such as 10.0.0.0/8", text)
		}
		c.AllowPrivate = append(c.AllowPrivate, p)
	}
	for _, text := range splitList(c.trustedProxies) {
		if _, err := parsePrefix(text); err != nil {
			return fmt.Errorf("--trusted-proxies: %q is no address; write addresses or CIDRs such as 10.0.0.0/8", text)
		}
		c.TrustedProxies = append(c.TrustedProxies, text)
	}
	return nil
}

// checkKeeping reads how long history is kept: a day at least.
func (c *Config) checkKeeping() error {
	if c.keepRuns == "" {
		return nil // as the engine has it
	}
	var err error
	if c.Retention.Runs, err = keeping("--keep-runs", c.keepRuns); err != nil {
		return err
	}
	if c.keepBodies == "" {
		c.Retention.Bodies = min(30*leastKept, c.Retention.Runs)
		return nil
	}
	if c.Retention.Bodies, err = keeping("--keep-bodies", c.keepBodies); err != nil {
		return err
	}
	if c.Retention.Bodies > c.Retention.Runs {
		return fmt.Errorf("--keep-bodies: %s is longer than --keep-runs %s, and a webhook is not kept longer than its event", c.keepBodies, c.keepRuns)
	}
	return nil
}

// checkWaiting reads how many events may wait.
func (c *Config) checkWaiting() error {
	if c.maxWaiting == "" {
		return nil
	}
	var err error
	if c.MaxWaiting, err = strconv.Atoi(c.maxWaiting); err != nil || c.MaxWaiting < 1 {
		return fmt.Errorf("--max-waiting: %q must be a number from 1 on, such as 1000000", c.maxWaiting)
	}
	return nil
}

const leastKept = 24 * time.Hour

func keeping(flag, text string) (time.Duration, error) {
	d, err := engine.ParseDuration(text)
	if err != nil || d < leastKept {
		return 0, fmt.Errorf("%s: %q must be a duration from 1d to 366d, such as 90d", flag, text)
	}
	return d, nil
}

func (c *Config) checkWords() error {
	if c.Durability != "full" && c.Durability != "normal" {
		return fmt.Errorf("--durability: %q must be full or normal", c.Durability)
	}
	if c.Role != "all" {
		return fmt.Errorf("--role: %q needs PostgreSQL; with SQLite one process does all", c.Role)
	}
	if err := c.LogLevel.UnmarshalText([]byte(c.logLevel)); err != nil {
		return fmt.Errorf("--log-level: %q must be debug, info, warn or error", c.logLevel)
	}
	if c.LogFormat != "" && c.LogFormat != "text" && c.LogFormat != "json" {
		return fmt.Errorf("--log-format: %q must be text or json", c.LogFormat)
	}
	return nil
}

func splitList(s string) []string {
	var out []string
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// parsePrefix reads a CIDR or a single address.
func parsePrefix(s string) (netip.Prefix, error) {
	if p, err := netip.ParsePrefix(s); err == nil {
		return p, nil
	}
	a, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Prefix{}, err
	}
	return netip.PrefixFrom(a, a.BitLen()), nil
}

// logger writes to w in the wanted format.
func (c *Config) logger(w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.LogLevel}
	if c.LogFormat == "text" || c.LogFormat == "" && isTerminal(w) {
		return slog.New(slog.NewTextHandler(w, options))
	}
	return slog.New(slog.NewJSONHandler(w, options))
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
