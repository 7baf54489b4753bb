package client

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/shared/wire"
)

func TestTypingFades(t *testing.T) {
	inWorld(t, 50, func(w *world) {
		w.starting(weather{}, WebSocket)
		typing := func() []string {
			r, _ := w.client.Room("lobby")
			return r.Typing
		}
		say := func(user string) {
			w.server.whisper(wire.Event{Typing: &wire.Typing{Room: "lobby", User: user}})
			w.after(50 * ms)
		}
		say("you")
		say("me") // oneself is left out
		if got := typing(); !slices.Equal(got, []string{"you"}) {
			t.Errorf("typing: %q", got)
		}
		w.after(wire.TypingLife - 200*ms)
		if len(typing()) != 1 {
			t.Error("faded too early")
		}
		w.after(200 * ms)
		if got := typing(); len(got) != 0 {
			t.Errorf("did not fade: %q", got)
		}
		say("you")
		w.server.say("you", "lobby", "done")
		w.after(50 * ms)
		if got := typing(); len(got) != 0 {
			t.Errorf("still typing after the message: %q", got)
		}
	})
}

func TestTypingIsThrottled(t *testing.T) {
	inWorld(t, 51, func(w *world) {
		w.client = New(Config{Net: w.net})
		w.client.Typing("lobby") // nobody is connected
		w.starting(weather{}, WebSocket)
		for range 70 { // a key every 100 ms
			w.client.Typing("lobby")
			w.after(100 * ms)
		}
		w.server.mu.Lock()
		defer w.server.mu.Unlock()
		if n := len(w.server.commands); n != 3 {
			t.Errorf("%d commands: %v", n, w.server.commands)
		}
	})
}

// TestTypingAfterSending: a message takes the others' notice away, so writing
// the next one is told at once.
func TestTypingAfterSending(t *testing.T) {
	inWorld(t, 57, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.client.Typing("lobby")
		w.after(100 * ms)
		if _, err := w.client.Send("lobby", "one"); err != nil {
			t.Fatal(err)
		}
		w.after(100 * ms)
		w.client.Typing("lobby")
		w.after(100 * ms)
		w.server.mu.Lock()
		defer w.server.mu.Unlock()
		if n := len(w.server.commands); n != 3 || w.server.commands[2] != wire.CmdTyping {
			t.Errorf("commands: %v", w.server.commands)
		}
	})
}

func TestPresence(t *testing.T) {
	for _, rung := range []Rung{WebSocket, SSE} {
		inWorld(t, 52, func(w *world) {
			w.server.online = []string{"me", "you"}
			w.starting(lesser[rung], rung)
			w.after(time.Second)
			if !w.client.Online("you") {
				t.Fatal("not online")
			}
			w.server.whisper(wire.Event{Presence: &wire.Presence{User: "ann", Online: true}})
			w.after(time.Second)
			if !w.client.Online("ann") || !w.client.Online("you") {
				t.Error("not both are online")
			}
			// Who leaves while we are away is not named by the next stream.
			w.server.end(errKilled)
			w.server.mu.Lock()
			w.server.online = []string{"me", "ann"}
			w.server.mu.Unlock()
			w.after(time.Second)
			if w.client.Online("you") || !w.client.Online("ann") {
				t.Errorf("you: %v, ann: %v", w.client.Online("you"), w.client.Online("ann"))
			}
		})
	}
}

