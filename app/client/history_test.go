package client

import (
	"context"
	"fmt"
	"testing"
	"time"

	"parley/shared/wire"
)

func TestHistory(t *testing.T) {
	inWorld(t, 56, func(w *world) {
		for i := range 120 {
			w.server.say("you", "lobby", fmt.Sprint(i+1))
		}
		w.starting(weather{}, WebSocket)
		check := func(first int, start bool) {
			t.Helper()
			line := w.client.Timeline("lobby")
			if line.Messages[0].Seq != uint64(first) || line.AtStart != start || line.Loading || line.Err != nil {
				t.Errorf("from %d, at start %v, loading %v, %v", line.Messages[0].Seq, line.AtStart, line.Loading, line.Err)
			}
			for i, m := range line.Messages {
				if m.Seq != uint64(first+i) {
					t.Fatalf("message %d in the place of %d", m.Seq, first+i)
				}
			}
		}
		older := func() {
			t.Helper()
			if err := w.client.LoadOlder(context.Background(), "lobby"); err != nil {
				t.Fatal(err)
			}
		}
		check(71, false)
		older()
		check(21, false)
		w.net.set(weather{http: fault{refuse: 502}})
		if err := w.client.LoadOlder(context.Background(), "lobby"); err == nil || w.client.Timeline("lobby").Err == nil {
			t.Error("a load that failed has no error")
		}
		w.net.set(weather{})
		older()
		check(1, true)
		older()
		check(1, true)
		w.load() // what is there already stays
		check(1, true)
	})
}

// A room of exactly a page begins there; an empty one too.
func TestHistoryOfShortRooms(t *testing.T) {
	for _, n := range []int{0, 1, page - 1, page} {
		inWorld(t, 57, func(w *world) {
			for range n {
				w.server.say("you", "lobby", "x")
			}
			w.starting(weather{}, WebSocket)
			if line := w.client.Timeline("lobby"); len(line.Messages) != n || !line.AtStart {
				t.Errorf("%d messages, at start %v", len(line.Messages), line.AtStart)
			}
			w.server.say("you", "lobby", "and one more")
			w.level(time.Second)
			w.exact()
		})
	}
}

// The feed and history race each other: no message is missing, no newer
// revision is undone.
func TestHistoryBesideTheFeed(t *testing.T) {
	for seed := range uint64(30) {
		inWorld(t, seed, func(w *world) {
			w.net.delay = time.Duration(seed) * 7 * ms
			w.run()
			w.on(WebSocket, 5*time.Second)
			stop := w.talk(11 * ms)
			w.after(time.Second)
			for i := range 10 {
				w.server.edit("lobby", uint64(i*5+1), "edited")
				w.load()
				w.after(20 * ms)
				if i%3 == 0 {
					_ = w.client.LoadOlder(context.Background(), "lobby")
				}
			}
			stop()
			w.level(5 * time.Second)
			w.exact()
		})
	}
}

// A hole in the feed is a bug of the server's: it is reported, and mended.
func TestHoleIsMended(t *testing.T) {
	for _, rest := range []int{1, 500} {
		for _, fail := range []bool{false, true} {
			inWorld(t, 58, func(w *world) {
				w.starting(weather{}, WebSocket)
				w.server.say("you", "lobby", "heard")
				w.after(time.Second)
				w.server.mu.Lock()
				for range rest { // stored, but not told
					w.server.messages["lobby"] = append(w.server.messages["lobby"], wire.Message{
						Room: "lobby", Seq: uint64(len(w.server.messages["lobby"]) + 1), Author: "you", Text: "unheard",
					})
				}
				w.server.mu.Unlock()
				if fail {
					w.net.set(weather{http: fault{refuse: 502}})
				}
				w.server.say("you", "lobby", "heard again")
				w.after(time.Second)
				w.net.set(weather{})
				w.server.say("you", "lobby", "and on")
				w.until("mended", 20*time.Second, func() bool {
					return len(w.client.Timeline("lobby").Messages) == rest+3
				})
				if len(w.log()) != 1 {
					t.Errorf("reported: %q", w.log())
				}
			})
		}
	}
}

// A hole that history has too cannot be mended, and must not stop the room.
func TestHoleInHistory(t *testing.T) {
	inWorld(t, 59, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.server.say("you", "lobby", "1")
		w.after(time.Second)
		m := wire.Message{Room: "lobby", Seq: 5, Author: "you", Text: "5"}
		w.server.tell(wire.Event{Message: &m})
		w.after(10 * time.Second)
		m6 := m
		m6.Seq = 6
		w.server.tell(wire.Event{Message: &m6})
		w.after(10 * time.Second)
		line := w.client.Timeline("lobby")
		if n := len(line.Messages); n != 3 || line.Messages[2].Seq != 6 {
			t.Errorf("%+v", line.Messages)
		}
	})
}

// Of two revisions of a message the newer one stays, in whatever order and from
// wherever they come.
func TestRevisions(t *testing.T) {
	rev := func(seq uint64, rev uint64) wire.Message {
		return wire.Message{Room: "lobby", Seq: seq, Rev: rev, Text: fmt.Sprint(rev)}
	}
	l := timeline{wanted: true}
	l.take(rev(2, 3)) // before anything is loaded
	l.take(rev(2, 1))
	l.merge([]wire.Message{rev(1, 5), rev(2, 2)}, true)
	if shown, _ := l.take(rev(1, 4)); shown {
		t.Error("an older revision was shown")
	}
	if shown, _ := l.take(rev(1, 6)); !shown {
		t.Error("a newer revision was not shown")
	}
	l.merge([]wire.Message{rev(1, 5)}, true)
	if l.messages[0].Rev != 6 || l.messages[1].Rev != 3 || len(l.messages) != 2 {
		t.Errorf("%+v", l.messages)
	}
}
