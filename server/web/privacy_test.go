package web

import (
	"encoding/json"
	"strings"
	"testing"

	"parley/shared/wire"
)

// Who has left a room catches up on what was said in their presence. What has
// become of it since is not for them: neither a later text, nor that it is gone.
func TestLeftBehind(t *testing.T) {
	for _, transport := range transports {
		t.Run(transport, func(t *testing.T) {
			c := newCommunity(t)
			ben := c.member("Ben")
			room := c.room(wire.KindPrivate, "board")
			c.owner.do(wire.CmdAddMember, wire.MemberRef{Room: room, User: ben.me.ID}, nil)
			start := ben.cursor()
			kept := c.owner.say(room, "for Ben")
			edited := c.owner.say(room, "a draft for Ben")
			gone := c.owner.say(room, "gone for Ben")
			own := wire.Send{Room: room, Text: "Ben's own", Nonce: "own"}
			var mine wire.Message
			ben.do(wire.CmdSend, own, &mine)
			c.owner.do(wire.CmdRemoveMember, wire.MemberRef{Room: room, User: ben.me.ID}, nil)
			c.owner.do(wire.CmdEdit, wire.Edit{Room: room, Seq: edited.Seq, Text: "the secret plan"}, nil)
			c.owner.do(wire.CmdDelete, wire.Delete{Room: room, Seq: gone.Seq}, nil)
			c.owner.do(wire.CmdReact, wire.React{Room: room, Seq: mine.Seq, Emoji: "👎", On: true}, nil)
			c.owner.do(wire.CmdReact, wire.React{Room: room, Seq: kept.Seq, Emoji: "👎", On: true}, nil)
			c.owner.say(wire.Lobby, "the end")

			f := ben.follow(transport, start, "")
			defer f.close()
			texts := map[uint64]string{}
			for ended := false; !ended; {
				b := f.next()
				for _, e := range b.Events {
					if told := string(wire.Encode(e)); strings.Contains(told, "secret") || strings.Contains(told, "👎") || strings.Contains(told, `"edited"`) {
						t.Errorf("told %s", told)
					}
					if e.Message != nil && e.Message.Room == room {
						texts[e.Message.Seq] = e.Message.Text
					}
					ended = ended || e.Message != nil && e.Message.Text == "the end"
				}
			}
			if texts[kept.Seq] != "for Ben" || texts[mine.Seq] != own.Text || len(texts) != 4 || texts[edited.Seq] != "" || texts[gone.Seq] != "" {
				t.Errorf("told %v", texts)
			}
			// An answer that was lost on the way is given again as it was then.
			r := ben.ask("POST", "/send", own)
			var again wire.Message
			if err := json.Unmarshal(r.body, &again); err != nil || again.Seq != mine.Seq || again.Reactions != nil || again.Rev != 0 {
				t.Errorf("answered %s", r.body)
			}
		})
	}
}

