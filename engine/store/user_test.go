package store_test

import (
	"time"

	"cartwheel/engine"
)

var userSpecs = []spec{
	{"a user is found by address, however it is written", func(f fixture) {
		u := engine.User{ID: "u", Email: "ada@example.com", Role: engine.Editor, PasswordHash: "$argon2id$x", CreatedAt: f.clock.now()}
		f.ok(f.AddUser(f.ctx, u))
		got, err := f.UserByEmail(f.ctx, "Ada@Example.com")
		f.ok(err)
		f.same(u, got)
		u.ID = "v"
		f.code(engine.Conflict, f.AddUser(f.ctx, u))
		_, err = f.UserByEmail(f.ctx, "nobody@example.com")
		f.code(engine.NotFound, err)
	}},
	{"a token is found by its hash and remembers its last use", func(f fixture) {
		k := engine.Token{ID: "t", Name: "ci", Role: engine.Viewer, Hash: []byte{1, 2}, CreatedAt: f.clock.now(), ExpiresAt: ref(f.clock.now().Add(time.Hour))}
		f.ok(f.AddToken(f.ctx, k))
		f.code(engine.Conflict, f.AddToken(f.ctx, k))
		late := f.clock.now().Add(time.Minute)
		f.ok(f.TouchToken(f.ctx, "t", late))
		f.ok(f.TouchToken(f.ctx, "t", f.clock.now())) // an older use says nothing new
		got, err := f.TokenByHash(f.ctx, k.Hash)
		f.ok(err)
		k.LastUsedAt = &late
		f.same(k, got)
		_, err = f.TokenByHash(f.ctx, []byte{9})
		f.code(engine.NotFound, err)
	}},
	{"an admin is a user, or a token that is valid", func(f fixture) {
		has := func(want bool) {
			f.t.Helper()
			got, err := f.HasAdmin(f.ctx)
			f.ok(err)
			f.same(want, got)
		}
		token := func(id string, role engine.Role, expires, revoked *time.Time) {
			f.ok(f.AddToken(f.ctx, engine.Token{ID: id, Role: role, Hash: []byte(id), ExpiresAt: expires, RevokedAt: revoked}))
		}
		f.ok(f.AddUser(f.ctx, engine.User{ID: "u", Email: "u@example.com", Role: engine.IntegrationManager}))
		token("viewer", engine.Viewer, nil, nil)
		token("revoked", engine.Admin, nil, ref(f.clock.now()))
		has(false)
		token("short", engine.Admin, ref(f.clock.now().Add(time.Hour)), nil)
		has(true)
		f.clock.add(2 * time.Hour)
		has(false)
		f.ok(f.AddUser(f.ctx, engine.User{ID: "a", Email: "a@example.com", Role: engine.Admin}))
		has(true)
	}},
}
