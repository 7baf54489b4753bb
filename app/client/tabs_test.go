package client

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/shared/wire"
)

// window is some tabs of one browser: each a world of its own, with its own
// network to the one server.
type window struct {
	*world  // whose server and store all share; its client is never run
	browser *fakeBrowser
	tabs    []*world // those that are there
	opened  int
}

func inWindow(t *testing.T, seed uint64, fn func(w *window)) {
	t.Helper()
	inWorld(t, seed, func(base *world) {
		w := &window{world: base, browser: newFakeBrowser()}
		defer func() {
			for _, tab := range slices.Clone(w.tabs) {
				w.end(tab)
			}
		}()
		fn(w)
	})
}

// open opens a tab.
func (w *window) open() *world {
	w.opened++
	tab := &world{
		T: w.T, server: w.server, store: w.store, db: w.db, blobs: w.blobs, start: w.start,
		net: newFakeNet(w.server, uint64(w.opened)), number: w.opened, tab: w.browser.open(fmt.Sprint("tab ", w.opened)),
	}
	w.tabs = append(w.tabs, tab)
	tab.run()
	return tab
}

// end closes a tab in an orderly way: its client ends.
func (w *window) end(tab *world) {
	w.tabs = slices.DeleteFunc(w.tabs, func(t *world) bool { return t == tab })
	_ = tab.stop()
	tab.net.set(weather{down: true})
	tab.net.work.Wait()
}

// crash ends a tab at once: nothing of what it is doing gets out.
func (w *window) crash(tab *world) {
	w.browser.kill(tab.tab)
	tab.net.set(weather{down: true})
	w.tabs = slices.DeleteFunc(w.tabs, func(t *world) bool { return t == tab })
	_ = tab.stop()
}

// leader is the tab that leads.
func (w *window) leader() *world {
	w.Helper()
	var found *world
	w.until("led", time.Second, func() bool {
		for _, tab := range w.tabs {
			if tab.tab.id == w.browser.leader() {
				found = tab
			}
		}
		return found != nil
	})
	return found
}

// follower is one that does not.
func (w *window) follower() *world {
	w.Helper()
	leader := w.leader()
	for _, tab := range w.tabs {
		if tab != leader {
			return tab
		}
	}
	w.Fatal("no tab follows")
	return nil
}

// live waits until all tabs are, and know everything.
func (w *window) live(limit time.Duration) (took time.Duration) {
	w.Helper()
	for _, tab := range w.tabs {
		took += tab.until(tab.tab.id+" live", limit, func() bool { return tab.client.Status().Live })
		took += tab.level(limit)
	}
	return took
}

// exact is world.exact for all tabs, each of which is loaded.
func (w *window) exact() {
	w.Helper()
	for _, tab := range w.tabs {
		tab.exact()
	}
}

func (w *window) six() {
	w.Helper()
	for range 6 {
		tab := w.open()
		tab.until("synced", time.Second, func() bool { return tab.client.Status().Synced })
		tab.load()
	}
	w.live(time.Second)
}

// Six tabs have one connection, see everything at once, and each can send.
func TestTabsShareOneFeed(t *testing.T) {
	inWindow(t, 31, func(w *window) {
		w.server.say("you", "lobby", "before")
		w.six()
		if n := w.server.feeds(); n != 1 {
			t.Errorf("%d connections", n)
		}
		for i, tab := range w.tabs {
			tab.send("lobby", fmt.Sprint("mine ", i+1))
			w.after(100 * ms)
		}
		w.live(time.Second)
		w.exact()
		w.eachOnce(6)
		for _, tab := range w.tabs {
			if s := tab.client.Status(); !s.Live || s.Rung != WebSocket {
				t.Errorf("%s: %+v", tab.tab.id, s)
			}
			if r, _ := tab.client.Room("lobby"); r.Unread != 0 {
				t.Errorf("%s: %d unread", tab.tab.id, r.Unread)
			}
		}
		if n := w.server.feeds(); n != 1 {
			t.Errorf("%d connections", n)
		}
	})
}

// What the page came with may lie before or after where the leader is.
func TestTabsMeet(t *testing.T) {
	for _, leaderHears := range []bool{true, false} {
		t.Run(fmt.Sprint(leaderHears), func(t *testing.T) {
			inWindow(t, 32, func(w *window) {
				first := w.open()
				first.until("synced", time.Second, func() bool { return first.client.Status().Synced })
				w.live(time.Second)
				first.load()
				if leaderHears {
					w.start = w.snapshot()
				} else {
					first.net.set(weather{hole: true})
				}
				for i := range 30 {
					w.server.say("you", "lobby", fmt.Sprint("message ", i))
				}
				w.after(100 * ms)
				if !leaderHears {
					w.start = w.snapshot()
				}
				second := w.open()
				second.load()
				w.after(500 * ms)
				if leaderHears && !second.client.Status().Live {
					t.Error("not joined")
				}
				first.net.set(weather{})
				for i := range 30 {
					w.server.say("you", "lobby", fmt.Sprint("later ", i))
				}
				w.live(20 * time.Second)
				w.exact()
			})
		})
	}
}

