package store_test

import (
	"context"
	"fmt"
	"time"

	"cartwheel/engine"
)

// ada is an administrator who is there.
func (f fixture) ada() engine.User {
	f.t.Helper()
	u := engine.User{ID: "ada", Email: "ada@example.com", Role: engine.Admin, PasswordHash: "$argon2id$a", CreatedAt: f.clock.now()}
	f.ok(f.AddUser(f.ctx, u))
	return u
}

// session is one that begins now.
func (f fixture) session(id, user string) engine.Session {
	return engine.Session{ID: id, Hash: []byte("hash of " + id), UserID: user, CreatedAt: f.clock.now(), UsedAt: f.clock.now()}
}

// begin stores a session of a user with the password that they have.
func (f fixture) begin(ctx context.Context, s engine.Session) error {
	f.t.Helper()
	u, err := f.User(f.ctx, s.UserID)
	if engine.CodeOf(err) != engine.NotFound {
		f.ok(err)
	}
	return f.AddSession(ctx, s, u.PasswordHash)
}

// isThere checks whether a session is known.
func (f fixture) isThere(id string, want bool) {
	f.t.Helper()
	_, _, err := f.SessionByHash(f.ctx, []byte("hash of "+id))
	if want {
		f.ok(err)
	} else {
		f.code(engine.NotFound, err)
	}
}

