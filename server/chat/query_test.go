package chat

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"parley/server/store"
	"parley/shared/wire"
)

func seqs(messages []wire.Message) []uint64 {
	all := []uint64{}
	for _, m := range messages {
		all = append(all, m.Seq)
	}
	return all
}

func span(from, to uint64) []uint64 {
	all := []uint64{}
	for seq := from; seq <= to; seq++ {
		all = append(all, seq)
	}
	return all
}

func TestHistoryPages(t *testing.T) {
	c := newCast(t)
	const head = 300
	for i := range head {
		c.send(c.member, wire.Lobby, "text "+strconv.Itoa(i+1), strconv.Itoa(i))
	}
	const far = ^uint64(0)
	rows := []struct {
		page Page
		want []uint64
	}{
		{Page{}, span(251, 300)},
		{Page{Limit: 3}, span(298, 300)},
		{Page{Limit: 1000}, span(101, 300)},
		{Page{Before: 300, Limit: 2}, span(298, 299)},
		{Page{Before: 3, Limit: 10}, span(1, 2)},
		{Page{Before: 1}, span(1, 0)},
		{Page{Before: far, Limit: 1}, span(300, 300)},
		{Page{After: 1, Limit: 2}, span(2, 3)},
		{Page{After: 299}, span(300, 300)},
		{Page{After: 300}, span(1, 0)},
		{Page{After: far}, span(1, 0)},
		{Page{After: 10}, span(11, 60)},
		{Page{Oldest: true, Limit: 2}, span(1, 2)},
		{Page{Around: 100, Limit: 5}, span(98, 102)},
		{Page{Around: 100, Limit: 4}, span(98, 101)},
		{Page{Around: 1, Limit: 5}, span(1, 5)},
		{Page{Around: 300, Limit: 5}, span(296, 300)},
		{Page{Around: far, Limit: 5}, span(296, 300)},
		{Page{Around: 7, Limit: 1}, span(7, 7)},
		{Page{Around: 150, Limit: 500}, span(50, 249)},
	}
	for _, r := range rows {
		t.Run(fmt.Sprintf("%+v", r.page), func(t *testing.T) {
			list, err := c.q.History(c.member, wire.Lobby, r.page)
			if err != nil {
				t.Fatal(err)
			}
			if got := seqs(list.Messages); !slices.Equal(got, r.want) {
				t.Errorf("got %v, want %v", got, r.want)
			}
			for _, m := range list.Messages {
				if want := "text " + strconv.FormatUint(m.Seq, 10); m.Text != want || m.Nonce == "" {
					t.Errorf("got %+v, want %q with its nonce", m, want)
				}
			}
			theirs, err := c.q.History(c.guest, wire.Lobby, r.page)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range theirs.Messages {
				if m.Nonce != "" {
					t.Fatalf("somebody else sees the nonce of %d", m.Seq)
				}
			}
		})
	}
	for _, bad := range []Page{{Before: 1, After: 1}, {Around: 1, Oldest: true}, {Limit: -1}} {
		_, err := c.q.History(c.member, wire.Lobby, bad)
		c.wantCode(err, wire.CodeBadRequest, fmt.Sprintf("%+v", bad))
	}
	empty := c.room(c.member, wire.KindPublic, "Empty")
	for _, p := range []Page{{}, {Before: 5}, {After: 5}, {Around: 5}, {Oldest: true}} {
		list, err := c.q.History(c.other, empty.ID, p) // a public room can be read without joining
		if err != nil || string(wire.Encode(list)) != `{"messages":[]}` {
			t.Errorf("%+v: got %s, %v", p, wire.Encode(list), err)
		}
	}
}

