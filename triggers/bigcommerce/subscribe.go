package bigcommerce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"cartwheel/engine"
	"cartwheel/merge"
)

// hook is a webhook as the store lists it.
type hook struct {
	id          string
	scope       string
	destination string
	secret      string // its X-Webhook-Secret
	active      bool
}

// Subscribe makes the store send what triggers need to url, and nothing else:
// one hook per scope, shared by all workflows. A hook is ours when its
// destination is url; others, also of an earlier Cartwheel, are left alone.
//
// The store deactivates a hook after 90 quiet days or after two days of failed
// deliveries, so that this is repeated every day. Missing hooks are made,
// sleeping ones woken, wrong secrets put right, those nobody needs deleted. What
// fails does not keep the rest from being done; the first failure is returned.
func (t AuthType) Subscribe(ctx context.Context, a engine.Auth, url string, triggers []string) ([]engine.Hook, error) {
	acc, err := t.client.accountOf(a)
	if err != nil {
		return nil, err
	}
	scopes, err := scopesOf(triggers)
	if err != nil {
		return nil, err
	}
	if len(scopes) > 0 && a.HookSecret() == "" {
		return nil, engine.Errorf(engine.Internal, "The authentication has no secret for its webhooks.")
	}
	s := &subscription{client: t.client, acc: acc, url: url}
	if err := s.list(ctx); err != nil {
		return nil, err
	}
	for _, scope := range scopes {
		s.ensure(ctx, scope)
	}
	s.prune(ctx, scopes)
	return s.hooks(), s.err
}

// scopesOf are the scopes behind triggers, each once.
func scopesOf(triggers []string) ([]string, error) {
	var scopes []string
	for _, typ := range triggers {
		row, ok := rowOf(typ)
		if !ok {
			return nil, engine.Errorf(engine.Invalid, "The store has no event for the trigger %q.", typ)
		}
		if !slices.Contains(scopes, row.scope) {
			scopes = append(scopes, row.scope)
		}
	}
	slices.Sort(scopes)
	return scopes, nil
}

// subscription is the work of one Subscribe.
type subscription struct {
	client *Client
	acc    *account
	url    string
	ours   []hook
	err    error // the first failure
}

func (s *subscription) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

// list reads all hooks of the account and keeps ours. The store shows an
// account only the hooks that it made itself.
func (s *subscription) list(ctx context.Context) error {
	s.ours = nil
	for page := 1; page <= maxPages; page++ {
		ans, err := s.client.get(ctx, s.acc, fmt.Sprintf("/v3/hooks?limit=%d&page=%d", pageSize, page))
		if err != nil {
			return err
		}
		list, err := ans.dataList()
		if err != nil {
			return err
		}
		for _, v := range list {
			o, _ := v.(merge.Object)
			if h := hookOf(o); sameURL(h.destination, s.url) && h.id != "" {
				s.ours = append(s.ours, h)
			}
		}
		if len(list) < pageSize {
			break
		}
	}
	return nil
}

func sameURL(a, b string) bool { return strings.TrimRight(a, "/") == strings.TrimRight(b, "/") }

func hookOf(o merge.Object) hook {
	active, _ := o.Get("is_active")
	headers, _ := o.Get("headers") // null when there are none
	secret := ""
	if h, ok := headers.(merge.Object); ok {
		for name := range h.All() {
			if strings.EqualFold(name, hookHeader) {
				secret = textOf(h, name)
			}
		}
	}
	return hook{id: first(o, "id"), scope: textOf(o, "scope"), destination: textOf(o, "destination"), secret: secret, active: active == true}
}

// ensure makes sure that scope has a hook that works.
func (s *subscription) ensure(ctx context.Context, scope string) {
	i := s.index(scope)
	if i < 0 && s.create(ctx, scope) {
		i = s.index(scope) // the store had one after all, perhaps one that sleeps
	}
	if i < 0 {
		return
	}
	h := &s.ours[i]
	change := map[string]any{}
	if h.secret != s.acc.auth.HookSecret() {
		change["headers"] = s.headers()
	}
	if !h.active {
		change["is_active"] = true
	}
	if len(change) == 0 { // the store refuses an empty update
		return
	}
	if _, err := s.write(ctx, http.MethodPut, "/v3/hooks/"+h.id, change); err != nil {
		s.fail(refusedHook(scope, err))
		return
	}
	h.active, h.secret = true, s.acc.auth.HookSecret()
}