func TestReads(t *testing.T) {
	for rung, bad := range lesser {
		inWorld(t, 53, func(w *world) {
			w.server.say("you", "lobby", "1")
			w.server.say("you", "lobby", "2")
			w.server.reads["lobby"] = 1
			w.starting(bad, rung)
			room := func() RoomState { r, _ := w.client.Room("lobby"); return r }
			if r := room(); r.Unread != 1 || r.Read != 1 || r.Head != 2 {
				t.Errorf("%+v", r)
			}
			w.server.say("you", "lobby", "3")
			w.level(6 * time.Second)
			w.client.MarkRead("lobby", 3)
			w.client.MarkRead("lobby", 2) // not backwards
			if r := room(); r.Unread != 0 || r.Read != 3 {
				t.Errorf("%+v", r)
			}
			w.after(time.Second)
			w.server.mu.Lock()
			if !slices.Equal(w.server.commands, []string{"read 3"}) {
				t.Errorf("commands: %v", w.server.commands)
			}
			w.server.mu.Unlock()
			// Another device reads.
			w.server.say("you", "lobby", "4")
			w.server.tell(wire.Event{Read: &wire.Read{Room: "lobby", Seq: 4}})
			w.until("read", 6*time.Second, func() bool { return room().Read == 4 })
			// The network is away, and back.
			w.server.say("you", "lobby", "5")
			w.level(6 * time.Second)
			w.net.set(weather{down: true})
			w.server.end(errKilled)
			w.client.MarkRead("lobby", 5)
			w.after(time.Minute)
			w.net.set(bad)
			w.client.Wake("online")
			w.until("read on the server", 5*time.Second, func() bool {
				w.server.mu.Lock()
				defer w.server.mu.Unlock()
				return w.server.reads["lobby"] == 5
			})
		})
	}
}

// TestOwnMessagesAreRead: what one has said oneself, here or on another device,
// is not unread, nor is what it was an answer to; others' messages after it are.
func TestOwnMessagesAreRead(t *testing.T) {
	for rung, bad := range lesser {
		inWorld(t, 56, func(w *world) {
			w.starting(bad, rung)
			w.server.say("you", "lobby", "1")
			w.server.say("me", "lobby", "2")
			w.server.say("you", "lobby", "3")
			w.level(6 * time.Second)
			if r, _ := w.client.Room("lobby"); r.Unread != 1 || r.Read != 2 {
				t.Errorf("%+v", r)
			}
			// The server knows it by itself: there is nothing to tell it.
			w.server.say("me", "lobby", "4")
			w.level(6 * time.Second)
			w.client.MarkRead("lobby", 4)
			w.after(time.Second)
			w.server.mu.Lock()
			defer w.server.mu.Unlock()
			if len(w.server.commands) != 0 || w.server.reads["lobby"] != 4 {
				t.Errorf("commands: %v", w.server.commands)
			}
		})
	}
}

// addRoom makes a room as a command of somebody's does, by events.
func (w *world) addRoom(id, name string, members ...string) {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	r := &wire.Room{ID: id, Kind: wire.KindPublic, Name: name}
	bare := *r
	r.Members = members
	w.server.rooms[id] = r
	w.server.append(wire.Event{Room: &bare})
	for _, m := range members {
		w.server.append(wire.Event{Member: &wire.Member{Room: id, User: m}})
	}
}

func TestRoomsAndMembers(t *testing.T) {
	inWorld(t, 54, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.addRoom("b", "bees", "ann", "me")
		w.addRoom("a", "Apples", "me", "you")
		w.server.tell(wire.Event{User: &wire.User{ID: "ann", Name: "Ann", Role: wire.RoleMember}})
		w.server.tell(wire.Event{Member: &wire.Member{Room: "a", User: "ann"}}) // after the sync, maybe
		w.after(time.Second)
		var names []string
		for _, r := range w.client.Rooms() {
			names = append(names, fmt.Sprint(r.Name, r.Members))
		}
		want := []string{"Lobby[me you]", "Apples[ann me you]", "bees[ann me]"}
		if !slices.Equal(names, want) {
			t.Errorf("rooms %v, want %v", names, want)
		}
		if u, ok := w.client.User("ann"); !ok || u.Name != "Ann" {
			t.Errorf("ann is %+v", u)
		}
		names = nil
		for _, u := range w.client.Users() {
			names = append(names, u.Name)
		}
		if !slices.Equal(names, []string{"Ann", "Me", "You"}) {
			t.Errorf("users %v", names)
		}

		w.server.tell(wire.Event{Member: &wire.Member{Room: "a", User: "you", Left: true}})
		w.server.tell(wire.Event{Room: &wire.Room{ID: "a", Kind: wire.KindPublic, Name: "Pears", Topic: "fruit"}})
		w.after(time.Second)
		if r, _ := w.client.Room("a"); r.Name != "Pears" || r.Topic != "fruit" || !slices.Equal(r.Members, []string{"ann", "me"}) {
			t.Errorf("%+v", r)
		}
		w.server.tell(wire.Event{Member: &wire.Member{Room: "a", User: "me", Left: true}})
		w.after(time.Second)
		if _, ok := w.client.Room("a"); ok {
			t.Error("still in a room that was left")
		}
		w.quiet()
	})
}

