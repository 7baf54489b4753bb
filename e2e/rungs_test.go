package e2e_test

import (
	"fmt"
	"testing"
	"time"

	"parley/e2e/badproxy"
	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// network is what lies between somebody's browser and the server, and the rung
// that gets through it.
type network struct {
	name   string
	faults []badproxy.Fault
	rungs  []string      // one of these carries the feed in the end
	lasts  time.Duration // how long the conversation goes on
}

// networks force every rung of the ladder, by real proxies.
func networks(seed uint64) []network {
	const short = 5 * time.Second
	pollsCut := badproxy.On(badproxy.CutAnswers(time.Second), badproxy.LongPoll)
	return []network{
		{"clear", nil, []string{"WebSocket"}, 0},
		{"WebSocket refused", []badproxy.Fault{badproxy.WSRefuse()}, []string{"SSE"}, 0},
		{"WebSocket hanging", []badproxy.Fault{badproxy.WSHang()}, []string{"SSE"}, 0},
		{"WebSocket mute after 101", []badproxy.Fault{badproxy.WSMute()}, []string{"SSE"}, 0},
		{"WebSocket cut", []badproxy.Fault{badproxy.WSCut(300 * time.Millisecond)}, []string{"SSE"}, 0},
		{"no WebSocket, SSE buffered", []badproxy.Fault{badproxy.WSRefuse(), badproxy.SSEBuffer()}, []string{"Long poll"}, 0},
		{"no WebSocket, SSE 502", []badproxy.Fault{badproxy.WSHang(), badproxy.SSEFail(502)}, []string{"Long poll"}, 0},
		{"short polls only", []badproxy.Fault{badproxy.WSMute(), badproxy.SSEBuffer(), pollsCut}, []string{"Short poll"}, 0},
		{"every answer cut after 5 s", []badproxy.Fault{badproxy.OnAPI(badproxy.CutAnswers(short))}, rungs[:4], 4 * short},
		{"requests dropped at random", []badproxy.Fault{badproxy.OnAPI(badproxy.Drop(0.25, seed))}, rungs[:4], short},
	}
}

// TestRungs lets two people talk, one of them behind each of the bad networks.
// The page must name the rung that carries, messages must go both ways, also
// while better rungs are tried beside it, and when the network is well again,
// back on WebSocket, nothing may be lost or there twice.
func TestRungs(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Olga")
	browser := chrome.Start(t)
	for _, n := range networks(seed(t)) {
		t.Run(n.name, func(t *testing.T) {
			room := owner.Room(t, wire.KindPublic, n.name).ID
			proxy := through(t, s, n.faults...)
			behind, clear := browser.On(t).Person("behind"), browser.On(t).Person("clear")
			behind.TolerateNetwork()
			visitRoom(clear, owner, s.URL(), room)
			visitRoom(behind, s.MemberOf(owner, "B "+n.name, room), proxy.URL(), room)
			waitRung(behind, n.rungs...)

			var want []string
			exchange := func(text string) {
				t.Helper()
				talk(t, behind, clear, text)
				want = append(want, text+" →", "← "+text)
			}
			exchange("hello")
			online(behind) // better rungs are tried again, in vain
			for began := time.Now(); time.Since(began) < n.lasts; {
				exchange(fmt.Sprint("after ", time.Since(began)))
				behind.WaitFor(time.Second, func() bool { return false }) // fill the time, not the room
			}
			exchange("still there")
			waitRung(behind, n.rungs...)

			proxy.Set()
			behind.Wait("the connection to be WebSocket again", func() bool {
				online(behind)
				return behind.WaitFor(2*time.Second, func() bool { return rung(behind) == "WebSocket" })
			})
			exchange("healed")
			wantSame(t, want, behind, clear)
			seqsInOrder(t, behind)
		})
	}
}

// TestRungHealsByItself: nobody tells the page that the network is well again,
// and it is back on WebSocket within 31 seconds all the same.
func TestRungHealsByItself(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	proxy := through(t, s, badproxy.WSHang())
	ada := chrome.Start(t).Person("Ada")
	ada.TolerateNetwork()
	visit(ada, s.Setup("Ada"), proxy.URL())
	waitRung(ada, "SSE")
	proxy.Set()
	healed := time.Now()
	ada.Wait("the connection to be WebSocket again", func() bool {
		return ada.WaitFor(40*time.Second, func() bool { return rung(ada) == "WebSocket" })
	})
	if took := time.Since(healed); took > 33*time.Second { // 31 s, and what a busy machine adds
		t.Errorf("back on WebSocket after %v", took)
	}
	say(ada, "healed")
	ada.WaitRow("healed")
}

// online is the browser telling the page that the network came back.
func online(p *chrome.Page) {
	chrome.Eval[bool](p, "window.dispatchEvent(new Event('online'))")
}
