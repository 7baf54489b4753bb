package chat

import (
	"testing"

	"parley/shared/wire"
)

// TestRoles asks for every command as everybody: the row says who is let
// through, and what the others are told.
func TestRoles(t *testing.T) {
	const ok, no = wire.Code(""), wire.CodeForbidden
	type row struct {
		name                             string
		args                             func(c *cast, by Actor) any
		owner, admin, member, guest, bot wire.Code
	}
	private := func(c *cast, by Actor) string {
		return c.room(c.owner, wire.KindPrivate, "Backstage", by).ID
	}
	rows := []row{
		{name: wire.CmdSend, args: func(*cast, Actor) any {
			return wire.Send{Room: wire.Lobby, Text: "hi", Nonce: "n"}
		}},
		{name: wire.CmdRead, args: func(*cast, Actor) any { return wire.Read{Room: wire.Lobby, Seq: 1} }},
		{name: wire.CmdCreateRoom, guest: no, args: func(*cast, Actor) any {
			return wire.CreateRoom{Kind: wire.KindPublic, Name: "Tea"}
		}},
		{name: wire.CmdJoin, guest: no, args: func(c *cast, _ Actor) any {
			return wire.RoomRef{Room: c.room(c.other, wire.KindPublic, "Tea").ID}
		}},
		{name: wire.CmdLeave, args: func(c *cast, by Actor) any { return wire.RoomRef{Room: private(c, by)} }},
		{name: wire.CmdAddMember, guest: no, args: func(c *cast, by Actor) any {
			return wire.MemberRef{Room: private(c, by), User: c.other.User.ID}
		}},
		{name: wire.CmdCreateInvite, guest: no, bot: no, args: func(*cast, Actor) any {
			return wire.CreateInvite{Role: wire.RoleMember}
		}},
		{name: wire.CmdCreateToken, guest: no, bot: no, args: func(*cast, Actor) any {
			return wire.CreateToken{Name: "Helper"}
		}},
		{name: wire.CmdRevokeToken, guest: no, bot: no, args: func(c *cast, _ Actor) any {
			return wire.TokenRef{ID: c.botToken}
		}},
	}
	if len(rows) != len(commands) {
		t.Errorf("%d of %d commands are tested", len(rows), len(commands))
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			roles := []struct {
				who  func(c *cast) Actor
				want wire.Code
			}{
				{func(c *cast) Actor { return c.owner }, r.owner},
				{func(c *cast) Actor { return c.admin }, r.admin},
				{func(c *cast) Actor { return c.member }, r.member},
				{func(c *cast) Actor { return c.guest }, r.guest},
				{func(c *cast) Actor { return c.bot }, r.bot},
			}
			for _, role := range roles {
				c := newCast(t)
				by := role.who(c)
				_, err := c.do(by, r.name, r.args(c, by))
				if wire.CodeFrom(err) != role.want || (err != nil) != (role.want != ok) {
					t.Errorf("%s: got %v, want %q", by.User.Role, err, role.want)
				}
			}
		})
	}
}

// TestNobodyDoesNothing: who is deactivated or not there at all is told to sign
// in, whatever they ask for.
func TestNobodyDoesNothing(t *testing.T) {
	c := newCast(t)
	c.deactivate(c.member)
	unknown := c.member
	unknown.User.ID = "nobody"
	for _, nobody := range []Actor{c.member, unknown, {}} {
		for name := range commands {
			c.refuse(wire.CodeUnauthenticated, nobody, name, map[string]any{
				"room": wire.Lobby, "user": c.other.User.ID, "id": c.botToken,
				"text": "hi", "nonce": "n", "kind": "public", "name": "Tea", "role": "member",
			})
		}
		for name, query := range c.queries(nobody, wire.Lobby) {
			c.wantCode(query(), wire.CodeUnauthenticated, name)
		}
		_, err := c.q.Sync(nobody)
		c.wantCode(err, wire.CodeUnauthenticated, "sync")
		_, err = c.q.PublicRooms(nobody)
		c.wantCode(err, wire.CodeUnauthenticated, "rooms")
	}
}

func TestUnknownCommands(t *testing.T) {
	c := newCast(t)
	later := []string{
		wire.CmdEdit, wire.CmdDelete, wire.CmdReact, wire.CmdUpdateRoom, wire.CmdRemoveMember,
		wire.CmdSetName, wire.CmdSetRole, wire.CmdSetPassword, wire.CmdDeactivate,
		wire.CmdTyping, wire.CmdPing, "", "SEND", "send ", "trim", "\x00",
	}
	for _, name := range later {
		c.refuse(wire.CodeNotFound, c.owner, name, `{}`)
	}
	for _, name := range []string{wire.CmdTyping, wire.CmdPing} {
		if !IsEphemeral(name) {
			t.Errorf("%s is not ephemeral", name)
		}
	}
	if IsEphemeral(wire.CmdSend) {
		t.Error("send is ephemeral")
	}
}

func TestTypingRoom(t *testing.T) {
	room, err := TypingRoom([]byte(`{"room":"lobby","more":1}`))
	if err != nil || room != wire.Lobby {
		t.Errorf("got %q, %v", room, err)
	}
	for _, bad := range []string{``, `[]`, `{"room":1}`, `{"room":"a","room":"b"}`, "{\"room\":\"\xff\"}"} {
		if _, err := TypingRoom([]byte(bad)); wire.CodeFrom(err) != wire.CodeBadRequest {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// TestStrictArguments: what two readers could understand in two ways is
// refused by every command.
func TestStrictArguments(t *testing.T) {
	c := newCast(t)
	for name := range commands {
		for _, bad := range []string{``, `null`, `[]`, `"x"`, `{`, `{} {}`, `{"room":"a","Room":"b"}`, "{\"room\":\"\xff\"}", `{"x":` + deep(10_000) + `}`} {
			c.refuse(wire.CodeBadRequest, c.owner, name, bad)
		}
	}
}

func deep(n int) string {
	b := make([]byte, 2*n)
	for i := range n {
		b[i], b[2*n-1-i] = '[', ']'
	}
	return string(b)
}
