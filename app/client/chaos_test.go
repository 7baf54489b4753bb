package client

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"parley/shared/wire"
)

// storm is a network at random: each kind of exchange may misbehave in its own way.
func storm(rnd *rand.Rand) weather {
	one := func() fault {
		switch rnd.IntN(9) {
		case 0:
			return fault{refuse: []int{400, 403, 502}[rnd.IntN(3)]}
		case 1:
			return fault{hang: true}
		case 2:
			return fault{mute: true}
		case 3:
			return fault{cut: time.Duration(rnd.IntN(6000)) * ms}
		case 4:
			return fault{slow: time.Duration(rnd.IntN(4000)) * ms}
		case 5:
			return fault{lose: rnd.Float64() / 2}
		default:
			return fault{}
		}
	}
	w := weather{ws: one(), sse: one(), long: one(), short: one(), http: one()}
	switch rnd.IntN(12) {
	case 0:
		w.down = true
	case 1:
		w.hole = true
	}
	return w
}

// Thousands of faults: networks that change all the time, servers that are
// killed, drained and trimmed, laptops that sleep, pages that are reloaded.
// Nothing is lost, doubled or reordered; every message is stored once, in order.
func TestChaos(t *testing.T) {
	seeds := uint64(40)
	if testing.Short() {
		seeds = 6
	}
	faults := 0
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			inWorld(t, seed, func(w *world) { faults += w.chaos(seed) })
		})
	}
	t.Logf("%d faults", faults)
}

func (w *world) chaos(seed uint64) (faults int) {
	rnd := rand.New(rand.NewPCG(seed, 2))
	w.run()
	w.until("synced", time.Second, func() bool { return w.client.Status().Synced })
	w.load()
	stop := w.talk(time.Duration(50+rnd.IntN(1000)) * ms)
	sent := 0
	for range 60 {
		faults++
		switch rnd.IntN(8) {
		case 0:
			w.server.end(errKilled)
		case 1:
			w.server.drain(rnd.IntN(3000))
		case 2:
			w.net.freeze()
		case 3:
			w.client.Wake("online")
		default:
			w.net.set(storm(rnd))
		}
		for range rnd.IntN(3) {
			sent++
			w.send("lobby", fmt.Sprint("mine ", sent))
		}
		if n := len(w.server.said("lobby")); n > 0 && rnd.IntN(4) == 0 {
			w.server.edit("lobby", uint64(1+rnd.IntN(n)), "edited")
		}
		w.after(time.Duration(rnd.IntN(20_000)) * ms)
	}
	stop()
	w.net.set(weather{})
	w.client.Wake("online")
	w.on(WebSocket, 20*time.Second)
	w.level(10 * time.Second)
	w.sent(2 * time.Minute)
	w.after(time.Second)
	w.exact()
	w.eachOnce(sent)
	return faults
}

// eachOnce fails unless the messages of this client are stored once, in order.
func (w *world) eachOnce(sent int) {
	w.Helper()
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	n := 0
	for _, e := range w.server.log {
		if e.Message == nil || e.Message.Author != w.server.me.ID || e.Message.Rev != 0 {
			continue
		}
		n++
		if want := fmt.Sprint("mine ", n); e.Message.Text != want {
			w.Fatalf("stored %q in the place of %q", e.Message.Text, want)
		}
	}
	if n != sent {
		w.Errorf("%d messages stored, %d sent", n, sent)
	}
}

// The same with pages that are closed and opened again.
func TestChaosOfPages(t *testing.T) {
	for seed := range uint64(20) {
		inWorld(t, seed, func(w *world) {
			rnd := rand.New(rand.NewPCG(seed, 3))
			sent := 0
			for range 10 {
				w.net.set(storm(rnd))
				w.run()
				w.after(time.Duration(rnd.IntN(3000)) * ms)
				for range 3 {
					sent++
					w.send("lobby", fmt.Sprint("mine ", sent))
					w.after(time.Duration(rnd.IntN(2000)) * ms)
				}
				// A message that was written before the first sync is not yet saved: it is
				// not known whose it is.
				if !w.client.Status().Synced {
					w.net.set(weather{})
					w.client.Wake("online")
					w.until("synced", 20*time.Second, func() bool { return w.client.Status().Synced })
				}
				w.after(100 * ms)
				_ = w.stop()
			}
			w.net.set(weather{})
			w.run()
			w.on(WebSocket, 20*time.Second)
			w.load()
			w.sent(2 * time.Minute)
			w.eachOnce(sent)
		})
	}
}

// Two links of different age: whatever they cut where, the one that takes over
// goes on exactly where the other ended.
func TestOverlap(t *testing.T) {
	for seed := range uint64(100) {
		rnd := rand.New(rand.NewPCG(seed, 4))
		s := newFakeServer(seed)
		typing := wire.Event{Typing: &wire.Typing{Room: "lobby", User: "you"}}
		for i := range 100 {
			if i%7 == 0 {
				s.tell(wire.Event{Read: &wire.Read{Room: "lobby", Seq: uint64(i)}})
			}
			s.say("you", "lobby", "same text")
		}
		var got []wire.Event
		held := "E-0"
		overlaps := map[*fakeConn]*overlap{}
		var carrier *fakeConn
		open := func() *fakeConn {
			c, err := s.subscribe(held, "", true)
			if err != nil {
				t.Fatal(err)
			}
			c.ephemeral = append(c.ephemeral, typing)
			overlaps[c] = &overlap{}
			return c
		}
		carrier = open()
		waiting := []*fakeConn{}
		for held != s.cursor() {
			switch rnd.IntN(4) {
			case 0:
				waiting = append(waiting, open())
			case 1:
				if len(waiting) > 0 {
					i := rnd.IntN(len(waiting))
					delete(overlaps, carrier)
					carrier = waiting[i]
					waiting = append(waiting[:i:i], waiting[i+1:]...)
				}
			}
			b, _, ok := carrier.take(true)
			if !ok {
				t.Fatal("nothing to take")
			}
			fresh, level, err := overlaps[carrier].fresh(b.Events)
			if err != nil {
				t.Fatal(err)
			}
			for c, o := range overlaps {
				if c != carrier {
					o.applied(fresh)
				}
			}
			for _, e := range fresh {
				if isDurable(e) {
					got = append(got, e)
				}
			}
			if level {
				held = b.Cursor
			}
		}
		if len(got) != len(s.log) {
			t.Fatalf("seed %d: %d events applied of %d", seed, len(got), len(s.log))
		}
		for i := range got {
			if string(wire.Encode(got[i])) != string(wire.Encode(s.log[i])) {
				t.Fatalf("seed %d: event %d is %s", seed, i, wire.Encode(got[i]))
			}
		}
	}
}

// A stream that does not repeat what it should is not believed.
func TestOverlapDiverges(t *testing.T) {
	one := []wire.Event{{Read: &wire.Read{Room: "a", Seq: 1}}}
	two := []wire.Event{{Read: &wire.Read{Room: "a", Seq: 2}}}
	var o overlap
	o.applied(one)
	if _, _, err := o.fresh(two); err == nil {
		t.Error("another event was taken for a repetition")
	}
	o = overlap{}
	for range maxOverlap + 1 {
		o.applied(one)
	}
	if _, _, err := o.fresh(one); err == nil {
		t.Error("a forgotten overlap was taken for none")
	}
}
