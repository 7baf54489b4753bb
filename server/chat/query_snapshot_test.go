package chat

import (
	"slices"
	"strconv"
	"testing"

	"parley/shared/wire"
)

// TestSnapshot: the state and the newest messages of the room that was chosen,
// as they are at one cursor; nothing of a room that one is not in.
func TestSnapshot(t *testing.T) {
	c := newCast(t)
	for i := range 60 {
		c.send(c.member, wire.Lobby, "text "+strconv.Itoa(i+1), strconv.Itoa(i))
	}
	choose := func(room string) func([]wire.Room) string { return func([]wire.Room) string { return room } }
	got, err := c.q.Snapshot(c.other, choose(wire.Lobby))
	if err != nil {
		t.Fatal(err)
	}
	state, err := c.q.Sync(c.other)
	if err != nil {
		t.Fatal(err)
	}
	if string(wire.Encode(got.Sync)) != string(wire.Encode(state)) {
		t.Errorf("its state is %+v, not %+v", got.Sync, state)
	}
	ms := got.Messages[wire.Lobby]
	if !slices.Equal(seqs(ms), span(11, 60)) || ms[0].Nonce != "" {
		t.Errorf("its messages: %+v", ms)
	}
	got, err = c.q.Snapshot(c.other, choose("no such room"))
	if err != nil || len(got.Messages) != 0 {
		t.Errorf("of no room: %+v, %v", got.Messages, err)
	}
}

func TestInviteRole(t *testing.T) {
	c := newCast(t)
	made := must[wire.Invite](c.world, c.owner, wire.CmdCreateInvite, wire.CreateInvite{Role: wire.RoleGuest})
	if role, err := c.q.InviteRole(made.Code, c.now); role != wire.RoleGuest || err != nil {
		t.Errorf("%q, %v", role, err)
	}
	if _, err := c.q.InviteRole(made.Code, c.now.Add(wire.MaxInviteLife)); wire.CodeFrom(err) != wire.CodeNotFound {
		t.Errorf("a year later: %v", err)
	}
	if _, err := c.q.InviteRole("made up", c.now); wire.CodeFrom(err) != wire.CodeNotFound {
		t.Errorf("made up: %v", err)
	}
}
