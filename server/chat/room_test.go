package chat

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"parley/server/store"
	"parley/shared/wire"
)

func sorted(actors ...Actor) []string {
	var ids []string
	for _, a := range actors {
		ids = append(ids, a.User.ID)
	}
	slices.Sort(ids)
	return ids
}

func TestCreateRoom(t *testing.T) {
	c := newCast(t)
	end := c.end()
	room := must[wire.Room](c.world, c.member, wire.CmdCreateRoom, wire.CreateRoom{
		Kind: wire.KindPrivate, Name: "  Ｔｅａ   room ", Topic: " green\tand black ",
		Members: []string{c.guest.User.ID, c.member.User.ID, c.guest.User.ID},
	})
	if room.Name != "Tea room" || room.Topic != "green and black" || room.Kind != wire.KindPrivate || room.Head != 0 {
		t.Errorf("got %+v", room)
	}
	if want := sorted(c.guest, c.member); !slices.Equal(room.Members, want) {
		t.Errorf("got members %q, want %q", room.Members, want)
	}
	shown := `{"room":{"id":"R","kind":"private","name":"Tea room","topic":"green and black","head":0,"creator":"M"}}`
	c.wantLog(end, []string{
		`u:M ` + shown,
		`r:R {"user":{"id":"M","name":"陈小明","role":"member","latin":"chen xiao ming/meng"}}`,
		`r:R {"member":{"room":"R","user":"M"}}`,
		`u:G ` + shown,
		`r:R {"user":{"id":"G","name":"Gus","role":"guest"}}`,
		`r:R {"member":{"room":"R","user":"G"}}`,
	}, room.ID, "R", c.member.User.ID, "M", c.guest.User.ID, "G")
	c.view(func(tx *store.Tx) error { // all are in before the first event
		for _, a := range []Actor{c.member, c.guest} {
			spans, err := tx.Spans(a.User.ID)
			if err != nil {
				return err
			}
			if got := spans[room.ID]; len(got) != 1 || got[0].From != end+1 || got[0].To != 0 {
				t.Errorf("%s is in for %+v, want from %d", a.User.Name, got, end+1)
			}
		}
		return nil
	})
}

func TestCreateRoomBadInput(t *testing.T) {
	c := newCast(t)
	c.room(c.other, wire.KindPublic, "Straße")
	c.room(c.other, wire.KindPrivate, "Secret")
	gone := c.signup(c.owner, wire.RoleMember, "", "Gone")
	c.deactivate(gone)
	many := make([]string, wire.MaxMembersAdded+1)
	for i := range many {
		many[i] = fmt.Sprint(i)
	}
	rows := []struct {
		what string
		args wire.CreateRoom
		code wire.Code
	}{
		{"direct", wire.CreateRoom{Kind: wire.KindDirect, Name: "x"}, wire.CodeBadRequest},
		{"no kind", wire.CreateRoom{Name: "x"}, wire.CodeBadRequest},
		{"odd kind", wire.CreateRoom{Kind: "Public", Name: "x"}, wire.CodeBadRequest},
		{"long topic", wire.CreateRoom{Kind: wire.KindPublic, Name: "x", Topic: strings.Repeat("好", wire.MaxTopic+1)}, wire.CodeBadRequest},
		{"huge topic", wire.CreateRoom{Kind: wire.KindPublic, Name: "x", Topic: strings.Repeat(" ", 17*wire.MaxTopic)}, wire.CodeBadRequest},
		{"NUL in the topic", wire.CreateRoom{Kind: wire.KindPublic, Name: "x", Topic: "a\x00b"}, wire.CodeBadRequest},
		{"unknown member", wire.CreateRoom{Kind: wire.KindPublic, Name: "x", Members: []string{"nobody"}}, wire.CodeNotFound},
		{"deactivated member", wire.CreateRoom{Kind: wire.KindPublic, Name: "x", Members: []string{gone.User.ID}}, wire.CodeConflict},
		{"too many members", wire.CreateRoom{Kind: wire.KindPublic, Name: "x", Members: many}, wire.CodeBadRequest},
		{"name taken after folding", wire.CreateRoom{Kind: wire.KindPublic, Name: "STRASSE"}, wire.CodeConflict},
		{"the lobby's name", wire.CreateRoom{Kind: wire.KindPublic, Name: "ＬＯＢＢＹ"}, wire.CodeConflict},
	}
	for _, r := range rows {
		t.Run(r.what, func(t *testing.T) { c.refuse(r.code, c.member, wire.CmdCreateRoom, r.args) })
	}
	for _, r := range badNames {
		t.Run("name "+r.what, func(t *testing.T) {
			c.refuse(wire.CodeBadRequest, c.member, wire.CmdCreateRoom, wire.CreateRoom{Kind: wire.KindPublic, Name: r.name})
		})
	}
	for _, name := range goodNames {
		c.room(c.member, wire.KindPublic, name)
	}
	// Private rooms may be called like any other, or trying would tell of them.
	c.room(c.member, wire.KindPrivate, "Secret")
	c.room(c.member, wire.KindPublic, "Secret")
	c.room(c.member, wire.KindPrivate, "lobby")
}

