package chat

import (
	"slices"
	"testing"

	"parley/shared/wire"
)

// TestRoles asks for every command as everybody: the row says who is let
// through, what the others are told, and which line of the audit log tells of it.
func TestRoles(t *testing.T) {
	const ok, no = wire.Code(""), wire.CodeForbidden
	type row struct {
		name                             string
		args                             func(c *cast, by Actor) any
		owner, admin, member, guest, bot wire.Code
		act                              wire.AuditAction // "" for what is conversation, or one's own
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
		{name: wire.CmdCreateInvite, act: wire.AuditCreateInvite, guest: no, bot: no, args: func(*cast, Actor) any {
			return wire.CreateInvite{Role: wire.RoleMember}
		}},
		{name: wire.CmdCreateToken, act: wire.AuditCreateToken, guest: no, bot: no, args: func(*cast, Actor) any {
			return wire.CreateToken{Name: "Helper"}
		}},
		{name: wire.CmdRevokeToken, act: wire.AuditRevokeToken, guest: no, bot: no, args: func(c *cast, _ Actor) any {
			return wire.TokenRef{ID: c.botToken}
		}},
		{name: wire.CmdCreateHook, act: wire.AuditCreateHook, guest: no, bot: no, args: func(*cast, Actor) any {
			return wire.CreateHook{Room: wire.Lobby, Name: "Helper"}
		}},
		{name: wire.CmdRevokeHook, act: wire.AuditRevokeHook, guest: no, bot: no, args: func(c *cast, _ Actor) any {
			return wire.HookRef{ID: must[wire.Hook](c.world, c.member, wire.CmdCreateHook, wire.CreateHook{Room: wire.Lobby, Name: "Hook"}).ID}
		}},
		{name: wire.CmdSetWebhook, act: wire.AuditSetWebhook, guest: no, bot: no, args: func(c *cast, _ Actor) any {
			return wire.SetWebhook{Bot: c.bot.User.ID, URL: "https://bot.example/"}
		}},
		{name: wire.CmdCreateFile, args: func(*cast, Actor) any {
			return wire.CreateFile{Nonce: "n", Name: "a.png", Size: 1}
		}},
		{name: wire.CmdEdit, args: func(c *cast, by Actor) any {
			return wire.Edit{Room: wire.Lobby, Seq: c.send(by, wire.Lobby, "hi", "n").Seq, Text: "hello"}
		}},
		{name: wire.CmdDelete, act: wire.AuditDelete, member: no, guest: no, bot: no, args: func(c *cast, _ Actor) any {
			return wire.Delete{Room: wire.Lobby, Seq: c.send(c.other, wire.Lobby, "hi", "n").Seq}
		}},
		{name: wire.CmdReact, args: func(c *cast, _ Actor) any {
			return wire.React{Room: wire.Lobby, Seq: c.send(c.other, wire.Lobby, "hi", "n").Seq, Emoji: "👍", On: true}
		}},
		{name: wire.CmdUnread, args: func(c *cast, by Actor) any {
			return wire.Unread{Room: wire.Lobby, Seq: c.send(by, wire.Lobby, "hi", "n").Seq}
		}},
		{name: wire.CmdSetNotify, args: func(*cast, Actor) any {
			return wire.Notify{Room: wire.Lobby, Level: wire.NotifyNothing}
		}},
		{name: wire.CmdUpdateRoom, act: wire.AuditUpdateRoom, member: no, guest: no, bot: no, args: func(c *cast, by Actor) any {
			name := "Coffee"
			return wire.UpdateRoom{Room: c.room(c.other, wire.KindPublic, "Tea", by).ID, Name: &name}
		}},
		{name: wire.CmdRemoveMember, act: wire.AuditRemoveMember, member: no, guest: no, bot: no, args: func(c *cast, by Actor) any {
			return wire.MemberRef{Room: c.room(c.other, wire.KindPublic, "Tea", by).ID, User: c.other.User.ID}
		}},
		{name: wire.CmdRevokeInvite, act: wire.AuditRevokeInvite, member: wire.CodeNotFound, guest: no, bot: no, args: func(c *cast, _ Actor) any {
			c.invite(c.other, wire.CreateInvite{Role: wire.RoleMember, Uses: 77})
			list, err := c.q.Invites(c.other, wire.TimeOf(c.now))
			if err != nil || len(list.Invites) != 1 {
				c.t.Fatal(list, err)
			}
			return wire.InviteRef{ID: list.Invites[0].ID}
		}},
		{name: wire.CmdSetName, act: wire.AuditSetName, member: no, guest: no, bot: no, args: func(c *cast, _ Actor) any {
			return wire.SetName{User: c.other.User.ID, Name: "Oscar"}
		}},
		{name: wire.CmdSetRole, act: wire.AuditSetRole, member: no, guest: no, bot: no, args: func(c *cast, _ Actor) any {
			return wire.SetRole{User: c.other.User.ID, Role: wire.RoleGuest}
		}},
		{name: wire.CmdSetPassword, act: wire.AuditSetPassword, member: no, guest: no, bot: no, args: func(c *cast, _ Actor) any {
			return wire.SetPassword{User: c.other.User.ID, Password: "battery staple"}
		}},
		{name: wire.CmdDeactivate, act: wire.AuditDeactivate, member: no, guest: no, bot: no, args: func(c *cast, _ Actor) any {
			return wire.UserRef{User: c.other.User.ID}
		}},
		{name: wire.CmdReactivate, act: wire.AuditReactivate, member: no, guest: no, bot: no, args: func(c *cast, _ Actor) any {
			c.deactivate(c.other)
			return wire.UserRef{User: c.other.User.ID}
		}},
		{name: wire.CmdRevokeSession, guest: wire.CodeNotFound, owner: wire.CodeNotFound, admin: wire.CodeNotFound, member: wire.CodeNotFound, bot: no, args: func(c *cast, _ Actor) any {
			return wire.SessionRef{ID: c.other.Credential.ID()}
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
				args := r.args(c, by)
				acts := len(c.acts())
				_, err := c.do(by, r.name, args)
				if r.name == wire.CmdSetPassword {
					_, err = c.setPassword(by, args.(wire.SetPassword))
				}
				if wire.CodeFrom(err) != role.want || (err != nil) != (role.want != ok) {
					t.Errorf("%s: got %v, want %q", by.User.Role, err, role.want)
				}
				told, wanted := c.acts()[acts:], 0
				if err == nil && r.act != "" {
					wanted = 1
				}
				if len(told) != wanted || wanted == 1 && (told[0].Action != r.act || told[0].Actor != by.User.ID) {
					t.Errorf("%s: the audit log tells %+v, want %q", by.User.Role, told, r.act)
				}
			}
		})
	}
}

