package web

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/shared/wire"
)

// Edits, reactions and deletions come over every transport, live and to who
// was away, to whom a deleted text is not told any more.
func TestChangesOnEveryTransport(t *testing.T) {
	const secret = "swordfish"
	for _, transport := range transports {
		t.Run(transport, func(t *testing.T) {
			c := newCommunity(t)
			ann := c.member("Ann")
			start := ann.cursor()
			live := ann.follow(transport, start, "")
			defer live.close()
			m := c.owner.say(wire.Lobby, secret)
			c.owner.do(wire.CmdEdit, wire.Edit{Room: wire.Lobby, Seq: m.Seq, Text: secret + "!"}, nil)
			ann.do(wire.CmdReact, wire.React{Room: wire.Lobby, Seq: m.Seq, Emoji: "🐟", On: true}, nil)
			c.owner.do(wire.CmdDelete, wire.Delete{Room: wire.Lobby, Seq: m.Seq}, nil)
			wantRevs := func(what string, f follower) (texts string) {
				t.Helper()
				var revs []uint64
				for len(revs) < 4 {
					for _, e := range f.next().Events {
						if e.Message != nil {
							revs = append(revs, e.Message.Rev)
							texts += e.Message.Text
						}
					}
				}
				for i, rev := range revs {
					if rev != uint64(i) {
						t.Errorf("%s: revs %v", what, revs)
					}
				}
				return texts
			}
			wantRevs("live", live)
			away := ann.follow(transport, start, "")
			defer away.close()
			if texts := wantRevs("away", away); texts != "" {
				t.Errorf("the log still tells %q", texts)
			}
		})
	}
}

// TestDevicesAgree: what one device reads, or takes for unread, its person's other
// devices know within a second, over every transport that the server can push on.
func TestDevicesAgree(t *testing.T) {
	for _, transport := range transports[:3] {
		t.Run(transport, func(t *testing.T) {
			c := newCommunity(t)
			ben := c.member("Ben")
			phone := c.stranger()
			phone.enter("/login", wire.Login{Name: "Ada", Password: "correct horse"})
			first := ben.say(wire.Lobby, "@Ada one")
			last := ben.say(wire.Lobby, "@Ada two")
			f := phone.follow(transport, phone.cursor(), "")
			defer f.close()
			if transport != "Long poll" { // whose first answer is what we wait for
				f.next()
			}
			told := func() wire.Read {
				t.Helper()
				for {
					for _, e := range f.next().Events {
						if e.Read != nil {
							return *e.Read
						}
					}
				}
			}
			for _, act := range []struct {
				cmd  string
				args any
				want wire.Read
			}{
				{wire.CmdRead, wire.Read{Room: wire.Lobby, Seq: last.Seq}, wire.Read{Room: wire.Lobby, Seq: last.Seq}},
				{wire.CmdUnread, wire.Unread{Room: wire.Lobby, Seq: first.Seq}, wire.Read{Room: wire.Lobby, Back: true, Mentions: []uint64{first.Seq, last.Seq}}},
				{wire.CmdRead, wire.Read{Room: wire.Lobby, Seq: first.Seq}, wire.Read{Room: wire.Lobby, Seq: first.Seq}},
			} {
				began := time.Now()
				c.owner.do(act.cmd, act.args, nil)
				if got := told(); !reflect.DeepEqual(got, act.want) {
					t.Errorf("%s: told %+v, want %+v", act.cmd, got, act.want)
				}
				if took := time.Since(began); took > time.Second {
					t.Errorf("%s: told after %v", act.cmd, took)
				}
			}
			var s wire.Sync
			phone.get("/sync", &s)
			if s.Reads[wire.Lobby] != first.Seq || !slices.Equal(s.Mentions[wire.Lobby], []uint64{last.Seq}) {
				t.Errorf("in the end: read %v, mentions %v", s.Reads, s.Mentions)
			}
		})
	}
}