func (s *subscription) index(scope string) int {
	return slices.IndexFunc(s.ours, func(h hook) bool { return h.scope == scope })
}

func (s *subscription) headers() map[string]string {
	return map[string]string{hookHeader: s.acc.auth.HookSecret()}
}

// create makes a hook. When the store refuses it, it may have one already that
// was made at the same time: then the list is read again and create tells so.
func (s *subscription) create(ctx context.Context, scope string) (again bool) {
	ans, err := s.write(ctx, http.MethodPost, "/v3/hooks", map[string]any{
		"scope": scope, "destination": s.url, "is_active": true, "headers": s.headers()})
	if err == nil {
		s.ours = append(s.ours, created(ans, scope, s.acc.auth.HookSecret()))
		return false
	}
	status := ans.call.Status
	maybe := engine.CodeOf(err) == engine.UnknownOutcome || status == http.StatusUnprocessableEntity || status == http.StatusConflict
	if maybe && s.list(ctx) == nil && s.index(scope) >= 0 {
		return true
	}
	s.fail(refusedHook(scope, err))
	return false
}

// created reads the answer to a create: {data: {…}}, or the hook itself as the
// store's overview page prints it. An answer that cannot be read is no failure: the hook is there.
func created(ans *answer, scope, secret string) hook {
	made := hook{scope: scope, secret: secret, active: true}
	v, err := ans.value()
	if err != nil {
		return made
	}
	o, _ := v.(merge.Object)
	if data, ok := o.Get("data"); ok {
		o, _ = data.(merge.Object)
	}
	made.id = first(o, "id")
	if active, ok := o.Get("is_active"); ok {
		made.active = active == true
	}
	return made
}

// prune deletes ours that no trigger needs, and twins.
func (s *subscription) prune(ctx context.Context, scopes []string) {
	seen := map[string]bool{}
	s.ours = slices.DeleteFunc(s.ours, func(h hook) bool {
		if slices.Contains(scopes, h.scope) && !seen[h.scope] {
			seen[h.scope] = true
			return false
		}
		_, err := s.write(ctx, http.MethodDelete, "/v3/hooks/"+h.id, nil)
		if err != nil && !missing(err) {
			s.fail(refusedHook(h.scope, err))
			return false
		}
		return true
	})
}

func (s *subscription) write(ctx context.Context, method, path string, in map[string]any) (*answer, error) {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return &answer{}, fmt.Errorf("bigcommerce.Subscribe: encode a hook: %w", err)
		}
	}
	return s.client.send(ctx, s.acc, method, path, body)
}

// hooks lists ours, by scope.
func (s *subscription) hooks() []engine.Hook {
	hooks := make([]engine.Hook, 0, len(s.ours))
	for _, h := range s.ours {
		hooks = append(hooks, engine.Hook{ID: h.id, Scope: h.scope, Active: h.active})
	}
	slices.SortFunc(hooks, func(a, b engine.Hook) int { return strings.Compare(a.Scope+a.ID, b.Scope+b.ID) })
	return hooks
}

// refusedHook says of which hook err speaks. A store refuses destinations that
// are not https on port 443 by 422; the address comes from --public-url.
func refusedHook(scope string, err error) error {
	e, ok := errors.AsType[*engine.Error](err)
	if !ok {
		return err
	}
	out := *e
	out.Message = fmt.Sprintf("The webhook for %s could not be set up. %s", scope, e.Message)
	if e.Code == engine.Rejected {
		out.Message += " The store needs a public https address on port 443: check --public-url."
	}
	if e.Code == engine.UnknownOutcome { // it is looked up the next time, so nothing can happen twice
		out.Code = engine.Temporary
	}
	return &out
}
