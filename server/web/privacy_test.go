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
