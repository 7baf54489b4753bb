package chat

import (
	"strings"
	"testing"

	"parley/server/store"
	"parley/shared/wire"
)

func TestSend(t *testing.T) {
	c := newCast(t)
	end := c.end()
	m := c.send(c.member, wire.Lobby, "你好\r\n  world ", "n1")
	want := wire.Message{
		Room: wire.Lobby, Seq: 1, Author: c.member.User.ID, Time: wire.TimeOf(c.now),
		Text: "你好\n  world ", Nonce: "n1",
	}
	if string(wire.Encode(m)) != string(wire.Encode(want)) {
		t.Errorf("got %s, want %s", wire.Encode(m), wire.Encode(want))
	}
	reply := must[wire.Message](c.world, c.bot, wire.CmdSend, wire.Send{Room: wire.Lobby, Text: "<b>&", Nonce: "n1", ReplyTo: 1})
	if reply.Seq != 2 || reply.ReplyTo != 1 {
		t.Errorf("got %+v", reply)
	}
	c.wantLog(end, []string{
		`r:lobby M/n1 {"message":{"room":"lobby","seq":1,"author":"M","time":"2026-03-04T05:06:07.000Z","text":"你好\n  world ","rev":0}}`,
		`r:lobby B/n1 {"message":{"room":"lobby","seq":2,"author":"B","time":"2026-03-04T05:06:07.000Z","text":"<b>&","rev":0,"reply_to":1}}`,
	}, c.member.User.ID, "M", c.bot.User.ID, "B")
}

// What the markup gives when a message is prepared is stored and told with it.
func TestSendMarkup(t *testing.T) {
	c := newCast(t)
	c.env.Markup = func(text string) (string, string) {
		if text == "**hi**" {
			return "<strong>hi</strong>", text
		}
		return "", text
	}
	end := c.end()
	if m := c.send(c.member, wire.Lobby, "**hi**", "n1"); m.HTML != "<strong>hi</strong>" || m.Text != "**hi**" {
		t.Errorf("got %+v", m)
	}
	c.send(c.member, wire.Lobby, "hi", "n2")
	c.env.Markup = nil // a later version renders otherwise: the message is the first one all the same
	if m := c.send(c.member, wire.Lobby, "**hi**", "n1"); m.HTML != "<strong>hi</strong>" || m.Seq != 1 {
		t.Errorf("sent again: %+v", m)
	}
	c.wantLog(end, []string{
		`r:lobby M/n1 {"message":{"room":"lobby","seq":1,"author":"M","time":"2026-03-04T05:06:07.000Z","text":"**hi**","html":"<strong>hi</strong>","rev":0}}`,
		`r:lobby M/n2 {"message":{"room":"lobby","seq":2,"author":"M","time":"2026-03-04T05:06:07.000Z","text":"hi","rev":0}}`,
	}, c.member.User.ID, "M")
}

func TestSendBadInput(t *testing.T) {
	c := newCast(t)
	public := c.room(c.other, wire.KindPublic, "Tea")
	c.send(c.owner, wire.Lobby, "first", "first")
	end := c.end()
	long := strings.Repeat("好", wire.MaxText)
	rows := []struct {
		what string
		args any
		code wire.Code
	}{
		{"empty", wire.Send{Room: wire.Lobby, Nonce: "n"}, wire.CodeBadRequest},
		{"blank", wire.Send{Room: wire.Lobby, Nonce: "n", Text: " \t\r\n\u3000"}, wire.CodeBadRequest},
		{"too long", wire.Send{Room: wire.Lobby, Nonce: "n", Text: long + "!"}, wire.CodeTooLarge},
		{"NUL", wire.Send{Room: wire.Lobby, Nonce: "n", Text: "a\x00b"}, wire.CodeBadRequest},
		{"not UTF-8", "{\"room\":\"lobby\",\"nonce\":\"n\",\"text\":\"a\xc3\x28\"}", wire.CodeBadRequest},
		{"no nonce", wire.Send{Room: wire.Lobby, Text: "hi"}, wire.CodeBadRequest},
		{"long nonce", wire.Send{Room: wire.Lobby, Text: "hi", Nonce: strings.Repeat("n", wire.MaxNonce+1)}, wire.CodeBadRequest},
		{"NUL in the nonce", wire.Send{Room: wire.Lobby, Text: "hi", Nonce: "a\x00"}, wire.CodeBadRequest},
		{"files", wire.Send{Room: wire.Lobby, Text: "hi", Nonce: "n", Files: []string{"f"}}, wire.CodeBadRequest},
		{"reply to nothing", wire.Send{Room: wire.Lobby, Text: "hi", Nonce: "n", ReplyTo: 2}, wire.CodeBadRequest},
		{"reply to below nothing", `{"room":"lobby","text":"hi","nonce":"n","reply_to":-1}`, wire.CodeBadRequest},
		{"no room", wire.Send{Text: "hi", Nonce: "n"}, wire.CodeNotFound},
		{"unknown room", wire.Send{Room: "nowhere", Text: "hi", Nonce: "n"}, wire.CodeNotFound},
		{"room with NUL", wire.Send{Room: "lobby\x00", Text: "hi", Nonce: "n"}, wire.CodeNotFound},
		{"room not joined", wire.Send{Room: public.ID, Text: "hi", Nonce: "n"}, wire.CodeForbidden},
	}
	for _, r := range rows {
		t.Run(r.what, func(t *testing.T) { c.refuse(r.code, c.member, wire.CmdSend, r.args) })
	}
	if c.end() != end {
		t.Errorf("refused sends reached the log: %q", c.logAfter(end))
	}
	if m := c.send(c.member, wire.Lobby, long, strings.Repeat("好", wire.MaxNonce)); m.Seq != 2 || m.Text != long {
		t.Errorf("the longest text came back as seq %d with %d bytes", m.Seq, len(m.Text))
	}
}

