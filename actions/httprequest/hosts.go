package httprequest

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"cartwheel/engine/outbound"
	"cartwheel/merge"
)

const maxHosts = 100

// allows tells whether the credential may go to host. host is as outbound.CheckURL left it.
func (c authConfig) allows(host string) bool {
	for _, pattern := range c.AllowedHosts {
		if matches(pattern, host) {
			return true
		}
	}
	if u, err := url.Parse(c.TokenURL); c.TokenURL != "" && err == nil {
		return matches(u.Hostname(), host) // implied: it knows the secret anyway
	}
	return false
}

// matches: *.example.com is every host below example.com, not example.com itself.
func matches(pattern, host string) bool {
	if suffix, wild := strings.CutPrefix(pattern, "*"); wild {
		return len(suffix) > 1 && strings.HasSuffix(host, suffix) && len(host) > len(suffix)
	}
	return pattern != "" && pattern == host
}

// normalHosts writes allowed hosts as hosts are compared. Locations are relative to the config.
func normalHosts(hosts []string) ([]string, []merge.Problem) {
	var normal []string
	var problems []merge.Problem
	for i, h := range hosts {
		n, ok := normalHost(strings.TrimSpace(h))
		if !ok {
			problems = append(problems, merge.Problem{Location: fmt.Sprintf("allowed_hosts[%d]", i),
				Message: fmt.Sprintf("%s is no host. Write api.example.com or *.example.com, without https:// and without a port.", outbound.Quote(h, 80))})
			continue
		}
		normal = append(normal, n)
	}
	if len(hosts) > maxHosts {
		problems = append(problems, merge.Problem{Location: "allowed_hosts", Message: fmt.Sprintf("There are more than %d allowed hosts.", maxHosts)})
	}
	return normal, problems
}

func normalHost(h string) (string, bool) {
	rest, wild := strings.CutPrefix(h, "*.")
	rest = strings.TrimSuffix(strings.TrimPrefix(rest, "["), "]")
	host, err := outbound.ASCIIHost(rest)
	if err != nil {
		return "", false
	}
	if !wild {
		return host, true
	}
	_, isIP := netip.ParseAddr(host)
	return "*." + host, isIP != nil && strings.Contains(host, ".") // *.com would be half the world
}
