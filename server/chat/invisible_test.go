package chat

import (
	"bytes"
	"testing"

	"parley/shared/wire"
)

// queries are all those that name a room.
func (w *world) queries(a Actor, room string) map[string]func() error {
	return map[string]func() error{
		"history": func() error { _, err := w.q.History(a, room, Page{}); return err },
		"around":  func() error { _, err := w.q.History(a, room, Page{Around: 1}); return err },
		"member":  func() error { return w.q.CheckMember(a, room) },
		"said":    func() error { _, err := w.q.Revisions(a, room, 1); return err },
	}
}

// TestInvisible asks for rooms that one may not know of through everything
// there is, and wants the very answer that a room gets which does not exist.
func TestInvisible(t *testing.T) {
	c := newCast(t)
	private := c.room(c.owner, wire.KindPrivate, "Hidden place", c.admin)
	public := c.room(c.owner, wire.KindPublic, "Open place")
	c.send(c.owner, private.ID, "hidden words", "1")
	c.send(c.owner, public.ID, "open words", "2")
	was := c.room(c.owner, wire.KindPrivate, "Former place", c.member)
	must[wire.Room](c.world, c.member, wire.CmdLeave, wire.RoomRef{Room: was.ID})

	for _, r := range []struct {
		what string
		by   Actor
		room string
	}{
		{"a private room and a member", c.member, private.ID},
		{"a private room and a bot", c.bot, private.ID},
		{"a private room and a guest", c.guest, private.ID},
		{"a private room one has left", c.member, was.ID},
		{"a public room and a guest", c.guest, public.ID},
		{"a direct room and the owner", c.owner, c.direct(c.member)},
	} {
		t.Run(r.what, func(t *testing.T) {
			for name := range commands {
				if !namesRoom(name) {
					continue
				}
				_, got := c.do(r.by, name, argsFor(name, r.room, c.other.User.ID))
				_, want := c.do(r.by, name, argsFor(name, "no-such-room", c.other.User.ID))
				if problemOf(t, got) != problemOf(t, want) {
					t.Errorf("%s: got %v, want %v", name, got, want)
				}
			}
			absent := c.queries(r.by, "no-such-room")
			for name, query := range c.queries(r.by, r.room) {
				if got, want := query(), absent[name](); problemOf(t, got) != problemOf(t, want) {
					t.Errorf("%s: got %v, want %v", name, got, want)
				}
			}
			c.wantUnmentioned(r.by, r.room)
		})
	}
}

func namesRoom(command string) bool {
	switch command {
	case wire.CmdCreateRoom, wire.CmdCreateToken, wire.CmdRevokeToken, wire.CmdRevokeInvite, wire.CmdRevokeSession, wire.CmdRevokeHook, wire.CmdSetWebhook,
		wire.CmdSetName, wire.CmdSetRole, wire.CmdSetPassword, wire.CmdDeactivate, wire.CmdReactivate:
		return false
	}
	return true
}

// argsFor are good arguments of a command for a room.
func argsFor(command, room, user string) any {
	switch command {
	case wire.CmdSend:
		return wire.Send{Room: room, Text: "knock", Nonce: "knock-" + room}
	case wire.CmdCreateHook:
		return wire.CreateHook{Room: room, Name: "Knocker"}
	case wire.CmdCreateInvite:
		return wire.CreateInvite{Role: wire.RoleGuest, Room: room}
	}
	return map[string]any{"room": room, "user": user, "id": room, "seq": 1, "text": "knock", "emoji": "👍", "on": true, "level": "all", "archived": true}
}

// wantUnmentioned looks for a room's id in everything that is told unasked.
func (w *world) wantUnmentioned(by Actor, room string) {
	w.t.Helper()
	s, err := w.q.Sync(by)
	if err != nil {
		w.t.Fatal(err)
	}
	list, err := w.q.PublicRooms(by, false)
	if err != nil {
		w.t.Fatal(err)
	}
	for what, told := range map[string][]byte{"sync": wire.Encode(s), "rooms": wire.Encode(list)} {
		if bytes.Contains(told, []byte(room)) {
			w.t.Errorf("%s tells %s of %s: %s", what, by.User.Name, room, told)
		}
	}
}