func TestJoinAndLeave(t *testing.T) {
	c := newCast(t)
	tea := c.room(c.other, wire.KindPublic, "Tea", c.guest)
	c.send(c.other, tea.ID, "hi", "n")
	end := c.end()

	joined := must[wire.Room](c.world, c.member, wire.CmdJoin, wire.RoomRef{Room: tea.ID})
	if want := sorted(c.other, c.guest, c.member); !slices.Equal(joined.Members, want) || joined.Head != 1 {
		t.Errorf("got %+v, want members %q", joined, want)
	}
	again := must[wire.Room](c.world, c.member, wire.CmdJoin, wire.RoomRef{Room: tea.ID})
	if string(wire.Encode(again)) != string(wire.Encode(joined)) {
		t.Errorf("joining again gave %s, want %s", wire.Encode(again), wire.Encode(joined))
	}
	left := must[wire.Room](c.world, c.member, wire.CmdLeave, wire.RoomRef{Room: tea.ID})
	if left.ID != tea.ID || left.Members != nil {
		t.Errorf("leaving gave %+v", left)
	}
	must[wire.Room](c.world, c.member, wire.CmdLeave, wire.RoomRef{Room: tea.ID})

	c.wantLog(end, []string{
		`u:M {"room":{"id":"R","kind":"public","name":"Tea","head":1,"creator":"T"}}`,
		`r:R {"user":{"id":"M","name":"陈小明","role":"member","latin":"chen xiao ming/meng"}}`,
		`r:R {"member":{"room":"R","user":"M"}}`,
		`r:R {"member":{"room":"R","user":"M","left":true}}`,
	}, tea.ID, "R", c.member.User.ID, "M", c.other.User.ID, "T")
	c.view(func(tx *store.Tx) error { // the leaver's view ends with the event that says so
		spans, err := tx.Spans(c.member.User.ID)
		if got := spans[tea.ID]; len(got) != 1 || got[0] != (store.Span{From: end + 1, To: end + 4}) {
			t.Errorf("got %+v", got)
		}
		return err
	})

	// Who comes back is told how far they had read.
	must[wire.Room](c.world, c.guest, wire.CmdLeave, wire.RoomRef{Room: tea.ID})
	must[wire.Room](c.world, c.member, wire.CmdJoin, wire.RoomRef{Room: tea.ID})
	must[wire.Empty](c.world, c.member, wire.CmdRead, wire.Read{Room: tea.ID, Seq: 1})
	must[wire.Room](c.world, c.member, wire.CmdLeave, wire.RoomRef{Room: tea.ID})
	end = c.end()
	must[wire.Room](c.world, c.member, wire.CmdJoin, wire.RoomRef{Room: tea.ID})
	c.wantLog(end+3, []string{`u:M {"read":{"room":"R","seq":1}}`}, tea.ID, "R", c.member.User.ID, "M")

	c.refuse(wire.CodeForbidden, c.member, wire.CmdLeave, wire.RoomRef{Room: wire.Lobby})
	c.refuse(wire.CodeForbidden, c.guest, wire.CmdLeave, wire.RoomRef{Room: wire.Lobby})
	c.refuse(wire.CodeNotFound, c.member, wire.CmdJoin, wire.RoomRef{Room: "nowhere"})
	c.refuse(wire.CodeNotFound, c.member, wire.CmdLeave, wire.RoomRef{})
}

