package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/e2e/follow"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestPrivateRoomIsInvisible: to a stranger a private room is as one that does
// not exist, whichever way he asks, and the feed tells him nothing of it on any
// transport.
func TestPrivateRoomIsInvisible(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s := parley.Start(t)
	owner := s.Setup("Olga")
	member, stranger := s.Member(owner, "Mia"), s.Member(owner, "Stan")
	guest, bot := s.Guest(owner, "Gus", wire.Lobby), s.Bot(stranger, "stan's bot")
	before := syncOf(t, stranger)

	var room wire.Room
	must(t, owner.Do(ctx, wire.CmdCreateRoom, wire.CreateRoom{Kind: wire.KindPrivate, Name: "Attic", Topic: "gold"}, &room))
	must(t, owner.Do(ctx, wire.CmdAddMember, wire.MemberRef{Room: room.ID, User: member.ID}, nil))
	secret, err := member.Send(ctx, room.ID, "the gold is in the attic", "n1")
	must(t, err)
	must(t, owner.Do(ctx, wire.CmdRead, wire.Read{Room: room.ID, Seq: secret.Seq}, nil))
	must(t, owner.Do(ctx, wire.CmdTyping, wire.RoomRef{Room: room.ID}, nil))
	fence, err := owner.Send(ctx, wire.Lobby, "fence", "n2")
	must(t, err)

	for _, u := range []*parley.User{stranger, guest, bot} {
		for name, ask := range questions(u, member.ID) {
			atPrivate, atNothing := problemOf(t, ask(ctx, room.ID)), problemOf(t, ask(ctx, "no-such-room"))
			if atPrivate != atNothing || atPrivate.Code != wire.CodeNotFound {
				t.Errorf("%s, %s: the private room is answered by %+v, one that is not there by %+v", u.Name, name, atPrivate, atNothing)
			}
		}
		if leaked := fmt.Sprintf("%+v", syncOf(t, u)); strings.Contains(leaked, room.ID) || strings.Contains(leaked, "Attic") {
			t.Errorf("%s's sync tells of the room: %s", u.Name, leaked)
		}
		var public wire.RoomList
		if err := u.Get(ctx, "/rooms", &public); err == nil && slices.ContainsFunc(public.Rooms, func(r wire.Room) bool { return r.ID == room.ID }) {
			t.Errorf("%s finds the room in the list", u.Name)
		}
		for tr := follow.WebSocket; tr <= follow.ShortPoll; tr++ {
			raw := rawFeed(t, ctx, u, before.Cursor, tr, fence.Seq)
			for _, word := range []string{room.ID, "Attic", "gold"} {
				if strings.Contains(raw, word) {
					t.Errorf("%s's feed over %s tells of %q: %s", u.Name, tr, word, raw)
				}
			}
		}
	}
	// The same questions are answered to those inside, or the test would prove nothing.
	if raw := rawFeed(t, ctx, member, before.Cursor, follow.ShortPoll, fence.Seq); !strings.Contains(raw, room.ID) || !strings.Contains(raw, "gold") {
		t.Errorf("the member's feed does not tell of the room: %s", raw)
	}
	if got := historyOf(t, ctx, member, room.ID); len(got) != 1 || got[0].Text != secret.Text {
		t.Errorf("the member reads %+v", got)
	}
}

// questions are all the ways to ask for a room.
func questions(u *parley.User, other string) map[string]func(context.Context, string) error {
	do := func(cmd string, args func(room string) any) func(context.Context, string) error {
		return func(ctx context.Context, room string) error { return u.Do(ctx, cmd, args(room), nil) }
	}
	ref := func(room string) any { return wire.RoomRef{Room: room} }
	get := func(query string) func(context.Context, string) error {
		return func(ctx context.Context, room string) error {
			return u.Get(ctx, "/rooms/"+room+"/messages"+query, nil)
		}
	}
	all := map[string]func(context.Context, string) error{
		"history":        get(""),
		"history before": get("?before=2"),
		"history after":  get("?after=0"),
		"history around": get("?around=1"),
		"send": do(wire.CmdSend, func(room string) any {
			return wire.Send{Room: room, Text: "let me in", Nonce: "stranger"}
		}),
		"join":       do(wire.CmdJoin, ref),
		"leave":      do(wire.CmdLeave, ref),
		"typing":     do(wire.CmdTyping, ref),
		"read":       do(wire.CmdRead, func(room string) any { return wire.Read{Room: room, Seq: 1} }),
		"add-member": do(wire.CmdAddMember, func(room string) any { return wire.MemberRef{Room: room, User: u.ID} }),
		"add other":  do(wire.CmdAddMember, func(room string) any { return wire.MemberRef{Room: room, User: other} }),
	}
	if u.Role != wire.RoleGuest && u.Role != wire.RoleBot { // they may not invite at all
		all["invite"] = do(wire.CmdCreateInvite, func(room string) any {
			return wire.CreateInvite{Role: wire.RoleMember, Room: room}
		})
	}
	if u.Role == wire.RoleGuest { // they may not do these anywhere, which tells nothing of a room
		delete(all, "join")
		delete(all, "add-member")
		delete(all, "add other")
	}
	return all
}

// problemOf is what a refusal says, without what differs from day to day.
func problemOf(t *testing.T, err error) wire.Problem {
	t.Helper()
	if wire.CodeFrom(err) == "" {
		t.Fatalf("answered by %v, want a problem", err)
	}
	var p *wire.Problem
	errors.As(err, &p)
	return *p
}

// rawFeed is everything that the feed tells a user after a cursor, up to the
// message of the lobby with the seq fence, as it stands on the wire.
func rawFeed(t *testing.T, ctx context.Context, u *parley.User, cursor string, tr follow.Transport, fence uint64) string {
	t.Helper()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reader := follow.New(u, wire.Lobby, cursor, "private-"+u.ID+tr.String(), follow.Only(tr))
	var raw strings.Builder
	reader.Raw = &raw
	done := make(chan error, 1)
	go func() { done <- reader.Run(ctx) }()
	if err := reader.Wait(ctx, fence); err != nil {
		t.Errorf("%s over %s: %v", u.Name, tr, err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	return raw.String()
}
