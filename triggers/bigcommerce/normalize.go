package bigcommerce

import (
	"encoding/json"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"cartwheel/merge"
)

var (
	plainHash = regexp.MustCompile(`^[a-z0-9]{3,40}$`)
	// https://api.bigcommerce.com/stores/{hash}/v3/, also without its beginning.
	apiPath = regexp.MustCompile(`(?i)^(.*?)/?\bstores/([a-z0-9]{3,40})(?:/.*)?$`)
	// https://store-{hash}.mybigcommerce.com/manage/…; further storefronts are store-{hash}-{n}.
	controlPanel = regexp.MustCompile(`(?i)^(?:https?://)?store-([a-z0-9]{3,40})(?:-\d+)?\.mybigcommerce\.com(?:[:/?#].*)?$`)
)

// Normalize finds the store's hash in what people paste, checks the address of
// the API and fills in what was left out.
func (AuthType) Normalize(raw json.RawMessage) (json.RawMessage, []merge.Problem) {
	var c config
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &c); err != nil {
			return nil, []merge.Problem{{Message: "The config must be an object whose members are texts."}}
		}
	}
	var problems []merge.Problem
	hash, base := findHash(c.StoreHash)
	if hash == "" {
		problems = append(problems, merge.Problem{Location: "store_hash",
			Message: "No store hash was found here. Give the hash (k7mq2zt9ax), the API PATH of the account's file, or an address like https://store-k7mq2zt9ax.mybigcommerce.com."})
	}
	if c.APIBaseURL == "" {
		c.APIBaseURL = base
	}
	base, wrong := normalBase(c.APIBaseURL)
	if wrong != "" {
		problems = append(problems, merge.Problem{Location: "api_base_url", Message: wrong})
	}
	if c.Signature == "" {
		c.Signature = signatureIfPresent
	}
	if !slices.Contains([]string{signatureOff, signatureIfPresent, signatureRequired}, c.Signature) {
		problems = append(problems, merge.Problem{Location: "signature", Message: "The signature setting is off, if_present or required."})
	}
	if problems != nil {
		return nil, problems
	}
	out, err := json.Marshal(config{StoreHash: hash, APIBaseURL: base, Signature: c.Signature})
	if err != nil { // three texts never fail
		return nil, []merge.Problem{{Message: "The config cannot be stored."}}
	}
	return out, nil
}

// findHash reads a hash, an API path or a control-panel address. base is the
// server that an API path names, "" if it names none.
func findHash(s string) (hash, base string) {
	s = strings.TrimSpace(s)
	if m := controlPanel.FindStringSubmatch(s); m != nil {
		return strings.ToLower(m[1]), ""
	}
	if m := apiPath.FindStringSubmatch(s); m != nil {
		if strings.Contains(m[1], "://") {
			base = m[1]
		}
		return strings.ToLower(m[2]), base
	}
	if hash = strings.ToLower(s); plainHash.MatchString(hash) {
		return hash, ""
	}
	return "", ""
}

// normalBase checks the address of the API and cuts off what is added to it anyway.
func normalBase(s string) (base, wrong string) {
	s = strings.TrimSpace(s)
	if s == "" {
		return defaultBase, ""
	}
	if m := apiPath.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Hostname() == "" {
		return "", "This is no address of an API: it reads like " + defaultBase + "."
	}
	switch {
	case u.Scheme == "https":
	case u.Scheme == "http" && isLocal(u.Hostname()):
	case u.Scheme == "http":
		return "", "The API's address must begin with https://, or the access token could be read on its way."
	default:
		return "", "The API's address must begin with https://."
	}
	u.Host = strings.ToLower(u.Host)
	return strings.TrimRight(u.String(), "/"), ""
}

// isLocal tells whether host may be spoken to without TLS: this machine or a
// private network, where a simulated store may run. Whether it may be reached at
// all decides the guard of outbound calls (--allow-private).
func isLocal(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.IsLoopback() || addr.IsPrivate()
	}
	return host == "localhost" || !strings.Contains(host, ".")
}
