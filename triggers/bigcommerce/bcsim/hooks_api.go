package bcsim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

var noMeta = obj{}

// shown is a hook as create, get, update and delete answer it, with the undocumented extra key of real answers.
func shown(h *hook) []byte {
	return encode(obj{{"data", struct {
		Hook
		History bool `json:"events_history_enabled"`
	}{h.view(), false}}, {"meta", noMeta}})
}

// hook finds a hook of the calling account. The sender's lock is held.
func (c *call) hook(id int) *hook {
	h := c.s.sender.hooks[id]
	if h == nil || h.ClientID != c.account.ClientID {
		return nil
	}
	return h
}

func (c *call) hookGone() reply {
	return v3Error(http.StatusNotFound, fmt.Sprintf("Webhook with id [%s] not found", c.args[0]))
}

func (c *call) postHook() reply {
	var in hookInput
	if err := json.Unmarshal(c.body, &in); err != nil {
		return v3Error(http.StatusBadRequest, "JSON data is missing or invalid")
	}
	d := c.s.sender
	d.mu.Lock()
	defer d.mu.Unlock()
	fresh := hook{Hook: Hook{ClientID: c.account.ClientID, StoreHash: c.s.cfg.StoreHash, IsActive: true}}
	h, p := d.putHook(fresh, in, c.now)
	if p != nil {
		return unprocessable(*p)
	}
	return ok(shown(h))
}

func (c *call) getHook() reply {
	d := c.s.sender
	d.mu.Lock()
	defer d.mu.Unlock()
	d.retireQuiet(c.now)
	if h := c.hook(c.id(0)); h != nil {
		return ok(shown(h))
	}
	return c.hookGone()
}

func (c *call) putHook() reply {
	var in hookInput
	var keys map[string]json.RawMessage
	if json.Unmarshal(c.body, &in) != nil || json.Unmarshal(c.body, &keys) != nil {
		return v3Error(http.StatusBadRequest, "JSON data is missing or invalid")
	}
	d := c.s.sender
	d.mu.Lock()
	defer d.mu.Unlock()
	d.retireQuiet(c.now)
	old := c.hook(c.id(0))
	switch {
	case old == nil:
		return c.hookGone()
	case len(keys) == 0:
		return v3Error(http.StatusUnprocessableEntity, "JSON data is missing or invalid",
			problem{"data", "Update webhook request should not be empty"})
	}
	if string(keys["headers"]) == "null" {
		in.Headers = &map[string]string{}
	}
	h, p := d.putHook(*old, in, c.now)
	if p != nil {
		return unprocessable(*p)
	}
	return ok(shown(h))
}

func (c *call) deleteHook() reply {
	d := c.s.sender
	d.mu.Lock()
	defer d.mu.Unlock()
	h := c.hook(c.id(0))
	if h == nil {
		return c.hookGone()
	}
	delete(d.hooks, h.ID)
	return ok(shown(h))
}

func (c *call) listHooks() reply {
	d := c.s.sender
	d.mu.Lock()
	defer d.mu.Unlock()
	d.retireQuiet(c.now)
	rows := [][]byte{}
	for _, h := range d.sorted() {
		if h.ClientID == c.account.ClientID && c.wants(h) {
			rows = append(rows, encode(h.view()))
		}
	}
	return c.page(rows)
}

func (c *call) wants(h *hook) bool {
	if active := c.query.Get("is_active"); active != "" && active != strconv.FormatBool(h.IsActive) {
		return false
	}
	if scope := c.query.Get("scope"); scope != "" && scope != h.Scope {
		return false
	}
	destination := c.query.Get("destination")
	return destination == "" || destination == h.Destination
}

// getHookAdmin shows the delivery health: hooks with their state and the blocked domains of the account.
func (c *call) getHookAdmin() reply {
	d := c.s.sender
	d.mu.Lock()
	defer d.mu.Unlock()
	d.retireQuiet(c.now)
	hooks := []any{}
	for _, h := range d.sorted() {
		if h.ClientID == c.account.ClientID && c.wants(h) {
			hooks = append(hooks, struct {
				Hook
				Status string `json:"status"`
			}{h.view(), h.status()})
		}
	}
	emails := append([]string{}, d.emails...)
	page := pagination{Total: len(hooks), Count: len(hooks), PerPage: 50, CurrentPage: 1, TotalPages: 1}
	page.Links.Current = "?page=1&limit=50"
	return ok(encode(obj{
		{"data", obj{{"emails", emails}, {"hooks_list", hooks}, {"blocked_domains", c.blocked()}}},
		{"meta", obj{{"pagination", page}}},
	}))
}

func (h *hook) status() string {
	switch {
	case h.IsActive:
		return "active"
	case h.disabled:
		return "deactivated"
	default:
		return "inactive"
	}
}

func (c *call) blocked() []obj {
	out := []obj{}
	for key, dom := range c.s.sender.blocks {
		left := dom.until.Sub(c.now)
		if key.clientID != c.account.ClientID || left <= 0 {
			continue
		}
		reason := obj{
			{"failure_description", "Success rate below 90 % in the last 2 minutes."}, {"count", 1},
			{"timestamp", dom.until.Add(-blockFor).Unix()},
		}
		out = append(out, obj{
			{"destination", key.host}, {"time_left", int(left.Seconds())}, {"reasons", []obj{reason}},
		})
	}
	slices.SortFunc(out, func(a, b obj) int {
		return strings.Compare(fmt.Sprint(a[0].value), fmt.Sprint(b[0].value))
	})
	return out
}

func (c *call) putHookAdmin() reply {
	var in struct {
		Emails []string `json:"emails"`
	}
	if err := json.Unmarshal(c.body, &in); err != nil || in.Emails == nil {
		return unprocessable(problem{"emails", "error.path.missing."})
	}
	c.s.sender.mu.Lock()
	defer c.s.sender.mu.Unlock()
	c.s.sender.emails = in.Emails
	return noContent()
}