// TestEditedTwiceAtOnce: of two edits at once from two devices the later wins, and
// both devices see both, over every transport.
func TestEditedTwiceAtOnce(t *testing.T) {
	for _, transport := range transports {
		t.Run(transport, func(t *testing.T) {
			c := newCommunity(t)
			phone := c.stranger()
			phone.enter("/login", wire.Login{Name: "Ada", Password: "correct horse"})
			m := c.owner.say(wire.Lobby, "as it was")
			start := c.owner.cursor()
			devices := []*person{c.owner, phone}
			var answers [2]wire.Message
			var followers [2]follower
			for i, p := range devices {
				followers[i] = p.follow(transport, start, "")
				defer followers[i].close()
			}
			var edits sync.WaitGroup
			for i, p := range devices {
				r := p.request(http.MethodPost, "/edit", wire.Edit{Room: wire.Lobby, Seq: m.Seq, Text: fmt.Sprint("from device ", i)})
				edits.Go(func() { p.send(r).into(t, &answers[i]) })
			}
			edits.Wait()
			last := answers[0]
			if answers[1].Rev > last.Rev {
				last = answers[1]
			}
			if answers[0].Rev+answers[1].Rev != 3 {
				t.Fatalf("the answers are %+v", answers)
			}
			for i, f := range followers {
				var told []wire.Message
				for len(told) < 2 {
					for _, e := range f.next().Events {
						if e.Message != nil {
							told = append(told, *e.Message)
						}
					}
				}
				if told[0].Rev != 1 || told[1].Rev != 2 || told[1].Text != last.Text {
					t.Errorf("device %d is told %+v, want %q in the end", i, told, last.Text)
				}
			}
			if now := c.owner.all(wire.Lobby)[m.Seq-1]; now.Text != last.Text || now.Rev != 2 {
				t.Errorf("in the end it is %+v", now)
			}
			var said wire.RevisionList
			phone.get(fmt.Sprintf("/rooms/lobby/messages/%d/revisions", m.Seq), &said)
			if len(said.Revisions) != 2 || said.Revisions[0].Text != "as it was" {
				t.Errorf("it said %+v", said)
			}
		})
	}
}

// Who is deactivated is out at once, by every door.
func TestDeactivatedIsOut(t *testing.T) {
	c := newCommunity(t)
	ann := c.member("Ann")
	bot, _ := c.bot("robot")
	var token wire.Token
	ann.do(wire.CmdCreateToken, wire.CreateToken{Name: "Ann's own"}, &token)
	own := &person{c: c, token: token.Token} // whose token she knows
	var hook wire.Hook
	ann.do(wire.CmdCreateHook, wire.CreateHook{Room: wire.Lobby, Name: "Ann's hook"}, &hook)
	annID, botID := me(ann), me(bot)
	var sockets []*socketFollower
	for _, p := range []*person{ann, bot, own} {
		sockets = append(sockets, p.follow("WebSocket", "", "").(*socketFollower))
	}
	for _, ws := range sockets {
		ws.next()
	}
	for _, id := range []string{annID, botID} {
		var u wire.User
		c.owner.do(wire.CmdDeactivate, wire.UserRef{User: id}, &u)
		if !u.Deactivated {
			t.Errorf("got %+v", u)
		}
	}
	for _, ws := range sockets {
		if code := ws.closed(); code != wire.CloseUnauthorized {
			t.Errorf("closed with %d", code)
		}
	}
	c.stranger().ask(http.MethodPost, "/"+strings.TrimPrefix(hook.URL, c.url), `{"text": "hi"}`).wants(t, wire.CodeNotFound)
	for _, p := range []*person{ann, bot, own} {
		p.ask(http.MethodGet, "/sync", nil).wants(t, wire.CodeUnauthenticated)
		p.ask(http.MethodPost, "/send", wire.Send{Room: wire.Lobby, Text: "hi", Nonce: "n"}).wants(t, wire.CodeUnauthenticated)
	}
	c.owner.do(wire.CmdReactivate, wire.UserRef{User: annID}, nil)
	c.owner.ask(http.MethodPost, "/reactivate", wire.UserRef{User: botID}).wants(t, wire.CodeConflict)
	ann.ask(http.MethodGet, "/sync", nil).wants(t, wire.CodeUnauthenticated) // the old login stays ended
}

func me(p *person) string {
	var s wire.Sync
	p.get("/sync", &s)
	return s.Me.ID
}

