package client

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/shared/wire"
)

// Tabs that come, go, crash, hang and wake, over a network that changes all the
// time, to a server that is killed and drained: every tab has every message,
// once, in order; what is written in any tab is stored once, in the order of
// writing; in the end there is one connection.
func TestChaosOfTabs(t *testing.T) {
	seeds := uint64(16)
	if testing.Short() {
		seeds = 8
	}
	acts := 0
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			inWindow(t, seed, func(w *window) { acts += w.chaos(seed) })
		})
	}
	t.Logf("%d acts", acts)
}

func (w *window) chaos(seed uint64) (acts int) {
	rnd := rand.New(rand.NewPCG(seed, 5))
	stop := w.talk(time.Duration(50+rnd.IntN(500)) * ms)
	sky := weather{}
	written := map[int]int{} // number of tab to messages
	files := map[string][]*fakeBlob{}
	frozen := map[*world]bool{}
	add := func() {
		if rnd.IntN(2) == 0 {
			w.start = w.snapshot()
		}
		tab := w.open()
		tab.net.set(sky)
	}
	add()
	for range 80 {
		acts++
		tab := w.tabs[rnd.IntN(len(w.tabs))]
		switch rnd.IntN(12) {
		case 0, 1:
			if len(w.tabs) < 6 {
				add()
			}
		case 2:
			if len(w.tabs) > 1 && !frozen[tab] {
				w.after(50 * ms) // what was written is saved
				w.crash(tab)
			}
		case 3:
			if len(w.tabs) > 1 && !frozen[tab] {
				w.after(50 * ms)
				w.end(tab)
			}
		case 4:
			frozen[tab] = !frozen[tab]
			tab.tab.freeze(frozen[tab])
		case 5:
			w.server.end(errKilled)
		case 6:
			w.server.drain(rnd.IntN(3000))
		case 7:
			tab.client.Wake("visible")
		case 8, 9:
			sky = storm(rnd)
			for _, tab := range w.tabs {
				tab.net.set(sky)
			}
		default:
			if tab.client.Status().Synced {
				written[tab.number]++
				text := fmt.Sprint(tab.number, " writes ", written[tab.number])
				if rnd.IntN(3) == 0 {
					_, files[text] = tab.post(text, rnd.IntN(4*chunk), rnd.IntN(2*chunk))
				} else {
					tab.send("lobby", text)
				}
			}
		}
		for _, tab := range w.tabs {
			if tab.client.Status().Synced && len(tab.client.Timeline("lobby").Messages) == 0 {
				tab.client.spawn(func(ctx context.Context) { _ = tab.client.LoadNewest(ctx, "lobby") })
			}
		}
		w.after(time.Duration(rnd.IntN(10_000)) * ms)
	}
	stop()
	for _, tab := range w.tabs {
		tab.tab.freeze(false)
		tab.net.set(weather{})
		tab.client.Wake("online")
	}
	w.live(40 * time.Second)
	for _, tab := range w.tabs {
		tab.load()
	}
	w.tabs[0].until("sent", 3*time.Minute, func() bool { return len(w.db.keys("outbox/")) == 0 })
	w.live(10 * time.Second)
	w.after(time.Second)
	for _, tab := range w.tabs {
		tab.forgive("the tab that leads does not answer", "another tab has taken the lead")
	}
	w.exact()
	w.eachInOrder(written)
	for _, m := range w.server.said("lobby") {
		w.whole(m, files[m.Text])
	}
	if len(w.blobs.early) > 0 {
		w.Errorf("deleted before they were sent: %q", w.blobs.early)
	}
	if n := w.server.feeds(); n != 1 {
		w.Errorf("%d connections for %d tabs", n, len(w.tabs))
	}
	last := w.open() // which deletes what crashes have left
	last.until("files deleted", 10*time.Second, func() bool { return len(w.blobs.keys("")) == 0 })
	return acts
}

// forgive takes out of the log what a test expects.
func (w *world) forgive(words ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var rest []string
	for _, line := range w.logs {
		expected := false
		for _, word := range words {
			expected = expected || strings.Contains(line, word)
		}
		if !expected {
			rest = append(rest, line)
		}
	}
	w.logs = rest
}

// eachInOrder fails unless what each tab has written is stored once, in order.
func (w *window) eachInOrder(written map[int]int) {
	w.Helper()
	stored := map[int]int{}
	for _, m := range w.server.said("lobby") {
		if m.Author != "me" {
			continue
		}
		var tab, n int
		if _, err := fmt.Sscanf(m.Text, "%d writes %d", &tab, &n); err != nil {
			w.Fatal(err)
		}
		if n != stored[tab]+1 {
			w.Fatalf("%q is stored after message %d of that tab", m.Text, stored[tab])
		}
		stored[tab] = n
	}
	for tab, n := range written {
		if stored[tab] != n {
			w.Errorf("tab %d has written %d messages, %d are stored", tab, n, stored[tab])
		}
	}
}

// Whatever has happened between two tabs, what they apply is the same, event by
// event: nothing is left out, doubled or turned around by meeting.
func TestTabsApplyTheSame(t *testing.T) {
	for seed := range uint64(20) {
		inWindow(t, 100+seed, func(w *window) {
			rnd := rand.New(rand.NewPCG(seed, 6))
			w.open()
			w.live(time.Second)
			for i := range 200 {
				switch rnd.IntN(4) {
				case 0: // events that repeat themselves: only their number tells them apart
					w.server.tell(wire.Event{User: &wire.User{ID: "you", Name: []string{"You", "Thou"}[i%2], Role: wire.RoleOwner}})
				case 1:
					w.server.tell(wire.Event{Member: &wire.Member{Room: "lobby", User: "you", Left: i%2 == 0}})
				default:
					w.server.say("you", "lobby", "same text")
				}
				switch rnd.IntN(30) {
				case 0:
					w.open()
				case 1:
					if len(w.tabs) > 1 {
						w.crash(w.tabs[rnd.IntN(len(w.tabs))])
					}
				}
				w.after(time.Duration(rnd.IntN(40)) * ms)
			}
			w.live(5 * time.Second)
			w.after(time.Second)
			for _, tab := range w.tabs {
				tab.quiet()
				r, _ := tab.client.Room("lobby")
				u, _ := tab.client.User("you")
				if want := w.server.rooms["lobby"].Members; u != w.server.you || !slices.Equal(r.Members, want) {
					t.Errorf("seed %d, %s: %v %v, not %v %v", seed, tab.tab.id, r.Members, u, want, w.server.you)
				}
			}
		})
	}
}