func TestSendNonce(t *testing.T) {
	c := newCast(t)
	tea := c.room(c.member, wire.KindPublic, "Tea", c.other)
	first := c.send(c.member, wire.Lobby, "one\r\ntwo", "n")
	end := c.end()
	again := c.send(c.member, wire.Lobby, "one\ntwo", "n") // the same once cleaned
	if string(wire.Encode(again)) != string(wire.Encode(first)) {
		t.Errorf("got %s, want %s", wire.Encode(again), wire.Encode(first))
	}
	for _, other := range []wire.Send{
		{Room: wire.Lobby, Text: "one two", Nonce: "n"},
		{Room: tea.ID, Text: "one\ntwo", Nonce: "n"},
		{Room: wire.Lobby, Text: "one\ntwo", Nonce: "n", ReplyTo: 1},
	} {
		c.refuse(wire.CodeConflict, c.member, wire.CmdSend, other)
	}
	if c.end() != end {
		t.Errorf("the log got %q", c.logAfter(end))
	}
	// Nonces are each author's own.
	if m := c.send(c.other, wire.Lobby, "mine", "n"); m.Seq != 2 {
		t.Errorf("got seq %d, want 2", m.Seq)
	}

	// The answer stays the same after leaving, and is the message as it is now.
	mine := c.send(c.member, tea.ID, "bye", "bye")
	must[wire.Room](c.world, c.member, wire.CmdLeave, wire.RoomRef{Room: tea.ID})
	changed := mine
	changed.Rev, changed.Text, changed.Edited = 1, "bye!", wire.TimeOf(c.now)
	c.update(func(tx *store.Tx) error { return tx.PutMessage(changed) })
	if again := c.send(c.member, tea.ID, "bye", "bye"); again.Rev != 1 || again.Text != "bye!" || again.Seq != mine.Seq {
		t.Errorf("got %+v", again)
	}
}

// TestClockBackwards: the log's times never run backwards, whatever the clock does.
func TestClockBackwards(t *testing.T) {
	c := newCast(t)
	before := c.now
	c.now = before.Add(1000)
	late := c.send(c.member, wire.Lobby, "late", "1")
	c.now = before.AddDate(-1, 0, 0)
	early := c.send(c.member, wire.Lobby, "early", "2")
	if early.Time != late.Time {
		t.Errorf("got %s after %s", early.Time, late.Time)
	}
	c.now = before.AddDate(0, 0, 1)
	if next := c.send(c.member, wire.Lobby, "next", "3"); next.Time != wire.TimeOf(c.now) {
		t.Errorf("got %s, want %s", next.Time, wire.TimeOf(c.now))
	}
	var last wire.Time
	c.view(func(tx *store.Tx) error {
		return tx.Log(0, func(e store.Event) bool {
			if e.Time < last {
				t.Errorf("event %d is of %s, after %s", e.Offset, e.Time, last)
			}
			last = e.Time
			return true
		})
	})
}

func TestRead(t *testing.T) {
	c := newCast(t)
	for _, nonce := range []string{"1", "2", "3"} {
		c.send(c.owner, wire.Lobby, "hi", nonce)
	}
	end := c.end()
	for _, seq := range []uint64{0, 2, 1, 2, 99, 3, 1 << 63} {
		must[wire.Empty](c.world, c.guest, wire.CmdRead, wire.Read{Room: wire.Lobby, Seq: seq})
	}
	c.wantLog(end, []string{
		`u:G {"read":{"room":"lobby","seq":2}}`,
		`u:G {"read":{"room":"lobby","seq":3}}`,
	}, c.guest.User.ID, "G")
	tea := c.room(c.other, wire.KindPublic, "Tea")
	c.refuse(wire.CodeForbidden, c.member, wire.CmdRead, wire.Read{Room: tea.ID, Seq: 1})
	c.refuse(wire.CodeNotFound, c.guest, wire.CmdRead, wire.Read{Room: tea.ID, Seq: 1})
	c.refuse(wire.CodeBadRequest, c.guest, wire.CmdRead, `{"room":"lobby","seq":1.5}`)
}
