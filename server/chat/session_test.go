package chat

import (
	"context"
	"testing"
	"time"

	"parley/server/store"
	"parley/shared/wire"
)

func (w *world) login(name, password string) (Call, error) {
	return w.env.Login(context.Background(), w.q, wire.Login{Name: name, Password: password})
}

func TestLogin(t *testing.T) {
	c := newCast(t)
	for _, name := range []string{"Olga", " ＯＬＧＡ"} {
		call, err := c.login(name, password)
		a := c.enter(call, err)
		if a.User != c.owner.User {
			t.Errorf("%q: got %+v", name, a.User)
		}
	}
	gone := c.signup(c.owner, wire.RoleMember, "", "Gone")
	prepared, err := c.login("Gone", password)
	if err != nil {
		t.Fatal(err)
	}
	c.deactivate(gone)
	_, late := c.apply(prepared)
	_, wrong := c.login("Olga", password+"!")
	want := problemOf(t, wrong)
	if want.Code != wire.CodeUnauthenticated {
		t.Errorf("got %+v", want)
	}
	for what, err := range map[string]error{
		"unknown":                        second(c.login("Nobody", password)),
		"no name":                        second(c.login("", "")),
		"a guest":                        second(c.login("Gus", "")),
		"a bot":                          second(c.login("Robo", password)),
		"deactivated":                    second(c.login("Gone", password)),
		"deactivated after the password": late,
		"another case of the password":   second(c.login("Olga", "Correct horse")),
		"nothing":                        second(c.login("Olga", "")),
	} {
		if got := problemOf(t, err); got != want {
			t.Errorf("%s: got %+v, want %+v", what, got, want)
		}
	}
}

func second[A, B any](_ A, b B) B { return b }

func TestSessions(t *testing.T) {
	c := newCast(t)
	call, err := c.login("Olga", password)
	a := c.enter(call, err)
	start := c.now

	if a.NeedsRenewal(wire.TimeOf(c.now.Add(renewAfter))) {
		t.Error("renewed within a day")
	}
	c.now = start.Add(renewAfter + time.Millisecond)
	if !a.NeedsRenewal(wire.TimeOf(c.now)) || c.bot.NeedsRenewal(wire.TimeOf(c.now)) {
		t.Error("renewal is not after a day, or of a token")
	}
	renew := c.env.Renew(a)
	if _, err := c.apply(renew); err != nil {
		t.Fatal(err)
	}
	c.update(func(tx *store.Tx) error { // once more, from another tab: nothing to write
		before := tx.Writes()
		_, err := Apply(tx, renew.Entry)
		if tx.Writes() != before {
			t.Error("a renewal that moves nothing writes")
		}
		return err
	})
	b, err := c.q.BySession(call.Secret, c.now)
	if err != nil || b.Expires != wire.TimeOf(c.now.Add(SessionLife)) {
		t.Errorf("got %+v, %v", b, err)
	}

	last := b.Expires.Std()
	if _, err := c.q.BySession(call.Secret, last.Add(-time.Millisecond)); err != nil {
		t.Error(err)
	}
	_, err = c.q.BySession(call.Secret, last)
	c.wantCode(err, wire.CodeUnauthenticated, "an expired session")
	c.now = last
	_, err = c.apply(c.env.Renew(b))
	c.wantCode(err, wire.CodeUnauthenticated, "renewing an expired session")
	for _, token := range []string{"", "made up", call.Secret + "x"} {
		_, err = c.q.BySession(token, start)
		c.wantCode(err, wire.CodeUnauthenticated, token)
		_, err = c.q.ByToken(token)
		c.wantCode(err, wire.CodeUnauthenticated, token)
	}
}

func TestLogout(t *testing.T) {
	c := newCast(t)
	call, err := c.login("Olga", password)
	a := c.enter(call, err)
	out := c.env.Logout(a)
	if result, err := c.apply(out); err != nil || result != (wire.Empty{}) {
		t.Errorf("got %v, %v", result, err)
	}
	_, err = c.q.BySession(call.Secret, c.now)
	c.wantCode(err, wire.CodeUnauthenticated, "after logout")
	_, err = c.apply(c.env.Renew(a))
	c.wantCode(err, wire.CodeUnauthenticated, "renewing after logout")
	if result, err := c.apply(out); err != nil || result != (wire.Empty{}) {
		t.Errorf("again: got %v, %v", result, err)
	}
	if _, err := c.q.Sync(c.owner); err != nil {
		t.Errorf("the owner's other session: %v", err)
	}
	if _, err := c.apply(c.env.Logout(c.bot)); err != nil {
		t.Error(err)
	}
	c.send(c.bot, wire.Lobby, "a token is not ended by logging out", "n")
}

func TestTrim(t *testing.T) {
	c := newCast(t)
	for _, nonce := range []string{"1", "2", "3"} {
		c.send(c.owner, wire.Lobby, "hi", nonce)
	}
	end := c.end()
	trim := func(before wire.Time, keep, limit int) int {
		t.Helper()
		n, err := c.apply(Call{Entry: Entry{Time: wire.TimeOf(c.now), Op: Trim{Before: before, Keep: keep, Limit: limit}}})
		if err != nil {
			t.Fatal(err)
		}
		return n.(int)
	}
	now := wire.TimeOf(c.now)
	if n := trim(now, 0, 100); n != 0 {
		t.Errorf("dropped %d that are not older", n)
	}
	if n := trim(now+1, int(end)-5, 3); n != 3 {
		t.Errorf("dropped %d, want 3", n)
	}
	if n := trim(now+1, int(end)-5, 100); n != 2 {
		t.Errorf("dropped %d, want 2", n)
	}
	if n := trim(now+1, 0, 1000); n != int(end)-6 {
		t.Errorf("dropped %d, want %d: the newest stays", n, int(end)-6)
	}
	c.now = c.now.Add(-time.Hour)
	if m := c.send(c.owner, wire.Lobby, "hi", "3"); m.Seq != 3 {
		t.Errorf("got seq %d, want 3: its event is still there", m.Seq)
	}
	if m := c.send(c.owner, wire.Lobby, "hi", "1"); m.Seq != 4 || m.Time != now {
		t.Errorf("got seq %d of %s, want 4 of %s", m.Seq, m.Time, now)
	}
}
