package client

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/shared/wire"
)

// change tells of the next revision of a message.
func (w *world) change(seq uint64, fn func(m *wire.Message)) {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	m := &w.server.messages["lobby"][seq-1]
	m.Rev++
	fn(m)
	changed := *m
	w.server.append(wire.Event{Message: &changed})
}

// mention says something that mentions.
func (w *world) mention(author, text string, ids ...string) {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	s := w.server
	m := wire.Message{Room: "lobby", Seq: uint64(len(s.messages["lobby"]) + 1), Author: author, Text: text, Mentions: ids, MentionsAll: len(ids) == 0}
	s.messages["lobby"] = append(s.messages["lobby"], m)
	s.rooms["lobby"].Head = m.Seq
	s.append(wire.Event{Message: &m})
}

func (w *world) lobby() RoomState {
	r, _ := w.client.Room("lobby")
	return r
}

// TestMentions: the unread mentions of a sync go on with the feed: new ones
// come, edits and deletions take them, reading ends them.
func TestMentions(t *testing.T) {
	for rung, bad := range lesser {
		inWorld(t, 60, func(w *world) {
			w.server.say("you", "lobby", "1")
			w.mention("you", "@me", "me")
			w.server.reads["lobby"] = 1
			w.server.mentions = map[string][]uint64{"lobby": {2}}
			w.starting(bad, rung)
			want := func(what string, seqs ...uint64) {
				t.Helper()
				w.until(what, 6*time.Second, func() bool { return slices.Equal(w.lobby().Mentions, seqs) })
			}
			want("in the sync", 2)
			w.mention("you", "@me @you", "you", "me")
			w.mention("you", "@you", "you")
			w.mention("you", "@room")
			want("new ones", 2, 3, 5)
			w.change(2, func(m *wire.Message) { m.Text, m.Deleted, m.Mentions = "", 9, nil })
			w.change(4, func(m *wire.Message) { m.Text, m.Mentions = "@me", []string{"me"} })
			want("one deleted, one edited in", 3, 4, 5)
			w.client.MarkRead("lobby", 3)
			if got := w.lobby().Mentions; !slices.Equal(got, []uint64{4, 5}) {
				t.Errorf("after reading: %v", got)
			}
			w.after(time.Second)
			w.server.tell(wire.Event{Read: &wire.Read{Room: "lobby", Seq: 1, Back: true, Mentions: []uint64{3, 4, 5}}})
			want("back", 3, 4, 5)
			if r := w.lobby(); r.Read != 1 || r.Unread != 4 {
				t.Errorf("moved back: %+v", r)
			}
			w.server.say("me", "lobby", "an answer")
			want("answered")
			if r := w.lobby(); r.Unread != 0 {
				t.Errorf("answered: %+v", r)
			}
			w.quiet()
		})
	}
}

// TestReadingIsToldSeldom: of ten messages in a second the first is told to be read
// at once, and the others together; at once, too, when the page may be about to end.
func TestReadingIsToldSeldom(t *testing.T) {
	inWorld(t, 62, func(w *world) {
		w.starting(weather{}, WebSocket)
		told := func() []string {
			w.server.mu.Lock()
			defer w.server.mu.Unlock()
			return slices.Clone(w.server.commands)
		}
		for i := range uint64(10) {
			w.server.say("you", "lobby", "hi")
			w.until("it came", time.Second, func() bool { return w.lobby().Head == i+1 })
			w.client.MarkRead("lobby", i+1)
			w.after(readPause / 20)
			if i == 0 && !slices.Equal(told(), []string{"read 1"}) {
				t.Errorf("at first %q is told", told())
			}
		}
		w.after(2 * readPause)
		if got := told(); len(got) > 3 || got[len(got)-1] != "read 10" {
			t.Errorf("of ten messages %q is told", got)
		}
		for range 2 {
			w.server.say("you", "lobby", "hi")
		}
		w.until("they came", time.Second, func() bool { return w.lobby().Head == 12 })
		w.client.MarkRead("lobby", 11)
		w.after(readPause / 20)
		w.client.MarkRead("lobby", 12)
		w.client.Keep()
		w.after(readPause / 20)
		if got := told(); got[len(got)-1] != "read 12" {
			t.Errorf("when the page may end %q is told", got)
		}
	})
}