// A room that one enters long after its beginning: its head is the event's.
func TestEnterAnOldRoom(t *testing.T) {
	inWorld(t, 55, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.server.mu.Lock()
		w.server.rooms["old"] = &wire.Room{ID: "old", Kind: wire.KindPublic, Name: "old", Head: 3}
		for i := range 3 {
			w.server.messages["old"] = append(w.server.messages["old"], wire.Message{Room: "old", Seq: uint64(i + 1), Author: "you", Text: "x"})
		}
		room := *w.server.rooms["old"]
		w.server.append(wire.Event{Room: &room})
		w.server.mu.Unlock()
		w.server.say("you", "old", "welcome")
		w.after(time.Second)
		if err := w.client.LoadNewest(context.Background(), "old"); err != nil {
			t.Fatal(err)
		}
		line := w.client.Timeline("old")
		if len(line.Messages) != 4 || !line.AtStart {
			t.Errorf("%+v", line)
		}
		w.quiet()
	})
}

// Events of types that this version does not know are passed over, on links
// that take over too.
func TestUnknownEvents(t *testing.T) {
	inWorld(t, 60, func(w *world) {
		w.net.set(weather{ws: fault{slow: 3 * time.Second}})
		w.run()
		w.on(SSE, 2*time.Second)
		w.load()
		for range 20 {
			w.server.tell(wire.Event{})
			w.server.say("you", "lobby", "x")
		}
		w.on(WebSocket, 5*time.Second)
		w.level(time.Second)
		w.exact()
	})
}

// Changes come in order, one at a time, until they are no longer wanted.
func TestWatch(t *testing.T) {
	inWorld(t, 61, func(w *world) {
		w.starting(weather{}, WebSocket)
		inside, calls := false, 0
		cancel := w.client.Watch(func(Change) {
			if inside {
				t.Error("called while it runs")
			}
			inside = true
			calls++
			w.client.Rooms()
			time.Sleep(5 * ms)
			inside = false
		})
		for range 3000 { // more than may wait
			w.server.say("you", "lobby", "x")
		}
		w.after(30 * time.Second)
		if calls == 0 || calls > maxWaiting+100 {
			t.Errorf("%d calls", calls)
		}
		cancel()
		before := calls
		w.server.say("you", "lobby", "x")
		w.after(time.Second)
		if calls != before {
			t.Error("called after it was cancelled")
		}
		w.exact()
	})
}

// What a client gives is a copy: changing it changes nothing. Messages are
// shared, as there may be thousands, but adding to their list is one's own affair.
func TestCopies(t *testing.T) {
	inWorld(t, 62, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.server.say("you", "lobby", "x")
		w.level(time.Second)
		ours := w.client.Timeline("lobby").Messages
		w.server.say("you", "lobby", "x, too")
		w.level(time.Second)
		ours = append(ours, wire.Message{Text: "y"})
		r, _ := w.client.Room("lobby")
		r.Members[0] = "z"
		w.client.Users()[0].Name = "Z"
		r, _ = w.client.Room("lobby")
		if w.client.Timeline("lobby").Messages[len(ours)-1].Text != "x, too" || r.Members[0] != "me" || w.client.Users()[0].Name != "Me" {
			t.Error("the state was changed from outside")
		}
	})
}
