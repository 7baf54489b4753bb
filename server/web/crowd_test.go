package web

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"parley/server/chat"
	"parley/server/store"
	"parley/shared/wire"
)

// crowd is how many people are in the lobby of [TestCrowd].
const crowd = 5000

// TestCrowd: in a room of 5,000 what one person does is one event or a few, and
// what anybody is told of the others is not everybody's list.
func TestCrowd(t *testing.T) {
	c := newCommunity(t)
	db := c.server.conf.Queries.DB
	if err := db.Update(func(tx *store.Tx) error {
		for i := range crowd {
			u := store.User{User: wire.User{ID: fmt.Sprint("crowd-", i), Name: fmt.Sprint("Crowd ", i), Role: wire.RoleMember}, Created: 1}
			if err := errors.Join(tx.PutUser(u), tx.AddMember(wire.Lobby, u.ID)); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	// adds is what an act adds to the log.
	adds := func(act func()) (events, bytes int) {
		t.Helper()
		var end uint64
		must := func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		}
		must(db.View(func(tx *store.Tx) error { end = tx.End(); return nil }))
		act()
		must(db.View(func(tx *store.Tx) error {
			return tx.Log(end, func(e store.Event) bool {
				events, bytes = events+1, bytes+len(e.Data)
				return true
			})
		}))
		return events, bytes
	}
	var ann, gus *person
	var room string
	var everybody wire.Message
	for _, act := range []struct {
		what string
		most int // events
		do   func()
	}{
		{"a member comes", 4, func() { ann = c.member("Ann") }},
		{"a guest comes", 4, func() { gus = c.guest("Gus", "") }},
		{"everybody is called", 1, func() { everybody = ann.say(wire.Lobby, "@room hello") }},
		{"it is edited", 1, func() { ann.do(wire.CmdEdit, wire.Edit{Room: wire.Lobby, Seq: everybody.Seq, Text: "@room hi"}, nil) }},
		{"somebody reacts", 1, func() {
			gus.do(wire.CmdReact, wire.React{Room: wire.Lobby, Seq: everybody.Seq, Emoji: "👍", On: true}, nil)
		}},
		{"somebody reads", 1, func() { ann.do(wire.CmdUnread, wire.Unread{Room: wire.Lobby, Seq: everybody.Seq}, nil) }},
		{"somebody types", 0, func() { ann.do(wire.CmdTyping, wire.RoomRef{Room: wire.Lobby}, nil) }},
		{"a room is made", 3, func() { room = c.room(wire.KindPublic, "Small") }},
		{"somebody joins it", 3, func() { ann.do(wire.CmdJoin, wire.RoomRef{Room: room}, nil) }},
		{"the lobby's topic changes", 1, func() {
			topic := "Thousands"
			c.owner.do(wire.CmdUpdateRoom, wire.UpdateRoom{Room: wire.Lobby, Topic: &topic}, nil)
		}},
		{"somebody gets another name", 3, func() { ann.do(wire.CmdSetName, wire.SetName{User: ann.me.ID, Name: "Annie"}, nil) }},
		{"a guest becomes a member", 2, func() {
			c.owner.do(wire.CmdSetRole, wire.SetRole{User: gus.me.ID, Role: wire.RoleMember}, nil)
		}},
		{"somebody is deactivated", 2, func() { c.owner.do(wire.CmdDeactivate, wire.UserRef{User: gus.me.ID}, nil) }},
	} {
		events, bytes := adds(act.do)
		if events > act.most || bytes > 1000*(act.most+1) {
			t.Errorf("%s: %d events of %d bytes", act.what, events, bytes)
		}
	}
	var s wire.Sync
	ann.get("/sync", &s)
	for _, r := range s.Rooms {
		if r.ID == wire.Lobby && r.Members != nil || r.ID == room && len(r.Members) != 2 {
			t.Errorf("%s lists %d members", r.ID, len(r.Members))
		}
	}
	if len(s.Users) != crowd+3 {
		t.Errorf("%d users", len(s.Users))
	}
	// All are called by one record, which each of them finds.
	list, err := c.server.conf.Queries.Sync(chat.Actor{User: wire.User{ID: "crowd-4321"}})
	if err != nil || len(list.Mentions[wire.Lobby]) != 1 {
		t.Errorf("mentions %v, %v", list.Mentions, err)
	}
	// A page of history names nobody who is not in it.
	if body := ann.ask("GET", "/rooms/lobby/messages", nil).body; strings.Contains(string(body), "crowd-") {
		t.Errorf("history names the crowd: %.200s", body)
	}
}