// TestUnreadStays: what one has marked as unread is not read again by what the
// server was still to be told.
func TestUnreadStays(t *testing.T) {
	inWorld(t, 61, func(w *world) {
		for range 5 {
			w.server.say("you", "lobby", "hi")
		}
		w.starting(weather{}, WebSocket)
		busy := true
		w.server.refuse = func(cmd string) *wire.Problem {
			if cmd == wire.CmdRead && busy {
				return wire.Errorf(wire.CodeUnavailable, "Later.").After(5)
			}
			return nil
		}
		w.client.MarkRead("lobby", 5)
		w.after(time.Second)
		w.server.tell(wire.Event{Read: &wire.Read{Room: "lobby", Seq: 2, Back: true}}) // on another device
		w.until("moved back", time.Second, func() bool { return w.lobby().Read == 2 })
		w.client.MarkRead("lobby", 4)
		w.after(time.Second)
		if err := w.client.MarkUnread(w.Context(), "lobby", 2); err != nil {
			t.Fatal(err)
		}
		w.server.tell(wire.Event{Read: &wire.Read{Room: "lobby", Seq: 1, Back: true}})
		w.server.mu.Lock()
		busy = false
		w.server.mu.Unlock()
		w.after(time.Minute)
		w.server.mu.Lock()
		defer w.server.mu.Unlock()
		if !slices.Equal(w.server.commands, []string{wire.CmdUnread}) || w.server.reads["lobby"] != 0 {
			t.Errorf("commands: %v", w.server.commands)
		}
	})
}

func TestNotify(t *testing.T) {
	inWorld(t, 62, func(w *world) {
		w.server.notify = []wire.Notify{{Room: "lobby", Level: wire.NotifyAll, Muted: true}}
		w.starting(weather{}, WebSocket)
		if r := w.lobby(); r.Notify != wire.NotifyAll || !r.Muted {
			t.Errorf("%+v", r)
		}
		w.server.tell(wire.Event{Notify: &wire.Notify{Room: "lobby", Level: wire.NotifyNothing}})
		w.until("chosen elsewhere", time.Second, func() bool { r := w.lobby(); return r.Notify == wire.NotifyNothing && !r.Muted })
		w.addRoom("d", "", "me")
		w.server.mu.Lock()
		w.server.append(wire.Event{Room: &wire.Room{ID: "e", Kind: wire.KindDirect}})
		w.server.mu.Unlock()
		w.until("direct", time.Second, func() bool {
			d, ok1 := w.client.Room("d")
			e, ok2 := w.client.Room("e")
			return ok1 && ok2 && d.Notify == wire.NotifyMentions && e.Notify == wire.NotifyAll
		})
		levels := func() string {
			l, _ := w.client.Room("lobby")
			d, _ := w.client.Room("d")
			e, _ := w.client.Room("e")
			return fmt.Sprintf("%s %s %s %s", w.client.Notify(), l.Notify, d.Notify, e.Notify)
		}
		for _, c := range []struct {
			told wire.Notify
			want string
		}{
			{wire.Notify{Level: wire.NotifyAll}, "all nothing all all"},
			{wire.Notify{Level: wire.NotifyNothing}, "nothing nothing nothing nothing"},
			{wire.Notify{Level: wire.NotifyMentions}, "mentions nothing mentions all"},
			{wire.Notify{Room: "lobby"}, "mentions mentions mentions all"},
		} {
			w.server.tell(wire.Event{Notify: &c.told})
			w.until(c.want, time.Second, func() bool { return levels() == c.want })
		}
	})
}