func TestAddMember(t *testing.T) {
	c := newCast(t)
	den := c.room(c.member, wire.KindPrivate, "Den", c.bot)
	end := c.end()
	room := must[wire.Room](c.world, c.bot, wire.CmdAddMember, wire.MemberRef{Room: den.ID, User: c.guest.User.ID})
	if want := sorted(c.member, c.bot, c.guest); !slices.Equal(room.Members, want) {
		t.Errorf("got %q, want %q", room.Members, want)
	}
	must[wire.Room](c.world, c.bot, wire.CmdAddMember, wire.MemberRef{Room: den.ID, User: c.guest.User.ID})
	present := []string{
		`u:G {"user":{"id":"M","name":"陈小明","role":"member","latin":"chen xiao ming/meng"}}`,
		`u:G {"user":{"id":"B","name":"Robo","role":"bot"}}`,
	}
	if c.bot.User.ID < c.member.User.ID {
		slices.Reverse(present)
	}
	c.wantLog(end, append([]string{
		`u:G {"room":{"id":"R","kind":"private","name":"Den","head":0,"creator":"M"}}`,
		`r:R {"user":{"id":"G","name":"Gus","role":"guest"}}`,
		`r:R {"member":{"room":"R","user":"G"}}`,
	}, present...), den.ID, "R", c.guest.User.ID, "G", c.member.User.ID, "M", c.bot.User.ID, "B")

	tea := c.room(c.other, wire.KindPublic, "Tea")
	gone := c.signup(c.owner, wire.RoleMember, "", "Gone")
	c.deactivate(gone)
	direct := c.direct(c.member, c.other)
	c.refuse(wire.CodeForbidden, c.member, wire.CmdAddMember, wire.MemberRef{Room: tea.ID, User: c.admin.User.ID})
	c.refuse(wire.CodeNotFound, c.member, wire.CmdAddMember, wire.MemberRef{Room: den.ID, User: "nobody"})
	c.refuse(wire.CodeConflict, c.member, wire.CmdAddMember, wire.MemberRef{Room: den.ID, User: gone.User.ID})
	c.refuse(wire.CodeForbidden, c.member, wire.CmdAddMember, wire.MemberRef{Room: direct, User: c.admin.User.ID})
	c.refuse(wire.CodeNotFound, c.owner, wire.CmdAddMember, wire.MemberRef{Room: direct, User: c.admin.User.ID})
	c.refuse(wire.CodeForbidden, c.member, wire.CmdCreateInvite, wire.CreateInvite{Role: wire.RoleGuest, Room: direct})
}

// direct is the direct room of these.
func (w *world) direct(members ...Actor) string {
	w.t.Helper()
	ids := []string{}
	for _, m := range members[1:] {
		ids = append(ids, m.User.ID)
	}
	return must[wire.Room](w, members[0], wire.CmdCreateRoom, wire.CreateRoom{Kind: wire.KindDirect, Members: ids}).ID
}

// setPassword does the command that looks at the store before.
func (w *world) setPassword(by Actor, args wire.SetPassword) (any, error) {
	w.t.Helper()
	call, err := w.env.SetPassword(context.Background(), w.q, by, wire.Encode(args))
	if err != nil {
		return nil, err
	}
	return w.apply(call)
}

func (w *world) deactivate(a Actor) {
	w.edit(a.User.ID, func(u *store.User) { u.Deactivated = true })
}

// TestMembersListed: a room too large for a list is shown without one.
func TestMembersListed(t *testing.T) {
	c := newCast(t)
	tea := c.room(c.member, wire.KindPublic, "Tea")
	c.update(func(tx *store.Tx) error {
		for i := range wire.MaxMembersListed - 1 {
			u := store.User{User: wire.User{ID: fmt.Sprintf("u%03d", i), Name: fmt.Sprintf("U %d", i), Role: wire.RoleMember}}
			if err := tx.PutUser(u); err != nil {
				return err
			}
			if err := tx.AddMember(tea.ID, u.ID); err != nil {
				return err
			}
		}
		return nil
	})
	full := must[wire.Room](c.world, c.member, wire.CmdJoin, wire.RoomRef{Room: tea.ID})
	if len(full.Members) != wire.MaxMembersListed {
		t.Errorf("got %d members, want %d", len(full.Members), wire.MaxMembersListed)
	}
	over := must[wire.Room](c.world, c.other, wire.CmdJoin, wire.RoomRef{Room: tea.ID})
	if over.Members != nil {
		t.Errorf("got %d members, want no list", len(over.Members))
	}
}
