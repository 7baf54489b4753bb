package chat

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/server/store"
	"parley/shared/wire"
)

func TestEmoji(t *testing.T) {
	for _, good := range []string{
		"👍", "👍🏽", "❤️", "❤", "🇨🇳", "1️⃣", "#️⃣", "👩‍🚀", "👨‍👩‍👧‍👦", "🏳️‍🌈", "👩🏻‍❤️‍💋‍👩🏿",
		"🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F", "©️", "🫨", "🪿",
	} {
		if err := checkEmoji(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", "a", "1", "#", "好", "👍👍", "👍 ", " 👍", "👍a", "🇨", "🇨🇳🇨", "\u200d", "👩\u200d", "\u200d👩", "\ufe0f", "1\ufe0f", "🏴\U000E0067",
		"👍\x00", "\xff", strings.Repeat("👩‍", 20) + "👩", "<b>", "🏽\u20e3",
	} {
		if err := checkEmoji(bad); wire.CodeFrom(err) != wire.CodeBadRequest {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// TestEmojiOfSlack: whatever comes with an export of Slack's can be chosen here too.
func TestEmojiOfSlack(t *testing.T) {
	table, err := os.ReadFile("../slack/emoji.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(table)) {
		n++
		if err := checkEmoji(strings.Fields(line)[0]); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
	if n < 1500 {
		t.Errorf("%d emoji", n)
	}
}

func TestReactionLimits(t *testing.T) {
	c := newCast(t)
	m := c.send(c.member, wire.Lobby, "hi", "n")
	react := func(by Actor, emoji string) (any, error) {
		return c.do(by, wire.CmdReact, wire.React{Room: wire.Lobby, Seq: m.Seq, Emoji: emoji, On: true})
	}
	for i := range wire.MaxEmoji {
		if _, err := react(c.member, string(rune(0x1F600+i))); err != nil {
			t.Fatal(i, err)
		}
	}
	_, err := react(c.other, "🚀")
	c.wantCode(err, wire.CodeConflict, "one emoji too many")
	if _, err := react(c.other, "😀"); err != nil {
		t.Errorf("one that is there: %v", err)
	}
	c.refuse(wire.CodeBadRequest, c.other, wire.CmdReact, wire.React{Room: wire.Lobby, Seq: m.Seq, Emoji: strings.Repeat("a novel ", 500), On: true})
	c.update(func(tx *store.Tx) error {
		m, err := tx.Message(wire.Lobby, m.Seq)
		for i := range wire.MaxReactions {
			m.Reactions[0].Users = append(m.Reactions[0].Users, fmt.Sprint("u", i))
		}
		m.Rev++
		return errors.Join(err, tx.PutMessage(m))
	})
	_, err = react(c.guest, "😀")
	c.wantCode(err, wire.CodeConflict, "one reaction too many")
	// The same emoji from another keyboard.
	other := c.send(c.member, wire.Lobby, "hi", "n2")
	must[wire.Message](c.world, c.member, wire.CmdReact, wire.React{Room: wire.Lobby, Seq: other.Seq, Emoji: "❤️", On: true})
	both := must[wire.Message](c.world, c.other, wire.CmdReact, wire.React{Room: wire.Lobby, Seq: other.Seq, Emoji: "❤", On: true})
	if len(both.Reactions) != 1 || len(both.Reactions[0].Users) != 2 {
		t.Errorf("got %+v", both.Reactions)
	}
}

// TestSameAgain: what is so already makes no event.
func TestSameAgain(t *testing.T) {
	c := newCast(t)
	m := c.send(c.member, wire.Lobby, "hi", "n")
	gone := c.send(c.member, wire.Lobby, "bye", "n2")
	react := wire.React{Room: wire.Lobby, Seq: m.Seq, Emoji: "👍", On: true}
	must[wire.Message](c.world, c.member, wire.CmdReact, react)
	must[wire.Message](c.world, c.member, wire.CmdDelete, wire.Delete{Room: wire.Lobby, Seq: gone.Seq})
	must[wire.Notify](c.world, c.member, wire.CmdSetNotify, wire.Notify{Room: wire.Lobby, Level: wire.NotifyAll})
	end := c.end()
	must[wire.Message](c.world, c.member, wire.CmdReact, react)
	must[wire.Message](c.world, c.member, wire.CmdEdit, wire.Edit{Room: wire.Lobby, Seq: m.Seq, Text: "hi"})
	must[wire.Message](c.world, c.member, wire.CmdDelete, wire.Delete{Room: wire.Lobby, Seq: gone.Seq})
	must[wire.Message](c.world, c.admin, wire.CmdDelete, wire.Delete{Room: wire.Lobby, Seq: gone.Seq})
	must[wire.Notify](c.world, c.member, wire.CmdSetNotify, wire.Notify{Room: wire.Lobby, Level: wire.NotifyAll})
	must[wire.User](c.world, c.owner, wire.CmdSetRole, wire.SetRole{User: c.member.User.ID, Role: wire.RoleMember})
	must[wire.User](c.world, c.owner, wire.CmdSetName, wire.SetName{User: c.member.User.ID, Name: c.member.User.Name})
	must[wire.User](c.world, c.owner, wire.CmdReactivate, wire.UserRef{User: c.member.User.ID})
	if c.end() != end {
		t.Errorf("got %q", c.logAfter(end))
	}
}

func TestEditLimit(t *testing.T) {
	c := newCast(t)
	m := c.send(c.member, wire.Lobby, "0", "n")
	for i := range wire.MaxRevisions {
		must[wire.Message](c.world, c.member, wire.CmdEdit, wire.Edit{Room: wire.Lobby, Seq: m.Seq, Text: fmt.Sprint(i + 1)})
	}
	c.refuse(wire.CodeConflict, c.member, wire.CmdEdit, wire.Edit{Room: wire.Lobby, Seq: m.Seq, Text: "more"})
	said, err := c.q.Revisions(c.admin, wire.Lobby, m.Seq)
	if err != nil || len(said.Revisions) != wire.MaxRevisions || said.Revisions[7].Text != "7" {
		t.Errorf("%d revisions, %v", len(said.Revisions), err)
	}
	_, err = c.q.Revisions(c.other, wire.Lobby, m.Seq)
	c.wantCode(err, wire.CodeForbidden, "somebody else's revisions")
}

// TestDeletedIsGone looks for a deleted text in everything that can be asked
// for, and in the log of before.
func TestDeletedIsGone(t *testing.T) {
	c := newCast(t)
	const secret, edited = "swordfish", "kingfisher"
	m := c.send(c.member, wire.Lobby, secret, "n")
	answer := must[wire.Message](c.world, c.other, wire.CmdSend, wire.Send{Room: wire.Lobby, Text: "what?", Nonce: "a", ReplyTo: m.Seq})
	must[wire.Message](c.world, c.other, wire.CmdReact, wire.React{Room: wire.Lobby, Seq: m.Seq, Emoji: "👍", On: true})
	told := func(what string) {
		t.Helper()
		var all bytes.Buffer
		for _, by := range []Actor{c.member, c.owner, c.guest} {
			history, err1 := c.q.History(by, wire.Lobby, Page{})
			quoted, err2 := c.q.History(by, wire.Lobby, Page{After: answer.Seq - 1})
			said, _ := c.q.Revisions(by, wire.Lobby, m.Seq)
			audit, _ := c.q.Audit(by, 0, 0)
			sync, err3 := c.q.Sync(by)
			if err1 != nil || err2 != nil || err3 != nil {
				t.Fatal(err1, err2, err3)
			}
			all.Write(wire.Encode([]any{history, quoted, audit, sync}))
			if by.User.ID != c.member.User.ID && by.User.ID != c.owner.User.ID || what == "deleted" {
				all.Write(wire.Encode(said))
			}
		}
		for _, e := range c.logAfter(0) {
			all.WriteString(e)
		}
		again, err := c.do(c.member, wire.CmdSend, wire.Send{Room: wire.Lobby, Text: secret, Nonce: "n"})
		if err != nil {
			t.Fatal(err)
		}
		all.Write(wire.Encode(again))
		if bytes.Contains(all.Bytes(), []byte(secret)) || what == "deleted" && bytes.Contains(all.Bytes(), []byte(edited)) {
			t.Errorf("%s, and told: %s", what, all.Bytes())
		}
	}
	must[wire.Message](c.world, c.member, wire.CmdEdit, wire.Edit{Room: wire.Lobby, Seq: m.Seq, Text: edited})
	told("edited")
	gone := must[wire.Message](c.world, c.admin, wire.CmdDelete, wire.Delete{Room: wire.Lobby, Seq: m.Seq})
	told("deleted")
	if gone.Nonce != "" || gone.Rev != 3 || gone.Seq != m.Seq || gone.Reactions != nil {
		t.Errorf("got %+v", gone)
	}
	list, err := c.q.Audit(c.owner, 0, 1)
	if err != nil || list.Entries[0].Action != wire.AuditDelete || list.Entries[0].Text != "Ada removed message 1 of 陈小明 from the room lobby." {
		t.Errorf("audit: %+v, %v", list, err)
	}
}

func TestMentionPlaces(t *testing.T) {
	c := newCast(t) // Olga, Ada, 陈小明, Otto, Gus, Robo
	long := c.signup(c.owner, wire.RoleMember, "", "Otto von Berg")
	short := c.signup(c.owner, wire.RoleMember, "", "小明")
	away := c.signup(c.owner, wire.RoleMember, "", "Away")
	c.update(func(tx *store.Tx) error { return tx.RemoveMember(wire.Lobby, away.User.ID) })
	for i, test := range []struct {
		text string
		want []Actor
		all  bool
	}{
		{"@Olga", []Actor{c.owner}, false},
		{"hi @olga, and @ＯＬＧＡ!", []Actor{c.owner}, false},
		{"@Otto von Berg said", []Actor{long}, false},
		{"@otto von", []Actor{c.other}, false},
		{"@Ottomar", nil, false},
		{"你好@陈小明你来吗", []Actor{c.member}, false},
		{"＠小明和@陈小明", []Actor{short, c.member}, false},
		{"me@Olga.example a.@Olga /@Olga", nil, false},
		{"(@Ada) \"@Gus\"", []Actor{c.admin, c.guest}, false},
		{"@Away @Nobody @ @\nOlga", nil, false},
		{"@room", nil, true},
		{"@所有人吃饭", nil, true},
		{"@roommate", nil, false},
		{"@Olga\u0301", nil, false},
		{strings.Repeat("@x ", wire.MaxMentions) + "@Olga", nil, false},
	} {
		m := c.send(c.bot, wire.Lobby, test.text, fmt.Sprint("m", i))
		var want []string
		for _, a := range test.want {
			want = append(want, a.User.ID)
		}
		if !slices.Equal(m.Mentions, want) || m.MentionsAll != test.all {
			t.Errorf("%q mentions %q, all %v; want %q, %v", test.text, m.Mentions, m.MentionsAll, want, test.all)
		}
	}
	if m := c.send(c.guest, wire.Lobby, "@room", "g"); m.MentionsAll {
		t.Error("a guest has called everybody")
	}
}

// TestMentionsAreInProse: nobody is mentioned in what the markup takes for code,
// in new messages and in edited ones.
func TestMentionsAreInProse(t *testing.T) {
	c := newCast(t)
	c.env.Markup = func(text string) (string, string) { return "", strings.ReplaceAll(text, "`@Olga`", "\n") }
	m := c.send(c.member, wire.Lobby, "`@Olga` @Ada", "n")
	if !slices.Equal(m.Mentions, []string{c.admin.User.ID}) {
		t.Errorf("mentions %q", m.Mentions)
	}
	m = must[wire.Message](c.world, c.member, wire.CmdEdit, wire.Edit{Room: wire.Lobby, Seq: m.Seq, Text: "@Olga `@Olga`"})
	if !slices.Equal(m.Mentions, []string{c.owner.User.ID}) {
		t.Errorf("edited, it mentions %q", m.Mentions)
	}
	m = must[wire.Message](c.world, c.member, wire.CmdEdit, wire.Edit{Room: wire.Lobby, Seq: m.Seq, Text: "`@Olga`"})
	if len(m.Mentions) != 0 {
		t.Errorf("edited again, it mentions %q", m.Mentions)
	}
}

// TestMentionBomb: a text made of nothing but possible mentions costs no more
// than a message may.
func TestMentionBomb(t *testing.T) {
	c := newCast(t)
	for i, text := range []string{strings.Repeat("@", wire.MaxText), strings.Repeat("@a ", wire.MaxText/3), strings.Repeat("@ \u0301陈", wire.MaxText/4), strings.Repeat("@"+strings.Repeat("\u1100", 60), 200)} {
		begin := time.Now()
		places := mentionPlaces(text)
		n := 0
		for _, p := range places {
			n += len(p)
		}
		if len(places) > wire.MaxMentions || n > wire.MaxMentions*maxMentionRunes || time.Since(begin) > time.Second {
			t.Errorf("%d places, %d names, %v", len(places), n, time.Since(begin))
		}
		c.send(c.member, wire.Lobby, text, fmt.Sprint("n", i))
	}
}

func TestSetPassword(t *testing.T) {
	c := newCast(t)
	c.deactivate(c.other) // whose name shall not matter
	phone := c.enter(c.env.Login(t.Context(), c.q, wire.Login{Name: "陈小明", Password: password}))
	own := wire.SetPassword{User: c.member.User.ID, Password: "battery staple"}
	_, err := c.setPassword(c.member, own)
	c.wantCode(err, wire.CodeForbidden, "without the current one")
	own.Current = password
	result, err := c.setPassword(c.member, own)
	if err != nil || result.(wire.User).ID != c.member.User.ID {
		t.Fatal(result, err)
	}
	c.view(func(tx *store.Tx) error {
		logins, err := tx.Logins(c.member.User.ID)
		if len(logins) != 1 || logins[0].Hash != c.member.Credential {
			t.Errorf("logins left: %+v; %v was to go", logins, phone.Credential.ID())
		}
		return err
	})
	_, err = c.env.Login(t.Context(), c.q, wire.Login{Name: "陈小明", Password: password})
	c.wantCode(err, wire.CodeUnauthenticated, "the old password")

	// Two at once: the second was checked against what the first has replaced.
	own.Current, own.Password = "battery staple", "one more horse"
	late, err := c.env.SetPassword(t.Context(), c.q, c.member, wire.Encode(own))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.setPassword(c.member, own); err != nil {
		t.Fatal(err)
	}
	_, err = c.apply(late)
	c.wantCode(err, wire.CodeConflict, "the later of two")

	// A guest begins without one, and can have one.
	guest := wire.SetPassword{User: c.guest.User.ID, Password: "guest password"}
	if _, err := c.setPassword(c.guest, guest); err != nil {
		t.Error(err)
	}
	c.enter(c.env.Login(t.Context(), c.q, wire.Login{Name: "Gus", Password: "guest password"}))
	// An admin gives one: all logins end.
	if _, err := c.setPassword(c.admin, wire.SetPassword{User: c.guest.User.ID, Password: "another password"}); err != nil {
		t.Error(err)
	}
	list, err := c.q.Sessions(c.guest, wire.TimeOf(c.now))
	if err != nil || len(list.Sessions) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	for _, by := range []Actor{c.admin, c.member} {
		_, err = c.setPassword(by, wire.SetPassword{User: c.owner.User.ID, Password: "another password"})
		c.wantCode(err, wire.CodeForbidden, "of the owner by "+by.User.Name)
	}
	_, err = c.setPassword(c.owner, wire.SetPassword{User: c.bot.User.ID, Password: "another password"})
	c.wantCode(err, wire.CodeForbidden, "of a bot")
}

func TestRolesAndOwners(t *testing.T) {
	c := newCast(t)
	set := func(role wire.Role) wire.SetRole { return wire.SetRole{User: c.other.User.ID, Role: role} }
	c.refuse(wire.CodeForbidden, c.admin, wire.CmdSetRole, set(wire.RoleAdmin))
	c.refuse(wire.CodeForbidden, c.admin, wire.CmdSetRole, wire.SetRole{User: c.owner.User.ID, Role: wire.RoleMember})
	c.refuse(wire.CodeForbidden, c.member, wire.CmdSetRole, wire.SetRole{User: c.member.User.ID, Role: wire.RoleAdmin})
	c.refuse(wire.CodeForbidden, c.owner, wire.CmdSetRole, wire.SetRole{User: c.bot.User.ID, Role: wire.RoleMember})
	c.refuse(wire.CodeBadRequest, c.owner, wire.CmdSetRole, set(wire.RoleBot))
	c.refuse(wire.CodeConflict, c.owner, wire.CmdSetRole, wire.SetRole{User: c.owner.User.ID, Role: wire.RoleAdmin})
	must[wire.User](c.world, c.owner, wire.CmdSetRole, set(wire.RoleOwner))
	must[wire.User](c.world, c.owner, wire.CmdSetRole, wire.SetRole{User: c.owner.User.ID, Role: wire.RoleMember})
	c.refuse(wire.CodeForbidden, c.owner, wire.CmdDeactivate, wire.UserRef{User: c.member.User.ID})
	c.refuse(wire.CodeConflict, c.other, wire.CmdSetRole, set(wire.RoleMember))
	c.refuse(wire.CodeForbidden, c.other, wire.CmdDeactivate, wire.UserRef{User: c.other.User.ID})
	must[wire.User](c.world, c.other, wire.CmdDeactivate, wire.UserRef{User: c.owner.User.ID})
	// A deactivated owner is none.
	must[wire.User](c.world, c.other, wire.CmdSetRole, wire.SetRole{User: c.owner.User.ID, Role: wire.RoleOwner})
	c.refuse(wire.CodeConflict, c.other, wire.CmdSetRole, set(wire.RoleMember))
}

// TestBotsEndWithTheirMaker: who is shut out, or becomes a guest, knows the
// tokens of their bots, and shall not go on by them.
func TestBotsEndWithTheirMaker(t *testing.T) {
	for what, end := range map[string]func(c *cast) (any, error){
		"deactivated": func(c *cast) (any, error) {
			return c.do(c.admin, wire.CmdDeactivate, wire.UserRef{User: c.member.User.ID})
		},
		"a guest": func(c *cast) (any, error) {
			return c.do(c.admin, wire.CmdSetRole, wire.SetRole{User: c.member.User.ID, Role: wire.RoleGuest})
		},
	} {
		t.Run(what, func(t *testing.T) {
			c := newCast(t) // member has made a bot
			others := must[wire.Token](c.world, c.other, wire.CmdCreateToken, wire.CreateToken{Name: "Other"})
			must[wire.Hook](c.world, c.member, wire.CmdCreateHook, wire.CreateHook{Room: wire.Lobby, Name: "Builds"})
			must[wire.Webhook](c.world, c.member, wire.CmdSetWebhook, wire.SetWebhook{Bot: c.bot.User.ID, URL: "https://bot.example/"})
			result, err := end(c)
			if u, ok := result.(wire.User); err != nil || !ok || u.ID != c.member.User.ID {
				t.Fatalf("got %+v, %v", result, err)
			}
			tokens, err1 := c.q.Tokens(c.owner)
			hooks, err2 := c.q.Hooks(c.owner)
			webhooks, err3 := c.q.Webhooks(c.owner)
			if err := errors.Join(err1, err2, err3); err != nil || len(tokens.Tokens) != 1 || tokens.Tokens[0].ID != others.ID || len(hooks.Hooks) != 0 || len(webhooks.Webhooks) != 0 {
				t.Errorf("left: %+v, %+v, %+v, %v", tokens, hooks, webhooks, err)
			}
			c.refuse(wire.CodeUnauthenticated, c.bot, wire.CmdSend, wire.Send{Room: wire.Lobby, Text: "hi", Nonce: "n"})
			list, err := c.q.Audit(c.owner, 0, 3)
			if err != nil || list.Entries[0].Action != wire.AuditDeactivate || list.Entries[1].Action != wire.AuditDeactivate || list.Entries[2].User != c.member.User.ID {
				t.Errorf("audit: %+v, %v", list, err)
			}
			// Those who look after the community can take the bot over, others cannot.
			c.refuse(wire.CodeConflict, c.other, wire.CmdCreateToken, wire.CreateToken{Name: "Robo"})
			must[wire.Token](c.world, c.admin, wire.CmdCreateToken, wire.CreateToken{Name: "Robo"})
			must[wire.User](c.world, c.owner, wire.CmdSetRole, wire.SetRole{User: c.admin.User.ID, Role: wire.RoleMember})
			must[wire.User](c.world, c.admin, wire.CmdSetName, wire.SetName{User: c.bot.User.ID, Name: "Robby"})
		})
	}
}

// TestImportedNamesAreNobodysOwn: who has imported people is not their maker.
func TestImportedNamesAreNobodysOwn(t *testing.T) {
	c := newCast(t)
	call, err := c.env.ImportPeople(c.admin, wire.Lobby, []string{"Old Hand"})
	if err != nil {
		t.Fatal(err)
	}
	ids, err := c.apply(call)
	if err != nil {
		t.Fatal(err)
	}
	must[wire.User](c.world, c.owner, wire.CmdSetRole, wire.SetRole{User: c.admin.User.ID, Role: wire.RoleMember})
	c.refuse(wire.CodeForbidden, c.admin, wire.CmdSetName, wire.SetName{User: ids.([]string)[0], Name: "Fool"})
}

func TestDirectRooms(t *testing.T) {
	c := newCast(t)
	create := func(by Actor, members ...Actor) wire.Room {
		args := wire.CreateRoom{Kind: wire.KindDirect}
		for _, m := range members {
			args.Members = append(args.Members, m.User.ID)
		}
		return must[wire.Room](c.world, by, wire.CmdCreateRoom, args)
	}
	two := create(c.member, c.other)
	if again := create(c.other, c.other, c.member); again.ID != two.ID || len(again.Members) != 2 {
		t.Errorf("asked again: %+v", again)
	}
	three := create(c.guestFriend(), c.guest, c.other)
	if three.ID == two.ID || create(c.member, c.other, c.guest).ID != three.ID {
		t.Error("three people are not two")
	}
	notes := create(c.member)
	if create(c.member, c.member).ID != notes.ID || len(notes.Members) != 1 {
		t.Errorf("notes to oneself: %+v", notes)
	}
	c.refuse(wire.CodeForbidden, c.member, wire.CmdLeave, wire.RoomRef{Room: two.ID})
	c.refuse(wire.CodeNotFound, c.owner, wire.CmdDelete, wire.Delete{Room: two.ID, Seq: 1})
	c.send(c.member, two.ID, "hi", "n")
	mine := create(c.owner, c.member)
	said := c.send(c.member, mine.ID, "hi", "n2")
	c.refuse(wire.CodeForbidden, c.owner, wire.CmdDelete, wire.Delete{Room: mine.ID, Seq: said.Seq})
	c.refuse(wire.CodeForbidden, c.guest, wire.CmdCreateRoom, wire.CreateRoom{Kind: wire.KindDirect})
	c.refuse(wire.CodeBadRequest, c.member, wire.CmdCreateRoom, wire.CreateRoom{Kind: wire.KindDirect, Name: "named"})
	var crowd []string
	for i := range wire.MaxDirect {
		crowd = append(crowd, fmt.Sprint("u", i))
	}
	c.refuse(wire.CodeBadRequest, c.member, wire.CmdCreateRoom, wire.CreateRoom{Kind: wire.KindDirect, Members: crowd})
	// Somebody who is shut out does not end what there was.
	c.deactivate(c.other)
	if create(c.member, c.other).ID != two.ID {
		t.Error("another room")
	}
}

// guestFriend is whoever makes rooms with guests.
func (c *cast) guestFriend() Actor { return c.member }

func TestArchived(t *testing.T) {
	c := newCast(t)
	tea := c.room(c.member, wire.KindPublic, "Tea", c.other)
	m := c.send(c.other, tea.ID, "hi", "n")
	yes, no := true, false
	must[wire.Room](c.world, c.member, wire.CmdUpdateRoom, wire.UpdateRoom{Room: tea.ID, Archived: &yes})
	c.refuse(wire.CodeConflict, c.other, wire.CmdSend, wire.Send{Room: tea.ID, Text: "hi", Nonce: "n2"})
	c.refuse(wire.CodeConflict, c.other, wire.CmdEdit, wire.Edit{Room: tea.ID, Seq: m.Seq, Text: "ho"})
	c.refuse(wire.CodeConflict, c.owner, wire.CmdDelete, wire.Delete{Room: tea.ID, Seq: m.Seq})
	c.refuse(wire.CodeConflict, c.other, wire.CmdReact, wire.React{Room: tea.ID, Seq: m.Seq, Emoji: "👍", On: true})
	if r := must[wire.Room](c.world, c.owner, wire.CmdJoin, wire.RoomRef{Room: tea.ID}); !r.Archived { // to read
		t.Errorf("joined %+v, want it archived", r)
	}
	c.refuse(wire.CodeConflict, c.owner, wire.CmdSend, wire.Send{Room: tea.ID, Text: "hi", Nonce: "o"})
	c.refuse(wire.CodeConflict, c.member, wire.CmdAddMember, wire.MemberRef{Room: tea.ID, User: c.admin.User.ID})
	c.refuse(wire.CodeConflict, c.member, wire.CmdCreateRoom, wire.CreateRoom{Kind: wire.KindPublic, Name: "tea"})
	c.refuse(wire.CodeForbidden, c.other, wire.CmdUpdateRoom, wire.UpdateRoom{Room: tea.ID, Archived: &no})
	c.refuse(wire.CodeForbidden, c.owner, wire.CmdUpdateRoom, wire.UpdateRoom{Room: wire.Lobby, Archived: &yes})
	if again := c.send(c.other, tea.ID, "hi", "n"); again.Seq != m.Seq {
		t.Errorf("an answer lost on the way: %+v", again)
	}
	open, err := c.q.PublicRooms(c.owner, false)
	archived, err2 := c.q.PublicRooms(c.owner, true)
	if err != nil || err2 != nil || len(open.Rooms) != 1 || len(archived.Rooms) != 1 || archived.Rooms[0].ID != tea.ID {
		t.Errorf("open %+v, archived %+v, %v %v", open, archived, err, err2)
	}
	if list, err := c.q.History(c.owner, tea.ID, Page{}); err != nil || len(list.Messages) != 1 {
		t.Errorf("history: %+v, %v", list, err)
	}
	must[wire.Room](c.world, c.admin, wire.CmdUpdateRoom, wire.UpdateRoom{Room: tea.ID, Archived: &no})
	c.send(c.other, tea.ID, "again", "n3")
}

// TestNotifyDefault: one chooses what to be told of in all rooms that have no
// choice of their own, and takes the choice for a room back.
func TestNotifyDefault(t *testing.T) {
	c := newCast(t)
	set := func(n wire.Notify) { t.Helper(); must[wire.Notify](c.world, c.guest, wire.CmdSetNotify, n) }
	want := func(want ...wire.Notify) {
		t.Helper()
		s, err := c.q.Sync(c.guest)
		if err != nil || !slices.Equal(s.Notify, want) {
			t.Errorf("sync has %+v, %v, want %+v", s.Notify, err, want)
		}
	}
	want()
	set(wire.Notify{Level: wire.NotifyNothing})
	set(wire.Notify{Room: wire.Lobby, Level: wire.NotifyAll})
	want(wire.Notify{Level: wire.NotifyNothing}, wire.Notify{Room: wire.Lobby, Level: wire.NotifyAll})
	set(wire.Notify{Room: wire.Lobby, Muted: true})
	want(wire.Notify{Level: wire.NotifyNothing}, wire.Notify{Room: wire.Lobby, Muted: true})
	end := c.end()
	set(wire.Notify{Level: wire.NotifyNothing})
	if c.end() != end {
		t.Errorf("the same again is told: %q", c.logAfter(end))
	}
	c.refuse(wire.CodeBadRequest, c.guest, wire.CmdSetNotify, wire.Notify{})
	c.refuse(wire.CodeBadRequest, c.guest, wire.CmdSetNotify, wire.Notify{Level: wire.NotifyAll, Muted: true})
	c.refuse(wire.CodeBadRequest, c.guest, wire.CmdSetNotify, wire.Notify{Room: wire.Lobby, Level: "loud"})
	if other, err := c.q.Sync(c.member); err != nil || len(other.Notify) != 0 {
		t.Errorf("somebody else has %+v, %v", other.Notify, err)
	}
}
