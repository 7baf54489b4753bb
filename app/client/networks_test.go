package client

import (
	"testing"
	"time"
)

const ms = time.Millisecond

// networks are what PROTOCOL 8 promises in each: which rung carries the feed in
// the end, and how soon the first batch is there. One way takes 10 ms, so a
// sync takes 20, and a rung that works another 40.
var networks = []struct {
	name   string
	bad    weather
	first  time.Duration // to the first batch, on whatever rung
	rung   Rung          // that carries the feed
	settle time.Duration // at the latest after this
}{
	{"good", weather{}, 100 * ms, WebSocket, 100 * ms},
	{"ws refused", weather{ws: fault{refuse: 400}}, 120 * ms, SSE, 200 * ms},
	{"ws hanging", weather{ws: fault{hang: true}}, 1200 * ms, SSE, 1200 * ms},
	{"ws mute after 101", weather{ws: fault{mute: true}}, 1200 * ms, SSE, 1200 * ms},
	{"ws cut after 300 ms", weather{ws: fault{cut: 300 * ms}}, 100 * ms, SSE, 3 * time.Second},
	{"ws slow", weather{ws: fault{slow: 3 * time.Second}}, 1200 * ms, WebSocket, 4 * time.Second},
	{"ws refused, sse buffered", weather{ws: fault{refuse: 400}, sse: fault{mute: true}}, 1200 * ms, LongPoll, 1200 * ms},
	{"ws hanging, sse buffered", weather{ws: fault{hang: true}, sse: fault{mute: true}}, 2200 * ms, LongPoll, 2200 * ms},
	{"ws refused, sse 502", weather{ws: fault{refuse: 400}, sse: fault{refuse: 502}}, 200 * ms, LongPoll, 300 * ms},
	{"ws and sse hanging, long polls cut after 5 s", weather{
		ws: fault{hang: true}, sse: fault{hang: true}, long: fault{cut: 5 * time.Second},
	}, 2200 * ms, ShortPoll, 20 * time.Second},
	{"ws and sse refused, long polls held for ever", weather{
		ws: fault{refuse: 403}, sse: fault{refuse: 403}, long: fault{hang: true},
	}, 200 * ms, ShortPoll, 40 * time.Second},
	{"ws and sse refused, long polls 502", weather{
		ws: fault{refuse: 403}, sse: fault{refuse: 403}, long: fault{refuse: 502},
	}, 200 * ms, ShortPoll, 3 * time.Second},
	{"everything cut after 5 s", all(fault{cut: 5 * time.Second}), 100 * ms, ShortPoll, 60 * time.Second},
}

func TestEachNetworkFindsItsRung(t *testing.T) {
	for _, n := range networks {
		t.Run(n.name, func(t *testing.T) {
			inWorld(t, 1, func(w *world) {
				w.net.set(n.bad)
				w.run()
				took := w.until("live", 10*time.Second, func() bool { return w.client.Status().Live })
				if took > n.first {
					t.Errorf("the first batch came after %v, not within %v", took, n.first)
				}
				w.after(n.settle - took)
				w.on(n.rung, 0)
				t.Logf("first batch after %v on %v, in the end %v", took, w.statuses[0].Rung, n.rung)
				w.after(20 * time.Second) // and stays there
				w.on(n.rung, 0)
			})
		})
	}
}

// With messages all the time, and through every change of rung.
func TestNoNetworkLosesDoublesOrReorders(t *testing.T) {
	for _, n := range networks {
		t.Run(n.name, func(t *testing.T) {
			inWorld(t, 2, func(w *world) {
				w.net.set(n.bad)
				w.run()
				w.until("synced", time.Second, func() bool { return w.client.Status().Synced })
				w.load()
				stop := w.talk(70 * ms)
				w.after(50 * time.Second)
				w.net.set(weather{})
				w.after(50 * time.Second)
				stop()
				w.level(5 * time.Second)
				w.exact()
			})
		})
	}
}

// Whenever a network heals before the first upward try, the client is back on
// WebSocket with that try.
func TestHealedNetworkIsUsedAgain(t *testing.T) {
	for _, n := range networks[1:] {
		for _, heal := range []time.Duration{3 * time.Second, 12 * time.Second, 25 * time.Second} {
			t.Run(n.name+" "+heal.String(), func(t *testing.T) {
				inWorld(t, 3, func(w *world) {
					w.net.set(n.bad)
					w.run()
					w.until("synced", time.Second, func() bool { return w.client.Status().Synced })
					w.load()
					stop := w.talk(300 * ms)
					w.after(heal)
					w.net.set(weather{})
					took := w.on(WebSocket, 31*time.Second)
					t.Logf("back on WebSocket after %v", took)
					stop()
					w.level(time.Second)
					w.exact()
				})
			})
		}
	}
}