var sessionSpecs = []spec{
	{"a session is found by its hash with its user as they are now", func(f fixture) {
		u, s := f.ada(), f.session("s", "ada")
		f.ok(f.begin(f.ctx, s))
		late := f.clock.now().Add(time.Minute)
		f.ok(f.TouchSession(f.ctx, s.Hash, late))
		f.ok(f.TouchSession(f.ctx, s.Hash, f.clock.now())) // an older use says nothing new
		s.UsedAt, u.LastLoginAt = late, ref(f.clock.now())
		gotSession, gotUser, err := f.SessionByHash(f.ctx, s.Hash)
		f.ok(err)
		f.same(s, gotSession)
		f.same(u, gotUser)
		f.isThere("t", false)
		f.code(engine.NotFound, f.begin(f.ctx, f.session("t", "nobody")))
		f.isThere("t", false)
	}},
	{"a session ends, and all of a user", func(f fixture) {
		f.ada()
		f.ok(f.AddUser(f.ctx, engine.User{ID: "bo", Email: "bo@example.com", Role: engine.Viewer, CreatedAt: f.clock.now()}))
		for _, id := range []string{"one", "two", "three"} {
			f.ok(f.begin(f.ctx, f.session(id, "ada")))
		}
		f.ok(f.begin(f.ctx, f.session("other", "bo")))
		f.noted("user.logout user/ada  -> ", func(ctx context.Context) error { return f.EndSession(ctx, "one") })
		f.unnoted("", func(ctx context.Context) error { return f.EndSession(ctx, "one") })
		f.isThere("one", false)
		f.isThere("two", true)
		f.noted("user.logout_everywhere user/ada  -> ", func(ctx context.Context) error { return f.EndSessions(ctx, "ada") })
		f.unnoted("", func(ctx context.Context) error { return f.EndSessions(ctx, "ada") })
		f.isThere("two", false)
		f.isThere("other", true)
		f.noted("user.login user/ada  -> ", func(ctx context.Context) error { return f.begin(ctx, f.session("four", "ada")) })
		f.noted("user.login_failed user/  -> ", func(ctx context.Context) error { return f.NoteLoginFailure(ctx, "") })
	}},
	{"sessions that hold no more go, and of too many those that were used longest ago", func(f fixture) {
		f.ada()
		f.ok(f.begin(f.ctx, f.session("idle", "ada")))
		f.clock.add(engine.SessionIdle + time.Second)
		f.isThere("idle", true)
		for i := range 51 {
			f.ok(f.begin(f.ctx, f.session(fmt.Sprint(i), "ada")))
			f.clock.add(time.Second)
		}
		f.isThere("idle", false)
		f.isThere("0", false)
		f.isThere("1", true)
		f.isThere("50", true)
	}},
	{"a change of a person is noted and ends their sessions", func(f fixture) {
		f.ada()
		bo := engine.User{ID: "bo", Email: "bo@example.com", Role: engine.Admin, PasswordHash: "$argon2id$b", CreatedAt: f.clock.now()}
		f.ok(f.AddUser(f.ctx, bo))
		change := func(c engine.UserChange) func(context.Context) error {
			return func(ctx context.Context) error { _, err := f.ChangeUser(ctx, "bo", c); return err }
		}
		beginBoth := func() {
			f.t.Helper()
			for _, id := range []string{"kept", "ended"} {
				if _, _, err := f.SessionByHash(f.ctx, []byte("hash of "+id)); err != nil {
					f.ok(f.begin(f.ctx, f.session(id, "bo")))
				}
			}
		}
		beginBoth()
		f.noted(`user.edit user/bo {"role":"admin"} -> {"role":"editor"}`, change(engine.UserChange{Role: engine.Editor, KeepSession: "kept"}))
		f.isThere("kept", true)
		f.isThere("ended", false)
		beginBoth()
		f.noted(`user.edit user/bo {"password":{"set":true}} -> {"password":{"set":true,"changed":true}}`, change(engine.UserChange{PasswordHash: "$argon2id$c"}))
		f.isThere("kept", false)
		beginBoth()
		f.unnoted("", change(engine.UserChange{Role: engine.Editor})) // as before: nothing ends
		f.isThere("ended", true)
		f.noted(`user.delete user/bo {"email":"bo@example.com","password":{"set":true},"role":"editor"} -> `,
			func(ctx context.Context) error { return f.DeleteUser(ctx, "bo") })
		f.isThere("ended", false)
		f.unnoted(engine.NotFound, change(engine.UserChange{Role: engine.Viewer}))
		f.unnoted(engine.NotFound, func(ctx context.Context) error { return f.DeleteUser(ctx, "bo") })
	}},
	{"who signs in with a password that is being replaced does not come in", func(f fixture) {
		u := f.ada()
		_, err := f.ChangeUser(f.ctx, u.ID, engine.UserChange{PasswordHash: "$argon2id$b"})
		f.ok(err)
		f.code(engine.NotFound, f.AddSession(f.ctx, f.session("late", u.ID), u.PasswordHash))
		f.isThere("late", false)
		f.ok(f.AddSession(f.ctx, f.session("new", u.ID), "$argon2id$b"))
	}},
	{"the last administrator stays", func(f fixture) {
		f.ada()
		f.ok(f.AddToken(f.ctx, engine.Token{ID: "t", Role: engine.Admin, Hash: []byte("t")})) // a token is no person
		f.unnoted(engine.Conflict, func(ctx context.Context) error { return f.DeleteUser(ctx, "ada") })
		f.unnoted(engine.Conflict, func(ctx context.Context) error {
			_, err := f.ChangeUser(ctx, "ada", engine.UserChange{Role: engine.Editor})
			return err
		})
		f.ok(f.AddUser(f.ctx, engine.User{ID: "bo", Email: "bo@example.com", Role: engine.Admin, CreatedAt: f.clock.now()}))
		f.ok(f.DeleteUser(f.ctx, "ada"))
		f.unnoted(engine.Conflict, func(ctx context.Context) error { return f.DeleteUser(ctx, "bo") })
	}},
	{"there is one owner", func(f fixture) {
		owner := func(id, email string) error {
			return f.AddOwner(f.ctx, engine.User{ID: id, Email: email, Role: engine.Admin, CreatedAt: f.clock.now()})
		}
		has, err := f.HasOwner(f.ctx)
		f.ok(err)
		f.same(false, has)
		f.ok(f.AddToken(f.ctx, engine.Token{ID: "t", Role: engine.Admin, Hash: []byte("t")})) // a token is no person
		f.ok(f.AddUser(f.ctx, engine.User{ID: "bo", Email: "bo@example.com", Role: engine.Viewer}))
		f.code(engine.Invalid, owner("x", "bo@example.com"))
		f.ok(owner("ada", "ada@example.com"))
		f.code(engine.Conflict, owner("eve", "eve@example.com"))
		has, err = f.HasOwner(f.ctx)
		f.ok(err)
		f.same(true, has)
	}},
	{"people are listed, newest first", func(f fixture) {
		for i := range 5 {
			f.ok(f.AddUser(f.ctx, engine.User{ID: fmt.Sprint(i), Email: fmt.Sprintf("%d@example.com", i), Role: engine.Viewer, CreatedAt: f.clock.now()}))
			f.clock.add(time.Second)
		}
		got := pages(f, 2, func(p engine.Page) ([]engine.User, string, error) { return f.Users(f.ctx, p) }, func(u engine.User) string { return u.ID })
		f.same([]string{"4", "3", "2", "1", "0"}, got)
		badCursors(f, func(p engine.Page) error { _, _, err := f.Users(f.ctx, p); return err })
	}},
}