// Closing the leader, or its crash, hands over at once.
func TestTabsHandOver(t *testing.T) {
	for _, crash := range []bool{false, true} {
		t.Run(fmt.Sprint("crash ", crash), func(t *testing.T) {
			inWindow(t, 33, func(w *window) {
				w.server.online = []string{"me", "you"}
				w.six()
				for len(w.tabs) > 1 {
					if leader := w.leader(); crash {
						w.crash(leader)
					} else {
						w.end(leader)
					}
					w.server.say("you", "lobby", fmt.Sprint("left ", len(w.tabs)))
					if took := w.live(time.Second); took > time.Second {
						t.Errorf("live again after %v", took)
					}
					w.exact()
					for _, tab := range w.tabs {
						if !tab.client.Online("you") {
							t.Errorf("%s: you are offline", tab.tab.id)
						}
					}
				}
				if n := len(w.server.said("lobby")); n != 5 {
					t.Errorf("%d messages", n)
				}
			})
		})
	}
}

// A leader that does not answer is replaced. When it comes to itself it follows.
func TestTabsReplaceAFrozenLeader(t *testing.T) {
	for _, woken := range []bool{false, true} {
		t.Run(fmt.Sprint("woken ", woken), func(t *testing.T) {
			inWindow(t, 34, func(w *window) {
				w.six()
				frozen := w.leader()
				frozen.tab.freeze(true)
				frozen.net.set(weather{hole: true})
				w.server.say("you", "lobby", "while it was frozen")
				limit := 40 * time.Second
				if woken {
					w.follower().client.Wake("visible")
					limit = 5 * time.Second
				}
				w.until("led by another", limit, func() bool { return w.browser.leader() != frozen.tab.id })
				w.after(time.Second)
				for _, tab := range w.tabs {
					if r, _ := tab.client.Room("lobby"); tab != frozen && (r.Head != 1 || !tab.client.Status().Live) {
						t.Errorf("%s: head %d, %+v", tab.tab.id, r.Head, tab.client.Status())
					}
				}
				frozen.net.set(weather{})
				frozen.tab.freeze(false)
				w.after(3 * time.Second)
				w.server.say("you", "lobby", "after")
				w.live(5 * time.Second)
				for _, tab := range w.tabs {
					tab.logs = nil // the replacement is told
				}
				w.exact()
				if n := w.server.feeds(); n != 1 {
					t.Errorf("%d connections", n)
				}
			})
		})
	}
}

// What the leader says of its connection is what all tabs say.
func TestTabsTellTheTruth(t *testing.T) {
	inWindow(t, 35, func(w *window) {
		w.six()
		for _, tab := range w.tabs {
			tab.net.set(weather{down: true})
		}
		w.after(time.Second)
		for _, tab := range w.tabs {
			if s := tab.client.Status(); s.Live || s.Why == "" {
				t.Errorf("%s without a network: %+v", tab.tab.id, s)
			}
		}
		for _, tab := range w.tabs {
			tab.net.set(weather{ws: fault{refuse: 400}})
			tab.client.Wake("online")
		}
		w.live(3 * time.Second)
		w.after(3 * time.Second)
		for _, tab := range w.tabs {
			if s := tab.client.Status(); !s.Live || s.Rung != SSE {
				t.Errorf("%s: %+v", tab.tab.id, s)
			}
		}
		w.end(w.leader()) // the next one begins on the same rung
		for _, tab := range w.tabs {
			tab.on(SSE, 200*ms)
		}
	})
}

// Who comes later sees who is there, as the others do.
func TestTabsPresence(t *testing.T) {
	inWindow(t, 36, func(w *window) {
		w.server.online = []string{"me", "you"}
		w.six()
		check := func(want bool) {
			t.Helper()
			for _, tab := range w.tabs {
				if got := tab.client.Online("you"); got != want {
					t.Errorf("%s: online is %v", tab.tab.id, got)
				}
			}
		}
		check(true)
		w.server.whisper(wire.Event{Typing: &wire.Typing{Room: "lobby", User: "you"}})
		w.after(100 * ms)
		for _, tab := range w.tabs {
			if r, _ := tab.client.Room("lobby"); len(r.Typing) != 1 {
				t.Errorf("%s: %v type", tab.tab.id, r.Typing)
			}
		}
		w.server.whisper(wire.Event{Presence: &wire.Presence{User: "you"}})
		w.server.online = []string{"me"}
		w.after(100 * ms)
		check(false)
		w.open()
		w.live(time.Second)
		check(false)
		w.server.online = []string{"me", "you"} // while nobody is connected
		w.end(w.leader())
		w.after(200 * ms)
		check(true)
	})
}