// acts is the audit log, the oldest first.
func (c *cast) acts() []wire.AuditEntry {
	c.t.Helper()
	list, err := c.q.Audit(c.owner, 0, wire.MaxAuditListed)
	if err != nil || list.More {
		c.t.Fatal(list.More, err)
	}
	slices.Reverse(list.Entries)
	return list.Entries
}

// TestNobodyDoesNothing: who is deactivated or not there at all is told to sign
// in, whatever they ask for.
func TestNobodyDoesNothing(t *testing.T) {
	c := newCast(t)
	c.deactivate(c.member)
	unknown := c.member
	unknown.User.ID = "nobody"
	for _, nobody := range []Actor{c.member, unknown, {}} {
		_, err := c.env.SetPassword(t.Context(), c.q, nobody, wire.Encode(wire.SetPassword{User: nobody.User.ID, Password: password}))
		c.wantCode(err, wire.CodeUnauthenticated, wire.CmdSetPassword)
		for name := range commands {
			if name == wire.CmdSetPassword {
				continue
			}
			c.refuse(wire.CodeUnauthenticated, nobody, name, map[string]any{
				"room": wire.Lobby, "user": c.other.User.ID, "id": c.botToken,
				"text": "hi", "nonce": "n", "kind": "public", "name": "Tea", "role": "member",
				"emoji": "👍", "seq": 1, "level": "all",
			})
		}
		for name, query := range c.queries(nobody, wire.Lobby) {
			c.wantCode(query(), wire.CodeUnauthenticated, name)
		}
		_, err = c.q.Sync(nobody)
		c.wantCode(err, wire.CodeUnauthenticated, "sync")
		_, err = c.q.PublicRooms(nobody, false)
		c.wantCode(err, wire.CodeUnauthenticated, "rooms")
	}
}

func TestUnknownCommands(t *testing.T) {
	c := newCast(t)
	later := []string{
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