// TestRoomChanges: a room is renamed and archived, and stays what else it was.
func TestRoomChanges(t *testing.T) {
	inWorld(t, 63, func(w *world) {
		w.server.say("you", "lobby", "1")
		w.starting(weather{}, WebSocket)
		before := w.lobby()
		w.server.tell(wire.Event{Room: &wire.Room{ID: "lobby", Kind: wire.KindPublic, Name: "Hall", Topic: "T", Creator: "you", Archived: true, Head: 1}})
		w.until("changed", time.Second, func() bool { return w.lobby().Archived })
		if r := w.lobby(); r.Name != "Hall" || r.Topic != "T" || r.Head != 1 || !slices.Equal(r.Members, before.Members) {
			t.Errorf("%+v", r)
		}
	})
}

// TestOwnRole: who becomes a guest, or ends being one, knows others than
// before, and reads the state anew.
func TestOwnRole(t *testing.T) {
	for rung, bad := range lesser {
		inWorld(t, 64, func(w *world) {
			w.starting(bad, rung)
			w.server.mu.Lock()
			me := w.server.me
			me.Role = wire.RoleGuest
			w.server.me = me
			w.server.rooms["found"] = &wire.Room{ID: "found", Kind: wire.KindPublic, Name: "Found"}
			w.server.append(wire.Event{User: &me})
			w.server.mu.Unlock()
			w.until("read anew", 10*time.Second, func() bool { _, ok := w.client.Room("found"); return ok && w.client.Me().Role == wire.RoleGuest })
			w.on(rung, 10*time.Second)
			w.server.say("you", "lobby", "still here")
			w.level(6 * time.Second)
		})
	}
}

// TestQuotes: what a message replies to is known from the page of history, from
// the timeline, or asked for once, and follows edits.
func TestQuotes(t *testing.T) {
	inWorld(t, 65, func(w *world) {
		for range 80 {
			w.server.say("you", "lobby", "hi")
		}
		w.starting(weather{}, WebSocket)
		if err := w.client.LoadNewest(w.Context(), "lobby"); err != nil {
			t.Fatal(err)
		}
		if q, ok := w.client.Quote("lobby", 80); !ok || q.Text != "hi" || q.Author != "you" {
			t.Errorf("in the timeline: %+v %v", q, ok)
		}
		if q, ok := w.client.Quote("lobby", 3); ok {
			t.Errorf("before it was asked for: %+v", q)
		}
		w.until("asked for", 5*time.Second, func() bool { _, ok := w.client.Quote("lobby", 3); return ok })
		w.change(3, func(m *wire.Message) { m.Text = "edited" })
		w.until("edited", 5*time.Second, func() bool { q, _ := w.client.Quote("lobby", 3); return q.Text == "edited" })
		w.change(3, func(m *wire.Message) { m.Text, m.Deleted = "", 9 })
		w.until("deleted", 5*time.Second, func() bool { q, _ := w.client.Quote("lobby", 3); return q.Deleted && q.Text == "" })

		nonce, err := w.client.Reply("lobby", "yes", 3)
		if err != nil {
			t.Fatal(err)
		}
		w.until("sent", 5*time.Second, func() bool {
			w.server.mu.Lock()
			defer w.server.mu.Unlock()
			return w.server.nonces[nonce].ReplyTo == 3
		})
	})
}

// TestOverlapOfAnEdit: two streams give the same revision of a message with
// other texts when it was edited in between; it is the same event.
func TestOverlapOfAnEdit(t *testing.T) {
	var o overlap
	first := wire.Event{Message: &wire.Message{Room: "r", Seq: 1, Text: "as it was"}}
	o.applied([]wire.Event{first})
	again := wire.Event{Message: &wire.Message{Room: "r", Seq: 1, Text: "as it is", Edited: 7}}
	next := wire.Event{Message: &wire.Message{Room: "r", Seq: 1, Rev: 1, Text: "as it is", Edited: 7}}
	if fresh, level, err := o.fresh([]wire.Event{again, next}); err != nil || !level || len(fresh) != 1 {
		t.Errorf("fresh %v, level %v, %v", fresh, level, err)
	}
}