// Signing out in one tab signs out all; so does somebody else's signing in.
func TestTabsSignOut(t *testing.T) {
	for _, other := range []bool{false, true} {
		inWindow(t, 37, func(w *window) {
			w.six()
			if other {
				w.server.become("you")
			} else {
				w.server.mu.Lock()
				w.server.signedOut = true
				w.server.mu.Unlock()
			}
			signedOut := w.follower()
			w.end(signedOut)
			for _, tab := range w.tabs {
				tab.until(tab.tab.id+" signed out", 2*time.Second, func() bool {
					select {
					case err := <-tab.done:
						tab.done <- err
						return wire.CodeFrom(err) == wire.CodeUnauthenticated
					default:
						return false
					}
				})
			}
		})
	}
}

// Where the browser cannot share, every tab leads.
func TestTabsAlone(t *testing.T) {
	inWindow(t, 38, func(w *window) {
		w.browser.refuse = errors.New("no locks here")
		w.six()
		if n := w.server.feeds(); n != 6 {
			t.Errorf("%d connections", n)
		}
		for _, tab := range w.tabs {
			tab.logs = nil
		}
		w.server.say("you", "lobby", "hello")
		w.live(time.Second)
		w.exact()
	})
}

// The log begins anew under all tabs.
func TestTabsReset(t *testing.T) {
	inWindow(t, 39, func(w *window) {
		w.six()
		w.server.say("you", "lobby", "before")
		w.live(time.Second)
		w.server.mu.Lock()
		w.server.epoch = "F"
		w.server.mu.Unlock()
		w.server.end(errKilled)
		w.server.say("you", "lobby", "after")
		w.live(10 * time.Second)
		w.after(2 * time.Second)
		for _, tab := range w.tabs {
			if n := len(tab.client.Timeline("lobby").Messages); n != 2 {
				t.Errorf("%s: %d messages", tab.tab.id, n)
			}
		}
	})
}

// A letter belongs to the tab it was written in, is shown there only, and is
// taken up by one other when that has gone.
func TestTabsOutbox(t *testing.T) {
	inWindow(t, 40, func(w *window) {
		w.six()
		refuse := true
		w.server.refuse = func(cmd string) *wire.Problem {
			if refuse && cmd == wire.CmdSend {
				return wire.Errorf(wire.CodeUnavailable, "Not now.")
			}
			return nil
		}
		writer := w.follower()
		writer.send("lobby", "mine 1")
		writer.send("lobby", "mine 2")
		w.after(time.Second)
		outgoing := func() (n int) {
			for _, tab := range w.tabs {
				n += len(tab.client.Timeline("lobby").Outgoing)
			}
			return n
		}
		w.open()
		w.after(time.Second)
		if n := outgoing(); n != 2 {
			t.Errorf("%d letters are shown", n)
		}
		w.crash(writer)
		w.after(orphanEvery + orphanPause)
		if n := outgoing(); n != 2 {
			t.Errorf("after the crash %d letters are shown", n)
		}
		w.server.mu.Lock()
		refuse = false
		w.server.mu.Unlock()
		w.until("sent", time.Minute, func() bool { return outgoing() == 0 })
		w.eachOnce(2)
		w.until("deleted", time.Second, func() bool { return len(w.db.keys("outbox/")) == 0 })
	})
}

// All tabs open at once, as when a browser is started again: letters of the
// last time find one owner.
func TestTabsOutboxOfTheLastTime(t *testing.T) {
	inWindow(t, 41, func(w *window) {
		w.server.refuse = func(cmd string) *wire.Problem {
			if cmd == wire.CmdSend {
				return wire.Errorf(wire.CodeUnavailable, "Not now.")
			}
			return nil
		}
		first := w.open()
		w.live(time.Second)
		first.send("lobby", "mine 1")
		w.after(time.Second)
		w.crash(first)
		for range 6 {
			w.open()
		}
		w.live(time.Second)
		w.after(time.Second)
		shown := 0
		for _, tab := range w.tabs {
			shown += len(tab.client.Timeline("lobby").Outgoing)
		}
		if shown != 1 {
			t.Errorf("%d tabs show the letter", shown)
		}
	})
}