func TestSync(t *testing.T) {
	c := newCast(t)
	den := c.room(c.member, wire.KindPrivate, "Den", c.guest)
	tea := c.room(c.other, wire.KindPublic, "Tea")
	c.send(c.member, den.ID, "hi", "1")
	must[wire.Empty](c.world, c.guest, wire.CmdRead, wire.Read{Room: den.ID, Seq: 1})
	must[wire.Room](c.world, c.member, wire.CmdJoin, wire.RoomRef{Room: tea.ID})
	c.send(c.member, tea.ID, "hi", "2")
	must[wire.Empty](c.world, c.member, wire.CmdRead, wire.Read{Room: tea.ID, Seq: 1})
	must[wire.Room](c.world, c.member, wire.CmdLeave, wire.RoomRef{Room: tea.ID})

	s, err := c.q.Sync(c.guest)
	if err != nil {
		t.Fatal(err)
	}
	var cursor string
	c.view(func(tx *store.Tx) error { cursor = tx.Cursor(); return nil })
	if s.Cursor != cursor || s.Heartbeat != 15 || s.Limits != (wire.Limits{Text: 16_000, Name: 32, Body: 65_536, Topic: 250, Emoji: 50, Direct: 20, Files: 10}) || s.Me != c.guest.User {
		t.Errorf("got %s", wire.Encode(s))
	}
	if len(s.Reads) != 1 || s.Reads[den.ID] != 1 {
		t.Errorf("got reads %v", s.Reads)
	}
	wantRooms(t, s.Rooms, den.ID, wire.Lobby)
	for _, room := range s.Rooms {
		if room.ID == den.ID && (room.Head != 1 || !slices.Equal(room.Members, sorted(c.member, c.guest))) {
			t.Errorf("got %+v", room)
		}
	}
	// A member's sync: markers of rooms left behind are not told.
	s, err = c.q.Sync(c.member)
	if err != nil || len(s.Reads) != 1 || s.Reads[den.ID] != 1 || len(s.Users) != 6 {
		t.Errorf("got %s, %v", wire.Encode(s), err)
	}
	wantRooms(t, s.Rooms, den.ID, wire.Lobby)
}

// TestGuestsKnowFew: a guest's users are those it shares a room with.
func TestGuestsKnowFew(t *testing.T) {
	c := newCast(t)
	stranger := c.signup(c.owner, wire.RoleMember, "", "Sam")
	c.update(func(tx *store.Tx) error { return tx.RemoveMember(wire.Lobby, stranger.User.ID) })
	for _, r := range []struct {
		by   Actor
		want int
	}{{c.guest, 6}, {c.member, 7}, {c.bot, 7}} {
		s, err := c.q.Sync(r.by)
		if err != nil || len(s.Users) != r.want {
			t.Errorf("%s knows %d, %v; want %d", r.by.User.Name, len(s.Users), err, r.want)
		}
		if !slices.IsSortedFunc(s.Users, func(a, b wire.User) int {
			if a.ID < b.ID {
				return -1
			}
			return 1
		}) {
			t.Error("users are not in order")
		}
	}
}

func wantRooms(t *testing.T, rooms []wire.Room, ids ...string) {
	t.Helper()
	got := []string{}
	for _, r := range rooms {
		got = append(got, r.ID)
	}
	slices.Sort(ids)
	if !slices.Equal(got, ids) {
		t.Errorf("got rooms %q, want %q", got, ids)
	}
}

func TestPublicRooms(t *testing.T) {
	c := newCast(t)
	c.room(c.member, wire.KindPrivate, "Den")
	tea := c.room(c.other, wire.KindPublic, "Tea", c.guest)
	list, err := c.q.PublicRooms(c.member, false)
	if err != nil {
		t.Fatal(err)
	}
	wantRooms(t, list.Rooms, tea.ID, wire.Lobby)
	for _, r := range list.Rooms {
		if r.Members != nil || r.Joined == nil || *r.Joined != (r.ID == wire.Lobby) {
			t.Errorf("got %s", wire.Encode(r))
		}
	}
	list, err = c.q.PublicRooms(c.guest, false)
	if err != nil || string(wire.Encode(list)) != `{"rooms":[]}` {
		t.Errorf("a guest got %s, %v", wire.Encode(list), err)
	}
}

func TestCheckMember(t *testing.T) {
	c := newCast(t)
	tea := c.room(c.other, wire.KindPublic, "Tea")
	for _, r := range []struct {
		by   Actor
		room string
		code wire.Code
	}{
		{c.member, wire.Lobby, ""},
		{c.guest, wire.Lobby, ""},
		{c.member, tea.ID, wire.CodeForbidden},
		{c.guest, tea.ID, wire.CodeNotFound},
		{c.member, "", wire.CodeNotFound},
	} {
		c.wantCode(c.q.CheckMember(r.by, r.room), r.code, r.room)
	}
}