// TestStrangerLearnsNothing has an attacker ask for a private and for a direct
// room in every way there is, of which one may know the id by having been there,
// and compares each answer with that for a room which does not exist. Nothing that
// is told unasked has a word of theirs.
func TestStrangerLearnsNothing(t *testing.T) {
	c := newCommunity(t)
	c.freely()
	ben, cem := c.member("Ben"), c.member("Cem")
	gus := c.guest("Gus", "")
	bot, _ := c.bot("robot")
	eve := c.member("Eve")
	var admin wire.User
	c.owner.do(wire.CmdSetRole, wire.SetRole{User: eve.me.ID, Role: wire.RoleAdmin}, &admin)
	out := c.member("Out")

	var den, direct wire.Room
	ben.do(wire.CmdCreateRoom, wire.CreateRoom{Kind: wire.KindPrivate, Name: "Lighthouse", Topic: "topsecret", Members: []string{cem.me.ID, out.me.ID}}, &den)
	ben.do(wire.CmdCreateRoom, wire.CreateRoom{Kind: wire.KindDirect, Members: []string{cem.me.ID}}, &direct)
	ben.do(wire.CmdRemoveMember, wire.MemberRef{Room: den.ID, User: out.me.ID}, nil)
	attackers := map[string]*person{"a member": c.member("Mal"), "a guest": gus, "a bot": bot, "an admin": eve, "who was taken out": out}
	starts := map[string]string{}
	for who, p := range attackers {
		starts[who] = p.cursor()
	}
	for _, room := range []string{den.ID, direct.ID} {
		m := ben.say(room, "the topsecret word is swordfish, @Cem @room @Mal @Eve @Out @robot")
		cem.do(wire.CmdReact, wire.React{Room: room, Seq: m.Seq, Emoji: "🐙", On: true}, nil)
		cem.do(wire.CmdTyping, wire.RoomRef{Room: room}, nil)
		ben.do(wire.CmdEdit, wire.Edit{Room: room, Seq: m.Seq, Text: "swordfish it is, @Cem"}, nil)
		cem.do(wire.CmdSend, wire.Send{Room: room, Text: "topsecret answer", Nonce: newNonce(), ReplyTo: m.Seq}, nil)
		ben.do(wire.CmdDelete, wire.Delete{Room: room, Seq: m.Seq}, nil)
		ben.say(room, "swordfish again")
	}
	name, topic := "Lighthouse two", "topsecret two"
	ben.do(wire.CmdUpdateRoom, wire.UpdateRoom{Room: den.ID, Name: &name, Topic: &topic}, nil)
	cem.finds("swordfish", direct.ID+"/3", den.ID+"/3")

	secrets := []string{den.ID, direct.ID, "Lighthouse", "topsecret", "swordfish", "🐙"}
	for who, p := range attackers {
		for _, room := range []string{den.ID, direct.ID} {
			for what, ask := range waysIn(ben.me.ID) {
				got, want := ask(p, room), ask(p, "abcdefghijklmnop")
				clean := strings.ReplaceAll(string(got.body), room, "abcdefghijklmnop")
				if got.status != want.status || clean != string(want.body) && !strings.HasPrefix(string(got.body), "<!doctype") {
					t.Errorf("%s, %s: %d %.300s, want %d %.300s", who, what, got.status, got.body, want.status, want.body)
				}
				for _, secret := range secrets[2:] {
					if strings.Contains(string(got.body), secret) {
						t.Errorf("%s, %s: told %q", who, what, secret)
					}
				}
			}
		}
		told := map[string]string{}
		for _, path := range []string{
			"/sync", "/rooms", "/rooms?archived=true", "/sessions", "/tokens", "/invites", "/hooks", "/webhooks", "//", "//manifest.webmanifest", "//rooms/lobby",
			"/search?q=swordfish", "/search?q=topsecret", "/search?q=in:Lighthouse", "/search?q=in:" + den.ID, "/search?q=from:Ben", "/search?q=swordfish+in:" + direct.ID, "/audit",
			"/rooms/lobby/messages", "/rooms/lobby/export?format=ndjson", "/rooms/lobby/export?format=html",
		} {
			r := p.ask("GET", path, nil)
			told[path] = strings.ReplaceAll(strings.ReplaceAll(string(r.body), `"q"`, ""), "in:Lighthouse", "")
		}
		c.owner.say(wire.Lobby, "the end for "+who)
		f := p.follow("Short poll", starts[who], "page")
		for ended := false; !ended; {
			b := string(wire.Encode(f.next()))
			told["the feed"] += b
			ended = strings.Contains(b, "the end for "+who)
		}
		f.close()
		for where, words := range told {
			for _, secret := range secrets {
				// Who looks after the community sees that something was done in a private room, by its id.
				if strings.Contains(words, secret) && !(where == "/audit" && secret == den.ID) {
					t.Errorf("%s is told %q by %s: %.300s", who, secret, where, words)
				}
			}
		}
	}
}

// waysIn are all requests that name a room.
func waysIn(user string) map[string]func(p *person, room string) reply {
	ways := map[string]func(p *person, room string) reply{}
	command := func(name string, args func(room string) any) {
		ways[name] = func(p *person, room string) reply { return p.ask("POST", "/"+name, args(room)) }
	}
	query := func(path string) {
		ways[path] = func(p *person, room string) reply {
			return p.ask("GET", strings.ReplaceAll(path, "ROOM", room), nil)
		}
	}
	yes := true
	command(wire.CmdSend, func(room string) any { return wire.Send{Room: room, Text: "knock", Nonce: newNonce()} })
	command(wire.CmdEdit, func(room string) any { return wire.Edit{Room: room, Seq: 1, Text: "knock"} })
	command(wire.CmdDelete, func(room string) any { return wire.Delete{Room: room, Seq: 1} })
	command(wire.CmdReact, func(room string) any { return wire.React{Room: room, Seq: 1, Emoji: "👍", On: true} })
	command(wire.CmdRead, func(room string) any { return wire.Read{Room: room, Seq: 1} })
	command(wire.CmdUnread, func(room string) any { return wire.Unread{Room: room, Seq: 1} })
	command(wire.CmdTyping, func(room string) any { return wire.RoomRef{Room: room} })
	command(wire.CmdJoin, func(room string) any { return wire.RoomRef{Room: room} })
	command(wire.CmdLeave, func(room string) any { return wire.RoomRef{Room: room} })
	command(wire.CmdAddMember, func(room string) any { return wire.MemberRef{Room: room, User: user} })
	command(wire.CmdRemoveMember, func(room string) any { return wire.MemberRef{Room: room, User: user} })
	command(wire.CmdUpdateRoom, func(room string) any { return wire.UpdateRoom{Room: room, Archived: &yes} })
	command(wire.CmdSetNotify, func(room string) any { return wire.Notify{Room: room, Level: wire.NotifyAll} })
	command(wire.CmdCreateInvite, func(room string) any { return wire.CreateInvite{Role: wire.RoleGuest, Room: room} })
	command(wire.CmdCreateHook, func(room string) any { return wire.CreateHook{Room: room, Name: "Knock"} })
	for _, path := range []string{
		"/rooms/ROOM/messages", "/rooms/ROOM/messages?around=1", "/rooms/ROOM/messages?before=2", "/rooms/ROOM/messages/1/revisions", "/rooms/ROOM/export?format=html",
		"/rooms/ROOM/export?format=ndjson", "/search?q=swordfish&room=ROOM", "/search?q=in:ROOM", "//rooms/ROOM", "//rooms/ROOM?before=2",
	} {
		query(path)
	}
	ways["import"] = func(p *person, room string) reply { return p.send(p.importing(room+"/import", threeLines)) }
	return ways
}