// A new password, and a login that is revoked, end the other devices' feeds and
// leave one's own.
func TestLoginsEnd(t *testing.T) {
	c := newCommunity(t)
	phone, tablet := c.stranger(), c.stranger()
	phone.enter("/login", wire.Login{Name: "Ada", Password: "correct horse"})
	tablet.enter("/login", wire.Login{Name: "Ada", Password: "correct horse"})
	own := c.owner.follow("WebSocket", "", "").(*socketFollower)
	own.next()
	feeds := map[*person]*socketFollower{}
	for _, p := range []*person{phone, tablet} {
		feeds[p] = p.follow("WebSocket", "", "").(*socketFollower)
		feeds[p].next()
	}
	var list wire.SessionList
	phone.get("/sessions", &list)
	if len(list.Sessions) != 3 || strings.Contains(string(wire.Encode(list)), "session=") {
		t.Fatalf("%+v", list)
	}
	for _, s := range list.Sessions {
		if s.Current {
			c.owner.do(wire.CmdRevokeSession, wire.SessionRef{ID: s.ID}, nil)
		}
	}
	if code := feeds[phone].closed(); code != wire.CloseUnauthorized {
		t.Errorf("the phone closed with %d", code)
	}
	id := me(c.owner)
	frame := own.reply(own.start(wire.CmdSetPassword, wire.SetPassword{User: id, Password: "another horse", Current: "wrong"}))
	if frame.Error == nil || frame.Error.Code != wire.CodeForbidden {
		t.Errorf("with the wrong one: %+v", frame)
	}
	frame = own.reply(own.start(wire.CmdSetPassword, wire.SetPassword{User: id, Password: "another horse", Current: "correct horse"}))
	if frame.Error != nil || strings.Contains(string(frame.Result), "argon2") {
		t.Errorf("%+v %s", frame, frame.Result)
	}
	if code := feeds[tablet].closed(); code != wire.CloseUnauthorized {
		t.Errorf("the tablet closed with %d", code)
	}
	if frame := own.reply(own.start(wire.CmdPing, nil)); frame.Error != nil {
		t.Errorf("one's own: %v", frame.Error)
	}
}

// Guessing somebody's current password from a page that was left open is slow.
func TestSetPasswordIsThrottled(t *testing.T) {
	c := newCommunity(t, func(_ *Config, t *times) { t.heartbeat = time.Second })
	id := me(c.owner)
	for range nameBurst {
		c.owner.ask(http.MethodPost, "/set-password", wire.SetPassword{User: id, Password: "another horse", Current: "wrong"}).wants(t, wire.CodeForbidden)
	}
	if p := c.owner.ask(http.MethodPost, "/set-password", wire.SetPassword{User: id, Password: "another horse", Current: "correct horse"}).wants(t, wire.CodeRateLimited); p.RetryAfter < 1 {
		t.Errorf("%+v", p)
	}
}

func TestSettingsQueriesRefuse(t *testing.T) {
	c := newCommunity(t)
	ann := c.member("Ann")
	m := c.owner.say(wire.Lobby, "hi")
	for path, code := range map[string]wire.Code{
		"/audit":                                   wire.CodeForbidden,
		"/audit?before=0":                          wire.CodeBadRequest,
		"/audit?before=x":                          wire.CodeBadRequest,
		"/audit?limit=0":                           wire.CodeBadRequest,
		"/audit?limit=%zz":                         wire.CodeBadRequest,
		"/rooms?archived=maybe":                    wire.CodeBadRequest,
		"/rooms/lobby/messages/x/revisions":        wire.CodeBadRequest,
		"/rooms/lobby/messages/-1/revisions":       wire.CodeBadRequest,
		"/rooms/lobby/messages/0/revisions":        wire.CodeNotFound,
		"/rooms/lobby/messages/99/revisions":       wire.CodeNotFound,
		"/rooms/lobby/messages/1/revisions":        wire.CodeForbidden,
		"/rooms/no-such-room/messages/1/revisions": wire.CodeNotFound,
	} {
		ann.ask(http.MethodGet, path, nil).wants(t, code)
		c.stranger().ask(http.MethodGet, path, nil).wants(t, wire.CodeUnauthenticated)
	}
	var list wire.RevisionList
	c.owner.get("/rooms/lobby/messages/1/revisions", &list)
	if m.Seq != 1 || len(list.Revisions) != 0 {
		t.Errorf("%+v", list)
	}
	for _, path := range []string{"/sessions", "/tokens", "/invites"} {
		ann.get(path, nil)
		c.stranger().ask(http.MethodGet, path, nil).wants(t, wire.CodeUnauthenticated)
	}
}
