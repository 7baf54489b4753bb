package client

import (
	"errors"
	"testing"
	"time"

	"parley/shared/wire"
)

// snapshot is what the server would send with its page.
func (w *world) snapshot() *wire.Snapshot {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	return &wire.Snapshot{
		Sync:     w.server.sync(),
		Messages: map[string][]wire.Message{"lobby": w.server.history("lobby", 0, 0, 50)},
	}
}

// A client that starts from a snapshot shows it before anything was asked, asks
// for no state, and misses nothing that came since.
func TestSnapshot(t *testing.T) {
	inWorld(t, 21, func(w *world) {
		for range 3 {
			w.server.say("you", "lobby", "before")
		}
		w.start = w.snapshot()
		w.server.say("you", "lobby", "in between")
		w.net.set(weather{down: true})
		w.run()
		if !w.client.Status().Synced || w.client.Me().ID != "me" || len(w.client.Timeline("lobby").Messages) != 3 {
			t.Fatalf("at first: %+v, %d messages", w.client.Status(), len(w.client.Timeline("lobby").Messages))
		}
		w.after(3 * time.Second)
		w.net.set(weather{})
		w.level(10 * time.Second)
		w.exact()
		if w.net.asked(base + "/sync") {
			t.Error("the state was asked for")
		}
	})
}

// What is too old to go on from is read again.
func TestSnapshotOfAnotherLog(t *testing.T) {
	inWorld(t, 22, func(w *world) {
		w.server.say("you", "lobby", "before")
		w.start = w.snapshot()
		w.start.Sync.Cursor = "another-1"
		w.server.say("you", "lobby", "in between")
		w.run()
		w.until("live", 10*time.Second, func() bool { return w.client.Status().Live })
		w.after(time.Second)
		if n := len(w.client.Timeline("lobby").Messages); n != 2 {
			t.Errorf("%d messages", n)
		}
	})
}

// Messages that do not reach up to the state are for the screen, and loaded again:
// what comes next would not join on.
func TestSnapshotWithAGap(t *testing.T) {
	inWorld(t, 23, func(w *world) {
		w.server.say("you", "lobby", "one")
		w.server.say("you", "lobby", "two")
		w.start = w.snapshot()
		w.start.Messages["lobby"] = w.start.Messages["lobby"][:1]
		w.run()
		w.on(WebSocket, 5*time.Second)
		if line := w.client.Timeline("lobby"); len(line.Messages) != 1 || !line.Stale {
			t.Errorf("%+v", line)
		}
		w.load()
		w.exact()
	})
}

// The cookie is the browser's: when another tab has signed somebody else in, this
// page neither reads on nor writes as them.
func TestSomebodyElseSignsIn(t *testing.T) {
	for _, rung := range []Rung{WebSocket, LongPoll} {
		inWorld(t, 24, func(w *world) {
			w.starting(lesser[rung], rung)
			w.server.become("ben")
			w.server.end(errKilled) // reconnecting is what tells, and what a POST does
			if _, err := w.client.Send("lobby", "not Ben's words"); err != nil {
				t.Fatal(err)
			}
			w.after(10 * time.Second)
			if err := w.stop(); !errors.Is(err, wire.Errorf(wire.CodeUnauthenticated, "")) {
				t.Errorf("%v: Run ended with %v", rung, err)
			}
			if said := w.server.said("lobby"); len(said) > 0 {
				t.Errorf("%v: %+v", rung, said)
			}
		})
	}
}
