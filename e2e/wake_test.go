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

// noteReturn lets a page note when its network came back, and when a message
// was in the document.
const noteReturn = `(() => {
	window.back = window.shown = 0
	addEventListener('online', () => { back = performance.now() })
	new MutationObserver(() => {
		if (!shown && document.querySelector('[role=log]').textContent.includes('missed first')) shown = performance.now()
	}).observe(document.body, {subtree: true, childList: true, characterData: true})
	return true
})()`

// TestWake: after an outage the first message that was missed shows within a
// second of the network's return. Connections of before stay dead: they were
// opened in another network, and nobody has reset them.
func TestWake(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	browser := chrome.Start(t)
	for _, outage := range []time.Duration{3 * time.Second, 20 * time.Second, time.Minute} {
		for _, faults := range [][]badproxy.Fault{nil, {badproxy.WSRefuse()}, {badproxy.WSRefuse(), badproxy.SSEFail(502)}} {
			name := []string{"WebSocket", "SSE", "Long poll"}[len(faults)]
			t.Run(fmt.Sprint(name, " ", outage), func(t *testing.T) {
				t.Parallel()
				proxy := through(t, s, faults...)
				ada := browser.On(t).Person(t.Name())
				ada.TolerateNetwork()
				room := owner.Room(t, wire.KindPublic, name+" "+outage.String()).ID
				visitRoom(ada, owner, proxy.URL(), room)
				waitRung(ada, name)
				chrome.Eval[bool](ada, noteReturn)
				proxy.Silence()
				ada.Offline(true)
				began := time.Now()
				_, err := owner.Send(t.Context(), room, "missed first", "n "+room)
				must(t, err)
				ada.WaitFor(outage, func() bool { return time.Since(began) >= outage })
				proxy.Speak()
				ada.Offline(false)
				ada.Wait("the message that was missed", func() bool { return chrome.Eval[bool](ada, "shown > 0") })
				took := time.Duration(chrome.Eval[float64](ada, "shown - back") * float64(time.Millisecond))
				t.Logf("%s, outage of %v: the first missed message shows %v after the network's return", name, outage, took.Round(time.Millisecond))
			})
		}
	}
}
